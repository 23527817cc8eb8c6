#include "app/cli/cmdroutes.h"

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

Json testJson(const Labels& labels, const std::vector<const Config::Route*>& routes)
{
    Json given = Json::object();
    for (const auto& [name, value] : labels)
        given.set(text(name), text(value));
    QStringList receivers;
    Json::Array found;
    for (const Config::Route* route : routes) {
        receivers.append(text(route->receiver));
        found.push_back(describe(*route));
    }
    return Json::object({{u"labels"_s, given}, {u"receivers"_s, Json::strings(receivers)}, {u"routes"_s, Json::array(std::move(found))}});
}

} // namespace

void RoutesVerb::run(const QStringList& args)
{
    QStringList words;
    bool json = false;
    for (const QString& word : args) {
        if (word == u"--json") {
            json = true;
        } else if (word.startsWith(u"--")) {
            return finishWrongUsage(u"unknown option "_s + word);
        } else {
            words.append(word);
        }
    }
    const QString action = words.value(0);
    if (words.size() < 2 || (action != u"show" && action != u"test") || (action == u"show" && words.size() > 2))
        return finishWrongUsage(u"needs show or test, and an alertmanager.yml"_s);
    const Result<QByteArray> content = readWholeFile(words[1]);
    if (!content) {
        err(u"promdeck: %1: %2"_s.arg(words[1], content.error().summary));
        return finish(ExitUsage);
    }
    QString error;
    const std::optional<Labels> labels = readLabels(words.mid(2), error);
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
                err(u"%1:%2:%3: error: %4 [%5]"_s.arg(words[1]).arg(one.span.start.line).arg(one.span.start.column).arg(one.message, one.code));
        }
        return finish(ExitFindings);
    }
    if (action == u"show") {
        QStringList lines {lineOf(*tree)};
        addLines(*tree, {}, lines);
        out(json ? QString::fromUtf8(treeJson(*tree).toUtf8()) : lines.join(u'\n'));
        return finish(ExitOk);
    }
    const std::vector<const Config::Route*> routes = tree->match(*labels);
    if (json) {
        out(QString::fromUtf8(testJson(*labels, routes).toUtf8()));
    } else {
        QStringList receivers;
        for (const Config::Route* route : routes)
            receivers.append(text(route->receiver));
        out(receivers.join(u','));
    }
    finish(ExitOk);
}

} // namespace Promdeck::Cli
