#include "models/stack/stackprofile.h"

#include "models/core/network/proxyfactory.h"

#include <QHostAddress>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr std::pair<AuthConfig::Type, const char16_t*> kAuthTypes[] = {
    {AuthConfig::Type::None, u"none"}, {AuthConfig::Type::Basic, u"basic"}, {AuthConfig::Type::Bearer, u"bearer"}};
constexpr std::pair<SecretRef::Source, const char16_t*> kSources[] = {{SecretRef::Source::Keychain, u"keychain"},
                                                                     {SecretRef::Source::Environment, u"environment"},
                                                                     {SecretRef::Source::Command, u"command"}};

QString urlText(const QUrl& url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::FullyEncoded);
}

Json secretToJson(const SecretRef& secret)
{
    for (const auto& [source, name] : kSources) {
        if (source == secret.source)
            return Json::object({{QString::fromUtf16(name), secret.key}});
    }
    return {};
}

/// Members of `original` that `written` lacks: what a newer version may have put there.
Json leftOver(const Json& original, const QStringList& known)
{
    Json out;
    for (const auto& [key, value] : original.members()) {
        if (!known.contains(key))
            out.set(key, value);
    }
    return out;
}

/// Reads members and remembers the first that has the wrong type.
class Reader
{
public:
    Reader(const Json& json, QString path) : m_json(json), m_path(std::move(path))
    {
        if (!json.isObject())
            fail({}, u"an object"_s);
    }

    QString text(const QString& key)
    {
        return take(key, u"a string"_s, &Json::isString).toString();
    }

    bool flag(const QString& key, bool fallback)
    {
        return take(key, u"true or false"_s, &Json::isBool).toBool(fallback);
    }

    qint64 number(const QString& key, qint64 fallback, qint64 least)
    {
        const qint64 value = take(key, u"a number"_s, &Json::isNumber).toInt(fallback);
        if (value < least)
            fail(key, u"at least %1"_s.arg(least));
        return value;
    }

    QUrl url(const QString& key)
    {
        return toUrl(key, text(key));
    }

    QUrl toUrl(const QString& key, const QString& value)
    {
        const QUrl url(value);
        if (!value.isEmpty() && (!url.isValid() || url.host().isEmpty()))
            fail(key, u"a URL"_s);
        return url;
    }

    Json member(const QString& key, bool (Json::*isType)() const, const QString& wanted)
    {
        return take(key, wanted, isType);
    }

    void fail(const QString& key, const QString& wanted)
    {
        if (m_error)
            return;
        const QString place = key.isEmpty() ? m_path : m_path.isEmpty() ? key : m_path + u'.' + key;
        m_error = makeError(ErrorCode::Schema, u"A stack profile is not as expected"_s,
                            u"%1 has to be %2"_s.arg(place.isEmpty() ? u"it"_s : place, wanted));
    }

    [[nodiscard]] QString pathOf(const QString& key) const { return m_path.isEmpty() ? key : m_path + u'.' + key; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    void adopt(const std::optional<Error>& error)
    {
        if (!m_error)
            m_error = error;
    }

private:
    Json take(const QString& key, const QString& wanted, bool (Json::*isType)() const)
    {
        const Json& value = m_json[key];
        if (value.isNull() || (value.*isType)())
            return value;
        fail(key, wanted);
        return {};
    }

    const Json& m_json;
    QString m_path;
    std::optional<Error> m_error;
};

SecretRef secretFromJson(Reader& parent, const QString& key)
{
    const Json json = parent.member(key, &Json::isObject, u"an object"_s);
    for (const auto& [source, name] : kSources) {
        if (json.contains(name))
            return {source, json[QStringView(name)].toString()};
    }
    if (!json.isNull())
        parent.fail(key, u"an object with keychain, environment or command"_s);
    return {};
}

Json authToJson(const AuthConfig& auth)
{
    Json out;
    for (const auto& [type, name] : kAuthTypes) {
        if (type == auth.type && type != AuthConfig::Type::None)
            out.set(u"type"_s, QString::fromUtf16(name));
    }
    const auto put = [&](const QString& key, const QString& value) {
        if (!value.isEmpty())
            out.set(key, value);
    };
    put(u"user"_s, auth.user);
    if (auth.secret.source != SecretRef::Source::None)
        out.set(u"secret"_s, secretToJson(auth.secret));
    put(u"tenant"_s, auth.tenant);
    put(u"clientCertFile"_s, auth.clientCertFile);
    put(u"clientKeyFile"_s, auth.clientKeyFile);
    Json headers;
    for (const AuthConfig::Header& header : auth.headers) {
        Json item = Json::object({{u"name"_s, header.name}});
        if (header.secret.source != SecretRef::Source::None)
            item.set(u"secret"_s, secretToJson(header.secret));
        else
            item.set(u"value"_s, header.value);
        headers.append(item);
    }
    if (!headers.isNull())
        out.set(u"headers"_s, headers);
    return out;
}

AuthConfig authFromJson(Reader& parent, const Json& json)
{
    AuthConfig auth;
    if (json.isNull())
        return auth;
    Reader reader(json, parent.pathOf(u"auth"_s));
    const QString type = reader.text(u"type"_s);
    bool known = type.isEmpty();
    for (const auto& [value, name] : kAuthTypes) {
        if (type == QStringView(name)) {
            auth.type = value;
            known = true;
        }
    }
    if (!known)
        reader.fail(u"type"_s, u"none, basic or bearer"_s);
    auth.user = reader.text(u"user"_s);
    auth.secret = secretFromJson(reader, u"secret"_s);
    auth.tenant = reader.text(u"tenant"_s);
    auth.clientCertFile = reader.text(u"clientCertFile"_s);
    auth.clientKeyFile = reader.text(u"clientKeyFile"_s);
    const Json headers = reader.member(u"headers"_s, &Json::isArray, u"a list"_s);
    for (qsizetype i = 0; i < headers.size(); ++i) {
        Reader item(headers.at(i), reader.pathOf(u"headers[%1]"_s.arg(i)));
        auth.headers.push_back({item.text(u"name"_s), item.text(u"value"_s), secretFromJson(item, u"secret"_s)});
        reader.adopt(item.error());
    }
    parent.adopt(reader.error());
    return auth;
}

/// Header names whose values open doors. Tenants do not.
bool namesASecret(const QString& header)
{
    static const QStringList words {u"authorization"_s, u"cookie"_s, u"token"_s, u"secret"_s, u"password"_s,
                                    u"api-key"_s, u"apikey"_s, u"x-auth"_s};
    return std::any_of(words.begin(), words.end(),
                       [&](const QString& word) { return header.contains(word, Qt::CaseInsensitive); });
}

QString secretPrefix(SecretRef::Source source)
{
    switch (source) {
    case SecretRef::Source::Environment: return u"env:"_s;
    case SecretRef::Source::Command: return u"command:"_s;
    case SecretRef::Source::Keychain: return u"keychain:"_s;
    case SecretRef::Source::None: break;
    }
    return {};
}

} // namespace

bool isLocalNetworkHost(const QString& host)
{
    if (Internal::isLoopbackHost(host))
        return true;
    const QHostAddress address(host);
    if (!address.isNull()) {
        static const char* const kPrivate[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                                               "fc00::/7", "fe80::/10"};
        return std::any_of(std::begin(kPrivate), std::end(kPrivate), [&](const char* net) {
            return address.isInSubnet(QHostAddress::parseSubnet(QString::fromLatin1(net)));
        });
    }
    return !host.contains(u'.') || host.endsWith(u".local") || host.endsWith(u".lan") || host.endsWith(u".internal");
}

Result<QUrl> parseStackUrl(const QString& text)
{
    QString trimmed = text.trimmed();
    const auto refuse = [&](const QString& hint) {
        return makeError(ErrorCode::InvalidArgument, u"Not an address of a web server"_s, {}, hint);
    };
    if (!trimmed.contains(u"://"))
        trimmed.prepend(u"http://"_s);
    QUrl url(trimmed, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refuse(u"Write it like http://host:9090 or https://host/prefix"_s);
    if (url.scheme() != u"http" && url.scheme() != u"https")
        return refuse(u"Only http and https are possible, not %1"_s.arg(url.scheme()));
    QString path = url.path();
    // Addresses are copied from a browser's tab or from an example with curl.
    for (const char16_t* tail : {u"/api/v1", u"/graph", u"/query", u"/targets", u"/alerts", u"/classic", u"/-/ready"}) {
        const qsizetype at = path.indexOf(QStringView(tail));
        if (at >= 0 && (at + QStringView(tail).size() == path.size() || path[at + QStringView(tail).size()] == u'/'))
            path.truncate(at);
    }
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path);
    return url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment);
}

Result<SecretRef> parseSecretRef(const QString& text)
{
    for (const SecretRef::Source source :
         {SecretRef::Source::Environment, SecretRef::Source::Command, SecretRef::Source::Keychain}) {
        const QString prefix = secretPrefix(source);
        if (text.startsWith(prefix) && text.size() > prefix.size())
            return SecretRef {source, text.mid(prefix.size())};
    }
    return makeError(ErrorCode::InvalidArgument, u"A secret is named, not given"_s, {},
                     u"Write env:VARIABLE, command:LINE or keychain:ENTRY"_s);
}

QString secretRefText(const SecretRef& secret)
{
    return secretPrefix(secret.source) + secret.key;
}

StackProfile profileForUrl(const QUrl& url)
{
    StackProfile profile;
    profile.prometheus = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    profile.name = url.host();
    if (url.port() > 0)
        profile.name += u":%1"_s.arg(url.port());
    if (url.path().size() > 1)
        profile.name += url.path();
    profile.compress = !isLocalNetworkHost(url.host());
    return profile;
}

Json profileToJson(const StackProfile& profile)
{
    const StackProfile defaults;
    Json out = Json::object({{u"name"_s, profile.name}});
    if (!profile.color.isEmpty())
        out.set(u"color"_s, profile.color);
    out.set(u"prometheus"_s, urlText(profile.prometheus));
    Json alertmanagers;
    for (const QUrl& url : profile.alertmanagers)
        alertmanagers.append(urlText(url));
    if (!alertmanagers.isNull())
        out.set(u"alertmanagers"_s, alertmanagers);
    if (!profile.grafana.isEmpty())
        out.set(u"grafana"_s, urlText(profile.grafana));
    if (profile.grafanaToken.source != SecretRef::Source::None)
        out.set(u"grafanaToken"_s, secretToJson(profile.grafanaToken));
    if (!profile.loki.isEmpty())
        out.set(u"loki"_s, urlText(profile.loki));
    Json auth = authToJson(profile.auth);
    for (const auto& [key, value] : profile.unknown[u"auth"].members())
        auth.set(key, value);
    if (!auth.isNull())
        out.set(u"auth"_s, auth);
    if (!profile.ssh.isEmpty())
        out.set(u"ssh"_s, profile.ssh);
    if (!profile.caFile.isEmpty())
        out.set(u"caFile"_s, profile.caFile);
    if (profile.verifyTls != defaults.verifyTls)
        out.set(u"verifyTls"_s, profile.verifyTls);
    if (profile.compress != defaults.compress)
        out.set(u"compress"_s, profile.compress);
    if (profile.timeoutMs != defaults.timeoutMs)
        out.set(u"timeoutMs"_s, profile.timeoutMs);
    if (profile.maxResponseBytes != defaults.maxResponseBytes)
        out.set(u"maxResponseBytes"_s, profile.maxResponseBytes);
    // Written always: what may change a server should be plain to see.
    out.set(u"readOnly"_s, profile.readOnly);
    if (profile.scrapeIntervalMs != 0)
        out.set(u"scrapeIntervalMs"_s, profile.scrapeIntervalMs);
    for (const auto& [key, value] : profile.unknown.members()) {
        if (key != u"auth")
            out.set(key, value);
    }
    return out;
}

Result<StackProfile> profileFromJson(const Json& json)
{
    const StackProfile defaults;
    StackProfile out;
    Reader reader(json, {});
    out.name = reader.text(u"name"_s);
    out.color = reader.text(u"color"_s);
    out.prometheus = reader.url(u"prometheus"_s);
    const Json alertmanagers = reader.member(u"alertmanagers"_s, &Json::isArray, u"a list"_s);
    for (const Json& url : alertmanagers.items()) {
        if (!url.isString())
            reader.fail(u"alertmanagers"_s, u"a list of URLs"_s);
        out.alertmanagers << reader.toUrl(u"alertmanagers"_s, url.toString());
    }
    out.grafana = reader.url(u"grafana"_s);
    out.grafanaToken = secretFromJson(reader, u"grafanaToken"_s);
    out.loki = reader.url(u"loki"_s);
    const Json auth = reader.member(u"auth"_s, &Json::isObject, u"an object"_s);
    out.auth = authFromJson(reader, auth);
    out.ssh = reader.text(u"ssh"_s);
    out.caFile = reader.text(u"caFile"_s);
    out.verifyTls = reader.flag(u"verifyTls"_s, defaults.verifyTls);
    out.compress = reader.flag(u"compress"_s, defaults.compress);
    out.timeoutMs = int(std::min<qint64>(reader.number(u"timeoutMs"_s, defaults.timeoutMs, 1), 3600 * 1000));
    out.maxResponseBytes = reader.number(u"maxResponseBytes"_s, defaults.maxResponseBytes, 1);
    out.readOnly = reader.flag(u"readOnly"_s, defaults.readOnly);
    out.scrapeIntervalMs = reader.number(u"scrapeIntervalMs"_s, 0, 0);
    if (out.name.isEmpty())
        reader.fail(u"name"_s, u"a name"_s);
    if (out.prometheus.isEmpty())
        reader.fail(u"prometheus"_s, u"a URL"_s);
    if (reader.error())
        return *reader.error();
    out.unknown = leftOver(json, {u"name"_s, u"color"_s, u"prometheus"_s, u"alertmanagers"_s, u"grafana"_s, u"grafanaToken"_s, u"loki"_s,
                                  u"auth"_s, u"ssh"_s, u"caFile"_s, u"verifyTls"_s, u"compress"_s, u"timeoutMs"_s,
                                  u"maxResponseBytes"_s, u"readOnly"_s, u"scrapeIntervalMs"_s});
    const Json authUnknown = leftOver(auth, {u"type"_s, u"user"_s, u"secret"_s, u"tenant"_s, u"clientCertFile"_s,
                                             u"clientKeyFile"_s, u"headers"_s});
    if (!authUnknown.isNull())
        out.unknown.set(u"auth"_s, authUnknown);
    return out;
}

Status checkProfile(const StackProfile& profile)
{
    if (profile.name.trimmed().isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"A stack needs a name"_s);
    const QList<QUrl> urls = QList<QUrl> {profile.prometheus, profile.grafana, profile.loki} + profile.alertmanagers;
    if (profile.prometheus.host().isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"A stack needs the URL of a Prometheus"_s);
    for (const QUrl& url : urls) {
        if (!url.userInfo().isEmpty()) {
            return makeError(ErrorCode::Secret, u"The URL holds credentials, which would be saved in plain text"_s, {},
                             u"Give the user by itself and the password as a secret"_s);
        }
    }
    // An option where a host is meant would reach programs that ssh's configuration names.
    if (profile.ssh.startsWith(u'-') || profile.ssh.contains(u' '))
        return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no SSH host"_s.arg(profile.ssh), {}, u"Write host, user@host or user@host:port, or a name from ~/.ssh/config"_s);
    for (const AuthConfig::Header& header : profile.auth.headers) {
        if (header.secret.source == SecretRef::Source::None && namesASecret(header.name)) {
            return makeError(ErrorCode::Secret, u"The value of the header %1 would be saved in plain text"_s.arg(header.name),
                             {}, u"Take it from the keychain, an environment variable or a command"_s);
        }
    }
    return Done {};
}

} // namespace Promdeck
