// The program itself, as somebody meets it who has never called it, on a machine without a display.
#include "tests/support/testsupport.h"

#ifdef PROMDECK_WITH_GUI
#include <QImage>
#endif
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestHelp final : public QObject
{
    Q_OBJECT

    struct Outcome
    {
        int exitCode = -1;
        QByteArray out;
        QByteArray err;
    };

    static Outcome promdeck(const QStringList& arguments, const QString& program = QStringLiteral(PROMDECK_PROGRAM))
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString& name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s})
            environment.remove(name);
        process.setProcessEnvironment(environment);
        process.start(program, arguments);
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000)
            || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

private Q_SLOTS:
    void help_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("--help") << QStringList {u"--help"_s} << QByteArray("  check ");
        QTest::newRow("-h") << QStringList {u"-h"_s} << QByteArray("  render ");
        QTest::newRow("help") << QStringList {u"help"_s} << QByteArray("  query ");
        QTest::newRow("--version") << QStringList {u"--version"_s} << QByteArray("promdeck ");
        for (const QString& verb : {u"adopt"_s, u"check"_s, u"deploy"_s, u"drift"_s, u"plan"_s, u"promql"_s, u"query"_s, u"render"_s, u"rollback"_s, u"routes"_s, u"stacks"_s})
            QTest::newRow(qPrintable(verb)) << QStringList {verb, u"--help"_s} << "usage: promdeck " + verb.toLatin1();
        QTest::newRow("in the midst") << QStringList {u"render"_s, u"x.json"_s, u"--help"_s} << QByteArray("--png");
        QTest::newRow("stacks add") << QStringList {u"stacks"_s, u"add"_s, u"--help"_s} << QByteArray("--alertmanager");
    }

    void help()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const Outcome outcome = promdeck(arguments);
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY2(outcome.out.contains(says), outcome.out.constData());
        QVERIFY2(outcome.err.isEmpty(), outcome.err.constData());
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("unknown verb") << QStringList {u"chekc"_s} << QByteArray("no verb \"chekc\"");
        QTest::newRow("check") << QStringList {u"check"_s} << QByteArray("usage: promdeck check");
        QTest::newRow("promql") << QStringList {u"promql"_s} << QByteArray("usage: promdeck promql");
        QTest::newRow("query") << QStringList {u"query"_s} << QByteArray("usage: promdeck query");
        QTest::newRow("render") << QStringList {u"render"_s} << QByteArray("usage: promdeck render");
        QTest::newRow("routes") << QStringList {u"routes"_s} << QByteArray("usage: promdeck routes");
        QTest::newRow("stacks") << QStringList {u"stacks"_s, u"nonsense"_s} << QByteArray("usage: promdeck stacks");
    }

    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const Outcome outcome = promdeck(arguments);
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.err.contains(says), outcome.err.constData());
        QVERIFY2(outcome.out.isEmpty(), outcome.out.constData());
    }

    // Not an abort from within a library.
    void noDisplay()
    {
        const Outcome outcome = promdeck({});
        QCOMPARE(outcome.exitCode, 2);
#ifdef PROMDECK_WITH_GUI
        QVERIFY2(outcome.err.contains("no display"), outcome.err.constData());
        QTemporaryDir folder;
        const QString file = folder.filePath(u"first.png"_s);
        QCOMPARE(promdeck({u"--screenshot"_s, file, u"--size"_s, u"900x600"_s}).exitCode, 0);
        QCOMPARE(QImage(file).size(), QSize(900, 600));
#endif
    }

#ifdef PROMDECK_WITH_GUI
    // As packages put it: what is typed in bin, what it becomes in libexec.
    void installed()
    {
        QTemporaryDir prefix;
        QVERIFY(QDir(prefix.path()).mkpath(u"bin"_s) && QDir(prefix.path()).mkpath(QStringLiteral(PROMDECK_LIBEXEC)));
        const QString program = prefix.filePath(u"bin/promdeck"_s);
        QVERIFY(QFile::copy(QStringLiteral(PROMDECK_PROGRAM), program));
        const QString rules = prefix.filePath(u"rules.yml"_s);
        QFile file(rules);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("groups: []\n") > 0);
        file.close();

        const Outcome alone = promdeck({}, program);
        QCOMPARE(alone.exitCode, 2);
        QVERIFY2(alone.err.contains("promdeck-window is neither in " + prefix.path().toUtf8() + "/bin"), alone.err.constData());
        QCOMPARE(promdeck({u"check"_s, rules}, program).exitCode, 0);

        QVERIFY(QFile::link(QStringLiteral(PROMDECK_WINDOW), prefix.filePath(QStringLiteral(PROMDECK_LIBEXEC "/promdeck-window"))));
        const Outcome whole = promdeck({u"help"_s}, program);
        QCOMPARE(whole.exitCode, 0);
        QVERIFY2(whole.out.contains("--screenshot"), whole.out.constData());
    }
#endif
};

PROMDECK_TEST_MAIN(TestHelp)
#include "tst_help.moc"
