#include "models/frame/overrides.h"

#include "models/frame/display.h"
#include "models/frame/matchers.h"
#include "models/frame/reducers.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

/// What one property of a rule writes. Typed values are read when the rule is made.
using Setter = std::function<void(FieldConfig& config)>;

struct Property
{
    Setter set;
    bool isDisplayName = false;
};

struct Rule
{
    FieldMatcher matches;
    std::vector<Property> properties;
};

/// Every property of Grafana's panels that lives in `custom`. Others are kept too, but reported.
const QSet<QString>& customNames()
{
    static const QSet<QString> names {
        u"drawStyle"_s, u"lineInterpolation"_s, u"barAlignment"_s, u"barWidthFactor"_s, u"barMaxWidth"_s,
        u"lineWidth"_s, u"lineColor"_s, u"lineStyle"_s, u"fillOpacity"_s, u"fillColor"_s, u"gradientMode"_s,
        u"fillBelowTo"_s, u"showPoints"_s, u"showValues"_s, u"pointSize"_s, u"pointColor"_s, u"pointSymbol"_s,
        u"pointShape"_s, u"pointStrokeWidth"_s, u"show"_s, u"spanNulls"_s, u"insertNulls"_s, u"stacking"_s,
        u"axisPlacement"_s, u"axisLabel"_s, u"axisColorMode"_s, u"axisBorderShow"_s, u"axisWidth"_s,
        u"axisSoftMin"_s, u"axisSoftMax"_s, u"axisGridShow"_s, u"axisCenteredZero"_s, u"scaleDistribution"_s,
        u"hideFrom"_s, u"thresholdsStyle"_s, u"transform"_s, u"cellOptions"_s, u"displayMode"_s, u"align"_s,
        u"width"_s, u"minWidth"_s, u"filterable"_s, u"inspect"_s, u"hidden"_s, u"hideHeader"_s,
        u"wrapHeaderText"_s, u"footer"_s, u"neutral"_s, u"label"_s, u"labelSize"_s, u"lineOpacity"_s,
        u"colorByField"_s, u"text"_s, u"tooltip"_s};
    return names;
}

Setter customSetter(const QString& path, const Json& value)
{
    return [path, value](FieldConfig& config) { config.custom.setPath(path, value); };
}

/// The setter of a standard property; empty for an unknown one. Reading goes through fieldConfigFromJson,
/// so that an override and a default mean the same.
Setter standardSetter(const QString& id, const Json& value)
{
    const FieldConfig read = fieldConfigFromJson(Json::object({{id, value}}));
    const auto copy = [read](auto member) -> Setter {
        return [read, member](FieldConfig& config) { config.*member = read.*member; };
    };
    if (id == "displayName"_L1) return copy(&FieldConfig::displayName);
    if (id == "unit"_L1) return copy(&FieldConfig::unit);
    if (id == "decimals"_L1) return copy(&FieldConfig::decimals);
    if (id == "min"_L1) return copy(&FieldConfig::min);
    if (id == "max"_L1) return copy(&FieldConfig::max);
    if (id == "thresholds"_L1) return copy(&FieldConfig::thresholds);
    if (id == "color"_L1) return copy(&FieldConfig::color);
    if (id == "noValue"_L1) return copy(&FieldConfig::noValue);
    if (id == "description"_L1) return copy(&FieldConfig::description);
    if (id == "mappings"_L1) return copy(&FieldConfig::mappings);
    if (id == "links"_L1) return copy(&FieldConfig::links);
    if (id == "fieldMinMax"_L1) return copy(&FieldConfig::fieldMinMax);
    if (id == "filterable"_L1) return copy(&FieldConfig::filterable);
    return {};
}

/// Parts of a typed property ("color.mode", "thresholds.steps"), which some tools write.
Setter nestedSetter(const QString& id, const Json& value)
{
    if (id == "color.mode"_L1 || id == "color.fixedColor"_L1 || id == "color.seriesBy"_L1) {
        return [id, text = value.toString()](FieldConfig& config) {
            ColorConfig color = config.color.value_or(ColorConfig {});
            (id == "color.mode"_L1 ? color.mode : id == "color.fixedColor"_L1 ? color.fixedColor : color.seriesBy) = text;
            config.color = color;
        };
    }
    if (id == "thresholds.steps"_L1 || id == "thresholds.mode"_L1) {
        const bool steps = id == "thresholds.steps"_L1;
        const Thresholds read = thresholdsFromJson(Json::object({{steps ? u"steps"_s : u"mode"_s, value}}));
        return [steps, read](FieldConfig& config) {
            Thresholds thresholds = config.thresholds.value_or(Thresholds {});
            if (steps)
                thresholds.steps = read.steps;
            else
                thresholds.mode = read.mode;
            config.thresholds = thresholds;
        };
    }
    return {};
}

template <typename T>
void fill(std::optional<T>& own, const std::optional<T>& fallback)
{
    if (!own)
        own = fallback;
}

/// Objects of both are merged, the field's own members win.
void mergeCustom(Json& own, const Json& fallback)
{
    if (own.isNull()) {
        own = fallback;
        return;
    }
    for (const auto& [key, value] : fallback.members()) {
        if (!own.contains(key))
            own.set(key, value);
    }
}

} // namespace

struct FieldRules::Private
{
    OverrideContext context;
    FieldConfig defaults;
    std::vector<Rule> rules;
    QStringList unknown;

    void report(const QString& id);
    void readRule(const Json& json);
    void applyDefaults(Field& field) const;
    void applyRules(Field& field, const Frame& frame, const Frames& frames, const QString& seriesName) const;
    void expandTexts(Field& field, const Frame& frame, const QString& seriesName) const;
    [[nodiscard]] QString expand(const QString& text, const Frame& frame, const Field& field,
                                 const QString& seriesName) const;
};

void FieldRules::Private::report(const QString& id)
{
    if (!unknown.contains(id))
        unknown += id;
}

void FieldRules::Private::readRule(const Json& json)
{
    Rule rule;
    QStringList unknownMatchers;
    rule.matches = fieldMatcher(json[u"matcher"], &unknownMatchers);
    for (const QString& id : unknownMatchers)
        report(u"matcher:"_s + id);
    for (const Json& item : json[u"properties"].items()) {
        const QString id = item[u"id"].toString();
        const Json& value = item[u"value"];
        Setter setter;
        if (id.startsWith("custom."_L1)) {
            const QString path = id.mid(7);
            if (!customNames().contains(path.section(u'.', 0, 0)))
                report(u"property:"_s + id);
            setter = customSetter(path, value);
        } else {
            setter = standardSetter(id, value);
            if (!setter)
                setter = nestedSetter(id, value);
            if (!setter)
                report(u"property:"_s + id);
        }
        if (setter)
            rule.properties.push_back({std::move(setter), id == "displayName"_L1});
    }
    rules.push_back(std::move(rule));
}

void FieldRules::Private::applyDefaults(Field& field) const
{
    FieldConfig& config = field.config;
    const bool number = field.type == FieldType::Number;
    fill(config.displayName, defaults.displayName);
    fill(config.unit, defaults.unit);
    fill(config.noValue, defaults.noValue);
    fill(config.thresholds, defaults.thresholds);
    fill(config.color, defaults.color);
    if (number) {
        fill(config.decimals, defaults.decimals);
        fill(config.min, defaults.min);
        fill(config.max, defaults.max);
        config.fieldMinMax = config.fieldMinMax || defaults.fieldMinMax;
    }
    if (config.mappings.empty() && field.type != FieldType::Time)
        config.mappings = defaults.mappings;
    for (const DataLink& link : defaults.links) {
        if (std::find(config.links.begin(), config.links.end(), link) == config.links.end())
            config.links.push_back(link);
    }
    if (config.description.isEmpty())
        config.description = defaults.description;
    config.filterable = config.filterable || defaults.filterable;
    mergeCustom(config.custom, defaults.custom);
}

QString FieldRules::Private::expand(const QString& text, const Frame& frame, const Field& field,
                                    const QString& seriesName) const
{
    if (!text.contains(u'$') && !text.contains("[["_L1))
        return text;
    const QString expanded = expandFieldVariables(text, frame, field, seriesName);
    return context.interpolate ? context.interpolate(expanded, frame, field) : expanded;
}

void FieldRules::Private::applyRules(Field& field, const Frame& frame, const Frames& frames,
                                     const QString& seriesName) const
{
    FieldConfig& config = field.config;
    const auto rename = [&] {
        if (config.displayName && !config.displayName->isEmpty()) {
            config.displayName = expand(*config.displayName, frame, field, seriesName);
            field.state.displayName = *config.displayName;
        }
    };
    if (config.displayName)
        rename();
    for (const Rule& rule : rules) {
        if (!rule.matches(field, frame, frames))
            continue;
        for (const Property& property : rule.properties) {
            property.set(config);
            if (property.isDisplayName)
                rename();
        }
    }
}

void FieldRules::Private::expandTexts(Field& field, const Frame& frame, const QString& seriesName) const
{
    FieldConfig& config = field.config;
    if (config.noValue)
        config.noValue = expand(*config.noValue, frame, field, seriesName);
    for (DataLink& link : config.links) {
        // The rest of a link's variables depend on the row that is clicked.
        link.title = expandFieldVariables(link.title, frame, field, seriesName);
        link.url = expandFieldVariables(link.url, frame, field, seriesName, true);
    }
    if (config.min && config.max && *config.min > *config.max)
        std::swap(config.min, config.max);
}

QString defaultColorMode(const QString& panelType)
{
    static const QSet<QString> palette {u"timeseries"_s, u"graph"_s, u"piechart"_s, u"barchart"_s,
                                        u"histogram"_s,  u"trend"_s, u"xychart"_s};
    if (palette.contains(panelType))
        return u"palette-classic"_s;
    return panelType == u"state-timeline" ? u"continuous-GrYlRd"_s : u"thresholds"_s;
}

FieldRules::FieldRules(const Json& fieldConfig, OverrideContext context) : d(std::make_unique<Private>())
{
    d->context = std::move(context);
    d->defaults = fieldConfigFromJson(fieldConfig[u"defaults"]);
    if (!d->defaults.color)
        d->defaults.color = ColorConfig {!d->context.defaultColorMode.isEmpty() ? d->context.defaultColorMode
                                             : d->context.timeSeriesDefaults    ? u"palette-classic"_s
                                                                                : u"thresholds"_s,
                                         {},
                                         {}};
    if (!d->defaults.thresholds) {
        constexpr double warnAt = 80; // what Grafana's panels begin with
        d->defaults.thresholds = Thresholds {};
        d->defaults.thresholds->steps = {{-std::numeric_limits<double>::infinity(), u"green"_s}, {warnAt, u"red"_s}};
    }
    for (const Json& rule : fieldConfig[u"overrides"].items())
        d->readRule(rule);
}

FieldRules::~FieldRules() = default;
FieldRules::FieldRules(FieldRules&&) noexcept = default;
FieldRules& FieldRules::operator=(FieldRules&&) noexcept = default;

QStringList FieldRules::unknown() const
{
    return d->unknown;
}

void FieldRules::apply(Frames& frames) const
{
    computeDisplayNames(frames);
    int seriesIndex = 0;
    std::optional<NumberRange> global;
    bool haveGlobal = false;
    const auto globalRange = [&]() -> const std::optional<NumberRange>& {
        if (haveGlobal)
            return global;
        haveGlobal = true;
        for (const Frame& frame : frames) {
            for (const Field& field : frame.fields) {
                const auto range = field.type == FieldType::Number ? numberRange(field.values) : std::nullopt;
                if (!range)
                    continue;
                global = global ? NumberRange {std::min(global->min, range->min), std::max(global->max, range->max)}
                                : *range;
            }
        }
        return global;
    };
    for (size_t index = 0; index < frames.size(); ++index) {
        Frame& frame = frames[index];
        const QString seriesName = frameDisplayName(frame, frames, int(index));
        for (Field& field : frame.fields) {
            d->applyDefaults(field);
            d->applyRules(field, frame, frames, seriesName);
            d->expandTexts(field, frame, seriesName);
            field.state.seriesIndex = seriesIndex;
            if (field.type != FieldType::Time)
                ++seriesIndex;
            if (field.type != FieldType::Number)
                continue;
            field.state.min = field.config.min;
            field.state.max = field.config.max;
            if (field.state.min && field.state.max)
                continue;
            const std::optional<NumberRange> range = field.config.fieldMinMax ? numberRange(field.values) : globalRange();
            if (range) {
                field.state.min = field.state.min.value_or(range->min);
                field.state.max = field.state.max.value_or(range->max);
            }
        }
    }
}

QStringList applyFieldConfig(Frames& frames, const Json& fieldConfig, const OverrideContext& context)
{
    const FieldRules rules(fieldConfig, context);
    rules.apply(frames);
    return rules.unknown();
}

QString expandFieldVariables(const QString& text, const Frame& frame, const Field& field, const QString& seriesName,
                             bool percentEncode)
{
    Q_UNUSED(frame)
    if (!text.contains("__field"_L1) && !text.contains("__series"_L1))
        return text;
    static const QRegularExpression variable(
        uR"(\$\{(__field|__series)\.(\w+)(?:\.(\w+)|\[["']?([^\]"']+)["']?\])?(?::\w+)?\}|\$(__field|__series)\.(\w+)(?:\.(\w+))?)"_s);
    QString out;
    qsizetype done = 0;
    auto matches = variable.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        const QString object = match.captured(1) + match.captured(5);
        const QString part = match.captured(2) + match.captured(6);
        const QString key = match.captured(3) + match.captured(4) + match.captured(7);
        std::optional<QString> value;
        if (object == "__series"_L1 && part == "name"_L1)
            value = seriesName;
        else if (object == "__field"_L1 && part == "name"_L1)
            value = field.name;
        else if (object == "__field"_L1 && part == "displayName"_L1)
            value = field.state.displayName;
        else if (object == "__field"_L1 && part == "labels"_L1 && !key.isEmpty())
            value = field.labels.value(key);
        else if (object == "__field"_L1 && (part == "labels"_L1 || part == "formattedLabels"_L1))
            value = formatLabels(field.labels).mid(1).chopped(field.labels.isEmpty() ? 0 : 1);
        out += QStringView(text).mid(done, match.capturedStart() - done);
        if (!value)
            out += match.captured();
        else
            out += percentEncode ? QString::fromLatin1(QUrl::toPercentEncoding(*value)) : *value;
        done = match.capturedEnd();
    }
    out += QStringView(text).mid(done);
    return out;
}

} // namespace Promdeck
