#include "provisioning/backup/blockinghttp.h"

#include <QUrlQuery>

#include <future>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

BlockingHttp::BlockingHttp(HttpOptions options) : m_client(new HttpClient(std::move(options)))
{
    m_thread.setObjectName(u"backup-http"_s);
    m_client->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_client, &QObject::deleteLater);
    m_thread.start();
}

BlockingHttp::~BlockingHttp()
{
    m_thread.quit();
    m_thread.wait();
}

Result<HttpResponse> BlockingHttp::send(const HttpRequest& request, const CancelToken& cancel)
{
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    std::promise<Result<HttpResponse>> promise;
    std::future<Result<HttpResponse>> answer = promise.get_future();
    QMetaObject::invokeMethod(
        m_client,
        [&] {
            m_client->send(request, cancel).then([&promise](Result<HttpResponse> response) {
                promise.set_value(std::move(response));
            });
        },
        Qt::QueuedConnection);
    // It ends: every request has a deadline, and a cancelled one is finished at once.
    return answer.get();
}

Result<HttpResponse> BlockingHttp::sendOk(const HttpRequest& request, const CancelToken& cancel)
{
    Result<HttpResponse> response = send(request, cancel);
    if (!response || (response->status >= 200 && response->status < 300))
        return response;
    const int status = response->status;
    const ErrorCode code = status == 401 ? ErrorCode::Unauthorized
        : status == 403                  ? ErrorCode::Forbidden
        : status == 404                  ? ErrorCode::NotFound
        : status == 429                  ? ErrorCode::RateLimited
                                         : ErrorCode::HttpStatus;
    Error error = makeError(code, u"The server answered with %1"_s.arg(status),
                            QString::fromUtf8(response->body.left(400)).trimmed());
    error.target = request.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    return error;
}

QUrl urlBelow(const QUrl& base, const QString& path, const QList<std::pair<QString, QString>>& query)
{
    QUrl url = base;
    QString folder = url.path();
    if (!folder.endsWith(u'/'))
        folder += u'/';
    url.setPath(folder + path);
    QUrlQuery items;
    for (const auto& [key, value] : query)
        items.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    if (!query.isEmpty())
        url.setQuery(items);
    return url;
}

} // namespace Promdeck::Backup
