#include "provisioning/ssh/knownhosts.h"

#include "provisioning/ssh/sshpattern.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QSaveFile>

#include <algorithm>
#include <optional>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// What a line says, its blanks aside.
struct ParsedLine
{
    KnownHost::Marker marker = KnownHost::Marker::None;
    QString names;
    HostKey key;
};

std::optional<ParsedLine> parseLine(const QByteArray& line)
{
    QList<QByteArray> words = line.simplified().split(' ');
    ParsedLine out;
    if (words.first().startsWith('@')) {
        if (words.first() == "@revoked")
            out.marker = KnownHost::Marker::Revoked;
        else if (words.first() == "@cert-authority")
            out.marker = KnownHost::Marker::Authority;
        else
            return {};
        words.removeFirst();
    }
    if (words.size() < 3 || words.first().startsWith('#'))
        return {};
    out.names = QString::fromUtf8(words.at(0));
    out.key.blob = QByteArray::fromBase64(words.at(2));
    if (out.key.type().isEmpty() || out.key.type() != QString::fromLatin1(words.at(1)))
        return {};
    return out;
}

QByteArray hashOf(const QByteArray& salt, const QString& name)
{
    return QMessageAuthenticationCode::hash(name.toLower().toUtf8(), salt, QCryptographicHash::Sha1);
}

bool namesHost(const QString& names, const QString& name)
{
    if (names.startsWith(u"|1|"_s)) {
        const QByteArray salt = QByteArray::fromBase64(names.section(u'|', 2, 2).toLatin1());
        const QByteArray hash = QByteArray::fromBase64(names.section(u'|', 3, 3).toLatin1());
        return !hash.isEmpty() && hashOf(salt, name) == hash;
    }
    return matchSshPatterns(name, names.split(u','), true) == PatternMatch::Yes;
}

bool isExact(const QString& names)
{
    return names.startsWith(u"|1|"_s) || (!names.contains(u',') && !names.contains(u'*') && !names.contains(u'?'));
}

QByteArray lineFor(const QString& name, const HostKey& key, bool hashed)
{
    QByteArray names = name.toLower().toUtf8();
    if (hashed) {
        QByteArray salt(20, Qt::Uninitialized);
        QRandomGenerator::system()->generate(salt.begin(), salt.end());
        names = "|1|" + salt.toBase64() + '|' + hashOf(salt, name).toBase64();
    }
    return names + ' ' + key.type().toLatin1() + ' ' + key.blob.toBase64() + '\n';
}

Error fileError(const QString& path, const QString& why)
{
    Error error = makeError(ErrorCode::Io, u"The file of known hosts cannot be written"_s, why);
    error.target = path;
    return error;
}

Status prepareFolder(const QString& path)
{
    const QString folder = QFileInfo(path).path();
    if (QFileInfo::exists(folder))
        return Done {};
    if (!QDir().mkpath(folder))
        return fileError(path, u"no folder"_s);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return Done {};
}

QByteArray readAll(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QString knownHostName(const QString& host, int port)
{
    return port == 22 ? host : u"[%1]:%2"_s.arg(host).arg(port);
}

KnownHosts::KnownHosts(QStringList userFiles, QStringList globalFiles)
    : m_userFiles(std::move(userFiles))
    , m_globalFiles(std::move(globalFiles))
{
}

std::vector<KnownHost> KnownHosts::linesFor(const QString& name) const
{
    std::vector<KnownHost> out;
    for (const QString& path : m_userFiles + m_globalFiles) {
        int number = 0;
        const QList<QByteArray> lines = readAll(path).split('\n');
        for (const QByteArray& text : lines) {
            ++number;
            const std::optional<ParsedLine> line = parseLine(text);
            if (line && namesHost(line->names, name))
                out.push_back({line->marker, line->key, path, number, isExact(line->names)});
        }
    }
    return out;
}

HostKeyVerdict KnownHosts::check(const QString& name, const HostKey& key) const
{
    HostKeyVerdict verdict;
    verdict.known = linesFor(name);
    bool same = false;
    bool changed = false;
    bool other = false;
    for (const KnownHost& line : verdict.known) {
        const bool equal = line.key == key;
        if (line.marker == KnownHost::Marker::Revoked && equal) {
            verdict.state = HostKeyVerdict::State::Revoked;
            return verdict;
        }
        verdict.certified = verdict.certified || line.marker == KnownHost::Marker::Authority;
        if (line.marker != KnownHost::Marker::None)
            continue;
        same = same || equal;
        changed = changed || (!equal && line.key.type() == key.type());
        other = other || line.key.type() != key.type();
    }
    using State = HostKeyVerdict::State;
    verdict.state = same ? State::Known : changed ? State::Changed : other ? State::OtherType : State::Unknown;
    // What a person compares with stands first.
    std::stable_partition(verdict.known.begin(), verdict.known.end(), [&](const KnownHost& line) {
        return line.marker == KnownHost::Marker::None && line.key.type() == key.type();
    });
    return verdict;
}

QStringList KnownHosts::knownTypes(const QString& name) const
{
    QStringList types;
    for (const KnownHost& line : linesFor(name)) {
        if (line.marker == KnownHost::Marker::None && !types.contains(line.key.type()))
            types << line.key.type();
    }
    return types;
}

Status KnownHosts::add(const QString& name, const HostKey& key, bool hashed)
{
    const QString path = m_userFiles.value(0);
    if (const Status ready = prepareFolder(path); !ready)
        return ready;
    QFile file(path);
    const bool isNew = !file.exists();
    // One write that appends: several programs may do the same at once.
    if (!file.open(QIODevice::ReadWrite | QIODevice::Append | QIODevice::Unbuffered))
        return fileError(path, file.errorString());
    if (isNew)
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QByteArray line = lineFor(name, key, hashed);
    if (file.size() > 0) {
        file.seek(file.size() - 1);
        if (file.read(1) != "\n")
            line.prepend('\n');
    }
    if (file.write(line) != line.size())
        return fileError(path, file.errorString());
    return Done {};
}

Status KnownHosts::replace(const QString& name, const HostKey& key, bool hashed, const QStringList& alsoOfTypes)
{
    const QString path = m_userFiles.value(0);
    const QStringList types = QStringList(alsoOfTypes) << key.type();
    QStringList elsewhere;
    QList<int> drop;
    for (const KnownHost& line : linesFor(name)) {
        if (line.marker != KnownHost::Marker::None || line.key == key || !types.contains(line.key.type()))
            continue;
        if (line.file == path && line.exact)
            drop << line.line;
        else
            elsewhere << u"%1:%2"_s.arg(line.file).arg(line.line);
    }
    if (!elsewhere.isEmpty()) {
        return makeError(ErrorCode::Conflict, u"The old key is in a line that Promdeck does not change"_s,
                         elsewhere.join(u", "_s), u"Edit that line by hand: it holds for other hosts too"_s);
    }
    const QByteArray before = readAll(path);
    QByteArray after;
    int number = 0;
    const QList<QByteArray> lines = before.split('\n');
    for (const QByteArray& line : lines) {
        if (!drop.contains(++number) && (number < lines.size() || !line.isEmpty()))
            after += line + '\n';
    }
    after += lineFor(name, key, hashed);
    for (const auto& [target, bytes] : {std::pair(path + u".old"_s, before), std::pair(path, after)}) {
        QSaveFile file(target);
        if (!file.open(QIODevice::WriteOnly))
            return fileError(target, file.errorString());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(bytes);
        if (!file.commit())
            return fileError(target, file.errorString());
    }
    return Done {};
}

} // namespace Promdeck
