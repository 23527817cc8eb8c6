#include "provisioning/ssh/sshchannel.h"

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype kToHostLimit = 1 << 20;
constexpr qsizetype kFromHostLimit = 4 << 20;
constexpr qsizetype kBatch = 256 << 10; ///< into libssh between two writes to the socket

Error channelError(ssh_session session, const QString& what)
{
    return makeError(ErrorCode::Unsupported, what, QString::fromUtf8(ssh_get_error(session)));
}

int exitCodeOfSignal(const char* name)
{
    static const std::pair<const char*, int> signals[] = {{"HUP", 1},   {"INT", 2},   {"QUIT", 3}, {"ILL", 4},  {"ABRT", 6},
                                                          {"FPE", 8},   {"KILL", 9},  {"USR1", 10}, {"SEGV", 11}, {"USR2", 12},
                                                          {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15}};
    for (const auto& [known, number] : signals) {
        if (qstrcmp(name, known) == 0)
            return 128 + number;
    }
    return 255;
}

} // namespace

SshChannelPump::SshChannelPump(ssh_session session, std::shared_ptr<SshChannelState> state)
    : m_session(session)
    , m_channel(ssh_channel_new(session))
    , m_state(std::move(state))
{
    m_callbacks.userdata = this;
    m_callbacks.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* self) {
        static_cast<SshChannelPump*>(self)->m_exitCode = status;
    };
    m_callbacks.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* name, int, const char*, const char*, void* self) {
        static_cast<SshChannelPump*>(self)->m_exitCode = exitCodeOfSignal(name);
    };
    ssh_callbacks_init(&m_callbacks);
    if (m_channel)
        ssh_set_channel_callbacks(m_channel, &m_callbacks);
}

SshChannelPump::~SshChannelPump()
{
    if (!m_channel)
        return;
    ssh_remove_channel_callbacks(m_channel, &m_callbacks);
    ssh_channel_free(m_channel);
}

void SshChannelPump::fail(const Error& error)
{
    m_phase = Phase::Over;
    const std::lock_guard lock(m_state->signal->mutex);
    if (m_state->closed)
        return;
    m_state->error = error;
    m_state->closed = true;
    m_state->notify();
}

void SshChannelPump::finish()
{
    m_phase = Phase::Over;
    const std::lock_guard lock(m_state->signal->mutex);
    m_state->ended[0] = m_state->ended[1] = true;
    // A server that says nothing about the exit has lost the command.
    m_state->exitCode = m_exitCode.value_or(255);
    m_state->closed = true;
    m_state->notify();
}

bool SshChannelPump::advance()
{
    if (!m_channel) {
        fail(channelError(m_session, u"The session takes no more commands"_s));
        return false;
    }
    if (m_phase == Phase::Opening) {
        const int rc = ssh_channel_open_session(m_channel);
        if (rc == SSH_AGAIN)
            return true;
        if (rc != SSH_OK) {
            fail(channelError(m_session, u"The host starts no more commands"_s));
            return false;
        }
        m_phase = Phase::Requesting;
    }
    if (m_phase == Phase::Requesting) {
        const bool exec = m_state->kind == SshChannelState::Kind::Exec;
        const int rc = exec ? ssh_channel_request_exec(m_channel, m_state->text.constData())
                            : ssh_channel_request_subsystem(m_channel, m_state->text.constData());
        if (rc == SSH_AGAIN)
            return true;
        if (rc != SSH_OK) {
            fail(channelError(m_session, exec ? u"The host refuses to run commands"_s : u"The host has no such subsystem"_s));
            return false;
        }
        m_phase = Phase::Running;
        const std::lock_guard lock(m_state->signal->mutex);
        m_state->opened = true;
        m_state->notify();
    }
    return true;
}

bool SshChannelPump::pump(qsizetype& budget)
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        if (m_state->abandoned)
            return false;
    }
    if (m_phase == Phase::Over || !advance())
        return false;
    if (m_phase != Phase::Running)
        return true;
    receive();
    send(budget);
    const bool drained = ssh_channel_is_eof(m_channel);
    if (drained && ssh_channel_is_closed(m_channel)) {
        finish();
        return false;
    }
    return true;
}

void SshChannelPump::send(qsizetype& budget)
{
    bool taken = false;
    while (budget > 0 && !m_eofSent) {
        if (m_sent == m_block.size()) {
            const std::lock_guard lock(m_state->signal->mutex);
            if (m_state->toHost.isEmpty()) {
                if (m_state->inputClosed && ssh_channel_send_eof(m_channel) == SSH_OK)
                    m_eofSent = true;
                break;
            }
            m_block.resize(std::min(kBatch, m_state->toHost.size()));
            m_state->toHost.take(m_block.data(), m_block.size());
            m_sent = 0;
            taken = true;
        }
        const qsizetype size = std::min(budget, m_block.size() - m_sent);
        const int count = ssh_channel_write(m_channel, m_block.constData() + m_sent, quint32(size));
        if (count < 0) {
            // The command reads no more: what is left is dropped, and its exit says the rest.
            const std::lock_guard lock(m_state->signal->mutex);
            m_state->toHost = BlockQueue();
            m_sent = m_block.size();
            m_eofSent = true;
            taken = true;
            break;
        }
        m_sent += count;
        budget -= count;
        if (count < size)
            break; // the host's window is full
    }
    if (taken) {
        const std::lock_guard lock(m_state->signal->mutex);
        m_state->notify();
    }
}

void SshChannelPump::receive()
{
    const bool out = receive(0);
    const bool err = receive(1);
    if (out || err) {
        const std::lock_guard lock(m_state->signal->mutex);
        m_state->notify();
    }
}

bool SshChannelPump::receive(int stream)
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        if (m_state->fromHost[stream].size() >= kFromHostLimit) {
            m_state->throttled = true;
            return false;
        }
    }
    const int waiting = ssh_channel_poll(m_channel, stream);
    if (waiting <= 0) {
        const std::lock_guard lock(m_state->signal->mutex);
        if (waiting == SSH_EOF && !m_state->ended[stream]) {
            m_state->ended[stream] = true;
            return true;
        }
        return false;
    }
    QByteArray block(waiting, Qt::Uninitialized);
    // Asking for more than there is widens the window in libssh, whose own would hold back long lines.
    quint32 wanted = quint32(waiting);
    if (stream == 0 && m_state->window > 0 && m_sinceGrowth >= m_state->window / 4) {
        wanted = quint32(m_state->window);
        m_sinceGrowth = 0;
    }
    const int count = ssh_channel_read_timeout(m_channel, block.data(), std::max(wanted, quint32(waiting)), stream, 0);
    if (count <= 0)
        return false;
    block.truncate(count);
    m_sinceGrowth += count;
    const std::lock_guard lock(m_state->signal->mutex);
    m_state->fromHost[stream].append(std::move(block));
    return true;
}

SshChannel::SshChannel(std::shared_ptr<SshChannelState> state, std::shared_ptr<SshWaker> session)
    : m_state(std::move(state))
    , m_session(std::move(session))
{
}

SshChannel::~SshChannel()
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        m_state->abandoned = true;
    }
    m_session->wake();
}

Result<qint64> SshChannel::write(const char* data, qint64 size)
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        if (m_state->error)
            return *m_state->error;
        if (m_state->closed)
            return size;
        const qint64 room = kToHostLimit - m_state->toHost.size();
        size = std::min(size, room);
        if (size <= 0)
            return qint64(0);
        m_state->toHost.append(QByteArray(data, size));
    }
    m_session->wake();
    return size;
}

Status SshChannel::writeBlock(QByteArray block)
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        if (m_state->error)
            return *m_state->error;
        if (m_state->closed)
            return makeError(ErrorCode::ConnectionLost, u"The host ended the transfer"_s);
        m_state->toHost.append(std::move(block));
    }
    m_session->wake();
    return Done {};
}

qsizetype SshChannel::queued() const
{
    const std::lock_guard lock(m_state->signal->mutex);
    return m_state->toHost.size();
}

void SshChannel::closeInput()
{
    {
        const std::lock_guard lock(m_state->signal->mutex);
        m_state->inputClosed = true;
    }
    m_session->wake();
}

Result<qint64> SshChannel::read(Stream stream, char* data, qint64 capacity)
{
    const int index = stream == Stream::Output ? 0 : 1;
    bool wasThrottled = false;
    qint64 count = 0;
    {
        const std::lock_guard lock(m_state->signal->mutex);
        count = m_state->fromHost[index].take(data, capacity);
        if (count == 0 && m_state->error)
            return *m_state->error;
        wasThrottled = std::exchange(m_state->throttled, false);
    }
    if (wasThrottled)
        m_session->wake();
    return count;
}

bool SshChannel::atEnd(Stream stream) const
{
    const int index = stream == Stream::Output ? 0 : 1;
    const std::lock_guard lock(m_state->signal->mutex);
    return m_state->ended[index] && m_state->fromHost[index].isEmpty();
}

std::optional<int> SshChannel::exitCode()
{
    const std::lock_guard lock(m_state->signal->mutex);
    return m_state->closed ? m_state->exitCode : std::nullopt;
}

Status SshChannel::wait(bool wantRoom, std::chrono::milliseconds limit, const CancelToken& cancel)
{
    std::unique_lock lock(m_state->signal->mutex);
    m_state->signal->changed.wait_for(lock, cancel, limit, [&] {
        return m_state->closed || !m_state->fromHost[0].isEmpty() || !m_state->fromHost[1].isEmpty()
            || (wantRoom && m_state->toHost.size() < kToHostLimit);
    });
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    return Done {};
}

Status SshChannel::waitOpen(std::chrono::milliseconds limit, const CancelToken& cancel)
{
    std::unique_lock lock(m_state->signal->mutex);
    const bool done = m_state->signal->changed.wait_for(lock, cancel, limit, [&] { return m_state->opened || m_state->closed; });
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    if (!done)
        return makeError(ErrorCode::Timeout, u"The host does not start the command"_s);
    if (m_state->error)
        return *m_state->error;
    return Done {};
}

} // namespace Promdeck
