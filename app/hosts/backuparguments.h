#pragma once

#include "models/core/secrets.h"
#include "provisioning/backup/backuprun.h"
#include "provisioning/backup/restore.h"
#include "provisioning/backup/s3repository.h"
#include "provisioning/backup/schedule.h"
#include "provisioning/ssh/sshhost.h"

#include <QCommandLineParser>

namespace Promdeck::Cli {

/// What the options of `promdeck backup` stand for. All of it may block (prompts, connections): for worker threads.
class BackupArguments final
{
public:
    BackupArguments(const QCommandLineParser& parser, std::shared_ptr<SecretStore> secrets);

    [[nodiscard]] bool isSet(const QString& option) const { return m_parser.optionNames().contains(option); }
    [[nodiscard]] QString value(const QString& option) const { return isSet(option) ? m_parser.value(option) : QString(); }
    [[nodiscard]] QStringList values(const QString& option) const { return isSet(option) ? m_parser.values(option) : QStringList(); }
    [[nodiscard]] QStringList positional() const { return m_parser.positionalArguments(); }

    /// --repository: a folder, "host:/folder", or "s3://bucket/prefix". `make`: a folder that is missing is made.
    Result<std::unique_ptr<Backup::Repository>> repository(bool make = false);
    /// --host, else this machine.
    Result<std::shared_ptr<Host>> host();
    Result<std::shared_ptr<Host>> hostNamed(const QString& destination);
    /// --prometheus, --alertmanager, --grafana, --files, --volume, --dump.
    Result<std::vector<Backup::ComponentSpec>> components();
    Result<Backup::ArchiveProtection> protection(); ///< for a new backup
    Result<Backup::ArchiveKeys> keys();             ///< for reading
    Result<Backup::RetentionPolicy> retention();
    /// Of a restore.
    Result<Backup::RestoreOptions> restore();
    Result<Backup::ScheduleSpec> schedule();

    /// The way to servers that only a host reaches; null for this machine.
    Result<std::shared_ptr<HttpTunnel>> tunnelTo(const QString& destination);
    /// "env:VAR", "file:PATH", "command:LINE", "keychain:ENTRY" or "prompt", which asks the question.
    Result<QString> secret(const QString& text, const QString& question);

private:
    std::shared_ptr<SshHosts> sshHosts();
    Result<std::unique_ptr<Backup::Repository>> s3Repository(const QString& place);

    const QCommandLineParser& m_parser;
    std::shared_ptr<SecretStore> m_secrets;
    std::shared_ptr<SshHosts> m_hosts;
};

/// Options by group, as each action takes them.
void addRepositoryOptions(QCommandLineParser& parser);
void addKeyOptions(QCommandLineParser& parser);
void addSourceOptions(QCommandLineParser& parser);
void addRetentionOptions(QCommandLineParser& parser);
void addRestoreOptions(QCommandLineParser& parser);

} // namespace Promdeck::Cli
