#include "models/library/grafanasync.h"

#include "models/core/completion.h"
#include "models/core/files.h"
#include "models/dashboard/dashboarddocument.h"
#include "models/dashboard/dashboardfile.h"

#include <QFileInfo>
#include <QThreadPool>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxDashboardBytes = 64 << 20;
constexpr QFileDevice::Permissions kNewFile = kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther;

/// Runs a function on a worker thread; the coroutine goes on in its own. Its result has to have a name before it is
/// awaited: gcc 12 moves temporaries of such an expression by their bytes.
template <typename F>
Completion<std::invoke_result_t<F>> onWorker(F work)
{
    const Completion<std::invoke_result_t<F>> done;
    QThreadPool::globalInstance()->start([done, work = std::move(work)] { done.finish(work()); });
    return done;
}

struct LocalFile
{
    QByteArray text; ///< null when there is no file
    Json dashboard;
};

Result<LocalFile> readLocal(const QString& path)
{
    if (path.isEmpty() || !QFileInfo::exists(path))
        return LocalFile {};
    Result<QByteArray> text = readWholeFile(path, kMaxDashboardBytes);
    if (!text)
        return text.error();
    Result<DashboardDocument> document = readDashboardDocument(*text, path);
    if (!document)
        return document.error();
    return LocalFile {*std::move(text), document->dashboard};
}

bool sameServer(const DashboardOrigin& origin, const QUrl& server)
{
    return origin.server.isEmpty() || origin.server.matches(server, QUrl::RemoveUserInfo | QUrl::StripTrailingSlash);
}

bool isEdited(const Json& dashboard)
{
    const auto origin = originOf(dashboard);
    return !origin || origin->content != contentFingerprint(dashboard);
}

Error fileConflict(const QString& path, const QString& sentence)
{
    Error error = makeError(ErrorCode::Conflict, sentence);
    error.target = path;
    return error;
}

Result<qint64> writePulled(const GrafanaDashboard& server, const QUrl& base, const PullRequest& request)
{
    const Result<LocalFile> local = readLocal(request.path);
    if (!local && !request.overEdits)
        return local.error();
    Json dashboard = server.dashboard;
    dashboard.remove(u"promdeck");
    const QByteArray content = contentFingerprint(dashboard);
    if (local && !local->text.isNull()) {
        if (local->dashboard[u"uid"].toString() != request.uid && !request.overEdits)
            return fileConflict(request.path, u"The file holds another dashboard"_s);
        if (isEdited(local->dashboard) && contentFingerprint(local->dashboard) != content && !request.overEdits)
            return fileConflict(request.path, u"The file was edited here since it was pulled"_s);
        if (local->dashboard[u"promdeck"].isObject())
            dashboard.set(u"promdeck"_s, local->dashboard[u"promdeck"]);
    }
    dashboard = withOrigin(dashboard, {base, request.uid, server.version, server.folderUid, content});
    const Status written = writeFileAtomically(request.path, dashboard.toUtf8(Json::Format::Indented) + '\n',
                                               QFileInfo::exists(request.path) ? QFile::permissions(request.path) : kNewFile);
    if (!written)
        return written.error();
    return server.version;
}

/// The new origin into the file as it is now: edits made while the server answered stay edits.
Status rememberPushed(const QString& path, const DashboardOrigin& origin)
{
    const Result<QByteArray> text = readWholeFile(path, kMaxDashboardBytes);
    if (!text)
        return text.error();
    const Result<Dashboard> dashboard = readDashboard(*text, path);
    if (!dashboard)
        return dashboard.error();
    const Result<QByteArray> saved = saveDashboard(path, *text, withOrigin(dashboard->migrated, origin));
    return saved ? Status(Done {}) : Status(saved.error());
}

} // namespace

QCoro::Task<Result<SyncComparison>> compareWithServer(std::shared_ptr<GrafanaClient> client, QString uid, QString path, std::stop_token stop)
{
    const Completion<Result<LocalFile>> reading = onWorker([path] { return readLocal(path); });
    const Result<LocalFile> local = co_await reading.wait();
    if (!local)
        co_return Result<SyncComparison>(local.error());
    SyncComparison out;
    out.here = local->dashboard;
    out.origin = originOf(out.here);
    if (out.origin && !sameServer(*out.origin, client->baseUrl()))
        out.origin.reset();
    Result<GrafanaDashboard> server = co_await client->dashboard(uid, stop);
    if (!server && server.error().code != ErrorCode::NotFound)
        co_return Result<SyncComparison>(server.error());
    if (server) {
        out.server = *std::move(server);
        out.there = out.server.dashboard;
    }
    out.isEditedHere = !out.here.isNull() && (!out.origin || isEdited(out.here));
    out.isNewerThere = !out.there.isNull() && (!out.origin || out.server.version > out.origin->version);
    out.isSame = !out.here.isNull() && !out.there.isNull() && contentFingerprint(out.here) == contentFingerprint(out.there);
    co_return Result<SyncComparison>(std::move(out));
}

QCoro::Task<Result<qint64>> pullDashboard(std::shared_ptr<GrafanaClient> client, PullRequest request, std::stop_token stop)
{
    const Result<GrafanaDashboard> server = co_await client->dashboard(request.uid, stop);
    if (!server)
        co_return Result<qint64>(server.error());
    const QUrl base = client->baseUrl();
    const Completion<Result<qint64>> writing = onWorker([server = *server, base, request] { return writePulled(server, base, request); });
    co_return co_await writing.wait();
}

QCoro::Task<Result<GrafanaPushed>> pushDashboard(std::shared_ptr<GrafanaClient> client, PushRequest request, std::stop_token stop)
{
    const Completion<Result<LocalFile>> reading = onWorker([path = request.path] { return readLocal(path); });
    const Result<LocalFile> local = co_await reading.wait();
    if (!local)
        co_return Result<GrafanaPushed>(local.error());
    if (local->text.isNull())
        co_return Result<GrafanaPushed>(fileConflict(request.path, u"The file is no longer there"_s));
    std::optional<DashboardOrigin> origin = originOf(local->dashboard);
    if (origin && !sameServer(*origin, client->baseUrl()))
        origin.reset();
    GrafanaPush push;
    push.dashboard = forServer(local->dashboard);
    // A version that this server did not give would pass its check by chance.
    push.dashboard.set(u"version"_s, origin ? origin->version : qint64(0));
    push.folderUid = origin ? origin->folderUid : request.folderUid;
    push.message = request.message;
    push.overwrite = request.overwrite;
    const Result<GrafanaPushed> pushed = co_await client->push(push, stop);
    if (!pushed)
        co_return pushed;
    const DashboardOrigin now {client->baseUrl(), pushed->uid, pushed->version, push.folderUid, contentFingerprint(local->dashboard)};
    const Completion<Status> writing = onWorker([path = request.path, now] { return rememberPushed(path, now); });
    const Status remembered = co_await writing.wait();
    if (!remembered)
        co_return Result<GrafanaPushed>(remembered.error());
    co_return pushed;
}

} // namespace Promdeck
