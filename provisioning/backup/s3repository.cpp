#include "provisioning/backup/s3repository.h"

#include "models/core/clock.h"
#include "models/core/files.h"
#include "provisioning/backup/s3client.h"
#include "provisioning/backup/sha256.h"

#include <QDateTime>
#include <QDir>
#include <QRegularExpression>
#include <QSet>

#include <cerrno>

#include <signal.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;
using Method = HttpRequest::Method;

namespace {

constexpr int kMostParts = 10000;
constexpr qint64 kDayMs = 86400000;

QString pendingFolder()
{
    const QString given = qEnvironmentVariable("XDG_STATE_HOME");
    return (given.startsWith(u'/') ? given : QDir::homePath() + u"/.local/state"_s) + u"/promdeck/backup"_s;
}

/// What an upload of this process has begun, so that the next run can end it when this one is killed.
QString pendingFile(const S3Client& client, qint64 pid)
{
    return pendingFolder() + u"/s3-%1-%2.pending"_s.arg(pid).arg(QString::fromLatin1(sha256Hex(client.description().toUtf8() + client.options().endpoint.toEncoded()).left(16)));
}

/// An object, fetched in parts.
class ObjectSource final : public ByteSource
{
public:
    ObjectSource(std::shared_ptr<S3Client> client, QString key, CancelToken cancel)
        : m_client(std::move(client)), m_key(std::move(key)), m_cancel(std::move(cancel))
    {
    }

    Result<qint64> read(char* data, qint64 capacity) override
    {
        if (m_taken == m_part.size()) {
            if (m_size >= 0 && m_fetched >= m_size)
                return 0;
            if (const Status next = fetch(); !next)
                return next.error();
        }
        const qint64 part = std::min<qint64>(capacity, m_part.size() - m_taken);
        std::copy_n(m_part.constData() + m_taken, part, data);
        m_taken += part;
        return part;
    }
    [[nodiscard]] qint64 size() const override { return m_size; }

    Status fetch()
    {
        const QByteArray range = "bytes=" + QByteArray::number(m_fetched) + '-' + QByteArray::number(m_fetched + m_client->options().partBytes - 1);
        const Result<HttpResponse> response = m_client->send(Method::Get, m_key, {}, {}, {{"range", range}}, m_cancel);
        if (!response)
            return response.error();
        // "bytes 0-99/1234"; a store that ignores ranges sends everything at once.
        const QByteArray total = response->header("Content-Range").split('/').value(1);
        m_size = total.isEmpty() ? response->body.size() : total.toLongLong();
        m_part = response->body;
        m_taken = 0;
        m_fetched += m_part.size();
        if (m_part.isEmpty() && m_fetched < m_size)
            return makeError(ErrorCode::ConnectionLost, u"The store sent nothing"_s);
        return Done {};
    }

private:
    std::shared_ptr<S3Client> m_client;
    QString m_key;
    CancelToken m_cancel;
    QByteArray m_part;
    qint64 m_taken = 0;
    qint64 m_fetched = 0;
    qint64 m_size = -1;
};

class S3Upload final : public RepositoryUpload
{
public:
    S3Upload(std::shared_ptr<S3Client> client, QString key, CancelToken cancel)
        : m_client(std::move(client)), m_key(std::move(key)), m_cancel(std::move(cancel)), m_partBytes(m_client->options().partBytes)
    {
    }

    ~S3Upload() override
    {
        if (!m_published && !m_uploadId.isEmpty()) {
            if (m_completed)
                static_cast<void>(m_client->send(Method::Delete, m_key, {}, {}, {}, {}));
            else
                static_cast<void>(m_client->send(Method::Delete, m_key, {{"uploadId", m_uploadId.toUtf8()}}, {}, {}, {}));
            for (const QString& side : m_sideFiles)
                static_cast<void>(m_client->send(Method::Delete, side, {}, {}, {}, {}));
        }
        QFile::remove(pendingFile(*m_client, ::getpid()));
    }
    Q_DISABLE_COPY_MOVE(S3Upload)

    Status begin()
    {
        const Result<HttpResponse> response = m_client->send(Method::Post, m_key, {{"uploads", ""}}, {}, {}, m_cancel);
        if (!response)
            return response.error();
        m_uploadId = xmlTexts(response->body, u"UploadId"_s).value(0);
        if (m_uploadId.isEmpty())
            return makeError(ErrorCode::Decode, u"The store named no upload"_s);
        return writeFileAtomically(pendingFile(*m_client, ::getpid()), (m_key + u'\n' + m_uploadId).toUtf8());
    }

    Status write(const char* data, qint64 size) override
    {
        while (size > 0) {
            const qint64 part = std::min(size, m_partBytes - m_part.size());
            m_part.append(data, part);
            data += part;
            size -= part;
            if (m_part.size() == m_partBytes) {
                if (const Status sent = sendPart(m_cancel); !sent)
                    return sent;
            }
        }
        return Done {};
    }

    Status finishWriting(const CancelToken& cancel) override
    {
        if (!m_part.isEmpty() || m_tags.isEmpty()) {
            if (const Status sent = sendPart(cancel); !sent)
                return sent;
        }
        QByteArray body = "<CompleteMultipartUpload>";
        for (qsizetype i = 0; i < m_tags.size(); ++i)
            body += "<Part><PartNumber>" + QByteArray::number(i + 1) + "</PartNumber><ETag>" + m_tags.at(i) + "</ETag></Part>";
        body += "</CompleteMultipartUpload>";
        const Result<HttpResponse> response = m_client->send(Method::Post, m_key, {{"uploadId", m_uploadId.toUtf8()}}, body, {}, cancel);
        if (!response)
            return response.error();
        // Some failures come with status 200.
        if (const QStringList code = xmlTexts(response->body, u"Code"_s); !code.isEmpty())
            return makeError(ErrorCode::HttpStatus, u"The store did not complete the upload"_s, code.first());
        m_completed = true;
        return Done {};
    }

    Result<std::unique_ptr<ByteSource>> readBack(const CancelToken& cancel) override
    {
        return std::unique_ptr<ByteSource>(std::make_unique<ObjectSource>(m_client, m_key, cancel));
    }

    /// The record last: only with it the backup is listed.
    Status publish(const std::vector<SideFile>& sideFiles, const CancelToken& cancel) override
    {
        for (const SideFile& side : sideFiles) {
            m_sideFiles << side.name;
            const Result<HttpResponse> put = m_client->send(Method::Put, side.name, {}, side.content, {}, cancel);
            if (!put)
                return put.error();
        }
        m_published = true;
        return Done {};
    }

private:
    Status sendPart(const CancelToken& cancel)
    {
        if (m_tags.size() >= kMostParts)
            return makeError(ErrorCode::Unsupported, u"The backup is too large for this store"_s, u"it takes 10000 parts"_s);
        const Result<HttpResponse> response = m_client->send(
            Method::Put, m_key, {{"partNumber", QByteArray::number(m_tags.size() + 1)}, {"uploadId", m_uploadId.toUtf8()}}, m_part, {}, cancel);
        if (!response)
            return response.error();
        m_tags << response->header("ETag");
        m_part.resize(0);
        // So that ten thousand parts hold hundreds of gigabytes, in the memory of one.
        if (m_tags.size() == 500)
            m_partBytes *= 4;
        return Done {};
    }

    std::shared_ptr<S3Client> m_client;
    QString m_key;
    CancelToken m_cancel;
    qint64 m_partBytes;
    QString m_uploadId;
    QByteArray m_part;
    QList<QByteArray> m_tags;
    QStringList m_sideFiles;
    bool m_completed = false;
    bool m_published = false;
};

class S3Repository final : public Repository
{
public:
    explicit S3Repository(const S3Options& options) : m_client(std::make_shared<S3Client>(options)) {}

    [[nodiscard]] QString description() const override { return m_client->description(); }

    Result<std::vector<StoredObject>> list(const CancelToken& cancel) override
    {
        Result<std::vector<StoredObject>> all = everything(cancel);
        if (!all)
            return all;
        QSet<QString> records;
        for (const StoredObject& object : *all) {
            if (object.name.endsWith(kRecordSuffix))
                records.insert(object.name.chopped(kRecordSuffix.size()));
        }
        std::erase_if(*all, [&](const StoredObject& object) {
            return object.name.endsWith(kBackupSuffix) && !records.contains(object.name.chopped(kBackupSuffix.size()));
        });
        return all;
    }

    Result<std::unique_ptr<RepositoryUpload>> upload(const QString& name, const CancelToken& cancel) override
    {
        if (!isObjectName(name))
            return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no name for a backup"_s.arg(name));
        auto upload = std::make_unique<S3Upload>(m_client, name, cancel);
        if (const Status begun = upload->begin(); !begun)
            return begun.error();
        return std::unique_ptr<RepositoryUpload>(std::move(upload));
    }

    Result<std::unique_ptr<ByteSource>> open(const QString& name, const CancelToken& cancel) override
    {
        auto source = std::make_unique<ObjectSource>(m_client, name, cancel);
        if (const Status first = source->fetch(); !first)
            return first.error();
        return std::unique_ptr<ByteSource>(std::move(source));
    }

    Result<QByteArray> readSmall(const QString& name, qint64 limit, const CancelToken& cancel) override
    {
        const Result<HttpResponse> response = m_client->send(Method::Get, name, {}, {}, {{"range", "bytes=0-" + QByteArray::number(limit)}}, cancel);
        if (!response)
            return response.error();
        if (response->body.size() > limit)
            return makeError(ErrorCode::ResponseTooLarge, u"\"%1\" is larger than it should be"_s.arg(name));
        return response->body;
    }

    Status writeSmall(const SideFile& file, const CancelToken& cancel) override
    {
        const Result<HttpResponse> put = m_client->send(Method::Put, file.name, {}, file.content, {}, cancel);
        return put ? Status(Done {}) : Status(put.error());
    }

    Status remove(const QString& name, const CancelToken& cancel) override
    {
        const Result<HttpResponse> removed = m_client->send(Method::Delete, name, {}, {}, {}, cancel);
        return removed || removed.error().code == ErrorCode::NotFound ? Status(Done {}) : Status(removed.error());
    }

    Status removeLeftovers(const CancelToken& cancel) override
    {
        if (const Status own = removeOwnPending(cancel); !own)
            return own;
        const Result<std::vector<StoredObject>> all = everything(cancel);
        if (!all)
            return all.error();
        QSet<QString> names;
        for (const StoredObject& object : *all)
            names.insert(object.name);
        const qint64 now = Clock::system().nowMs();
        for (const StoredObject& object : *all) {
            // Other machines may be writing; after a day they are not.
            const bool orphan = object.name.endsWith(kBackupSuffix) && !names.contains(object.name.chopped(kBackupSuffix.size()) + kRecordSuffix)
                && now - object.modifiedMs > kDayMs;
            const bool alone = object.name.endsWith(kHashSuffix) && !names.contains(object.name.chopped(QLatin1StringView(".sha256").size()));
            if (!orphan && !alone)
                continue;
            if (const Status removed = remove(object.name, cancel); !removed)
                return removed;
            if (alone) {
                if (const Status removed = remove(object.name.chopped(kHashSuffix.size()) + kRecordSuffix, cancel); !removed)
                    return removed;
            }
        }
        return Done {};
    }

private:
    Result<std::vector<StoredObject>> everything(const CancelToken& cancel)
    {
        std::vector<StoredObject> found;
        QByteArray token;
        do {
            S3Client::Query query {{"list-type", "2"}};
            if (!m_client->options().prefix.isEmpty())
                query << std::pair<QByteArray, QByteArray>("prefix", m_client->options().prefix.toUtf8() + '/');
            if (!token.isEmpty())
                query << std::pair<QByteArray, QByteArray>("continuation-token", token);
            const Result<HttpResponse> response = m_client->send(Method::Get, {}, query, {}, {}, cancel);
            if (!response)
                return response.error();
            const QStringList keys = xmlTexts(response->body, u"Key"_s);
            const QStringList sizes = xmlTexts(response->body, u"Size"_s);
            const QStringList times = xmlTexts(response->body, u"LastModified"_s);
            const qsizetype prefix = m_client->fullKey({}).size();
            for (qsizetype i = 0; i < keys.size(); ++i) {
                const QString name = keys.at(i).mid(prefix);
                if (isObjectName(name))
                    found.push_back({name, sizes.value(i).toLongLong(), QDateTime::fromString(times.value(i), Qt::ISODateWithMs).toMSecsSinceEpoch()});
            }
            token = xmlTexts(response->body, u"NextContinuationToken"_s).value(0).toUtf8();
        } while (!token.isEmpty());
        return found;
    }

    Status removeOwnPending(const CancelToken& cancel)
    {
        static const QRegularExpression form(u"^s3-(\\d+)-"_s);
        for (const QString& file : QDir(pendingFolder()).entryList({u"s3-*.pending"_s}, QDir::Files)) {
            const qint64 pid = form.match(file).captured(1).toLongLong();
            if (pid <= 0 || (::kill(pid_t(pid), 0) == 0 || errno != ESRCH) || pendingFolder() + u'/' + file != pendingFile(*m_client, pid))
                continue;
            const Result<QByteArray> text = readWholeFile(pendingFolder() + u'/' + file, 1 << 16);
            if (!text)
                return text.error();
            const QString key = QString::fromUtf8(text->split('\n').value(0));
            const Result<HttpResponse> aborted = m_client->send(Method::Delete, key, {{"uploadId", text->split('\n').value(1)}}, {}, {}, cancel);
            if (!aborted && aborted.error().code != ErrorCode::NotFound)
                return aborted.error();
            // It may have been complete, and not yet read back.
            const Result<QByteArray> record = readSmall(key.chopped(kBackupSuffix.size()) + kRecordSuffix, 1 << 20, cancel);
            if (!record && record.error().code == ErrorCode::NotFound) {
                if (const Status removed = remove(key, cancel); !removed)
                    return removed;
            }
            QFile::remove(pendingFolder() + u'/' + file);
        }
        return Done {};
    }

    std::shared_ptr<S3Client> m_client;
};

} // namespace

Result<std::unique_ptr<Repository>> openS3Repository(const S3Options& options)
{
    static const QRegularExpression bucket(u"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"_s);
    static const QRegularExpression prefix(u"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$"_s);
    if (!bucket.match(options.bucket).hasMatch())
        return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no name of a bucket"_s.arg(options.bucket));
    if (!options.prefix.isEmpty() && !prefix.match(options.prefix).hasMatch())
        return makeError(ErrorCode::InvalidArgument, u"A prefix is made of letters, digits and ._-/"_s, options.prefix);
    if (options.credentials.keyId.isEmpty() || options.credentials.secret.isEmpty())
        return makeError(ErrorCode::Secret, u"The keys of the store are missing"_s);
    return std::unique_ptr<Repository>(std::make_unique<S3Repository>(options));
}

} // namespace Promdeck::Backup
