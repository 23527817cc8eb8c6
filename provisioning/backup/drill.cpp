#include "provisioning/backup/drill.h"

#include "models/core/clock.h"
#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/sha256.h"
#include "provisioning/host/localhost.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTcpServer>

#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

/// A folder that is locked while its drill lives; those whose drill died are removed when the next one begins.
class DrillFolder
{
public:
    explicit DrillFolder(const QString& parent) : m_parent(parent) {}
    ~DrillFolder()
    {
        if (m_lock < 0)
            return;
        removeAll(m_path);
        ::close(m_lock);
    }
    Q_DISABLE_COPY_MOVE(DrillFolder)

    Status make()
    {
        QDir().mkpath(m_parent);
        for (const QString& name : QDir(m_parent).entryList({u"drill-*"_s}, QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString path = m_parent + u'/' + name;
            const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0)
                removeAll(path);
            if (fd >= 0)
                ::close(fd);
        }
        m_path = m_parent + u"/drill-"_s + QString::number(QRandomGenerator::system()->generate64(), 16);
        std::error_code failed;
        if (!std::filesystem::create_directory(m_path.toStdString(), failed))
            return makeError(ErrorCode::Io, u"The folder of the drill cannot be made"_s, QString::fromStdString(failed.message()));
        std::filesystem::permissions(m_path.toStdString(), std::filesystem::perms::owner_all, failed);
        m_lock = ::open(QFile::encodeName(m_path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ::flock(m_lock, LOCK_EX);
        return Done {};
    }

    [[nodiscard]] QString path() const { return m_path; }

private:
    static void removeAll(const QString& path)
    {
        std::error_code ignored;
        std::filesystem::remove_all(path.toStdString(), ignored);
    }
    QString m_parent;
    QString m_path;
    int m_lock = -1;
};

/// A Prometheus that lives as long as this object, or shorter.
class DrillServer
{
public:
    DrillServer(const QString& program, const QString& folder, quint16 port)
    {
        m_thread = std::thread([this, program, folder, port] {
            Command command;
            // The shell ends the server when we are gone, whatever became of us.
            command.argv = {"sh", "-c",
                            "owner=$1; config=$2; shift 2; printf 'global: {}\\n' >\"$config\"\n"
                            "\"$@\" </dev/null & server=$!\n"
                            "(while kill -0 \"$owner\" && kill -0 \"$server\"; do sleep 1; done 2>/dev/null; kill \"$server\" 2>/dev/null) & watcher=$!\n"
                            "wait \"$server\"; code=$?; kill \"$watcher\" 2>/dev/null; exit $code",
                            "sh", QByteArray::number(::getpid()), QFile::encodeName(folder) + "/drill.yml", QFile::encodeName(program),
                            "--config.file=" + QFile::encodeName(folder) + "/drill.yml", "--storage.tsdb.path=" + QFile::encodeName(folder) + "/data",
                            "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:" + QByteArray::number(port)};
            command.deadline = std::chrono::milliseconds(0);
            command.outputLimit = 1 << 20;
            StreamOptions options;
            options.stall = std::chrono::milliseconds(0);
            LocalHost host;
            QByteArray said;
            const Result<int> code = host.stream(command, nullptr, nullptr, options, m_stop.get_token(), &said);
            m_said = code ? u"exit code %1: %2"_s.arg(*code).arg(QString::fromUtf8(said.right(600)).trimmed()) : code.error().toString();
            m_ended = true;
        });
    }

    ~DrillServer() { stop(); }
    Q_DISABLE_COPY_MOVE(DrillServer)

    void stop()
    {
        m_stop.request_stop();
        if (m_thread.joinable())
            m_thread.join();
    }
    [[nodiscard]] bool hasEnded() const { return m_ended; }
    [[nodiscard]] QString said() const { return m_ended ? m_said : QString(); }

private:
    std::stop_source m_stop;
    std::atomic<bool> m_ended = false;
    QString m_said;
    std::thread m_thread;
};

Result<quint16> freeLoopbackPort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost, 0))
        return makeError(ErrorCode::Io, u"No port of this machine is free"_s, server.errorString());
    return server.serverPort();
}

const ManifestComponent* chosenComponent(const Manifest& manifest, const QString& wanted)
{
    for (const ManifestComponent& component : manifest.components) {
        if (component.kind == u"prometheus" && component.tree(u"data") && (wanted.isEmpty() || component.id == wanted))
            return &component;
    }
    return nullptr;
}

/// Blocks and configuration as promtool sees them.
void checkWithPromtool(const DrillOptions& options, const QString& folder, DrillReport& out, const CancelToken& cancel)
{
    LocalHost host;
    Command command;
    command.argv = {QFile::encodeName(options.promtoolProgram), "tsdb", "list", QFile::encodeName(folder) + "/data"};
    command.deadline = std::chrono::minutes(10);
    const Result<CommandOutput> output = host.run(command, cancel);
    if (!output || output->exitCode == 127)
        out.notes << u"promtool is not here, so the blocks were not listed by it"_s;
    else if (!output->ok())
        out.failure = makeError(ErrorCode::Decode, u"promtool cannot list the blocks"_s, QString::fromUtf8(output->standardError.right(400)).trimmed());
}

/// Ready and golden; gives up early when the server is gone.
Result<std::vector<GoldenResult>> askServer(DrillServer& server, quint16 port, const ManifestComponent& component, const DrillOptions& options,
                                            const CancelToken& cancel)
{
    std::stop_source stop;
    const std::stop_callback passOn(cancel, [&stop] { stop.request_stop(); });
    std::atomic<bool> asked = false;
    std::thread watching([&] {
        while (!asked) {
            if (server.hasEnded())
                stop.request_stop();
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    });
    BlockingHttp http;
    Result<std::vector<GoldenResult>> golden = checkGolden(http, QUrl(u"http://127.0.0.1:%1/"_s.arg(port)), component, options.readyWithin, stop.get_token());
    asked = true;
    watching.join();
    if (!golden && server.hasEnded() && !cancel.stop_requested())
        return makeError(ErrorCode::RemoteExit, u"Prometheus did not start over the restored data"_s, server.said());
    return golden;
}

} // namespace

Result<DrillReport> runDrill(Repository& repository, const BackupRecord& record, const ArchiveKeys& keys, const DrillOptions& options,
                             const CancelToken& cancel, const StepReport& report)
{
    QElapsedTimer clock;
    clock.start();
    const Result<std::unique_ptr<ByteSource>> source = repository.open(record.name + kBackupSuffix, cancel);
    if (!source)
        return source.error();
    HashingSource hashed(**source);
    ArchiveReader reader(hashed);
    if (const Status opened = reader.open(keys); !opened)
        return opened.error();
    const Manifest& manifest = reader.manifest();
    const ManifestComponent* component = chosenComponent(manifest, options.component);
    if (!component)
        return makeError(ErrorCode::NotFound, u"The backup holds no data of a Prometheus"_s, options.component);
    DrillReport out;
    out.component = component->id;
    const QString cache = qEnvironmentVariable("XDG_CACHE_HOME");
    DrillFolder folder(!options.folder.isEmpty()       ? options.folder
                           : cache.startsWith(u'/') ? cache + u"/promdeck"_s
                                                    : QDir::homePath() + u"/.cache/promdeck"_s);
    if (const Status made = folder.make(); !made)
        return made.error();
    const QByteArray wanted = component->id.toUtf8() + "/data";
    const QByteArray target = QFile::encodeName(folder.path()) + "/data";
    ExtractingVisitor visitor([&](const ManifestFile& file) {
        return file.path == wanted || file.path.startsWith(wanted + '/') ? target + file.path.mid(wanted.size()) : QByteArray();
    });
    Status read = reader.readAll(&visitor, cancel, [&](qint64 done, qint64 total) {
        out.bytes = done;
        if (report)
            report(u"unpack"_s, record.name, done, total);
    });
    if (read)
        read = visitor.finish();
    char byte = 0;
    if (read && hashed.read(&byte, 1).valueOr(1) == 0 && !record.sha256.isEmpty() && hashed.takeHex() != record.sha256)
        read = makeError(ErrorCode::Decode, u"The archive is damaged"_s, u"its SHA-256 hash is another than when it was written"_s);
    if (!read)
        return read.error();
    out.unpackSeconds = double(clock.elapsed()) / 1000;
    checkWithPromtool(options, folder.path(), out, cancel);
    out.newestSampleMs = std::max<qint64>(0, component->dataUntilMs - 1);
    const Result<quint16> port = freeLoopbackPort();
    if (!port)
        return port.error();
    if (report)
        report(u"start"_s, component->id, 0, -1);
    QElapsedTimer start;
    start.start();
    DrillServer server(options.prometheusProgram, folder.path(), *port);
    const Result<std::vector<GoldenResult>> golden = askServer(server, *port, *component, options, cancel);
    out.startSeconds = double(start.elapsed()) / 1000;
    out.rtoSeconds = double(clock.elapsed()) / 1000;
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    if (!golden)
        out.failure = golden.error();
    else
        out.golden = *golden;
    if (component->golden.empty())
        out.notes << u"the backup holds no golden queries: the server started, and that is all"_s;
    for (const GoldenResult& result : out.golden) {
        if (!result.same && !out.failure)
            out.failure = makeError(ErrorCode::Conflict, u"The restored server does not know what it knew"_s, result.expr + u": "_s + result.detail);
    }
    if (out.newestSampleMs > 0) {
        out.rpoAtBackupMs = std::max<qint64>(0, component->finishedAtMs - out.newestSampleMs);
        out.rpoNowMs = std::max<qint64>(0, Clock::system().nowMs() - out.newestSampleMs);
    }
    out.passed = !out.failure;
    return out;
}

} // namespace Promdeck::Backup
