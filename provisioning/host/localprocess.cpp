#include "provisioning/host/localprocess.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

void closeDescriptor(int& fd)
{
    if (fd >= 0)
        ::close(fd);
    fd = -1;
}

Error systemError(const QString& what)
{
    return makeError(ErrorCode::Io, what, QString::fromLocal8Bit(std::strerror(errno)));
}

/// The child starts with default signals: the parent ignores SIGPIPE.
int spawnShell(int* pid, const QByteArray& commandLine, int input, int output, int error)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, error, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    QByteArray shell("/bin/sh");
    QByteArray option("-c");
    QByteArray line = commandLine;
    char* const argv[] = {shell.data(), option.data(), line.data(), nullptr};
    const int failed = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

} // namespace

Result<std::unique_ptr<Process>> LocalProcess::start(const QByteArray& commandLine)
{
    // A write to a program that has ended is an error here, not the end of this program.
    static const bool ignored = ::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
    Q_UNUSED(ignored)
    std::unique_ptr<LocalProcess> process(new LocalProcess);
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    const bool piped = ::pipe2(in, O_CLOEXEC) == 0 && ::pipe2(out, O_CLOEXEC) == 0 && ::pipe2(err, O_CLOEXEC) == 0;
    process->m_input = in[1];
    process->m_output = out[0];
    process->m_error = err[0];
    process->m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const int failed = piped ? spawnShell(&process->m_pid, commandLine, in[0], out[1], err[1]) : errno;
    for (int fd : {in[0], out[1], err[1]})
        closeDescriptor(fd);
    if (failed != 0) {
        process->m_pid = -1;
        errno = failed;
        return systemError(u"The command could not be started"_s);
    }
    for (const int fd : {process->m_input, process->m_output, process->m_error})
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    process->m_child = int(::syscall(SYS_pidfd_open, process->m_pid, 0));
    return std::unique_ptr<Process>(std::move(process));
}

LocalProcess::~LocalProcess()
{
    if (m_pid > 0 && !exitCode()) {
        ::kill(-m_pid, SIGKILL);
        int status = 0;
        ::waitpid(m_pid, &status, 0);
    }
    for (int* fd : {&m_input, &m_output, &m_error, &m_child, &m_wake})
        closeDescriptor(*fd);
}

Result<qint64> LocalProcess::write(const char* data, qint64 size)
{
    if (m_input < 0)
        return size;
    const ssize_t count = ::write(m_input, data, size_t(size));
    if (count >= 0)
        return qint64(count);
    if (errno == EAGAIN || errno == EINTR)
        return qint64(0);
    closeDescriptor(m_input);
    return size;
}

void LocalProcess::closeInput()
{
    closeDescriptor(m_input);
}

Result<qint64> LocalProcess::read(Stream stream, char* data, qint64 capacity)
{
    int& fd = descriptor(stream);
    if (fd < 0)
        return qint64(0);
    const ssize_t count = ::read(fd, data, size_t(capacity));
    if (count > 0)
        return qint64(count);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return qint64(0);
    closeDescriptor(fd);
    return qint64(0);
}

bool LocalProcess::atEnd(Stream stream) const
{
    return (stream == Stream::Output ? m_output : m_error) < 0;
}

std::optional<int> LocalProcess::exitCode()
{
    if (!m_exitCode && m_pid > 0) {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) == m_pid)
            m_exitCode = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return m_exitCode;
}

Status LocalProcess::wait(bool wantRoom, std::chrono::milliseconds limit, const CancelToken& cancel)
{
    const std::stop_callback wake(cancel, [fd = m_wake] { (void)::eventfd_write(fd, 1); });
    // Programs in the background may hold the outputs open; the end of the child itself matters only once both
    // are closed, else it would wake us for nothing.
    const bool outputsClosed = m_output < 0 && m_error < 0;
    pollfd list[] = {{m_wake, POLLIN, 0},
                     {m_output, POLLIN, 0},
                     {m_error, POLLIN, 0},
                     {wantRoom ? m_input : -1, POLLOUT, 0},
                     {outputsClosed ? m_child : -1, POLLIN, 0}};
    ::poll(list, std::size(list), int(std::min<qint64>(limit.count(), 3600 * 1000)));
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    return Done {};
}

} // namespace Promdeck
