#include "models/loki/logtail.h"

#include "models/core/completion.h"
#include "models/core/network/networkthread.h"
#include "models/core/network/proxyfactory.h"
#include "models/core/network/tlssetup.h"
#include "models/core/tunnel.h"
#include "models/loki/logtailsocket.h"

#include <QCoroTask>
#include <QDateTime>
#include <QNetworkRequest>
#include <QWebSocket>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPollMs = 2000;
constexpr int kAgainMs = 1000;
constexpr int kTries = 2; ///< connections in a row that brought nothing, before it polls
constexpr qint64 kLongMs = 10'000;
constexpr int kPage = 1000;
constexpr qint64 kMostMessageBytes = 64LL << 20;

} // namespace

// --- the socket, on the network thread -------------------------------------------------------------------

LogTailSocket::LogTailSocket(QUrl url, HttpOptions options) : m_url(std::move(url)), m_options(std::move(options)) {}

void LogTailSocket::open()
{
    if (m_options.tunnel) {
        openThrough(this, m_options.tunnel);
        return;
    }
    QUrl asked = m_url;
    asked.setScheme(m_url.scheme() == u"wss" ? u"https"_s : u"http"_s);
    connectThrough(Internal::ProxyFactory().queryProxy(QNetworkProxyQuery(asked)).value(0, QNetworkProxy(QNetworkProxy::NoProxy)));
}

QCoro::Task<void> LogTailSocket::openThrough(QPointer<LogTailSocket> self, std::shared_ptr<HttpTunnel> tunnel)
{
    const Completion<Result<HttpTunnel::Proxy>> opened;
    tunnel->open([opened](const Result<HttpTunnel::Proxy>& proxy) { opened.finish(proxy); });
    const Result<HttpTunnel::Proxy> proxy = co_await opened.wait();
    if (!self)
        co_return;
    if (proxy)
        self->connectThrough(QNetworkProxy(QNetworkProxy::Socks5Proxy, u"127.0.0.1"_s, proxy->port, proxy->user, proxy->password));
    else
        self->fail(proxy.error().summary);
}

void LogTailSocket::connectThrough(const QNetworkProxy& proxy)
{
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingMessageSize(kMostMessageBytes);
    m_socket->setProxy(proxy);
    if (m_url.scheme() == u"wss") {
        const Result<QSslConfiguration> tls = Internal::tlsConfiguration(m_options);
        if (!tls) {
            fail(tls.error().summary);
            return;
        }
        m_socket->setSslConfiguration(*tls);
    }
    QNetworkRequest request(m_url);
    for (const auto& [name, value] : m_options.headers)
        request.setRawHeader(name, value);
    connect(m_socket, &QWebSocket::connected, this, &LogTailSocket::opened);
    connect(m_socket, &QWebSocket::textMessageReceived, this, &LogTailSocket::read);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& bytes) { read(QString::fromUtf8(bytes)); });
    connect(m_socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, [this] { fail(m_socket->errorString()); });
    connect(m_socket, &QWebSocket::disconnected, this, [this] {
        fail(m_socket->closeReason().isEmpty() ? m_socket->errorString() : m_socket->closeReason());
    });
    m_socket->open(request);
}

void LogTailSocket::fail(const QString& reason)
{
    if (std::exchange(m_closed, true))
        return;
    if (m_socket)
        m_socket->deleteLater();
    Q_EMIT closed(reason);
}

void LogTailSocket::read(const QString& message)
{
    const Result<Json> json = Json::parse(message.toUtf8());
    int dropped = 0;
    const Result<LogAnswer> answer = json ? decodeTail(*json, &dropped) : Result<LogAnswer>(json.error());
    if (answer)
        Q_EMIT received(*answer, dropped);
    else
        fail(answer.error().summary);
}

// --- the tail, on the thread of who reads it -------------------------------------------------------------

LogTail::LogTail(std::shared_ptr<LokiClient> client, QString expr, qint64 fromNs, QObject* parent)
    : QObject(parent)
    , m_client(std::move(client))
    , m_expr(std::move(expr))
    , m_nextNs(fromNs)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_failures < kTries)
            connectSocket();
        else
            poll();
    });
    connectSocket();
}

LogTail::~LogTail()
{
    if (m_socket)
        Internal::NetworkThread::retire(m_socket, [] {});
}

void LogTail::connectSocket()
{
    m_socket = new LogTailSocket(m_client->tailUrl(m_expr, m_nextNs), m_client->options());
    connect(m_socket, &LogTailSocket::opened, this, [this] {
        m_opened.start();
        setState(State::Live);
    });
    connect(m_socket, &LogTailSocket::received, this, [this](const LogAnswer& answer, int dropped) {
        m_failures = 0;
        m_dropped += dropped;
        take(answer);
    });
    connect(m_socket, &LogTailSocket::closed, this,
            [this, socket = m_socket](const QString& reason) { closed(socket, reason); });
    Internal::NetworkThread::adopt(m_socket);
    QMetaObject::invokeMethod(m_socket, &LogTailSocket::open, Qt::QueuedConnection);
}

void LogTail::closed(const LogTailSocket* socket, const QString& reason)
{
    if (socket != m_socket)
        return;
    m_socket->disconnect(this);
    Internal::NetworkThread::retire(std::exchange(m_socket, nullptr), [] {});
    // Long ones end, as these connections do; what is closed at once was not meant to be one.
    if (m_state == State::Live && m_opened.elapsed() > kLongMs)
        m_failures = 0;
    else
        ++m_failures;
    if (m_failures < kTries) {
        setState(State::Connecting);
        m_timer.start(kAgainMs);
        return;
    }
    setState(State::Polling, makeError(ErrorCode::ConnectionLost, u"The server takes no live connection"_s, reason,
                                       u"New lines are asked for every two seconds"_s));
    poll();
}

void LogTail::take(LogAnswer answer)
{
    // A connection that was made again begins where the last one ended.
    std::erase_if(answer.lines, [this](const LogLine& line) { return line.timeNs < m_nextNs; });
    if (answer.lines.empty())
        return;
    m_nextNs = std::max(m_nextNs, answer.lines.back().timeNs);
    Q_EMIT arrived(answer);
}

void LogTail::poll()
{
    if (std::exchange(m_asking, true))
        return;
    const qint64 endNs = (QDateTime::currentMSecsSinceEpoch() + 1000) * 1'000'000;
    QCoro::connect(m_client->page(m_expr, m_nextNs, std::max(endNs, m_nextNs + 1), kPage, false), this,
                   [this](Result<LogAnswer> answer) {
                       m_asking = false;
                       m_timer.start(kPollMs);
                       if (!answer) {
                           setState(State::Failed, answer.error());
                           return;
                       }
                       if (m_state == State::Failed)
                           setState(State::Polling);
                       if (!answer->lines.empty()) {
                           const qint64 last = answer->lines.back().timeNs;
                           take(*std::move(answer));
                           m_nextNs = last + 1;
                       }
                   });
}

void LogTail::setState(State state, std::optional<Error> error)
{
    m_state = state;
    m_error = std::move(error);
    Q_EMIT stateChanged();
}

} // namespace Promdeck
