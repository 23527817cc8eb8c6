#pragma once

#include "tests/support/fakehttp.h"

#include <QMap>
#include <QUrl>

namespace Promdeck::Testing {

/// A fake: the part of S3's API that backups use, for one bucket, in memory. Every signature is checked by an
/// implementation of its own, and so is the hash of every body. Debian has no such server.
class FakeS3 final
{
public:
    FakeS3(const QByteArray& bucket, const QByteArray& keyId, const QByteArray& secret);

    [[nodiscard]] QUrl url() const { return m_server.url(); }
    QMap<QByteArray, QByteArray> objects; ///< by key
    QMap<QByteArray, QByteArray> uploads; ///< "id" -> key, begun and not ended
    int pageSize = 1000;
    int refused = 0;        ///< requests with a wrong signature
    int failNextParts = 0;  ///< so many parts get a 503

private:
    [[nodiscard]] FakeHttpServer::Reply answer(const FakeHttpServer::Request& request);
    [[nodiscard]] FakeHttpServer::Reply list(const QMap<QByteArray, QByteArray>& query);
    [[nodiscard]] FakeHttpServer::Reply get(const QByteArray& key, const QByteArray& range);
    [[nodiscard]] bool isSigned(const FakeHttpServer::Request& request) const;

    QByteArray m_bucket;
    QByteArray m_keyId;
    QByteArray m_secret;
    QMap<QByteArray, QMap<int, QByteArray>> m_parts;
    int m_nextUpload = 1;
    FakeHttpServer m_server;
};

} // namespace Promdeck::Testing
