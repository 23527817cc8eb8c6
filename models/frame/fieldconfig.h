#pragma once

#include "models/core/json.h"

#include <limits>
#include <optional>
#include <vector>

namespace Promdeck {

/// One step: active from value (inclusive) upward; the base step has -inf.
struct ThresholdStep
{
    double value = -std::numeric_limits<double>::infinity();
    QString color; ///< a colour name of the palette ("green", "semi-dark-red") or CSS ("#rrggbb", "rgba(...)")
    bool operator==(const ThresholdStep&) const = default;
};

struct Thresholds
{
    enum class Mode { Absolute, Percentage };
    Mode mode = Mode::Absolute;
    std::vector<ThresholdStep> steps; ///< ascending
    bool operator==(const Thresholds&) const = default;
};

/// How a value or series gets its colour: "palette-classic", "thresholds", "fixed", "shades",
/// "continuous-GrYlRd"...
struct ColorConfig
{
    QString mode;
    QString fixedColor;
    QString seriesBy; ///< last (default), min, max: which value colours a whole series
    bool operator==(const ColorConfig&) const = default;
};

/// What a mapped value shows instead. Index orders results that share a colour scale.
struct MappingResult
{
    QString text; ///< null: keep the formatted value
    QString color;
    QString icon;
    int index = 0;
    bool operator==(const MappingResult&) const = default;
};

struct ValueMapping
{
    enum class Type { Value, Range, Regex, Special };
    Type type = Type::Value;
    std::vector<std::pair<QString, MappingResult>> values; ///< Value
    std::optional<double> from;                            ///< Range, inclusive; nothing = open
    std::optional<double> to;
    QString pattern; ///< Regex, "/.../flags" or bare
    QString match;   ///< Special: null nan null+nan true false empty
    MappingResult result;
    bool operator==(const ValueMapping&) const = default;
};

struct DataLink
{
    QString title;
    QString url; ///< with variables still in it
    bool targetBlank = false;
    bool operator==(const DataLink&) const = default;
};

/// Field configuration after defaults and overrides, typed where every panel needs it. `custom` is the
/// panel type's own part ("lineWidth", "stacking.mode", "cellOptions"...), kept as JSON.
struct FieldConfig
{
    std::optional<QString> displayName;
    std::optional<QString> displayNameFromDS; ///< what the data source named it (the legend template's result)
    std::optional<QString> unit;
    std::optional<int> decimals;
    std::optional<double> min;
    std::optional<double> max;
    std::optional<Thresholds> thresholds;
    std::optional<ColorConfig> color;
    std::optional<QString> noValue;
    QString description;
    std::vector<ValueMapping> mappings;
    std::vector<DataLink> links;
    bool fieldMinMax = false;
    bool filterable = false;
    Json custom;
    bool operator==(const FieldConfig&) const = default;
};

/// Reads one `fieldConfig.defaults` object. Unknown members are ignored here; the dashboard keeps the JSON.
[[nodiscard]] FieldConfig fieldConfigFromJson(const Json& json);
[[nodiscard]] Thresholds thresholdsFromJson(const Json& json);
[[nodiscard]] std::vector<ValueMapping> mappingsFromJson(const Json& json);

} // namespace Promdeck
