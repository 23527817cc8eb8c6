#include "models/core/http.h"

#include "models/core/network/httperrors.h"
#include "models/core/network/httptransport.h"
#include "models/core/network/networkthread.h"
#include "models/core/tunnel.h"

namespace Promdeck {

using namespace Qt::StringLiterals;
using Internal::HttpExchange;
using Internal::HttpTransport;
using Internal::TransportGate;

namespace {

bool isCleanHeader(const std::pair<QByteArray, QByteArray>& header)
{
    const auto control = [](char c) { return (uchar(c) < 0x20 && c != '\t') || c == 0x7f; };
    const auto noToken = [&](char c) { return control(c) || c == ' ' || c == '\t' || c == ':' || uchar(c) > 0x7f; };
    return !header.first.isEmpty() && std::none_of(header.first.begin(), header.first.end(), noToken)
        && std::none_of(header.second.begin(), header.second.end(), control);
}

std::optional<Error> problemOf(const HttpRequest& request, const HttpOptions& options)
{
    const auto refuse = [&](const QString& summary, const QString& hint) {
        Error error = makeError(ErrorCode::InvalidArgument, summary, {}, hint);
        error.target = Internal::shownUrl(request.url);
        return error;
    };
    const QString scheme = request.url.scheme();
    if (!request.url.isValid() || request.url.host().isEmpty() || (scheme != u"http" && scheme != u"https"))
        return refuse(u"Not an address of a web server"_s, u"Write it like http://host:9090 or https://host/prefix"_s);
    for (const auto* list : {&options.headers, &request.headers}) {
        for (const auto& header : *list) {
            if (!isCleanHeader(header)) {
                return refuse(u"A header has a name or a value that HTTP does not allow"_s,
                              u"Remove line breaks from the value of \"%1\""_s.arg(
                                  QString::fromLatin1(header.first).left(40).simplified()));
            }
        }
    }
    return std::nullopt;
}

/// user:password@ in a URL becomes a header; nothing below has to know that URLs can carry secrets.
void liftCredentials(HttpRequest& request)
{
    const QString user = request.url.userName(QUrl::FullyDecoded);
    const QString password = request.url.password(QUrl::FullyDecoded);
    if (!user.isEmpty() || !password.isEmpty()) {
        request.headers.emplace_back("Authorization",
                                     "Basic " + (user + u':' + password).toUtf8().toBase64());
    }
    request.url = request.url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

void post(const std::shared_ptr<TransportGate>& gate, const std::shared_ptr<HttpExchange>& exchange,
          void (HttpTransport::*step)(const std::shared_ptr<HttpExchange>&))
{
    const std::lock_guard lock(gate->mutex);
    if (HttpTransport* transport = gate->transport) {
        QMetaObject::invokeMethod(
            transport, [transport, exchange, step] { (transport->*step)(exchange); }, Qt::QueuedConnection);
    }
}

} // namespace

QByteArray HttpResponse::header(const QByteArray& name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

struct HttpClient::Private
{
    HttpOptions options;
    std::shared_ptr<TransportGate> gate = std::make_shared<TransportGate>();
};

HttpClient::HttpClient(HttpOptions options, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->options = std::move(options);
    d->gate->transport = new HttpTransport(d->options);
    Internal::NetworkThread::adopt(d->gate->transport);
}

HttpClient::~HttpClient()
{
    HttpTransport* transport = nullptr;
    {
        const std::lock_guard lock(d->gate->mutex);
        transport = std::exchange(d->gate->transport, nullptr);
    }
    Internal::NetworkThread::retire(transport, [transport] { transport->shutDown(); });
}

const HttpOptions& HttpClient::options() const
{
    return d->options;
}

QCoro::Task<Result<HttpResponse>> HttpClient::send(HttpRequest request, std::stop_token stop)
{
    // `this` may be gone after the co_await; everything needed is held by the frame.
    if (const std::optional<Error> problem = problemOf(request, d->options))
        co_return Result<HttpResponse>(*problem);
    liftCredentials(request);
    const auto exchange = std::make_shared<HttpExchange>();
    exchange->request = std::move(request);
    const std::shared_ptr<TransportGate> gate = d->gate;
    if (const std::shared_ptr<HttpTunnel> tunnel = d->options.tunnel) {
        const Completion<Result<HttpTunnel::Proxy>> opened;
        const std::stop_callback onStop(stop, [opened] { opened.finish(makeError(ErrorCode::Cancelled, u"The request was cancelled"_s)); });
        tunnel->open([opened](const Result<HttpTunnel::Proxy>& proxy) { opened.finish(proxy); });
        const Result<HttpTunnel::Proxy> proxy = co_await opened.wait();
        if (!proxy)
            co_return Result<HttpResponse>(proxy.error());
        exchange->proxy = *proxy;
    }
    post(gate, exchange, &HttpTransport::submit);
    const std::stop_callback onStop(stop, [gate, exchange] {
        Error error = makeError(ErrorCode::Cancelled, u"The request was cancelled"_s);
        error.target = Internal::shownUrl(exchange->request.url);
        if (exchange->done.finish(std::move(error)))
            post(gate, exchange, &HttpTransport::drop);
    });
    co_return co_await exchange->done.wait();
}

} // namespace Promdeck
