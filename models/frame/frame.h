#pragma once

#include "models/frame/column.h"
#include "models/frame/fieldconfig.h"

#include <map>
#include <memory>

namespace Promdeck {

enum class FieldType { Time, Number, String, Boolean, Frame, Other };

/// What is computed for a field once its configuration is known.
struct FieldState
{
    QString displayName;  ///< as legends and headers show it; empty = not computed yet
    int seriesIndex = -1; ///< its place among all number fields of the panel: picks the palette colour
    std::optional<double> min; ///< over the field, or over all fields when not fieldMinMax
    std::optional<double> max;
    bool operator==(const FieldState&) const = default;
};

/// A named, typed column with the labels of its series and its configuration.
struct Field
{
    QString name;
    FieldType type = FieldType::Number;
    Labels labels;
    Column values;
    FieldConfig config;
    FieldState state;
    bool joined = false; ///< brought in by a join: a time field then gets a number like any other twin
};

/// One table of equal-length columns. A time series is a frame of a Time field and one Number field; an
/// instant vector as a table is a frame of Time, the label columns and Value.
struct Frame
{
    QString name;
    QString refId;
    std::vector<Field> fields;
    /// What produced it, for naming and rendering.
    struct Meta
    {
        QString type;          ///< "timeseries-multi", "numeric-multi", "heatmap-rows", "heatmap-cells", "table"
        QString expr;          ///< the expression as sent
        qint64 stepMs = 0;     ///< of a range query
        QString resultType;    ///< matrix, vector, scalar, string
        QString preferredVisualisation;
        bool operator==(const Meta&) const = default;
    } meta;

    [[nodiscard]] qsizetype length() const { return fields.empty() ? 0 : fields.front().values.size(); }
    [[nodiscard]] const Field* firstOf(FieldType type) const
    {
        for (const Field& field : fields) {
            if (field.type == type)
                return &field;
        }
        return nullptr;
    }
};

using Frames = std::vector<Frame>;

} // namespace Promdeck
