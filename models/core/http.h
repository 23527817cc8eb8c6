#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QCoroTask>
#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>
#include <stop_token>

namespace Promdeck {

class HttpTunnel;

/// How to talk to one server. Holds resolved secrets in memory only; never logged, never saved.
struct HttpOptions
{
    QList<std::pair<QByteArray, QByteArray>> headers {}; ///< Authorization, tenant header and the like
    QByteArray caPem {};       ///< empty = the system's
    QByteArray clientCertPem {};
    QByteArray clientKeyPem {};
    bool verifyTls = true;
    bool compress = false;     ///< Accept-Encoding: gzip instead of identity
    std::chrono::milliseconds timeout {30000}; ///< deadline from leaving our queue to the last byte, retry included
    qsizetype maxBytes = 256LL << 20;          ///< decoded body; more is ResponseTooLarge
    int maxConcurrent = 12;
    std::shared_ptr<HttpTunnel> tunnel {}; ///< everything goes through it (see tunnel.h); proxies of the environment do not count then
};

struct HttpRequest
{
    enum class Method { Get, Post, Put, Delete };
    Method method = Method::Get;
    QUrl url;
    QByteArray body;
    QByteArray contentType;
    QList<std::pair<QByteArray, QByteArray>> headers;
    std::chrono::milliseconds timeout {0}; ///< 0 = the options' timeout
    bool idempotent = true;                ///< only then is it sent again when the connection was lost unanswered
    bool followRedirects = true;           ///< where that is safe; see HttpClient
    int priority = 0;                      ///< higher first while requests queue
};

struct HttpResponse
{
    int status = 0;
    QByteArray body; ///< decoded; has at least 64 spare bytes of capacity after its end (simdjson padding)
    QList<std::pair<QByteArray, QByteArray>> headers;
    QUrl url;               ///< where the answer came from, after redirects
    double seconds = 0;     ///< from sending to the last byte
    [[nodiscard]] QByteArray header(const QByteArray& name) const;
};

/// A client for one server: its own concurrency limit and queue; sockets and TLS live on a shared network
/// thread, so the caller's thread only ever sees finished answers. Destroying it cancels what is in flight.
/// Tasks resume on the thread that called. A status outside 2xx is still a value here (APIs carry their error
/// in the body); errors are transport errors: Cancelled, Timeout, DnsFailure, ConnectionRefused,
/// ConnectionLost, TlsFailure, ProxyFailure, ResponseTooLarge, Decode (the peer speaks no HTTP),
/// InvalidArgument (no web address, or a header with line breaks).
/// Redirects are followed within one origin, and to another one only for a GET that carries no header or
/// certificate of the stack and never from https to http; else the redirect itself is the answer. Proxies come
/// from the environment (http_proxy and the like), never for this machine.
class HttpClient final : public QObject
{
    Q_OBJECT
public:
    explicit HttpClient(HttpOptions options, QObject* parent = nullptr);
    ~HttpClient() override;
    Q_DISABLE_COPY_MOVE(HttpClient)

    /// Cancelling through `stop` finishes the task with Error{Cancelled} at once.
    QCoro::Task<Result<HttpResponse>> send(HttpRequest request, std::stop_token stop = {});
    [[nodiscard]] const HttpOptions& options() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck
