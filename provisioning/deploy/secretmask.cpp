#include "provisioning/deploy/secretmask.h"

#include "models/config/yamldocument.h"

#include <QRegularExpression>
#include <QSet>
#include <QUrl>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::YamlNode;

namespace {

constexpr qsizetype kShortest = 4; ///< shorter values would hide half the file

bool endsWithAny(QByteArrayView key, std::initializer_list<QByteArrayView> ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](QByteArrayView end) { return key.endsWith(end); });
}

struct Hidden
{
    std::size_t begin;
    std::size_t end;
    QByteArray value;
    QByteArray key;
};

bool isPlaceholder(const QByteArray& value)
{
    return value.startsWith("<secret:") || value == "<secret>" || value.startsWith("<hidden");
}

/// The end of a scalar as written: spans of block scalars take the line end with them.
std::size_t writtenEnd(const QByteArray& text, const Config::TextSpan& span)
{
    std::size_t end = span.end.offset;
    while (end > span.start.offset && (text[qsizetype(end) - 1] == '\n' || text[qsizetype(end) - 1] == ' ' || text[qsizetype(end) - 1] == '\r'))
        --end;
    return end;
}

void hide(const YamlNode& node, const Config::TextSpan& span, const QByteArray& key, const QByteArray& text, std::vector<Hidden>& out)
{
    if (node.isScalar()) {
        if (!node.value.empty() && !isPlaceholder(QByteArray::fromStdString(node.value)))
            out.push_back({span.start.offset, writtenEnd(text, span), QByteArray::fromStdString(node.value), key});
        return;
    }
    for (const Config::YamlItem& item : node.items)
        hide(*item.value, item.span, key, text, out);
    for (const Config::YamlEntry& entry : node.entries)
        hide(*entry.value, entry.valueSpan, key, text, out);
}

bool isSecretHeader(QByteArrayView name)
{
    const QByteArray lower = name.toByteArray().toLower();
    return lower.contains("auth") || lower.contains("token") || lower.contains("key") || lower.contains("cookie") || lower.contains("secret");
}

void collect(const YamlNode& node, QByteArrayView parent, const QByteArray& text, std::vector<Hidden>& out)
{
    for (const Config::YamlItem& item : node.items)
        collect(*item.value, parent, text, out);
    for (const Config::YamlEntry& entry : node.entries) {
        const QByteArray key = QByteArray::fromStdString(entry.key->value);
        const bool header = (parent == "headers" || parent == "http_headers" || parent == "custom_headers") && isSecretHeader(key);
        if (isSecretKey(key) || header || parent == "basic_auth_users")
            hide(*entry.value, entry.valueSpan, key, text, out);
        else
            collect(*entry.value, key, text, out);
    }
}

} // namespace

bool isSecretKey(QByteArrayView given)
{
    const QByteArray key = given.toByteArray().toLower();
    if (endsWithAny(key, {"_file", "_ref"}))
        return false;
    static const QSet<QByteArray> whole {"password", "secret", "token", "credentials", "bearer_token", "api_key", "key", "community", "auth_password",
                                         "priv_password", "slack_api_url", "api_url", "webhook_url", "auth_secret", "auth_identity_secret", "passphrase",
                                         "routing_key", "service_key", "user_key", "secret_key", "access_token", "account_key", "sas_token",
                                         "data_source_name", "dsn", "private_key"};
    return whole.contains(key) || endsWithAny(key, {"_password", "_passwd", "_secret", "_token", "_api_key", "_secret_key", "_private_key", "_credentials"});
}

int extractSecrets(QByteArray& text, const QString& prefix, SecretValues& out)
{
    const Config::YamlDocument document = Config::YamlDocument::parse({text.constData(), std::size_t(text.size())});
    if (!document.ok() || !document.root())
        return 0;
    std::vector<Hidden> hidden;
    collect(*document.root(), {}, text, hidden);
    std::sort(hidden.begin(), hidden.end(), [](const Hidden& a, const Hidden& b) { return a.begin > b.begin; });
    int left = 0;
    std::size_t before = std::size_t(text.size()) + 1;
    for (const Hidden& one : hidden) {
        if (one.begin >= before)
            continue;
        before = one.begin;
        const QByteArray written = text.mid(qsizetype(one.begin), qsizetype(one.end - one.begin));
        const bool plain = written == one.value && !written.contains('\n');
        const bool quoted = written.size() == one.value.size() + 2 && written.mid(1, one.value.size()) == one.value && (written[0] == '"' || written[0] == '\'');
        if (!plain && !quoted) {
            ++left;
            continue;
        }
        QString name;
        for (const auto& [known, value] : out) {
            if (value == one.value)
                name = known;
        }
        QString key = QString::fromUtf8(one.key).toLower();
        key.replace(QRegularExpression(u"[^a-z0-9_]"_s), u"_"_s);
        for (int n = 1; name.isEmpty(); ++n) {
            const QString candidate = prefix + u'_' + key + (n == 1 ? QString() : u'_' + QString::number(n));
            if (!out.contains(candidate))
                name = candidate;
        }
        out[name] = one.value;
        const QByteArray mark = "<secret:" + name.toUtf8() + '>';
        text.replace(qsizetype(one.begin), qsizetype(one.end - one.begin), quoted ? written[0] + mark + written[0] : mark);
    }
    return left;
}

SecretMask::SecretMask(SecretValues known)
{
    for (const auto& [name, value] : known) {
        const QByteArray mark = "<secret:" + name.toUtf8() + '>';
        if (value.size() < kShortest)
            continue;
        m_known.emplace_back(value, mark);
        const QByteArray encoded = QUrl::toPercentEncoding(QString::fromUtf8(value));
        if (encoded != value)
            m_known.emplace_back(encoded, mark);
        // A value of several lines is indented in YAML: its lines are hidden one by one.
        if (value.contains('\n')) {
            for (const QByteArray& line : value.split('\n')) {
                if (line.trimmed().size() >= 12)
                    m_known.emplace_back(line.trimmed(), mark);
            }
        }
    }
    std::stable_sort(m_known.begin(), m_known.end(), [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

QByteArray SecretMask::maskValues(QByteArray text) const
{
    for (const auto& [value, mark] : m_known)
        text.replace(value, mark);
    return text;
}

QString SecretMask::maskValues(const QString& text) const
{
    return m_known.empty() ? text : QString::fromUtf8(maskValues(text.toUtf8()));
}

QByteArray SecretMask::marker(const QByteArray& value)
{
    const QByteArray hash = sha256Hex(value);
    auto seen = m_seen.find(hash);
    if (seen == m_seen.end())
        seen = m_seen.insert(hash, int(m_seen.size()) + 1);
    return "<hidden " + QByteArray::number(*seen) + '>';
}

QByteArray SecretMask::maskYaml(const QByteArray& text, bool& readable)
{
    const Config::YamlDocument document = Config::YamlDocument::parse({text.constData(), std::size_t(text.size())});
    readable = document.ok() && document.root() && !document.root()->isScalar();
    if (!readable)
        return {};
    std::vector<Hidden> hidden;
    for (std::size_t i = 0; i < document.documentCount(); ++i)
        collect(*document.root(i), {}, text, hidden);
    std::sort(hidden.begin(), hidden.end(), [](const Hidden& a, const Hidden& b) { return a.begin < b.begin; });
    QByteArray out;
    std::size_t done = 0;
    for (const Hidden& one : hidden) {
        if (one.begin < done)
            continue; // an alias: hidden where it stands
        out += QByteArrayView(text).sliced(qsizetype(done), qsizetype(one.begin - done));
        out += marker(one.value);
        done = one.end;
    }
    return out + text.mid(qsizetype(done));
}

/// Files that are no YAML, or YAML that does not parse: "key = value" and "key: value" by line.
QByteArray SecretMask::maskLines(const QByteArray& text)
{
    static const QRegularExpression assignment(u"^(\\s*(?:-\\s+|export\\s+)?[\"']?([A-Za-z0-9_.-]+)[\"']?\\s*[:=]\\s*)(\\S.*)$"_s);
    QByteArray out;
    for (const QByteArray& line : text.split('\n')) {
        const QRegularExpressionMatch match = assignment.match(QString::fromLatin1(line));
        const QByteArray key = match.captured(2).toLatin1();
        const QByteArray value = match.captured(3).toLatin1();
        if (match.hasMatch() && !isPlaceholder(value) && (isSecretKey(key) || key.toLower().contains("password") || key.toLower().contains("secret") || key.toLower().contains("token")))
            out += match.captured(1).toLatin1() + marker(value);
        else
            out += line;
        out += '\n';
    }
    out.chop(1);
    return out;
}

QByteArray SecretMask::mask(const QByteArray& text)
{
    QByteArray known = maskValues(text);
    bool readable = false;
    QByteArray masked = maskYaml(known, readable);
    if (!readable)
        masked = maskLines(known);
    // What may stand anywhere: a password inside of an address, and private keys.
    static const QRegularExpression userInfo(u"(://[^/\\s:@\"']*:)([^/\\s@\"'<]+)(@)"_s);
    static const QRegularExpression privateKey(u"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^-]*(-----END)"_s);
    QString latin = QString::fromLatin1(masked);
    for (const QRegularExpression* pattern : {&userInfo, &privateKey}) {
        QString next;
        qsizetype done = 0;
        for (auto it = pattern->globalMatch(latin); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            const bool key = pattern == &privateKey;
            const QString value = key ? match.captured() : match.captured(2);
            next += latin.mid(done, match.capturedStart() - done) + match.captured(1) + QString::fromLatin1(marker(value.toLatin1())) + match.captured(key ? 2 : 3);
            done = match.capturedEnd();
        }
        latin = next + latin.mid(done);
    }
    return latin.toLatin1();
}

} // namespace Promdeck::Deploy
