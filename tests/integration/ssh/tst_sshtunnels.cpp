// Stacks behind hosts: real Prometheus, real sshd.
#include "models/stack/probe.h"
#include "models/stack/stackopener.h"
#include "provisioning/ssh/promptdesk.h"
#include "provisioning/ssh/sshtunnels.h"
#include "tests/integration/ssh/sshtest.h"
#include "tests/support/certificates.h"
#include "tests/support/servers.h"

#include <QCoroTask>
#include <QFile>
#include <QSignalSpy>
#include <QTcpSocket>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A keychain in memory.
class MemoryStore final : public SecretStore
{
public:
    QCoro::Task<Result<QString>> read(QString key) override
    {
        if (secrets.contains(key))
            co_return Result<QString>(secrets.value(key));
        co_return Result<QString>(makeError(ErrorCode::Secret, u"none"_s));
    }

    QCoro::Task<Status> write(QString key, QString secret) override
    {
        secrets[key] = secret;
        co_return Status(Done {});
    }

    QCoro::Task<Status> remove(QString key) override
    {
        secrets.remove(key);
        co_return Status(Done {});
    }

    QMap<QString, QString> secrets;
};

} // namespace

class TestSshTunnels final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_sshd = TestSshd::start();
        m_prometheus = TestServer::prometheus();
        QVERIFY(m_sshd && m_prometheus);
    }

    void init()
    {
        m_sshd->trust();
        m_sshd->writeConfig({});
        m_prompter = std::make_shared<ScriptedPrompter>();
        installTunnelProvider(std::make_shared<SshTunnels>(std::make_shared<SshHosts>(m_prompter, sourceFor(*m_sshd))));
    }

    void cleanup() { installTunnelProvider({}); }

    void aStackBehindAHostJustWorks()
    {
        StackProfile profile = profileForUrl(m_prometheus->url());
        // A name that only means the right thing over there.
        profile.prometheus.setHost(u"localhost"_s);
        profile.ssh = u"srv"_s;
        const ProbeReport report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QVERIFY2(!report.error, report.error ? qPrintable(report.error->toString()) : "");
        QCOMPARE(report.product, Product::Prometheus);
        QVERIFY(!m_sshd->sessions().isEmpty());
        const auto stack = QCoro::waitFor(openStack(profile, nullptr));
        QVERIFY_RESULT(stack);
        QCOMPARE((*stack)->profile().ssh, u"srv"_s);
        // Many at once, and large ones.
        const auto client = std::make_unique<HttpClient>((*stack)->httpOptions());
        std::vector<QCoro::Task<Result<HttpResponse>>> tasks;
        for (int i = 0; i < 40; ++i) {
            HttpRequest request;
            request.url = profile.prometheus.resolved(QUrl(u"metrics"_s));
            tasks.push_back(client->send(request));
        }
        for (auto& task : tasks) {
            const auto answer = QCoro::waitFor(task);
            QVERIFY_RESULT(answer);
            QCOMPARE(answer->status, 200);
            QVERIFY(answer->body.size() > 10000);
        }
        // One session carries all of it.
        QTRY_COMPARE(m_sshd->sessions().size(), 1);
    }

    void tlsNamesStayWhatTheyAre()
    {
        const Certificate authority = makeCertificateAuthority();
        const Certificate own = makeCertificate(&authority);
        QVERIFY(!authority.cert.isEmpty() && !own.cert.isEmpty());
        const auto secure = TestServer::prometheus({.webConfig = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n",
                                                    .files = {{u"server.pem"_s, own.cert}, {u"server.key"_s, own.key}}});
        QVERIFY(secure);
        StackProfile profile = profileForUrl(secure->url());
        profile.ssh = u"srv"_s;
        QTemporaryDir folder;
        profile.caFile = folder.filePath(u"ca.pem"_s);
        QFile ca(profile.caFile);
        QVERIFY(ca.open(QIODevice::WriteOnly) && ca.write(authority.cert) > 0);
        ca.close();
        const ProbeReport report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QVERIFY2(!report.error, report.error ? qPrintable(report.error->toString()) : "");
        profile.caFile.clear();
        const ProbeReport untrusted = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QVERIFY(untrusted.error);
        QCOMPARE(untrusted.error->code, ErrorCode::TlsFailure);
    }

    void whatIsWrongReachesTheProbe()
    {
        StackProfile profile = profileForUrl(m_prometheus->url());
        profile.ssh = u"srv"_s;
        QFile::remove(m_sshd->path(u"home/.ssh/known_hosts"_s));
        ProbeReport report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QVERIFY(report.error);
        QCOMPARE(report.error->code, ErrorCode::HostKey);
        QCOMPARE(report.error->target, u"srv"_s);
        m_sshd->trust();
        profile.prometheus.setPort(1);
        report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QVERIFY(report.error);
        QCOMPARE(report.error->code, ErrorCode::ConnectionRefused);
        profile.ssh = u"127.0.0.1:1"_s;
        report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QCOMPARE(report.error->code, ErrorCode::ConnectionRefused);
        profile.ssh = u"-oProxyCommand=id"_s;
        QCOMPARE(checkProfile(profile).error().code, ErrorCode::InvalidArgument);
        installTunnelProvider({});
        profile.ssh = u"srv"_s;
        report = QCoro::waitFor(probeProfile(profile, nullptr, 10s));
        QCOMPARE(report.error->code, ErrorCode::Unsupported);
    }

    void comesBackAfterALoss()
    {
        StackProfile profile = profileForUrl(m_prometheus->url());
        profile.ssh = u"srv"_s;
        const auto stack = QCoro::waitFor(openStack(profile, nullptr));
        QVERIFY_RESULT(stack);
        HttpClient client((*stack)->httpOptions());
        HttpRequest request;
        request.url = profile.prometheus.resolved(QUrl(u"metrics"_s));
        QVERIFY_RESULT(QCoro::waitFor(client.send(request)));
        m_sshd->killSessions();
        QTRY_VERIFY(QCoro::waitFor(client.send(request)).ok());
        QTRY_COMPARE(m_sshd->sessions().size(), 1);
    }

    void theProxyIsForThisProgramOnly()
    {
        auto hosts = std::make_shared<SshHosts>(m_prompter, sourceFor(*m_sshd));
        const auto connection = hosts->connection(u"srv"_s);
        QVERIFY_RESULT(connection);
        const auto proxy = (*connection)->proxy();
        QVERIFY_RESULT(proxy);
        const auto talk = [&](const QByteArray& hello) {
            QTcpSocket socket;
            socket.connectToHost(u"127.0.0.1"_s, proxy->port);
            QByteArray answer;
            connect(&socket, &QTcpSocket::readyRead, &socket, [&] { answer += socket.readAll(); });
            QTest::qWait(50);
            socket.write(hello);
            QTest::qWait(200);
            const bool open = socket.state() == QAbstractSocket::ConnectedState;
            return std::pair(answer, open);
        };
        QCOMPARE(talk(QByteArray("\x05\x01\x00", 3)), std::pair(QByteArray("\x05\xff", 2), false)); // without a password
        QCOMPARE(talk(QByteArray("\x05\x01\x02\x01\x01" "a\x01" "b", 8)), std::pair(QByteArray("\x05\x02\x01\x01", 4), false));
        QCOMPARE(talk("GET / HTTP/1.0\r\n\r\n").second, false);
    }

    void theDeskAnswersFromTheKeychain()
    {
        const auto store = std::make_shared<MemoryStore>();
        PromptDesk desk(store);
        const auto prompter = desk.prompter();
        SshQuestion question;
        question.kind = SshQuestion::Kind::Password;
        question.secretKey = u"ssh/password/a@b:22"_s;
        question.fields = {{QString(), false}};
        QSignalSpy asked(&desk, &PromptDesk::asked);
        QSignalSpy withdrawn(&desk, &PromptDesk::withdrawn);
        std::vector<SshAnswer> answers;
        std::mutex mutex;
        const auto reply = [&](const SshAnswer& answer) {
            const std::lock_guard lock(mutex);
            answers.push_back(answer);
        };
        std::thread([&] { prompter->ask(question, reply); }).join();
        QTRY_COMPARE(asked.size(), 1);
        desk.answer(desk.waiting().begin()->first, [] {
            SshAnswer right = yes({u"s3cret"_s});
            right.remember = true;
            return right;
        }());
        QCOMPARE(answers.size(), std::size_t(1));
        // Kept only once it has worked.
        std::thread([&] { prompter->settled(question, answers.at(0), false); }).join();
        QTest::qWait(20);
        QVERIFY(store->secrets.isEmpty());
        std::thread([&] { prompter->settled(question, answers.at(0), true); }).join();
        QTRY_COMPARE(store->secrets.value(question.secretKey), u"s3cret"_s);
        std::thread([&] { prompter->ask(question, reply); }).join();
        QTRY_COMPARE(answers.size(), std::size_t(2));
        QCOMPARE(answers.at(1).texts, QStringList {u"s3cret"_s});
        QCOMPARE(asked.size(), 1);
        // What was remembered and proved wrong is asked for.
        question.attempt = 1;
        std::thread([&] { prompter->ask(question, reply); }).join();
        QTRY_COMPARE(asked.size(), 2);
        std::thread([&] { prompter->withdraw(question); }).join();
        QTRY_COMPARE(withdrawn.size(), 1);
        QVERIFY(desk.waiting().empty());
    }

private:
    std::unique_ptr<TestSshd> m_sshd;
    std::unique_ptr<TestServer> m_prometheus;
    std::shared_ptr<ScriptedPrompter> m_prompter;
};

PROMDECK_TEST_MAIN(TestSshTunnels)
#include "tst_sshtunnels.moc"
