#pragma once

#include "models/core/completion.h"
#include "models/core/http.h"
#include "models/core/tunnel.h"

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QTimer>

#include <map>
#include <mutex>
#include <unordered_set>

class QIODevice;
class QNetworkAccessManager;

namespace Promdeck::Internal {

class HttpTransport;

/// The only way from other threads to a transport; closed before the transport goes.
struct TransportGate
{
    std::mutex mutex;
    HttpTransport* transport = nullptr;
};

/// One request on its way. `done` may be finished from any thread; everything else belongs to the network
/// thread once submitted.
struct HttpExchange
{
    HttpRequest request;
    Completion<Result<HttpResponse>> done;

    std::optional<HttpTunnel::Proxy> proxy {}; ///< the way of all requests of this client
    struct Lane* lane = nullptr;
    QNetworkReply* reply = nullptr;
    std::unique_ptr<QIODevice> upload;
    std::unique_ptr<QTimer> deadline;
    QElapsedTimer clock;
    QUrl url; ///< changes when redirected
    QList<QSslError> sslErrors;
    HttpResponse response;
    bool answered = false; ///< the status line has arrived
    int redirects = 0;
};

/// A manager and how many requests it carries: one QNetworkAccessManager opens six connections to a host.
struct Lane
{
    std::unique_ptr<QNetworkAccessManager> manager;
    int inFlight = 0;
};

/// Queue, concurrency limit, deadlines and redirects of one client; lives on the network thread.
class HttpTransport final : public QObject
{
    Q_OBJECT
public:
    using ExchangePtr = std::shared_ptr<HttpExchange>;
    explicit HttpTransport(HttpOptions options);
    ~HttpTransport() override;

    void submit(const ExchangePtr& exchange);
    /// Stops an exchange that was finished elsewhere.
    void drop(const ExchangePtr& exchange);
    /// Finishes everything with Cancelled and closes the connections.
    void shutDown();

private:
    void prepareTls();
    void startNext();
    void start(const ExchangePtr& exchange);
    void transmit(const ExchangePtr& exchange);
    void readHeaders(const ExchangePtr& exchange);
    void readBody(const ExchangePtr& exchange);
    void replyFinished(const ExchangePtr& exchange);
    bool redirect(const ExchangePtr& exchange);
    void finish(const ExchangePtr& exchange, Result<HttpResponse> result);
    void releaseReply(HttpExchange& exchange);
    void release(const ExchangePtr& exchange);
    Lane& freeLane(const HttpExchange& exchange);
    [[nodiscard]] QNetworkRequest networkRequest(const HttpExchange& exchange) const;
    [[nodiscard]] bool carriesCredentials(const HttpExchange& exchange) const;

    HttpOptions m_options;
    QSslConfiguration m_tls;
    std::optional<Error> m_tlsError;
    bool m_tlsReady = false;
    bool m_down = false;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::map<std::pair<int, qint64>, ExchangePtr> m_queue; ///< by falling priority, then age
    std::unordered_set<ExchangePtr> m_running;
    qint64 m_sequence = 0;
};

} // namespace Promdeck::Internal
