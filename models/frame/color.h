#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace Promdeck {

/// An sRGB colour without Qt Gui. alpha 255 = opaque.
struct Rgba
{
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
    bool operator==(const Rgba&) const = default;
    /// "#rrggbb", alpha left out.
    [[nodiscard]] QString name() const;
};

enum class ThemeKind { Dark, Light };

/// Reads "#rgb", "#rrggbb", "#rrggbbaa", "rgb(...)", "rgba(...)", "hsl(...)", CSS names and Grafana's palette
/// names ("semi-dark-red", "text", "panel-bg"), which depend on the theme. "transparent" has alpha 0. Nothing
/// when it is none of these.
[[nodiscard]] std::optional<Rgba> parseColor(const QString& text, ThemeKind theme);

/// Series in colours that people with any colour vision tell apart (after Okabe and Ito), instead of the classic
/// palettes; whoever shows them adds patterns. For the whole process; what was made before keeps its colours.
void setDistinctPalette(bool on);
[[nodiscard]] bool distinctPalette();

/// palette-classic: 56 colours, index taken modulo. Source: golden/colors.json.
[[nodiscard]] Rgba classicPalette(int index, ThemeKind theme);

/// palette-classic-by-name: the same name has the same colour everywhere; only colours that stand out from
/// the background take part.
[[nodiscard]] Rgba classicPaletteByName(const QString& seriesName, ThemeKind theme);

/// The names of the palette, for colour pickers, dark to light within a hue.
[[nodiscard]] QStringList paletteNames();

/// The stops of a "continuous-*" scheme, low to high; empty for unknown ids.
[[nodiscard]] QStringList continuousScheme(const QString& mode);
/// Ids of all continuous schemes.
[[nodiscard]] QStringList continuousSchemes();
/// A colour of a continuous scheme at 0..1, interpolated as d3's RGB basis spline does in Grafana.
[[nodiscard]] std::optional<Rgba> continuousColor(const QString& mode, double fraction, ThemeKind theme);
/// The spline itself, through any stops. Without stops: transparent.
[[nodiscard]] Rgba interpolateBasis(const std::vector<Rgba>& stops, double fraction);

/// The mode "shades": index 0 is the colour itself, then alternately brighter and darker relatives.
[[nodiscard]] Rgba shadeOf(Rgba base, int index);

} // namespace Promdeck
