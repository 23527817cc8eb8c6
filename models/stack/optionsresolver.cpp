#include "models/stack/optionsresolver.h"

#include "models/core/completion.h"
#include "models/core/files.h"
#include "models/stack/tunnels.h"

#include <QThreadPool>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

struct PemFiles
{
    QByteArray ca;
    QByteArray cert;
    QByteArray key;
};

constexpr qint64 kMaxPem = 4 << 20;

Result<PemFiles> readPemFiles(const QString& ca, const QString& cert, const QString& key)
{
    PemFiles out;
    for (const auto& [path, content] : {std::pair(ca, &out.ca), std::pair(cert, &out.cert), std::pair(key, &out.key)}) {
        if (path.isEmpty())
            continue;
        Result<QByteArray> pem = readWholeFile(path, kMaxPem);
        if (!pem)
            return pem.error();
        *content = *std::move(pem);
    }
    return out;
}

Error missingSecret(const QString& what)
{
    return makeError(ErrorCode::InvalidArgument, u"The stack has no source for its %1"_s.arg(what), {},
                     u"Choose the keychain, an environment variable or a command"_s);
}

} // namespace

QCoro::Task<Result<QString>> resolveSecret(SecretRef secret, std::shared_ptr<SecretStore> store, std::stop_token stop)
{
    switch (secret.source) {
    case SecretRef::Source::Keychain:
        if (!store)
            store = noSecretStore();
        co_return co_await store->read(secret.key);
    case SecretRef::Source::Environment: co_return environmentSecret(secret.key);
    case SecretRef::Source::Command: co_return co_await commandSecret(secret.key, std::chrono::seconds(30), stop);
    case SecretRef::Source::None: break;
    }
    co_return Result<QString>(missingSecret(u"secret"_s));
}

QCoro::Task<Result<HttpOptions>> resolveOptions(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                std::stop_token stop)
{
    HttpOptions options;
    options.verifyTls = profile.verifyTls;
    options.compress = profile.compress;
    options.timeout = std::chrono::milliseconds(profile.timeoutMs);
    options.maxBytes = profile.maxResponseBytes;
    if (!profile.ssh.isEmpty()) {
        const Result<std::shared_ptr<HttpTunnel>> tunnel = tunnelTo(profile.ssh);
        if (!tunnel)
            co_return Result<HttpOptions>(tunnel.error());
        options.tunnel = *tunnel;
    }

    const AuthConfig auth = profile.auth;
    if (auth.type != AuthConfig::Type::None) {
        if (auth.secret.source == SecretRef::Source::None)
            co_return Result<HttpOptions>(missingSecret(auth.type == AuthConfig::Type::Basic ? u"password"_s : u"token"_s));
        const Result<QString> secret = co_await resolveSecret(auth.secret, store, stop);
        if (!secret)
            co_return Result<HttpOptions>(secret.error());
        const QByteArray value = auth.type == AuthConfig::Type::Basic
            ? "Basic " + (auth.user + u':' + *secret).toUtf8().toBase64()
            : "Bearer " + secret->toUtf8();
        options.headers.emplace_back("Authorization", value);
    }
    if (!auth.tenant.isEmpty())
        options.headers.emplace_back("X-Scope-OrgID", auth.tenant.toUtf8());
    for (const AuthConfig::Header& header : auth.headers) {
        QString value = header.value;
        if (header.secret.source != SecretRef::Source::None) {
            const Result<QString> secret = co_await resolveSecret(header.secret, store, stop);
            if (!secret)
                co_return Result<HttpOptions>(secret.error());
            value = *secret;
        }
        options.headers.emplace_back(header.name.toUtf8(), value.toUtf8());
    }

    const Completion<Result<PemFiles>> read;
    QThreadPool::globalInstance()->start(
        [read, profile] { read.finish(readPemFiles(profile.caFile, profile.auth.clientCertFile, profile.auth.clientKeyFile)); });
    const Result<PemFiles> pem = co_await read.wait();
    if (!pem)
        co_return Result<HttpOptions>(pem.error());
    options.caPem = pem->ca;
    options.clientCertPem = pem->cert;
    options.clientKeyPem = pem->key;
    co_return Result<HttpOptions>(options);
}

QCoro::Task<Result<HttpOptions>> resolveGrafanaOptions(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                       std::stop_token stop)
{
    const SecretRef own = profile.grafanaToken;
    if (own.source == SecretRef::Source::None)
        co_return co_await resolveOptions(profile, store, stop);
    const Result<QString> token = co_await resolveSecret(own, store, stop);
    if (!token)
        co_return Result<HttpOptions>(token.error());
    profile.auth.type = AuthConfig::Type::None;
    profile.auth.headers.clear();
    profile.auth.tenant.clear();
    Result<HttpOptions> options = co_await resolveOptions(profile, store, stop);
    if (options)
        options->headers.emplace_back("Authorization", "Bearer " + token->toUtf8());
    co_return options;
}

} // namespace Promdeck
