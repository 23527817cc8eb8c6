#include "widgets/panels/panelsentence.h"

#include "models/frame/display.h"
#include "models/plotmath/timeticks.h"

#include <QCoreApplication>
#include <QTimeZone>

#include <cmath>
#include <memory>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kMostNamed = 4; // values that a sentence lists

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("Promdeck::PanelSentence", text, nullptr, n);
}

QString nameOf(const Field& field)
{
    return field.state.displayName.isEmpty() ? field.name : field.state.displayName;
}

struct Highest
{
    const Field* field = nullptr;
    double value = 0;
    qint64 atMs = 0;
};

/// Everything a sentence says about series.
struct SeriesFacts
{
    int series = 0;
    int silent = 0; ///< without a single sample
    Highest highest;
    QStringList states; ///< of series of words: what they are now
};

void look(const Field& field, const Column::Times& times, SeriesFacts& facts)
{
    ++facts.series;
    if (!field.values.isNumbers()) {
        if (field.values.isStrings() && !field.values.strings().empty() && facts.states.size() < kMostNamed)
            facts.states << tr("%1 (%2)").arg(field.values.strings().back(), nameOf(field));
        return;
    }
    const auto& values = field.values.numbers();
    bool any = false;
    for (size_t i = 0; i < values.size() && i < times.size(); ++i) {
        if (std::isnan(values[i]))
            continue;
        any = true;
        if (!facts.highest.field || values[i] > facts.highest.value)
            facts.highest = {&field, values[i], times[i]};
    }
    facts.silent += any ? 0 : 1;
}

double lastOf(const Field& field)
{
    const auto& values = field.values.numbers();
    for (auto value = values.rbegin(); value != values.rend(); ++value) {
        if (!std::isnan(*value))
            return *value;
    }
    return qQNaN();
}

QString seriesSentence(const SeriesFacts& facts, const PanelData& data, const PanelContext& context)
{
    QString text = tr("%n series over %1", facts.series).arg(durationText(data.range.spanMs()));
    if (const Field* field = facts.highest.field) {
        const DisplayProcessor display(*field, context.theme, context.timeZone);
        const bool sameDay = data.range.spanMs() <= 86'400'000;
        const QString at = timeText(facts.highest.atMs, timeZoneByName(context.timeZone), sameDay ? u"HH:mm"_s : u"yyyy-MM-dd HH:mm"_s);
        const QString value = display(facts.highest.value).toString();
        text += facts.series > 1 ? tr(", highest %1 (%2) at %3").arg(value, nameOf(*field), at) : tr(", highest %1 at %2").arg(value, at);
        text += tr(", now %1").arg(display(lastOf(*field)).toString());
    }
    if (!facts.states.isEmpty())
        text += tr(", now %1").arg(facts.states.join(u", "_s));
    if (facts.silent > 0)
        text += tr(", %n of them without data", facts.silent);
    return text;
}

QString tableSentence(const Frame& frame, const PanelContext& context)
{
    const qsizetype rows = frame.length();
    if (rows != 1)
        return tr("a table of %1 rows and %2 columns").arg(rows).arg(frame.fields.size());
    QStringList values;
    for (const Field& field : frame.fields) {
        if (field.type == FieldType::Time || values.size() == kMostNamed)
            continue;
        const DisplayProcessor display(field, context.theme, context.timeZone);
        values << nameOf(field) + u' ' + display.at(0).toString();
    }
    return values.join(u", "_s);
}

} // namespace

QString durationText(qint64 ms)
{
    struct Unit
    {
        qint64 ms;
        const char* one;
        const char* many;
    };
    static constexpr Unit units[] {{86'400'000, "1 day", "%1 days"}, {3'600'000, "1 hour", "%1 hours"}, {60'000, "1 minute", "%1 minutes"}};
    for (const Unit& unit : units) {
        const qint64 count = (ms + unit.ms / 2) / unit.ms;
        if (ms == unit.ms)
            return tr(unit.one);
        if (ms >= 2 * unit.ms)
            return tr(unit.many).arg(count);
    }
    return tr("%1 seconds").arg((ms + 500) / 1000);
}

QString panelSentence(const QString& title, const PanelData& data, const PanelContext& context)
{
    SeriesFacts facts;
    QStringList parts;
    int tables = 0;
    for (const Frame& frame : data.frames) {
        const Field* time = nullptr;
        for (const Field& field : frame.fields) {
            if (field.type == FieldType::Time && field.values.isTimes())
                time = &field;
        }
        const bool isSeries = time && frame.length() > 1;
        if (!isSeries) {
            if (frame.length() > 0 && ++tables <= kMostNamed)
                parts << tableSentence(frame, context);
            continue;
        }
        for (const Field& field : frame.fields) {
            if (&field != time)
                look(field, time->values.times(), facts);
        }
    }
    if (facts.series > 0)
        parts.prepend(seriesSentence(facts, data, context));
    parts.removeAll(QString());
    const QString what = parts.isEmpty() ? tr("no data") : parts.join(u"; "_s);
    return title.isEmpty() ? what : title + u": "_s + what;
}

} // namespace Promdeck
