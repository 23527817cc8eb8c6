#include "models/config/preview/relabelpreview.h"
#include "models/promql/gotext.h"
#include "models/promql/parser.h"

#include <QUrl>

#include <re2/re2.h>

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;
using Action = RelabelRule::Action;

namespace {

std::string valueOf(const LabelMap& labels, const std::string& name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
}

std::vector<RelabelStep::Change> changesBetween(const LabelMap& before, const LabelMap& after)
{
    std::vector<RelabelStep::Change> out;
    for (const auto& [name, value] : before) {
        const auto found = after.find(name);
        if (found == after.end())
            out.push_back({name, value, {}});
        else if (found->second != value)
            out.push_back({name, value, found->second});
    }
    for (const auto& [name, value] : after) {
        if (!before.contains(name))
            out.push_back({name, {}, value});
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
    return out;
}

bool filters(Action action)
{
    return action == Action::Keep || action == Action::Drop || action == Action::KeepEqual || action == Action::DropEqual;
}

RelabelStep stepOf(const LabelMap& before, const RelabelRule& rule)
{
    RelabelStep out;
    for (std::size_t i = 0; i < rule.sourceLabels.size(); ++i)
        out.value += (i > 0 ? rule.separator : std::string()) + valueOf(before, rule.sourceLabels[i]);
    out.usesValue = rule.action != Action::LabelMap && rule.action != Action::LabelDrop && rule.action != Action::LabelKeep;
    if (rule.action == Action::KeepEqual || rule.action == Action::DropEqual) {
        out.matched = valueOf(before, rule.targetLabel) == out.value;
        return out;
    }
    const auto match = [&rule](const std::string& text) {
        std::vector<re2::StringPiece> groups(std::size_t(rule.compiled->NumberOfCapturingGroups()) + 1);
        const bool fine = rule.compiled->Match(text, 0, text.size(), RE2::ANCHOR_BOTH, groups.data(), int(groups.size()));
        std::vector<std::string> texts;
        for (const re2::StringPiece& one : groups)
            texts.push_back(one.as_string());
        return fine ? texts : std::vector<std::string>();
    };
    if (!out.usesValue) {
        out.matched = std::any_of(before.begin(), before.end(), [&](const auto& label) { return !match(label.first).empty(); });
        return out;
    }
    const bool expression = rule.action == Action::Replace || rule.action == Action::Keep || rule.action == Action::Drop;
    out.groups = expression ? match(out.value) : std::vector<std::string>();
    out.matched = !expression || !out.groups.empty();
    return out;
}

std::optional<LabelMap> fromSelector(const QString& line)
{
    const Promql::ParseResult parsed = Promql::parse(line.toStdString());
    if (!parsed.ok() || parsed.ast.at(parsed.ast.root).kind != Promql::NodeKind::Selector)
        return {};
    const Promql::SelectorData& selector = parsed.ast.selector(parsed.ast.at(parsed.ast.root));
    LabelMap out;
    if (!selector.name.empty())
        out["__name__"] = selector.name;
    for (const Promql::Matcher& matcher : selector.matchers) {
        if (matcher.type != Promql::MatchType::Equal)
            return {};
        out[matcher.name.empty() ? "__name__" : matcher.name] = matcher.value;
    }
    return out;
}

LabelMap labelsOf(const Json& json)
{
    LabelMap out;
    for (const auto& [name, value] : json.members())
        out[name.toStdString()] = value.toString().toStdString();
    return out;
}

} // namespace

RelabelTrace traceRelabel(LabelMap labels, const std::vector<RelabelRule>& rules, bool legacyNames)
{
    RelabelTrace out;
    out.input = labels;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!rules[i].compiled)
            return out;
        RelabelStep step = stepOf(labels, rules[i]);
        step.rule = i;
        auto after = relabel(labels, {rules[i]}, legacyNames);
        if (!after) {
            step.effect = RelabelStep::Effect::Dropped;
            out.steps.push_back(std::move(step));
            return out;
        }
        step.changes = changesBetween(labels, *after);
        step.effect = filters(rules[i].action) ? RelabelStep::Effect::Kept : step.changes.empty() ? RelabelStep::Effect::Unchanged : RelabelStep::Effect::Changed;
        step.after = *after;
        labels = std::move(*after);
        out.steps.push_back(std::move(step));
    }
    out.output = std::move(labels);
    return out;
}

TargetOutcome targetOutcome(const LabelMap& relabelled)
{
    TargetOutcome out;
    const std::string address = valueOf(relabelled, "__address__");
    if (address.empty()) {
        out.problem = u"no address"_s;
        return out;
    }
    if (address.find('/') != std::string::npos)
        out.problem = u"%1 is not a valid hostname"_s.arg(QString::fromStdString(Promql::goQuote(address)));
    for (const auto& [name, value] : relabelled) {
        if (!name.starts_with("__") && !value.empty())
            out.labels[name] = value;
    }
    out.labels.try_emplace("instance", address);
    const std::string scheme = valueOf(relabelled, "__scheme__");
    std::string path = valueOf(relabelled, "__metrics_path__");
    path = path.empty() ? "/metrics" : path;
    std::string query;
    for (const auto& [name, value] : relabelled) {
        if (name.starts_with("__param_"))
            query += (query.empty() ? '?' : '&') + name.substr(8) + '=' + QUrl::toPercentEncoding(QString::fromStdString(value)).toStdString();
    }
    out.scrapeUrl = QString::fromStdString((scheme.empty() ? "http" : scheme) + "://" + address + (path.starts_with('/') ? "" : "/") + path + query);
    return out;
}

std::vector<LiveTarget> liveTargets(const Json& data)
{
    std::vector<LiveTarget> out;
    for (const Json& one : data[u"activeTargets"].items())
        out.push_back({one[u"scrapePool"].toString(), labelsOf(one[u"discoveredLabels"]), labelsOf(one[u"labels"]), one[u"scrapeUrl"].toString(), false});
    for (const Json& one : data[u"droppedTargets"].items()) {
        LiveTarget target {one[u"scrapePool"].toString(), labelsOf(one[u"discoveredLabels"]), {}, {}, true};
        if (target.job.isEmpty())
            target.job = QString::fromStdString(valueOf(target.discovered, "job"));
        out.push_back(std::move(target));
    }
    return out;
}

Result<std::vector<LabelMap>> readLabelSets(const QString& text)
{
    std::vector<LabelMap> out;
    if (text.trimmed().startsWith(u'{') || text.trimmed().startsWith(u'[')) {
        if (const auto json = Json::parse(text.toUtf8())) {
            const bool list = json->isArray();
            for (qsizetype i = 0; i < (list ? json->size() : 1); ++i)
                out.push_back(labelsOf(list ? json->at(i) : *json));
            return out;
        }
    }
    LabelMap plain;
    int number = 0;
    for (const QString& raw : text.split(u'\n')) {
        ++number;
        const QString line = raw.trimmed();
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        const qsizetype brace = line.indexOf(u'{');
        const qsizetype equals = line.indexOf(u'=');
        if (brace >= 0 && (equals < 0 || brace < equals)) {
            auto labels = fromSelector(line);
            if (!labels) {
                Error error = makeError(ErrorCode::Syntax, u"this is no set of labels"_s, {}, u"write {name=\"value\", ...}"_s);
                error.where = {{}, number, 1, number, int(raw.size()) + 1};
                return error;
            }
            out.push_back(std::move(*labels));
            continue;
        }
        const qsizetype colon = line.indexOf(u": "_s);
        const qsizetype at = equals >= 0 && (colon < 0 || equals < colon) ? equals : colon;
        if (at <= 0) {
            Error error = makeError(ErrorCode::Syntax, u"expected name=value"_s, {}, u"one label on a line, or {name=\"value\", ...}"_s);
            error.where = {{}, number, 1, number, int(raw.size()) + 1};
            return error;
        }
        QString value = line.mid(at + 1).trimmed();
        if (value.size() > 1 && value.startsWith(u'"') && value.endsWith(u'"'))
            value = QString::fromStdString(Promql::goUnquote(value.toStdString()).value_or(value.mid(1, value.size() - 2).toStdString()));
        plain[line.left(at).trimmed().toStdString()] = value.toStdString();
    }
    if (!plain.empty())
        out.push_back(std::move(plain));
    return out;
}

} // namespace Promdeck::Config
