#pragma once

#include "models/frame/color.h"
#include "models/frame/frame.h"
#include "models/frame/valueformat.h"

namespace Promdeck {

/// A value ready to be shown, as Grafana's DisplayValue. percent is the place between min and max (0..1).
struct DisplayValue
{
    double numeric = kNull;
    QString prefix;
    QString text;
    QString suffix;
    Rgba color;
    bool hasColor = false; ///< false: nothing asks for a colour, use the text colour
    double percent = 0;
    QString icon;
    [[nodiscard]] QString toString() const { return prefix + text + suffix; }
};

/// Turns values of one field into what is shown: mappings, then unit and decimals, and the colour by the
/// field's colour mode. Made once per field (it prepares its mappings' regular expressions), used per value.
/// Calls are const and may come from several threads. Source of semantics: Grafana getDisplayProcessor;
/// golden/display.json.
class DisplayProcessor
{
public:
    DisplayProcessor(const Field& field, ThemeKind theme, const QString& timeZone = {});
    ~DisplayProcessor();
    DisplayProcessor(DisplayProcessor&&) noexcept;
    DisplayProcessor& operator=(DisplayProcessor&&) noexcept;

    [[nodiscard]] DisplayValue operator()(double value) const;
    [[nodiscard]] DisplayValue operator()(const QString& value) const;
    [[nodiscard]] DisplayValue operator()(bool value) const;
    [[nodiscard]] DisplayValue operator()(const char*) const = delete;
    /// Any JSON value; arrays and objects are shown as JSON text.
    [[nodiscard]] DisplayValue ofJson(const Json& value) const;
    /// Any cell of the field, by row.
    [[nodiscard]] DisplayValue at(qsizetype row) const;
    /// With a forced count of decimals (axis ticks: as many as neighbours need to differ).
    [[nodiscard]] FormattedValue format(double value, std::optional<int> decimals) const;
    /// Only the colour: cheaper where the text is not needed.
    [[nodiscard]] Rgba colorOf(double value) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The colour of a whole series: palette by seriesIndex, fixed, shades, or by the value that seriesBy names.
[[nodiscard]] Rgba seriesColor(const Field& field, ThemeKind theme);

/// The active step: the last one whose value is not above. Nothing without steps.
[[nodiscard]] const ThresholdStep* activeThreshold(const Thresholds& thresholds, double value);

/// Name of a field in a panel, as Grafana's getFieldDisplayName: override, data source name, then computed
/// from labels and frame. Fills state.displayName of every field that has none yet.
void computeDisplayNames(Frames& frames);
/// Without touching the field. frames = all frames of the panel, of which frame is one.
[[nodiscard]] QString fieldDisplayName(const Field& field, const Frame& frame, const Frames& frames);
/// Name of a frame, as ${__series.name} gives it.
[[nodiscard]] QString frameDisplayName(const Frame& frame, const Frames& frames, int index);
/// "{a=\"b\", c=\"d\"}"; empty without labels.
[[nodiscard]] QString formatLabels(const Labels& labels);

} // namespace Promdeck
