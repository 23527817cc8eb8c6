#pragma once

#include "models/core/json.h"
#include "tests/support/fakehttp.h"

#include <QMap>

namespace Promdeck::Testing {

/// A fake: answers the part of Grafana's documented HTTP API that Promdeck uses (search, folders, dashboards by uid,
/// saving with its version check). Debian has no package of the real server. Keeps dashboards in memory.
class FakeGrafana final
{
public:
    explicit FakeGrafana(const QByteArray& token = "secret-token");

    struct Stored
    {
        Json dashboard;
        int version = 1;
        QString folderUid;
        QString updatedBy;
    };
    void addFolder(const QString& uid, const QString& title, const QString& parentUid = {});
    /// Under its uid; stored again, its version grows as when somebody saves it in the browser.
    void store(const Json& dashboard, const QString& folderUid = {}, const QString& by = QStringLiteral("admin"));

    [[nodiscard]] QUrl url() const { return m_server.url(); }
    [[nodiscard]] const Stored* find(const QString& uid) const;
    [[nodiscard]] const QList<FakeHttpServer::Request>& requests() const { return m_server.requests(); }
    [[nodiscard]] int pushes() const { return m_pushes; } ///< requests to save, refused ones too

private:
    struct Folder
    {
        QString title;
        QString parentUid;
    };
    [[nodiscard]] FakeHttpServer::Reply answer(const FakeHttpServer::Request& request);
    [[nodiscard]] FakeHttpServer::Reply listed(const QString& text) const;
    [[nodiscard]] FakeHttpServer::Reply folders(const QString& parent) const;
    [[nodiscard]] FakeHttpServer::Reply one(const QString& uid) const;
    [[nodiscard]] FakeHttpServer::Reply save(const Json& body);
    [[nodiscard]] static FakeHttpServer::Reply say(int status, const QString& message, const QString& more = {});

    QByteArray m_token;
    QMap<QString, Stored> m_dashboards;
    QMap<QString, Folder> m_folders;
    int m_pushes = 0;
    FakeHttpServer m_server;
};

} // namespace Promdeck::Testing
