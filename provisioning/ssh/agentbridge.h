#pragma once

#include "provisioning/host/host.h"

#include <QByteArrayList>

#include <mutex>
#include <thread>

namespace Promdeck {

/// Stands between libssh and the user's agent: libssh would block on the agent for as long as the agent asks somebody,
/// and offers all keys of the agent, however many a server tolerates. The bridge passes requests on, cuts the list of
/// keys, and hangs up when cancelled.
class AgentBridge final
{
public:
    /// Connects to the agent's socket. Errors: Auth (nothing listens there).
    static Result<std::unique_ptr<AgentBridge>> connect(const QString& path, const CancelToken& cancel);
    ~AgentBridge();
    Q_DISABLE_COPY_MOVE(AgentBridge)

    /// Keys (blobs) that come first; with `only`, all others are left out.
    void prefer(const QByteArrayList& blobs, bool only);
    /// For libssh, which closes it.
    [[nodiscard]] int takeSocket();
    /// The keys that the agent offered, after cutting.
    [[nodiscard]] QByteArrayList offered() const;

    /// The answer of an agent with its keys put in order.
    [[nodiscard]] static QByteArray reorder(const QByteArray& answer, const QByteArrayList& first, bool only,
                                            QByteArrayList* kept);

private:
    AgentBridge() = default;
    void serve();
    bool readMessage(int fd, QByteArray& message) const;
    bool writeMessage(int fd, const QByteArray& message) const;
    bool wait(int fd, short events) const;

    int m_agent = -1;
    int m_ours = -1;
    int m_theirs = -1;
    int m_wake = -1;
    QByteArrayList m_first;
    bool m_only = false;
    mutable std::mutex m_mutex; ///< of m_offered
    QByteArrayList m_offered;
    CancelToken m_cancel;
    std::thread m_thread;
};

} // namespace Promdeck
