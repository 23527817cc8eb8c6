#include "provisioning/backup/s3client.h"

#include "models/core/clock.h"
#include "provisioning/backup/sha256.h"

#include <QDateTime>
#include <QXmlStreamReader>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

QByteArray methodName(HttpRequest::Method method)
{
    switch (method) {
    case HttpRequest::Method::Get:
        return "GET";
    case HttpRequest::Method::Post:
        return "POST";
    case HttpRequest::Method::Put:
        return "PUT";
    case HttpRequest::Method::Delete:
        break;
    }
    return "DELETE";
}

HttpOptions httpOptions(const S3Options& options)
{
    HttpOptions out;
    out.maxBytes = std::max<qint64>(64 << 20, options.partBytes * 2);
    out.timeout = std::chrono::minutes(10);
    return out;
}

} // namespace

S3Client::S3Client(S3Options options) : m_options(std::move(options)), m_http(httpOptions(m_options)) {}

QByteArray S3Client::fullKey(const QString& key) const
{
    return (m_options.prefix.isEmpty() ? key : m_options.prefix + u'/' + key).toUtf8();
}

QString S3Client::description() const
{
    return u"s3://"_s + m_options.bucket + (m_options.prefix.isEmpty() ? QString() : u'/' + m_options.prefix);
}

Result<HttpResponse> S3Client::send(HttpRequest::Method method, const QString& key, const Query& query, const QByteArray& body,
                                    const Query& headers, const CancelToken& cancel)
{
    QUrl url = m_options.endpoint;
    QString path = key.isEmpty() ? u"/"_s : u'/' + QString::fromUtf8(fullKey(key));
    if (url.isEmpty())
        url = QUrl(u"https://%1.s3.%2.amazonaws.com"_s.arg(m_options.bucket, QString::fromLatin1(m_options.credentials.region)));
    else
        path = u'/' + m_options.bucket + (key.isEmpty() ? QString() : path);
    url.setPath(path);
    if (!query.isEmpty())
        url.setQuery(QString::fromLatin1(awsQuery(query)));
    const QByteArray stamp = QDateTime::fromMSecsSinceEpoch(Clock::system().nowMs(), Qt::UTC).toString(u"yyyyMMdd'T'HHmmss'Z'"_s).toLatin1();
    QByteArray host = url.host(QUrl::FullyEncoded).toUtf8();
    if (url.port() > 0)
        host += ':' + QByteArray::number(url.port());
    AwsRequest toSign {methodName(method), path.toUtf8(), query, headers, sha256Hex(body)};
    toSign.headers += {{"host", host}, {"x-amz-date", stamp}, {"x-amz-content-sha256", toSign.payloadSha256}};
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.contentType = body.isEmpty() ? QByteArray() : QByteArray("application/octet-stream");
    request.followRedirects = false; // a signature is for one host
    request.headers = headers;
    request.headers += {{"x-amz-date", stamp}, {"x-amz-content-sha256", toSign.payloadSha256}, {"Authorization", awsAuthorization(toSign, m_options.credentials, stamp)}};
    Result<HttpResponse> response = m_http.sendOk(request, cancel);
    if (!response) {
        Error error = response.error();
        const QString code = xmlTexts(error.detail.toUtf8(), u"Code"_s).value(0);
        if (!code.isEmpty())
            error.detail = code + u": "_s + xmlTexts(error.detail.toUtf8(), u"Message"_s).value(0);
        error.target = description();
        return error;
    }
    return response;
}

QStringList xmlTexts(const QByteArray& xml, const QString& name)
{
    QStringList out;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == name)
            out << reader.readElementText(QXmlStreamReader::SkipChildElements);
    }
    return out;
}

} // namespace Promdeck::Backup
