#pragma once

#include "provisioning/host/host.h"

#include <QStringList>

namespace Promdeck::Backup {

/// A backup that a host makes by itself, whether a workstation is on or not.
struct ScheduleSpec
{
    QString name;                  ///< [a-z0-9-]; of the timer and the files
    QString calendar = QStringLiteral("daily"); ///< "hourly", "daily", "weekly", or "HH:MM" each day
    QList<QByteArray> command;     ///< promdeck backup create ...; no secrets
    QString user {};               ///< empty = root
    QString environmentFile {};    ///< holds what env: secrets name; mode 0600; optional
    QString metricFolder = QStringLiteral("/var/lib/prometheus/node-exporter"); ///< of the textfile collector
    QByteArray root {};            ///< before the paths of what is installed: for images
};

/// A file that a schedule consists of.
struct ScheduleFile
{
    QByteArray path;
    QByteArray content;
    int mode = 0644;
};

/// The script that makes the backup and, only when that went well, says so in a metric:
/// promdeck_backup_last_success_timestamp_seconds{backup="NAME"}; and always
/// promdeck_backup_last_run_timestamp_seconds and promdeck_backup_last_exit_code.
[[nodiscard]] QByteArray scheduleScript(const ScheduleSpec& spec);
/// systemd: a service and a timer that catches up on what it slept through.
[[nodiscard]] std::vector<ScheduleFile> systemdFiles(const ScheduleSpec& spec);
/// One file for /etc/cron.d, where there is no systemd.
[[nodiscard]] std::vector<ScheduleFile> cronFiles(const ScheduleSpec& spec);
/// Rules that fire when a backup is older than twice its interval, failed, or was never made.
[[nodiscard]] QByteArray freshnessRules(const ScheduleSpec& spec);

/// Errors: InvalidArgument for names, calendars and users that are none.
Status checkSchedule(const ScheduleSpec& spec);

enum class ScheduleKind { Automatic, Systemd, Cron };
/// Writes the files on the host as root and starts the timer. Again and again is fine: the same files, the same timer.
/// What was done, a line each. Errors: those of the host; RemoteExit when systemctl refuses, with the files taken away again.
Result<QStringList> installSchedule(Host& host, const ScheduleSpec& spec, ScheduleKind kind, const CancelToken& cancel);
/// Takes all of it away.
Result<QStringList> removeSchedule(Host& host, const ScheduleSpec& spec, const CancelToken& cancel);

} // namespace Promdeck::Backup
