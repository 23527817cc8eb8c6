#pragma once

#include "provisioning/backup/archivekeys.h"

#include <QByteArray>
#include <QList>

#include <utility>

namespace Promdeck::Backup {

struct AwsCredentials
{
    QByteArray keyId;
    SecretBytes secret;
    QByteArray region = "us-east-1";
    QByteArray service = "s3";
};

/// A request as it is signed: nothing encoded yet. Header names in lower case; "host" and "x-amz-date" must be among them.
struct AwsRequest
{
    QByteArray method;
    QByteArray path; ///< "/bucket/key"
    QList<std::pair<QByteArray, QByteArray>> query {};
    QList<std::pair<QByteArray, QByteArray>> headers {};
    QByteArray payloadSha256; ///< hexadecimal
};

/// The value of the Authorization header, by AWS' Signature Version 4. `stamp`: "20130524T000000Z", the same as x-amz-date.
[[nodiscard]] QByteArray awsAuthorization(const AwsRequest& request, const AwsCredentials& credentials, const QByteArray& stamp);

/// Percent-encoded as signatures want it: all but letters, digits and "-._~"; '/' too unless it is kept.
[[nodiscard]] QByteArray awsEncoded(const QByteArray& text, bool keepSlash = false);
/// "a=1&b=2", sorted and encoded; what is signed and what is sent.
[[nodiscard]] QByteArray awsQuery(QList<std::pair<QByteArray, QByteArray>> query);

} // namespace Promdeck::Backup
