#pragma once

#include <QByteArray>
#include <QHash>
#include <QTcpServer>
#include <QUrl>

#include <functional>

class QTcpSocket;

namespace Promdeck::Testing {

/// A fake: a TCP server that answers with whatever bytes a test wants, right or wrong HTTP. For what no real
/// server can be made to do (hostile answers, products that have no package here).
class FakeHttpServer final : public QTcpServer
{
    Q_OBJECT
public:
    struct Request
    {
        QByteArray method;
        QByteArray path; ///< as sent, query included
        QByteArray head; ///< everything before the body
        QByteArray body;
        /// Value of a header; null when absent.
        [[nodiscard]] QByteArray header(const QByteArray& name) const;
    };

    struct Reply
    {
        QByteArray bytes {};   ///< raw, status line included; empty = say nothing
        bool close = false;    ///< hang up afterwards
        int delayMs = 0;       ///< before the bytes
        int chunkDelayMs = 0;  ///< > 0: the bytes go out in pieces of `chunk` bytes, this far apart
        qsizetype chunk = 1;
    };

    using Handler = std::function<Reply(const Request&)>;
    explicit FakeHttpServer(Handler handler, QObject* parent = nullptr);

    [[nodiscard]] QUrl url(const QString& path = QStringLiteral("/")) const;
    [[nodiscard]] const QList<Request>& requests() const { return m_requests; }
    [[nodiscard]] int mostAtOnce() const { return m_mostAtOnce; } ///< requests waiting for their answer
    [[nodiscard]] int connections() const { return m_connections; }

    /// A whole, well-formed answer.
    [[nodiscard]] static Reply answer(const QByteArray& body, int status = 200,
                                      const QByteArray& contentType = "application/json",
                                      const QByteArray& moreHeaders = {});

private:
    void accept(QTcpSocket* socket);
    void read(QTcpSocket* socket);
    void respond(QTcpSocket* socket, const Reply& reply);

    Handler m_handler;
    QHash<QTcpSocket*, QByteArray> m_pending;
    QList<Request> m_requests;
    int m_open = 0;
    int m_mostAtOnce = 0;
    int m_connections = 0;
};

/// A fake: takes connections and never says a word.
class TarPit final : public QTcpServer
{
    Q_OBJECT
public:
    explicit TarPit(QObject* parent = nullptr);
    [[nodiscard]] QUrl url() const;
};

} // namespace Promdeck::Testing
