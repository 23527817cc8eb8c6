#pragma once

#include "models/core/files.h"
#include "provisioning/deploy/transaction.h"
#include "provisioning/host/localhost.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

namespace Promdeck::Testing {

inline const QByteArray kBaseConfig = "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
                                      "rule_files: ['rules/*.yml']\n"
                                      "scrape_configs:\n"
                                      "- {job_name: self, static_configs: [{targets: ['SELF']}]}\n";
inline const QByteArray kBaseRules = "groups: [{name: base, rules: [{record: 'base:up', expr: up}]}]\n";

/// Most tests are not about the health of targets.
inline const QByteArray kNoWaiting = "    verify: {window: 0s}\n";

/// The host's tools in PATH, and a folder for fakes in front of them.
inline void prepareTools(const QString& fakes = {})
{
    const QByteArray tools = QFileInfo(serverBinary(QStringLiteral("promtool"))).path().toUtf8();
    QByteArray path = qgetenv("PATH");
    if (!path.contains(tools))
        path = tools + ':' + path;
    if (!fakes.isEmpty() && !path.startsWith(fakes.toUtf8() + ':'))
        path = fakes.toUtf8() + ':' + path;
    qputenv("PATH", path);
}

/// A real Prometheus on loopback, whose folder stands for /etc/prometheus of a host; a workspace; this machine as the
/// host.
class DeployRig
{
public:
    explicit DeployRig(std::unique_ptr<TestServer> prometheus) : server(std::move(prometheus)) {}

    static std::unique_ptr<DeployRig> make(const QByteArray& moreUnit = kNoWaiting, const PrometheusOptions& given = {})
    {
        prepareTools();
        PrometheusOptions options = given;
        if (options.config.isEmpty())
            options.config = QByteArray(kBaseConfig).replace("'SELF'", "");
        if (options.files.empty())
            options.files.push_back({QStringLiteral("rules/base.yml"), kBaseRules});
        auto server = TestServer::prometheus(options);
        if (!server)
            return nullptr;
        auto rig = std::make_unique<DeployRig>(std::move(server));
        rig->moreUnit = moreUnit;
        rig->put(QStringLiteral("prometheus.yml"), rig->config());
        rig->put(QStringLiteral("rules/base.yml"), kBaseRules);
        rig->writeWorkspace();
        return rig;
    }

    /// prometheus.yml that scrapes itself, with more jobs behind.
    [[nodiscard]] QByteArray config(const QByteArray& moreJobs = {}) const
    {
        return QByteArray(kBaseConfig).replace("SELF", server->hostPort().toUtf8()) + moreJobs;
    }

    [[nodiscard]] QString file(const QString& name) const { return folder.filePath(QStringLiteral("ws/") + name); }
    [[nodiscard]] QString stateFolder() const { return folder.filePath(QStringLiteral("state")); }

    void put(const QString& name, const QByteArray& content) const
    {
        QDir().mkpath(QFileInfo(file(name)).path());
        const Status written = writeFileAtomically(file(name), content, kPrivateFile | QFileDevice::ReadGroup);
        if (!written)
            qFatal("%s", qPrintable(written.error().toString()));
    }

    void remove(const QString& name) const { QFile::remove(file(name)); }

    void putLive(const QString& name, const QByteArray& content) const
    {
        QDir().mkpath(QFileInfo(server->path(name)).path());
        QFile out(server->path(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(name));
    }

    [[nodiscard]] QByteArray live(const QString& name) const
    {
        QFile in(server->path(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("(absent)");
    }

    void writeWorkspace() const
    {
        put(QStringLiteral("promdeck.yaml"),
            "version: 1\nhosts: {here: {address: local, sudo: never, state_dir: " + stateFolder().toUtf8() + "}}\n"
                "secrets: {" + secrets + "}\n"
                "units:\n  prom:\n    component: prometheus\n    directory: " + server->folder().toUtf8() + "\n    url: " + server->url().toEncoded()
                + "\n    process: {match: '--config.file=" + server->path(QStringLiteral("prometheus.yml")).toUtf8() + "'}\n" + moreUnit
                + "    files: [{source: prometheus.yml}, {source: rules, target: rules}" + moreFiles + "]\n");
    }

    [[nodiscard]] Deploy::Workspace workspace() const
    {
        const Result<Deploy::Workspace> read = Deploy::readWorkspace(folder.filePath(QStringLiteral("ws")));
        if (!read)
            qFatal("%s", qPrintable(read.error().toString()));
        return *read;
    }

    [[nodiscard]] std::unique_ptr<Deploy::HostAgent> agent(Host& on)
    {
        const Deploy::Workspace ws = workspace();
        return std::make_unique<Deploy::HostAgent>(on, ws.hosts.at(0), ws.units.at(0), values);
    }
    [[nodiscard]] std::unique_ptr<Deploy::HostAgent> agent() { return agent(host); }

    [[nodiscard]] Deploy::UnitPlan plan(const Deploy::PlanOptions& options = {}) { return Deploy::planUnit(*agent(), workspace(), values, options); }

    [[nodiscard]] Deploy::DeployOptions deployOptions() const
    {
        Deploy::DeployOptions options;
        options.who = QStringLiteral("tester@desk");
        options.confirmWithinS = 20;
        return options;
    }

    Deploy::UnitOutcome deploy(const Deploy::PlanOptions& planning = {})
    {
        const Deploy::UnitPlan made = plan(planning);
        return Deploy::deployUnit(*agent(), made, deployOptions(), [this](const Deploy::DeployEvent& event) { events.push_back(event); });
    }

    /// Names of what our transactions left beside the live files.
    [[nodiscard]] QStringList leftovers() const
    {
        QStringList found;
        QDirIterator walk(server->folder(), QDir::Files | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            const QString path = walk.next();
            if (path.contains(QStringLiteral(".promdeck")))
                found << path;
        }
        return found;
    }

    /// One state file per transaction, by its order.
    [[nodiscard]] QStringList states() const
    {
        QStringList found;
        const QDir transactions(stateFolder() + QStringLiteral("/prom/tx"));
        for (const QString& id : transactions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
            for (const QString& state : QDir(transactions.filePath(id)).entryList({QStringLiteral("state.*")}, QDir::Files))
                found << state.mid(6);
        }
        return found;
    }

    [[nodiscard]] Deploy::ServerState serverState()
    {
        auto asking = agent();
        const auto replies = asking->get(Deploy::stateUrls(asking->unit()));
        return replies ? Deploy::readState(asking->unit(), *replies) : Deploy::ServerState {};
    }

    QTemporaryDir folder;
    std::unique_ptr<TestServer> server;
    LocalHost host;
    QByteArray moreUnit;
    QByteArray moreFiles;
    QByteArray secrets;
    Deploy::SecretValues values;
    std::vector<Deploy::DeployEvent> events;
};

/// A sentence about an outcome, for failing tests.
inline QString told(const Deploy::UnitOutcome& outcome)
{
    return Deploy::outcomeName(outcome.end) + QStringLiteral(": ") + (outcome.error ? outcome.error->toString() : QString()) + QStringLiteral(" | ") + outcome.notes.join(QStringLiteral("; "));
}

inline QString told(const Deploy::UnitPlan& plan)
{
    QString out = plan.unreachable ? plan.unreachable->toString() : QString();
    for (const Deploy::PlanFinding& one : plan.findings)
        out += one.code + QStringLiteral(": ") + one.message + u' ' + one.hint + QStringLiteral(" | ");
    return out;
}

} // namespace Promdeck::Testing
