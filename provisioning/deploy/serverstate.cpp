#include "provisioning/deploy/serverstate.h"

#include "models/config/configtext.h"
#include "models/config/filechecker.h"
#include "models/config/yamldocument.h"
#include "models/core/duration.h"
#include "models/core/json.h"
#include "provisioning/deploy/semanticdiff.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::FileKind;
using Config::YamlDocument;
using Config::YamlItem;
using Config::YamlNode;

namespace {

const YamlNode* at(const YamlNode* node, std::string_view key)
{
    const Config::YamlEntry* entry = node && node->isMapping() ? node->find(key) : nullptr;
    return entry ? entry->value : nullptr;
}

const std::vector<YamlItem>& itemsAt(const YamlNode* node, std::string_view key)
{
    static const std::vector<YamlItem> none;
    const YamlNode* list = at(node, key);
    return list && list->isSequence() ? list->items : none;
}

QString scalar(const YamlNode* node)
{
    return node && node->isScalar() ? Config::text(node->value) : QString();
}

YamlDocument parse(const QByteArray& text)
{
    return YamlDocument::parse({text.constData(), std::size_t(text.size())});
}

bool isPrometheus(const WorkspaceUnit& unit)
{
    return unit.component->kind == FileKind::Prometheus;
}

QByteArray baseUrl(const WorkspaceUnit& unit)
{
    QByteArray url = unit.url.toEncoded();
    return url.endsWith('/') ? url : url + '/';
}

void readMetrics(const WorkspaceUnit& unit, const QByteArray& text, ServerState& out)
{
    const QByteArray prefix(unit.component->metricPrefix.data(), qsizetype(unit.component->metricPrefix.size()));
    for (const QByteArray& line : text.split('\n')) {
        const qsizetype blank = line.lastIndexOf(' ');
        const QByteArray name = line.left(blank);
        const double value = line.mid(blank + 1).toDouble();
        if (name == prefix + "_config_last_reload_successful")
            out.reloadSuccessful = value == 1;
        else if (name == prefix + "_config_last_reload_success_timestamp_seconds")
            out.reloadedAt = value;
        else if (name == "process_start_time_seconds")
            out.startedAt = value;
        else if (name.startsWith("prometheus_build_info"))
            out.version = QString::fromUtf8(name).section(u"version=\""_s, 1).section(u'"', 0, 0);
    }
}

std::set<QString> jobsOf(const YamlNode* root)
{
    std::set<QString> jobs;
    for (const YamlItem& item : itemsAt(root, "scrape_configs"))
        jobs.insert(scalar(at(item.value, "job_name")));
    return jobs;
}

qint64 durationOr(const YamlNode* node, qint64 fallback)
{
    return node && node->isScalar() ? qint64(parsePrometheusDuration(node->value).value_or(fallback)) : fallback;
}

void readConfig(const QByteArray& yaml, ServerState& out)
{
    const YamlDocument document = parse(yaml);
    const YamlNode* root = document.root();
    out.jobs = jobsOf(root);
    const qint64 interval = durationOr(at(at(root, "global"), "scrape_interval"), 60'000);
    const qint64 timeout = durationOr(at(at(root, "global"), "scrape_timeout"), 10'000);
    for (const YamlItem& item : itemsAt(root, "scrape_configs"))
        out.longestScrapeMs = std::max(out.longestScrapeMs, durationOr(at(item.value, "scrape_interval"), interval) + durationOr(at(item.value, "scrape_timeout"), timeout));
}

/// Seconds since the epoch of "2024-05-01T10:00:00.123456789Z"; fractions and zone as Go writes them.
qint64 secondsOf(const QString& time)
{
    static const QRegularExpression fraction(u"\\.\\d+"_s);
    return QDateTime::fromString(QString(time).remove(fraction), Qt::ISODate).toSecsSinceEpoch();
}

void readTargets(const Json& data, const FreshTargets& fresh, ServerState& out)
{
    for (const Json& target : data[u"activeTargets"].items()) {
        const QString name = target[u"scrapePool"].toString(target[u"labels"][u"job"].toString());
        JobHealth& job = out.health[name];
        QString health = target[u"health"].toString();
        if ((fresh.all || fresh.jobs.contains(name)) && secondsOf(target[u"lastScrape"].toString()) < fresh.since)
            health.clear();
        ++(health == u"up" ? job.up : health == u"down" ? job.down : job.unknown);
        ++out.targets;
    }
}

void readRules(const Json& data, const QString& live, ServerState& out)
{
    for (const Json& group : data[u"groups"].items()) {
        QString file = group[u"file"].toString();
        if (!file.startsWith(u'/'))
            file = QDir::cleanPath(live + u'/' + file);
        for (const Json& rule : group[u"rules"].items()) {
            out.rules.insert({QDir::cleanPath(file), group[u"name"].toString(), rule[u"name"].toString()});
            for (const Json& alert : rule[u"alerts"].items()) {
                if (alert[u"state"].toString() == u"firing")
                    out.firing.insert(QString::fromUtf8(alert[u"labels"].toUtf8()));
            }
        }
    }
}

std::set<QString> receiversOf(const YamlNode* root)
{
    std::set<QString> names;
    for (const YamlItem& item : itemsAt(root, "receivers"))
        names.insert(scalar(at(item.value, "name")));
    return names;
}

Json dataOf(const HttpReply& reply)
{
    const Result<Json> json = reply.status == 200 ? Json::parse(reply.body) : Result<Json>(Json());
    return json ? (*json)[u"data"] : Json();
}

bool matchesAny(const QString& path, const QStringList& patterns)
{
    for (const QString& pattern : patterns) {
        if (QRegularExpression(QRegularExpression::wildcardToRegularExpression(pattern)).match(path).hasMatch())
            return true;
    }
    return false;
}

QString counts(const JobHealth& job)
{
    return u"%1 of %2 up"_s.arg(job.up).arg(job.all());
}

} // namespace

QList<QByteArray> stateUrls(const WorkspaceUnit& unit)
{
    if (unit.url.isEmpty())
        return {};
    const QByteArray base = baseUrl(unit);
    if (isPrometheus(unit))
        return {"metrics:" + base + "metrics", base + "api/v1/status/config", base + "api/v1/targets?state=active", base + "api/v1/rules"};
    if (unit.component->kind == FileKind::Alertmanager)
        return {"metrics:" + base + "metrics", base + "api/v2/status"};
    if (unit.component->kind == FileKind::Blackbox)
        return {"metrics:" + base + "metrics", base + "config"};
    return {"metrics:" + base + "metrics"};
}

ServerState readState(const WorkspaceUnit& unit, const std::vector<HttpReply>& replies, const FreshTargets& fresh)
{
    ServerState out;
    if (replies.empty())
        return out;
    out.answers = replies[0].status == 200;
    if (!out.answers)
        return out;
    readMetrics(unit, replies[0].body, out);
    if (isPrometheus(unit) && replies.size() >= 4) {
        out.config = dataOf(replies[1])[u"yaml"].toString().toUtf8();
        readConfig(out.config, out);
        readTargets(dataOf(replies[2]), fresh, out);
        readRules(dataOf(replies[3]), Workspace::liveFolder(unit), out);
    } else if (unit.component->kind == FileKind::Alertmanager && replies.size() >= 2) {
        const Result<Json> status = Json::parse(replies[1].body);
        out.config = status ? (*status)[u"config"][u"original"].toString().toUtf8() : QByteArray();
        const YamlDocument document = parse(out.config);
        out.receivers = receiversOf(document.root());
    } else if (replies.size() >= 2) {
        out.config = replies[1].body;
    }
    return out;
}

ExpectedState expectedState(const WorkspaceUnit& unit, const std::map<QByteArray, QByteArray>& candidate, const QList<QByteArray>& removed)
{
    ExpectedState out;
    const QString live = Workspace::liveFolder(unit);
    const auto main = candidate.find(QFile::encodeName(live + u'/' + unit.config));
    if (main == candidate.end())
        return out;
    const YamlDocument document = parse(main->second);
    if (unit.component->kind == FileKind::Alertmanager)
        out.receivers = receiversOf(document.root());
    if (!isPrometheus(unit))
        return out;
    const QString folder = live + u'/' + unit.config.section(u'/', 0, -2);
    QStringList patterns;
    for (const YamlItem& item : itemsAt(document.root(), "rule_files"))
        patterns << QDir::cleanPath(Config::resolvePath(folder, scalar(item.value)));
    QStringList scrapePatterns;
    for (const YamlItem& item : itemsAt(document.root(), "scrape_config_files"))
        scrapePatterns << QDir::cleanPath(Config::resolvePath(folder, scalar(item.value)));
    out.jobs = jobsOf(document.root());
    for (const auto& [path, content] : candidate) {
        const QString name = QDir::cleanPath(QFile::decodeName(path));
        if (matchesAny(name, scrapePatterns))
            out.jobs.merge(jobsOf(parse(content).root()));
        if (!matchesAny(name, patterns))
            continue;
        out.ruleFiles.insert(name);
        const YamlDocument rules = parse(content);
        for (const YamlItem& group : itemsAt(rules.root(), "groups")) {
            for (const YamlItem& rule : itemsAt(group.value, "rules")) {
                const YamlNode* alert = at(rule.value, "alert");
                out.rules.insert({name, scalar(at(group.value, "name")), scalar(alert ? alert : at(rule.value, "record"))});
            }
        }
    }
    for (const QByteArray& path : removed)
        out.goneFiles.insert(QDir::cleanPath(QFile::decodeName(path)));
    return out;
}

QStringList loadedProblems(const WorkspaceUnit& unit, const ExpectedState& expected, const ServerState& state)
{
    QStringList out;
    if (unit.component->kind == FileKind::Alertmanager && !expected.receivers.empty() && expected.receivers != state.receivers)
        out << u"the receivers it has loaded are not those that were deployed"_s;
    if (!isPrometheus(unit) || expected.jobs.empty())
        return out;
    for (const QString& job : expected.jobs) {
        if (!state.jobs.contains(job))
            out << u"job %1 is not loaded"_s.arg(job);
    }
    for (const QString& job : state.jobs) {
        if (!expected.jobs.contains(job))
            out << u"job %1 is still loaded"_s.arg(job);
    }
    std::multiset<LoadedRule> ours;
    std::set<QString> gone;
    for (const LoadedRule& rule : state.rules) {
        if (expected.ruleFiles.contains(rule.file))
            ours.insert(rule);
        if (expected.goneFiles.contains(rule.file))
            gone.insert(rule.file);
    }
    if (ours != expected.rules)
        out << u"%1 rules are loaded from our files where %2 were deployed, or others"_s.arg(ours.size()).arg(expected.rules.size());
    for (const QString& file : gone)
        out << u"rules of %1 are still loaded"_s.arg(file);
    return out;
}

std::optional<QStringList> targetProblems(const WorkspaceUnit& unit, const ServerState& before, const ServerState& after, bool final, QStringList* notes)
{
    QStringList out;
    for (const auto& [job, now] : after.health) {
        if (unit.ignoreJobs.contains(job))
            continue;
        if (now.unknown > 0 && !final)
            return {};
        if (now.unknown > 0 && notes)
            notes->append(u"job %1: %2 targets were not scraped yet"_s.arg(job).arg(now.unknown));
        if (now.known() == 0)
            continue;
        const auto was = before.health.find(job);
        if (was == before.health.end() || was->second.known() == 0) {
            if (now.up == 0 && was == before.health.end()) {
                if (unit.newTargetsMayFail) {
                    if (notes)
                        notes->append(u"new job %1: none of its %2 targets is up"_s.arg(job).arg(now.known()));
                } else {
                    out << u"new job %1: none of its %2 targets is up"_s.arg(job).arg(now.known());
                }
            }
            continue;
        }
        const JobHealth& old = was->second;
        // Shares are compared by cross-multiplying: fewer targets of which all are up are no worse.
        if (now.up * old.known() < old.up * now.known())
            out << u"job %1: %2, before it was %3"_s.arg(job, counts(now), counts(old));
    }
    return out;
}

} // namespace Promdeck::Deploy
