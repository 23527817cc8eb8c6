#pragma once

#include "provisioning/ssh/socksserver.h"
#include "provisioning/ssh/sshconnection.h"
#include "provisioning/ssh/sshforward.h"
#include "provisioning/ssh/sshlink.h"

#include <atomic>

namespace Promdeck::Internal {

/// What runs on the thread of a connection. Others only post work to it.
class SshCore final : public SshWaker
{
public:
    SshCore(const SshTarget& target, std::shared_ptr<SshPrompter> prompter, std::shared_ptr<SshConnection> via);
    ~SshCore() override;
    Q_DISABLE_COPY_MOVE(SshCore)

    void run();
    void wake() override;

    // From any thread.
    struct Waiter
    {
        std::function<void(const Status&)> done;
        bool dropped = false; ///< under the core's mutex
    };
    void stop();
    void requestConnection(const std::shared_ptr<Waiter>& waiter);
    void drop(const std::shared_ptr<Waiter>& waiter);
    void post(std::function<void()> work);
    [[nodiscard]] bool isReady() const { return m_ready; }
    Result<SshConnection::Proxy> proxy();

    // On the thread, or posted to it.
    void addChannel(std::shared_ptr<SshChannelState> state);
    void addForward(int socket, const QByteArray& host, int port, SshForward::Opened opened);
    void close(const Error& error);

private:
    void takeWork();
    void connectNow();
    Result<int> dial(const CancelToken& cancel);
    Status attempt(SshLink::Memory& memory, const CancelToken& cancel);
    bool pumpAll();
    void pumpSocks();
    void keepAlive();
    void pollOnce(bool mayWait);
    [[nodiscard]] bool hasWaiters();
    void answerWaiters(const Status& status);

    const SshTarget m_target; ///< a copy: the core may outlive the connection object for a moment
    std::shared_ptr<SshPrompter> m_prompter;
    std::shared_ptr<SshConnection> m_via;
    int m_wake = -1;
    std::atomic<bool> m_woken = false;
    std::atomic<bool> m_ready = false;
    std::atomic<bool> m_stopping = false;

    std::mutex m_mutex;
    std::vector<std::function<void()>> m_work;
    std::vector<std::shared_ptr<Waiter>> m_waiters;
    std::stop_source m_attempt;
    std::unique_ptr<SocksServer> m_newSocks;
    std::optional<SshConnection::Proxy> m_proxy;

    // Of the thread.
    std::unique_ptr<SshLink> m_link;
    ssh_event m_event = nullptr;
    std::vector<std::unique_ptr<SshChannelPump>> m_channels;
    std::vector<std::unique_ptr<SshForward>> m_forwards;
    std::unique_ptr<SocksServer> m_socks;
    ssh_counter_struct m_counter {};
    uint64_t m_seenBytes = 0;
    std::chrono::steady_clock::time_point m_lastNews;
    std::chrono::steady_clock::time_point m_nextProbe;
};

} // namespace Promdeck::Internal
