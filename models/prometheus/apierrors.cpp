#include "models/prometheus/apierrors.h"

#include "models/core/json.h"

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

/// The server's own words: the API's error member, else the first line of a plain text.
QString serverMessage(const HttpResponse& response, QString& errorType)
{
    const QByteArray body = response.body.trimmed();
    if (body.startsWith('{')) {
        if (const Result<Json> json = Json::parse(body)) {
            errorType = (*json)[u"errorType"].toString();
            for (const char16_t* key : {u"error", u"message", u"reason"}) {
                const QString text = (*json)[key].toString();
                if (!text.isEmpty())
                    return text;
            }
        }
    }
    if (looksLikeHtml(response))
        return {};
    return QString::fromUtf8(body.left(body.indexOf('\n')).left(300)).trimmed();
}

Error queryError(const QString& message, const QString& errorType)
{
    const bool timedOut = errorType == u"timeout" || errorType == u"canceled";
    return makeError(timedOut ? ErrorCode::QueryTimeout : ErrorCode::Query, message, errorType);
}

} // namespace

QString shownTarget(const QUrl& url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

bool looksLikeHtml(const HttpResponse& response)
{
    if (response.header("Content-Type").toLower().startsWith("text/html"))
        return true;
    const QByteArray start = response.body.left(64).trimmed().toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

Error errorFromAnswer(const HttpResponse& response, const QUrl& url)
{
    QString errorType;
    const QString message = serverMessage(response, errorType);
    Error error;
    switch (response.status) {
    case 401:
        error = makeError(ErrorCode::Unauthorized, u"The server wants other credentials (401)"_s, message,
                          u"Check user, password or token of the stack"_s);
        break;
    case 403:
        error = makeError(ErrorCode::Forbidden, u"The server refuses this request (403)"_s, message,
                          u"The credentials are known but may not do this; check the tenant and the rights"_s);
        break;
    case 404:
        error = makeError(ErrorCode::NotFound, u"Nothing is at this address (404)"_s, message,
                          u"Check the path prefix of the URL"_s);
        break;
    case 429:
        error = makeError(ErrorCode::RateLimited, u"The server asks for fewer requests (429)"_s, message,
                          u"Wait, or refresh less often"_s);
        break;
    default:
        if (!errorType.isEmpty()) {
            error = queryError(message, errorType);
        } else if (response.status / 100 == 2 || response.status / 100 == 3) {
            error = makeError(ErrorCode::WrongProduct, u"Something answers, but it is not a Prometheus API"_s,
                              looksLikeHtml(response) ? u"the answer is a web page"_s : message,
                              u"Check the URL; a login page or another product may be in front"_s);
        } else {
            error = makeError(ErrorCode::HttpStatus, u"The server answered with status %1"_s.arg(response.status), message);
        }
    }
    error.target = shownTarget(url);
    return error;
}

} // namespace Promdeck::Internal
