#include "tests/support/fakehttp.h"

#include <QPointer>
#include <QTcpSocket>
#include <QTimer>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

QUrl loopbackUrl(quint16 port, const QString& path)
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(port).arg(path));
}

void dripFeed(QTcpSocket* socket, const QByteArray& bytes, qsizetype offset, const FakeHttpServer::Reply& reply)
{
    socket->write(bytes.mid(offset, reply.chunk));
    offset += reply.chunk;
    if (offset < bytes.size()) {
        QTimer::singleShot(reply.chunkDelayMs, socket, [=] { dripFeed(socket, bytes, offset, reply); });
    } else if (reply.close) {
        socket->disconnectFromHost();
    }
}

} // namespace

QByteArray FakeHttpServer::Request::header(const QByteArray& name) const
{
    for (const QByteArray& line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).trimmed().compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

FakeHttpServer::FakeHttpServer(Handler handler, QObject* parent) : QTcpServer(parent), m_handler(std::move(handler))
{
    connect(this, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = nextPendingConnection())
            accept(socket);
    });
    listen(QHostAddress::LocalHost);
}

QUrl FakeHttpServer::url(const QString& path) const
{
    return loopbackUrl(serverPort(), path);
}

void FakeHttpServer::accept(QTcpSocket* socket)
{
    ++m_connections;
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
        m_pending.remove(socket);
        socket->deleteLater();
    });
}

void FakeHttpServer::read(QTcpSocket* socket)
{
    QByteArray& data = m_pending[socket];
    data += socket->readAll();
    const qsizetype headEnd = data.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return;
    Request request;
    request.head = data.left(headEnd);
    const qsizetype length = request.header("Content-Length").toLongLong();
    if (data.size() < headEnd + 4 + length)
        return;
    request.body = data.mid(headEnd + 4, length);
    const QList<QByteArray> first = request.head.left(request.head.indexOf('\r')).split(' ');
    request.method = first.value(0);
    request.path = first.value(1);
    data.clear();
    m_requests << request;
    m_mostAtOnce = std::max(m_mostAtOnce, ++m_open);
    const Reply reply = m_handler(request);
    QTimer::singleShot(reply.delayMs, this, [this, reply, target = QPointer(socket)] {
        --m_open;
        if (target)
            respond(target, reply);
    });
}

void FakeHttpServer::respond(QTcpSocket* socket, const Reply& reply)
{
    if (reply.chunkDelayMs > 0 && !reply.bytes.isEmpty()) {
        dripFeed(socket, reply.bytes, 0, reply);
        return;
    }
    socket->write(reply.bytes);
    if (reply.close)
        socket->disconnectFromHost();
}

FakeHttpServer::Reply FakeHttpServer::answer(const QByteArray& body, int status, const QByteArray& contentType,
                                             const QByteArray& moreHeaders)
{
    Reply reply;
    reply.bytes = "HTTP/1.1 " + QByteArray::number(status) + " Fake\r\nContent-Type: " + contentType
        + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + moreHeaders + "\r\n" + body;
    return reply;
}

TarPit::TarPit(QObject* parent) : QTcpServer(parent)
{
    listen(QHostAddress::LocalHost);
}

QUrl TarPit::url() const
{
    return loopbackUrl(serverPort(), u"/"_s);
}

} // namespace Promdeck::Testing
