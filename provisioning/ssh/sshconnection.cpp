#include "provisioning/ssh/sshconnection.h"

#include "provisioning/ssh/sshcore.h"

#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Internal::SshCore;

namespace {

/// A status that another thread brings.
struct Outcome
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Status> status;

    void set(const Status& given)
    {
        const std::lock_guard lock(mutex);
        status = given;
        changed.notify_all();
    }
};

} // namespace

SshConnection::SshConnection(SshTarget target, std::shared_ptr<SshPrompter> prompter, std::shared_ptr<SshConnection> via)
    : m_target(std::move(target))
    , m_core(std::make_shared<SshCore>(m_target, std::move(prompter), std::move(via)))
    , m_thread([core = m_core] { core->run(); })
{
}

SshConnection::~SshConnection()
{
    m_core->stop();
    m_thread.join();
}

bool SshConnection::isConnected() const
{
    return m_core->isReady();
}

void SshConnection::connectLater(std::function<void(const Status&)> done)
{
    if (m_core->isReady()) {
        done(Done {});
        return;
    }
    m_core->requestConnection(std::make_shared<SshCore::Waiter>(SshCore::Waiter {std::move(done)}));
}

Status SshConnection::connect(const CancelToken& cancel)
{
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    if (m_core->isReady())
        return Done {};
    const auto outcome = std::make_shared<Outcome>();
    const auto waiter = std::make_shared<SshCore::Waiter>(SshCore::Waiter {[outcome](const Status& status) { outcome->set(status); }});
    m_core->requestConnection(waiter);
    std::unique_lock lock(outcome->mutex);
    if (!outcome->changed.wait(lock, cancel, [&] { return outcome->status.has_value(); })) {
        lock.unlock();
        m_core->drop(waiter);
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    }
    return *outcome->status;
}

Result<std::unique_ptr<SshChannel>> SshConnection::open(std::shared_ptr<SshChannelState> state, std::chrono::milliseconds limit,
                                                        const CancelToken& cancel)
{
    // A connection that had died unnoticed shows it now; the command has not started then, so it is safe to try anew.
    for (int attempt = 0;; ++attempt) {
        const bool wasReady = m_core->isReady();
        if (const Status connected = connect(cancel); !connected)
            return connected.error();
        auto fresh = std::make_shared<SshChannelState>(state->signal);
        fresh->kind = state->kind;
        fresh->text = state->text;
        fresh->window = state->window;
        m_core->post([core = m_core.get(), fresh] { core->addChannel(fresh); });
        auto channel = std::make_unique<SshChannel>(fresh, m_core);
        const auto patience = limit > 0ms ? limit : std::chrono::milliseconds(30s);
        const Status opened = channel->waitOpen(patience, cancel);
        if (opened)
            return channel;
        if (!wasReady || attempt > 0 || opened.error().code != ErrorCode::ConnectionLost)
            return opened.error();
    }
}

Result<std::unique_ptr<SshChannel>> SshConnection::start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                                        const CancelToken& cancel, qsizetype window)
{
    auto state = std::make_shared<SshChannelState>(std::make_shared<SshSignal>());
    state->text = commandLine;
    state->window = window;
    return open(std::move(state), limit, cancel);
}

Result<std::unique_ptr<SshChannel>> SshConnection::subsystem(const QByteArray& name, std::chrono::milliseconds limit,
                                                             const CancelToken& cancel, qsizetype window, std::shared_ptr<SshSignal> signal)
{
    auto state = std::make_shared<SshChannelState>(signal ? std::move(signal) : std::make_shared<SshSignal>());
    state->kind = SshChannelState::Kind::Subsystem;
    state->text = name;
    state->window = window;
    return open(std::move(state), limit, cancel);
}

Status SshConnection::forward(int socket, const QByteArray& host, int port, const CancelToken& cancel)
{
    if (const Status connected = connect(cancel); !connected) {
        ::close(socket);
        return connected;
    }
    const auto outcome = std::make_shared<Outcome>();
    m_core->post([core = m_core.get(), socket, host, port, outcome] {
        core->addForward(socket, host, port, [outcome](const Status& status) { outcome->set(status); });
    });
    std::unique_lock lock(outcome->mutex);
    if (!outcome->changed.wait_for(lock, cancel, 30s, [&] { return outcome->status.has_value(); })) {
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        return makeError(ErrorCode::Timeout, u"%1 does not connect to %2"_s.arg(m_target.name, QString::fromUtf8(host)));
    }
    return *outcome->status;
}

Result<SshConnection::Proxy> SshConnection::proxy()
{
    return m_core->proxy();
}

void SshConnection::disconnect()
{
    m_core->post([core = m_core.get()] { core->close(makeError(ErrorCode::ConnectionLost, u"The connection was closed"_s)); });
}

} // namespace Promdeck
