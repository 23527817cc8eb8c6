#include "models/panel/heatmapcolors.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// When a scheme is turned over so that its low end is close to the background.
enum class Turned { Always, InDark, InLight };

struct Scheme
{
    Turned turned = Turned::Always;
    bool spline = true; ///< through the stops; else straight pieces
    std::vector<Rgba> stops;
};

std::vector<Rgba> stops(const char* hex)
{
    std::vector<Rgba> out;
    const QString text = QString::fromLatin1(hex);
    for (const QString& one : text.split(u' ', Qt::SkipEmptyParts)) {
        const uint value = one.toUInt(nullptr, 16);
        out.push_back({std::uint8_t(value >> 16), std::uint8_t(value >> 8), std::uint8_t(value), 255});
    }
    return out;
}

const QHash<QString, Scheme>& stopSchemes()
{
    static const QHash<QString, Scheme> all = [] {
        QHash<QString, Scheme> map;
        const auto add = [&map](const QString& name, Turned turned, const char* hex, bool spline = true) {
            map.insert(name, {turned, spline, stops(hex)});
        };
        add(u"BrBG"_s, Turned::Always, "543005 8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e 003c30");
        add(u"PiYG"_s, Turned::Always, "8e0152 c51b7d de77ae f1b6da fde0ef f7f7f7 e6f5d0 b8e186 7fbc41 4d9221 276419");
        add(u"PRGn"_s, Turned::Always, "40004b 762a83 9970ab c2a5cf e7d4e8 f7f7f7 d9f0d3 a6dba0 5aae61 1b7837 00441b");
        add(u"PuOr"_s, Turned::Always, "2d004b 542788 8073ac b2abd2 d8daeb f7f7f7 fee0b6 fdb863 e08214 b35806 7f3b08");
        add(u"RdBu"_s, Turned::Always, "67001f b2182b d6604d f4a582 fddbc7 f7f7f7 d1e5f0 92c5de 4393c3 2166ac 053061");
        add(u"RdGy"_s, Turned::Always, "67001f b2182b d6604d f4a582 fddbc7 ffffff e0e0e0 bababa 878787 4d4d4d 1a1a1a");
        add(u"RdYlBu"_s, Turned::Always, "a50026 d73027 f46d43 fdae61 fee090 ffffbf e0f3f8 abd9e9 74add1 4575b4 313695");
        add(u"RdYlGn"_s, Turned::Always, "a50026 d73027 f46d43 fdae61 fee08b ffffbf d9ef8b a6d96a 66bd63 1a9850 006837");
        add(u"Spectral"_s, Turned::Always, "9e0142 d53e4f f46d43 fdae61 fee08b ffffbf e6f598 abdda4 66c2a5 3288bd 5e4fa2");
        add(u"Blues"_s, Turned::InDark, "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b");
        add(u"Greens"_s, Turned::InDark, "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b");
        add(u"Greys"_s, Turned::InDark, "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000");
        add(u"Oranges"_s, Turned::InDark, "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 a63603 7f2704");
        add(u"Purples"_s, Turned::InDark, "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d");
        add(u"Reds"_s, Turned::InDark, "fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d");
        add(u"BuGn"_s, Turned::InDark, "f7fcfd e5f5f9 ccece6 99d8c9 66c2a4 41ae76 238b45 006d2c 00441b");
        add(u"BuPu"_s, Turned::InDark, "f7fcfd e0ecf4 bfd3e6 9ebcda 8c96c6 8c6bb1 88419d 810f7c 4d004b");
        add(u"GnBu"_s, Turned::InDark, "f7fcf0 e0f3db ccebc5 a8ddb5 7bccc4 4eb3d3 2b8cbe 0868ac 084081");
        add(u"OrRd"_s, Turned::InDark, "fff7ec fee8c8 fdd49e fdbb84 fc8d59 ef6548 d7301f b30000 7f0000");
        add(u"PuBuGn"_s, Turned::InDark, "fff7fb ece2f0 d0d1e6 a6bddb 67a9cf 3690c0 02818a 016c59 014636");
        add(u"PuBu"_s, Turned::InDark, "fff7fb ece7f2 d0d1e6 a6bddb 74a9cf 3690c0 0570b0 045a8d 023858");
        add(u"PuRd"_s, Turned::InDark, "f7f4f9 e7e1ef d4b9da c994c7 df65b0 e7298a ce1256 980043 67001f");
        add(u"RdPu"_s, Turned::InDark, "fff7f3 fde0dd fcc5c0 fa9fb5 f768a1 dd3497 ae017e 7a0177 49006a");
        add(u"YlGnBu"_s, Turned::InDark, "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58");
        add(u"YlGn"_s, Turned::InDark, "ffffe5 f7fcb9 d9f0a3 addd8e 78c679 41ab5d 238443 006837 004529");
        add(u"YlOrBr"_s, Turned::InDark, "ffffe5 fff7bc fee391 fec44f fe9929 ec7014 cc4c02 993404 662506");
        add(u"YlOrRd"_s, Turned::InDark, "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026");
        add(u"Viridis"_s, Turned::InLight, "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725", false);
        add(u"Magma"_s, Turned::InLight, "000004 1d1147 51127c 832681 b73779 e75263 fc8961 fec488 fcfdbf", false);
        add(u"Inferno"_s, Turned::InLight, "000004 210c4a 57106e 8a226a bc3754 e45a31 f98e09 f9cb35 fcffa4", false);
        add(u"Plasma"_s, Turned::InLight, "0d0887 4c02a1 7e03a8 aa2395 cc4778 e66c5c f89540 fdc527 f0f921", false);
        return map;
    }();
    return all;
}

std::uint8_t channel(double value)
{
    return std::uint8_t(std::clamp(int(std::lround(value)), 0, 255));
}

double polynomial(double t, const std::array<double, 6>& c)
{
    return c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * c[5]))));
}

Rgba cubehelix(double hue, double saturation, double lightness)
{
    const double angle = (hue + 120) * M_PI / 180;
    const double amount = saturation * lightness * (1 - lightness);
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    return {channel(255 * (lightness + amount * (-0.14861 * cosine + 1.78277 * sine))),
            channel(255 * (lightness + amount * (-0.29227 * cosine - 0.90649 * sine))),
            channel(255 * (lightness + amount * 1.97294 * cosine)), 255};
}

std::optional<Rgba> formulaColor(const QString& scheme, double t)
{
    if (scheme == u"Turbo") {
        return Rgba {channel(polynomial(t, {34.61, 1172.33, -10793.56, 33300.12, -38394.49, 14825.05})),
                     channel(polynomial(t, {23.31, 557.33, 1225.33, -3574.96, 1073.77, 707.56})),
                     channel(polynomial(t, {27.2, 3211.1, -15327.97, 27814, -22569.18, 6838.66})), 255};
    }
    if (scheme == u"Cividis") {
        return Rgba {channel(polynomial(t, {-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57})),
                     channel(polynomial(t, {32.49, 170.73, 52.82, -131.46, 176.58, -67.37})),
                     channel(polynomial(t, {81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67})), 255};
    }
    if (scheme == u"Warm")
        return cubehelix(-100 + 180 * t, 0.75 + 0.75 * t, 0.35 + 0.45 * t);
    if (scheme == u"Cool")
        return cubehelix(260 - 180 * t, 0.75 + 0.75 * t, 0.35 + 0.45 * t);
    if (scheme == u"Cubehelix")
        return cubehelix(300 - 540 * t, 0.5, t);
    const double away = std::abs(t - 0.5);
    if (scheme == u"Rainbow")
        return cubehelix(360 * t - 100, 1.5 - 1.5 * away, 0.8 - 0.9 * away);
    if (scheme == u"Sinebow") {
        const auto wave = [t](double shift) {
            const double sine = std::sin((0.5 - t) * M_PI + shift);
            return channel(255 * sine * sine);
        };
        return Rgba {wave(0), wave(M_PI / 3), wave(2 * M_PI / 3), 255};
    }
    return {};
}

Turned turnedOf(const QString& scheme)
{
    static const QStringList formulasInLight {u"Turbo"_s, u"Cividis"_s, u"Warm"_s, u"Cool"_s, u"Cubehelix"_s};
    if (formulasInLight.contains(scheme))
        return Turned::InLight;
    const auto found = stopSchemes().constFind(scheme);
    return found == stopSchemes().constEnd() ? Turned::Always : found->turned;
}

Rgba straight(const std::vector<Rgba>& stops, double t)
{
    const double place = t * double(stops.size() - 1);
    const auto index = std::min(size_t(place), stops.size() - 2);
    const double part = place - double(index);
    const Rgba& a = stops[index];
    const Rgba& b = stops[index + 1];
    const auto mix = [part](int from, int to) { return channel(from + (to - from) * part); };
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue), 255};
}

} // namespace

Rgba heatmapSchemeColor(const QString& scheme, double fraction)
{
    const double t = std::clamp(fraction, 0.0, 1.0);
    if (const std::optional<Rgba> color = formulaColor(scheme, t))
        return *color;
    const auto found = stopSchemes().constFind(scheme);
    const Scheme& used = found == stopSchemes().constEnd() ? *stopSchemes().constFind(u"Spectral"_s) : *found;
    return used.spline ? interpolateBasis(used.stops, t) : straight(used.stops, t);
}

QStringList heatmapSchemes()
{
    QStringList names = stopSchemes().keys();
    names += {u"Turbo"_s, u"Cividis"_s, u"Warm"_s, u"Cool"_s, u"Cubehelix"_s, u"Rainbow"_s, u"Sinebow"_s};
    names.sort();
    return names;
}

std::vector<Rgba> heatmapPalette(const Json& color, ThemeKind theme)
{
    const int steps = int(std::clamp<qint64>(color[u"steps"].toInt(64), 2, 1024));
    std::vector<Rgba> palette;
    if (color[u"mode"].toString() == u"opacity") {
        const Rgba fill = parseColor(color[u"fill"].toString(u"dark-orange"_s), theme).value_or(Rgba {255, 120, 10, 255});
        const double exponent = color[u"scale"].toString() == u"linear" ? 1 : color[u"exponent"].toDouble(0.5);
        for (int i = 0; i < steps; ++i) {
            Rgba one = fill;
            one.alpha = channel(255 * std::pow(double(i) / (steps - 1), exponent));
            palette.push_back(one);
        }
        return palette;
    }
    const QString scheme = color[u"scheme"].toString(u"Oranges"_s);
    for (int i = 0; i < steps; ++i)
        palette.push_back(heatmapSchemeColor(scheme, double(i) / (steps - 1)));
    const Turned turned = turnedOf(scheme);
    const bool dark = theme == ThemeKind::Dark;
    bool reverse = turned == Turned::Always || (turned == Turned::InDark && dark) || (turned == Turned::InLight && !dark);
    if (color[u"reverse"].toBool())
        reverse = !reverse;
    if (reverse)
        std::reverse(palette.begin(), palette.end());
    return palette;
}

} // namespace Promdeck
