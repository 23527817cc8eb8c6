#include "provisioning/ssh/hostkey.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QtEndian>

namespace Promdeck {

using namespace Qt::StringLiterals;

QString HostKey::type() const
{
    if (blob.size() < 4)
        return {};
    const quint32 length = qFromBigEndian<quint32>(blob.constData());
    return length > quint32(blob.size() - 4) ? QString() : QString::fromLatin1(blob.mid(4, length));
}

QString HostKey::shortType() const
{
    const QString name = type();
    if (name == u"ssh-ed25519")
        return u"ED25519"_s;
    if (name == u"ssh-rsa")
        return u"RSA"_s;
    if (name == u"ssh-dss")
        return u"DSA"_s;
    if (name.startsWith(u"ecdsa-sha2-"_s))
        return u"ECDSA"_s;
    return name;
}

QString HostKey::fingerprint() const
{
    const QByteArray hash = QCryptographicHash::hash(blob, QCryptographicHash::Sha256);
    return u"SHA256:"_s + QString::fromLatin1(hash.toBase64(QByteArray::OmitTrailingEquals));
}

QString HostKey::md5() const
{
    return u"MD5:"_s + QString::fromLatin1(QCryptographicHash::hash(blob, QCryptographicHash::Md5).toHex(':'));
}

Result<bool> pastedKeyMatches(const QString& pasted, const HostKey& key)
{
    static const QRegularExpression sha256(u"SHA256:([A-Za-z0-9+/]{43})=?(?![A-Za-z0-9+/])"_s);
    static const QRegularExpression md5(u"(?:^|[^0-9a-fA-F:]|MD5:)([0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){15})(?![0-9a-fA-F:])"_s);
    static const QRegularExpression bare(u"^([A-Za-z0-9+/]{43})=?$"_s);
    static const QRegularExpression line(u"(?:^|\\s)(AAAA[A-Za-z0-9+/]{20,}={0,2})(?:\\s|$)"_s);
    const QString text = pasted.trimmed();
    // `ssh-keygen -l` over several files gives several lines: one of them may be it.
    bool named = false;
    for (auto it = sha256.globalMatch(text); it.hasNext(); named = true) {
        if (u"SHA256:"_s + it.next().captured(1) == key.fingerprint())
            return true;
    }
    for (auto it = md5.globalMatch(text); it.hasNext(); named = true) {
        if (u"MD5:"_s + it.next().captured(1).toLower() == key.md5())
            return true;
    }
    for (auto it = line.globalMatch(text); it.hasNext(); named = true) {
        if (QByteArray::fromBase64(it.next().captured(1).toLatin1()) == key.blob)
            return true;
    }
    if (const QRegularExpressionMatch match = bare.match(text); match.hasMatch())
        return u"SHA256:"_s + match.captured(1) == key.fingerprint();
    if (!named) {
        return makeError(ErrorCode::InvalidArgument, u"This is no fingerprint"_s, {},
                         u"Paste a line that ssh-keygen -l printed, or one that starts with SHA256:"_s);
    }
    return false;
}

QString hostKeyCommand(const HostKey& key)
{
    const QString kind = key.type() == u"ssh-rsa" ? u"rsa"_s
        : key.type() == u"ssh-dss"                ? u"dsa"_s
        : key.type().startsWith(u"ecdsa"_s)       ? u"ecdsa"_s
                                                  : u"ed25519"_s;
    return u"ssh-keygen -lf /etc/ssh/ssh_host_%1_key.pub"_s.arg(kind);
}

} // namespace Promdeck
