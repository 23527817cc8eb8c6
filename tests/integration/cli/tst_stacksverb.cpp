#include "app/cli/verb.h"
#include "models/core/files.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QFile>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// `promdeck stacks` as a script uses it. This program runs the verb itself when its first argument is one.
class TestStacksVerb : public QObject
{
    Q_OBJECT

    struct Output
    {
        int exitCode = -1;
        QByteArray out;
        QByteArray err;
    };

    static Output promdeck(const QStringList& arguments)
    {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), QStringList {u"stacks"_s} + arguments);
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    static QString savedFile() { return configFolder() + u"/stacks.json"_s; }

private Q_SLOTS:
    void savesListsAndRemoves()
    {
        const Output added = promdeck({u"add"_s, u"--url"_s, u"https://mon.example.org/prom/"_s, u"--name"_s, u"prod"_s,
                                       u"--user"_s, u"me"_s, u"--password"_s, u"env:PROM_PASSWORD"_s, u"--secret-header"_s,
                                       u"X-Api-Key=command:pass show key"_s, u"--tenant"_s, u"a"_s});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const Json saved = readJson(savedFile())[u"stacks"].at(0);
        QCOMPARE(saved[u"prometheus"].toString(), u"https://mon.example.org/prom"_s);
        QCOMPARE(saved.path(u"auth.secret.environment").toString(), u"PROM_PASSWORD"_s);
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://x"_s, u"--name"_s, u"prod"_s}).exitCode, 2);
        const Output listed = promdeck({u"list"_s, u"--json"_s});
        QCOMPARE(listed.exitCode, 0);
        QVERIFY(Json::parse(listed.out).valueOr({})[u"stacks"].at(0)[u"readOnly"].toBool());
        QCOMPARE(promdeck({u"remove"_s, u"prod"_s}).exitCode, 0);
        QCOMPARE(promdeck({u"remove"_s, u"prod"_s}).exitCode, 2);
    }

    void neverTakesASecret()
    {
        for (const QStringList& arguments :
             {QStringList {u"--user"_s, u"me"_s, u"--password"_s, u"s3cret"_s}, {u"--token"_s, u"s3cret"_s},
              {u"--header"_s, u"Authorization=Bearer s3cret"_s}}) {
            const Output refused = promdeck(QStringList {u"add"_s, u"--url"_s, u"http://h"_s, u"--name"_s, u"n"_s} + arguments);
            QCOMPARE(refused.exitCode, 2);
            QVERIFY2(!refused.err.contains("s3cret"), refused.err.constData());
        }
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://me:s3cret@h"_s}).exitCode, 2);
        QVERIFY(!QFile::exists(savedFile()) || !readFile(savedFile()).contains("s3cret"));
    }

    void probes()
    {
        const auto server = TestServer::prometheus({.routePrefix = u"/p"_s});
        QVERIFY(server);
        const Output good = promdeck({u"probe"_s, server->url().toString(), u"--json"_s});
        QVERIFY2(good.exitCode == 0, QByteArray(good.err + good.out).constData());
        const Result<Json> json = Json::parse(good.out);
        QVERIFY_RESULT(json);
        QCOMPARE((*json)[u"product"].toString(), u"prometheus"_s);
        const Output dead = promdeck({u"probe"_s, u"127.0.0.1:%1"_s.arg(freePort()), u"--json"_s});
        QCOMPARE(dead.exitCode, 3);
        QCOMPARE(Json::parse(dead.out).valueOr({}).path(u"error.code").toString(), u"connection-refused"_s);
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, server->url().toString(), u"--name"_s, u"local"_s}).exitCode, 0);
        const Output text = promdeck({u"probe"_s, u"local"_s});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.startsWith("local: Prometheus 2."), text.out.constData());
    }

    void keychainsThatAreNotThere()
    {
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://127.0.0.1:1"_s, u"--name"_s, u"locked"_s, u"--token"_s,
                           u"keychain:nothing"_s}).exitCode, 0);
        const Output probed = promdeck({u"probe"_s, u"locked"_s, u"--json"_s});
        QCOMPARE(probed.exitCode, 3);
        QCOMPARE(Json::parse(probed.out).valueOr({}).path(u"error.code").toString(), u"secret"_s);
    }

    void wrongUsage()
    {
        QCOMPARE(promdeck({u"nonsense"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"add"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"probe"_s, u"not a url"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"list"_s, u"--help"_s}).exitCode, 0);
        QVERIFY_RESULT(writeFileAtomically(savedFile(), "{broken"));
        QCOMPARE(promdeck({u"list"_s}).exitCode, 2);
        QCOMPARE(readFile(savedFile()), QByteArray("{broken"));
        QFile::remove(savedFile());
    }
};

int main(int argc, char** argv)
{
    if (argc > 1) {
        for (const auto& verb : Cli::allVerbs()) {
            if (verb->name() == QString::fromLocal8Bit(argv[1])) {
                QCoreApplication app(argc, argv);
                verb->run(app.arguments().mid(2));
                return QCoreApplication::exec();
            }
        }
    }
    prepareEnvironment();
    // No keychain of the person who runs the tests is touched.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    QCoreApplication app(argc, argv);
    TestStacksVerb test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stacksverb.moc"
