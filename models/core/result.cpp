#include "models/core/result.h"

#include <QStringList>

namespace Promdeck {

using namespace Qt::StringLiterals;

Error makeError(ErrorCode code, QString summary, QString detail, QString hint)
{
    Error error;
    error.code = code;
    error.summary = std::move(summary);
    error.detail = std::move(detail);
    error.hint = std::move(hint);
    return error;
}

QString Error::toString() const
{
    QString out;
    if (!where.file.isEmpty() || where.line > 0) {
        out += where.file.isEmpty() ? u"-"_s : where.file;
        if (where.line > 0)
            out += u":%1:%2"_s.arg(where.line).arg(std::max(1, where.column));
        out += u": "_s;
    } else if (!target.isEmpty()) {
        out += target + u": "_s;
    }
    out += summary.isEmpty() ? errorCodeName(code) : summary;
    if (!detail.isEmpty())
        out += u": "_s + detail;
    if (!hint.isEmpty())
        out += u" ("_s + hint + u")"_s;
    return out;
}

QString errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::None: return u"none"_s;
    case ErrorCode::Cancelled: return u"cancelled"_s;
    case ErrorCode::Timeout: return u"timeout"_s;
    case ErrorCode::DnsFailure: return u"dns-failure"_s;
    case ErrorCode::ConnectionRefused: return u"connection-refused"_s;
    case ErrorCode::ConnectionLost: return u"connection-lost"_s;
    case ErrorCode::TlsFailure: return u"tls-failure"_s;
    case ErrorCode::ProxyFailure: return u"proxy-failure"_s;
    case ErrorCode::Unauthorized: return u"unauthorized"_s;
    case ErrorCode::Forbidden: return u"forbidden"_s;
    case ErrorCode::NotFound: return u"not-found"_s;
    case ErrorCode::RateLimited: return u"rate-limited"_s;
    case ErrorCode::HttpStatus: return u"http-status"_s;
    case ErrorCode::ResponseTooLarge: return u"response-too-large"_s;
    case ErrorCode::Decode: return u"decode"_s;
    case ErrorCode::WrongProduct: return u"wrong-product"_s;
    case ErrorCode::Query: return u"query"_s;
    case ErrorCode::QueryTimeout: return u"query-timeout"_s;
    case ErrorCode::Syntax: return u"syntax"_s;
    case ErrorCode::Schema: return u"schema"_s;
    case ErrorCode::Reference: return u"reference"_s;
    case ErrorCode::InvalidArgument: return u"invalid-argument"_s;
    case ErrorCode::Io: return u"io"_s;
    case ErrorCode::Secret: return u"secret"_s;
    case ErrorCode::Conflict: return u"conflict"_s;
    case ErrorCode::Unsupported: return u"unsupported"_s;
    case ErrorCode::Ssh: return u"ssh"_s;
    case ErrorCode::HostKey: return u"host-key"_s;
    case ErrorCode::Auth: return u"auth"_s;
    case ErrorCode::RemoteExit: return u"remote-exit"_s;
    case ErrorCode::Internal: return u"internal"_s;
    }
    return u"internal"_s;
}

} // namespace Promdeck
