#pragma once

#include "models/loki/lokiclient.h"

#include <QNetworkProxy>
#include <QObject>
#include <QPointer>

class QWebSocket;

namespace Promdeck {

class HttpTunnel;

/// The live connection of a LogTail: lives on the network thread, where messages are decoded too.
class LogTailSocket final : public QObject
{
    Q_OBJECT
public:
    LogTailSocket(QUrl url, HttpOptions options);
    Q_INVOKABLE void open();

Q_SIGNALS:
    void opened();
    void received(const Promdeck::LogAnswer& answer, int dropped);
    void closed(const QString& reason); ///< once; also when it never opened

private:
    /// Holds what it needs: the socket may be gone before the way is there.
    static QCoro::Task<void> openThrough(QPointer<LogTailSocket> self, std::shared_ptr<HttpTunnel> tunnel);
    void connectThrough(const QNetworkProxy& proxy);
    void fail(const QString& reason);
    void read(const QString& message);

    QUrl m_url;
    HttpOptions m_options;
    QWebSocket* m_socket = nullptr;
    bool m_closed = false;
};

} // namespace Promdeck
