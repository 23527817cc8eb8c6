#include "models/query/fanout.h"

#include <iterator>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

Json dashOf(int number)
{
    static const std::vector<std::vector<int>> patterns {{8, 4}, {2, 4}, {12, 4, 2, 4}, {16, 6}};
    Json dash = Json::array();
    for (const int length : patterns[size_t(number - 1) % patterns.size()])
        dash.append(length);
    return dash;
}

} // namespace

FanOut fanOutFrom(const Json& promdeck)
{
    FanOut fan;
    for (const Json& name : promdeck[u"stacks"].items()) {
        if (!name.toString().isEmpty() && !fan.stacks.contains(name.toString()))
            fan.stacks << name.toString();
    }
    fan.byColor = promdeck[u"stacksBy"].toString() == u"color";
    return fan;
}

FanOut fanOutOf(const Dashboard& dashboard, const PanelSpec& panel)
{
    // An empty list of a panel is a choice too.
    const Json& own = panel.raw[u"promdeck"];
    return own[u"stacks"].isArray() ? fanOutFrom(own) : fanOutFrom(dashboard.migrated[u"promdeck"]);
}

Json withFanOut(Json promdeck, const FanOut& fanOut)
{
    if (!promdeck.isObject())
        promdeck = Json::object();
    promdeck.set(u"stacks"_s, Json::strings(fanOut.stacks));
    if (fanOut.byColor)
        promdeck.set(u"stacksBy"_s, u"color"_s);
    else
        promdeck.remove(u"stacksBy");
    return promdeck;
}

void markStack(Frames& frames, const QString& stack, int number)
{
    for (Frame& frame : frames) {
        for (Field& field : frame.fields) {
            if (field.type == FieldType::Time)
                continue;
            const QString name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
            field.state.displayName = name + u" \u00b7 "_s + stack;
            if (number <= 0)
                continue;
            if (!field.config.custom.isObject())
                field.config.custom = Json::object();
            field.config.custom.set(u"lineStyle"_s, Json::object({{u"fill"_s, u"dash"_s}, {u"dash"_s, dashOf(number)}}));
            // Each stack's on each other, not on those of another one.
            Json& custom = field.config.custom;
            custom.setPath(u"stacking.group"_s, QString(custom.path(u"stacking.group").toString() + stack));
        }
    }
}

} // namespace Promdeck
