#include "models/query/comparison.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

std::vector<PlannedQuery> queriesBefore(const PanelPlan& plan, qint64 beforeMs)
{
    std::vector<PlannedQuery> earlier;
    for (const PlannedQuery& query : plan.queries) {
        if (query.error || query.instant || query.kind != PlannedQuery::Kind::PromQl)
            continue;
        PlannedQuery shifted = query;
        // Steps stay on their grid, so that a later refresh finds them in the cache.
        const qint64 steps = query.stepMs > 0 ? beforeMs / query.stepMs * query.stepMs : beforeMs;
        shifted.startMs -= steps;
        shifted.endMs -= steps;
        earlier.push_back(std::move(shifted));
    }
    return earlier;
}

void addEarlierFrames(Frames& frames, Frames earlier, qint64 beforeMs)
{
    const QString suffix = u" \u2212"_s + periodText(beforeMs);
    for (Frame& frame : earlier) {
        // As far as its queries were moved.
        const qint64 shift = frame.meta.stepMs > 0 ? beforeMs / frame.meta.stepMs * frame.meta.stepMs : beforeMs;
        for (Field& field : frame.fields) {
            if (field.type == FieldType::Time && field.values.isTimes()) {
                Column::Times times = field.values.times();
                for (qint64& time : times)
                    time += shift;
                field.values = Column(std::move(times));
                continue;
            }
            const QString name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
            field.state.displayName = name + suffix;
            if (!field.config.custom.isObject())
                field.config.custom = Json::object();
            Json& custom = field.config.custom;
            custom.set(u"drawStyle"_s, u"line"_s);
            custom.set(u"fillOpacity"_s, 0);
            custom.set(u"fillBelowTo"_s, Json());
            custom.set(u"showPoints"_s, u"never"_s);
            custom.set(u"lineStyle"_s, Json::object({{u"fill"_s, u"dash"_s}, {u"dash"_s, Json::array({6, 5})}}));
            if (custom[u"lineWidth"].toDouble(1) < 1)
                custom.set(u"lineWidth"_s, 1);
            // Stacked on each other, not on those of now.
            custom.setPath(u"stacking.group"_s, QString(custom.path(u"stacking.group").toString() + suffix));
            custom.setPath(u"thresholdsStyle.mode"_s, u"off"_s);
        }
        frames.push_back(std::move(frame));
    }
}

QString periodText(qint64 ms)
{
    struct Unit
    {
        qint64 ms;
        const char16_t* name;
    };
    for (const Unit& unit : {Unit {7 * 86'400'000LL, u"w"}, Unit {86'400'000, u"d"}, Unit {3'600'000, u"h"}, Unit {60'000, u"m"},
                             Unit {1000, u"s"}}) {
        if (ms >= unit.ms && ms % unit.ms == 0)
            return QString::number(ms / unit.ms) + QString::fromUtf16(unit.name);
    }
    return QString::number(ms) + u"ms"_s;
}

} // namespace Promdeck
