#pragma once

#include "models/core/json.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <optional>
#include <vector>

namespace Promdeck {

/// Where a secret comes from. The secret itself is never part of a profile.
struct SecretRef
{
    enum class Source { None, Keychain, Environment, Command };
    Source source = Source::None;
    QString key; ///< keychain entry, environment variable, or command line
    bool operator==(const SecretRef&) const = default;
};

/// "env:VARIABLE", "command:LINE", "keychain:ENTRY". Errors: InvalidArgument; the text, which may be a secret
/// itself, is not repeated.
Result<SecretRef> parseSecretRef(const QString& text);
[[nodiscard]] QString secretRefText(const SecretRef& secret); ///< the same way round; empty without a source

struct AuthConfig
{
    enum class Type { None, Basic, Bearer };
    Type type = Type::None;
    QString user;     ///< Basic
    SecretRef secret; ///< Basic password or bearer token
    QString clientCertFile;
    QString clientKeyFile;
    struct Header
    {
        QString name;
        QString value;    ///< plain value, for headers that are no secret (tenant)
        SecretRef secret; ///< else
        bool operator==(const Header&) const = default;
    };
    std::vector<Header> headers;
    QString tenant; ///< X-Scope-OrgID
    bool operator==(const AuthConfig&) const = default;
};

/// A named monitoring stack. Value type, saved as JSON without secrets.
struct StackProfile
{
    QString name;
    QString color;        ///< "#rrggbb"
    QUrl prometheus;      ///< base URL, path prefix allowed
    QList<QUrl> alertmanagers; ///< empty = those that Prometheus reports
    QUrl grafana;
    SecretRef grafanaToken; ///< of a service account; without a source the stack's own credentials go to Grafana as well
    QUrl loki;
    AuthConfig auth;
    QString ssh;    ///< the host to go through, as ssh names it; empty = directly. URLs are then as that host sees them
    QString caFile;
    bool verifyTls = true;
    bool compress = false;       ///< gzip; default on for hosts beyond the local network
    int timeoutMs = 30000;
    qint64 maxResponseBytes = 256LL << 20;
    bool readOnly = true;
    qint64 scrapeIntervalMs = 0; ///< 0 = read from the server, else 15 s
    Json unknown;                ///< members of the file that this version does not know; written back
    bool operator==(const StackProfile&) const = default;
};

/// A profile for an address, with everything else at its default: a name from the host, gzip only beyond the
/// local network. Credentials and query in the URL are dropped.
[[nodiscard]] StackProfile profileForUrl(const QUrl& url);

/// What the user typed as an address, as a URL: "host:9090" means http, the path ends without API parts that
/// were copied along ("/graph", "/api/v1/query"). Errors: InvalidArgument.
Result<QUrl> parseStackUrl(const QString& text);

/// True for this machine, private and link-local addresses, names without a dot and "*.local", "*.lan",
/// "*.internal".
[[nodiscard]] bool isLocalNetworkHost(const QString& host);

/// Stable member order, only what differs from the defaults (name and prometheus always). Credentials inside
/// URLs are left out.
[[nodiscard]] Json profileToJson(const StackProfile& profile);
/// Errors: Schema, with the JSON path in `detail`.
Result<StackProfile> profileFromJson(const Json& json);

/// Why a profile may not be saved: no name, no URL, something secret in plain text. Errors: InvalidArgument, Secret.
Status checkProfile(const StackProfile& profile);

} // namespace Promdeck
