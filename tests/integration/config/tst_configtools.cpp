#include "models/config/alertmanager/routes.h"
#include "models/config/filechecker.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

struct ToolOutput
{
    int exitCode = -1;
    QString text;
};

ToolOutput runChecker(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

/// The tool that reads a kind of file, with its arguments; empty when Debian has none.
QStringList toolFor(const QString& kind)
{
    if (kind == u"rules")
        return {u"promtool"_s, u"check"_s, u"rules"_s, u"--lint=none"_s};
    if (kind == u"prometheus")
        return {u"promtool"_s, u"check"_s, u"config"_s, u"--lint=none"_s};
    if (kind == u"web")
        return {u"promtool"_s, u"check"_s, u"web-config"_s};
    if (kind == u"alertmanager")
        return {u"amtool"_s, u"check-config"_s};
    return {};
}

CheckOptions debianOptions()
{
    CheckOptions options;
    options.prometheus = {2, 42};
    options.alertmanager = {0, 25};
    options.strict = true;
    options.lint = false;
    return options;
}

} // namespace

/// The same files through Debian's promtool 2.42 and amtool 0.25 and through our engine with those versions as
/// its target: the verdicts must be equal, and where promtool gives places, they must be ours.
class TestConfigTools : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("kind");
        const QString folder = QFileInfo(dataFile(u"config/rules/good.yml"_s)).path() + u"/.."_s;
        QDirIterator walk(folder, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            const QString path = walk.next();
            const QString relative = path.mid(folder.size() + 1);
            const QString kind = relative.section(u'/', 0, 0);
            if (!toolFor(kind).isEmpty() && mayBeConfig(path) && !relative.contains(u"/parts/")
                && !readFile(path).contains("#! flags --agent"))
                QTest::newRow(qPrintable(relative)) << path << kind;
        }
    }

    void verdicts()
    {
        QFETCH(QString, path);
        QFETCH(QString, kind);
        QStringList arguments = toolFor(kind);
        const QString program = serverBinary(arguments.takeFirst());
        QVERIFY(!program.isEmpty());
        if (readFile(path).contains("--syntax-only"))
            arguments.append(u"--syntax-only"_s);
        const ToolOutput theirs = runChecker(program, arguments + QStringList {path});
        CheckOptions options = debianOptions();
        options.syntaxOnly = arguments.contains(u"--syntax-only"_s);
        FileChecker checker(options);
        QVERIFY_RESULT(checker.checkFile(path, kindFromName(kind)));
        int errors = 0;
        QStringList ours;
        for (const FileReport& report : checker.reports()) {
            for (const Diagnostic& one : report.diagnostics) {
                // amtool does not look into the templates of receivers.
                errors += one.severity == Severity::Error && one.code != u"alertmanager/notification-template";
                ours.append(u"%1:%2 %3"_s.arg(one.span.start.line).arg(one.span.start.column).arg(one.message));
            }
        }
        QVERIFY2((errors == 0) == (theirs.exitCode == 0), qPrintable(theirs.text + u"\nours:\n"_s + ours.join(u'\n')));
        // "6:15: group "a", rule 1, "x": ..." is where the rule's field begins: ours must be at or behind it.
        static const QRegularExpression place(u": (\\d+):(\\d+): (group \"[^\"]*\", rule \\d+)[^\\n]*(could not parse expression|only one of|recording rule)"_s);
        for (auto match = place.globalMatch(theirs.text); match.hasNext();) {
            const QRegularExpressionMatch one = match.next();
            const int line = one.captured(1).toInt();
            const bool found = line == 0 || std::any_of(checker.reports().begin(), checker.reports().end(), [&](const FileReport& report) {
                return std::any_of(report.diagnostics.begin(), report.diagnostics.end(), [line](const Diagnostic& problem) {
                    return problem.span.start.line >= line && problem.span.start.line <= line + 6;
                });
            });
            QVERIFY2(found, qPrintable(one.captured() + u"\nours:\n"_s + ours.join(u'\n')));
        }
    }

    /// promtool counts inside the expression, we count in the file: for a one-line plain scalar both must meet.
    void placesOfExpressions()
    {
        const QString promtool = serverBinary(u"promtool"_s);
        QVERIFY(!promtool.isEmpty());
        QTemporaryDir folder;
        for (const char* expression : {"rate(up)", "sum(up))", "up +", "sum(a b)", "up{a=1}", "up[5m] + 1", "a and on(x) 5",
                                       "topk(up)", "foo{a=\"b\"", "1 == 2", "count_values(5, up)", "up offset"}) {
            const QByteArray head = "groups:\n- name: a\n  rules:\n  - record: x\n    expr: ";
            const QString path = folder.filePath(u"rules.yml"_s);
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(head + expression + "\n");
            file.close();
            const ToolOutput theirs = runChecker(promtool, {u"check"_s, u"rules"_s, path});
            static const QRegularExpression place(u"could not parse expression: 1:(\\d+): "_s);
            const QRegularExpressionMatch match = place.match(theirs.text);
            QVERIFY2(match.hasMatch(), qPrintable(theirs.text));
            FileChecker checker(debianOptions());
            QVERIFY_RESULT(checker.checkFile(path, FileKind::Rules));
            const Diagnostics& ours = checker.reports().front().diagnostics;
            const bool met = std::any_of(ours.begin(), ours.end(), [&](const Diagnostic& one) {
                return one.span.start.line == 5 && one.span.start.column - 10 == match.captured(1).toInt();
            });
            QVERIFY2(met, expression);
        }
    }

    /// amtool config routes test, over a tree with everything that decides.
    void routes()
    {
        const QString amtool = serverBinary(u"amtool"_s);
        QVERIFY(!amtool.isEmpty());
        const QString path = dataFile(u"config/alertmanager/routes.yml"_s);
        const QByteArray content = readFile(path);
        const YamlDocument document = YamlDocument::parse({content.constData(), size_t(content.size())});
        const auto tree = routingTree(viewOf(*Schema::instance().find("alertmanager.Config"), document.root(), {}, YamlDialect::V2));
        QVERIFY(tree);
        for (const char* given : {"", "team=db", "team=db severity=page", "team=db severity=ticket", "team=db severity=spam", "team=web",
                                  "team=web env=prod", "team=web env=prod-2", "team=web env=test", "env=prod", "a=1 b=2", "a=1", "b=2"}) {
            const QStringList words = QString::fromLatin1(given).split(u' ', Qt::SkipEmptyParts);
            std::map<std::string, std::string> labels;
            for (const QString& word : words)
                labels[word.section(u'=', 0, 0).toStdString()] = word.section(u'=', 1).toStdString();
            QStringList ours;
            for (const Route* route : tree->match(labels))
                ours.append(QString::fromStdString(route->receiver));
            const ToolOutput theirs = runChecker(amtool, QStringList {u"config"_s, u"routes"_s, u"test"_s, u"--config.file"_s, path} + words);
            const QStringList lines = theirs.text.split(u'\n', Qt::SkipEmptyParts).filter(QRegularExpression(u"^(?!Warning)"_s));
            QCOMPARE(ours.join(u','), lines.value(0).trimmed());
        }
    }
};

PROMDECK_TEST_MAIN(TestConfigTools)
#include "tst_configtools.moc"
