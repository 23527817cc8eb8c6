#include "models/core/files.h"
#include "models/stack/optionsresolver.h"
#include "models/stack/stackstore.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

/// JSON written with single quotes: moc of Qt 6.4 loses its way in raw strings.
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

} // namespace

class TestStackStore : public QObject
{
    Q_OBJECT

    static StackProfile everything()
    {
        StackProfile profile;
        profile.name = u"prod"_s;
        profile.color = u"#ff8800"_s;
        profile.prometheus = QUrl(u"https://mon.example.org/prometheus"_s);
        profile.alertmanagers = {QUrl(u"https://mon.example.org/am"_s)};
        profile.grafana = QUrl(u"https://grafana.example.org"_s);
        profile.grafanaToken = {SecretRef::Source::Environment, u"GRAFANA_TOKEN"_s};
        profile.loki = QUrl(u"https://loki.example.org"_s);
        profile.auth.type = AuthConfig::Type::Basic;
        profile.auth.user = u"me"_s;
        profile.auth.secret = {SecretRef::Source::Command, u"pass show \"a b\""_s};
        profile.auth.tenant = u"team-a"_s;
        profile.auth.clientCertFile = u"/c.pem"_s;
        profile.auth.clientKeyFile = u"/k.pem"_s;
        profile.auth.headers = {{u"X-Team"_s, u"a"_s, {}}, {u"X-Api-Key"_s, {}, {SecretRef::Source::Keychain, u"k"_s}}};
        profile.caFile = u"/ca.pem"_s;
        profile.verifyTls = false;
        profile.compress = true;
        profile.timeoutMs = 5000;
        profile.maxResponseBytes = 1 << 20;
        profile.readOnly = false;
        profile.scrapeIntervalMs = 30000;
        return profile;
    }

private Q_SLOTS:
    void roundTrips()
    {
        const Json json = profileToJson(everything());
        const auto back = profileFromJson(json);
        QVERIFY_RESULT(back);
        QVERIFY(*back == everything());
        QCOMPARE(profileToJson(*back).toUtf8(), json.toUtf8());
        QVERIFY(json.toUtf8().indexOf("\"name\"") < json.toUtf8().indexOf("\"prometheus\""));
    }

    void writesLittleForLittle()
    {
        const StackProfile profile = profileForUrl(QUrl(u"http://u:p@localhost:9090/x?y=1"_s));
        const QByteArray wanted = quoted("{'name':'localhost:9090/x','prometheus':'http://localhost:9090/x','readOnly':true}");
        QCOMPARE(profileToJson(profile).toUtf8(), wanted);
    }

    void refusesWrongShapes_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("place");
        QTest::newRow("not an object") << QByteArray("[]") << u"it has"_s;
        QTest::newRow("no name") << (quoted("{'prometheus':'http://a'}")) << u"name"_s;
        QTest::newRow("no url") << (quoted("{'name':'a'}")) << u"prometheus"_s;
        QTest::newRow("bad url") << (quoted("{'name':'a','prometheus':'nothing'}")) << u"prometheus"_s;
        QTest::newRow("number as flag") << (quoted("{'name':'a','prometheus':'http://a','readOnly':1}")) << u"readOnly"_s;
        QTest::newRow("auth type") << (quoted("{'name':'a','prometheus':'http://a','auth':{'type':'magic'}}")) << u"auth.type"_s;
        QTest::newRow("secret") << (quoted("{'name':'a','prometheus':'http://a','auth':{'secret':{'plain':'x'}}}")) << u"auth.secret"_s;
        QTest::newRow("header") << (quoted("{'name':'a','prometheus':'http://a','auth':{'headers':[{'name':7}]}}")) << u"auth.headers[0].name"_s;
        QTest::newRow("timeout") << (quoted("{'name':'a','prometheus':'http://a','timeoutMs':-1}")) << u"timeoutMs"_s;
    }

    void refusesWrongShapes()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, place);
        const auto profile = profileFromJson(*Json::parse(json));
        QVERIFY(!profile.ok());
        QCOMPARE(profile.error().code, ErrorCode::Schema);
        QVERIFY2(profile.error().detail.contains(place), qPrintable(profile.error().detail));
    }

    void readsAddressesAsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url"); // null = refused
        QTest::newRow("host") << u"prom:9090"_s << u"http://prom:9090"_s;
        QTest::newRow("address") << u" 10.0.0.1:9090/ "_s << u"http://10.0.0.1:9090"_s;
        QTest::newRow("prefix") << u"https://host/prom/"_s << u"https://host/prom"_s;
        QTest::newRow("graph") << u"http://h:9090/prom/graph?g0.expr=up"_s << u"http://h:9090/prom"_s;
        QTest::newRow("api") << u"http://h:9090/api/v1/query?query=up"_s << u"http://h:9090"_s;
        QTest::newRow("similar") << u"http://h/graphs"_s << u"http://h/graphs"_s;
        QTest::newRow("ipv6") << u"http://[::1]:9090"_s << u"http://[::1]:9090"_s;
        QTest::newRow("scheme") << u"ftp://h"_s << QString();
        QTest::newRow("nothing") << u""_s << QString();
        QTest::newRow("blank") << u"not a host"_s << QString();
    }

    void readsAddressesAsTyped()
    {
        QFETCH(QString, typed);
        QFETCH(QString, url);
        const auto got = parseStackUrl(typed);
        QCOMPARE(got.ok(), !url.isNull());
        if (got)
            QCOMPARE(got->toString(), url);
    }

    void savesPrivatelyAndTells()
    {
        const QTemporaryDir folder;
        StackStore store(folder.filePath(u"promdeck/stacks.json"_s));
        QVERIFY_RESULT(store.load());
        QSignalSpy changed(&store, &StackStore::changed);
        QVERIFY_RESULT(store.put(everything()));
        StackProfile other = profileForUrl(QUrl(u"http://localhost:9090"_s));
        QVERIFY_RESULT(store.put(other));
        QCOMPARE(changed.size(), 2);
        QCOMPARE(QFile::permissions(store.filePath()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        StackStore again(store.filePath());
        QVERIFY_RESULT(again.load());
        QVERIFY(again.stacks() == store.stacks());
        QCOMPARE(Testing::readJson(store.filePath())[u"version"].toInt(), 1);

        const QString oldName = other.name;
        other.name = u"prod"_s;
        QCOMPARE(store.put(other, oldName).error().code, ErrorCode::Conflict);
        other.name = u"renamed"_s;
        QVERIFY_RESULT(store.put(other, oldName));
        QCOMPARE(store.stacks().size(), size_t(2));
        QTRY_VERIFY(again.find(u"renamed"_s).has_value()); // seen by the other program
        QVERIFY_RESULT(again.remove(u"prod"_s));
        QCOMPARE(again.remove(u"prod"_s).error().code, ErrorCode::Reference);
        // Adding keeps what another program did meanwhile.
        QVERIFY_RESULT(store.put(profileForUrl(QUrl(u"http://third"_s))));
        QVERIFY(!store.find(u"prod"_s));
    }

    void keepsUnknownFields()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"stacks.json"_s);
        const QByteArray text = quoted("{'version':1,'stacks':[{'name':'a','prometheus':'http://a','later':{'x':1},'auth':{'type':'bearer','secret':{'environment':'T'},'audience':'z'}}],'extra':true}");
        QVERIFY_RESULT(writeFileAtomically(path, text));
        StackStore store(path);
        QVERIFY_RESULT(store.load());
        QVERIFY_RESULT(store.put(*store.find(u"a"_s)));
        const Json saved = Testing::readJson(path);
        QCOMPARE(saved[u"extra"].toBool(), true);
        QCOMPARE(saved[u"stacks"].at(0)[u"later"][u"x"].toInt(), 1);
        QCOMPARE(saved[u"stacks"].at(0)[u"auth"][u"audience"].toString(), u"z"_s);
    }

    void neverOverwritesABrokenFile_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("line");
        QTest::newRow("cut off") << QByteArray("{\n\"version\":1,\n\"stacks\":[") << ErrorCode::Syntax << 3;
        QTest::newRow("empty") << QByteArray() << ErrorCode::Syntax << 1;
        QTest::newRow("other") << QByteArray("{\"a\":1}") << ErrorCode::Schema << 1;
        QTest::newRow("bad stack") << QByteArray("{\"stacks\":[\n{\"name\":\"a\",\"prometheus\":\"http://a\"},\n{}]}") << ErrorCode::Schema << 3;
        QTest::newRow("newer") << QByteArray("{\"version\":2,\"stacks\":[]}") << ErrorCode::Unsupported << 1;
    }

    void neverOverwritesABrokenFile()
    {
        QFETCH(QByteArray, content);
        QFETCH(ErrorCode, code);
        QFETCH(int, line);
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"stacks.json"_s);
        QVERIFY_RESULT(writeFileAtomically(path, content));
        StackStore store(path);
        const Status loaded = store.load();
        QVERIFY(!loaded.ok());
        QCOMPARE(loaded.error().code, code);
        QCOMPARE(loaded.error().where.line, line);
        QVERIFY(!loaded.error().hint.isEmpty());
        QVERIFY(!store.put(everything()).ok());
        QCOMPARE(readWholeFile(path).valueOr({}), content);
        const Result<QString> away = store.setAside();
        QVERIFY_RESULT(away);
        QCOMPARE(readWholeFile(*away).valueOr({}), content);
        QVERIFY_RESULT(store.put(everything()));
    }

    void nothingSecretIsSaved()
    {
        const QTemporaryDir folder;
        StackStore store(folder.filePath(u"stacks.json"_s));
        StackProfile profile = everything();
        profile.prometheus = QUrl(u"http://me:s3cret@host"_s);
        QCOMPARE(store.put(profile).error().code, ErrorCode::Secret);
        profile = everything();
        profile.auth.headers = {{u"authorization"_s, u"Bearer s3cret"_s, {}}};
        QCOMPARE(store.put(profile).error().code, ErrorCode::Secret);
        QVERIFY(!QFile::exists(store.filePath()));
    }

    void resolvesOptions()
    {
        qputenv("PROMDECK_TEST_TOKEN", "tok");
        StackProfile profile = profileForUrl(QUrl(u"http://localhost:1"_s));
        profile.auth.type = AuthConfig::Type::Bearer;
        profile.auth.secret = {SecretRef::Source::Environment, u"PROMDECK_TEST_TOKEN"_s};
        profile.auth.tenant = u"t"_s;
        profile.auth.headers = {{u"X-Key"_s, {}, {SecretRef::Source::Command, u"echo k"_s}}};
        const auto options = QCoro::waitFor(resolveOptions(profile, nullptr));
        qunsetenv("PROMDECK_TEST_TOKEN");
        QVERIFY_RESULT(options);
        const QList<std::pair<QByteArray, QByteArray>> wanted {
            {"Authorization", "Bearer tok"}, {"X-Scope-OrgID", "t"}, {"X-Key", "k"}};
        QVERIFY(options->headers == wanted);
        QCOMPARE(QCoro::waitFor(resolveOptions(profile, nullptr)).error().code, ErrorCode::Secret);
        profile.auth.secret = {SecretRef::Source::Keychain, u"k"_s};
        QCOMPARE(QCoro::waitFor(resolveOptions(profile, nullptr)).error().code, ErrorCode::Secret);
        profile.auth = {};
        profile.caFile = u"/no/such/ca.pem"_s;
        QCOMPARE(QCoro::waitFor(resolveOptions(profile, nullptr)).error().code, ErrorCode::Io);
    }
};

PROMDECK_TEST_MAIN(TestStackStore)
#include "tst_stackstore.moc"
