#include "app/cli/cmdroutes.h"

#include "app/cli/routetests.h"
#include "models/config/alertmanager/routes.h"
#include "models/config/rules/rules.h"
#include "models/core/files.h"
#include "models/core/json.h"

#include <map>
#include <optional>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

using Labels = std::map<std::string, std::string>;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

Json list(const std::vector<std::string>& items)
{
    QStringList out;
    for (const std::string& item : items)
        out.append(text(item));
    return Json::strings(out);
}

/// Everything that counts for an alert in this route, without its children. Durations are seconds.
Json describe(const Config::Route& route)
{
    const std::vector<std::string> groupBy = route.groupByAll
        ? std::vector<std::string> {"..."}
        : std::vector<std::string>(route.groupBy.begin(), route.groupBy.end());
    std::vector<std::string> matchers;
    for (const Config::Matcher& matcher : route.matchers)
        matchers.push_back(Config::matcherText(matcher));
    return Json::object({{u"key"_s, text(route.key())},
                         {u"receiver"_s, text(route.receiver)},
                         {u"matchers"_s, list(matchers)},
                         {u"continue"_s, route.continues},
                         {u"groupBy"_s, list(groupBy)},
                         {u"groupWait"_s, double(route.groupWaitMs) / 1000},
                         {u"groupInterval"_s, double(route.groupIntervalMs) / 1000},
                         {u"repeatInterval"_s, double(route.repeatIntervalMs) / 1000},
                         {u"muteTimeIntervals"_s, list(route.muteTimeIntervals)},
                         {u"activeTimeIntervals"_s, list(route.activeTimeIntervals)},
                         {u"line"_s, route.span.start.line}});
}

Json treeJson(const Config::Route& route)
{
    Json out = describe(route);
    Json::Array children;
    for (const auto& child : route.children)
        children.push_back(treeJson(*child));
    out.set(u"routes"_s, Json::array(std::move(children)));
    return out;
}

QString lineOf(const Config::Route& route)
{
    QString line = route.parent ? text(route.matchersText()) : u"default-route"_s;
    if (route.continues)
        line += u"  continue: true"_s;
    return line + u"  receiver: "_s + text(route.receiver);
}

void addLines(const Config::Route& route, const QString& indent, QStringList& lines)
{
    for (std::size_t i = 0; i < route.children.size(); ++i) {
        const bool last = i + 1 == route.children.size();
        lines.append(indent + (last ? u"└── "_s : u"├── "_s) + lineOf(*route.children[i]));
        addLines(*route.children[i], indent + (last ? u"    "_s : u"│   "_s), lines);
    }
}

/// `name=value`, the value perhaps quoted.
std::optional<Labels> readLabels(const QStringList& words, QString& error)
{
    Labels labels;
    for (const QString& word : words) {
        const Config::MatcherResult parsed = Config::parseMatcher(word.toStdString(), Config::MatcherMode::Fallback);
        if (!parsed.ok() || parsed.matchers.front().op != Config::Matcher::Op::Equal) {
            error = u"%1 is no label: write name=value"_s.arg(word);
            return {};
        }
        labels[parsed.matchers.front().name] = parsed.matchers.front().value;
    }
    return labels;
}

Json labelsJson(const Labels& labels)
{
    Json out = Json::object();
    for (const auto& [name, value] : labels)
        out.set(text(name), text(value));
    return out;
}

Json outcomeJson(const Labels& labels, const RouteOutcome& outcome, const std::optional<QDateTime>& time)
{
    QStringList receivers;
    Json::Array found;
    for (const RouteOutcome::End& end : outcome.ends) {
        receivers.append(text(end.route->receiver));
        Json route = describe(*end.route);
        if (time)
            route.set(u"muted"_s, end.mute.isMuted);
        if (end.mute.isMuted)
            route.set(u"mutedBy"_s, list(end.mute.intervals));
        found.push_back(std::move(route));
    }
    Json out = Json::object({{u"labels"_s, labelsJson(labels)}, {u"receivers"_s, Json::strings(receivers)}, {u"routes"_s, Json::array(std::move(found))}});
    if (time)
        out.set(u"at"_s, time->toUTC().toString(Qt::ISODate));
    if (outcome.inhibitedBy)
        out.set(u"inhibitedBy"_s, Json::object({{u"line"_s, outcome.inhibitedBy->span.start.line}, {u"labels"_s, labelsJson(*outcome.inhibitor)}}));
    return out;
}

/// Behind the receivers: what keeps each of them silent, and what inhibits the alert.
QStringList silenceLines(const RouteOutcome& outcome)
{
    QStringList lines;
    for (const RouteOutcome::End& end : outcome.ends) {
        if (!end.mute.isMuted)
            continue;
        QStringList names;
        for (const std::string& name : end.mute.intervals)
            names.append(text(name));
        lines.append(end.mute.isInactive ? u"%1: silent, none of %2 holds"_s.arg(text(end.route->receiver), names.join(u", "))
                                         : u"%1: muted by %2"_s.arg(text(end.route->receiver), names.join(u", ")));
    }
    if (outcome.inhibitedBy)
        lines.append(u"inhibited by the rule in line %1"_s.arg(outcome.inhibitedBy->span.start.line));
    return lines;
}

struct Request
{
    QStringList words;
    bool json = false;
    std::optional<QDateTime> time;
    std::vector<Labels> firing;
    QString tests; ///< a file of route tests
    QString error;
};

Request readArguments(const QStringList& args)
{
    Request request;
    for (qsizetype i = 0; i < args.size() && request.error.isEmpty(); ++i) {
        const QString option = args[i].startsWith(u"--") ? args[i].section(u'=', 0, 0) : QString();
        if (option.isEmpty()) {
            request.words.append(args[i]);
            continue;
        }
        if (option == u"--json") {
            request.json = true;
            continue;
        }
        if (option != u"--at" && option != u"--firing" && option != u"--tests") {
            request.error = u"unknown option "_s + option;
            break;
        }
        const bool joined = args[i].contains(u'=');
        if (!joined && i + 1 >= args.size()) {
            request.error = option + u" needs a value"_s;
            break;
        }
        const QString value = joined ? args[i].section(u'=', 1) : args[++i];
        if (option == u"--tests") {
            request.tests = value;
        } else if (option == u"--at") {
            request.time = value == u"now" ? QDateTime::currentDateTimeUtc() : routeTime(value);
            if (!request.time)
                request.error = u"%1 is no time: write RFC 3339, seconds since 1970, or now"_s.arg(value);
        } else {
            Labels labels;
            const Config::MatcherResult parsed = Config::parseMatchers(value.toStdString(), Config::MatcherMode::Fallback);
            for (const Config::Matcher& matcher : parsed.matchers)
                labels[matcher.name] = matcher.value;
            if (!parsed.ok() || labels.empty())
                request.error = u"%1 are no labels: write name=value,name=value"_s.arg(value);
            request.firing.push_back(std::move(labels));
        }
    }
    return request;
}

} // namespace

void RoutesVerb::run(const QStringList& args)
{
    const Request request = readArguments(args);
    const QString action = request.words.value(0);
    const bool batch = !request.tests.isEmpty();
    const bool known = action == u"test" || (action == u"show" && !batch && !request.time && request.firing.empty());
    if (!request.error.isEmpty())
        return finishWrongUsage(request.error);
    if (request.words.size() < 2 || !known || ((action == u"show" || batch) && request.words.size() > 2))
        return finishWrongUsage(u"needs show or test, and an alertmanager.yml"_s);
    const QString& path = request.words[1];
    const Result<QByteArray> content = readWholeFile(path);
    if (!content) {
        err(u"promdeck: %1: %2"_s.arg(path, content.error().summary));
        return finish(ExitUsage);
    }
    QString error;
    const std::optional<Labels> labels = readLabels(request.words.mid(2), error);
    if (!labels) {
        err(u"promdeck: "_s + error);
        return finish(ExitUsage);
    }
    const Config::YamlDocument document = Config::YamlDocument::parse({content->constData(), std::size_t(content->size())});
    Config::Checker checker(document, Config::YamlDialect::V2, Config::alertmanagerRules());
    checker.checkRoot("alertmanager.Config");
    const std::unique_ptr<Config::Route> tree = Config::routingTree(checker.root());
    if (checker.hasErrors() || !tree) {
        for (const Config::Diagnostic& one : checker.diagnostics()) {
            if (one.severity == Config::Severity::Error)
                err(u"%1:%2:%3: error: %4 [%5]"_s.arg(path).arg(one.span.start.line).arg(one.span.start.column).arg(one.message, one.code));
        }
        return finish(ExitFindings);
    }
    if (action == u"show") {
        QStringList lines {lineOf(*tree)};
        addLines(*tree, {}, lines);
        out(request.json ? QString::fromUtf8(treeJson(*tree).toUtf8()) : lines.join(u'\n'));
        return finish(ExitOk);
    }
    const Routing routing {*tree, Config::timeIntervalsOf(checker.root()), Config::inhibitRulesOf(checker.root())};
    if (batch)
        return runTests(routing, request.tests, request.json);
    const RouteOutcome outcome = routing.outcome(*labels, request.time, request.firing);
    if (request.json) {
        out(QString::fromUtf8(outcomeJson(*labels, outcome, request.time).toUtf8()));
        return finish(ExitOk);
    }
    QStringList receivers;
    for (const RouteOutcome::End& end : outcome.ends)
        receivers.append(text(end.route->receiver));
    out(receivers.join(u','));
    for (const QString& line : silenceLines(outcome))
        out(line);
    finish(ExitOk);
}

void RoutesVerb::runTests(const Routing& routing, const QString& path, bool json)
{
    const Result<QByteArray> content = readWholeFile(path);
    const RouteTests file = content ? readRouteTests({content->constData(), std::size_t(content->size())}) : RouteTests {{}, content.error().summary};
    if (!file.error.isEmpty()) {
        err(u"promdeck: %1:%2"_s.arg(path, file.error));
        return finish(ExitUsage);
    }
    Json::Array results;
    int failed = 0;
    for (const RouteTest& test : file.tests) {
        const RouteOutcome outcome = routing.outcome(test.labels, test.time, test.firing);
        const QString failure = routeTestFailure(test, outcome);
        failed += !failure.isEmpty();
        if (json) {
            Json one = outcomeJson(test.labels, outcome, test.time);
            one.set(u"line"_s, test.line);
            one.set(u"ok"_s, failure.isEmpty());
            if (!failure.isEmpty())
                one.set(u"failure"_s, failure);
            results.push_back(std::move(one));
        } else if (!failure.isEmpty()) {
            out(u"%1:%2: %3"_s.arg(path).arg(test.line).arg(failure));
        }
    }
    if (json)
        out(QString::fromUtf8(Json::object({{u"tests"_s, Json::array(std::move(results))}, {u"failed"_s, failed}}).toUtf8()));
    else
        err(u"%1 route tests, %2 failed"_s.arg(file.tests.size()).arg(failed));
    finish(failed > 0 ? ExitFindings : ExitOk);
}

} // namespace Promdeck::Cli
