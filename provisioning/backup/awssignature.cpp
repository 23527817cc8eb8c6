#include "provisioning/backup/awssignature.h"

#include "provisioning/backup/sha256.h"

#include <algorithm>

namespace Promdeck::Backup {

QByteArray awsEncoded(const QByteArray& text, bool keepSlash)
{
    return text.toPercentEncoding(keepSlash ? QByteArray("/") : QByteArray());
}

QByteArray awsQuery(QList<std::pair<QByteArray, QByteArray>> query)
{
    for (auto& [key, value] : query) {
        key = awsEncoded(key);
        value = awsEncoded(value);
    }
    std::sort(query.begin(), query.end());
    QList<QByteArray> parts;
    for (const auto& [key, value] : query)
        parts << key + '=' + value;
    return parts.join('&');
}

QByteArray awsAuthorization(const AwsRequest& request, const AwsCredentials& credentials, const QByteArray& stamp)
{
    auto headers = request.headers;
    std::sort(headers.begin(), headers.end());
    QByteArray canonicalHeaders;
    QList<QByteArray> names;
    for (const auto& [name, value] : headers) {
        canonicalHeaders += name + ':' + value.simplified() + '\n';
        names << name;
    }
    const QByteArray signedHeaders = names.join(';');
    const QByteArray canonical = request.method + '\n' + awsEncoded(request.path, true) + '\n' + awsQuery(request.query) + '\n'
        + canonicalHeaders + '\n' + signedHeaders + '\n' + request.payloadSha256;
    const QByteArray day = stamp.left(8);
    const QByteArray scope = day + '/' + credentials.region + '/' + credentials.service + "/aws4_request";
    const QByteArray toSign = "AWS4-HMAC-SHA256\n" + stamp + '\n' + scope + '\n' + sha256Hex(canonical);
    QByteArray key = hmacSha256("AWS4" + credentials.secret.reveal(), day);
    for (const QByteArray& part : {credentials.region, credentials.service, QByteArray("aws4_request")})
        key = hmacSha256(key, part);
    return "AWS4-HMAC-SHA256 Credential=" + credentials.keyId + '/' + scope + ",SignedHeaders=" + signedHeaders
        + ",Signature=" + hmacSha256(key, toSign).toHex();
}

} // namespace Promdeck::Backup
