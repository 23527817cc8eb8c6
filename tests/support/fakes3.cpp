#include "tests/support/fakes3.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <algorithm>

namespace Promdeck::Testing {

namespace {

QByteArray hmac(const QByteArray& key, const QByteArray& text)
{
    return QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256);
}

QByteArray sha256(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

FakeHttpServer::Reply refuse(int status, const QByteArray& code)
{
    return FakeHttpServer::answer("<Error><Code>" + code + "</Code><Message>no</Message></Error>", status, "application/xml");
}

QMap<QByteArray, QByteArray> queryOf(const QByteArray& path)
{
    QMap<QByteArray, QByteArray> out;
    const qsizetype mark = path.indexOf('?');
    if (mark < 0)
        return out;
    for (const QByteArray& part : path.mid(mark + 1).split('&')) {
        const qsizetype equals = part.indexOf('=');
        out.insert(QByteArray::fromPercentEncoding(equals < 0 ? part : part.left(equals)), equals < 0 ? QByteArray() : QByteArray::fromPercentEncoding(part.mid(equals + 1)));
    }
    return out;
}

} // namespace

FakeS3::FakeS3(const QByteArray& bucket, const QByteArray& keyId, const QByteArray& secret)
    : m_bucket(bucket), m_keyId(keyId), m_secret(secret), m_server([this](const FakeHttpServer::Request& request) { return answer(request); })
{
}

/// As the documentation of Signature Version 4 describes it, from the bytes that arrived.
bool FakeS3::isSigned(const FakeHttpServer::Request& request) const
{
    const QByteArray given = request.header("Authorization");
    const auto field = [&](const QByteArray& name) {
        const qsizetype at = given.indexOf(name + '=') + name.size() + 1;
        const qsizetype end = given.indexOf(',', at);
        return given.mid(at, end < 0 ? -1 : end - at);
    };
    const QList<QByteArray> credential = field("Credential").split('/');
    if (credential.size() != 5 || credential.at(0) != m_keyId || request.header("x-amz-content-sha256") != sha256(request.body))
        return false;
    QByteArray headers;
    for (const QByteArray& name : field("SignedHeaders").split(';'))
        headers += name + ':' + request.header(name).trimmed() + '\n';
    QList<QByteArray> query;
    const auto sent = queryOf(request.path);
    for (auto it = sent.cbegin(); it != sent.cend(); ++it)
        query << it.key().toPercentEncoding() + '=' + it.value().toPercentEncoding();
    std::sort(query.begin(), query.end());
    const QByteArray path = request.path.split('?').first();
    const QByteArray canonical = request.method + '\n' + path + '\n' + query.join('&') + '\n' + headers + '\n' + field("SignedHeaders") + '\n' + sha256(request.body);
    const QByteArray scope = credential.mid(1).join('/');
    const QByteArray text = "AWS4-HMAC-SHA256\n" + request.header("x-amz-date") + '\n' + scope + '\n' + sha256(canonical);
    QByteArray key = "AWS4" + m_secret;
    for (const QByteArray& part : credential.mid(1))
        key = hmac(key, part);
    return hmac(key, text).toHex() == field("Signature");
}

FakeHttpServer::Reply FakeS3::list(const QMap<QByteArray, QByteArray>& query)
{
    QByteArray xml = "<ListBucketResult>";
    int count = 0;
    QByteArray last;
    for (auto it = objects.cbegin(); it != objects.cend(); ++it) {
        if (!it.key().startsWith(query.value("prefix")) || it.key() <= query.value("continuation-token"))
            continue;
        if (count++ == pageSize) {
            xml += "<NextContinuationToken>" + last + "</NextContinuationToken>";
            break;
        }
        last = it.key();
        xml += "<Contents><Key>" + it.key() + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>" + QByteArray::number(it.value().size()) + "</Size></Contents>";
    }
    return FakeHttpServer::answer(xml + "</ListBucketResult>", 200, "application/xml");
}

FakeHttpServer::Reply FakeS3::get(const QByteArray& key, const QByteArray& range)
{
    if (!objects.contains(key))
        return refuse(404, "NoSuchKey");
    const QByteArray& whole = objects[key];
    if (!range.startsWith("bytes="))
        return FakeHttpServer::answer(whole, 200, "application/octet-stream");
    const qint64 from = range.mid(6).split('-').value(0).toLongLong();
    const qint64 to = std::min<qint64>(range.split('-').value(1).toLongLong(), whole.size() - 1);
    if (from >= whole.size())
        return refuse(416, "InvalidRange");
    return FakeHttpServer::answer(whole.mid(from, to - from + 1), 206, "application/octet-stream",
                                  "Content-Range: bytes " + QByteArray::number(from) + '-' + QByteArray::number(to) + '/' + QByteArray::number(whole.size()) + "\r\n");
}

FakeHttpServer::Reply FakeS3::answer(const FakeHttpServer::Request& request)
{
    if (!isSigned(request)) {
        ++refused;
        return refuse(403, "SignatureDoesNotMatch");
    }
    const QByteArray path = QByteArray::fromPercentEncoding(request.path.split('?').first());
    if (path != '/' + m_bucket && !path.startsWith('/' + m_bucket + '/'))
        return refuse(404, "NoSuchBucket");
    const QByteArray key = path.mid(m_bucket.size() + 2);
    const auto query = queryOf(request.path);
    const QByteArray id = query.value("uploadId");
    if (request.method == "GET")
        return key.isEmpty() ? list(query) : get(key, request.header("range"));
    if (request.method == "POST" && query.contains("uploads")) {
        const QByteArray fresh = "up load/=" + QByteArray::number(m_nextUpload++);
        uploads.insert(fresh, key);
        return FakeHttpServer::answer("<R><UploadId>" + fresh + "</UploadId></R>", 200, "application/xml");
    }
    if (!id.isEmpty() && uploads.value(id) != key)
        return refuse(404, "NoSuchUpload");
    if (request.method == "PUT" && !id.isEmpty()) {
        if (failNextParts > 0 && failNextParts--)
            return refuse(503, "SlowDown");
        m_parts[id][query.value("partNumber").toInt()] = request.body;
        return FakeHttpServer::answer({}, 200, "application/xml", "ETag: \"" + sha256(request.body).left(32) + "\"\r\n");
    }
    if (request.method == "PUT") {
        objects.insert(key, request.body);
        return FakeHttpServer::answer({});
    }
    if (request.method == "POST" && !id.isEmpty()) {
        QByteArray whole;
        for (const QByteArray& part : m_parts.value(id))
            whole += part;
        objects.insert(key, whole);
        uploads.remove(id);
        return FakeHttpServer::answer("<R/>", 200, "application/xml");
    }
    if (!id.isEmpty())
        uploads.remove(id);
    else
        objects.remove(key);
    return FakeHttpServer::answer({}, 204);
}

} // namespace Promdeck::Testing
