#include "models/query/otherqueries.h"

#include "models/promql/parser.h"
#include "models/promql/rewrite.h"
#include "models/query/annotations.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QPointer>
#include <QRegularExpression>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Matchers of a selector, ready to be asked.
class LabelFilter
{
public:
    static Result<LabelFilter> parse(const QString& selector)
    {
        LabelFilter filter;
        const std::string text = selector.toStdString();
        const Promql::ParseResult parsed = Promql::parse(text);
        if (!parsed.ok()) {
            return makeError(ErrorCode::Syntax, u"The panel's label filter is wrong"_s,
                             QString::fromStdString(Promql::formatProblem(text, parsed.problems.front())),
                             u"Write it as {name=\"value\"}"_s);
        }
        for (const Promql::SelectorUse& use : Promql::selectors(parsed.ast)) {
            for (const Promql::Matcher& matcher : use.matchers) {
                if (matcher.name == "__name__")
                    continue;
                Rule rule;
                rule.type = matcher.type;
                rule.name = QString::fromStdString(matcher.name);
                rule.value = QString::fromStdString(matcher.value);
                rule.pattern = QRegularExpression(QRegularExpression::anchoredPattern(rule.value),
                                                  QRegularExpression::DotMatchesEverythingOption);
                filter.m_rules.push_back(std::move(rule));
            }
        }
        return filter;
    }
    [[nodiscard]] bool matches(const Labels& labels) const
    {
        return std::all_of(m_rules.begin(), m_rules.end(), [&](const Rule& rule) {
            const QString value = labels.value(rule.name);
            switch (rule.type) {
            case Promql::MatchType::Equal: return value == rule.value;
            case Promql::MatchType::NotEqual: return value != rule.value;
            case Promql::MatchType::Regexp: return rule.pattern.match(value).hasMatch();
            case Promql::MatchType::NotRegexp: return !rule.pattern.match(value).hasMatch();
            }
            return false;
        });
    }

private:
    struct Rule
    {
        Promql::MatchType type = Promql::MatchType::Equal;
        QString name;
        QString value;
        QRegularExpression pattern;
    };
    std::vector<Rule> m_rules;
};

Labels labelsOf(const Json& json)
{
    Labels labels;
    for (const auto& [name, value] : json.members())
        labels.insert(name, value.toString());
    return labels;
}

Json jsonOf(const Labels& labels)
{
    Json out = Json::object();
    for (const auto& [name, value] : labels)
        out.set(name, value);
    return out;
}

qint64 timeOf(const Json& value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() && time.date().year() > 1 ? time.toMSecsSinceEpoch() : 0;
}

Field column(const QString& name, FieldType type, Column values)
{
    Field field;
    field.name = name;
    field.type = type;
    field.values = std::move(values);
    return field;
}

/// The rows of an alert frame while they are collected.
struct AlertRows
{
    Column::Times times;
    Column::Strings names;
    Column::Strings states;
    Column::Strings groups;
    Column::Mixed labels;
    Column::Mixed annotations;
    Column::Strings values;

    void add(qint64 time, const QString& name, const QString& state, const QString& group, const Labels& own, const Json& notes,
             const QString& value)
    {
        times.push_back(time);
        names.push_back(name);
        states.push_back(state);
        groups.push_back(group);
        labels.push_back(jsonOf(own));
        annotations.push_back(notes.isObject() ? notes : Json::object());
        values.push_back(value);
    }
};

} // namespace

Frame logFrame(const LogAnswer& answer, const QString& refId, const QString& expr)
{
    Column::Times times;
    Column::Strings lines;
    Column::Mixed labels;
    Column::Strings exact;
    std::vector<Json> streams;
    for (const Labels& stream : answer.streams)
        streams.push_back(jsonOf(stream));
    for (const LogLine& line : answer.lines) {
        times.push_back(line.timeNs / 1'000'000);
        lines.push_back(line.line);
        labels.push_back(streams[size_t(line.stream)]);
        exact.push_back(QString::number(line.timeNs));
    }
    Frame frame;
    frame.refId = refId;
    frame.meta.type = u"log-lines"_s;
    frame.meta.expr = expr;
    frame.meta.preferredVisualisation = u"logs"_s;
    frame.fields = {column(u"Time"_s, FieldType::Time, Column(std::move(times))),
                    column(u"Line"_s, FieldType::String, Column(std::move(lines))),
                    column(u"labels"_s, FieldType::Other, Column(std::move(labels))),
                    column(u"tsNs"_s, FieldType::String, Column(std::move(exact)))};
    return frame;
}

Result<Frame> alertFrame(const Json& rules, const QString& selector, const QString& refId)
{
    const Result<LabelFilter> filter = LabelFilter::parse(selector);
    if (!filter)
        return filter.error();
    AlertRows rows;
    for (const Json& group : rules[u"groups"].items()) {
        const QString groupName = group[u"name"].toString();
        for (const Json& rule : group[u"rules"].items()) {
            if (rule[u"type"].toString() != u"alerting")
                continue;
            const QString name = rule[u"name"].toString();
            for (const Json& alert : rule[u"alerts"].items()) {
                const Labels labels = labelsOf(alert[u"labels"]);
                if (filter->matches(labels)) {
                    rows.add(timeOf(alert[u"activeAt"]), name, alert[u"state"].toString(), groupName, labels,
                             alert[u"annotations"], alert[u"value"].scalarText());
                }
            }
            Labels own = labelsOf(rule[u"labels"]);
            own.insert(u"alertname"_s, name);
            const bool failed = rule[u"health"].toString() == u"err";
            if ((rule[u"alerts"].size() == 0 || failed) && filter->matches(own)) {
                rows.add(timeOf(rule[u"lastEvaluation"]), name, failed ? u"error"_s : u"normal"_s, groupName, own,
                         failed ? Json::object({{u"summary"_s, rule[u"lastError"].toString()}}) : rule[u"annotations"], {});
            }
        }
    }
    Frame frame;
    frame.refId = refId;
    frame.meta.type = u"alerts"_s;
    frame.meta.expr = selector;
    frame.fields = {column(u"Time"_s, FieldType::Time, Column(std::move(rows.times))),
                    column(u"alertname"_s, FieldType::String, Column(std::move(rows.names))),
                    column(u"state"_s, FieldType::String, Column(std::move(rows.states))),
                    column(u"group"_s, FieldType::String, Column(std::move(rows.groups))),
                    column(u"labels"_s, FieldType::Other, Column(std::move(rows.labels))),
                    column(u"annotations"_s, FieldType::Other, Column(std::move(rows.annotations))),
                    column(u"value"_s, FieldType::String, Column(std::move(rows.values)))};
    return frame;
}

namespace {

QCoro::Task<QueryOutcome> runOtherQuery(std::shared_ptr<StackConnection> stack, std::shared_ptr<LokiClient> loki,
                                        PlannedQuery query, std::stop_token stop)
{
    QueryOutcome outcome;
    QElapsedTimer timer;
    timer.start();
    if (query.kind == PlannedQuery::Kind::Alerts) {
        QList<std::pair<QString, QString>> parameters;
        parameters.emplaceBack(u"type"_s, u"alert"_s);
        const Result<Json> rules = co_await stack->prometheus().data(u"rules"_s, std::move(parameters), stop);
        outcome.seconds = double(timer.elapsed()) / 1000;
        Result<Frame> frame = rules ? alertFrame(*rules, query.expr, query.refId) : Result<Frame>(rules.error());
        if (frame)
            outcome.frames = std::make_shared<const Frames>(Frames {*std::move(frame)});
        else
            outcome.error = frame.error();
        co_return outcome;
    }
    if (query.kind == PlannedQuery::Kind::Exemplars) {
        QList<std::pair<QString, QString>> parameters;
        parameters.emplaceBack(u"query"_s, query.expr);
        parameters.emplaceBack(u"start"_s, QString::number(double(query.startMs) / 1000, 'f', 3));
        parameters.emplaceBack(u"end"_s, QString::number(double(query.endMs) / 1000, 'f', 3));
        const Result<Json> answer = co_await stack->prometheus().data(u"query_exemplars"_s, std::move(parameters), stop);
        outcome.seconds = double(timer.elapsed()) / 1000;
        if (answer)
            outcome.exemplars = exemplarsFrom(*answer, query.refId, query.stepMs);
        else
            outcome.error = answer.error();
        co_return outcome;
    }
    if (!loki) {
        outcome.error = makeError(ErrorCode::Unsupported, u"The stack has no Loki"_s, {}, u"Add its address to the stack"_s);
        co_return outcome;
    }
    if (query.kind == PlannedQuery::Kind::LokiLogs) {
        const Result<LogAnswer> answer
            = co_await loki->logs(query.expr, query.startMs, query.endMs, query.lineLimit, query.backward, stop);
        if (answer) {
            outcome.seconds = answer->seconds;
            outcome.bytes = answer->bytes;
            outcome.frames = std::make_shared<const Frames>(Frames {logFrame(*answer, query.refId, query.expr)});
        } else {
            outcome.error = answer.error();
        }
        co_return outcome;
    }
    Result<QueryAnswer> answer;
    if (query.instant)
        answer = co_await loki->queryInstant(query.expr, query.endMs, stop);
    else
        answer = co_await loki->queryRange(query.expr, query.startMs, query.endMs, query.stepMs, stop);
    if (answer) {
        outcome.seconds = answer->seconds;
        outcome.bytes = answer->bytes;
        outcome.result = std::make_shared<const QueryResult>(std::move(answer->result));
    } else {
        outcome.error = answer.error();
    }
    co_return outcome;
}

/// Holds everything it needs: its caller may be gone before the answer is there.
QCoro::Task<void> deliver(std::shared_ptr<StackConnection> stack, std::shared_ptr<LokiClient> loki, PlannedQuery query,
                          QPointer<QObject> receiver, std::function<void(const QueryOutcome&)> done, std::stop_token stop)
{
    const QueryOutcome outcome = co_await runOtherQuery(std::move(stack), std::move(loki), std::move(query), std::move(stop));
    // Through the event loop: an answer that is there at once must not come while others are still asked.
    if (receiver)
        QMetaObject::invokeMethod(receiver.data(), [done, outcome] { done(outcome); }, Qt::QueuedConnection);
}

} // namespace

OtherQueries::OtherQueries(std::shared_ptr<StackConnection> stack) : m_stack(std::move(stack))
{
    const QUrl url = m_stack->profile().loki;
    if (!url.isEmpty())
        m_loki = std::make_shared<LokiClient>(url, m_stack->optionsFor(url));
}

void OtherQueries::ask(const PlannedQuery& query, QObject* receiver, std::function<void(const QueryOutcome&)> done,
                       std::stop_token stop)
{
    deliver(m_stack, m_loki, query, receiver, std::move(done), std::move(stop));
}

} // namespace Promdeck
