#include "models/core/network/httptransport.h"

#include "models/core/network/httperrors.h"
#include "models/core/network/proxyfactory.h"
#include "models/core/network/tlssetup.h"

#include <QNetworkAccessManager>
#include <QThread>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

constexpr int kConnectionsPerManager = 6;
constexpr int kMaxRedirects = 5;
constexpr qsizetype kPadding = 64;           // what simdjson reads past the end
constexpr qsizetype kReadStep = 1 << 20;
constexpr qsizetype kMaxReserve = 32 << 20;  // a promised length is not yet a received one

/// A body that cannot be sent a second time. QNetworkAccessManager repeats requests by itself when a kept-alive
/// connection turns out to be closed; for a request that is not idempotent this makes it give up instead.
class OneShotBody final : public QIODevice
{
public:
    explicit OneShotBody(QByteArray data) : m_data(std::move(data)) { open(QIODevice::ReadOnly); }
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override { return m_data.size() - m_pos + QIODevice::bytesAvailable(); }
    [[nodiscard]] bool atEnd() const override { return bytesAvailable() == 0; }
    bool reset() override { return false; }

protected:
    qint64 readData(char* data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, qint64(m_data.size()) - m_pos);
        if (count <= 0)
            return m_data.size() == m_pos ? -1 : 0;
        memcpy(data, m_data.constData() + m_pos, size_t(count));
        m_pos += count;
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArray m_data;
    qint64 m_pos = 0;
};

Error cancelled(const QUrl& url)
{
    Error error = makeError(ErrorCode::Cancelled, u"The request was cancelled"_s);
    error.target = shownUrl(url);
    return error;
}

int effectivePort(const QUrl& url)
{
    return url.port(url.scheme() == u"https" ? 443 : 80);
}

bool sameOrigin(const QUrl& a, const QUrl& b)
{
    return a.scheme() == b.scheme() && a.host() == b.host() && effectivePort(a) == effectivePort(b);
}

bool isTransportError(QNetworkReply::NetworkError code, bool answered)
{
    if (answered && code == QNetworkReply::ProtocolInvalidOperationError)
        return false; // how Qt says "status 400"
    // The other ranges say in Qt's words what the status code says already.
    return (code > 0 && code < 200) || (code > 300 && code < 400);
}

} // namespace

HttpTransport::HttpTransport(HttpOptions options) : m_options(std::move(options)) {}

HttpTransport::~HttpTransport() = default;

void HttpTransport::prepareTls()
{
    // Here and not in the constructor: parsing certificates is no work for the caller's thread.
    m_tlsReady = true;
    Result<QSslConfiguration> tls = tlsConfiguration(m_options);
    if (tls)
        m_tls = *std::move(tls);
    else
        m_tlsError = tls.error();
    connect(thread(), &QThread::finished, this, &HttpTransport::shutDown, Qt::DirectConnection);
}

void HttpTransport::submit(const ExchangePtr& exchange)
{
    if (exchange->done.isFinished())
        return;
    if (m_down) {
        exchange->done.finish(cancelled(exchange->request.url));
        return;
    }
    if (!m_tlsReady)
        prepareTls();
    m_queue.emplace(std::pair(-exchange->request.priority, m_sequence++), exchange);
    startNext();
}

void HttpTransport::startNext()
{
    const auto limit = size_t(std::max(1, m_options.maxConcurrent));
    while (!m_down && !m_queue.empty() && m_running.size() < limit) {
        const ExchangePtr exchange = m_queue.begin()->second;
        m_queue.erase(m_queue.begin());
        if (!exchange->done.isFinished())
            start(exchange);
    }
}

void HttpTransport::start(const ExchangePtr& exchange)
{
    exchange->url = exchange->request.url;
    if (exchange->url.scheme() == u"https" && m_tlsError) {
        exchange->done.finish(*m_tlsError);
        return;
    }
    m_running.insert(exchange);
    exchange->lane = &freeLane(*exchange);
    ++exchange->lane->inFlight;
    const auto limit = exchange->request.timeout.count() > 0 ? exchange->request.timeout : m_options.timeout;
    exchange->deadline = std::make_unique<QTimer>();
    exchange->deadline->setSingleShot(true);
    connect(exchange->deadline.get(), &QTimer::timeout, this, [this, limit, weak = std::weak_ptr(exchange)] {
        if (const ExchangePtr late = weak.lock())
            finish(late, timeoutError(late->url, limit, late->answered ? late->response.body.size() : -1));
    });
    exchange->deadline->start(limit);
    exchange->clock.start();
    transmit(exchange);
}

Lane& HttpTransport::freeLane(const HttpExchange& exchange)
{
    for (const auto& lane : m_lanes) {
        if (lane->inFlight < kConnectionsPerManager)
            return *lane;
    }
    auto lane = std::make_unique<Lane>();
    lane->manager = std::make_unique<QNetworkAccessManager>();
    if (exchange.proxy) {
        lane->manager->setProxy(QNetworkProxy(QNetworkProxy::Socks5Proxy, u"127.0.0.1"_s, exchange.proxy->port,
                                              exchange.proxy->user, exchange.proxy->password));
    } else {
        lane->manager->setProxyFactory(new ProxyFactory);
    }
    m_lanes.push_back(std::move(lane));
    return *m_lanes.back();
}

QNetworkRequest HttpTransport::networkRequest(const HttpExchange& exchange) const
{
    QNetworkRequest out(exchange.url);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    // HTTP/2 of Qt 6.4 puts everything on one connection with small windows.
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    // Our own limit counts decoded bytes; repetitive metrics compress better than Qt thinks decent.
    out.setDecompressedSafetyCheckThreshold(-1);
    out.setSslConfiguration(m_tls);
    out.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("promdeck/" PROMDECK_VERSION));
    if (!m_options.compress)
        out.setRawHeader("Accept-Encoding", "identity");
    for (const auto& [name, value] : m_options.headers)
        out.setRawHeader(name, value);
    for (const auto& [name, value] : exchange.request.headers)
        out.setRawHeader(name, value);
    if (!exchange.request.contentType.isEmpty())
        out.setRawHeader("Content-Type", exchange.request.contentType);
    else if (exchange.request.method != HttpRequest::Method::Get)
        out.setRawHeader("Content-Type", "application/octet-stream");
    return out;
}

void HttpTransport::transmit(const ExchangePtr& exchange)
{
    QNetworkRequest request = networkRequest(*exchange);
    const bool once = !exchange->request.idempotent && exchange->request.method != HttpRequest::Method::Get;
    if (once) {
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        request.setHeader(QNetworkRequest::ContentLengthHeader, exchange->request.body.size());
        exchange->upload = std::make_unique<OneShotBody>(exchange->request.body);
    }
    QNetworkAccessManager& manager = *exchange->lane->manager;
    const auto send = [&](const QByteArray& verb) {
        return once ? manager.sendCustomRequest(request, verb, exchange->upload.get())
                    : manager.sendCustomRequest(request, verb, exchange->request.body);
    };
    switch (exchange->request.method) {
    case HttpRequest::Method::Get: exchange->reply = manager.get(request); break;
    case HttpRequest::Method::Post:
        exchange->reply = once ? manager.post(request, exchange->upload.get())
                               : manager.post(request, exchange->request.body);
        break;
    case HttpRequest::Method::Put: exchange->reply = send("PUT"); break;
    case HttpRequest::Method::Delete: exchange->reply = send("DELETE"); break;
    }
    QNetworkReply* reply = exchange->reply;
    const std::weak_ptr weak(exchange);
    const auto bind = [this, weak](void (HttpTransport::*step)(const ExchangePtr&)) {
        return [this, weak, step] {
            if (const ExchangePtr alive = weak.lock(); alive && alive->reply)
                (this->*step)(alive);
        };
    };
    connect(reply, &QNetworkReply::sslErrors, this, [weak](const QList<QSslError>& errors) {
        if (const ExchangePtr alive = weak.lock())
            alive->sslErrors = errors;
    });
    connect(reply, &QNetworkReply::metaDataChanged, this, bind(&HttpTransport::readHeaders));
    connect(reply, &QNetworkReply::readyRead, this, bind(&HttpTransport::readBody));
    connect(reply, &QNetworkReply::finished, this, bind(&HttpTransport::replyFinished));
}

void HttpTransport::readHeaders(const ExchangePtr& exchange)
{
    const int status = exchange->reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status <= 0)
        return;
    exchange->answered = true;
    exchange->response.status = status;
    exchange->response.headers = exchange->reply->rawHeaderPairs();
    bool known = false;
    const qint64 length = exchange->reply->rawHeader("Content-Length").toLongLong(&known);
    if (!known || length < 0)
        return;
    if (length > m_options.maxBytes)
        finish(exchange, tooLargeError(exchange->url, m_options.maxBytes));
    else
        exchange->response.body.reserve(std::min(qsizetype(length), kMaxReserve) + kPadding + 1);
}

void HttpTransport::readBody(const ExchangePtr& exchange)
{
    QByteArray& body = exchange->response.body;
    while (exchange->reply) {
        const qsizetype had = body.size();
        const qsizetype step = std::clamp<qsizetype>(exchange->reply->bytesAvailable(), 4096, kReadStep);
        body.resize(had + step);
        const qint64 got = exchange->reply->read(body.data() + had, step);
        body.resize(had + std::max<qint64>(got, 0));
        if (body.size() > m_options.maxBytes) {
            finish(exchange, tooLargeError(exchange->url, m_options.maxBytes));
            return;
        }
        if (got <= 0)
            return;
    }
}

void HttpTransport::replyFinished(const ExchangePtr& exchange)
{
    readHeaders(exchange);
    if (exchange->reply)
        readBody(exchange);
    if (!exchange->reply)
        return; // over the limit
    const QNetworkReply::NetworkError code = exchange->reply->error();
    if (isTransportError(code, exchange->answered) || !exchange->answered) {
        // Lost connections were repeated by the manager already, where the request can be sent again.
        // A tunnel is no proxy that anybody could check.
        const QNetworkProxy proxy = exchange->proxy ? QNetworkProxy(QNetworkProxy::NoProxy)
                                                    : ProxyFactory().queryProxy(QNetworkProxyQuery(exchange->url)).constFirst();
        finish(exchange, transferError({code, exchange->reply->errorString(), exchange->url, exchange->sslErrors, proxy,
                                        !m_options.clientCertPem.isEmpty()}));
        return;
    }
    if (redirect(exchange))
        return;
    HttpResponse response = std::move(exchange->response);
    response.url = exchange->url;
    response.seconds = double(exchange->clock.nsecsElapsed()) * 1e-9;
    if (response.body.capacity() - response.body.size() < kPadding)
        response.body.reserve(response.body.size() + kPadding);
    finish(exchange, std::move(response));
}

bool HttpTransport::carriesCredentials(const HttpExchange& exchange) const
{
    // Any header of the stack may be a credential (tenants, tokens of gateways).
    return !m_options.headers.isEmpty() || !exchange.request.headers.isEmpty() || !m_options.clientCertPem.isEmpty();
}

/// Follows a redirect where that is safe; otherwise the redirect itself is the answer.
bool HttpTransport::redirect(const ExchangePtr& exchange)
{
    const int status = exchange->response.status;
    const bool get = exchange->request.method == HttpRequest::Method::Get;
    const bool keepsMethod = status == 307 || status == 308;
    const bool followable = keepsMethod ? (get || exchange->request.idempotent)
                                        : get && (status == 301 || status == 302 || status == 303);
    const QByteArray location = exchange->reply->rawHeader("Location");
    if (!exchange->request.followRedirects || !followable || location.isEmpty() || exchange->redirects >= kMaxRedirects)
        return false;
    const QUrl next = exchange->url.resolved(QUrl::fromEncoded(location));
    const bool web = next.scheme() == u"http" || next.scheme() == u"https";
    const bool downgrade = exchange->url.scheme() == u"https" && next.scheme() == u"http";
    if (!next.isValid() || !web || next.host().isEmpty() || downgrade)
        return false;
    if (!sameOrigin(exchange->url, next) && (carriesCredentials(*exchange) || !get))
        return false;
    ++exchange->redirects;
    releaseReply(*exchange);
    exchange->url = next.adjusted(QUrl::RemoveUserInfo);
    exchange->response = {};
    exchange->answered = false;
    if (exchange->url.scheme() == u"https" && m_tlsError)
        finish(exchange, *m_tlsError);
    else
        transmit(exchange);
    return true;
}

void HttpTransport::releaseReply(HttpExchange& exchange)
{
    if (QNetworkReply* reply = std::exchange(exchange.reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
        // The reply may still read from its upload device until it is deleted.
        if (exchange.upload)
            exchange.upload.release()->setParent(reply);
    }
}

void HttpTransport::release(const ExchangePtr& exchange)
{
    releaseReply(*exchange);
    if (m_running.erase(exchange) > 0)
        --exchange->lane->inFlight;
    if (exchange->deadline) {
        exchange->deadline->stop();
        exchange->deadline.release()->deleteLater(); // it may be the sender
    }
}

void HttpTransport::finish(const ExchangePtr& exchange, Result<HttpResponse> result)
{
    const ExchangePtr keep = exchange;
    release(keep);
    keep->done.finish(std::move(result));
    startNext();
}

void HttpTransport::drop(const ExchangePtr& exchange)
{
    if (m_running.contains(exchange)) {
        release(exchange);
        startNext();
        return;
    }
    std::erase_if(m_queue, [&](const auto& entry) { return entry.second == exchange; });
}

void HttpTransport::shutDown()
{
    m_down = true;
    for (const auto& [key, exchange] : std::exchange(m_queue, {}))
        exchange->done.finish(cancelled(exchange->request.url));
    const auto running = m_running;
    for (const ExchangePtr& exchange : running) {
        release(exchange);
        exchange->done.finish(cancelled(exchange->request.url));
    }
    for (const auto& lane : m_lanes)
        lane->manager.release()->deleteLater(); // after its replies
    m_lanes.clear();
}

} // namespace Promdeck::Internal
