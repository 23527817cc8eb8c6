#include "provisioning/ssh/sshhost.h"

#include "provisioning/host/shellquote.h"
#include "provisioning/ssh/sftpupload.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxJumps = 8;
constexpr qsizetype kWindow = 8 << 20;
constexpr qint64 kLargeFile = 4 << 20; ///< below, opening channels costs more than they bring
constexpr int kLanes = 4;

} // namespace

SshHost::SshHost(std::shared_ptr<SshConnection> connection, std::shared_ptr<SshPrompter> prompter)
    : m_connection(std::move(connection))
    , m_prompter(std::move(prompter))
{
}

QString SshHost::name() const
{
    return m_connection->target().name;
}

QString SshHost::address() const
{
    return m_connection->target().address();
}

Result<std::unique_ptr<Process>> SshHost::start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                                const CancelToken& cancel)
{
    Result<std::unique_ptr<SshChannel>> channel = m_connection->start(commandLine, limit, cancel, kWindow);
    if (!channel)
        return channel.error();
    return std::unique_ptr<Process>(std::move(*channel));
}

Status SshHost::putFile(ByteSource& source, const QByteArray& path, const PutOptions& options, const CancelToken& cancel)
{
    if (options.asRoot || m_noSftp || source.size() < kLargeFile)
        return ProcessHost::putFile(source, path, options, cancel);
    // A name that begins with a dash is no option for SFTP, but one for the commands that finish the work.
    const QByteArray target = path.startsWith('-') ? "./" + path : path;
    const QByteArray written = options.replace ? temporaryBeside(target) : target;
    // Waits for the end of its input, which comes when this returns and also when the connection is lost, and then removes
    // what was not renamed by then.
    Result<std::unique_ptr<SshChannel>> guard = makeError(ErrorCode::Unsupported, {});
    if (options.replace) {
        guard = m_connection->start("exec /bin/sh -c 'cat >/dev/null; rm -f -- \"$1\"' promdeck " + shellQuote(written),
                                    std::chrono::seconds(30), cancel);
        if (!guard)
            return withTarget(guard.error());
    }
    SftpUpload upload(*m_connection, kLanes);
    if (const Status opened = upload.open(written, cancel); !opened) {
        if (opened.error().code == ErrorCode::Cancelled || opened.error().code == ErrorCode::ConnectionLost)
            return withTarget(opened.error());
        m_noSftp = m_noSftp || opened.error().code == ErrorCode::Unsupported;
        // Nothing was read yet; the other way also knows better what is wrong with a path.
        return ProcessHost::putFile(source, path, options, cancel);
    }
    const Result<qint64> size = upload.write(source, options.progress, options.stall, cancel);
    if (size && *size == source.size())
        return finishPut(target, written, *size, options, cancel);
    return withTarget(size ? makeError(ErrorCode::Io, u"The source changed while it was read"_s) : size.error());
}

Result<QByteArray> SshHost::askSudoPassword(const CancelToken& cancel)
{
    SshQuestion question;
    question.kind = SshQuestion::Kind::SudoPassword;
    question.host = name();
    question.address = address();
    question.fields = {{QString(), false}};
    question.secretKey = u"ssh/sudo/"_s + address();
    {
        const std::lock_guard lock(m_askMutex);
        question.attempt = m_attempt;
    }
    const Result<SshAnswer> answer = askAndWait(m_prompter.get(), question, cancel);
    if (!answer)
        return answer.error();
    const std::lock_guard lock(m_askMutex);
    m_asked = {question, *answer};
    return answer->texts.value(0).toUtf8();
}

void SshHost::sudoPasswordWorked(bool worked)
{
    std::optional<std::pair<SshQuestion, SshAnswer>> asked;
    {
        const std::lock_guard lock(m_askMutex);
        asked.swap(m_asked);
        m_attempt = worked ? 0 : m_attempt + 1;
    }
    if (asked && m_prompter)
        m_prompter->settled(asked->first, asked->second, worked);
}

SshHosts::SshHosts(std::shared_ptr<SshPrompter> prompter, SshConfigSource source)
    : m_prompter(std::move(prompter))
    , m_source(std::move(source))
{
}

Result<std::shared_ptr<SshHost>> SshHosts::host(const QString& destination)
{
    Result<std::shared_ptr<SshConnection>> connected = connection(destination);
    if (!connected)
        return connected.error();
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<SshHost>& host = m_hosts[destination];
    if (!host)
        host = std::make_shared<SshHost>(*connected, m_prompter);
    return host;
}

Result<std::shared_ptr<SshConnection>> SshHosts::connection(const QString& destination)
{
    const std::lock_guard lock(m_mutex);
    return make(destination, {}, 0);
}

Result<std::shared_ptr<SshConnection>> SshHosts::make(const QString& destination, const std::shared_ptr<SshConnection>& via, int depth)
{
    if (depth > kMaxJumps)
        return makeError(ErrorCode::InvalidArgument, u"The jumps to %1 go in a circle"_s.arg(destination), {}, u"Correct ProxyJump in ~/.ssh/config"_s);
    // The same name is another connection when another host is passed on the way.
    const QString key = destination + (via ? u'\n' + QString::number(quintptr(via.get())) : QString());
    if (const auto it = m_connections.find(key); it != m_connections.end())
        return it->second;
    Result<SshTarget> target = resolveSshTarget(destination, m_source);
    if (!target)
        return target.error();
    std::shared_ptr<SshConnection> way = via;
    // A way that was given stands for the host's own jumps, as with ssh -J.
    if (!way) {
        for (const QString& jump : std::as_const(target->jumps)) {
            Result<std::shared_ptr<SshConnection>> next = make(jump, way, depth + 1);
            if (!next)
                return next.error();
            way = *next;
        }
    } else {
        target->proxyCommand.clear();
    }
    auto connection = std::make_shared<SshConnection>(std::move(*target), m_prompter, way);
    m_connections[key] = connection;
    return connection;
}

} // namespace Promdeck
