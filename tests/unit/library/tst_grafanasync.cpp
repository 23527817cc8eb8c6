#include "models/library/grafanasync.h"
#include "tests/support/fakegrafana.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// Files and a server that both change. The server is a fake: Debian has no package of Grafana.
class TestGrafanaSync final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void pullsWithItsOrigin();
    void pullsKeepWhatIsOurs();
    void pullsNeverOverEdits();
    void pushesAndRemembers();
    void pushesOfOldVersionsAreRefused();
    void newDashboardsGoToTheirFolder();
    void tellsWhoChanged();

private:
    [[nodiscard]] Json local() const { return *Json::parse(readFile(m_path)); }
    void edit(const QString& title)
    {
        // As an editor would: over the text, in one place.
        QByteArray text = readFile(m_path);
        text.replace("\"title\": \"Alpha\"", "\"title\": \"" + title.toUtf8() + '"');
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    Result<qint64> pull(bool overEdits = false) { return QCoro::waitFor(pullDashboard(m_client, {u"a"_s, m_path, overEdits})); }
    Result<GrafanaPushed> push(bool overwrite = false) { return QCoro::waitFor(pushDashboard(m_client, {m_path, {}, u"m"_s, overwrite})); }
    SyncComparison compare() { return *QCoro::waitFor(compareWithServer(m_client, u"a"_s, m_path)); }
    void storeOnServer(const QString& title)
    {
        m_server->store(Json::object({{u"uid"_s, u"a"_s}, {u"title"_s, title}, {u"panels"_s, Json::array()}, {u"schemaVersion"_s, 39}}), u"ops"_s, u"alice"_s);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<FakeGrafana> m_server;
    std::shared_ptr<GrafanaClient> m_client;
};

void TestGrafanaSync::init()
{
    m_client.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"sub/alpha.json"_s);
    m_server = std::make_unique<FakeGrafana>();
    m_server->addFolder(u"ops"_s, u"Operations"_s);
    storeOnServer(u"Alpha"_s);
    HttpOptions options;
    options.headers.emplace_back("Authorization", "Bearer secret-token");
    m_client = std::make_shared<GrafanaClient>(m_server->url(), options, false);
}

void TestGrafanaSync::pullsWithItsOrigin()
{
    const auto version = pull();
    QVERIFY_RESULT(version);
    QCOMPARE(*version, 1);
    const auto origin = originOf(local());
    QVERIFY(origin);
    QCOMPARE(origin->server.toString(), m_server->url().toString(QUrl::StripTrailingSlash));
    QCOMPARE(origin->uid, u"a"_s);
    QCOMPARE(origin->folderUid, u"ops"_s);
    QVERIFY(!readFile(m_path).contains("secret-token"));
    const SyncComparison now = compare();
    QVERIFY(now.isSame && !now.isEditedHere && !now.isNewerThere);
}

void TestGrafanaSync::pullsKeepWhatIsOurs()
{
    QVERIFY_RESULT(pull());
    QByteArray text = readFile(m_path);
    text.replace("\"promdeck\": {", "\"promdeck\": {\n    \"docks\": [1],");
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    storeOnServer(u"Alpha 2"_s);
    QVERIFY(compare().isNewerThere);
    QCOMPARE(*pull(), 2);
    QCOMPARE(local()[u"title"].toString(), u"Alpha 2"_s);
    QCOMPARE(local()[u"promdeck"][u"docks"].size(), 1);
}

void TestGrafanaSync::pullsNeverOverEdits()
{
    QVERIFY_RESULT(pull());
    edit(u"Mine"_s);
    QVERIFY(compare().isEditedHere);
    storeOnServer(u"Theirs"_s);
    QCOMPARE(pull().error().code, ErrorCode::Conflict);
    QCOMPARE(local()[u"title"].toString(), u"Mine"_s);
    QVERIFY_RESULT(pull(true));
    QCOMPARE(local()[u"title"].toString(), u"Theirs"_s);
}

void TestGrafanaSync::pushesAndRemembers()
{
    QVERIFY_RESULT(pull());
    edit(u"Mine"_s);
    const auto pushed = push();
    QVERIFY_RESULT(pushed);
    QCOMPARE(pushed->version, 2);
    QCOMPARE(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Mine"_s);
    QVERIFY(!m_server->find(u"a"_s)->dashboard.contains(u"promdeck"));
    QCOMPARE(m_server->find(u"a"_s)->folderUid, u"ops"_s);
    QCOMPARE(originOf(local())->version, 2);
    QVERIFY(!compare().isEditedHere);
    // and again, without a pull between
    edit(u"unused"_s);
    QVERIFY_RESULT(push());
}

void TestGrafanaSync::pushesOfOldVersionsAreRefused()
{
    QVERIFY_RESULT(pull());
    edit(u"Mine"_s);
    storeOnServer(u"Theirs"_s);
    const QByteArray before = readFile(m_path);
    const auto refused = push();
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QCOMPARE(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Theirs"_s);
    QCOMPARE(readFile(m_path), before);
    QCOMPARE(push(true)->version, 3);
    QCOMPARE(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Mine"_s);
}

void TestGrafanaSync::newDashboardsGoToTheirFolder()
{
    const QString path = m_folder->filePath(u"new.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"title\": \"New\", \"uid\": \"n\", \"id\": 77, \"version\": 12, \"panels\": []}");
    file.close();
    const auto pushed = QCoro::waitFor(pushDashboard(m_client, {path, u"ops"_s, {}, false}));
    QVERIFY_RESULT(pushed);
    QCOMPARE(m_server->find(u"n"_s)->folderUid, u"ops"_s);
    QCOMPARE(originOf(*Json::parse(readFile(path)))->version, 1);
}

void TestGrafanaSync::tellsWhoChanged()
{
    QVERIFY_RESULT(pull());
    storeOnServer(u"Theirs"_s);
    const SyncComparison now = compare();
    QVERIFY(now.isNewerThere && !now.isEditedHere && !now.isSame);
    QCOMPARE(now.server.updatedBy, u"alice"_s);
    const auto nothing = QCoro::waitFor(compareWithServer(m_client, u"unknown"_s, m_path));
    QVERIFY_RESULT(nothing);
    QVERIFY(nothing->there.isNull() && !nothing->isNewerThere);
}

PROMDECK_TEST_MAIN(TestGrafanaSync)
#include "tst_grafanasync.moc"
