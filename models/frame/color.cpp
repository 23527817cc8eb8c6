#include "models/frame/color.h"

#include "models/frame/colortable.h"
#include "models/frame/jsnumber.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr Rgba fromRgb(std::uint32_t rgb)
{
    return {std::uint8_t(rgb >> 16), std::uint8_t(rgb >> 8), std::uint8_t(rgb), 255};
}

std::uint8_t channel(double value)
{
    return std::uint8_t(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

constexpr std::uint32_t panelBackground(ThemeKind theme)
{
    return theme == ThemeKind::Dark ? 0x181b1f : 0xffffff;
}

using ColorTable = QHash<QString, std::array<Rgba, 2>>;

/// Every name, dark and light side by side. Palette names win over CSS names ("green" is the theme's).
const ColorTable& colorNames()
{
    static const ColorTable table = [] {
        ColorTable made;
        for (const Colors::CssColor& color : Colors::css())
            made.insert(QString::fromUtf16(color.name), {fromRgb(color.rgb), fromRgb(color.rgb)});
        for (const Colors::ThemedColor& color : Colors::named())
            made.insert(QString::fromUtf16(color.name), {fromRgb(color.dark), fromRgb(color.light)});
        made.insert(u"transparent"_s, {Rgba {0, 0, 0, 0}, Rgba {0, 0, 0, 0}});
        made.insert(u"text"_s, {fromRgb(0xccccdc), fromRgb(0x24292e)});
        made.insert(u"panel-bg"_s, {fromRgb(panelBackground(ThemeKind::Dark)),
                                    fromRgb(panelBackground(ThemeKind::Light))});
        return made;
    }();
    return table;
}

std::optional<Rgba> parseHex(QStringView digits)
{
    bool ok = false;
    const quint32 value = digits.toUInt(&ok, 16);
    if (!ok)
        return std::nullopt;
    const auto doubled = [&](int shift) { return std::uint8_t((value >> shift & 0xf) * 17); };
    switch (digits.size()) {
    case 3: return Rgba {doubled(8), doubled(4), doubled(0), 255};
    case 4: return Rgba {doubled(12), doubled(8), doubled(4), doubled(0)};
    case 6: return fromRgb(value);
    case 8: {
        Rgba color = fromRgb(value >> 8);
        color.alpha = std::uint8_t(value);
        return color;
    }
    default: return std::nullopt;
    }
}

struct Hsl
{
    double hue = 0; ///< 0..360
    double saturation = 0;
    double lightness = 0;
};

Rgba fromHsl(const Hsl& hsl)
{
    const double hue = std::fmod(std::fmod(hsl.hue, 360) + 360, 360) / 360;
    const double l = std::clamp(hsl.lightness, 0.0, 1.0);
    const double s = std::clamp(hsl.saturation, 0.0, 1.0);
    if (s == 0)
        return {channel(l * 255), channel(l * 255), channel(l * 255), 255};
    const double q = l < 0.5 ? l * (1 + s) : l + s - l * s;
    const double p = 2 * l - q;
    const auto part = [&](double t) {
        t -= std::floor(t);
        if (t < 1.0 / 6)
            return p + (q - p) * 6 * t;
        if (t < 0.5)
            return q;
        return t < 2.0 / 3 ? p + (q - p) * (2.0 / 3 - t) * 6 : p;
    };
    return {channel(part(hue + 1.0 / 3) * 255), channel(part(hue) * 255), channel(part(hue - 1.0 / 3) * 255), 255};
}

Hsl toHsl(Rgba color)
{
    const double r = color.red / 255.0;
    const double g = color.green / 255.0;
    const double b = color.blue / 255.0;
    const double high = std::max({r, g, b});
    const double low = std::min({r, g, b});
    const double delta = high - low;
    Hsl hsl;
    hsl.lightness = (high + low) / 2;
    if (delta == 0)
        return hsl;
    hsl.saturation = hsl.lightness > 0.5 ? delta / (2 - high - low) : delta / (high + low);
    if (high == r)
        hsl.hue = (g - b) / delta + (g < b ? 6 : 0);
    else if (high == g)
        hsl.hue = (b - r) / delta + 2;
    else
        hsl.hue = (r - g) / delta + 4;
    hsl.hue *= 60;
    return hsl;
}

/// "rgb(1, 2, 3)", "rgba(1 2 3 / 50%)", "hsl(120, 50%, 50%)".
std::optional<Rgba> parseFunction(const QString& text)
{
    const qsizetype open = text.indexOf(u'(');
    if (open < 0 || !text.endsWith(u')'))
        return std::nullopt;
    const QStringView name = QStringView(text).left(open).trimmed();
    QString body = text.mid(open + 1, text.size() - open - 2);
    body.replace(u',', u' ').replace(u'/', u' ');
    const QStringList parts = body.split(u' ', Qt::SkipEmptyParts);
    const bool hsl = name.startsWith(u"hsl");
    if ((!hsl && name != u"rgb" && name != u"rgba") || parts.size() < 3 || parts.size() > 4)
        return std::nullopt;
    std::array<double, 4> values {0, 0, 0, 1};
    for (qsizetype at = 0; at < parts.size(); ++at) {
        double value = Js::parseFloat(parts[at]);
        if (std::isnan(value))
            return std::nullopt;
        if (parts[at].endsWith(u'%'))
            value = at < 3 && !hsl ? value * 2.55 : value / 100;
        values[size_t(at)] = value;
    }
    Rgba color = hsl ? fromHsl({values[0], values[1], values[2]})
                     : Rgba {channel(values[0]), channel(values[1]), channel(values[2]), 255};
    color.alpha = channel(values[3] * 255);
    return color;
}

struct Scheme
{
    const char16_t* id;
    std::array<const char16_t*, 3> stops; ///< the third may be missing
};

constexpr Scheme kSchemes[] = {
    {u"continuous-GrYlRd", {u"green", u"yellow", u"red"}},
    {u"continuous-RdYlGr", {u"red", u"yellow", u"green"}},
    {u"continuous-BlYlRd", {u"dark-blue", u"super-light-yellow", u"dark-red"}},
    {u"continuous-YlRd", {u"super-light-yellow", u"dark-red", nullptr}},
    {u"continuous-BlPu", {u"blue", u"purple", nullptr}},
    {u"continuous-YlBl", {u"super-light-yellow", u"dark-blue", nullptr}},
    {u"continuous-blues", {u"panel-bg", u"dark-blue", nullptr}},
    {u"continuous-reds", {u"panel-bg", u"dark-red", nullptr}},
    {u"continuous-greens", {u"panel-bg", u"dark-green", nullptr}},
    {u"continuous-purples", {u"panel-bg", u"dark-purple", nullptr}},
};

double luminance(Rgba color)
{
    const auto linear = [](std::uint8_t part) {
        const double value = part / 255.0;
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

std::vector<Rgba> readableClassic(ThemeKind theme)
{
    std::vector<Rgba> colors;
    const double background = luminance(fromRgb(panelBackground(theme)));
    for (const Colors::ThemedColor& one : Colors::classic()) {
        const Rgba color = fromRgb(theme == ThemeKind::Dark ? one.dark : one.light);
        const double own = luminance(color);
        if ((std::max(own, background) + 0.05) / (std::min(own, background) + 0.05) >= 3)
            colors.push_back(color);
    }
    return colors;
}

} // namespace

QString Rgba::name() const
{
    return u'#' + QString::number((red << 16) | (green << 8) | blue, 16).rightJustified(6, u'0');
}

std::optional<Rgba> parseColor(const QString& text, ThemeKind theme)
{
    if (text.startsWith(u'#'))
        return parseHex(QStringView(text).mid(1));
    const auto find = [&](const QString& name) -> std::optional<Rgba> {
        const auto it = colorNames().constFind(name);
        return it == colorNames().cend() ? std::nullopt : std::optional((*it)[theme == ThemeKind::Dark ? 0 : 1]);
    };
    if (const auto known = find(text))
        return known;
    const QString lower = text.trimmed().toLower();
    if (const auto known = find(lower))
        return known;
    return lower.startsWith(u'#') ? parseHex(QStringView(lower).mid(1)) : parseFunction(lower);
}

namespace {

std::atomic<bool> g_distinct {false};

// Bright ones on dark, dark ones on light: each at least three times as bright or dark as its background.
constexpr Rgba kDistinctDark[] {{86, 180, 233}, {230, 159, 0}, {0, 178, 130}, {240, 228, 66}, {224, 138, 185}, {232, 110, 30}, {72, 138, 220}, {210, 210, 210}};
constexpr Rgba kDistinctLight[] {{0, 114, 178}, {196, 90, 0}, {0, 132, 96}, {176, 84, 140}, {140, 110, 0}, {30, 136, 190}, {120, 60, 0}, {60, 60, 60}};

Rgba distinctColor(unsigned index, ThemeKind theme)
{
    return theme == ThemeKind::Dark ? kDistinctDark[index % std::size(kDistinctDark)] : kDistinctLight[index % std::size(kDistinctLight)];
}

} // namespace

void setDistinctPalette(bool on)
{
    g_distinct = on;
}

bool distinctPalette()
{
    return g_distinct;
}

Rgba classicPalette(int index, ThemeKind theme)
{
    if (g_distinct)
        return distinctColor(unsigned(std::max(0, index)), theme);
    const auto colors = Colors::classic();
    const int count = int(colors.size());
    const Colors::ThemedColor& color = colors[size_t(((index % count) + count) % count)];
    return fromRgb(theme == ThemeKind::Dark ? color.dark : color.light);
}

Rgba classicPaletteByName(const QString& seriesName, ThemeKind theme)
{
    static const std::array colors {readableClassic(ThemeKind::Dark), readableClassic(ThemeKind::Light)};
    const std::vector<Rgba>& palette = colors[theme == ThemeKind::Dark ? 0 : 1];
    // The hash of Grafana's choice (djb2 with xor, from the end), so that the colours agree.
    std::uint32_t hash = 5381;
    for (qsizetype at = seriesName.size(); at > 0; --at)
        hash = (hash * 33) ^ seriesName[at - 1].unicode();
    if (g_distinct)
        return distinctColor(hash, theme);
    return palette[hash % palette.size()];
}

QStringList paletteNames()
{
    QStringList names;
    for (const Colors::ThemedColor& color : Colors::named())
        names += QString::fromUtf16(color.name);
    return names;
}

QStringList continuousScheme(const QString& mode)
{
    QStringList stops;
    for (const Scheme& scheme : kSchemes) {
        if (mode != QStringView(scheme.id))
            continue;
        for (const char16_t* stop : scheme.stops) {
            if (stop)
                stops += QString::fromUtf16(stop);
        }
    }
    return stops;
}

QStringList continuousSchemes()
{
    QStringList ids;
    for (const Scheme& scheme : kSchemes)
        ids += QString::fromUtf16(scheme.id);
    return ids;
}

Rgba interpolateBasis(const std::vector<Rgba>& stops, double fraction)
{
    if (stops.empty())
        return {0, 0, 0, 0};
    if (stops.size() == 1)
        return stops.front();
    const int last = int(stops.size()) - 1;
    const double t = std::isnan(fraction) ? 0 : std::clamp(fraction, 0.0, 1.0);
    const int at = std::min(int(t * last), last - 1);
    const double local = (t - double(at) / last) * last;
    const double t2 = local * local;
    const double t3 = t2 * local;
    const auto blend = [&](auto part) {
        const double v1 = part(stops[size_t(at)]);
        const double v2 = part(stops[size_t(at) + 1]);
        const double v0 = at > 0 ? part(stops[size_t(at) - 1]) : 2 * v1 - v2;
        const double v3 = at < last - 1 ? part(stops[size_t(at) + 2]) : 2 * v2 - v1;
        return channel(((1 - 3 * local + 3 * t2 - t3) * v0 + (4 - 6 * t2 + 3 * t3) * v1
                        + (1 + 3 * local + 3 * t2 - 3 * t3) * v2 + t3 * v3) / 6);
    };
    return {blend([](Rgba c) { return double(c.red); }), blend([](Rgba c) { return double(c.green); }),
            blend([](Rgba c) { return double(c.blue); }), 255};
}

std::optional<Rgba> continuousColor(const QString& mode, double fraction, ThemeKind theme)
{
    std::vector<Rgba> stops;
    for (const QString& stop : continuousScheme(mode))
        stops.push_back(parseColor(stop, theme).value_or(Rgba {}));
    if (stops.empty())
        return std::nullopt;
    return interpolateBasis(stops, fraction);
}

Rgba shadeOf(Rgba base, int index)
{
    constexpr int steps = 6;
    constexpr double maxSpin = 10;  // degrees of hue
    constexpr double maxChange = 0.35;
    const int count = 1 + 2 * (steps - 1);
    const int at = ((index % count) + count) % count;
    if (at == 0)
        return base;
    const double share = double((at + 1) / 2) / steps;
    const bool brighter = at % 2 == 1;
    Hsl hsl = toHsl(base);
    hsl.hue += (brighter ? share : -share) * maxSpin;
    if (!brighter) {
        hsl.lightness -= share * maxChange;
        return fromHsl(hsl);
    }
    const Rgba spun = fromHsl(hsl);
    const double more = std::floor(255 * share * maxChange + 0.5);
    return {channel(spun.red + more), channel(spun.green + more), channel(spun.blue + more), 255};
}

} // namespace Promdeck
