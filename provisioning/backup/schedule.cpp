#include "provisioning/backup/schedule.h"

#include "provisioning/host/shellquote.h"

#include <QRegularExpression>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr char kLibrary[] = "/usr/local/lib/promdeck";

QByteArray unitName(const ScheduleSpec& spec)
{
    return "promdeck-backup-" + spec.name.toUtf8();
}

QByteArray scriptPath(const ScheduleSpec& spec)
{
    return spec.root + kLibrary + "/backup-" + spec.name.toUtf8() + ".sh";
}

bool isTimeOfDay(const QString& text)
{
    static const QRegularExpression form(u"^([01]\\d|2[0-3]):[0-5]\\d$"_s);
    return form.match(text).hasMatch();
}

qint64 intervalSeconds(const ScheduleSpec& spec)
{
    return spec.calendar == u"hourly" ? 3600 : spec.calendar == u"weekly" ? 7 * 86400 : 86400;
}

QByteArray cronTime(const ScheduleSpec& spec)
{
    if (spec.calendar == u"hourly")
        return "17 * * * *";
    if (spec.calendar == u"weekly")
        return "23 3 * * 0";
    if (isTimeOfDay(spec.calendar))
        return QByteArray::number(spec.calendar.mid(3).toInt()) + ' ' + QByteArray::number(spec.calendar.left(2).toInt()) + " * * *";
    return "23 3 * * *";
}

QByteArray onCalendar(const ScheduleSpec& spec)
{
    return isTimeOfDay(spec.calendar) ? "*-*-* " + spec.calendar.toUtf8() + ":00" : spec.calendar.toUtf8();
}

Status runAsRoot(Host& host, const QByteArray& script, const QList<QByteArray>& args, const CancelToken& cancel)
{
    Command how;
    how.asRoot = true;
    const Result<CommandOutput> output = host.runScript(script, args, how, cancel);
    if (!output)
        return output.error();
    if (!output->ok())
        return makeError(ErrorCode::RemoteExit, u"The schedule cannot be set up on the host"_s, QString::fromUtf8(output->standardError.left(400)).trimmed());
    return Done {};
}

} // namespace

Status checkSchedule(const ScheduleSpec& spec)
{
    static const QRegularExpression name(u"^[a-z0-9][a-z0-9-]{0,39}$"_s);
    static const QRegularExpression user(u"^[a-z_][a-z0-9_-]{0,31}$"_s);
    if (!name.match(spec.name).hasMatch())
        return makeError(ErrorCode::InvalidArgument, u"A schedule's name is made of small letters, digits and -"_s, spec.name);
    if (spec.calendar != u"hourly" && spec.calendar != u"daily" && spec.calendar != u"weekly" && !isTimeOfDay(spec.calendar))
        return makeError(ErrorCode::InvalidArgument, u"A schedule is hourly, daily, weekly or at HH:MM"_s, spec.calendar);
    if (!spec.user.isEmpty() && !user.match(spec.user).hasMatch())
        return makeError(ErrorCode::InvalidArgument, u"This is no name of a user"_s, spec.user);
    if (spec.command.isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"The schedule has no command"_s);
    for (const QString& path : {spec.environmentFile, spec.metricFolder}) {
        if (path.contains(u'\n') || (!path.isEmpty() && !path.startsWith(u'/')))
            return makeError(ErrorCode::InvalidArgument, u"Paths of a schedule are absolute"_s, path);
    }
    return Done {};
}

QByteArray scheduleScript(const ScheduleSpec& spec)
{
    const QByteArray label = "{backup=\"" + spec.name.toUtf8() + "\"}";
    QByteArray out = "#!/bin/sh\n# Made by Promdeck: one scheduled backup, and the metric that says how it went.\n";
    if (!spec.environmentFile.isEmpty())
        out += "set -a; . " + shellQuote(QFile::encodeName(spec.environmentFile)) + " || exit 2; set +a\n";
    out += "metric=" + shellQuote(QFile::encodeName(spec.metricFolder) + "/promdeck_backup_" + spec.name.toUtf8() + ".prom") + "\n"
           "before=$(sed -n 's/^promdeck_backup_last_success_timestamp_seconds{[^}]*} //p' \"$metric\" 2>/dev/null)\n"
           + shellQuote(spec.command) + "\ncode=$?\nnow=$(date +%s)\n[ $code != 0 ] || before=$now\n"
           "{\n"
           "    echo '# HELP promdeck_backup_last_success_timestamp_seconds When the last backup was made and read back.'\n"
           "    echo '# TYPE promdeck_backup_last_success_timestamp_seconds gauge'\n"
           "    echo 'promdeck_backup_last_success_timestamp_seconds" + label + "' \"${before:-0}\"\n"
           "    echo '# HELP promdeck_backup_last_run_timestamp_seconds When a backup was last tried.'\n"
           "    echo '# TYPE promdeck_backup_last_run_timestamp_seconds gauge'\n"
           "    echo 'promdeck_backup_last_run_timestamp_seconds" + label + "' \"$now\"\n"
           "    echo '# HELP promdeck_backup_last_exit_code Exit code of the last try; 0 = it succeeded.'\n"
           "    echo '# TYPE promdeck_backup_last_exit_code gauge'\n"
           "    echo 'promdeck_backup_last_exit_code" + label + "' \"$code\"\n"
           "} >\"$metric.new\" && chmod 0644 \"$metric.new\" && mv -f \"$metric.new\" \"$metric\"\n"
           "exit $code\n";
    return out;
}

std::vector<ScheduleFile> systemdFiles(const ScheduleSpec& spec)
{
    const QByteArray unit = spec.root + "/etc/systemd/system/" + unitName(spec);
    QByteArray service = "[Unit]\nDescription=Promdeck backup " + spec.name.toUtf8() + "\nWants=network-online.target\nAfter=network-online.target\n\n"
                         "[Service]\nType=oneshot\nExecStart=" + scriptPath(spec) + "\nNice=10\nIOSchedulingClass=idle\n";
    if (!spec.user.isEmpty())
        service += "User=" + spec.user.toUtf8() + "\n";
    const QByteArray timer = "[Unit]\nDescription=Promdeck backup " + spec.name.toUtf8() + ", " + spec.calendar.toUtf8() + "\n\n[Timer]\nOnCalendar="
        + onCalendar(spec) + "\nPersistent=true\nRandomizedDelaySec=120\n\n[Install]\nWantedBy=timers.target\n";
    return {{scriptPath(spec), scheduleScript(spec), 0755}, {unit + ".service", service, 0644}, {unit + ".timer", timer, 0644}};
}

std::vector<ScheduleFile> cronFiles(const ScheduleSpec& spec)
{
    const QByteArray line = "# Made by Promdeck.\n" + cronTime(spec) + ' ' + (spec.user.isEmpty() ? QByteArray("root") : spec.user.toUtf8()) + ' '
        + scriptPath(spec) + " >/dev/null\n";
    return {{scriptPath(spec), scheduleScript(spec), 0755}, {spec.root + "/etc/cron.d/" + unitName(spec), line, 0644}};
}

QByteArray freshnessRules(const ScheduleSpec& spec)
{
    const QByteArray name = spec.name.toUtf8();
    const QByteArray limit = QByteArray::number(2 * intervalSeconds(spec));
    return "groups:\n"
           "  - name: promdeck-backup-" + name + "\n"
           "    rules:\n"
           "      - alert: BackupTooOld\n"
           "        expr: time() - promdeck_backup_last_success_timestamp_seconds{backup=\"" + name + "\"} > " + limit + "\n"
           "        for: 10m\n"
           "        labels:\n"
           "          severity: warning\n"
           "        annotations:\n"
           "          summary: 'The last good backup {{ $labels.backup }} of {{ $labels.instance }} is {{ $value | humanizeDuration }} old'\n"
           "      - alert: BackupFailed\n"
           "        expr: promdeck_backup_last_exit_code{backup=\"" + name + "\"} != 0\n"
           "        for: 10m\n"
           "        labels:\n"
           "          severity: warning\n"
           "        annotations:\n"
           "          summary: 'The last try of the backup {{ $labels.backup }} of {{ $labels.instance }} ended with code {{ $value }}'\n"
           "      - alert: BackupMissing\n"
           "        expr: absent(promdeck_backup_last_success_timestamp_seconds{backup=\"" + name + "\"})\n"
           "        for: " + QByteArray::number(2 * intervalSeconds(spec) / 60) + "m\n"
           "        labels:\n"
           "          severity: warning\n"
           "        annotations:\n"
           "          summary: 'Nothing is known of the backup {{ $labels.backup }}'\n";
}

Result<QStringList> installSchedule(Host& host, const ScheduleSpec& spec, ScheduleKind kind, const CancelToken& cancel)
{
    if (const Status checked = checkSchedule(spec); !checked)
        return checked.error();
    if (kind == ScheduleKind::Automatic) {
        const Result<HostFacts> facts = host.facts(cancel);
        if (!facts)
            return facts.error();
        kind = facts->hasTool("systemctl") ? ScheduleKind::Systemd : ScheduleKind::Cron;
    }
    const std::vector<ScheduleFile> files = kind == ScheduleKind::Systemd ? systemdFiles(spec) : cronFiles(spec);
    QStringList did;
    if (const Status made = runAsRoot(host, "umask 022; mkdir -p -- \"$@\"\n", {spec.root + kLibrary, QFile::encodeName(spec.metricFolder)}, cancel); !made)
        return made.error();
    for (const ScheduleFile& file : files) {
        BufferSource source(file.content);
        PutOptions put;
        put.mode = file.mode;
        put.asRoot = true;
        if (const Status written = host.putFile(source, file.path, put, cancel); !written)
            return written.error();
        did << QString::fromUtf8(file.path);
    }
    if (kind == ScheduleKind::Systemd) {
        const Status started = runAsRoot(host, "systemctl daemon-reload && systemctl enable --now \"$1.timer\"\n", {unitName(spec)}, cancel);
        if (!started) {
            static_cast<void>(removeSchedule(host, spec, {}));
            return started.error();
        }
        did << u"systemctl enable --now %1.timer"_s.arg(QString::fromUtf8(unitName(spec)));
    }
    return did;
}

Result<QStringList> removeSchedule(Host& host, const ScheduleSpec& spec, const CancelToken& cancel)
{
    if (const Status checked = checkSchedule(spec); !checked)
        return checked.error();
    const Status removed = runAsRoot(host, R"sh(
if [ -f "$3/etc/systemd/system/$1.timer" ] && command -v systemctl >/dev/null; then systemctl disable --now "$1.timer"; fi
rm -f -- "$3/etc/systemd/system/$1.timer" "$3/etc/systemd/system/$1.service" "$3/etc/cron.d/$1" "$2" || exit 1
if command -v systemctl >/dev/null; then systemctl daemon-reload; fi
exit 0
)sh",
                                     {unitName(spec), scriptPath(spec), spec.root}, cancel);
    if (!removed)
        return removed.error();
    return QStringList {u"removed %1"_s.arg(QString::fromUtf8(unitName(spec)))};
}

} // namespace Promdeck::Backup
