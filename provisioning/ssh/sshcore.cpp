#include "provisioning/ssh/sshcore.h"

#include "provisioning/ssh/dial.h"

#include <libssh/server.h> // ssh_send_keepalive

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr qsizetype kSendAhead = 512 << 10;
constexpr int kAttempts = 6; ///< of connecting again after a question
constexpr auto kConnectLimit = 15s;
constexpr auto kAliveInterval = 15s;

} // namespace

SshCore::SshCore(const SshTarget& target, std::shared_ptr<SshPrompter> prompter, std::shared_ptr<SshConnection> via)
    : m_target(target)
    , m_prompter(std::move(prompter))
    , m_via(std::move(via))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

SshCore::~SshCore()
{
    ::close(m_wake);
}

void SshCore::wake()
{
    if (!m_woken.exchange(true))
        (void)::eventfd_write(m_wake, 1);
}

void SshCore::stop()
{
    m_stopping = true;
    {
        const std::lock_guard lock(m_mutex);
        m_attempt.request_stop();
    }
    wake();
}

void SshCore::post(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    wake();
}

void SshCore::requestConnection(const std::shared_ptr<Waiter>& waiter)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiters.push_back(waiter);
    }
    wake();
}

void SshCore::drop(const std::shared_ptr<Waiter>& waiter)
{
    const std::lock_guard lock(m_mutex);
    waiter->dropped = true;
    if (std::all_of(m_waiters.begin(), m_waiters.end(), [](const auto& each) { return each->dropped; }))
        m_attempt.request_stop();
}

bool SshCore::hasWaiters()
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_waiters, [](const auto& each) { return each->dropped; });
    return !m_waiters.empty();
}

void SshCore::answerWaiters(const Status& status)
{
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(m_mutex);
        waiters.swap(m_waiters);
        std::erase_if(waiters, [](const auto& each) { return each->dropped; });
    }
    for (const auto& waiter : waiters)
        waiter->done(status);
}

Result<SshConnection::Proxy> SshCore::proxy()
{
    const std::lock_guard lock(m_mutex);
    if (!m_proxy) {
        Result<std::unique_ptr<SocksServer>> server = SocksServer::listen();
        if (!server)
            return server.error();
        m_proxy = SshConnection::Proxy {(*server)->port(), QString::fromLatin1((*server)->user()),
                                        QString::fromLatin1((*server)->password())};
        m_newSocks = std::move(*server);
        wake();
    }
    return *m_proxy;
}

void SshCore::run()
{
    while (!m_stopping) {
        takeWork();
        pumpSocks();
        bool moved = false;
        if (m_ready) {
            answerWaiters(Done {});
            moved = pumpAll();
        } else if (hasWaiters()) {
            connectNow();
            continue;
        }
        if (!m_stopping)
            pollOnce(!moved);
    }
    const Error over = makeError(ErrorCode::Cancelled, u"The connection to %1 was closed"_s.arg(m_target.name));
    close(over);
    takeWork(); // whoever came late gets an answer too
    close(over);
    answerWaiters(over);
    m_socks.reset();
}

void SshCore::takeWork()
{
    std::vector<std::function<void()>> work;
    {
        const std::lock_guard lock(m_mutex);
        work.swap(m_work);
        if (m_newSocks)
            m_socks = std::move(m_newSocks);
    }
    for (const auto& each : work)
        each();
}

Result<int> SshCore::dial(const CancelToken& cancel)
{
    const SshOptions& opts = m_target.options;
    const auto limit = opts.connectTimeout > 0 ? std::chrono::seconds(opts.connectTimeout) : std::chrono::seconds(kConnectLimit);
    if (m_via) {
        int pair[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
            return makeError(ErrorCode::Io, u"No more sockets"_s);
        const Status joined = m_via->forward(pair[1], opts.host.toUtf8(), opts.port, cancel);
        if (joined)
            return pair[0];
        ::close(pair[0]);
        Error error = joined.error();
        if (error.target.isEmpty())
            error.target = m_via->target().name;
        return error;
    }
    if (!m_target.proxyCommand.isEmpty())
        return dialCommand(m_target.proxyCommand.toLocal8Bit());
    return dialTcp(opts.host, opts.port, opts.family, opts.bindAddress, limit, cancel);
}

Status SshCore::attempt(SshLink::Memory& memory, const CancelToken& cancel)
{
    for (int round = 0;; ++round) {
        const Result<int> socket = dial(cancel);
        if (!socket)
            return socket.error();
        auto link = std::make_unique<SshLink>(m_target, m_prompter.get(), memory, cancel);
        const int seconds = m_target.options.connectTimeout;
        Status done = link->open(*socket, seconds > 0 ? std::chrono::seconds(seconds) : std::chrono::seconds(kConnectLimit));
        if (done)
            done = link->authenticate();
        if (done) {
            m_link = std::move(link);
            return Done {};
        }
        if (!link->lostWhileAsking() || round >= kAttempts)
            return done;
    }
}

void SshCore::connectNow()
{
    CancelToken cancel;
    {
        const std::lock_guard lock(m_mutex);
        m_attempt = std::stop_source();
        cancel = m_attempt.get_token();
    }
    if (m_stopping)
        return;
    SshLink::Memory memory;
    Status done = attempt(memory, cancel);
    if (!done && done.error().target.isEmpty())
        done.error().target = m_target.name;
    if (done) {
        m_event = ssh_event_new();
        ssh_event_add_session(m_event, m_link->session());
        m_counter = {};
        ssh_set_counters(m_link->session(), &m_counter, nullptr);
        m_seenBytes = 0;
        m_lastNews = Clock::now();
        m_nextProbe = m_lastNews + kAliveInterval;
        m_ready = true;
    }
    answerWaiters(done);
    if (!done)
        close(done.error());
}

void SshCore::addChannel(std::shared_ptr<SshChannelState> state)
{
    if (!m_ready) {
        const std::lock_guard lock(state->signal->mutex);
        state->error = makeError(ErrorCode::ConnectionLost, u"The connection to %1 is lost"_s.arg(m_target.name));
        state->closed = true;
        state->notify();
        return;
    }
    m_channels.push_back(std::make_unique<SshChannelPump>(m_link->session(), std::move(state)));
}

void SshCore::addForward(int socket, const QByteArray& host, int port, SshForward::Opened opened)
{
    if (!m_ready) {
        opened(makeError(ErrorCode::ConnectionLost, u"The connection to %1 is lost"_s.arg(m_target.name)));
        ::close(socket);
        return;
    }
    m_forwards.push_back(std::make_unique<SshForward>(m_link->session(), socket, host, port, std::move(opened)));
}

void SshCore::close(const Error& error)
{
    m_ready = false;
    for (const auto& channel : m_channels)
        channel->fail(error);
    for (const auto& forward : m_forwards)
        forward->fail(error);
    m_channels.clear();
    m_forwards.clear();
    if (m_event) {
        ssh_event_remove_session(m_event, m_link->session());
        ssh_event_free(m_event);
        m_event = nullptr;
    }
    m_link.reset();
}

/// True when packets were read on the way: they may be for a channel that had its turn already.
bool SshCore::pumpAll()
{
    const uint64_t before = m_counter.in_bytes;
    // libssh keeps what the socket does not take in one buffer and moves all of it for every packet that joins: nothing is
    // added before that buffer is empty.
    qsizetype budget = (ssh_get_poll_flags(m_link->session()) & SSH_WRITE_PENDING) ? 0 : kSendAhead;
    std::erase_if(m_channels, [&budget](const auto& channel) { return !channel->pump(budget); });
    if (m_channels.size() > 1)
        std::rotate(m_channels.begin(), m_channels.begin() + 1, m_channels.end()); // nobody is always first
    std::erase_if(m_forwards, [](const auto& forward) { return !forward->pump(); });
    const bool moved = m_counter.in_bytes != before;
    keepAlive();
    return moved;
}

void SshCore::pumpSocks()
{
    if (!m_socks)
        return;
    m_socks->pump([this](const SocksServer::Request& request) {
        const auto join = [this, request](const Status& connected) {
            if (!connected) {
                SocksServer::refuse(request.socket, connected.error());
                ::close(request.socket);
                return;
            }
            addForward(request.socket, request.host, request.port, [socket = request.socket](const Status& opened) {
                if (opened)
                    SocksServer::accept(socket);
                else
                    SocksServer::refuse(socket, opened.error());
            });
        };
        if (m_ready)
            join(Done {});
        else
            requestConnection(std::make_shared<Waiter>(Waiter {join}));
    });
}

void SshCore::keepAlive()
{
    const auto now = Clock::now();
    const SshOptions& opts = m_target.options;
    const auto interval = opts.aliveInterval > 0 ? std::chrono::seconds(opts.aliveInterval) : std::chrono::seconds(kAliveInterval);
    if (m_counter.in_bytes != m_seenBytes) {
        m_seenBytes = m_counter.in_bytes;
        m_lastNews = now;
        m_nextProbe = now + interval;
        return;
    }
    if (now < m_nextProbe)
        return;
    if (now - m_lastNews >= interval * (std::max(1, opts.aliveCountMax) + 1)) {
        close(makeError(ErrorCode::ConnectionLost, u"%1 no longer answers"_s.arg(m_target.name), {}, u"Check the network"_s));
        return;
    }
    // The first call collects the answer to the last probe, when there was one.
    ssh_send_keepalive(m_link->session());
    ssh_send_keepalive(m_link->session());
    m_nextProbe = now + interval;
}

void SshCore::pollOnce(bool mayWait)
{
    std::vector<pollfd> list {{m_wake, POLLIN, 0}};
    if (m_socks) {
        for (const int fd : m_socks->sockets())
            list.push_back({fd, POLLIN, 0});
    }
    qint64 patience = -1;
    std::size_t sessionAt = 0;
    if (m_ready) {
        const int flags = ssh_get_poll_flags(m_link->session());
        sessionAt = list.size();
        list.push_back({ssh_get_fd(m_link->session()), short(POLLIN | ((flags & SSH_WRITE_PENDING) ? POLLOUT : 0)), 0});
        for (const auto& forward : m_forwards) {
            if (const short events = forward->pollEvents())
                list.push_back({forward->socket(), events, 0});
        }
        patience = std::clamp<qint64>(std::chrono::ceil<std::chrono::milliseconds>(m_nextProbe - Clock::now()).count(), 0, 60000);
    }
    ::poll(list.data(), list.size(), mayWait ? int(patience) : 0);
    if (list[0].revents != 0) {
        eventfd_t count = 0;
        (void)::eventfd_read(m_wake, &count);
        m_woken = false;
    }
    if (!m_ready || list[sessionAt].revents == 0)
        return;
    // libssh reads 4 KiB at a time.
    for (int i = 0; i < 64; ++i) {
        const int rc = ssh_event_dopoll(m_event, 0);
        if (rc == SSH_AGAIN)
            break;
        if (rc == SSH_ERROR || !ssh_is_connected(m_link->session())) {
            close(makeError(ErrorCode::ConnectionLost, u"The connection to %1 was lost"_s.arg(m_target.name),
                            QString::fromUtf8(ssh_get_error(m_link->session())), u"Try again; it is made anew"_s));
            break;
        }
    }
}

} // namespace Promdeck::Internal
