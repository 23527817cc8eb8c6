#include "models/config/filechecker.h"
#include "tests/support/testsupport.h"

#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

QStringList namesBelow(const QString& folder)
{
    QStringList files;
    QDirIterator walk(folder, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = walk.next();
        if (mayBeConfig(path))
            files.append(path);
    }
    files.sort();
    return files;
}

QString severityWord(Severity severity)
{
    return severity == Severity::Error ? u"error"_s : severity == Severity::Warning ? u"warning"_s : u"info"_s;
}

/// "#! error 3:5 rules/group-name" lines at the head of a sample; beside a JSON file in FILE.expect. "#! flags"
/// lines hold options of promdeck check.
QStringList headerOf(const QString& path)
{
    const QString beside = path + u".expect"_s;
    QStringList out;
    const QByteArray text = Testing::readFile(QFileInfo::exists(beside) ? beside : path);
    for (const QByteArray& line : text.split('\n')) {
        if (line.startsWith("#! "))
            out.append(QString::fromUtf8(line.mid(3)));
    }
    return out;
}

CheckOptions optionsOf(const QStringList& header)
{
    CheckOptions options;
    options.lint = false;
    for (const QString& line : header) {
        if (!line.startsWith(u"flags "))
            continue;
        options.agent = line.contains(u"--agent");
        options.strict = line.contains(u"--strict");
        options.syntaxOnly = line.contains(u"--syntax-only");
        options.lint = line.contains(u"--lint");
        if (const qsizetype at = line.indexOf(u"--server-version="); at >= 0) {
            const QStringList parts = line.mid(at + 17).section(u' ', 0, 0).split(u'.');
            (parts[0] == u"0" ? options.alertmanager : options.prometheus) = {parts[0].toInt(), parts[1].toInt()};
        }
    }
    return options;
}

} // namespace

/// Samples of every kind of file; the head of each says what is to be found where. The folder names the kind.
class TestConfigFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findings_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("kind");
        const QString folder = QFileInfo(Testing::dataFile(u"config/rules/good.yml"_s)).path() + u"/.."_s;
        for (const QString& path : namesBelow(folder)) {
            const QString relative = path.mid(folder.size() + 1);
            // What a sample refers to is not a sample.
            if (!relative.contains(u"/parts/"))
                QTest::newRow(qPrintable(relative)) << path << relative.section(u'/', 0, 0);
        }
    }

    void findings()
    {
        QFETCH(QString, path);
        QFETCH(QString, kind);
        const QStringList header = headerOf(path);
        QStringList expected = header.filter(QRegularExpression(u"^(error|warning|info) "_s));
        FileChecker checker(optionsOf(header));
        QVERIFY_RESULT(checker.checkFile(path));
        const FileReport& report = checker.reports().front();
        QCOMPARE(kindName(report.kind), kind);
        QStringList found;
        for (const Diagnostic& one : report.diagnostics)
            found.append(u"%1 %2:%3 %4"_s.arg(severityWord(one.severity)).arg(one.span.start.line).arg(one.span.start.column).arg(one.code));
        found.sort();
        expected.sort();
        QCOMPARE(found.join(u'\n'), expected.join(u'\n'));
        // A place has an end behind its start, inside of the file.
        for (const Diagnostic& one : report.diagnostics) {
            QVERIFY(one.span.end.offset >= one.span.start.offset);
            QVERIFY(qsizetype(one.span.end.offset) <= report.text.size());
        }
    }

    /// The groups of a large file are checked by several threads. An alias has them checked one by one: the findings must
    /// be the same, in the same order.
    void threadsFindTheSame()
    {
        QByteArray text = "groups:\n";
        for (int i = 0; text.size() < 300000; ++i)
            text += QByteArray("- name: g%1\n  interval: 10m\n  rules:\n"
                               "  - {record: 'job:up:avg', expr: 'avg(up / on() foo)', labels: {a: b}}\n"
                               "  - alert: A%1\n    expr: sum(rate(x{a=~\"b\"}[5m])) by (job\n    for: 0s\n"
                               "  - alert: B%1\n    expr: sum(job:up:avg) by (job)\n    annotations: {x: '{{ $labels.instance }} {{ $nope }}'}\n"
                               "  - {alert: C%1, record: D, expr: up == 0, owner: me}\n").replace("%1", QByteArray::number(i % 900));
        text += "- name: last\n  rules:\n  - {alert: E, expr: up == 0, labels: LABELS}\n  - {alert: F, expr: up == 0, labels: MORE}\n";
        const auto found = [](const QByteArray& content) {
            CheckOptions options;
            FileChecker checker(options);
            checker.checkText(u"rules.yml"_s, content, FileKind::Rules);
            QStringList out;
            for (const Diagnostic& one : checker.reports().front().diagnostics)
                out.append(u"%1 %2:%3 %4 %5"_s.arg(severityWord(one.severity)).arg(one.span.start.line).arg(one.span.start.column).arg(one.code, one.message));
            return out;
        };
        const QStringList threads = found(QByteArray(text).replace("LABELS", "{g: h}    ").replace("MORE", "{g: h}"));
        const QStringList one = found(QByteArray(text).replace("LABELS", "&l {g: h} ").replace("MORE", "*l    "));
        QVERIFY(threads.size() > 3000);
        for (qsizetype i = 0; i < threads.size(); ++i)
            QCOMPARE(threads[i], one.value(i));
        QCOMPARE(threads.size(), one.size());
    }

    /// Nine aliases of nine aliases of...: a small text that is endless when every alias is followed.
    void aliasesDoNotMultiplyWork()
    {
        QByteArray text = "receivers:\n- name: a\n  webhook_configs:\n  - url: http://a\n    payload:\n      a0: &a0 x\n";
        for (int i = 1; i < 30; ++i)
            text += QStringLiteral("      a%1: &a%1 [*a%2,*a%2,*a%2,*a%2,*a%2,*a%2,*a%2,*a%2,*a%2]\n").arg(i).arg(i - 1).toUtf8();
        text += "route: {receiver: a}\n";
        FileChecker checker({});
        checker.checkText(u"alertmanager.yml"_s, text, FileKind::Alertmanager);
        QCOMPARE(checker.reports().front().count(Severity::Error), 0);
    }

    /// Mistakes in files that templates: names are told at their places in those files.
    void placesProblemsInsideOfTemplateFiles()
    {
        FileChecker checker({});
        QVERIFY_RESULT(checker.checkFile(Testing::dataFile(u"config/alertmanager/templates.yml"_s)));
        QStringList found;
        for (const FileReport& report : checker.reports()) {
            for (const Diagnostic& one : report.diagnostics) {
                if (one.severity == Severity::Error)
                    found.append(u"%1 %2 %3:%4-%5 %6"_s.arg(QFileInfo(report.path).fileName(), kindName(report.kind)).arg(one.span.start.line).arg(one.span.start.column).arg(one.span.end.column).arg(one.message));
            }
        }
        QCOMPARE(found.join(u'\n'), u"bad.tmpl template 2:23-25 invalid template syntax: missing value for if"_s);
        FileChecker direct({});
        QVERIFY_RESULT(direct.checkFile(Testing::dataFile(u"config/alertmanager/parts/bad.tmpl"_s)));
        QCOMPARE(direct.reports().front().count(Severity::Error), 1);
    }

    void saysWhyASizeIsNone()
    {
        FileChecker checker({});
        checker.checkText(u"prometheus.yml"_s, "scrape_configs:\n- {job_name: a, body_size_limit: 9EB}\n- {job_name: b, body_size_limit: 10}\n", FileKind::Prometheus);
        QStringList found;
        for (const Diagnostic& one : checker.reports().front().diagnostics)
            found.append(one.message);
        QCOMPARE(found, (QStringList {u"units: overflow parsing unit in 9EB"_s, u"units: unknown unit in 10"_s}));
    }

    void tellsKindsApart_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char* name, const char* text, const char* kind) {
            QTest::newRow(text) << QString::fromLatin1(name) << QByteArray(text) << QString::fromLatin1(kind);
        };
        row("x.yml", "scrape_configs: []\n", "prometheus");
        row("x.yml", "global: {scrape_interval: 1m}\n", "prometheus");
        row("x.yml", "global: {smtp_from: a}\n", "alertmanager");
        row("x.yml", "route: {receiver: a}\n", "alertmanager");
        row("x.yml", "groups: []\n", "rules");
        row("x.yml", "- alert: A\n  expr: up\n", "rules");
        row("x.yml", "rule_files: [a]\ntests: []\n", "rule-test");
        row("x.yml", "rule_files: [a]\n", "prometheus");
        row("x.yml", "- targets: [a]\n", "file-sd");
        row("x.json", "[{\"targets\": []}]", "file-sd");
        row("x.yml", "modules: {http: {prober: http}}\n", "blackbox");
        row("x.yml", "basic_auth_users: {}\n", "web");
        row("x.yml", "groups:\n- name: a\n  rules: [\n", "rules"); // as far as it can be read
        row("alertmanager.yml", "", "alertmanager");
        row("node.rules", "", "rules");
        row("web-config.yml", "", "web");
        row("compose.yml", "services: {}\n", "unknown");
        row("d.json", "{\"title\": \"a\", \"panels\": []}", "dashboard");
    }

    void tellsKindsApart()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, kind);
        QCOMPARE(kindName(guessKind(name, YamlDocument::parse({text.constData(), size_t(text.size())}))), kind);
    }
};

PROMDECK_TEST_MAIN(TestConfigFiles)
#include "tst_configfiles.moc"
