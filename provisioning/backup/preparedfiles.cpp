#include "provisioning/backup/preparedfiles.h"

#include "models/core/clock.h"
#include "provisioning/backup/sha256.h"

#include <cerrno>
#include <cstring>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

/// Into a file that has no name, so nothing is left of it whatever happens; hashed on the way.
class SpoolSink final : public ByteSink
{
public:
    SpoolSink(FILE* file, const StepReport& report, QString about) : m_file(file), m_report(report), m_about(std::move(about)) {}

    Status write(const char* data, qint64 size) override
    {
        hash.add(data, size);
        count += size;
        if (m_report)
            m_report(u"dump"_s, m_about, count, -1);
        if (std::fwrite(data, 1, size_t(size), m_file) != size_t(size))
            return makeError(ErrorCode::Io, u"The temporary file cannot be written"_s, QString::fromLocal8Bit(std::strerror(errno)));
        return Done {};
    }

    Sha256 hash;
    qint64 count = 0;

private:
    FILE* m_file;
    const StepReport& m_report;
    QString m_about;
};

Result<QByteArray> volumeFolder(Host& host, const QString& volume, bool asRoot, const CancelToken& cancel)
{
    Command command;
    command.argv = {"docker", "volume", "inspect", "-f", "{{.Mountpoint}}", volume.toUtf8()};
    command.asRoot = asRoot;
    const Result<CommandOutput> output = host.run(command, cancel);
    if (!output)
        return output.error();
    QByteArray folder = output->standardOutput.trimmed();
    if (!output->ok() || !folder.startsWith('/'))
        return makeError(ErrorCode::RemoteExit, u"docker names no folder of the volume \"%1\""_s.arg(volume),
                         QString::fromUtf8(output->standardError.left(400)).trimmed());
    return folder;
}

} // namespace

PreparedParts::PreparedParts(std::shared_ptr<Host> host, const ComponentSpec& spec) : m_host(std::move(host))
{
    m_component.id = spec.id;
    m_component.kind = spec.kind;
    m_component.name = spec.name;
    m_component.method = u"files"_s;
    m_component.startedAtMs = Clock::system().nowMs();
}

PreparedParts::~PreparedParts()
{
    for (const Part& part : m_parts) {
        if (part.spool)
            std::fclose(part.spool);
    }
}

void PreparedParts::needTree(const QString& name, const QByteArray& root)
{
    if (!m_component.tree(name))
        m_component.trees.push_back({name, root});
}

Status PreparedParts::addTree(const QString& name, const QByteArray& root, const HostTree& from, const CancelToken& cancel)
{
    Result<TreeListing> listing = listTree(*m_host, from, cancel);
    if (!listing)
        return listing.error();
    // A single file belongs to the folder it is in.
    const bool isFile = listing->entries.size() == 1 && !listing->entries.front().path.isEmpty();
    needTree(name, isFile ? root.left(qMax<qsizetype>(1, root.lastIndexOf('/'))) : root);
    Part part;
    part.first = m_files.size();
    part.tree = from;
    const QByteArray base = m_component.id.toUtf8() + '/' + name.toUtf8();
    part.prefix = base + '/';
    for (ManifestFile& entry : listing->entries) {
        entry.path = entry.path.isEmpty() ? base : part.prefix + entry.path;
        m_files.push_back(std::move(entry));
    }
    part.count = m_files.size() - part.first;
    m_parts.push_back(std::move(part));
    for (const QByteArray& path : listing->skipped)
        m_component.notes << u"left out, as it is no file: %1/%2"_s.arg(bytesToText(root), bytesToText(path));
    return Done {};
}

void PreparedParts::addBytes(const QString& tree, const QByteArray& name, const QByteArray& content)
{
    needTree(tree, {});
    ManifestFile file;
    file.path = m_component.id.toUtf8() + '/' + tree.toUtf8() + '/' + name;
    file.size = content.size();
    file.mode = 0600;
    file.modifiedS = Clock::system().nowMs() / 1000;
    file.sha256 = sha256Hex(content);
    Part part;
    part.first = m_files.size();
    part.count = 1;
    part.bytes = content;
    m_files.push_back(std::move(file));
    m_parts.push_back(std::move(part));
}

Status PreparedParts::addDump(const DumpSpec& dump, bool asRoot, const CancelToken& cancel, const StepReport& report)
{
    Part part;
    part.spool = std::tmpfile();
    if (!part.spool)
        return makeError(ErrorCode::Io, u"No temporary file can be made"_s, QString::fromLocal8Bit(std::strerror(errno)));
    part.first = m_files.size();
    part.count = 1;
    m_parts.push_back(part);
    Command command;
    command.argv = dump.argv;
    command.asRoot = asRoot;
    command.deadline = std::chrono::milliseconds(0);
    command.outputLimit = 64 << 10;
    SpoolSink sink(part.spool, report, bytesToText(dump.fileName));
    StreamOptions options;
    options.stall = std::chrono::minutes(30); // a dump may think for long before its first byte
    QByteArray said;
    const Result<int> code = m_host->stream(command, nullptr, &sink, options, cancel, &said);
    if (code && (*code != 0 || std::fflush(part.spool) != 0)) {
        m_parts.pop_back();
        std::fclose(part.spool);
        return makeError(ErrorCode::RemoteExit, u"The command that dumps \"%1\" failed"_s.arg(m_component.name),
                         u"exit code %1: %2"_s.arg(*code).arg(QString::fromUtf8(said.left(400)).trimmed()));
    }
    if (!code)
        return code.error();
    needTree(u"dump"_s, {});
    ManifestFile file;
    file.path = m_component.id.toUtf8() + "/dump/" + dump.fileName;
    file.size = sink.count;
    file.mode = 0600;
    file.modifiedS = Clock::system().nowMs() / 1000;
    file.sha256 = sink.hash.takeHex();
    m_files.push_back(std::move(file));
    return Done {};
}

Status PreparedParts::sendSpool(const Part& part, ArchiveWriter& writer, const CancelToken& cancel)
{
    std::rewind(part.spool);
    if (const Status begun = writer.beginFile(m_files[part.first].path); !begun)
        return begun;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (;;) {
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        const size_t got = std::fread(buffer.data(), 1, size_t(buffer.size()), part.spool);
        if (got == 0)
            return writer.endFile();
        if (const Status written = writer.write(buffer.constData(), qint64(got)); !written)
            return written;
    }
}

Status PreparedParts::send(ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress)
{
    qint64 before = 0;
    for (const Part& part : m_parts) {
        const std::vector<ManifestFile> files(m_files.begin() + qsizetype(part.first), m_files.begin() + qsizetype(part.first + part.count));
        Status sent = Done {};
        if (part.spool) {
            sent = sendSpool(part, writer, cancel);
        } else if (!part.prefix.isEmpty()) {
            sent = streamTree(*m_host, part.tree, files, part.prefix, writer, cancel, [&](qint64 done, qint64) {
                if (progress)
                    progress(before + done, -1);
            });
        } else {
            sent = writer.beginFile(files.front().path);
            if (sent)
                sent = writer.write(part.bytes.constData(), part.bytes.size());
            if (sent)
                sent = writer.endFile();
        }
        if (!sent)
            return sent;
        for (const ManifestFile& file : files)
            before += file.size;
        if (progress)
            progress(before, -1);
    }
    return Done {};
}

Status addTreesAndDumps(PreparedParts& parts, Host& host, const ComponentSpec& spec, const CancelToken& cancel,
                        const StepReport& report)
{
    for (const TreeSpec& tree : spec.trees) {
        if (report)
            report(u"list"_s, spec.id + u'/' + tree.name, 0, -1);
        QByteArray root = tree.root;
        if (!tree.dockerVolume.isEmpty()) {
            const Result<QByteArray> folder = volumeFolder(host, tree.dockerVolume, spec.asRoot, cancel);
            if (!folder)
                return folder.error();
            root = *folder;
        }
        if (const Status added = parts.addTree(tree.name, root, {root, tree.exclude, spec.asRoot}, cancel); !added)
            return added;
    }
    for (const DumpSpec& dump : spec.dumps) {
        if (report)
            report(u"dump"_s, spec.id + u'/' + bytesToText(dump.fileName), 0, -1);
        if (const Status added = parts.addDump(dump, spec.asRoot, cancel, report); !added)
            return added;
    }
    return Done {};
}

} // namespace Promdeck::Backup
