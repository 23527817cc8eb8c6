// Getting in: keys, agents, passwords, host keys, jumps; over a real sshd.
#include "tests/integration/ssh/sshtest.h"
#include "tests/support/servers.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>

#include <signal.h>
#include <sys/prctl.h>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A real ssh-agent in the foreground.
class Agent final
{
public:
    explicit Agent(const QString& folder) : m_socket(folder + u"/agent"_s)
    {
        m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process.start(u"ssh-agent"_s, {u"-D"_s, u"-a"_s, m_socket});
        if (!QTest::qWaitFor([&] { return QFileInfo::exists(m_socket); }, 10000))
            QTest::qFail("ssh-agent did not start", __FILE__, __LINE__);
    }

    ~Agent()
    {
        m_process.kill();
        m_process.waitForFinished(5000);
    }

    void add(const QString& key) const { runTool(u"env"_s, {u"SSH_AUTH_SOCK="_s + m_socket, u"ssh-add"_s, u"-q"_s, key}); }
    [[nodiscard]] QByteArray socket() const { return m_socket.toUtf8(); }
    void pause() const { ::kill(int(m_process.processId()), SIGSTOP); }

private:
    QString m_socket;
    QProcess m_process;
};

Result<CommandOutput> tryLogin(const TestSshd& server, const std::shared_ptr<SshPrompter>& prompter, const QString& name = u"srv"_s,
                               const CancelToken& cancel = {})
{
    SshHosts hosts(prompter, sourceFor(server));
    const auto host = hosts.host(name);
    if (!host)
        return host.error();
    return (*host)->run(command({"echo", "in"}), cancel);
}

} // namespace

class TestSshLogin final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_prompter = std::make_shared<ScriptedPrompter>();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void unknownHostsAreAsked()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        server->writeConfig("Host *\n HashKnownHosts yes\n");
        // Nobody there: refused, with what is needed to decide.
        const auto refused = tryLogin(*server, nullptr);
        QCOMPARE(refused.error().code, ErrorCode::HostKey);
        const QByteArray listed = runTool(u"ssh-keygen"_s, {u"-lf"_s, server->path(u"host_ed25519.pub"_s)});
        const QString fingerprint = QString::fromUtf8(listed.split(' ').at(1));
        QVERIFY(refused.error().detail.contains(fingerprint));
        QVERIFY(refused.error().hint.contains(u"ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"_s));
        // Declined: nothing is written.
        QCOMPARE(tryLogin(*server, m_prompter).error().code, ErrorCode::HostKey);
        QVERIFY(server->knownHosts().isEmpty());
        QCOMPARE(m_prompter->questions().at(0).kind, SshQuestion::Kind::HostKey);
        QCOMPARE(m_prompter->questions().at(0).key.fingerprint(), fingerprint);
        QCOMPARE(m_prompter->questions().at(0).key.md5(),
                 QString::fromUtf8(runTool(u"ssh-keygen"_s, {u"-E"_s, u"md5"_s, u"-lf"_s, server->path(u"host_ed25519.pub"_s)}).split(' ').at(1)));
        // Once: in, and nothing is written.
        m_prompter->setScript([](const SshQuestion&) {
            SshAnswer once = yes();
            once.once = true;
            return once;
        });
        QVERIFY_RESULT(tryLogin(*server, m_prompter));
        QVERIFY(server->knownHosts().isEmpty());
        // Accepted: written as ssh would, and ssh agrees.
        m_prompter->setScript([](const SshQuestion&) { return yes(); });
        QVERIFY_RESULT(tryLogin(*server, m_prompter));
        QVERIFY(server->knownHosts().startsWith("|1|"));
        const QString name = u"[127.0.0.1]:%1"_s.arg(server->port());
        QVERIFY(runTool(u"ssh-keygen"_s, {u"-F"_s, name, u"-f"_s, server->path(u"home/.ssh/known_hosts"_s)}).contains("ssh-ed25519"));
        QVERIFY_RESULT(tryLogin(*server, nullptr));
    }

    void changedKeysBlock()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        server->trust();
        QVERIFY_RESULT(tryLogin(*server, nullptr));
        const QByteArray before = server->knownHosts();
        server->changeHostKey();
        QCOMPARE(tryLogin(*server, nullptr).error().code, ErrorCode::HostKey);
        // Also when new hosts are to be accepted.
        server->writeConfig("Host *\n StrictHostKeyChecking no\n");
        const auto blocked = tryLogin(*server, m_prompter);
        QCOMPARE(blocked.error().code, ErrorCode::HostKey);
        const SshQuestion asked = m_prompter->questions().at(0);
        QCOMPARE(asked.verdict.state, HostKeyVerdict::State::Changed);
        QVERIFY(blocked.error().detail.contains(asked.key.fingerprint()));
        QVERIFY(blocked.error().detail.contains(asked.verdict.known.at(0).key.fingerprint()));
        QVERIFY(asked.verdict.known.at(0).key != asked.key);
        QCOMPARE(server->knownHosts(), before);
        // Replaced on purpose: the old keys go, and are kept beside.
        m_prompter->setScript([](const SshQuestion&) { return yes(); });
        QVERIFY_RESULT(tryLogin(*server, m_prompter));
        QCOMPARE(server->knownHosts().count('\n'), 1);
        QCOMPARE(Testing::readFile(server->path(u"home/.ssh/known_hosts.old"_s)), before);
        QVERIFY_RESULT(tryLogin(*server, nullptr));
    }

    void otherTypesAndRevokedKeysBlock()
    {
        const auto server = TestSshd::start({.config = "HostKeyAlgorithms ssh-ed25519"});
        QVERIFY(server);
        const QByteArray name = "[127.0.0.1]:" + QByteArray::number(server->port()) + ' ';
        QFile file(server->path(u"home/.ssh/known_hosts"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(name + Testing::readFile(server->path(u"host_ecdsa.pub"_s)));
        file.flush();
        const auto other = tryLogin(*server, m_prompter);
        QCOMPARE(other.error().code, ErrorCode::HostKey);
        QCOMPARE(m_prompter->questions().at(0).verdict.state, HostKeyVerdict::State::OtherType);
        file.resize(0);
        file.seek(0);
        file.write("@revoked * " + Testing::readFile(server->path(u"host_ed25519.pub"_s)));
        file.write(name + Testing::readFile(server->path(u"host_ed25519.pub"_s)));
        file.close();
        m_prompter->setScript([](const SshQuestion&) { return yes(); });
        const auto revoked = tryLogin(*server, m_prompter);
        QCOMPARE(revoked.error().code, ErrorCode::HostKey);
        QVERIFY(m_prompter->questions().empty()); // no question may talk anybody into it
        // Strict: unknown hosts are refused without a question.
        server->writeConfig("Host *\n StrictHostKeyChecking yes\n UserKnownHostsFile /nonexistent\n");
        QCOMPARE(tryLogin(*server, m_prompter).error().code, ErrorCode::HostKey);
        QVERIFY(m_prompter->questions().empty());
    }

    void knownTypeIsPreferred()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        server->writeConfig("Host *\n HostKeyAlias alias.example\n");
        QFile file(server->path(u"home/.ssh/known_hosts"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("alias.example " + Testing::readFile(server->path(u"host_ecdsa.pub"_s)));
        file.close();
        QVERIFY_RESULT(tryLogin(*server, nullptr));
    }

    void passphrases()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        server->trust();
        const QString key = m_folder->filePath(u"locked"_s);
        QVERIFY(makeSshKey(key, u"ed25519"_s, u"open sesame"_s));
        server->authorize(Testing::readFile(key + u".pub"_s));
        for (const bool withPublicFile : {true, false}) {
            if (!withPublicFile)
                QFile::remove(key + u".pub"_s);
            server->writeConfig("Host locked\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n IdentityFile " + key.toUtf8() + '\n');
            m_prompter->setScript([](const SshQuestion& question) { return yes({question.attempt == 0 ? u"wrong"_s : u"open sesame"_s}); });
            QVERIFY_RESULT(tryLogin(*server, m_prompter, u"locked"_s));
            QCOMPARE(m_prompter->questions().size(), std::size_t(2));
            QCOMPARE(m_prompter->questions().at(0).kind, SshQuestion::Kind::Passphrase);
            QCOMPARE(m_prompter->questions().at(0).file, key);
            QCOMPARE(m_prompter->questions().at(0).secretKey, u"ssh/key/"_s + key);
        }
        QCOMPARE(m_prompter->settledAs(), (QList<bool> {false, true, false, true}));
        const auto nobody = tryLogin(*server, nullptr, u"locked"_s);
        QCOMPARE(nobody.error().code, ErrorCode::Auth);
        QVERIFY(nobody.error().detail.contains(key));
        // A key the server does not want is not asked for.
        const QString stranger = m_folder->filePath(u"stranger"_s);
        QVERIFY(makeSshKey(stranger, u"ed25519"_s, u"x123456"_s));
        server->writeConfig("Host locked\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n IdentityFile " + stranger.toUtf8() + '\n');
        m_prompter->setScript({});
        QCOMPARE(tryLogin(*server, m_prompter, u"locked"_s).error().code, ErrorCode::Auth);
        QVERIFY(m_prompter->questions().empty());
    }

    void agents()
    {
        const auto server = TestSshd::start({.config = "MaxAuthTries 3"});
        QVERIFY(server);
        server->trust();
        const Agent agent(m_folder->path());
        QList<QString> keys;
        for (int i = 0; i < 6; ++i) {
            keys << m_folder->filePath(u"k%1"_s.arg(i));
            QVERIFY(makeSshKey(keys.last()));
            agent.add(keys.last());
        }
        server->authorize(Testing::readFile(keys.last() + u".pub"_s));
        const auto config = [&](const QByteArray& more) {
            server->writeConfig("Host agent\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n IdentityAgent "
                                + agent.socket() + '\n' + more);
        };
        // The right key is the sixth: too many for this server.
        config({});
        const auto many = tryLogin(*server, nullptr, u"agent"_s);
        QVERIFY(!many.ok());
        QVERIFY2(many.error().hint.contains(u"IdentitiesOnly"_s), qPrintable(many.error().toString()));
        // A key named in the configuration goes first, its private half only in the agent.
        QFile::remove(keys.last());
        config(" IdentityFile " + keys.last().toUtf8() + '\n');
        QVERIFY_RESULT(tryLogin(*server, nullptr, u"agent"_s));
        config(" IdentitiesOnly yes\n IdentityFile " + keys.first().toUtf8() + '\n');
        const auto only = tryLogin(*server, nullptr, u"agent"_s);
        QCOMPARE(only.error().code, ErrorCode::Auth);
        QVERIFY2(only.error().detail.contains(u"1 keys of the agent"_s), qPrintable(only.error().toString()));
        // An agent that does not answer holds nobody up.
        config({});
        agent.pause();
        std::stop_source stop;
        std::thread canceller([&] {
            std::this_thread::sleep_for(300ms);
            stop.request_stop();
        });
        QCOMPARE(tryLogin(*server, nullptr, u"agent"_s, stop.get_token()).error().code, ErrorCode::Cancelled);
        canceller.join();
    }

    void certificates()
    {
        const QString authority = m_folder->filePath(u"ca"_s);
        const QString key = m_folder->filePath(u"certified"_s);
        QVERIFY(makeSshKey(authority) && makeSshKey(key));
        const QByteArray user = qgetenv("USER").isEmpty() ? "root" : qgetenv("USER");
        QVERIFY(!runTool(u"ssh-keygen"_s, {u"-q"_s, u"-s"_s, authority, u"-I"_s, u"id"_s, u"-n"_s, QString::fromUtf8(user), key + u".pub"_s}).isNull());
        const auto server = TestSshd::start({.config = "TrustedUserCAKeys " + authority.toUtf8() + ".pub"});
        QVERIFY(server);
        server->trust();
        server->writeConfig("Host cert\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n IdentityFile " + key.toUtf8() + '\n');
        const auto certified = tryLogin(*server, nullptr, u"cert"_s);
        QVERIFY2(certified.ok(), (certified ? QByteArray() : certified.error().toString().toUtf8() + server->log()).constData());
        // The same by CertificateFile, with the certificate elsewhere.
        const QString elsewhere = m_folder->filePath(u"elsewhere.pub"_s);
        QVERIFY(QFile::rename(key + u"-cert.pub"_s, elsewhere));
        QVERIFY(!tryLogin(*server, nullptr, u"cert"_s).ok());
        server->writeConfig("Host cert\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n IdentityFile " + key.toUtf8()
                            + "\n CertificateFile " + elsewhere.toUtf8() + '\n');
        QVERIFY_RESULT(tryLogin(*server, nullptr, u"cert"_s));
    }

    void passwords()
    {
        if (::getuid() != 0) {
            qInfo("left out: a server with users of its own needs root");
            return;
        }
        const auto server = TestSshd::start({.passwords = true});
        QVERIFY(server);
        server->trust();
        for (const QByteArray method : {"keyboard-interactive", "password"}) {
            server->writeConfig("Host pw\n HostName 127.0.0.1\n User tester\n Port " + QByteArray::number(server->port())
                                + "\n PreferredAuthentications " + method + '\n');
            m_prompter->setScript([](const SshQuestion& question) { return yes({question.attempt == 0 ? u"wrong"_s : u"s3cret pass"_s}); });
            QVERIFY_RESULT(tryLogin(*server, m_prompter, u"pw"_s));
            QCOMPARE(m_prompter->questions().size(), std::size_t(2));
            const SshQuestion asked = m_prompter->questions().at(0);
            QCOMPARE(asked.kind, method == "password" ? SshQuestion::Kind::Password : SshQuestion::Kind::Interactive);
            QCOMPARE(asked.secretKey, u"ssh/password/tester@127.0.0.1:%1"_s.arg(server->port()));
            QCOMPARE(asked.fields.size(), std::size_t(1));
            QVERIFY(!asked.fields[0].echo);
            QVERIFY(!server->log().contains("s3cret"));
        }
        QCOMPARE(m_prompter->settledAs(), (QList<bool> {false, true, false, true}));
        // Wrong all along: an error that says what was tried, after as many questions as the configuration allows.
        server->writeConfig("Host pw\n HostName 127.0.0.1\n User tester\n Port " + QByteArray::number(server->port())
                            + "\n PreferredAuthentications password\n NumberOfPasswordPrompts 2\n");
        m_prompter->setScript([](const SshQuestion&) { return yes({u"wrong"_s}); });
        const auto wrong = tryLogin(*server, m_prompter, u"pw"_s);
        QCOMPARE(wrong.error().code, ErrorCode::Auth);
        QVERIFY2(wrong.error().detail.contains(u"a password"_s), qPrintable(wrong.error().toString()));
        QCOMPARE(m_prompter->questions().size(), std::size_t(2));
        // Two factors: a key and then a password.
        const auto both = TestSshd::start({.config = "AuthenticationMethods publickey,password", .passwords = true});
        QVERIFY(both);
        both->trust();
        both->writeConfig("Host pw\n HostName 127.0.0.1\n User tester\n Port " + QByteArray::number(both->port()) + "\n IdentityFile "
                          + both->clientKey().toUtf8() + '\n');
        m_prompter->setScript([](const SshQuestion&) { return yes({u"s3cret pass"_s}); });
        QVERIFY_RESULT(tryLogin(*both, m_prompter, u"pw"_s));
        QCOMPARE(m_prompter->questions().size(), std::size_t(1));
    }

    /// A server hangs up on people who think long; their answer still counts.
    void slowAnswersAreNotLost()
    {
        if (::getuid() != 0) {
            qInfo("left out: a server with users of its own needs root");
            return;
        }
        const auto server = TestSshd::start({.config = "LoginGraceTime 1", .passwords = true});
        QVERIFY(server);
        server->trust();
        server->writeConfig("Host pw\n HostName 127.0.0.1\n User tester\n Port " + QByteArray::number(server->port())
                            + "\n PreferredAuthentications password\n");
        m_prompter->setScript([](const SshQuestion&) {
            std::this_thread::sleep_for(2500ms);
            return yes({u"s3cret pass"_s});
        });
        QVERIFY_RESULT(tryLogin(*server, m_prompter, u"pw"_s));
        QCOMPARE(m_prompter->questions().size(), std::size_t(1));
    }

    void jumps()
    {
        const auto outer = TestSshd::start();
        const auto inner = TestSshd::start({.config = "AllowTcpForwarding no"});
        QVERIFY(outer && inner);
        const QByteArray innerHost = "Host inner\n HostName 127.0.0.1\n Port " + QByteArray::number(inner->port()) + "\n IdentityFile "
            + inner->clientKey().toUtf8() + '\n';
        // In reach of ssh itself for comparison.
        outer->writeConfig(innerHost + " ProxyJump srv\n");
        m_prompter->setScript([](const SshQuestion&) { return yes(); });
        SshHosts hosts(m_prompter, sourceFor(*outer));
        const auto host = hosts.host(u"inner"_s);
        QVERIFY_RESULT(host);
        const auto out = (*host)->run(command({"sh", "-c", "echo $SSH_CONNECTION"}));
        QVERIFY_RESULT(out);
        QVERIFY(out->standardOutput.trimmed().endsWith(" " + QByteArray::number(inner->port())));
        QCOMPARE(m_prompter->questions().size(), std::size_t(2)); // both hosts were new
        QCOMPARE(m_prompter->questions().at(0).host, u"srv"_s);
        QTRY_COMPARE(outer->sessions().size(), 1);
        // A lot of bytes both ways.
        Command cat = command({"cat"});
        cat.input = everyByte().repeated(40000);
        cat.outputLimit = 64 << 20;
        const auto copied = (*host)->run(cat);
        QVERIFY_RESULT(copied);
        QVERIFY(copied->standardOutput == cat.input);
        // The jump dies: the host behind it is lost, and comes back by itself.
        outer->killSessions();
        QTRY_VERIFY(!(*host)->connection()->isConnected());
        QVERIFY_RESULT((*host)->run(cat));
        // Chains, and errors that name the right host.
        outer->writeConfig(innerHost + " ProxyJump srv,none-such\nHost none-such\n HostName 127.0.0.1\n Port 1\n");
        const auto broken = tryLogin(*outer, m_prompter, u"inner"_s);
        QCOMPARE(broken.error().code, ErrorCode::ConnectionRefused);
        outer->writeConfig("Host a\n ProxyJump b\nHost b\n ProxyJump a\n");
        QCOMPARE(tryLogin(*outer, m_prompter, u"a"_s).error().code, ErrorCode::InvalidArgument);
        // A host that forwards nothing says so.
        outer->writeConfig(innerHost + "Host behind\n HostName 127.0.0.1\n Port " + QByteArray::number(outer->port()) + "\n ProxyJump inner\n");
        const auto refused = tryLogin(*outer, m_prompter, u"behind"_s);
        QCOMPARE(refused.error().code, ErrorCode::ConnectionRefused);
        QCOMPARE(refused.error().target, u"inner"_s);
    }

    void nothingStaysOpen()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        const auto open = [] { return QDir(u"/proc/self/fd"_s).entryList(QDir::Files | QDir::System).size(); };
        m_prompter->setScript([](const SshQuestion&) { return yes(); });
        QVERIFY_RESULT(tryLogin(*server, m_prompter));
        const auto before = open();
        for (int i = 0; i < 5; ++i) {
            QVERIFY_RESULT(tryLogin(*server, m_prompter));
            QFile::remove(server->path(u"home/.ssh/known_hosts"_s)); // so that it is asked, and connects twice
            QVERIFY(!tryLogin(*server, nullptr).ok());
        }
        QCOMPARE(open(), before);
        QTRY_VERIFY(server->sessions().isEmpty());
    }

    void proxyCommands()
    {
        const auto server = TestSshd::start();
        QVERIFY(server);
        server->trust();
        QFile known(server->path(u"home/.ssh/known_hosts"_s));
        QVERIFY(known.open(QIODevice::Append));
        known.write("proxied " + Testing::readFile(server->path(u"host_ed25519.pub"_s)));
        known.close();
        server->writeConfig("Host proxied\n HostName 127.0.0.1\n Port " + QByteArray::number(server->port()) + "\n HostKeyAlias proxied\n IdentityFile "
                            + server->clientKey().toUtf8() + "\n ProxyCommand busybox nc %h %p\n");
        QVERIFY_RESULT(tryLogin(*server, nullptr, u"proxied"_s));
        server->writeConfig("Host proxied\n HostName 127.0.0.1\n ProxyCommand false\n");
        QCOMPARE(tryLogin(*server, nullptr, u"proxied"_s).error().code, ErrorCode::ConnectionLost);
    }

private:
    std::shared_ptr<ScriptedPrompter> m_prompter;
    std::unique_ptr<QTemporaryDir> m_folder;
};

PROMDECK_TEST_MAIN(TestSshLogin)
#include "tst_sshlogin.moc"
