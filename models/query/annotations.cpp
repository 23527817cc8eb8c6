#include "models/query/annotations.h"

#include "models/prometheus/decoder.h"
#include "models/query/framebuilder.h"
#include "models/query/interval.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kUsualStep = "60s";

/// Old files say it beside the name, newer ones in the target.
QString member(const AnnotationSpec& spec, QStringView name)
{
    const QString own = spec.raw[name].scalarText();
    return own.isEmpty() ? spec.raw[u"target"][name].scalarText() : own;
}

/// Annotations that Grafana keeps itself: by tag, or of one dashboard.
bool isGrafanas(const AnnotationSpec& spec)
{
    return spec.builtIn || spec.datasource.uid == u"-- Grafana --" || spec.datasource.uid == u"grafana"
        || spec.datasource.type == u"grafana" || spec.datasource.type == u"datasource";
}

QString filled(const QString& format, const Labels& labels)
{
    return format.isEmpty() ? QString() : seriesName(format, {}, labels);
}

} // namespace

std::optional<AnnotationPlan> planAnnotation(const AnnotationSpec& spec, const PlanContext& context, ThemeKind theme)
{
    if (isGrafanas(spec) || spec.expr.trimmed().isEmpty())
        return {};
    AnnotationPlan plan;
    plan.name = spec.name;
    QString step = member(spec, u"step");
    if (step.isEmpty())
        step = spec.raw[u"target"][u"interval"].toString();
    if (step.isEmpty())
        step = QString::fromLatin1(kUsualStep);
    static const VariableScope none;
    const VariableScope& scope = context.scope ? *context.scope : none;
    if (const Result<qint64> parsed = parseInterval(interpolate(step, scope)); parsed && *parsed > 0)
        plan.joinMs = *parsed;
    // A panel with one query is planned alike.
    PanelSpec panel;
    panel.type = u"timeseries"_s;
    panel.datasource = spec.datasource;
    Target target;
    target.refId = u"Anno"_s;
    target.expr = spec.expr;
    target.interval = step;
    target.raw = Json::object();
    panel.targets.push_back(std::move(target));
    PanelPlan planned = planPanel(panel, context);
    if (planned.queries.empty())
        return {};
    plan.query = std::move(planned.queries.front());
    if (plan.query.kind != PlannedQuery::Kind::PromQl && !plan.query.error)
        plan.query.error = makeError(ErrorCode::Unsupported, u"Annotations from logs are not supported"_s);
    plan.titleFormat = interpolate(member(spec, u"titleFormat"), scope);
    plan.textFormat = interpolate(member(spec, u"textFormat"), scope);
    const QStringList keys = member(spec, u"tagKeys").split(u',', Qt::SkipEmptyParts);
    for (const QString& key : keys)
        plan.tagKeys << key.trimmed();
    const QString valueIsTime = member(spec, u"useValueForTime");
    plan.valueIsTime = valueIsTime == u"true" || valueIsTime == u"on";
    plan.color = parseColor(spec.iconColor, theme).value_or(Rgba {242, 73, 92});
    for (const Json& id : spec.raw.path(u"filter.ids").items())
        plan.panels.insert(int(id.toInt()));
    plan.exclude = spec.raw.path(u"filter.exclude").toBool();
    return plan;
}

std::vector<Annotation> annotationsFrom(const AnnotationPlan& plan, const QueryResult& result)
{
    std::vector<Annotation> all;
    for (const SeriesData& series : result.series) {
        if (!series.times.isTimes() || !series.values.isNumbers())
            continue;
        Annotation base;
        base.layer = plan.name;
        base.title = filled(plan.titleFormat, series.labels);
        base.text = filled(plan.textFormat, series.labels);
        base.color = plan.color;
        for (const auto& [name, value] : series.labels) {
            if (plan.tagKeys.contains(name))
                base.tags << value;
        }
        const auto& times = series.times.times();
        const auto& values = series.values.numbers();
        std::optional<Annotation> open;
        for (size_t i = 0; i < times.size() && i < values.size(); ++i) {
            if (plan.valueIsTime ? !std::isfinite(values[i]) || std::abs(values[i]) > 9e15 : !(values[i] > 0))
                continue;
            const qint64 at = plan.valueIsTime ? qint64(std::floor(values[i])) : times[i];
            if (open && open->toMs + plan.joinMs >= at) {
                open->toMs = at;
                continue;
            }
            if (open)
                all.push_back(std::move(*open));
            open = base;
            open->fromMs = open->toMs = at;
        }
        if (open)
            all.push_back(std::move(*open));
    }
    std::stable_sort(all.begin(), all.end(), [](const Annotation& a, const Annotation& b) { return a.fromMs < b.fromMs; });
    return all;
}

QStringList unsupportedAnnotations(const Dashboard& dashboard)
{
    QStringList found;
    for (const AnnotationSpec& spec : dashboard.annotations) {
        const QString type = spec.datasource.type;
        const QString feature = u"annotation:"_s + type;
        // What Grafana's own database holds, operators note beside the dashboard here (ownannotations.h).
        const bool odd = !isGrafanas(spec) && type == u"loki";
        if (odd && spec.enable && !found.contains(feature))
            found << feature;
    }
    return found;
}

std::vector<Exemplar> exemplarsFrom(const Json& data, const QString& refId, qint64 stepMs)
{
    const auto labelsOf = [](const Json& json) {
        Labels labels;
        for (const auto& [name, value] : json.members())
            labels.insert(name, value.toString());
        return labels;
    };
    std::map<qint64, std::vector<Exemplar>> byStep;
    double count = 0;
    double mean = 0;
    double squares = 0;
    for (const Json& series : data.items()) {
        const Labels own = labelsOf(series[u"seriesLabels"]);
        for (const Json& json : series[u"exemplars"].items()) {
            Exemplar one;
            one.refId = refId;
            one.series = own;
            one.labels = labelsOf(json[u"labels"]);
            bool number = false;
            one.value = json[u"value"].scalarText().toDouble(&number);
            const double seconds = json[u"timestamp"].toDouble(qQNaN());
            if (!number || !std::isfinite(one.value) || !(std::abs(seconds) < 9e12))
                continue;
            one.timeMs = qint64(std::llround(seconds * 1000));
            count += 1;
            const double delta = one.value - mean;
            mean += delta / count;
            squares += delta * (one.value - mean);
            byStep[one.timeMs / std::max<qint64>(1, stepMs)].push_back(std::move(one));
        }
    }
    const double apart = count > 1 ? 2 * std::sqrt(squares / (count - 1)) : 0;
    std::vector<Exemplar> kept;
    for (auto& [step, all] : byStep) {
        std::stable_sort(all.begin(), all.end(), [](const Exemplar& a, const Exemplar& b) { return a.value > b.value; });
        double last = 0;
        for (size_t i = 0; i < all.size(); ++i) {
            if (i > 0 && last - all[i].value <= apart)
                continue;
            last = all[i].value;
            kept.push_back(std::move(all[i]));
        }
    }
    return kept;
}

} // namespace Promdeck
