#pragma once

#include "models/frame/fieldconfig.h"
#include "models/frame/jsregex.h"

#include <QHash>

namespace Promdeck {

/// The mappings of one field, prepared for many look-ups. The first mapping that fits wins. Source of
/// semantics: Grafana getValueMappingResult.
class MappingTable
{
public:
    explicit MappingTable(const std::vector<ValueMapping>& mappings);
    [[nodiscard]] bool isEmpty() const { return m_rules.empty(); }

    /// Null results mean: not mapped. kNull is a null value.
    [[nodiscard]] std::optional<MappingResult> find(double value) const;
    /// A null text is a null value.
    [[nodiscard]] std::optional<MappingResult> find(const QString& value) const;
    [[nodiscard]] std::optional<MappingResult> find(bool value) const;

private:
    struct Rule
    {
        ValueMapping mapping;
        QHash<QString, MappingResult> byText;
        QHash<double, MappingResult> byNumber;
        std::optional<JsRegex> regex;
    };
    [[nodiscard]] static bool inRange(const ValueMapping& mapping, double value);
    std::vector<Rule> m_rules;
};

} // namespace Promdeck
