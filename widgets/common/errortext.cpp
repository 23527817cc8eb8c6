#include "widgets/common/errortext.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Promdeck::ErrorText)
public:
    static QString ofCode(ErrorCode code)
    {
        switch (code) {
        case ErrorCode::Cancelled: return tr("Cancelled");
        case ErrorCode::Timeout: return tr("The server did not answer in time");
        case ErrorCode::DnsFailure: return tr("The host name does not resolve");
        case ErrorCode::ConnectionRefused: return tr("Nothing listens at this address");
        case ErrorCode::ConnectionLost: return tr("The connection was lost");
        case ErrorCode::TlsFailure: return tr("The secure connection failed");
        case ErrorCode::ProxyFailure: return tr("The proxy refused the connection");
        case ErrorCode::Unauthorized: return tr("The server wants a login (401)");
        case ErrorCode::Forbidden: return tr("The server denies access (403)");
        case ErrorCode::NotFound: return tr("Nothing is at this address (404)");
        case ErrorCode::RateLimited: return tr("The server limits the rate of requests (429)");
        case ErrorCode::ResponseTooLarge: return tr("The answer is larger than this stack allows");
        case ErrorCode::WrongProduct: return tr("Something answers, but it is no Prometheus");
        case ErrorCode::QueryTimeout: return tr("The server gave up on the query");
        default: return {};
        }
    }

    static QString place(const SourceRange& where)
    {
        if (where.line <= 0)
            return where.file;
        return where.file.isEmpty() ? tr("line %1, column %2").arg(where.line).arg(where.column)
                                    : tr("%1, line %2, column %3").arg(where.file).arg(where.line).arg(where.column);
    }
};

} // namespace

QString errorTitle(const Error& error)
{
    // A query's own message says more than any sentence about its kind.
    const QString general = Text::ofCode(error.code);
    if (!error.summary.isEmpty())
        return error.summary;
    return general.isEmpty() ? errorCodeName(error.code) : general;
}

QString errorDetails(const Error& error)
{
    QStringList lines;
    if (!error.detail.isEmpty() && error.detail != error.summary)
        lines << error.detail;
    if (const QString place = Text::place(error.where); !place.isEmpty())
        lines << place;
    if (!error.target.isEmpty() && !error.summary.contains(error.target))
        lines << error.target;
    if (!error.hint.isEmpty())
        lines << error.hint;
    return lines.join(u'\n');
}

QString errorText(const Error& error)
{
    const QString details = errorDetails(error);
    return details.isEmpty() ? errorTitle(error) : errorTitle(error) + u'\n' + details;
}

} // namespace Promdeck
