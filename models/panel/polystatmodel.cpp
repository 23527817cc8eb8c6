#include "models/panel/polystatmodel.h"

#include "models/frame/jsregex.h"
#include "models/frame/reducers.h"
#include "models/panel/modelparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// How one cell is made: the panel's own rules, or those of an override that its name matches.
struct Rules
{
    QString reducer = u"mean"_s;
    QString unit;
    std::optional<int> decimals;
    Rgba fill;
    std::vector<std::pair<double, Rgba>> thresholds; ///< ascending
    std::vector<int> states;
};

/// Version 1 keeps everything under "polystat", with other names.
Json settings(const PanelSpec& panel, QStringView modern, QStringView old)
{
    const Json& own = panel.options[modern];
    return own.isNull() ? panel.raw[u"polystat"][old] : own;
}

void readThresholds(Rules& rules, const Json& list, ThemeKind theme)
{
    struct Step
    {
        double value;
        Rgba color;
        int state;
    };
    std::vector<Step> steps;
    for (const Json& step : list.items()) {
        steps.push_back({step[u"value"].isNumber() ? step[u"value"].toDouble() : step[u"value"].toString().toDouble(),
                         parseColor(step[u"color"].toString(), theme).value_or(rules.fill), int(step[u"state"].toInt())});
    }
    std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.value < b.value; });
    rules.thresholds.clear();
    rules.states.clear();
    for (const Step& step : steps) {
        rules.thresholds.emplace_back(step.value, step.color);
        rules.states.push_back(step.state);
    }
}

void readDecimals(Rules& rules, const Json& value)
{
    bool ok = value.isNumber();
    const int decimals = ok ? int(value.toInt()) : value.toString().toInt(&ok);
    if (ok)
        rules.decimals = decimals;
}

Rules globalRules(const PanelSpec& panel, ThemeKind theme)
{
    Rules rules;
    const QString reducer = canonicalReducer(settings(panel, u"globalOperator", u"globalOperatorName").toString());
    if (!reducer.isEmpty())
        rules.reducer = reducer;
    rules.unit = settings(panel, u"globalUnitFormat", u"globalUnitFormat").toString(u"short"_s);
    readDecimals(rules, settings(panel, u"globalDecimals", u"globalDecimals"));
    rules.fill = parseColor(settings(panel, u"globalFillColor", u"polygonGlobalFillColor").toString(), theme)
                     .value_or(Rgba {10, 85, 161, 255});
    readThresholds(rules, settings(panel, u"globalThresholdsConfig", u"globalThresholds"), theme);
    return rules;
}

Rules rulesFor(const PanelSpec& panel, const QString& name, const Rules& global, ThemeKind theme)
{
    const Json& modern = panel.options.path(u"overrideConfig.overrides");
    const Json& list = modern.isNull() ? panel.raw[u"overrideConfigs"] : modern;
    for (const Json& one : list.items()) {
        if (!one[u"enabled"].toBool(true))
            continue;
        const auto pattern = JsRegex::parse(u'/' + one[u"metricName"].toString() + u'/');
        if (!pattern || !pattern->test(name))
            continue;
        Rules rules = global;
        const QString reducer = canonicalReducer(one[u"operatorName"].toString());
        if (!reducer.isEmpty())
            rules.reducer = reducer;
        if (!one[u"unitFormat"].toString().isEmpty())
            rules.unit = one[u"unitFormat"].toString();
        readDecimals(rules, one[u"decimals"]);
        if (one[u"thresholds"].size() > 0)
            readThresholds(rules, one[u"thresholds"], theme);
        return rules;
    }
    return global;
}

/// "host-9" before "host-10".
bool naturalLess(const QString& a, const QString& b)
{
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i].isDigit() && b[j].isDigit()) {
            qsizetype endI = i;
            qsizetype endJ = j;
            while (endI < a.size() && a[endI].isDigit())
                ++endI;
            while (endJ < b.size() && b[endJ].isDigit())
                ++endJ;
            const qulonglong left = QStringView(a).mid(i, endI - i).toULongLong();
            const qulonglong right = QStringView(b).mid(j, endJ - j).toULongLong();
            if (left != right)
                return left < right;
            i = endI;
            j = endJ;
        } else if (a[i].toLower() != b[j].toLower()) {
            return a[i].toLower() < b[j].toLower();
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

} // namespace

PanelSpec polystatAsStat(const PanelSpec& panel)
{
    PanelSpec stat = panel;
    const bool value = settings(panel, u"globalShowValueEnabled", u"valueEnabled").toBool(true);
    stat.options = Json::object({{u"colorMode"_s, u"background_solid"_s},
                                 {u"graphMode"_s, u"none"_s},
                                 {u"justifyMode"_s, u"center"_s},
                                 {u"wideLayout"_s, false},
                                 {u"textMode"_s, value ? u"value_and_name"_s : u"name"_s}});
    return stat;
}

SingleValueModel polystatModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    SingleValueModel model;
    const Rules global = globalRules(panel, context.theme);
    const bool triggeredOnly = settings(panel, u"globalDisplayMode", u"globalDisplayMode").toString() == u"triggered";
    if (triggeredOnly)
        model.noValueText = settings(panel, u"globalDisplayTextTriggeredEmpty", u"globalDisplayTextTriggeredEmpty").toString(u"OK"_s);
    for (const Frame& frame : data.frames) {
        for (const Field& source : frame.fields) {
            if (source.type != FieldType::Number || isHiddenFromView(source))
                continue;
            const QString name = shownName(source);
            const Rules rules = rulesFor(panel, name, global, context.theme);
            Field field = source;
            field.config.unit = rules.unit;
            field.config.decimals = rules.decimals;
            SingleValue value;
            value.name = name;
            value.labels = field.labels;
            value.display = DisplayProcessor(field, context.theme, context.timeZone)(reduceNumber(field.values, rules.reducer));
            value.display.color = rules.fill;
            value.display.hasColor = true;
            int state = 0;
            for (size_t i = 0; i < rules.thresholds.size(); ++i) {
                if (value.display.numeric >= rules.thresholds[i].first) {
                    value.display.color = rules.thresholds[i].second;
                    state = rules.states[i];
                }
            }
            if (triggeredOnly && state == 0)
                continue;
            value.field = field;
            value.field.values = {};
            model.values.push_back(std::move(value));
        }
    }
    const QString by = settings(panel, u"sortByField", u"hexagonSortByField").toString(u"name"_s);
    const Json direction = settings(panel, u"sortByDirection", u"hexagonSortByDirection");
    const bool descending = direction.isNumber() ? direction.toInt() == 2 || direction.toInt() == 4 : direction.toString() == u"desc";
    std::stable_sort(model.values.begin(), model.values.end(), [&](const SingleValue& a, const SingleValue& b) {
        const SingleValue& left = descending ? b : a;
        const SingleValue& right = descending ? a : b;
        if (by == u"value")
            return left.display.numeric < right.display.numeric;
        return naturalLess(left.name, right.name);
    });
    const qint64 limit = settings(panel, u"layoutDisplayLimit", u"displayLimit").toInt(0);
    if (limit > 0 && qint64(model.values.size()) > limit)
        model.values.resize(size_t(limit));
    return model;
}

} // namespace Promdeck
