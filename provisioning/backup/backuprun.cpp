#include "provisioning/backup/backuprun.h"

#include "models/core/clock.h"
#include "provisioning/backup/sha256.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

using Prepared = std::vector<std::unique_ptr<PreparedComponent>>;

/// Whatever happens to the run, its traces on the host go.
class ReleasingGuard
{
public:
    explicit ReleasingGuard(Prepared& prepared) : m_prepared(prepared) {}
    ~ReleasingGuard() { static_cast<void>(release().ok()); }
    Q_DISABLE_COPY_MOVE(ReleasingGuard)

    Status release()
    {
        Status result = Done {};
        for (const auto& component : m_prepared) {
            const Status released = component->release();
            if (!released)
                result = released;
        }
        return result;
    }

private:
    Prepared& m_prepared;
};

QString safeName(const QString& text)
{
    QString out;
    for (const QChar c : text.toLower())
        out += (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' ? c : u'-';
    while (out.startsWith(u'.') || out.startsWith(u'-'))
        out.remove(0, 1);
    return out.left(60);
}

QString newId(qint64 nowMs)
{
    return QDateTime::fromMSecsSinceEpoch(nowMs, Qt::UTC).toString(u"yyyyMMdd'T'HHmmss'Z'"_s) + u'-'
        + QString::number(QRandomGenerator::system()->generate(), 16).rightJustified(8, u'0');
}

QString nameOf(const Manifest& manifest)
{
    QString name;
    for (const QString& part : {safeName(manifest.stack), safeName(manifest.host)})
        name += part.isEmpty() ? QString() : part + u'-';
    return name + manifest.id;
}

Manifest manifestOf(const Prepared& prepared, const BackupOptions& options, const Host& host, qint64 clockAheadMs)
{
    Manifest manifest;
    manifest.createdAtMs = Clock::system().nowMs();
    manifest.hostClockMs = manifest.createdAtMs + clockAheadMs;
    manifest.id = newId(manifest.createdAtMs);
    manifest.stack = options.stack;
    manifest.host = host.name();
    manifest.madeBy = u"promdeck "_s + QStringLiteral(PROMDECK_VERSION);
    manifest.tags = options.tags;
    for (const auto& component : prepared) {
        manifest.components.push_back(component->component());
        manifest.files.insert(manifest.files.end(), component->files().begin(), component->files().end());
    }
    return manifest;
}

Status sendAll(const Prepared& prepared, ArchiveWriter& writer, const CancelToken& cancel, const StepReport& report)
{
    const qint64 total = writer.manifest().totalBytes();
    qint64 before = 0;
    for (const auto& component : prepared) {
        const Status sent = component->send(writer, cancel, [&](qint64 done, qint64) {
            if (report)
                report(u"transfer"_s, component->component().id, before + done, total);
        });
        if (!sent)
            return sent;
        for (const ManifestFile& file : component->files())
            before += file.size;
    }
    return Done {};
}

Result<BackupRecord> attempt(const std::shared_ptr<Host>& host, const std::vector<ComponentSpec>& components, Repository& repository,
                             const BackupOptions& options, const CancelToken& cancel, const StepReport& report)
{
    const Result<HostFacts> facts = host->facts(cancel);
    if (!facts)
        return facts.error();
    Prepared prepared;
    ReleasingGuard releasing(prepared);
    for (const ComponentSpec& spec : components) {
        Result<std::unique_ptr<PreparedComponent>> component = prepareComponent(host, spec, cancel, report);
        if (!component)
            return component.error();
        prepared.push_back(std::move(*component));
    }
    const Manifest manifest = manifestOf(prepared, options, *host, facts->clockAheadMs);
    BackupRecord record = recordFor(nameOf(manifest), manifest, options.protection.method);
    const Result<std::unique_ptr<RepositoryUpload>> upload = repository.upload(record.name + kBackupSuffix, cancel);
    if (!upload)
        return upload.error();
    HashingSink hashed(upload->get());
    ArchiveWriter writer(hashed, manifest, options.protection, options.compressionLevel);
    Status done = writer.begin();
    if (done)
        done = sendAll(prepared, writer, cancel, report);
    if (done)
        done = writer.finish();
    if (!done)
        return done.error();
    record.sha256 = hashed.takeHex();
    record.size = hashed.count();
    // The snapshot is not needed any more: gone before anything else takes its time.
    if (const Status released = releasing.release(); !released)
        return released.error();
    if (const Status finished = (*upload)->finishWriting(cancel); !finished)
        return finished.error();
    const Result<std::unique_ptr<ByteSource>> back = (*upload)->readBack(cancel);
    if (!back)
        return back.error();
    // What is sealed to a public key cannot be unpacked here, and its hash has to do.
    const bool content = options.verifyContent && options.protection.method != ArchiveProtection::Method::PublicKey;
    const Status read = verifyStream(**back, record.sha256, {options.protection.passphrase, {}}, content, cancel, [&](qint64 at, qint64 total) {
        if (report)
            report(u"verify"_s, record.name, at, total);
    });
    if (!read)
        return read.error();
    record.finishedAtMs = Clock::system().nowMs();
    record.verified.push_back({record.finishedAtMs, content});
    if (report)
        report(u"publish"_s, record.name, record.size, record.size);
    const QByteArray sidecar = record.sha256 + "  " + (record.name + kBackupSuffix).toUtf8() + '\n';
    if (const Status published = (*upload)->publish({{record.name + kHashSuffix, sidecar}, {record.name + kRecordSuffix, writeRecord(record)}}, cancel); !published)
        return published.error();
    return record;
}

} // namespace

Result<BackupRecord> runBackup(std::shared_ptr<Host> host, const std::vector<ComponentSpec>& components, Repository& repository,
                               const BackupOptions& options, const CancelToken& cancel, const StepReport& report)
{
    if (components.empty())
        return makeError(ErrorCode::InvalidArgument, u"Nothing is named that could be backed up"_s);
    if (const Status cleaned = repository.removeLeftovers(cancel); !cleaned)
        return cleaned.error();
    constexpr int kAttempts = 3;
    Result<BackupRecord> record;
    for (int i = 0; i < kAttempts; ++i) {
        record = attempt(host, components, repository, options, cancel, report);
        if (record || record.error().code != ErrorCode::Conflict || cancel.stop_requested())
            return record;
    }
    return record;
}

} // namespace Promdeck::Backup
