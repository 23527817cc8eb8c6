#pragma once

#include "models/loki/lokiclient.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace Promdeck {

class LogTailSocket;

/// Follows the lines of a query as they come: over Loki's live connection (a web socket), and where a server or
/// gateway does not take one, by asking for what is new every two seconds. A connection that breaks, as Loki ends
/// them after an hour, is made again from the last line on.
class LogTail final : public QObject
{
    Q_OBJECT
public:
    enum class State { Connecting, Live, Polling, Failed };
    /// From `fromNs` on.
    LogTail(std::shared_ptr<LokiClient> client, QString expr, qint64 fromNs, QObject* parent = nullptr);
    ~LogTail() override;
    Q_DISABLE_COPY_MOVE(LogTail)

    [[nodiscard]] State state() const { return m_state; }
    /// Why it polls, or fails; it keeps trying.
    [[nodiscard]] std::optional<Error> error() const { return m_error; }
    [[nodiscard]] int dropped() const { return m_dropped; } ///< lines that the server could not send in time

Q_SIGNALS:
    void arrived(const Promdeck::LogAnswer& answer); ///< oldest line first; a line may come again after a break
    void stateChanged();

private:
    void connectSocket();
    void closed(const LogTailSocket* socket, const QString& reason);
    void take(LogAnswer answer);
    void poll();
    void setState(State state, std::optional<Error> error = {});

    std::shared_ptr<LokiClient> m_client;
    QString m_expr;
    qint64 m_nextNs;
    LogTailSocket* m_socket = nullptr; ///< lives on the network thread
    QTimer m_timer;
    State m_state = State::Connecting;
    std::optional<Error> m_error;
    int m_failures = 0; ///< connections in a row that brought nothing
    QElapsedTimer m_opened;
    int m_dropped = 0;
    bool m_asking = false;
};

} // namespace Promdeck
