#pragma once

#include "provisioning/backup/blockinghttp.h"
#include "provisioning/backup/s3repository.h"

namespace Promdeck::Backup {

/// Signed requests to one bucket.
class S3Client final
{
public:
    using Query = QList<std::pair<QByteArray, QByteArray>>;
    explicit S3Client(S3Options options);

    /// `key` below the prefix; empty = the bucket itself. Errors: those of HTTP, with the store's own code as detail.
    Result<HttpResponse> send(HttpRequest::Method method, const QString& key, const Query& query, const QByteArray& body,
                              const Query& headers, const CancelToken& cancel);
    [[nodiscard]] const S3Options& options() const { return m_options; }
    [[nodiscard]] QByteArray fullKey(const QString& key) const;
    /// Without secrets: names the place.
    [[nodiscard]] QString description() const;

private:
    S3Options m_options;
    BlockingHttp m_http;
};

/// The texts of all elements with this name, in an XML answer.
[[nodiscard]] QStringList xmlTexts(const QByteArray& xml, const QString& name);

} // namespace Promdeck::Backup
