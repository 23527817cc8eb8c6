#include "widgets/plot/axistext.h"

#ifdef PROMDECK_PLOT_FORMATS
#include "models/frame/display.h"
#endif

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

FormattedValue format(double value, const QString& unit, std::optional<int> decimals, const QString& timeZone)
{
#ifdef PROMDECK_PLOT_FORMATS
    return formatValue(value, unit, decimals, timeZone);
#else
    Q_UNUSED(timeZone)
    return {{}, QString::number(value, 'f', decimals.value_or(2)), unit.isEmpty() ? QString() : u' ' + unit};
#endif
}

/// "1.500" -> "1.5", "2.000" -> "2"; text that is no plain number stays.
QString withoutTrailingZeros(QString text)
{
    if (!text.contains(u'.') || text.contains(u'e'))
        return text;
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text == "-0"_L1 ? u"0"_s : text;
}

int decimalsOf(const QString& text)
{
    const qsizetype point = text.indexOf(u'.');
    return point < 0 ? 0 : int(text.size() - point - 1);
}

} // namespace

QStringList axisTexts(const AxisModel& axis, const ValueTicks& ticks, bool percent, const QString& timeZone)
{
    const QString unit = percent ? u"percentunit"_s : axis.unit;
    const std::optional<int> decimals = axis.decimals;
    QStringList texts;
    for (const double tick : ticks.at) {
#ifdef PROMDECK_PLOT_FORMATS
        if (!percent && !axis.format.config.mappings.empty()) {
            texts.append(DisplayProcessor(axis.format, ThemeKind::Dark, timeZone)(tick).toString());
            continue;
        }
#endif
        if (decimals) {
            texts.append(format(tick, unit, decimals, timeZone).toString());
            continue;
        }
        int needed = 6;
        if (ticks.step > 0)
            needed = std::clamp(int(std::ceil(-std::log10(ticks.step))) + 2, 6, 12);
        FormattedValue value = format(tick, unit, needed, timeZone);
        value.text = withoutTrailingZeros(value.text);
        // A step that is no round number in the scaled unit (thirds of an hour): fall back to short text.
        if (decimalsOf(value.text) > 4 && !(ticks.step > 0 && ticks.step < 1e-3))
            value = format(tick, unit, {}, timeZone);
        texts.append(value.toString());
    }
    return texts;
}

QString valueText(const SeriesModel& series, const AxisModel* axis, double value, const QString& timeZone)
{
#ifdef PROMDECK_PLOT_FORMATS
    if (axis && !axis->format.config.mappings.empty())
        return DisplayProcessor(axis->format, ThemeKind::Dark, timeZone)(value).toString();
#endif
    const QString unit = axis && series.unit.isEmpty() ? axis->unit : series.unit;
    return format(value, unit, axis ? axis->decimals : std::nullopt, timeZone).toString();
}

} // namespace Promdeck
