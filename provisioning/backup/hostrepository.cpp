#include "provisioning/backup/bytepipe.h"
#include "provisioning/backup/repository.h"

#include <QSysInfo>

#include <cerrno>
#include <thread>

#include <signal.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView kPartSuffix(".part");

/// Of this machine, short enough for a file name.
QByteArray machineMark()
{
    return QSysInfo::machineUniqueId().left(8).toHex().left(8);
}

Error said(const CommandOutput& output, const QString& what)
{
    return makeError(output.exitCode == 44 ? ErrorCode::NotFound : ErrorCode::Io, what,
                     QString::fromUtf8(output.standardError.left(400)).trimmed());
}

/// A file of the host as a source: it arrives on a thread of its own.
class HostFileSource final : public ByteSource
{
public:
    HostFileSource(std::shared_ptr<Host> host, const QByteArray& path, qint64 size) : m_pipe(m_stop.get_token()), m_size(size)
    {
        m_thread = std::thread([this, host = std::move(host), path] {
            const Status done = host->getFile(path, m_pipe.sink(), {}, m_stop.get_token());
            m_pipe.closeWriting(done);
        });
    }

    ~HostFileSource() override
    {
        m_stop.request_stop();
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(HostFileSource)

    Result<qint64> read(char* data, qint64 capacity) override { return m_pipe.source().read(data, capacity); }
    [[nodiscard]] qint64 size() const override { return m_size; }

private:
    std::stop_source m_stop;
    BytePipe m_pipe;
    qint64 m_size;
    std::thread m_thread;
};

class HostUpload final : public RepositoryUpload
{
public:
    HostUpload(std::shared_ptr<Host> host, QByteArray folder, QByteArray name)
        : m_host(std::move(host)), m_folder(std::move(folder)), m_name(std::move(name)), m_pipe(m_stop.get_token())
    {
        m_part = m_folder + '/' + m_name + '.' + machineMark() + '-' + QByteArray::number(::getpid()) + QByteArray(kPartSuffix.data());
        m_thread = std::thread([this] {
            PutOptions options;
            options.replace = false; // its name says that it is not complete
            m_sent = m_host->putFile(m_pipe.source(), m_part, options, m_stop.get_token());
            m_pipe.closeReading(m_sent ? makeError(ErrorCode::Internal, u"The upload has ended"_s) : m_sent.error());
        });
    }

    ~HostUpload() override
    {
        m_stop.request_stop();
        if (m_thread.joinable())
            m_thread.join();
        if (m_published)
            return;
        QList<QByteArray> argv {"rm", "-f", "--", m_part};
        for (const QByteArray& side : m_sideFiles)
            argv << side;
        Command command;
        command.argv = argv;
        static_cast<void>(m_host->run(command));
    }
    Q_DISABLE_COPY_MOVE(HostUpload)

    Status write(const char* data, qint64 size) override { return m_pipe.sink().write(data, size); }

    Status finishWriting(const CancelToken&) override
    {
        m_pipe.closeWriting();
        m_thread.join();
        return m_sent;
    }

    Result<std::unique_ptr<ByteSource>> readBack(const CancelToken&) override
    {
        return std::unique_ptr<ByteSource>(std::make_unique<HostFileSource>(m_host, m_part, -1));
    }

    Status publish(const std::vector<SideFile>& sideFiles, const CancelToken& cancel) override
    {
        for (const SideFile& side : sideFiles) {
            const QByteArray path = m_folder + '/' + side.name.toUtf8();
            m_sideFiles << path;
            BufferSource source(side.content);
            if (const Status put = m_host->putFile(source, path, {}, cancel); !put)
                return put;
        }
        Command command;
        command.argv = {"mv", "-f", "--", m_part, m_folder + '/' + m_name};
        const Result<CommandOutput> moved = m_host->run(command, cancel);
        if (!moved)
            return moved.error();
        if (!moved->ok())
            return said(*moved, u"The backup cannot be given its name"_s);
        m_published = true;
        return Done {};
    }

private:
    std::shared_ptr<Host> m_host;
    QByteArray m_folder;
    QByteArray m_name;
    QByteArray m_part;
    QList<QByteArray> m_sideFiles;
    std::stop_source m_stop;
    BytePipe m_pipe;
    Status m_sent;
    bool m_published = false;
    std::thread m_thread;
};

class HostRepository final : public Repository
{
public:
    HostRepository(std::shared_ptr<Host> host, QByteArray folder) : m_host(std::move(host)), m_folder(std::move(folder)) {}

    [[nodiscard]] QString description() const override { return m_host->name() + u':' + QString::fromUtf8(m_folder); }

    Result<std::vector<StoredObject>> list(const CancelToken& cancel) override
    {
        const Result<CommandOutput> output = m_host->runScript(
            "cd -- \"$1\" 2>/dev/null || exit 44\n"
            "for f in *; do [ -f \"$f\" ] && stat -c '%s %Y %n' -- \"$f\"; done\nexit 0\n",
            {m_folder}, {}, cancel);
        if (!output)
            return output.error();
        if (!output->ok())
            return said(*output, u"The folder of the backups is not there"_s);
        std::vector<StoredObject> found;
        for (const QByteArray& line : output->standardOutput.split('\n')) {
            const QList<QByteArray> fields = line.split(' ');
            const QString name = QString::fromUtf8(fields.mid(2).join(' '));
            if (fields.size() >= 3 && isObjectName(name) && !name.endsWith(kPartSuffix))
                found.push_back({name, fields[0].toLongLong(), fields[1].toLongLong() * 1000});
        }
        return found;
    }

    Result<std::unique_ptr<RepositoryUpload>> upload(const QString& name, const CancelToken& cancel) override
    {
        if (!isObjectName(name))
            return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no name for a backup"_s.arg(name));
        if (const Status made = makeFolder(cancel); !made)
            return made.error();
        return std::unique_ptr<RepositoryUpload>(std::make_unique<HostUpload>(m_host, m_folder, name.toUtf8()));
    }

    Result<std::unique_ptr<ByteSource>> open(const QString& name, const CancelToken& cancel) override
    {
        Command command;
        command.argv = {"stat", "-c", "%s", "--", path(name)};
        const Result<CommandOutput> output = m_host->run(command, cancel);
        if (!output)
            return output.error();
        if (!isObjectName(name) || !output->ok())
            return makeError(ErrorCode::NotFound, u"There is no backup named \"%1\""_s.arg(name));
        return std::unique_ptr<ByteSource>(std::make_unique<HostFileSource>(m_host, path(name), output->standardOutput.trimmed().toLongLong()));
    }

    Result<QByteArray> readSmall(const QString& name, qint64 limit, const CancelToken& cancel) override
    {
        return m_host->readFile(path(name), limit, false, cancel);
    }

    Status writeSmall(const SideFile& file, const CancelToken& cancel) override
    {
        BufferSource source(file.content);
        return m_host->putFile(source, path(file.name), {}, cancel);
    }

    Status remove(const QString& name, const CancelToken& cancel) override
    {
        if (!isObjectName(name))
            return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no name for a backup"_s.arg(name));
        Command command;
        command.argv = {"rm", "-f", "--", path(name)};
        const Result<CommandOutput> output = m_host->run(command, cancel);
        if (!output)
            return output.error();
        return output->ok() ? Status(Done {}) : Status(said(*output, u"The backup cannot be removed"_s));
    }

    /// What runs of this machine left is known by their process; other machines' after a day.
    Status removeLeftovers(const CancelToken& cancel) override
    {
        if (const Status made = makeFolder(cancel); !made)
            return made;
        const Result<CommandOutput> output = m_host->runScript("cd -- \"$1\" || exit 44\nls -1\n", {m_folder}, {}, cancel);
        if (!output)
            return output.error();
        const QString mark = u'.' + QString::fromLatin1(machineMark()) + u'-';
        QList<QByteArray> dead;
        for (const QByteArray& line : output->standardOutput.split('\n')) {
            const QString name = QString::fromUtf8(line);
            const qsizetype at = name.lastIndexOf(mark);
            if (!isObjectName(name) || !name.endsWith(kPartSuffix) || at < 0)
                continue;
            const auto pid = pid_t(name.mid(at + mark.size()).chopped(kPartSuffix.size()).toInt());
            if (pid > 0 && pid != ::getpid() && ::kill(pid, 0) != 0 && errno == ESRCH)
                dead << line;
        }
        const Result<CommandOutput> removed = m_host->runScript(R"sh(
cd -- "$1" || exit 44
shift
[ $# = 0 ] || rm -f -- "$@" || exit 1
find . -name '*.mgrb.*.part' -mmin +1440 -exec rm -f -- {} +
for f in *.mgrb.sha256; do
    [ -f "$f" ] || continue
    name=${f%.mgrb.sha256}
    [ -f "$name.mgrb" ] && continue
    alive=
    for part in "$name".mgrb.*.part; do [ -f "$part" ] && alive=yes; done
    [ -n "$alive" ] || rm -f -- "$f" "$name.json"
done
exit 0
)sh",
                                                               QList<QByteArray> {m_folder} + dead, {}, cancel);
        if (!removed)
            return removed.error();
        return removed->ok() ? Status(Done {}) : Status(said(*removed, u"Leftovers cannot be removed"_s));
    }

private:
    [[nodiscard]] QByteArray path(const QString& name) const { return m_folder + '/' + name.toUtf8(); }

    Status makeFolder(const CancelToken& cancel)
    {
        Command command;
        command.argv = {"mkdir", "-p", "--", m_folder};
        const Result<CommandOutput> output = m_host->run(command, cancel);
        if (!output)
            return output.error();
        return output->ok() ? Status(Done {}) : Status(said(*output, u"The folder for backups cannot be made"_s));
    }

    std::shared_ptr<Host> m_host;
    QByteArray m_folder;
};

} // namespace

std::unique_ptr<Repository> openHostRepository(std::shared_ptr<Host> host, const QByteArray& folder)
{
    return std::make_unique<HostRepository>(std::move(host), folder);
}

} // namespace Promdeck::Backup
