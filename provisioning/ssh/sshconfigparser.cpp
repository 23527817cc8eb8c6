#include "provisioning/ssh/sshconfigparser.h"

#include "provisioning/ssh/sshpattern.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <glob.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxDepth = 16;

/// What changes how a connection is made, and that we do not do.
const QStringList& leftOut()
{
    static const QStringList list {u"pkcs11provider"_s, u"securitykeyprovider"_s, u"canonicalizehostname"_s,
                                   u"revokedhostkeys"_s, u"verifyhostkeydns"_s, u"proxyusefdpass"_s,
                                   u"hostbasedauthentication"_s, u"gssapiauthentication"_s};
    return list;
}

Error syntax(const QString& what, const QString& detail = {})
{
    return makeError(ErrorCode::Syntax, what, detail, u"Correct the SSH configuration"_s);
}

QStringList splitCommas(const QStringList& args)
{
    return args.value(0).split(u',', Qt::SkipEmptyParts);
}

} // namespace

void SshConfigParser::set(const QString& keyword, const QStringList& values)
{
    m_values.try_emplace(keyword, Value {values, {}});
}

Result<QStringList> SshConfigParser::words(const QString& line)
{
    QStringList out;
    qsizetype i = 0;
    while (true) {
        while (i < line.size() && (line.at(i) == u' ' || line.at(i) == u'\t'))
            ++i;
        if (i >= line.size() || line.at(i) == u'#')
            return out;
        QString word;
        QChar quote;
        for (; i < line.size(); ++i) {
            const QChar c = line.at(i);
            const QChar next = i + 1 < line.size() ? line.at(i + 1) : QChar();
            const bool escapes = c == u'\\'
                && (next == u'\'' || next == u'"' || next == u'\\' || (quote.isNull() && next == u' '));
            if (escapes) {
                word += next;
                ++i;
            } else if (quote.isNull() && (c == u' ' || c == u'\t')) {
                break;
            } else if (quote.isNull() && (c == u'"' || c == u'\'')) {
                quote = c;
            } else if (!quote.isNull() && c == quote) {
                quote = QChar();
            } else {
                word += c;
            }
        }
        if (!quote.isNull())
            return syntax(u"A quotation mark is not closed"_s);
        out << word;
    }
}

Result<SshConfigParser::Line> SshConfigParser::splitLine(const QString& given)
{
    QString text = given;
    // A form feed or carriage return at the end is blank, as are blanks in front.
    while (!text.isEmpty() && (text.back() == u'\r' || text.back() == u' ' || text.back() == u'\t' || text.back() == u'\f'))
        text.chop(1);
    text = text.trimmed();
    Line line;
    if (text.isEmpty() || text.startsWith(u'#'))
        return line;
    qsizetype end = 0;
    QString keyword;
    if (text.startsWith(u'"')) {
        end = text.indexOf(u'"', 1);
        if (end < 0)
            return syntax(u"A quotation mark is not closed"_s);
        keyword = text.mid(1, end - 1);
        ++end;
    } else {
        while (end < text.size() && text.at(end) != u' ' && text.at(end) != u'\t' && text.at(end) != u'=')
            ++end;
        keyword = text.left(end);
    }
    // Blanks, then at most one '=', then blanks.
    const auto skipBlanks = [&] {
        while (end < text.size() && (text.at(end) == u' ' || text.at(end) == u'\t'))
            ++end;
    };
    skipBlanks();
    if (end < text.size() && text.at(end) == u'=') {
        ++end;
        skipBlanks();
    }
    line.keyword = keyword.toLower();
    line.rest = text.mid(end);
    Result<QStringList> args = words(line.rest);
    if (!args)
        return args.error();
    line.args = std::move(*args);
    return line;
}

Status SshConfigParser::readFile(const QString& path, bool userFile)
{
    QFile file(path);
    if (path.isEmpty() || !file.exists())
        return Done {};
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorCode::Io, u"The SSH configuration cannot be read"_s, file.errorString());
        error.target = path;
        return error;
    }
    return readText(QString::fromUtf8(file.readAll()), path, userFile, true, 0);
}

Status SshConfigParser::readText(const QString& text, const QString& path, bool userFile, bool parentActive, int depth)
{
    bool active = parentActive;
    int number = 0;
    const QStringList lines = text.split(u'\n');
    for (const QString& each : lines) {
        SourceRange where;
        where.file = path;
        where.line = ++number;
        const Result<Line> line = splitLine(each);
        Status done = line ? apply(*line, where, active, parentActive, userFile, depth) : Status(line.error());
        if (!done) {
            if (done.error().where.line == 0)
                done.error().where = where;
            return done;
        }
    }
    return Done {};
}

QString SshConfigParser::first(const QString& keyword) const
{
    const auto it = m_values.find(keyword);
    return it == m_values.end() ? QString() : it->second.args.value(0);
}

void SshConfigParser::startFinalPass()
{
    m_finalHost = presentHost().toLower();
    m_finalPass = true;
}

QString SshConfigParser::presentHost() const
{
    if (m_finalPass)
        return m_finalHost;
    QString host = first(u"hostname"_s);
    if (host.isEmpty())
        return m_alias;
    host.replace(u"%%"_s, QString(QChar(1)));
    host.replace(u"%h"_s, m_alias);
    return host.replace(QChar(1), u'%');
}

QString SshConfigParser::presentUser() const
{
    const QString user = first(u"user"_s);
    return user.isEmpty() ? m_source.localUser : user;
}

Result<bool> SshConfigParser::matches(const QStringList& args)
{
    if (args.isEmpty())
        return syntax(u"Match needs a condition"_s);
    bool result = true;
    for (qsizetype i = 0; i < args.size(); ++i) {
        const bool negated = args.at(i).startsWith(u'!');
        QString attribute = args.at(i).mid(negated ? 1 : 0).toLower();
        // "host=a,b" is "host a,b".
        QString argument;
        const qsizetype equals = attribute.indexOf(u'=');
        const bool joined = equals > 0;
        if (joined) {
            argument = args.at(i).mid((negated ? 1 : 0) + equals + 1);
            attribute.truncate(equals);
        }
        if (attribute == u"all") {
            if (args.size() > i + 1 || (i > 0 && args.at(i - 1).toLower() != u"canonical" && args.at(i - 1).toLower() != u"final"))
                return syntax(u"\"all\" cannot be combined with other conditions of Match"_s);
            return negated ? false : result;
        }
        if (attribute == u"canonical" || attribute == u"final") {
            if (attribute == u"final")
                m_wantsFinalPass = true;
            if (m_finalPass == negated)
                result = false;
            continue;
        }
        if (!joined && ++i >= args.size())
            return syntax(u"Match %1 needs a value"_s.arg(attribute));
        if (!joined)
            argument = args.at(i);
        const QStringList patterns = argument.split(u',');
        bool hit = false;
        if (attribute == u"host") {
            hit = matchSshPatterns(presentHost(), patterns, true) == PatternMatch::Yes;
        } else if (attribute == u"originalhost") {
            hit = matchSshPatterns(m_alias, patterns, true) == PatternMatch::Yes;
        } else if (attribute == u"user") {
            hit = matchSshPatterns(presentUser(), patterns, false) == PatternMatch::Yes;
        } else if (attribute == u"localuser") {
            hit = matchSshPatterns(m_source.localUser, patterns, false) == PatternMatch::Yes;
        } else if (attribute == u"exec") {
            // Not run when an earlier condition failed already.
            if (!result)
                continue;
            if (!m_source.matchExec) {
                return makeError(ErrorCode::Unsupported, u"The SSH configuration decides by running a command (Match exec)"_s,
                                 argument, u"Promdeck does not run commands from that file; name the host with Host or Match host"_s);
            }
            hit = m_source.matchExec(argument);
        } else {
            return syntax(u"Match does not know \"%1\""_s.arg(attribute));
        }
        if (hit == negated)
            result = false;
    }
    return result;
}

Status SshConfigParser::include(const QStringList& patterns, bool userFile, bool active, int depth)
{
    if (depth >= kMaxDepth)
        return syntax(u"Include is nested too deeply"_s);
    for (QString pattern : patterns) {
        if (pattern.startsWith(u"~/"_s))
            pattern = m_source.home + pattern.mid(1);
        else if (!pattern.startsWith(u'/'))
            pattern = (userFile ? m_source.home + u"/.ssh/"_s : QFileInfo(m_source.systemFile).path() + u'/') + pattern;
        glob_t found {};
        const int rc = ::glob(QFile::encodeName(pattern).constData(), 0, nullptr, &found);
        QStringList files;
        for (std::size_t i = 0; rc == 0 && i < found.gl_pathc; ++i)
            files << QFile::decodeName(found.gl_pathv[i]);
        ::globfree(&found);
        for (const QString& path : files) {
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const Status read = readText(QString::fromUtf8(file.readAll()), path, userFile, active, depth + 1);
            if (!read)
                return read;
        }
    }
    return Done {};
}

Status SshConfigParser::apply(const Line& line, const SourceRange& where, bool& active, bool parentActive, bool userFile,
                              int depth)
{
    if (line.keyword.isEmpty())
        return Done {};
    if (line.args.isEmpty())
        return syntax(u"%1 has no value"_s.arg(line.keyword));
    if (line.keyword == u"host") {
        active = parentActive && matchSshPatterns(m_finalPass ? m_finalHost : m_alias, line.args, false) == PatternMatch::Yes;
        return Done {};
    }
    if (line.keyword == u"match") {
        if (!parentActive) {
            // Below an Include that does not hold only this counts, as it does for ssh.
            for (const QString& word : line.args)
                m_wantsFinalPass = m_wantsFinalPass || word.toLower() == u"final" || word.toLower() == u"!final";
            return Done {};
        }
        const Result<bool> hit = matches(line.args);
        if (!hit)
            return hit.error();
        active = *hit;
        return Done {};
    }
    if (line.keyword == u"include")
        return include(line.args, userFile, active, depth);
    if (!active)
        return Done {};
    if (line.keyword == u"identityfile" || line.keyword == u"certificatefile") {
        QStringList& list = line.keyword == u"identityfile" ? m_identityFiles : m_certificateFiles;
        if (!list.contains(line.args.first()))
            list << line.args.first();
        return Done {};
    }
    QStringList args = line.args;
    QString keyword = line.keyword;
    if (keyword == u"proxycommand" || keyword == u"proxyjump") {
        // Whichever comes first counts, the other is out.
        if (m_values.contains(u"proxycommand"_s) || m_values.contains(u"proxyjump"_s))
            return Done {};
        if (keyword == u"proxycommand")
            args = {line.rest};
    }
    if (keyword == u"challengeresponseauthentication" || keyword == u"skeyauthentication" || keyword == u"tisauthentication")
        keyword = u"kbdinteractiveauthentication"_s;
    if (leftOut().contains(keyword) && args.first().toLower() != u"no" && !m_values.contains(keyword))
        m_notes << u"%1:%2: %3 is not used"_s.arg(where.file, QString::number(where.line), line.keyword);
    m_values.try_emplace(keyword, Value {args, where});
    return Done {};
}

Error SshConfigParser::invalid(const QString& keyword) const
{
    const auto it = m_values.find(keyword);
    Error error = syntax(u"\"%1\" is no value for %2"_s.arg(it->second.args.join(u' '), keyword));
    error.where = it->second.where;
    return error;
}

Status SshConfigParser::number(const QString& keyword, int& out) const
{
    if (!m_values.contains(keyword))
        return Done {};
    bool ok = false;
    const int value = first(keyword).toInt(&ok);
    if (!ok || value < 0)
        return invalid(keyword);
    out = value;
    return Done {};
}

/// "90", "90s", "1m30s", "none".
Status SshConfigParser::duration(const QString& keyword, int& out) const
{
    if (!m_values.contains(keyword))
        return Done {};
    const QString text = first(keyword).toLower();
    if (text == u"none") {
        out = 0;
        return Done {};
    }
    qint64 total = 0;
    qint64 part = -1;
    for (const QChar c : text) {
        if (c.isDigit()) {
            part = std::max<qint64>(part, 0) * 10 + c.digitValue();
            continue;
        }
        const qint64 unit = c == u's' ? 1 : c == u'm' ? 60 : c == u'h' ? 3600 : c == u'd' ? 86400 : c == u'w' ? 604800 : 0;
        if (unit == 0 || part < 0)
            return invalid(keyword);
        total += part * unit;
        part = -1;
    }
    total += std::max<qint64>(part, 0);
    if (text.isEmpty() || total > 100000000)
        return invalid(keyword);
    out = int(total);
    return Done {};
}

Status SshConfigParser::flag(const QString& keyword, bool& out) const
{
    if (!m_values.contains(keyword))
        return Done {};
    const QString text = first(keyword).toLower();
    if (text != u"yes" && text != u"no" && text != u"true" && text != u"false")
        return invalid(keyword);
    out = text == u"yes" || text == u"true";
    return Done {};
}

Result<SshOptions> SshConfigParser::finish() const
{
    SshOptions out;
    out.alias = m_alias;
    out.host = presentHost().toLower();
    out.user = presentUser();
    out.identityFiles = m_identityFiles;
    out.identityFilesGiven = !m_identityFiles.isEmpty();
    out.certificateFiles = m_certificateFiles;
    out.notes = m_notes;
    const auto texts = [&](const QString& keyword) {
        const auto it = m_values.find(keyword);
        return it == m_values.end() ? QStringList() : it->second.args;
    };
    for (const Status& status :
         {number(u"port"_s, out.port), number(u"serveralivecountmax"_s, out.aliveCountMax),
          number(u"numberofpasswordprompts"_s, out.passwordPrompts), duration(u"connecttimeout"_s, out.connectTimeout),
          duration(u"serveraliveinterval"_s, out.aliveInterval), flag(u"identitiesonly"_s, out.identitiesOnly),
          flag(u"hashknownhosts"_s, out.hashKnownHosts), flag(u"batchmode"_s, out.batchMode),
          flag(u"compression"_s, out.compression), flag(u"passwordauthentication"_s, out.password),
          flag(u"kbdinteractiveauthentication"_s, out.keyboardInteractive)}) {
        if (!status)
            return status.error();
    }
    // As Debian's ssh does it: a connection that nobody watches must notice its end.
    if (out.batchMode && !m_values.contains(u"serveraliveinterval"_s))
        out.aliveInterval = 300;
    if (out.port < 1 || out.port > 65535)
        return invalid(u"port"_s);
    // "unbound" and "host-bound" are about a protocol extension; keys are used all the same.
    out.publicKey = first(u"pubkeyauthentication"_s).toLower() != u"no";
    const QString agent = first(u"identityagent"_s);
    out.identityAgent = agent == u"SSH_AUTH_SOCK" ? QString() : agent;
    if (out.identityAgent.startsWith(u'$') && !out.identityAgent.startsWith(u"${"_s))
        out.identityAgent = u"${"_s + out.identityAgent.mid(1) + u'}';
    if (first(u"proxyjump"_s).toLower() != u"none")
        out.proxyJump = first(u"proxyjump"_s);
    if (first(u"proxycommand"_s).toLower() != u"none")
        out.proxyCommand = first(u"proxycommand"_s);
    out.hostKeyAlias = first(u"hostkeyalias"_s);
    out.userKnownHosts = texts(u"userknownhostsfile"_s);
    if (out.userKnownHosts.isEmpty())
        out.userKnownHosts = {u"~/.ssh/known_hosts"_s, u"~/.ssh/known_hosts2"_s};
    out.globalKnownHosts = texts(u"globalknownhostsfile"_s);
    if (out.globalKnownHosts.isEmpty())
        out.globalKnownHosts = {u"/etc/ssh/ssh_known_hosts"_s, u"/etc/ssh/ssh_known_hosts2"_s};
    const QString strict = first(u"stricthostkeychecking"_s).toLower();
    out.strictHostKey = strict == u"yes" || strict == u"true" ? SshOptions::StrictHostKey::Yes
        : strict == u"accept-new"                             ? SshOptions::StrictHostKey::AcceptNew
        : strict == u"no" || strict == u"off" || strict == u"false" ? SshOptions::StrictHostKey::Off
                                                                    : SshOptions::StrictHostKey::Ask;
    const QString family = first(u"addressfamily"_s).toLower();
    out.family = family == u"inet" ? SshOptions::Family::Inet
        : family == u"inet6"       ? SshOptions::Family::Inet6
                                   : SshOptions::Family::Any;
    if (m_values.contains(u"preferredauthentications"_s))
        out.preferredAuthentications = splitCommas(texts(u"preferredauthentications"_s));
    out.bindAddress = first(u"bindaddress"_s);
    out.ciphers = first(u"ciphers"_s);
    out.macs = first(u"macs"_s);
    out.keyExchange = first(u"kexalgorithms"_s);
    out.hostKeyAlgorithms = first(u"hostkeyalgorithms"_s);
    return out;
}

} // namespace Promdeck
