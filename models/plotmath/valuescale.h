#pragma once

#include <optional>

namespace Promdeck {

/// Maps values to places on an axis: 0 at the lower end, 1 at the upper end, beyond outside.
class ValueScale
{
public:
    enum class Kind { Linear, Log, Symlog };

    ValueScale() : ValueScale(Kind::Linear, 0, 1) {}
    /// min < max. base (2 or 10) is for Log, linearThreshold (> 0) for Symlog: below it the scale is linear.
    ValueScale(Kind kind, double min, double max, double base = 10, double linearThreshold = 1);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] double min() const { return m_min; }
    [[nodiscard]] double max() const { return m_max; }
    [[nodiscard]] double base() const { return m_base; }
    [[nodiscard]] double linearThreshold() const { return m_linearThreshold; }

    /// NaN stays NaN. A value that a logarithmic axis cannot show (<= 0) lies one axis length below it.
    [[nodiscard]] double place(double value) const
    {
        return m_kind == Kind::Linear ? (value - m_start) * m_factor : curvedPlace(value);
    }
    [[nodiscard]] double value(double place) const;
    /// Where fills end: zero, or the end of the axis nearest to zero when zero is not on it.
    [[nodiscard]] double baseline() const;
    bool operator==(const ValueScale&) const = default;

private:
    [[nodiscard]] double transform(double value) const;
    [[nodiscard]] double curvedPlace(double value) const;

    Kind m_kind;
    double m_min;
    double m_max;
    double m_base;
    double m_linearThreshold;
    double m_start = 0;
    double m_factor = 1;
};

/// What the range of an axis has to obey.
struct RangeRules
{
    ValueScale::Kind kind = ValueScale::Kind::Linear;
    double base = 10;
    double linearThreshold = 1;
    std::optional<double> hardMin; ///< the end of the axis, whatever the data
    std::optional<double> hardMax;
    std::optional<double> softMin; ///< the axis reaches at least this far
    std::optional<double> softMax;
    bool centeredZero = false;
};

/// A scale that shows dataMin..dataMax with a tenth of air, stopping at zero when the data does not cross
/// it, on round ends. Logarithmic scales end on whole powers. dataMin > dataMax means no data.
/// Source of semantics: how Grafana's time series panel chooses its range.
[[nodiscard]] ValueScale autoScale(double dataMin, double dataMax, const RangeRules& rules);

} // namespace Promdeck
