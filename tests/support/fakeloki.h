#pragma once

#include "models/core/types.h"

#include <QHttpServer>
#include <QUrl>
#include <QUrlQuery>

#include <memory>
#include <vector>

class QWebSocket;

namespace Promdeck::Testing {

/// A fake Loki: no package of it exists. Keeps lines in memory and speaks the documented API over them: query_range,
/// labels, label values, series, and tail over a web socket. Of LogQL it knows equality of labels, `|= "text"` and
/// label filters behind a pipe; parsers in a pipeline are taken as they are and read logfmt.
class FakeLoki
{
public:
    struct Entry
    {
        qint64 timeNs = 0;
        QString line;
        Labels stream;
    };

    /// Without live connections it answers them as a gateway that knows no web sockets.
    explicit FakeLoki(bool takesLive = true);
    ~FakeLoki();
    Q_DISABLE_COPY_MOVE(FakeLoki)

    [[nodiscard]] QUrl url() const;
    void add(qint64 timeNs, const QString& line, const Labels& stream);
    /// A line that comes now: whoever follows its stream gets it.
    void say(const QString& line, const Labels& stream);
    /// Queries of lines that were asked for, decoded, with their other parameters.
    [[nodiscard]] const QList<QUrlQuery>& asked() const { return m_asked; }
    [[nodiscard]] int followers() const { return int(m_followers.size()); }
    void hangUp(); ///< ends the live connections
    bool fails = false;

private:
    struct Follower
    {
        std::unique_ptr<QWebSocket> socket;
        QString query;
    };
    [[nodiscard]] QByteArray lines(const QUrlQuery& query);

    std::unique_ptr<QHttpServer> m_server;
    quint16 m_port = 0;
    std::vector<Entry> m_entries;
    std::vector<Follower> m_followers;
    QList<QUrlQuery> m_asked;
};

} // namespace Promdeck::Testing
