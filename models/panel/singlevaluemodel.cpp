#include "models/frame/reducers.h"
#include "models/panel/panelmodels.h"

#include <QRegularExpression>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

struct ReduceOptions
{
    QStringList calcs;
    bool allValues = false;
    qsizetype limit = 25; ///< of rows, when all values are shown
    QString fields;       ///< empty = numeric fields
};

ReduceOptions readReduceOptions(const PanelSpec& panel)
{
    const Json& json = panel.options[u"reduceOptions"];
    ReduceOptions options;
    for (const Json& calc : json[u"calcs"].items()) {
        const QString id = canonicalReducer(calc.toString());
        if (!id.isEmpty())
            options.calcs.append(id);
    }
    if (options.calcs.isEmpty())
        options.calcs.append(json.isNull() ? u"lastNotNull"_s : u"last"_s);
    options.allValues = json[u"values"].toBool();
    if (json[u"limit"].isNumber() && json[u"limit"].toInt() > 0)
        options.limit = qsizetype(json[u"limit"].toInt());
    options.fields = json[u"fields"].toString();
    return options;
}

/// "/pattern/flags" is a regular expression, anything else the exact name.
class FieldSelector
{
public:
    explicit FieldSelector(const QString& text) : m_exact(text)
    {
        const qsizetype last = text.lastIndexOf(u'/');
        if (text.startsWith(u'/') && last > 0) {
            QRegularExpression::PatternOptions flags;
            if (text.mid(last + 1).contains(u'i'))
                flags |= QRegularExpression::CaseInsensitiveOption;
            m_pattern = QRegularExpression(text.mid(1, last - 1), flags);
            m_isPattern = true;
        }
    }

    [[nodiscard]] bool matches(const Field& field) const
    {
        if (m_exact.isEmpty())
            return field.type == FieldType::Number;
        const QString& name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
        return m_isPattern ? m_pattern.match(name).hasMatch() : name == m_exact || field.name == m_exact;
    }

private:
    QString m_exact;
    QRegularExpression m_pattern;
    bool m_isPattern = false;
};

bool wantsSparkline(const PanelSpec& panel)
{
    return panel.type == u"stat" && panel.options[u"graphMode"].toString(u"area"_s) == u"area";
}

SingleValue describe(const Field& field)
{
    SingleValue value;
    value.labels = field.labels;
    value.min = field.config.min.value_or(field.state.min.value_or(0));
    value.max = field.config.max.value_or(field.state.max.value_or(100));
    value.thresholds = field.config.thresholds.value_or(Thresholds {});
    value.colorConfig = field.config.color.value_or(ColorConfig {});
    value.field = field;
    value.field.values = {};
    return value;
}

/// A row's own name: its string cells, else the field's name.
QString rowName(const Frame& frame, const Field& field, qsizetype row)
{
    QStringList parts;
    int numberFields = 0;
    for (const Field& other : frame.fields) {
        if (other.type == FieldType::String && other.values.isStrings()) {
            const QString& text = other.values.strings()[size_t(row)];
            if (!text.isEmpty())
                parts.append(text);
        } else if (other.type == FieldType::Number) {
            ++numberFields;
        }
    }
    const QString& name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
    if (field.config.displayName && !field.config.displayName->isEmpty())
        return name;
    if (numberFields > 1)
        parts.append(name);
    return parts.isEmpty() ? name : parts.join(u' ');
}

void addAllValues(SingleValueModel& model, const Frame& frame, const Field& field, const ReduceOptions& options,
                  const PanelContext& context)
{
    const DisplayProcessor display(field, context.theme, context.timeZone);
    for (qsizetype row = 0; row < field.values.size(); ++row) {
        if (qsizetype(model.values.size()) >= options.limit)
            return;
        SingleValue value = describe(field);
        value.display = display.at(row);
        value.name = rowName(frame, field, row);
        model.values.push_back(std::move(value));
    }
}

DisplayValue displayReduced(const DisplayProcessor& display, const Json& reduced)
{
    if (reduced.isString())
        return display(reduced.toString());
    if (reduced.isBool())
        return display(reduced.toBool() ? 1.0 : 0.0);
    return display(reduced.isNumber() ? reduced.toDouble() : kNull);
}

void addReduced(SingleValueModel& model, const PanelSpec& panel, const Frame& frame, const Field& field,
                const ReduceOptions& options, const PanelContext& context)
{
    const DisplayProcessor display(field, context.theme, context.timeZone);
    const Field* time = frame.firstOf(FieldType::Time);
    for (const QString& calc : options.calcs) {
        SingleValue value = describe(field);
        if (field.values.isNumbers())
            value.display = display(reduceNumber(field.values, calc)); // keeps NaN and Inf, which JSON cannot
        else
            value.display = displayReduced(display, reduceColumn(field.values, calc));
        value.name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
        value.name.replace(u"${__calc}"_s, reducerLabel(calc)).replace(u"$__calc"_s, reducerLabel(calc));
        if (wantsSparkline(panel) && time && field.values.isNumbers() && field.values.size() > 1) {
            value.times = time->values;
            value.values = field.values;
        }
        if (panel.options[u"showPercentChange"].toBool() && field.values.isNumbers()) {
            // The reducer's result is in percent already.
            const double change = reduceNumber(field.values, u"diffperc"_s);
            if (std::isfinite(change))
                value.percentChange = change;
        }
        model.values.push_back(std::move(value));
    }
}

QString noValueText(const PanelSpec& panel)
{
    const Json& text = panel.fieldConfig.path(u"defaults.noValue");
    return text.isNull() ? QString() : text.scalarText();
}

} // namespace

SingleValueModel singleValueModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    SingleValueModel model;
    model.noValueText = noValueText(panel);
    const ReduceOptions options = readReduceOptions(panel);
    const FieldSelector selector(options.fields);
    for (const Frame& frame : data.frames) {
        for (const Field& field : frame.fields) {
            const Json& hideFrom = field.config.custom[u"hideFrom"];
            if (!selector.matches(field) || hideFrom[u"viz"].toBool())
                continue;
            if (options.allValues)
                addAllValues(model, frame, field, options, context);
            else
                addReduced(model, panel, frame, field, options, context);
        }
    }
    return model;
}

} // namespace Promdeck
