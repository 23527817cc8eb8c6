#include "tests/integration/backup/backupfixture.h"

#include "provisioning/backup/schedule.h"

#include <QProcess>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestSchedule final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheMetric();
    void rulesAreValidAndFire();
    void installsAndRemoves();
    void refusesNonsense();
};

void TestSchedule::writesTheMetric()
{
    QTemporaryDir folder;
    ScheduleSpec spec;
    spec.name = u"nightly"_s;
    spec.metricFolder = folder.path();
    spec.environmentFile = folder.filePath(u"env"_s);
    QVERIFY(writeText(spec.environmentFile, "PASSPHRASE='it is $ecret'\n"));
    spec.command = {"sh", "-c", "[ \"$PASSPHRASE\" = 'it is $ecret' ] && [ ! -e \"$1\" ]", "sh", QFile::encodeName(folder.filePath(u"broken"_s))};
    QVERIFY(writeText(folder.filePath(u"run.sh"_s), scheduleScript(spec)));
    const QString metric = folder.filePath(u"promdeck_backup_nightly.prom"_s);
    QCOMPARE(QProcess::execute(u"sh"_s, {folder.filePath(u"run.sh"_s)}), 0);
    const QByteArray good = Testing::readFile(metric);
    QVERIFY2(good.contains("promdeck_backup_last_exit_code{backup=\"nightly\"} 0\n"), good.constData());
    const auto success = [](const QByteArray& text) {
        const qsizetype at = text.indexOf("promdeck_backup_last_success_timestamp_seconds{backup=\"nightly\"} ");
        return text.mid(at, text.indexOf('\n', at) - at).split(' ').value(1).toLongLong();
    };
    QVERIFY(std::abs(success(good) - QDateTime::currentSecsSinceEpoch()) < 60);
    runTool(serverBinary(u"promtool"_s), {u"check"_s, u"metrics"_s}, {}, good);
    // A failure keeps the time of the last success.
    QVERIFY(writeText(folder.filePath(u"broken"_s), {}));
    QCOMPARE(QProcess::execute(u"sh"_s, {folder.filePath(u"run.sh"_s)}), 1);
    const QByteArray bad = Testing::readFile(metric);
    QVERIFY(bad.contains("promdeck_backup_last_exit_code{backup=\"nightly\"} 1\n"));
    QCOMPARE(success(bad), success(good));
    // Nothing secret in what is written.
    QVERIFY(!scheduleScript(spec).contains("$ecret'\n") && !bad.contains("ecret"));
}

void TestSchedule::rulesAreValidAndFire()
{
    QTemporaryDir folder;
    ScheduleSpec spec;
    spec.name = u"nightly"_s;
    spec.command = {"true"};
    QVERIFY(writeText(folder.filePath(u"rules.yml"_s), freshnessRules(spec)));
    const QString promtool = serverBinary(u"promtool"_s);
    runTool(promtool, {u"check"_s, u"rules"_s, u"rules.yml"_s}, folder.path());
    // A success at time 0, and nothing for three days.
    QVERIFY(writeText(folder.filePath(u"test.yml"_s),
                      "rule_files: [rules.yml]\nevaluation_interval: 1h\ntests:\n  - interval: 1h\n    input_series:\n"
                      "      - series: 'promdeck_backup_last_success_timestamp_seconds{backup=\"nightly\",instance=\"a\"}'\n        values: '0x80'\n"
                      "      - series: 'promdeck_backup_last_exit_code{backup=\"nightly\",instance=\"a\"}'\n        values: '0x80'\n"
                      "    alert_rule_test:\n      - eval_time: 47h\n        alertname: BackupTooOld\n        exp_alerts: []\n"
                      "      - eval_time: 52h\n        alertname: BackupTooOld\n        exp_alerts:\n          - exp_labels: {severity: warning, backup: nightly, instance: a}\n"
                      "            exp_annotations: {summary: 'The last good backup nightly of a is 2d 4h 0m 0s old'}\n"
                      "      - eval_time: 52h\n        alertname: BackupFailed\n        exp_alerts: []\n"));
    runTool(promtool, {u"test"_s, u"rules"_s, u"test.yml"_s}, folder.path());
}

void TestSchedule::installsAndRemoves()
{
    QTemporaryDir folder;
    const QByteArray log = QFile::encodeName(folder.filePath(u"log"_s));
    QVERIFY(fakeProgram(folder.path(), u"systemctl"_s, "echo \"$@\" >>'" + log + "'\n[ ! -e '" + log + ".fail' ]\n"));
    QVERIFY(fakeProgram(folder.path(), u"sudo"_s, fakeSudo("free", "", log + ".sudo")));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
    ScheduleSpec spec;
    spec.name = u"nightly"_s;
    spec.calendar = u"04:30"_s;
    spec.root = QFile::encodeName(folder.filePath(u"root"_s));
    spec.metricFolder = folder.filePath(u"metrics"_s);
    spec.command = {"promdeck", "backup", "create", "--repository", "/backups/it's here"};
    for (const QString& place : {u"root/etc/systemd/system"_s, u"root/etc/cron.d"_s})
        QVERIFY(QDir().mkpath(folder.filePath(place)));
    LocalHost host;
    const auto installed = installSchedule(host, spec, ScheduleKind::Systemd, {});
    const QString timer = folder.filePath(u"root/etc/systemd/system/promdeck-backup-nightly.timer"_s);
    const QByteArray timerText = QFile::exists(timer) ? Testing::readFile(timer) : QByteArray();
    const auto removed = removeSchedule(host, spec, {});
    const bool gone = !QFile::exists(timer) && !QFile::exists(folder.filePath(u"root/usr/local/lib/promdeck/backup-nightly.sh"_s));
    const auto cron = installSchedule(host, spec, ScheduleKind::Cron, {});
    // Refused: nothing stays.
    QVERIFY(writeText(folder.filePath(u"log.fail"_s), {}));
    const auto refused = installSchedule(host, spec, ScheduleKind::Systemd, {});
    qputenv("PATH", path);
    QVERIFY_RESULT(installed);
    QVERIFY(timerText.contains("OnCalendar=*-*-* 04:30:00\n") && timerText.contains("Persistent=true\n"));
    QVERIFY_RESULT(removed);
    QVERIFY(gone);
    QVERIFY_RESULT(cron);
    QVERIFY(cron->join(u' ').contains(u"cron.d"_s));
    QVERIFY(!refused.ok() && !QFile::exists(timer));
    const QByteArray called = Testing::readFile(folder.filePath(u"log"_s));
    QVERIFY(called.contains("enable --now promdeck-backup-nightly.timer\n") && called.contains("disable --now promdeck-backup-nightly.timer\n"));
}

void TestSchedule::refusesNonsense()
{
    ScheduleSpec good;
    good.name = u"a"_s;
    good.command = {"true"};
    QVERIFY_RESULT(checkSchedule(good));
    for (const QString& name : {u""_s, u"A"_s, u"a/b"_s, u"a b"_s, u"-a"_s, u"a\nb"_s}) {
        ScheduleSpec spec = good;
        spec.name = name;
        QVERIFY2(!checkSchedule(spec).ok(), qPrintable(name));
    }
    for (const QString& calendar : {u""_s, u"sometimes"_s, u"24:00"_s, u"4:30"_s, u"daily\n* * * * *"_s}) {
        ScheduleSpec spec = good;
        spec.calendar = calendar;
        QVERIFY2(!checkSchedule(spec).ok(), qPrintable(calendar));
    }
    good.user = u"root\nUser=x"_s;
    QVERIFY(!checkSchedule(good).ok());
}

PROMDECK_TEST_MAIN(TestSchedule)
#include "tst_schedule.moc"
