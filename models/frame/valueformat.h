#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace Promdeck {

/// A number as shown: prefix + text + suffix. The suffix carries its own leading blank (" KiB").
struct FormattedValue
{
    QString prefix;
    QString text;
    QString suffix;
    [[nodiscard]] QString toString() const { return prefix + text + suffix; }
    bool operator==(const FormattedValue&) const = default;
};

/// Formats as Grafana's getValueFormat(unit)(value, decimals): 272 unit ids, the prefixes "prefix:" "suffix:"
/// "time:" "si:" "count:" "currency:" "bool:", and unknown ids appended after a blank. Without decimals about
/// three significant digits are kept. Source: golden/units.json. kNull gives an empty text.
/// timeZone is an IANA name (empty = UTC), for the date and time units.
[[nodiscard]] FormattedValue formatValue(double value, const QString& unit, std::optional<int> decimals = {},
                                         const QString& timeZone = {});

/// The same with the unit looked up once, for formatting many values.
class UnitFormat
{
public:
    /// Plain numbers.
    UnitFormat();
    explicit UnitFormat(const QString& unit);
    [[nodiscard]] FormattedValue format(double value, std::optional<int> decimals = {},
                                        const QString& timeZone = {}) const;
    [[nodiscard]] bool isText() const;    ///< the unit "string": values are not numbers to be formatted
    [[nodiscard]] bool isDate() const;    ///< values are instants, ms since the epoch
    [[nodiscard]] bool isBoolean() const; ///< values are shown as one of two words

    struct Rule;

private:
    std::shared_ptr<const Rule> m_rule;
};

/// True when the id is one of the registry or uses one of the prefixes.
[[nodiscard]] bool isKnownUnit(const QString& unit);

/// The registry for a unit picker: categories in order, each with its ids in order.
struct UnitCategory
{
    QString name;
    QStringList ids;
};
[[nodiscard]] QList<UnitCategory> unitCatalogue();

/// A number with a given count of decimals, or with about three significant digits.
[[nodiscard]] QString formatNumber(double value, std::optional<int> decimals = {});

} // namespace Promdeck
