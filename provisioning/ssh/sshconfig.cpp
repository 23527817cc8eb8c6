#include "provisioning/ssh/sshconfig.h"

#include "provisioning/ssh/sshconfigparser.h"

#include <QCryptographicHash>
#include <QDir>
#include <QHostInfo>

#include <pwd.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

Error badAddress(const QString& text)
{
    return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no SSH address"_s.arg(text), {},
                     u"Write host, user@host or user@host:port, or a name from ~/.ssh/config"_s);
}

/// What must not become an option or a command line when it reaches a ProxyCommand.
bool isPlainName(const QString& text)
{
    static const QString forbidden = u"'`\"$\\;&<>|(){} \t\r\n"_s;
    return !text.startsWith(u'-') && std::none_of(text.begin(), text.end(), [](QChar c) { return forbidden.contains(c) || c.unicode() < 0x20; });
}

QStringList standardIdentities()
{
    QStringList names;
    for (const char* name : {"id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_xmss", "id_dsa"})
        names << u"~/.ssh/"_s + QString::fromLatin1(name);
    return names;
}

} // namespace

SshConfigSource SshConfigSource::standard()
{
    SshConfigSource source;
    const passwd* user = ::getpwuid(::getuid());
    source.home = QDir::homePath();
    source.userFile = source.home + u"/.ssh/config"_s;
    source.systemFile = u"/etc/ssh/ssh_config"_s;
    source.localUser = user ? QString::fromLocal8Bit(user->pw_name) : qEnvironmentVariable("USER");
    source.localHostName = QHostInfo::localHostName();
    source.uid = ::getuid();
    return source;
}

Result<SshDestination> parseSshDestination(const QString& text)
{
    QString rest = text.trimmed();
    SshDestination out;
    const bool isUrl = rest.startsWith(u"ssh://"_s);
    if (isUrl)
        rest = rest.mid(6);
    if (isUrl && rest.endsWith(u'/'))
        rest.chop(1);
    const qsizetype at = rest.lastIndexOf(u'@');
    if (at >= 0) {
        out.user = rest.left(at);
        rest = rest.mid(at + 1);
        if (out.user.isEmpty())
            return badAddress(text);
    }
    QString port;
    if (rest.startsWith(u'[')) {
        const qsizetype end = rest.indexOf(u']');
        if (end < 0 || (end + 1 < rest.size() && rest.at(end + 1) != u':'))
            return badAddress(text);
        out.host = rest.mid(1, end - 1);
        if (end + 1 < rest.size())
            port = rest.mid(end + 2);
        if (end + 1 < rest.size() && port.isEmpty())
            return badAddress(text);
    } else if (rest.count(u':') == 1) {
        out.host = rest.section(u':', 0, 0);
        port = rest.section(u':', 1);
        if (port.isEmpty())
            return badAddress(text);
    } else {
        out.host = rest; // a bare IPv6 address has several colons and no port
    }
    if (!port.isEmpty()) {
        bool ok = false;
        out.port = port.toInt(&ok);
        if (!ok || out.port < 1 || out.port > 65535)
            return badAddress(text);
    }
    if (out.host.isEmpty() || !isPlainName(out.host) || !isPlainName(out.user))
        return badAddress(text);
    return out;
}

Result<QString> expandSshTokens(const QString& text, const SshOptions& options, const SshConfigSource& source)
{
    QString in = text;
    if (in == u"~" || in.startsWith(u"~/"_s))
        in = source.home + in.mid(1);
    QString out;
    for (qsizetype i = 0; i < in.size(); ++i) {
        if (in.at(i) == u'$' && i + 1 < in.size() && in.at(i + 1) == u'{') {
            const qsizetype end = in.indexOf(u'}', i);
            const QString name = end < 0 ? QString() : in.mid(i + 2, end - i - 2);
            if (name.isEmpty() || !qEnvironmentVariableIsSet(name.toLocal8Bit().constData())) {
                return makeError(ErrorCode::Syntax, u"The SSH configuration uses ${%1}, which is not set"_s.arg(name), text);
            }
            out += qEnvironmentVariable(name.toLocal8Bit().constData());
            i = end;
            continue;
        }
        if (in.at(i) != u'%') {
            out += in.at(i);
            continue;
        }
        const QChar token = ++i < in.size() ? in.at(i) : QChar();
        switch (token.unicode()) {
        case '%': out += u'%'; break;
        case 'd': out += source.home; break;
        case 'h': out += options.host; break;
        case 'i': out += QString::number(source.uid); break;
        case 'k': out += options.hostKeyAlias.isEmpty() ? options.alias : options.hostKeyAlias; break;
        case 'L': out += source.localHostName.section(u'.', 0, 0); break;
        case 'l': out += source.localHostName; break;
        case 'n': out += options.alias; break;
        case 'p': out += QString::number(options.port); break;
        case 'r': out += options.user; break;
        case 'u': out += source.localUser; break;
        case 'C': {
            const QString parts = source.localHostName + options.host + QString::number(options.port) + options.user;
            out += QString::fromLatin1(QCryptographicHash::hash(parts.toUtf8(), QCryptographicHash::Sha1).toHex());
            break;
        }
        default:
            return makeError(ErrorCode::Syntax, u"The SSH configuration uses an unknown token \"%%1\""_s.arg(token), text);
        }
    }
    return out;
}

Result<SshOptions> readSshConfig(const QString& destination, const SshConfigSource& source)
{
    const Result<SshDestination> target = parseSshDestination(destination);
    if (!target)
        return target.error();
    SshConfigParser parser(source, target->host);
    if (!target->user.isEmpty())
        parser.set(u"user"_s, {target->user});
    if (target->port > 0)
        parser.set(u"port"_s, {QString::number(target->port)});
    bool wantsSecondPass = false;
    for (const bool second : {false, true}) {
        if (second && !wantsSecondPass)
            break;
        if (second)
            parser.startFinalPass();
        for (const bool user : {true, false}) {
            const Status read = parser.readFile(user ? source.userFile : source.systemFile, user);
            if (!read)
                return read.error();
        }
        wantsSecondPass = parser.wantsFinalPass();
    }
    Result<SshOptions> options = parser.finish();
    if (options && options->identityFiles.isEmpty())
        options->identityFiles = standardIdentities();
    return options;
}

} // namespace Promdeck
