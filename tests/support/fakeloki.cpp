#include "tests/support/fakeloki.h"

#include <QDateTime>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QHttpServerResponse>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QWebSocket>

#include <algorithm>
#include <map>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

bool selects(const QString& query, const FakeLoki::Entry& entry)
{
    const qsizetype end = query.indexOf(u'}');
    static const QRegularExpression matcher(u"(\\w+)\\s*(=|!=)\\s*\"([^\"]*)\""_s);
    for (auto it = matcher.globalMatch(query.left(end)); it.hasNext();) {
        const auto match = it.next();
        if ((entry.stream.value(match.captured(1)) == match.captured(3)) != (match.captured(2) == u"="))
            return false;
    }
    const QString pipeline = query.mid(end + 1);
    static const QRegularExpression contains(u"\\|=\\s*\"([^\"]*)\""_s);
    for (auto it = contains.globalMatch(pipeline); it.hasNext();) {
        if (!entry.line.contains(it.next().captured(1)))
            return false;
    }
    static const QRegularExpression filter(u"\\|\\s*(\\w+)\\s*(=|!=)\\s*\"([^\"]*)\""_s);
    for (auto it = filter.globalMatch(pipeline); it.hasNext();) {
        const auto match = it.next();
        QString value = entry.stream.value(match.captured(1));
        if (value.isNull()) {
            const QRegularExpression field(u"\\b"_s + match.captured(1) + u"=(\\S+)"_s);
            value = field.match(entry.line).captured(1);
        }
        if ((value == match.captured(3)) != (match.captured(2) == u"="))
            return false;
    }
    return true;
}

QJsonObject jsonOf(const Labels& labels)
{
    QJsonObject out;
    for (const auto& [name, value] : labels)
        out.insert(name, value);
    return out;
}

QJsonArray streamsOf(const std::vector<FakeLoki::Entry>& entries)
{
    std::map<Labels, QJsonArray> streams;
    for (const FakeLoki::Entry& entry : entries)
        streams[entry.stream].append(QJsonArray {QString::number(entry.timeNs), entry.line});
    QJsonArray out;
    for (const auto& [labels, values] : streams)
        out.append(QJsonObject {{u"stream"_s, jsonOf(labels)}, {u"values"_s, values}});
    return out;
}

QByteArray success(const QJsonValue& data)
{
    return QJsonDocument(QJsonObject {{u"status"_s, u"success"_s}, {u"data"_s, data}}).toJson(QJsonDocument::Compact);
}

} // namespace

FakeLoki::FakeLoki(bool takesLive) : m_server(std::make_unique<QHttpServer>())
{
    using Response = QHttpServerResponse;
    m_server->route(u"/loki/api/v1/query_range"_s, [this](const QHttpServerRequest& request) {
        m_asked << request.query();
        return fails ? Response("text/plain", "too many outstanding requests", Response::StatusCode::TooManyRequests)
                     : Response("application/json", lines(request.query()));
    });
    m_server->route(u"/loki/api/v1/labels"_s, [this] {
        QStringList names;
        for (const Entry& entry : m_entries) {
            for (const auto& [name, value] : entry.stream)
                names << name;
        }
        names.removeDuplicates();
        names.sort();
        return Response("application/json", success(QJsonArray::fromStringList(names)));
    });
    m_server->route(u"/loki/api/v1/label/<arg>/values"_s, [this](const QString& label, const QHttpServerRequest& request) {
        QStringList values;
        const QString query = request.query().queryItemValue(u"query"_s, QUrl::FullyDecoded);
        for (const Entry& entry : m_entries) {
            if (entry.stream.contains(label) && selects(query, entry))
                values << entry.stream.value(label);
        }
        values.removeDuplicates();
        values.sort();
        return Response("application/json", success(QJsonArray::fromStringList(values)));
    });
    m_server->route(u"/loki/api/v1/series"_s, [this] {
        QJsonArray streams;
        for (const Entry& entry : m_entries) {
            if (!streams.contains(jsonOf(entry.stream)))
                streams.append(jsonOf(entry.stream));
        }
        return Response("application/json", success(streams));
    });
    // The server takes web sockets only where it has a route, which then says nothing.
    if (takesLive)
        m_server->route(u"/loki/api/v1/tail"_s, [](QHttpServerResponder&&) {});
    QObject::connect(m_server.get(), &QAbstractHttpServer::newWebSocketConnection, m_server.get(), [this] {
        while (m_server->hasPendingWebSocketConnections()) {
            std::unique_ptr<QWebSocket> socket = m_server->nextPendingWebSocketConnection();
            const QUrl url = socket->requestUrl();
            m_followers.push_back({std::move(socket), QUrlQuery(url).queryItemValue(u"query"_s, QUrl::FullyDecoded)});
            Follower& follower = m_followers.back();
            QObject::connect(follower.socket.get(), &QWebSocket::disconnected, m_server.get(), [this, gone = follower.socket.get()] {
                for (Follower& one : m_followers) {
                    if (one.socket.get() == gone)
                        one.socket.release()->deleteLater();
                }
                std::erase_if(m_followers, [](const Follower& one) { return !one.socket; });
            });
        }
    });
    m_port = quint16(m_server->listen(QHostAddress::LocalHost));
}

FakeLoki::~FakeLoki()
{
    for (Follower& follower : m_followers)
        follower.socket->disconnect();
}

QUrl FakeLoki::url() const
{
    return QUrl(u"http://127.0.0.1:%1/"_s.arg(m_port));
}

void FakeLoki::add(qint64 timeNs, const QString& line, const Labels& stream)
{
    m_entries.push_back({timeNs, line, stream});
}

void FakeLoki::say(const QString& line, const Labels& stream)
{
    Entry entry {QDateTime::currentMSecsSinceEpoch() * 1'000'000 + qint64(m_entries.size()), line, stream};
    m_entries.push_back(entry);
    for (const Follower& follower : m_followers) {
        if (selects(follower.query, entry)) {
            const QJsonObject message {{u"streams"_s, streamsOf({entry})}};
            follower.socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
        }
    }
}

void FakeLoki::hangUp()
{
    for (const Follower& follower : m_followers)
        follower.socket->close(QWebSocketProtocol::CloseCodeGoingAway, u"reached tail max duration limit"_s);
}

QByteArray FakeLoki::lines(const QUrlQuery& query)
{
    const auto value = [&query](const QString& name) { return query.queryItemValue(name, QUrl::FullyDecoded); };
    const bool backward = value(u"direction"_s) != u"forward";
    std::vector<Entry> found;
    for (const Entry& entry : m_entries) {
        if (entry.timeNs >= value(u"start"_s).toLongLong() && entry.timeNs < value(u"end"_s).toLongLong()
            && selects(value(u"query"_s), entry))
            found.push_back(entry);
    }
    std::stable_sort(found.begin(), found.end(), [backward](const Entry& a, const Entry& b) {
        return backward ? a.timeNs > b.timeNs : a.timeNs < b.timeNs;
    });
    if (const auto limit = size_t(value(u"limit"_s).toInt()); found.size() > limit)
        found.resize(limit);
    return success(QJsonObject {{u"resultType"_s, u"streams"_s}, {u"result"_s, streamsOf(found)}});
}

} // namespace Promdeck::Testing
