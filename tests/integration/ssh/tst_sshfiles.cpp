// ~/.ssh/config and known_hosts against OpenSSH's own programs.
#include "provisioning/ssh/knownhosts.h"
#include "provisioning/ssh/sshconfig.h"
#include "provisioning/ssh/sshpattern.h"
#include "tests/support/servers.h"
#include "tests/support/sshd.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Grows configuration files out of everything the reader knows.
class ConfigMaker final
{
public:
    explicit ConfigMaker(quint32 seed) : m_random(seed) {}

    QByteArray make()
    {
        QByteArray out;
        for (int lines = m_random.bounded(3); lines >= 0; --lines)
            out += option();
        for (int blocks = m_random.bounded(2, 7); blocks > 0; --blocks) {
            out += block();
            for (int lines = m_random.bounded(5); lines >= 0; --lines)
                out += indent() + option();
        }
        return out;
    }

    QByteArray alias() { return pick({"web1", "web2", "db", "db.example.org", "WEB1", "10.0.0.7", "x"}); }

private:
    QByteArray pick(const QByteArrayList& list) { return list.at(m_random.bounded(int(list.size()))); }
    QByteArray indent() { return pick({"", "  ", "\t"}); }

    QByteArray pattern()
    {
        return pick({"*", "web*", "web?", "!web2", "db", "*.example.org", "db*", "WEB1", "10.0.0.*", "!*.org", "x", "we[b]1"});
    }

    QByteArray block()
    {
        if (m_random.bounded(2) == 0) {
            QByteArray line = pick({"Host ", "host ", "HOST\t", "Host=", "Host = "}) + pattern();
            for (int more = m_random.bounded(3); more > 0; --more)
                line += ' ' + pattern();
            return line + '\n';
        }
        return "Match "
            + pick({"all", "host web*", "host *.example.org,db", "originalhost web1", "user root", "user alice,bob", "!user alice",
                    "host db user alice", "host \"web1,web2\"", "final", "final host *.org", "canonical", "localuser root", "!host web*",
                    "host web1 !localuser nobody", "originalhost !db,*"})
            + '\n';
    }

    QByteArray option()
    {
        return pick({"HostName %h.example.org", "HostName 192.168.1.1", "HostName \"Node.Example.org\"", "User alice", "User bob",
                     "User=\"carol\"", "Port 2222", "port = 443", "IdentityFile ~/.ssh/id_%h", "IdentityFile /keys/%r", "IdentityFile none",
                     "IdentityFile \"/my keys/id\"", "IdentitiesOnly yes", "IdentitiesOnly no", "CertificateFile ~/.ssh/c.pub", "ProxyJump jump",
                     "ProxyJump a@b:22,c", "ProxyJump none", "ProxyCommand nc -x proxy %h %p", "ProxyCommand none", "HostKeyAlias alias",
                     "UserKnownHostsFile /kh/a /kh/b", "UserKnownHostsFile /dev/null", "GlobalKnownHostsFile /gkh", "StrictHostKeyChecking yes",
                     "StrictHostKeyChecking accept-new", "StrictHostKeyChecking off", "StrictHostKeyChecking ask", "ConnectTimeout 7",
                     "ConnectTimeout 1m30", "ServerAliveInterval 20", "ServerAliveCountMax 5", "PreferredAuthentications publickey,password",
                     "AddressFamily inet", "AddressFamily inet6", "HashKnownHosts yes", "BatchMode yes", "PasswordAuthentication no",
                     "PubkeyAuthentication no", "KbdInteractiveAuthentication no", "NumberOfPasswordPrompts 1", "Compression yes", "# comment",
                     "", "User dave # comment", "IdentityAgent /agent", "Include extra.conf", "Include conf.d/*.conf", "BindAddress 127.0.0.1"})
            + '\n';
    }

    QRandomGenerator m_random;
};

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

QString word(bool on)
{
    return on ? u"yes"_s : u"no"_s;
}

/// Our reading in the form of `ssh -G`.
QStringList asSshPrints(const SshOptions& o, const SshConfigSource& source)
{
    using Strict = SshOptions::StrictHostKey;
    const auto expanded = [&](const QStringList& texts) {
        QStringList out;
        for (const QString& text : texts)
            out << expandSshTokens(text, o, source).valueOr(text);
        return out.join(u' ');
    };
    QStringList out;
    out << u"user "_s + o.user << u"hostname "_s + o.host << u"port %1"_s.arg(o.port)
        << u"addressfamily "_s + (o.family == SshOptions::Family::Any ? u"any"_s : o.family == SshOptions::Family::Inet ? u"inet"_s : u"inet6"_s)
        << u"batchmode "_s + word(o.batchMode) << u"compression "_s + word(o.compression) << u"hashknownhosts "_s + word(o.hashKnownHosts)
        << u"identitiesonly "_s + word(o.identitiesOnly) << u"passwordauthentication "_s + word(o.password)
        << u"kbdinteractiveauthentication "_s + word(o.keyboardInteractive)
        << u"pubkeyauthentication "_s + (o.publicKey ? u"true"_s : u"false"_s)
        << u"stricthostkeychecking "_s
            + (o.strictHostKey == Strict::Ask         ? u"ask"_s
                   : o.strictHostKey == Strict::Yes   ? u"true"_s
                   : o.strictHostKey == Strict::Off   ? u"false"_s
                                                      : u"accept-new"_s)
        << u"numberofpasswordprompts %1"_s.arg(o.passwordPrompts) << u"serveralivecountmax %1"_s.arg(o.aliveCountMax)
        << u"serveraliveinterval %1"_s.arg(o.aliveInterval)
        << u"connecttimeout "_s + (o.connectTimeout > 0 ? QString::number(o.connectTimeout) : u"none"_s)
        << u"userknownhostsfile "_s + expanded(o.userKnownHosts) << u"globalknownhostsfile "_s + expanded(o.globalKnownHosts);
    for (const QString& file : o.identityFiles)
        out << u"identityfile "_s + file;
    for (const QString& file : o.certificateFiles)
        out << u"certificatefile "_s + file;
    if (!o.proxyJump.isEmpty())
        out << u"proxyjump "_s + o.proxyJump;
    if (!o.proxyCommand.isEmpty())
        out << u"proxycommand "_s + o.proxyCommand;
    if (!o.hostKeyAlias.isEmpty())
        out << u"hostkeyalias "_s + o.hostKeyAlias;
    if (!o.identityAgent.isEmpty())
        out << u"identityagent "_s + o.identityAgent;
    if (!o.bindAddress.isEmpty())
        out << u"bindaddress "_s + o.bindAddress;
    out.sort();
    return out;
}

} // namespace

class TestSshFiles final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_source = SshConfigSource::standard();
        m_source.home = m_folder->path();
        m_source.userFile = m_folder->filePath(u".ssh/config"_s);
        m_source.systemFile.clear();
    }

    void patterns()
    {
        QVERIFY(matchesSshPattern(u"web1"_s, u"w*1"_s) && matchesSshPattern(u"web1"_s, u"*"_s) && matchesSshPattern(QString(), u"*"_s));
        QVERIFY(matchesSshPattern(u"aXbXc"_s, u"a*X?"_s) && !matchesSshPattern(u"web"_s, u"web?"_s) && !matchesSshPattern(u"a"_s, QString()));
        QVERIFY(matchesSshPattern(QString(5000, u'a'), u"*a*a*a*a*a*b*"_s) == false);
        QCOMPARE(matchSshPatterns(u"db"_s, {u"*"_s, u"!d*"_s}, false), PatternMatch::Negated);
    }

    /// Many generated files: `ssh -G` reads every option as we do.
    void readsAsSshDoes()
    {
        int compared = 0;
        const QByteArray home = runTool(u"sh"_s, {u"-c"_s, u"getent passwd \"$(id -u)\" | cut -d: -f6"_s}).trimmed();
        for (quint32 seed = 1; seed <= 150; ++seed) {
            ConfigMaker maker(seed);
            const QByteArray text = maker.make();
            write(m_source.userFile, text);
            write(m_folder->filePath(u".ssh/extra.conf"_s), maker.make());
            write(m_folder->filePath(u".ssh/conf.d/1.conf"_s), "User fromfolder\nHost web1\nPort 99\n");
            const QString alias = QString::fromUtf8(maker.alias());
            // ssh finds the home in the user database, so "~" and relative names are made absolute for it.
            QByteArray forSsh = text;
            forSsh.replace("Include extra.conf", "Include " + m_folder->path().toUtf8() + "/.ssh/extra.conf");
            forSsh.replace("Include conf.d", "Include " + m_folder->path().toUtf8() + "/.ssh/conf.d");
            QByteArray extra = Testing::readFile(m_folder->filePath(u".ssh/extra.conf"_s));
            extra.replace("Include extra.conf", "# no circle");
            extra.replace("Include conf.d", "Include " + m_folder->path().toUtf8() + "/.ssh/conf.d");
            write(m_folder->filePath(u".ssh/extra.conf"_s), extra);
            const auto ours = readSshConfig(alias, m_source);
            write(m_folder->filePath(u"for-ssh"_s), forSsh);
            const QByteArray theirs = runTool(u"sh"_s, {u"-c"_s, u"ssh -F \"$1\" -G -- \"$2\" 2>&1 || :"_s, u"sh"_s, m_folder->filePath(u"for-ssh"_s), alias});
            const QByteArray about = "seed " + QByteArray::number(seed) + ", " + alias.toUtf8() + "\n" + text + "--- extra.conf\n" + extra + "---\n" + theirs;
            const bool sshAccepts = theirs.contains("\nhostname ");
            if (!sshAccepts) {
                QVERIFY2(!ours.ok(), about.constData());
                continue;
            }
            QVERIFY2(ours.ok(), (about + (ours ? QByteArray() : ours.error().toString().toUtf8())).constData());
            SshConfigSource plain = m_source;
            plain.home = QString::fromUtf8(home);
            const QStringList mine = asSshPrints(*ours, plain);
            QStringList lines = QString::fromUtf8(theirs).split(u'\n');
            for (const QString& line : mine)
                QVERIFY2(lines.contains(line), ("ours: " + line.toUtf8() + "\n" + theirs + about).constData());
            // Nothing more on their side than on ours.
            for (const QString& keyword : {u"identityfile "_s, u"certificatefile "_s, u"proxyjump "_s, u"proxycommand "_s, u"hostkeyalias "_s, u"identityagent "_s}) {
                // Whether a ProxyCommand counts behind "ProxyJump none" changed with 9.2p1-2+deb12u10; we read it as before.
                if (keyword == u"proxycommand " && (text + extra).contains("ProxyJump none"))
                    continue;
                const auto starts = [&](const QString& line) { return line.startsWith(keyword); };
                QVERIFY2(std::count_if(lines.begin(), lines.end(), starts) == std::count_if(mine.begin(), mine.end(), starts),
                         (keyword.toUtf8() + "\n" + mine.join(u'\n').toUtf8() + '\n' + about).constData());
            }
            ++compared;
        }
        QVERIFY2(compared > 75, qPrintable(QString::number(compared)));
    }

    void saysWhereAFileIsWrong()
    {
        write(m_source.userFile, "Host a\n  Port 22\n\n  IdentityFile \"open\n");
        const auto open = readSshConfig(u"a"_s, m_source);
        QCOMPARE(open.error().code, ErrorCode::Syntax);
        QCOMPARE(open.error().where.line, 4);
        QCOMPARE(open.error().where.file, m_source.userFile);
        write(m_source.userFile, "Port many\n");
        QCOMPARE(readSshConfig(u"a"_s, m_source).error().where.line, 1);
        write(m_source.userFile, "Match exec \"touch /tmp/pwned\"\n  User x\n");
        const auto exec = readSshConfig(u"a"_s, m_source);
        QCOMPARE(exec.error().code, ErrorCode::Unsupported);
        m_source.matchExec = [](const QString& line) { return line == u"touch /tmp/pwned"_s; };
        QCOMPARE(readSshConfig(u"a"_s, m_source).valueOr({}).user, u"x"_s);
        write(m_source.userFile, "Include config\n");
        QCOMPARE(readSshConfig(u"a"_s, m_source).error().code, ErrorCode::Syntax);
    }

    void destinations()
    {
        const auto full = parseSshDestination(u"ssh://alice@host:2222/"_s);
        QVERIFY_RESULT(full);
        QCOMPARE(full->user, u"alice"_s);
        QCOMPARE(full->host, u"host"_s);
        QCOMPARE(full->port, 2222);
        QCOMPARE(parseSshDestination(u"[2001:db8::1]:22"_s).valueOr({}).host, u"2001:db8::1"_s);
        QCOMPARE(parseSshDestination(u"2001:db8::1"_s).valueOr({}).host, u"2001:db8::1"_s);
        QCOMPARE(parseSshDestination(u"a@b@host"_s).valueOr({}).user, u"a@b"_s);
        for (const char* bad : {"", "-oProxyCommand=x", "host:", "host:0", "host:x", "@host", "a b", "$(id)", "x;y", "user@-v", "[::1"})
            QVERIFY2(!parseSshDestination(QString::fromLatin1(bad)).ok(), bad);
    }

    void knownHostsAsSshKeygenWritesThem()
    {
        QList<HostKey> keys;
        for (const QString& type : {u"ed25519"_s, u"ecdsa"_s, u"rsa"_s, u"ed25519"_s}) {
            const QString path = m_folder->filePath(u"k%1"_s.arg(keys.size()));
            QVERIFY(makeSshKey(path, type));
            const QByteArray line = Testing::readFile(path + u".pub"_s);
            keys << HostKey {QByteArray::fromBase64(line.split(' ').at(1))};
            const QByteArrayList listed = runTool(u"ssh-keygen"_s, {u"-lf"_s, path}).trimmed().split(' ');
            QCOMPARE(keys.last().fingerprint(), QString::fromUtf8(listed.at(1)));
            QCOMPARE(u'(' + keys.last().shortType() + u')', QString::fromUtf8(listed.last()));
            // What people paste.
            QVERIFY(pastedKeyMatches(QString::fromUtf8(listed.join(' ')), keys.last()).valueOr(false));
            QVERIFY(pastedKeyMatches(QString::fromUtf8(line), keys.last()).valueOr(false));
            QVERIFY(pastedKeyMatches(keys.last().md5(), keys.last()).valueOr(false));
            QVERIFY(pastedKeyMatches(keys.last().fingerprint().mid(7), keys.last()).valueOr(false));
        }
        QCOMPARE(pastedKeyMatches(keys[1].fingerprint(), keys[0]).valueOr(true), false);
        QVERIFY(!pastedKeyMatches(u"hello"_s, keys[0]).ok());

        const QString file = m_folder->filePath(u"known_hosts"_s);
        KnownHosts known({file}, {});
        QCOMPARE(known.check(u"db"_s, keys[0]).state, HostKeyVerdict::State::Unknown);
        QVERIFY_RESULT(known.add(u"db"_s, keys[0], false));
        QVERIFY_RESULT(known.add(u"[db]:2222"_s, keys[1], true));
        QCOMPARE(QFileInfo(file).permissions() & QFile::Permissions(0x0077), QFile::Permissions());
        // ssh-keygen finds what we wrote, and we find what it hashes.
        QVERIFY(runTool(u"ssh-keygen"_s, {u"-F"_s, u"[db]:2222"_s, u"-f"_s, file}).contains("ecdsa"));
        QVERIFY(!runTool(u"ssh-keygen"_s, {u"-H"_s, u"-f"_s, file}).isNull());
        QVERIFY(!Testing::readFile(file).contains("db"));
        QCOMPARE(known.check(u"DB"_s, keys[0]).state, HostKeyVerdict::State::Known);
        QCOMPARE(known.check(u"[db]:2222"_s, keys[1]).state, HostKeyVerdict::State::Known);
        QCOMPARE(known.check(u"db"_s, keys[3]).state, HostKeyVerdict::State::Changed);
        QCOMPARE(known.check(u"db"_s, keys[2]).state, HostKeyVerdict::State::OtherType);
        QCOMPARE(known.knownTypes(u"db"_s), QStringList {u"ssh-ed25519"_s});
        // Replaced: as ssh-keygen -R and a new line.
        QVERIFY_RESULT(known.replace(u"db"_s, keys[3], true));
        QCOMPARE(known.check(u"db"_s, keys[3]).state, HostKeyVerdict::State::Known);
        QCOMPARE(known.check(u"db"_s, keys[0]).state, HostKeyVerdict::State::Changed);
        QCOMPARE(known.check(u"[db]:2222"_s, keys[1]).state, HostKeyVerdict::State::Known);
        QVERIFY(QFileInfo::exists(file + u".old"_s));
    }

    void knownHostsWithMarkersAndPatterns()
    {
        QList<QByteArray> lines;
        QList<HostKey> keys;
        for (int i = 0; i < 3; ++i) {
            const QString path = m_folder->filePath(u"k%1"_s.arg(i));
            QVERIFY(makeSshKey(path));
            lines << Testing::readFile(path + u".pub"_s);
            keys << HostKey {QByteArray::fromBase64(lines.last().split(' ').at(1))};
        }
        const QString file = m_folder->filePath(u"known_hosts"_s);
        write(file, "# a comment\n\ngarbage\n*.example.org,!bad.example.org,10.0.0.? " + lines[0] + "[web?]:22* " + lines[1] + "@cert-authority *.ca.org "
                  + lines[0] + "@revoked * " + lines[2] + "@unknown x " + lines[0] + "nonl " + lines[0].trimmed());
        KnownHosts known({file}, {});
        using State = HostKeyVerdict::State;
        QCOMPARE(known.check(u"a.example.org"_s, keys[0]).state, State::Known);
        QCOMPARE(known.check(u"10.0.0.5"_s, keys[0]).state, State::Known);
        QCOMPARE(known.check(u"bad.example.org"_s, keys[0]).state, State::Unknown);
        QCOMPARE(known.check(u"[web1]:2222"_s, keys[1]).state, State::Known);
        QCOMPARE(known.check(u"web1"_s, keys[1]).state, State::Unknown);
        QCOMPARE(known.check(u"anything"_s, keys[2]).state, State::Revoked);
        QCOMPARE(known.check(u"a.example.org"_s, keys[2]).state, State::Revoked);
        const HostKeyVerdict certified = known.check(u"a.ca.org"_s, keys[1]);
        QCOMPARE(certified.state, State::Unknown);
        QVERIFY(certified.certified);
        // A line for many hosts is not ours to change.
        const auto shared = known.replace(u"a.example.org"_s, keys[1], false);
        QCOMPARE(shared.error().code, ErrorCode::Conflict);
        QVERIFY(shared.error().detail.endsWith(u":4"_s));
        // A file without a line end gets one first.
        QVERIFY_RESULT(known.add(u"new"_s, keys[1], false));
        QCOMPARE(known.check(u"nonl"_s, keys[0]).state, State::Known);
        QCOMPARE(known.check(u"new"_s, keys[1]).state, State::Known);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    SshConfigSource m_source;
};

PROMDECK_TEST_MAIN(TestSshFiles)
#include "tst_sshfiles.moc"
