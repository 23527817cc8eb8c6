#include "provisioning/ssh/dial.h"

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kStagger = 250ms;

struct Addresses
{
    int code = 0;
    std::vector<std::pair<sockaddr_storage, socklen_t>> list;
    std::vector<int> families;
};

Addresses resolve(const std::string& host, int port, int family)
{
    addrinfo hints {};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    Addresses out;
    out.code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    for (const addrinfo* it = out.code == 0 ? found : nullptr; it; it = it->ai_next) {
        sockaddr_storage address {};
        std::memcpy(&address, it->ai_addr, it->ai_addrlen);
        out.list.emplace_back(address, it->ai_addrlen);
    }
    if (out.code == 0)
        ::freeaddrinfo(found);
    return out;
}

/// getaddrinfo cannot be stopped, so it runs on a thread that is left behind when nobody waits any more.
Result<Addresses> resolveWithin(const QString& host, int port, int family, Clock::time_point end, const CancelToken& cancel)
{
    struct Shared
    {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::optional<Addresses> answer;
    };
    const auto shared = std::make_shared<Shared>();
    std::thread([shared, name = host.toStdString(), port, family] {
        Addresses answer = resolve(name, port, family);
        const std::lock_guard lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->changed.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    if (shared->changed.wait_until(lock, cancel, end, [&] { return shared->answer.has_value(); }))
        return std::move(*shared->answer);
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    return makeError(ErrorCode::Timeout, u"The name %1 was not resolved in time"_s.arg(host));
}

Error connectError(int code, const QString& host, int port)
{
    const QString where = u"%1 port %2"_s.arg(host).arg(port);
    const QString why = QString::fromLocal8Bit(std::strerror(code));
    if (code == ECONNREFUSED)
        return makeError(ErrorCode::ConnectionRefused, u"Nothing listens at %1"_s.arg(where), why, u"Check the port, and that sshd runs"_s);
    if (code == ETIMEDOUT)
        return makeError(ErrorCode::Timeout, u"%1 does not answer"_s.arg(where), why);
    return makeError(ErrorCode::ConnectionLost, u"%1 cannot be reached"_s.arg(where), why);
}

/// Sockets on their way; closes those that lose.
struct Attempts
{
    std::vector<int> sockets;
    ~Attempts()
    {
        for (const int fd : sockets)
            ::close(fd);
    }
};

int startConnecting(const std::pair<sockaddr_storage, socklen_t>& address, const QString& bindAddress, int* failed)
{
    const int fd = ::socket(address.first.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        *failed = errno;
        return -1;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (!bindAddress.isEmpty()) {
        const Addresses local = resolve(bindAddress.toStdString(), 0, address.first.ss_family);
        if (!local.list.empty())
            ::bind(fd, reinterpret_cast<const sockaddr*>(&local.list[0].first), local.list[0].second);
    }
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address.first), address.second) != 0 && errno != EINPROGRESS) {
        *failed = errno;
        ::close(fd);
        return -1;
    }
    return fd;
}

} // namespace

Result<int> dialTcp(const QString& host, int port, SshOptions::Family family, const QString& bindAddress,
                    std::chrono::milliseconds limit, const CancelToken& cancel)
{
    const Clock::time_point end = Clock::now() + limit;
    const int wanted = family == SshOptions::Family::Inet ? AF_INET
        : family == SshOptions::Family::Inet6             ? AF_INET6
                                                          : AF_UNSPEC;
    const Result<Addresses> addresses = resolveWithin(host, port, wanted, end, cancel);
    if (!addresses)
        return addresses.error();
    if (addresses->code != 0) {
        return makeError(ErrorCode::DnsFailure, u"The name %1 does not resolve"_s.arg(host),
                         QString::fromLocal8Bit(::gai_strerror(addresses->code)),
                         u"Check the name, or give it in ~/.ssh/config"_s);
    }
    const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const std::stop_callback onCancel(cancel, [wake] { (void)::eventfd_write(wake, 1); });
    struct Closer
    {
        int fd;
        ~Closer() { ::close(fd); }
    } closer {wake};
    Attempts attempts;
    std::size_t next = 0;
    int failed = ETIMEDOUT;
    Clock::time_point nextAt = Clock::now();
    while (true) {
        const Clock::time_point now = Clock::now();
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        if (now >= end)
            return makeError(ErrorCode::Timeout, u"%1 port %2 does not answer"_s.arg(host).arg(port));
        if (next < addresses->list.size() && (now >= nextAt || attempts.sockets.empty())) {
            const int fd = startConnecting(addresses->list[next++], bindAddress, &failed);
            if (fd >= 0)
                attempts.sockets.push_back(fd);
            nextAt = now + kStagger;
            continue;
        }
        if (attempts.sockets.empty())
            return connectError(failed, host, port);
        std::vector<pollfd> list {{wake, POLLIN, 0}};
        for (const int fd : attempts.sockets)
            list.push_back({fd, POLLOUT, 0});
        const auto until = next < addresses->list.size() ? std::min(end, nextAt) : end;
        const auto patience = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
        ::poll(list.data(), list.size(), int(std::clamp<qint64>(patience, 0, 60000)));
        for (std::size_t i = list.size() - 1; i >= 1; --i) {
            if (list[i].revents == 0)
                continue;
            int error = 0;
            socklen_t size = sizeof error;
            ::getsockopt(list[i].fd, SOL_SOCKET, SO_ERROR, &error, &size);
            attempts.sockets.erase(attempts.sockets.begin() + qsizetype(i) - 1);
            if (error == 0)
                return list[i].fd;
            failed = error;
            ::close(list[i].fd);
        }
    }
}

Result<int> dialCommand(const QByteArray& commandLine)
{
    int pair[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return makeError(ErrorCode::Io, u"The proxy command could not be started"_s, QString::fromLocal8Bit(std::strerror(errno)));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], 0);
    posix_spawn_file_actions_adddup2(&actions, pair[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    QByteArray shell("/bin/sh");
    QByteArray option("-c");
    QByteArray line = "exec " + commandLine;
    char* const argv[] = {shell.data(), option.data(), line.data(), nullptr};
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, "/bin/sh", &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pair[1]);
    if (failed != 0) {
        ::close(pair[0]);
        return makeError(ErrorCode::Io, u"The proxy command could not be started"_s, QString::fromLocal8Bit(std::strerror(failed)));
    }
    // Reaps it whenever it ends, without anybody having to wait.
    std::thread([pid] {
        int status = 0;
        ::waitpid(pid, &status, 0);
    }).detach();
    ::fcntl(pair[0], F_SETFL, ::fcntl(pair[0], F_GETFL) | O_NONBLOCK);
    return pair[0];
}

} // namespace Promdeck
