#pragma once

#include "models/core/http.h"
#include "provisioning/host/host.h"

#include <QThread>

#include <memory>

namespace Promdeck::Backup {

/// Requests to one server from worker threads, which wait for the answer. What comes back is what HttpClient gives.
class BlockingHttp final
{
public:
    explicit BlockingHttp(HttpOptions options = {});
    ~BlockingHttp();
    Q_DISABLE_COPY_MOVE(BlockingHttp)

    /// Any status is a value.
    Result<HttpResponse> send(const HttpRequest& request, const CancelToken& cancel = {});
    /// Errors also for any status beyond 2xx: Unauthorized, Forbidden, NotFound, RateLimited, HttpStatus with what the
    /// server said as detail.
    Result<HttpResponse> sendOk(const HttpRequest& request, const CancelToken& cancel = {});

private:
    QThread m_thread;
    HttpClient* m_client = nullptr; ///< lives in the thread
};

/// An address below a base URL, whatever it ends with. `path` is not encoded.
[[nodiscard]] QUrl urlBelow(const QUrl& base, const QString& path, const QList<std::pair<QString, QString>>& query = {});

} // namespace Promdeck::Backup
