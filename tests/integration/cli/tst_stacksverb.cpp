#include "models/core/files.h"
#include "tests/support/servers.h"
#include "tests/support/verbtest.h"

#include <QFile>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// `promdeck stacks` as a script uses it.
class TestStacksVerb : public QObject
{
    Q_OBJECT

    static VerbOutput promdeck(const QStringList& arguments) { return runVerb(QStringList {u"stacks"_s} + arguments); }

    static QString savedFile() { return configFolder() + u"/stacks.json"_s; }

private Q_SLOTS:
    void savesListsAndRemoves()
    {
        const VerbOutput added = promdeck({u"add"_s, u"--url"_s, u"https://mon.example.org/prom/"_s, u"--name"_s, u"prod"_s,
                                       u"--user"_s, u"me"_s, u"--password"_s, u"env:PROM_PASSWORD"_s, u"--secret-header"_s,
                                       u"X-Api-Key=command:pass show key"_s, u"--tenant"_s, u"a"_s});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const Json saved = readJson(savedFile())[u"stacks"].at(0);
        QCOMPARE(saved[u"prometheus"].toString(), u"https://mon.example.org/prom"_s);
        QCOMPARE(saved.path(u"auth.secret.environment").toString(), u"PROM_PASSWORD"_s);
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://x"_s, u"--name"_s, u"prod"_s}).exitCode, 2);
        const VerbOutput listed = promdeck({u"list"_s, u"--json"_s});
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
            const VerbOutput refused = promdeck(QStringList {u"add"_s, u"--url"_s, u"http://h"_s, u"--name"_s, u"n"_s} + arguments);
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
        const VerbOutput good = promdeck({u"probe"_s, server->url().toString(), u"--json"_s});
        QVERIFY2(good.exitCode == 0, QByteArray(good.err + good.out).constData());
        const Result<Json> json = Json::parse(good.out);
        QVERIFY_RESULT(json);
        QCOMPARE((*json)[u"product"].toString(), u"prometheus"_s);
        const VerbOutput dead = promdeck({u"probe"_s, u"127.0.0.1:%1"_s.arg(freePort()), u"--json"_s});
        QCOMPARE(dead.exitCode, 3);
        QCOMPARE(Json::parse(dead.out).valueOr({}).path(u"error.code").toString(), u"connection-refused"_s);
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, server->url().toString(), u"--name"_s, u"local"_s}).exitCode, 0);
        const VerbOutput text = promdeck({u"probe"_s, u"local"_s});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.startsWith("local: Prometheus 2."), text.out.constData());
    }

    void keychainsThatAreNotThere()
    {
        QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://127.0.0.1:1"_s, u"--name"_s, u"locked"_s, u"--token"_s,
                           u"keychain:nothing"_s}).exitCode, 0);
        const VerbOutput probed = promdeck({u"probe"_s, u"locked"_s, u"--json"_s});
        QCOMPARE(probed.exitCode, 3);
        QCOMPARE(Json::parse(probed.out).valueOr({}).path(u"error.code").toString(), u"secret"_s);
    }

    void wrongUsage()
    {
        QCOMPARE(promdeck({u"nonsense"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"add"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"probe"_s, u"not a url"_s}).exitCode, 2);
        for (const QString& timeout : {u"nan"_s, u"inf"_s, u"-1"_s, u"0"_s, u"1e300"_s, u"soon"_s}) {
            QCOMPARE(promdeck({u"probe"_s, u"127.0.0.1:1"_s, u"--timeout"_s, timeout}).exitCode, 2);
            QCOMPARE(promdeck({u"add"_s, u"--url"_s, u"http://127.0.0.1:1"_s, u"--name"_s, u"n"_s, u"--timeout"_s, timeout}).exitCode, 2);
        }
        QCOMPARE(promdeck({u"list"_s, u"--help"_s}).exitCode, 0);
        QVERIFY_RESULT(writeFileAtomically(savedFile(), "{broken"));
        QCOMPARE(promdeck({u"list"_s}).exitCode, 2);
        QCOMPARE(readFile(savedFile()), QByteArray("{broken"));
        QFile::remove(savedFile());
    }
};

PROMDECK_VERB_TEST_MAIN(TestStacksVerb)
#include "tst_stacksverb.moc"
