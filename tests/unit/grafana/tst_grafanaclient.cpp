#include "models/grafana/grafanaclient.h"
#include "tests/support/fakegrafana.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Json board(const QString& uid, const QString& title)
{
    return Json::object({{u"uid"_s, uid}, {u"title"_s, title}, {u"tags"_s, Json::strings({u"t"_s})}, {u"panels"_s, Json::array()}});
}

HttpOptions withToken(const QByteArray& token)
{
    HttpOptions options;
    options.headers.emplace_back("Authorization", "Bearer " + token);
    return options;
}

} // namespace

/// Against a fake server: Debian has no package of Grafana.
class TestGrafanaClient final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsDashboardsAndFolders();
    void readsOne();
    void pushesTheVersionItKnows();
    void saysWhatIsWrong();
    void readOnlyStacksSendNothing();
    void otherServersAreNamed();
    void endsWithItsClient();

private:
    template <typename T>
    Result<T> wait(QCoro::Task<Result<T>> task)
    {
        return QCoro::waitFor(std::move(task));
    }
    std::unique_ptr<FakeGrafana> m_server;
    std::unique_ptr<GrafanaClient> m_client;
};

void TestGrafanaClient::init()
{
    m_client.reset();
    m_server = std::make_unique<FakeGrafana>();
    m_server->addFolder(u"ops"_s, u"Operations"_s);
    m_server->addFolder(u"deep"_s, u"Deeper"_s, u"ops"_s);
    m_server->store(board(u"a"_s, u"Alpha"_s));
    m_server->store(board(u"b"_s, u"Beta"_s), u"ops"_s);
    m_client = std::make_unique<GrafanaClient>(m_server->url(), withToken("secret-token"), false);
}

void TestGrafanaClient::listsDashboardsAndFolders()
{
    const auto all = wait(m_client->search());
    QVERIFY_RESULT(all);
    QCOMPARE(all->size(), size_t(2));
    QCOMPARE(all->at(1).title, u"Beta"_s);
    QCOMPARE(all->at(1).folderUid, u"ops"_s);
    QCOMPARE(all->at(1).folderTitle, u"Operations"_s);
    QCOMPARE(all->at(1).tags, QStringList {u"t"_s});
    QCOMPARE(wait(m_client->search(u"alp"_s))->size(), size_t(1));
    const auto folders = wait(m_client->folders());
    QVERIFY_RESULT(folders);
    QCOMPARE(folders->size(), size_t(2));
    QCOMPARE(folders->at(1).parentUid, u"ops"_s);
}

void TestGrafanaClient::readsOne()
{
    const auto one = wait(m_client->dashboard(u"b"_s));
    QVERIFY_RESULT(one);
    QCOMPARE(one->dashboard[u"title"].toString(), u"Beta"_s);
    QCOMPARE(one->version, 1);
    QCOMPARE(one->folderUid, u"ops"_s);
    QCOMPARE(one->updatedBy, u"admin"_s);
    QVERIFY(one->updatedMs > 0);
    QCOMPARE(wait(m_client->dashboard(u"nope"_s)).error().code, ErrorCode::NotFound);
}

void TestGrafanaClient::pushesTheVersionItKnows()
{
    const auto one = wait(m_client->dashboard(u"a"_s));
    QVERIFY_RESULT(one);
    Json edited = one->dashboard;
    edited.set(u"title"_s, u"Alpha 2"_s);
    const auto pushed = wait(m_client->push({edited, {}, u"from here"_s, false}));
    QVERIFY_RESULT(pushed);
    QCOMPARE(pushed->version, 2);
    QCOMPARE(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Alpha 2"_s);
    // with the old version again: somebody else was there
    const auto late = wait(m_client->push({edited, {}, {}, false}));
    QCOMPARE(late.error().code, ErrorCode::Conflict);
    QVERIFY(late.error().detail.contains(u"someone else"_s));
    QCOMPARE(wait(m_client->push({edited, {}, {}, true}))->version, 3);
    // a new one of a title that is taken
    const auto taken = wait(m_client->push({board(u"c"_s, u"Alpha 2"_s), {}, {}, false}));
    QCOMPARE(taken.error().code, ErrorCode::Conflict);
    QVERIFY(!taken.error().hint.isEmpty());
}

void TestGrafanaClient::saysWhatIsWrong()
{
    GrafanaClient stranger(m_server->url(), withToken("wrong"), false);
    const auto refused = wait(stranger.search());
    QCOMPARE(refused.error().code, ErrorCode::Unauthorized);
    QVERIFY(!refused.error().toString().contains(u"wrong"_s));
    QCOMPARE(wait(m_client->push({board(u"x"_s, u"X"_s), u"no such"_s, {}, false})).error().code, ErrorCode::InvalidArgument);
}

void TestGrafanaClient::readOnlyStacksSendNothing()
{
    GrafanaClient readOnly(m_server->url(), withToken("secret-token"));
    QCOMPARE(wait(readOnly.push({board(u"a"_s, u"Alpha"_s), {}, {}, true})).error().code, ErrorCode::Forbidden);
    QCOMPARE(m_server->pushes(), 0);
}

void TestGrafanaClient::otherServersAreNamed()
{
    FakeHttpServer page([](const FakeHttpServer::Request&) { return FakeHttpServer::answer("<html>Sign in</html>", 200, "text/html"); });
    GrafanaClient client(page.url(), {});
    QCOMPARE(wait(client.search()).error().code, ErrorCode::WrongProduct);
    FakeHttpServer object([](const FakeHttpServer::Request&) { return FakeHttpServer::answer("{}"); });
    GrafanaClient other(object.url(), {});
    QCOMPARE(wait(other.search()).error().code, ErrorCode::WrongProduct);
    QCOMPARE(wait(other.dashboard(u"a"_s)).error().code, ErrorCode::Decode);
}

void TestGrafanaClient::endsWithItsClient()
{
    TarPit silent;
    auto client = std::make_unique<GrafanaClient>(silent.url(), HttpOptions());
    std::optional<Error> error;
    QObject context;
    QCoro::connect(client->search(), &context, [&error](const Result<std::vector<GrafanaListing>>& found) {
        if (!found.ok())
            error = found.error();
    });
    QTest::qWait(50);
    client.reset();
    QTRY_VERIFY(error);
    QCOMPARE(error->code, ErrorCode::Cancelled);
}

PROMDECK_TEST_MAIN(TestGrafanaClient)
#include "tst_grafanaclient.moc"
