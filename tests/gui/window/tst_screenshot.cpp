#include "app/gui/guimain.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QApplication>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kAsProgram = "PROMDECK_TEST_AS_PROGRAM";

}

/// `promdeck --screenshot` as a script uses it. This program is promdeck itself when the variable above is set.
class TestScreenshot final : public QObject
{
    Q_OBJECT

    struct Outcome
    {
        int exitCode = -1;
        QByteArray err;
        QImage picture;
    };

    Outcome promdeck(const QStringList& arguments)
    {
        const QString file = m_folder.filePath(u"%1.png"_s.arg(++m_count));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QString::fromLatin1(kAsProgram), u"1"_s);
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath(),
                      QStringList {u"--screenshot"_s, file, u"--size"_s, u"900x600"_s} + arguments);
        // Less than the program's own limit: pictures come when the page is there, not when patience ends.
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 40000)) {
            process.kill();
            return {};
        }
        return {process.exitCode(), process.readAllStandardError(), QImage(file)};
    }

    QTemporaryDir m_folder;
    int m_count = 0;

private Q_SLOTS:
    void firstPage()
    {
        const Outcome outcome = promdeck({});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.picture.size(), QSize(900, 600));
    }

    void unreachableStack_data()
    {
        QTest::addColumn<QStringList>("dashboard");
        QTest::newRow("first page says it") << QStringList {};
        QTest::newRow("panels say it") << QStringList {u"--dashboard"_s, u"builtin:prometheus"_s};
    }

    void unreachableStack()
    {
        QFETCH(QStringList, dashboard);
        const QString place = u"127.0.0.1:%1"_s.arg(freePort());
        const Outcome outcome = promdeck(QStringList {u"--url"_s, u"http://"_s + place} + dashboard);
        QCOMPARE(outcome.exitCode, 3);
        QVERIFY2(outcome.err.contains(place.toLatin1()), outcome.err.constData());
        QCOMPARE(outcome.picture.size(), QSize(900, 600));
    }

    void unknownNames_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("stack") << QStringList {u"--stack"_s, u"nowhere"_s};
        QTest::newRow("dashboard without a stack") << QStringList {u"--dashboard"_s, u"/no/such/file.json"_s};
    }

    void unknownNames()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = promdeck(arguments);
        QCOMPARE(outcome.exitCode, 3);
        QVERIFY2(outcome.err.contains(arguments.last().toLatin1()), outcome.err.constData());
        QCOMPARE(outcome.picture.size(), QSize(900, 600));
    }
};

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsSet(kAsProgram))
        return runGui(argc, argv);
    Promdeck::Testing::prepareEnvironment();
    QCoreApplication app(argc, argv);
    TestScreenshot test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_screenshot.moc"
