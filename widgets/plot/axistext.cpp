#include "widgets/plot/axistext.h"

#include "models/frame/display.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

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
        if (!percent && !axis.format.config.mappings.empty()) {
            texts.append(DisplayProcessor(axis.format, ThemeKind::Dark, timeZone)(tick).toString());
            continue;
        }
        if (decimals) {
            texts.append(formatValue(tick, unit, decimals, timeZone).toString());
            continue;
        }
        int needed = 6;
        if (ticks.step > 0)
            needed = std::clamp(int(std::ceil(-std::log10(ticks.step))) + 2, 6, 12);
        FormattedValue value = formatValue(tick, unit, needed, timeZone);
        value.text = withoutTrailingZeros(value.text);
        // A step that is no round number in the scaled unit (thirds of an hour): fall back to short text.
        if (decimalsOf(value.text) > 4 && !(ticks.step > 0 && ticks.step < 1e-3))
            value = formatValue(tick, unit, {}, timeZone);
        texts.append(value.toString());
    }
    return texts;
}

bool labelsCanShow(double step, const AxisModel& axis, bool percent, const QString& timeZone)
{
    if (!axis.decimals)
        return true;
    const QString unit = percent ? u"percentunit"_s : axis.unit;
    const FormattedValue exact = formatValue(step, unit, *axis.decimals + 3, timeZone);
    const FormattedValue shown = formatValue(step, unit, axis.decimals, timeZone);
    return withoutTrailingZeros(exact.text) == withoutTrailingZeros(shown.text);
}

QString valueText(const SeriesModel& series, const AxisModel* axis, double value, const QString& timeZone)
{
    if (axis && !axis->format.config.mappings.empty())
        return DisplayProcessor(axis->format, ThemeKind::Dark, timeZone)(value).toString();
    const QString unit = axis && series.unit.isEmpty() ? axis->unit : series.unit;
    return formatValue(value, unit, axis ? axis->decimals : std::nullopt, timeZone).toString();
}

} // namespace Promdeck
