#include "tests/support/sshd.h"

#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

bool fail(const QString& sentence)
{
    QTest::qFail(qPrintable(sentence), __FILE__, __LINE__);
    return false;
}

bool write(const QString& path, const QByteArray& content, bool isPrivate = true)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return fail(u"cannot write "_s + path);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | (isPrivate ? QFile::Permissions() : QFile::ReadOther | QFile::ReadGroup));
    return true;
}

/// The folder installer/ unpacked sshd into; empty = the system's own.
QString unpackedSshd()
{
    const passwd* user = getpwuid(getuid());
    const QString cache = user ? QFile::decodeName(user->pw_dir) + u"/.cache/promdeck/sshd"_s : QString();
    for (const QString& folder : {qEnvironmentVariable("PROMDECK_SSHD"), cache}) {
        if (!folder.isEmpty() && QFile::exists(folder + u"/usr/sbin/sshd"_s))
            return folder;
    }
    return {};
}

} // namespace

bool makeSshKey(const QString& path, const QString& type, const QString& passphrase)
{
    QFile::remove(path);
    const QStringList args {u"-q"_s, u"-t"_s, type, u"-N"_s, passphrase, u"-C"_s, u"test"_s, u"-f"_s, path};
    return !runTool(u"ssh-keygen"_s, args).isNull();
}

std::unique_ptr<TestSshd> TestSshd::start(const SshdOptions& options)
{
    std::unique_ptr<TestSshd> server(new TestSshd);
    if (!server->m_folder.isValid() || !server->prepare(options) || !server->launch(options))
        return nullptr;
    return server;
}

bool TestSshd::prepare(const SshdOptions& options)
{
    const bool keys = makeSshKey(path(u"host_ed25519"_s)) && makeSshKey(path(u"host_ecdsa"_s), u"ecdsa"_s) && makeSshKey(clientKey());
    if (!keys)
        return false;
    QFile::setPermissions(folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther);
    QDir(folder()).mkpath(u"home/.ssh"_s);
    if (!write(path(u"authorized_keys"_s), readFile(clientKey() + u".pub"_s), false))
        return false;
    if (!options.passwords)
        return true;
    // A server that thinks it is alone: users of its own, and a place for its own needs.
    const QByteArray hash = runTool(u"openssl"_s, {u"passwd"_s, u"-6"_s, u"s3cret pass"_s}).trimmed();
    QDir(folder()).mkpath(u"tester"_s);
    QByteArray users = readFile(u"/etc/passwd"_s);
    users += "sshd:x:12344:65534::/run/sshd:/usr/sbin/nologin\n";
    users += "tester:x:12345:12345::" + path(u"tester"_s).toUtf8() + ":/bin/sh\n";
    const QByteArray shadow = readFile(u"/etc/shadow"_s) + "tester:" + hash + ":19000:0:99999:7:::\n";
    return write(path(u"passwd"_s), users, false) && write(path(u"shadow"_s), shadow)
        && ::chown(QFile::encodeName(path(u"tester"_s)).constData(), 12345, 12345) == 0;
}

bool TestSshd::launch(const SshdOptions& options)
{
    const QString unpacked = unpackedSshd();
    const QString program = unpacked.isEmpty() ? QStandardPaths::findExecutable(u"sshd"_s, {u"/usr/sbin"_s, u"/usr/bin"_s})
                                               : unpacked + u"/usr/sbin/sshd"_s;
    if (program.isEmpty()) {
        return fail(u"sshd is needed by this test and was not found: run tests/run.sh once, which fetches it, or set "
                    "PROMDECK_SSHD to the folder that openssh-server was unpacked into"_s);
    }
    const bool root = ::getuid() == 0;
    if (options.passwords && !root)
        return fail(u"users with passwords need a test that runs as root"_s);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!unpacked.isEmpty())
        environment.insert(u"LD_LIBRARY_PATH"_s, unpacked + u"/lib/x86_64-linux-gnu:"_s + unpacked + u"/usr/lib/x86_64-linux-gnu"_s);
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    QObject::connect(&m_process, &QProcess::readyRead, &m_process, [this] { m_log += m_process.readAll(); });
    const QString sftp = unpacked.isEmpty() ? u"/usr/lib/openssh/sftp-server"_s : unpacked + u"/usr/lib/openssh/sftp-server"_s;
    for (int attempt = 0; attempt < 5; ++attempt) {
        m_port = freePort();
        QByteArray config = options.config;
        config += "\nPort " + QByteArray::number(m_port) + "\nListenAddress 127.0.0.1\nPidFile none\nLogLevel VERBOSE\n"
                  "HostKey " + path(u"host_ed25519"_s).toUtf8() + "\nHostKey " + path(u"host_ecdsa"_s).toUtf8() + "\n"
                  "AuthorizedKeysFile " + path(u"authorized_keys"_s).toUtf8() + "\nStrictModes no\nUseDNS no\n"
                  "PermitRootLogin yes\nMaxStartups 200\nMaxSessions 200\nPrintMotd no\nPrintLastLog no\n";
        config += options.passwords ? "UsePAM yes\nKbdInteractiveAuthentication yes\n" : "UsePAM no\nPasswordAuthentication no\n";
        if (options.sftp)
            config += "Subsystem sftp " + sftp.toUtf8() + "\n";
        if (!options.path.isEmpty())
            config += "SetEnv PATH=" + options.path + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin\n";
        if (!write(path(u"sshd_config"_s), config))
            return false;
        m_log.clear();
        const QStringList sshd {program, u"-D"_s, u"-e"_s, u"-f"_s, path(u"sshd_config"_s)};
        if (root) {
            // sshd as root insists on a user and a folder that an installation makes; both exist only for it.
            QByteArray users = QFile::exists(path(u"passwd"_s)) ? QByteArray() : readFile(u"/etc/passwd"_s) + "sshd:x:12344:65534::/run/sshd:/usr/sbin/nologin\n";
            if (!users.isEmpty() && !write(path(u"passwd"_s), users, false))
                return false;
            const QString script = u"d=$1; shift; mount --bind \"$d/passwd\" /etc/passwd && "
                                   "{ [ ! -e \"$d/shadow\" ] || mount --bind \"$d/shadow\" /etc/shadow; } && "
                                   "mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec \"$@\""_s;
            m_process.start(u"unshare"_s, QStringList {u"-m"_s, u"sh"_s, u"-c"_s, script, u"sh"_s, folder()} + sshd);
        } else {
            m_process.start(sshd.first(), sshd.mid(1));
        }
        const bool settled = QTest::qWaitFor(
            [&] { return m_log.contains("Server listening on") || m_process.state() == QProcess::NotRunning; }, 30000);
        if (settled && m_process.state() == QProcess::Running) {
            writeConfig({});
            return true;
        }
        if (!m_log.contains("Address already in use"))
            break;
    }
    return fail(u"sshd did not start: "_s + QString::fromUtf8(m_log.right(2000)));
}

TestSshd::~TestSshd()
{
    stop();
}

void TestSshd::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    killSessions();
    m_process.kill();
    m_process.waitForFinished(5000);
}

void TestSshd::writeConfig(const QByteArray& text) const
{
    const passwd* user = getpwuid(getuid());
    write(path(u"home/.ssh/config"_s), text + "\nHost srv\n  HostName 127.0.0.1\n  Port " + QByteArray::number(m_port)
              + "\n  User " + (user ? user->pw_name : "root") + "\n  IdentityFile " + clientKey().toUtf8()
              + "\nHost *\n  IdentityAgent none\n");
}

void TestSshd::trust() const
{
    QByteArray lines;
    for (const QString& key : {u"host_ed25519.pub"_s, u"host_ecdsa.pub"_s})
        lines += "[127.0.0.1]:" + QByteArray::number(m_port) + ' ' + readFile(path(key));
    write(path(u"home/.ssh/known_hosts"_s), lines);
}

QByteArray TestSshd::knownHosts() const
{
    QFile file(path(u"home/.ssh/known_hosts"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestSshd::changeHostKey()
{
    // SIGHUP makes sshd start itself anew, with the same sockets' addresses.
    makeSshKey(path(u"host_ed25519"_s));
    makeSshKey(path(u"host_ecdsa"_s), u"ecdsa"_s);
    m_log.clear();
    ::kill(int(pid()), SIGHUP);
    QVERIFY(QTest::qWaitFor([&] { return m_log.contains("Server listening on"); }, 20000));
}

void TestSshd::authorize(const QByteArray& line) const
{
    QFile file(path(u"authorized_keys"_s));
    QVERIFY(file.open(QIODevice::Append));
    file.write(line.trimmed() + '\n');
}

QList<int> TestSshd::sessions() const
{
    QFile children(u"/proc/%1/task/%1/children"_s.arg(pid()));
    QList<int> out;
    if (children.open(QIODevice::ReadOnly)) {
        for (const QByteArray& child : children.readAll().split(' ')) {
            if (child.toInt() > 1)
                out << child.toInt();
        }
    }
    return out;
}

void TestSshd::killSessions() const
{
    for (const int session : sessions()) {
        // The one with the user's rights serves the connection, its parent only watches it. (For root it is one process, and
        // its children are the commands, which a lost connection leaves alive.)
        QFile children(u"/proc/%1/task/%1/children"_s.arg(session));
        if (children.open(QIODevice::ReadOnly)) {
            for (const QByteArray& child : children.readAll().split(' ')) {
                QFile name(u"/proc/%1/comm"_s.arg(child.toInt()));
                if (child.toInt() > 1 && name.open(QIODevice::ReadOnly) && name.readAll().startsWith("sshd"))
                    ::kill(child.toInt(), SIGKILL);
            }
        }
        ::kill(session, SIGKILL);
    }
}

} // namespace Promdeck::Testing
