#include "app/cli/routetests.h"

#include "models/config/yamldocument.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using Config::AlertLabels;
using Config::YamlEntry;
using Config::YamlNode;

namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// Labels of a mapping; false where it is none, or holds something else than texts.
bool readLabels(const YamlNode& node, AlertLabels& out)
{
    if (!node.isMapping())
        return false;
    for (const YamlEntry& entry : node.entries) {
        if (!entry.key->isScalar() || !entry.value->isScalar())
            return false;
        out[entry.key->value] = entry.value->value;
    }
    return true;
}

/// What is wrong with the value of one key; empty when it was taken.
QString readKey(const std::string& key, const YamlNode& value, RouteTest& test)
{
    if (key == "labels")
        return readLabels(value, test.labels) ? QString() : u"labels is no map of texts"_s;
    if (key == "receivers") {
        if (!value.isSequence())
            return u"receivers is no list"_s;
        for (const auto& item : value.items)
            test.receivers.push_back(item.value->value);
        return {};
    }
    if (key == "firing") {
        for (const auto& item : value.items) {
            if (!readLabels(*item.value, test.firing.emplace_back()))
                return u"firing is no list of labels"_s;
        }
        return value.isSequence() ? QString() : u"firing is no list of labels"_s;
    }
    if (key == "at") {
        test.time = routeTime(text(value.value));
        return test.time ? QString() : u"%1 is no time: write RFC 3339 or seconds since 1970"_s.arg(text(value.value));
    }
    if (key == "muted") {
        test.muted = value.value == "true";
        return value.value == "true" || value.value == "false" ? QString() : u"muted is true or false"_s;
    }
    return u"unknown key %1: one of labels, receivers, at, firing, muted"_s.arg(text(key));
}

} // namespace

std::optional<QDateTime> routeTime(const QString& text)
{
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    constexpr double kFarthest = 253'402'300'799; // the end of the year 9999
    if (isNumber && !(std::abs(seconds) <= kFarthest))
        return {};
    const QDateTime time = isNumber ? QDateTime::fromMSecsSinceEpoch(qint64(seconds * 1000), Qt::UTC) : QDateTime::fromString(text, Qt::ISODateWithMs);
    return time.isValid() ? std::optional<QDateTime>(time) : std::nullopt;
}

RouteOutcome Routing::outcome(const AlertLabels& labels, const std::optional<QDateTime>& time, const std::vector<AlertLabels>& firing) const
{
    RouteOutcome out;
    for (const Config::Route* route : tree.match(labels))
        out.ends.push_back({route, time ? Config::muteOf(*route, intervals, *time) : Config::RouteMute()});
    for (const Config::InhibitRule& rule : inhibitRules) {
        if (const AlertLabels* other = rule.inhibitor(labels, firing)) {
            out.inhibitedBy = &rule;
            out.inhibitor = other;
            break;
        }
    }
    return out;
}

RouteTests readRouteTests(std::string_view yaml)
{
    RouteTests out;
    const Config::YamlDocument document = Config::YamlDocument::parse(yaml);
    if (!document.ok()) {
        const Config::YamlError& error = document.errors().front();
        out.error = u"%1: %2"_s.arg(error.span.start.line).arg(text(error.message));
        return out;
    }
    const YamlNode* root = document.root();
    if (!root || !root->isSequence()) {
        out.error = u"1: route tests are a list"_s;
        return out;
    }
    for (const Config::YamlItem& item : root->items) {
        RouteTest& test = out.tests.emplace_back();
        test.line = item.span.start.line;
        QString problem = item.value->isMapping() ? QString() : u"a route test is a map"_s;
        for (const YamlEntry& entry : item.value->entries) {
            if (problem.isEmpty())
                problem = readKey(entry.key->value, *entry.value, test);
        }
        if (problem.isEmpty() && test.receivers.empty())
            problem = u"a route test needs receivers"_s;
        if (!problem.isEmpty()) {
            out.error = u"%1: %2"_s.arg(test.line).arg(problem);
            return out;
        }
    }
    return out;
}

QString routeTestFailure(const RouteTest& test, const RouteOutcome& outcome)
{
    QStringList wanted;
    for (const std::string& name : test.receivers)
        wanted.append(text(name));
    QStringList got;
    for (const RouteOutcome::End& end : outcome.ends)
        got.append(text(end.route->receiver));
    if (wanted != got)
        return u"expected %1, the alert goes to %2"_s.arg(wanted.join(u','), got.join(u','));
    const bool allMuted = std::all_of(outcome.ends.begin(), outcome.ends.end(), [](const RouteOutcome::End& end) { return end.mute.isMuted; });
    const bool muted = outcome.inhibitedBy || allMuted;
    if (test.muted && *test.muted != muted)
        return muted ? u"expected a notification, but %1"_s.arg(outcome.inhibitedBy ? u"another alert inhibits it"_s : u"a time interval mutes it"_s)
                     : u"expected silence, but nothing mutes it"_s;
    return {};
}

} // namespace Promdeck::Cli
