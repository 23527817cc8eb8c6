#pragma once

#include "provisioning/backup/awssignature.h"
#include "provisioning/backup/repository.h"

#include <QUrl>

namespace Promdeck::Backup {

struct S3Options
{
    QUrl endpoint {};   ///< of any S3-compatible store; the bucket goes into the path. Empty = AWS in the region
    QString bucket;
    QString prefix {};  ///< "monitoring/backups"; letters, digits and "._-/" only
    AwsCredentials credentials;
    qint64 partBytes = 8 << 20; ///< of uploads (5 MiB at least, except on test servers) and downloads; grows for large objects
};

/// A bucket, or a part of one. Uploads go in parts, so memory stays small; what is not complete is aborted, by the next run
/// when this one was killed. Errors besides those of HTTP: Forbidden (keys or policy), NotFound (no such bucket).
Result<std::unique_ptr<Repository>> openS3Repository(const S3Options& options);

} // namespace Promdeck::Backup
