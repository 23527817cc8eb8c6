#include "provisioning/backup/catalog.h"

#include "models/core/clock.h"
#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/sha256.h"

#include <QSet>

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostRecord = 1 << 20;
constexpr size_t kMostVerifications = 50;

QStringList toStrings(const Json& json)
{
    QStringList out;
    for (const Json& item : json.items())
        out << item.toString();
    return out;
}

QString protectionName(ArchiveProtection::Method method)
{
    return method == ArchiveProtection::Method::None ? u"none"_s
        : method == ArchiveProtection::Method::Passphrase ? u"passphrase"_s
                                                          : u"public-key"_s;
}

/// To the end, with the hash of all of it.
Status drain(HashingSource& source, const CancelToken& cancel, const Progress& progress)
{
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (;;) {
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        const Result<qint64> got = source.read(buffer.data(), buffer.size());
        if (!got)
            return got.error();
        if (*got == 0)
            return Done {};
        if (progress)
            progress(source.count(), source.size());
    }
}

} // namespace

qint64 BackupRecord::verifiedAtMs() const
{
    qint64 last = 0;
    for (const Verification& each : verified)
        last = std::max(last, each.atMs);
    return last;
}

BackupRecord recordFor(const QString& name, const Manifest& manifest, ArchiveProtection::Method method)
{
    BackupRecord record;
    record.name = name;
    record.id = manifest.id;
    record.stack = manifest.stack;
    record.host = manifest.host;
    record.createdAtMs = manifest.createdAtMs;
    record.contentBytes = manifest.totalBytes();
    record.files = qint64(manifest.files.size());
    record.protection = protectionName(method);
    record.tags = manifest.tags;
    for (const ManifestComponent& component : manifest.components) {
        RecordedComponent each {component.id, component.kind, component.name, component.version, component.method,
                                0, component.dataFromMs, component.dataUntilMs, component.notes};
        const QByteArray prefix = component.id.toUtf8() + '/';
        for (const ManifestFile& file : manifest.files) {
            if (file.path.startsWith(prefix))
                each.bytes += file.size;
        }
        record.components.push_back(std::move(each));
    }
    return record;
}

Json recordToJson(const BackupRecord& record)
{
    Json components = Json::array();
    for (const RecordedComponent& each : record.components)
        components.append(Json::object({{u"id"_s, each.id}, {u"kind"_s, each.kind}, {u"name"_s, each.name},
                                        {u"version"_s, each.version}, {u"method"_s, each.method}, {u"bytes"_s, each.bytes},
                                        {u"dataFromMs"_s, each.dataFromMs}, {u"dataUntilMs"_s, each.dataUntilMs},
                                        {u"notes"_s, Json::strings(each.notes)}}));
    Json verified = Json::array();
    for (const Verification& each : record.verified)
        verified.append(Json::object({{u"atMs"_s, each.atMs}, {u"how"_s, each.content ? u"content"_s : u"hash"_s}}));
    return Json::object({{u"promdeckBackup"_s, 1}, {u"name"_s, record.name}, {u"id"_s, record.id}, {u"stack"_s, record.stack},
                         {u"host"_s, record.host}, {u"createdAtMs"_s, record.createdAtMs}, {u"finishedAtMs"_s, record.finishedAtMs},
                         {u"size"_s, record.size}, {u"contentBytes"_s, record.contentBytes}, {u"files"_s, record.files},
                         {u"sha256"_s, QString::fromLatin1(record.sha256)}, {u"protection"_s, record.protection},
                         {u"tags"_s, Json::strings(record.tags)}, {u"components"_s, components}, {u"verified"_s, verified}});
}

QByteArray writeRecord(const BackupRecord& record)
{
    return recordToJson(record).toUtf8(Json::Format::Indented) + '\n';
}

Result<BackupRecord> readRecord(const QByteArray& text)
{
    const Result<Json> parsed = Json::parse(text);
    if (!parsed)
        return parsed.error();
    const Json& json = *parsed;
    if (json[u"promdeckBackup"].toInt() != 1)
        return makeError(ErrorCode::Decode, u"This is no record of a backup"_s);
    BackupRecord record;
    record.name = json[u"name"].toString();
    record.id = json[u"id"].toString();
    record.stack = json[u"stack"].toString();
    record.host = json[u"host"].toString();
    record.createdAtMs = json[u"createdAtMs"].toInt();
    record.finishedAtMs = json[u"finishedAtMs"].toInt();
    record.size = json[u"size"].toInt();
    record.contentBytes = json[u"contentBytes"].toInt();
    record.files = json[u"files"].toInt();
    record.sha256 = json[u"sha256"].toString().toLatin1();
    record.protection = json[u"protection"].toString();
    record.tags = toStrings(json[u"tags"]);
    for (const Json& each : json[u"components"].items())
        record.components.push_back({each[u"id"].toString(), each[u"kind"].toString(), each[u"name"].toString(),
                                     each[u"version"].toString(), each[u"method"].toString(), each[u"bytes"].toInt(),
                                     each[u"dataFromMs"].toInt(), each[u"dataUntilMs"].toInt(), toStrings(each[u"notes"])});
    for (const Json& each : json[u"verified"].items())
        record.verified.push_back({each[u"atMs"].toInt(), each[u"how"].toString() == u"content"});
    return record;
}

Result<std::vector<BackupRecord>> listBackups(Repository& repository, const CancelToken& cancel)
{
    const Result<std::vector<StoredObject>> objects = repository.list(cancel);
    if (!objects)
        return objects.error();
    QSet<QString> names;
    for (const StoredObject& object : *objects)
        names.insert(object.name);
    std::vector<BackupRecord> records;
    for (const StoredObject& object : *objects) {
        if (!object.name.endsWith(kBackupSuffix))
            continue;
        const QString name = object.name.chopped(kBackupSuffix.size());
        BackupRecord record;
        record.hasRecord = false;
        if (names.contains(name + kRecordSuffix)) {
            const Result<QByteArray> text = repository.readSmall(name + kRecordSuffix, kMostRecord, cancel);
            if (!text && text.error().code != ErrorCode::NotFound)
                return text.error();
            if (Result<BackupRecord> read = text ? readRecord(*text) : Result<BackupRecord>(text.error()); read)
                record = std::move(*read);
        }
        record.name = name;
        record.size = object.size;
        if (record.createdAtMs == 0)
            record.createdAtMs = object.modifiedMs;
        records.push_back(std::move(record));
    }
    std::sort(records.begin(), records.end(), [](const BackupRecord& a, const BackupRecord& b) {
        return std::pair(a.createdAtMs, a.name) > std::pair(b.createdAtMs, b.name);
    });
    return records;
}

Result<BackupRecord> findBackup(const std::vector<BackupRecord>& backups, const QString& wanted, const QString& stack)
{
    const BackupRecord* found = nullptr;
    for (const BackupRecord& record : backups) {
        if (!stack.isEmpty() && record.stack != stack)
            continue;
        if (record.name == wanted || record.id == wanted || wanted == u"latest" || record.name + kBackupSuffix == wanted)
            return record; // newest first
        if (!wanted.isEmpty() && (record.name.startsWith(wanted) || record.id.startsWith(wanted))) {
            if (found)
                return makeError(ErrorCode::InvalidArgument, u"\"%1\" fits several backups"_s.arg(wanted));
            found = &record;
        }
    }
    if (!found)
        return makeError(ErrorCode::NotFound, u"There is no backup \"%1\""_s.arg(wanted), {}, u"promdeck backup list shows them"_s);
    return *found;
}

Status verifyStream(ByteSource& source, const QByteArray& sha256, const ArchiveKeys& keys, bool content,
                    const CancelToken& cancel, const Progress& progress)
{
    HashingSource hashed(source);
    Status read = Done {};
    if (content) {
        ArchiveReader reader(hashed);
        read = reader.open(keys);
        if (read)
            read = reader.readAll(nullptr, cancel, progress);
        if (!read && read.error().code != ErrorCode::Decode)
            return read;
    }
    // Also after damage: whether the bytes are those that were written tells a bad disk from a bad writer.
    if (const Status drained = drain(hashed, cancel, content ? Progress() : progress); !drained)
        return drained;
    if (!sha256.isEmpty() && hashed.takeHex() != sha256)
        return makeError(ErrorCode::Decode, u"The archive is damaged"_s,
                         u"its SHA-256 hash is another than when it was written"_s, u"Use another backup"_s);
    return read;
}

Result<Verification> verifyBackup(Repository& repository, BackupRecord& record, const ArchiveKeys& keys, bool remember,
                                  const CancelToken& cancel, const Progress& progress)
{
    QByteArray expected = record.sha256;
    const Result<QByteArray> sidecar = repository.readSmall(record.name + kHashSuffix, 4096, cancel);
    if (!sidecar && sidecar.error().code != ErrorCode::NotFound)
        return sidecar.error();
    if (sidecar && expected.isEmpty())
        expected = sidecar->left(64);
    if (sidecar && sidecar->left(64) != expected)
        return makeError(ErrorCode::Decode, u"The .sha256 file and the record of the backup disagree"_s, {},
                         u"One of the two was changed; do not trust this backup"_s);
    const Result<std::unique_ptr<ByteSource>> source = repository.open(record.name + kBackupSuffix, cancel);
    if (!source)
        return source.error();
    const bool haveKey = record.protection == u"public-key" ? !keys.secretKey.isEmpty()
        : record.protection == u"passphrase"                ? !keys.passphrase.isEmpty()
                                                            : true;
    if (!haveKey && expected.isEmpty())
        return makeError(ErrorCode::Secret, u"Without its key and without a hash nothing can be said about this backup"_s);
    if (const Status read = verifyStream(**source, expected, keys, haveKey, cancel, progress); !read)
        return read.error();
    const Verification done {Clock::system().nowMs(), haveKey};
    if (remember && record.hasRecord) {
        record.verified.push_back(done);
        while (record.verified.size() > kMostVerifications)
            record.verified.erase(record.verified.begin());
        if (const Status written = repository.writeSmall({record.name + kRecordSuffix, writeRecord(record)}, cancel); !written)
            return written.error();
    }
    return done;
}

bool isInPart(const QString& name, int n, int t)
{
    const QByteArray hash = sha256Hex(name.toUtf8());
    return t > 0 && int(hash.left(8).toUInt(nullptr, 16) % uint(t)) == n - 1;
}

int PrunePlan::removed() const
{
    return int(std::count_if(decisions.begin(), decisions.end(), [](const RetentionDecision& each) { return !each.keep; }));
}

PrunePlan planPrune(const std::vector<BackupRecord>& backups, const RetentionPolicy& policy, qint64 nowMs, const QTimeZone& zone)
{
    std::vector<RetentionItem> items;
    items.reserve(backups.size());
    for (const BackupRecord& record : backups) {
        // What has no record is nobody's to remove.
        if (record.hasRecord)
            items.push_back({record.name, record.host + u'\n' + record.stack, record.createdAtMs, record.tags, record.verifiedAtMs() > 0});
    }
    PrunePlan plan;
    plan.decisions = decideRetention(items, policy, nowMs, zone);
    for (const RetentionDecision& decision : plan.decisions) {
        const auto record = std::find_if(backups.begin(), backups.end(), [&](const BackupRecord& each) { return each.name == decision.id; });
        if (!decision.keep)
            plan.freedBytes += record->size;
    }
    return plan;
}

Status prune(Repository& repository, const PrunePlan& plan, const CancelToken& cancel)
{
    for (const RetentionDecision& decision : plan.decisions) {
        if (decision.keep)
            continue;
        // The archive first: without it the rest is a leftover, which the next run takes away.
        for (const QString& suffix : {QString(kBackupSuffix), QString(kHashSuffix), QString(kRecordSuffix)}) {
            if (cancel.stop_requested())
                return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
            if (const Status removed = repository.remove(decision.id + suffix, cancel); !removed)
                return removed;
        }
    }
    return Done {};
}

} // namespace Promdeck::Backup
