#include "provisioning/backup/sources.h"

#include "models/core/clock.h"
#include "provisioning/backup/preparedfiles.h"
#include "provisioning/backup/snapshotguard.h"

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

void say(const StepReport& report, const QString& step, const QString& about)
{
    if (report)
        report(step, about, 0, -1);
}

Result<Json> getJson(BlockingHttp& http, const QUrl& url, const CancelToken& cancel)
{
    HttpRequest request;
    request.url = url;
    const Result<HttpResponse> response = http.sendOk(request, cancel);
    if (!response)
        return response.error();
    return Json::parse(response->body);
}

/// Prometheus: its configuration, and its data by a snapshot that is removed afterwards.
class PreparedPrometheus final : public PreparedParts
{
public:
    PreparedPrometheus(std::shared_ptr<Host> host, const ComponentSpec& spec)
        : PreparedParts(std::move(host), spec), m_spec(spec), m_http(spec.http)
    {
    }

    Status prepare(const CancelToken& cancel, const StepReport& report)
    {
        if (!m_spec.url.isEmpty()) {
            const Result<Json> build = getJson(m_http, urlBelow(m_spec.url, u"api/v1/status/buildinfo"_s), cancel);
            if (!build)
                return build.error();
            details().version = (*build)[u"data"][u"version"].toString();
        }
        if (m_spec.tsdb == ComponentSpec::Tsdb::None)
            return Done {};
        if (const Status known = findDataFolder(cancel); !known)
            return known;
        m_guard = std::make_unique<SnapshotGuard>(*m_host, m_spec.dataFolder, m_spec.asRoot);
        if (const Status begun = m_guard->begin(cancel); !begun)
            return begun;
        for (const QByteArray& name : m_guard->removedLeftovers())
            say(report, u"clean"_s, QString::fromUtf8(name));
        say(report, u"snapshot"_s, m_spec.id);
        const Status made = m_spec.tsdb == ComponentSpec::Tsdb::Snapshot ? takeSnapshot(cancel) : linkBlocks(cancel);
        if (!made)
            return made;
        say(report, u"list"_s, m_spec.id + u"/data"_s);
        if (const Status added = addTree(u"data"_s, m_spec.dataFolder, {m_guard->folder(), {}, m_spec.asRoot}, cancel); !added)
            return added;
        if (const Status spanned = readSpan(cancel); !spanned)
            return spanned;
        return askGoldenQueries(cancel);
    }

    Status release() override { return m_guard ? m_guard->release() : Status(Done {}); }

private:
    Status findDataFolder(const CancelToken& cancel)
    {
        if (!m_spec.dataFolder.isEmpty())
            return Done {};
        const Result<Json> flags = getJson(m_http, urlBelow(m_spec.url, u"api/v1/status/flags"_s), cancel);
        if (!flags)
            return flags.error();
        m_spec.dataFolder = (*flags)[u"data"][u"storage.tsdb.path"].toString().toUtf8();
        if (m_spec.dataFolder.startsWith('/'))
            return Done {};
        return makeError(ErrorCode::InvalidArgument, u"Where Prometheus keeps its data is not known"_s,
                         u"the server says \"%1\", relative to a folder that it does not name"_s.arg(bytesToText(m_spec.dataFolder)),
                         u"Name the folder"_s);
    }

    Status takeSnapshot(const CancelToken& cancel)
    {
        details().method = u"snapshot"_s;
        HttpRequest request;
        request.method = HttpRequest::Method::Post;
        request.url = urlBelow(m_spec.url, u"api/v1/admin/tsdb/snapshot"_s);
        request.timeout = std::chrono::minutes(15);
        request.idempotent = false;
        const Result<HttpResponse> response = m_http.send(request, cancel);
        if (!response)
            return response.error();
        const Result<Json> answer = Json::parse(response->body);
        const QByteArray name = answer ? (*answer)[u"data"][u"name"].toString().toUtf8() : QByteArray();
        if (response->status / 100 == 2 && !name.isEmpty())
            return m_guard->made(name, cancel);
        const QString said = answer ? (*answer)[u"error"].toString() : QString::fromUtf8(response->body.left(200));
        // Prometheus says so in words only, with the status of any failure.
        if (said.contains(u"admin API"_s, Qt::CaseInsensitive))
            return makeError(ErrorCode::Unsupported, u"The snapshot API of this Prometheus is off"_s, said,
                             u"Start it with --web.enable-admin-api; or copy its blocks, without the last two to three hours (method "
                             "\"blocks\"); or stop it and back up its folder as files"_s);
        return makeError(ErrorCode::HttpStatus, u"Prometheus made no snapshot"_s, u"status %1: %2"_s.arg(response->status).arg(said));
    }

    Status linkBlocks(const CancelToken& cancel)
    {
        details().method = u"blocks"_s;
        details().notes << u"without the head: samples of the last two to three hours are missing"_s;
        const Result<QByteArray> name = m_guard->linkBlocks(cancel);
        return name ? Status(Done {}) : Status(name.error());
    }

    /// From the blocks themselves: which time they cover.
    Status readSpan(const CancelToken& cancel)
    {
        Command how;
        how.asRoot = m_spec.asRoot;
        const Result<CommandOutput> output = m_host->runScript(
            "cd -- \"$1\" || exit 1\nfor f in */meta.json; do [ -f \"$f\" ] && { cat \"$f\"; printf '\\0'; }; done\nexit 0\n",
            {m_guard->folder()}, how, cancel);
        if (!output)
            return output.error();
        for (const QByteArray& text : output->standardOutput.split('\0')) {
            const Result<Json> meta = text.isEmpty() ? Result<Json>() : Json::parse(text);
            if (!meta)
                continue;
            const qint64 from = (*meta)[u"minTime"].toInt();
            const qint64 until = (*meta)[u"maxTime"].toInt();
            details().dataFromMs = details().dataFromMs == 0 ? from : std::min(details().dataFromMs, from);
            details().dataUntilMs = std::max(details().dataUntilMs, until);
        }
        return Done {};
    }

    /// At the last moment that the data surely holds, so that both servers see the same samples.
    Status askGoldenQueries(const CancelToken& cancel)
    {
        if (m_spec.url.isEmpty() || details().dataUntilMs == 0)
            return Done {};
        const qint64 now = Clock::system().nowMs();
        const qint64 at = std::min(details().dataUntilMs - 1, now);
        for (const QString& expr : QStringList {u"count(up)"_s, u"count by (job) (up)"_s, u"sum by (job) (up)"_s} + m_spec.goldenQueries) {
            Result<Json> result = askGolden(m_http, m_spec.url, expr, at, cancel);
            if (!result)
                return result.error();
            details().golden.push_back({expr, at, std::move(*result)});
        }
        return Done {};
    }

    ComponentSpec m_spec;
    BlockingHttp m_http;
    std::unique_ptr<SnapshotGuard> m_guard;
};

/// Silences as the API tells them: the file on the disk is up to 15 minutes old.
Status addSilences(PreparedParts& parts, const ComponentSpec& spec, const CancelToken& cancel)
{
    if (spec.url.isEmpty())
        return Done {};
    BlockingHttp http(spec.http);
    const Result<Json> status = getJson(http, urlBelow(spec.url, u"api/v2/status"_s), cancel);
    if (!status)
        return status.error();
    parts.details().version = (*status)[u"versionInfo"][u"version"].toString();
    const Result<Json> silences = getJson(http, urlBelow(spec.url, u"api/v2/silences"_s), cancel);
    if (!silences)
        return silences.error();
    parts.details().method = u"api"_s;
    parts.addBytes(u"api"_s, "silences.json", silences->toUtf8(Json::Format::Indented));
    return Done {};
}

/// What Grafana's API gives, a file each. Passwords of data sources are not among it: they are in the database.
Status addGrafanaObjects(PreparedParts& parts, const ComponentSpec& spec, const CancelToken& cancel, const StepReport& report)
{
    if (spec.url.isEmpty())
        return Done {};
    BlockingHttp http(spec.http);
    const Result<Json> health = getJson(http, urlBelow(spec.url, u"api/health"_s), cancel);
    if (!health)
        return health.error();
    parts.details().version = (*health)[u"version"].toString();
    parts.details().method = u"api"_s;
    parts.details().notes << u"the API never tells the passwords of data sources: they are in Grafana's database and its secret_key"_s;
    say(report, u"list"_s, spec.id + u"/api"_s);
    for (const auto& [file, path] : {std::pair("datasources.json", u"api/datasources"_s), std::pair("folders.json", u"api/folders"_s),
                                     std::pair("library-elements.json", u"api/library-elements"_s),
                                     std::pair("alert-rules.json", u"api/v1/provisioning/alert-rules"_s),
                                     std::pair("contact-points.json", u"api/v1/provisioning/contact-points"_s),
                                     std::pair("policies.json", u"api/v1/provisioning/policies"_s)}) {
        const Result<Json> objects = getJson(http, urlBelow(spec.url, path), cancel);
        if (objects)
            parts.addBytes(u"api"_s, file, objects->toUtf8(Json::Format::Indented));
        else if (objects.error().code == ErrorCode::NotFound)
            parts.details().notes << u"this Grafana has no %1"_s.arg(path);
        else
            return objects.error();
    }
    constexpr int kPage = 1000;
    for (int page = 1; page <= 1000; ++page) {
        const Result<Json> found = getJson(http, urlBelow(spec.url, u"api/search"_s, {{u"type"_s, u"dash-db"_s}, {u"limit"_s, QString::number(kPage)},
                                                                                    {u"page"_s, QString::number(page)}}), cancel);
        if (!found)
            return found.error();
        for (const Json& entry : found->items()) {
            const QString uid = entry[u"uid"].toString();
            const Result<Json> dashboard = getJson(http, urlBelow(spec.url, u"api/dashboards/uid/"_s + uid), cancel);
            if (!dashboard)
                return dashboard.error();
            QByteArray name = uid.toUtf8().toPercentEncoding();
            parts.addBytes(u"api"_s, "dashboard-" + name + ".json", dashboard->toUtf8(Json::Format::Indented));
        }
        if (found->size() < kPage)
            break;
    }
    return Done {};
}

} // namespace

Result<Json> askGolden(BlockingHttp& http, const QUrl& base, const QString& expr, qint64 timeMs, const CancelToken& cancel)
{
    const QUrl url = urlBelow(base, u"api/v1/query"_s, {{u"query"_s, expr}, {u"time"_s, QString::number(double(timeMs) / 1000, 'f', 3)}});
    const Result<Json> answer = getJson(http, url, cancel);
    if (!answer)
        return answer.error();
    std::vector<std::pair<QByteArray, Json>> rows;
    for (const Json& row : (*answer)[u"data"][u"result"].items()) {
        Json labels = row[u"metric"];
        Json::Object members = labels.members();
        std::sort(members.begin(), members.end(), [](const Json::Member& a, const Json::Member& b) { return a.first < b.first; });
        Json sorted = Json::object();
        for (const auto& [key, value] : members)
            sorted.set(key, value);
        rows.emplace_back(sorted.toUtf8(), Json::object({{u"labels"_s, sorted}, {u"value"_s, row[u"value"].at(1)}}));
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Json out = Json::array();
    for (auto& [key, row] : rows)
        out.append(std::move(row));
    return out;
}

Result<std::unique_ptr<PreparedComponent>> prepareComponent(std::shared_ptr<Host> host, const ComponentSpec& spec,
                                                            const CancelToken& cancel, const StepReport& report)
{
    std::unique_ptr<PreparedParts> parts;
    Status done = Done {};
    if (spec.kind == u"prometheus") {
        auto prometheus = std::make_unique<PreparedPrometheus>(host, spec);
        done = prometheus->prepare(cancel, report);
        parts = std::move(prometheus);
    } else {
        parts = std::make_unique<PreparedParts>(host, spec);
        if (spec.kind == u"alertmanager")
            done = addSilences(*parts, spec, cancel);
        else if (spec.kind == u"grafana")
            done = addGrafanaObjects(*parts, spec, cancel, report);
        else if (spec.trees.empty() && !spec.dumps.empty())
            parts->details().method = u"command"_s;
    }
    if (done)
        done = addTreesAndDumps(*parts, *host, spec, cancel, report);
    if (!done) {
        // What was made on the host goes, also when it was cancelled: the destructor takes no token.
        Error error = done.error();
        if (const Status released = parts->release(); !released)
            error.detail += u" (and cleaning up failed: %1)"_s.arg(released.error().summary);
        return error;
    }
    parts->details().finishedAtMs = Clock::system().nowMs();
    return std::unique_ptr<PreparedComponent>(std::move(parts));
}

} // namespace Promdeck::Backup
