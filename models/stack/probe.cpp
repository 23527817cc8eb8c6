#include "models/stack/probe.h"

#include "models/core/duration.h"
#include "models/stack/optionsresolver.h"
#include "models/stack/productdetector.h"

#include <QDateTime>
#include <QRegularExpression>

namespace Promdeck {

using namespace Qt::StringLiterals;
using Answer = Result<HttpResponse>;

namespace {

struct ProductEntry
{
    Product product;
    const char16_t* id;
    const char16_t* name;
};

constexpr ProductEntry kProducts[] = {
    {Product::Unknown, u"unknown", u"unknown"},
    {Product::Prometheus, u"prometheus", u"Prometheus"},
    {Product::Thanos, u"thanos", u"Thanos"},
    {Product::Mimir, u"mimir", u"Mimir"},
    {Product::VictoriaMetrics, u"victoriametrics", u"VictoriaMetrics"},
    {Product::Compatible, u"compatible", u"Prometheus-compatible server"},
    {Product::Alertmanager, u"alertmanager", u"Alertmanager"},
    {Product::Grafana, u"grafana", u"Grafana"},
    {Product::Loki, u"loki", u"Loki"},
    {Product::Pushgateway, u"pushgateway", u"Pushgateway"},
    {Product::Exporter, u"exporter", u"exporter"},
    {Product::Website, u"website", u"web site"},
};

const ProductEntry& entry(Product product)
{
    return kProducts[size_t(product)];
}

void readFlags(const Json& flags, StackCapabilities& out)
{
    if (!flags.isObject())
        return;
    const auto flag = [&](const char16_t* name) -> std::optional<bool> {
        if (!flags.contains(name))
            return std::nullopt;
        return flags[name].toString() == u"true";
    };
    out.adminApi = flag(u"web.enable-admin-api");
    out.lifecycle = flag(u"web.enable-lifecycle");
    out.remoteWriteReceiver = flag(u"web.enable-remote-write-receiver");
    out.otlpReceiver = flag(u"web.enable-otlp-receiver");
    out.features = flags[u"enable-feature"].toString().split(u',', Qt::SkipEmptyParts);
    if (!out.otlpReceiver && out.features.contains(u"otlp-write-receiver"))
        out.otlpReceiver = true;
    out.agent = flag(u"agent").value_or(false) || out.features.contains(u"agent");
    QStringList retention;
    for (const char16_t* name : {u"storage.tsdb.retention.time", u"storage.tsdb.retention.size"}) {
        const QString value = flags[name].toString();
        if (!value.isEmpty() && value != u"0s" && value != u"0B")
            retention << value;
    }
    out.retention = retention.join(u", "_s);
}

void readAlertmanagers(const Json& data, ProbeReport& report)
{
    for (const bool active : {true, false}) {
        for (const Json& item : data[active ? u"activeAlertmanagers" : u"droppedAlertmanagers"].items()) {
            QUrl url(item[u"url"].toString());
            static const QRegularExpression api(u"/api/v[12]/alerts/?$"_s);
            url.setPath(url.path().remove(api));
            if (!url.host().isEmpty())
                report.alertmanagers.push_back({url, active});
        }
    }
}

/// buildinfo says what most of them are; VictoriaMetrics imitates an old Prometheus and is known by a header.
Product productOf(const Json& buildInfo, const HttpResponse& answer)
{
    const QString application = buildInfo[u"application"].toString();
    if (application.contains(u"Mimir"))
        return Product::Mimir;
    if (!answer.header("X-Server-Hostname").isEmpty())
        return Product::VictoriaMetrics;
    if (!application.isEmpty() && !application.contains(u"Prometheus"))
        return Product::Compatible;
    // Thanos has not reached 1.0; Prometheus has had this endpoint since 2.14.
    if (buildInfo[u"version"].toString().startsWith(u"0."))
        return Product::Thanos;
    return buildInfo.contains(u"revision") ? Product::Prometheus : Product::Compatible;
}

QString victoriaVersion(const Answer& metrics)
{
    static const QRegularExpression version(u"vm_app_version\\{[^}]*short_version=\"([^\"]+)\""_s);
    return metrics.ok() ? version.match(QString::fromUtf8(metrics->body)).captured(1) : QString();
}

void readClock(const Answer& answer, qint64 sentMs, ProbeReport& report)
{
    const Json value = Internal::apiData(answer)[u"result"];
    bool number = false;
    const double seconds = value.at(1).toString().toDouble(&number);
    if (!number)
        return;
    // The server read its clock somewhere between sending and the first byte of the answer.
    const qint64 roundTrip = qint64(answer->seconds * 1000);
    report.clockOffsetMs = qRound64(seconds * 1000) - (sentMs + roundTrip / 2);
    report.clockUncertaintyMs = roundTrip / 2 + 1;
}

/// Whether it answers queries; a server that does not is of no use, whatever else it tells.
void judgeQuery(const Answer& answer, ProbeReport& report)
{
    if (!Internal::apiData(answer).isNull()) {
        report.ready = true;
        return;
    }
    Error error = answer.ok() ? makeError(ErrorCode::HttpStatus, u"The server answers, but refuses queries"_s)
                              : answer.error();
    if (answer.ok()) {
        const Json json = Json::parse(answer->body).valueOr({});
        error.detail = json[u"error"].toString(u"status %1"_s.arg(answer->status));
        error.hint = answer->status == 503 ? u"It may still be reading its log; try again in a moment"_s
            : report.capabilities.agent.value_or(false)
            ? u"A Prometheus in agent mode only forwards: enter the server it writes to"_s
            : u"Check what the account may do, and the server's log"_s;
        if (answer->status == 401 || answer->status == 403)
            error.code = answer->status == 401 ? ErrorCode::Unauthorized : ErrorCode::Forbidden;
        error.target = report.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    }
    report.error = error;
}

QCoro::Task<ProbeReport> lookCloser(Internal::ProbeTargetPtr target, ProbeReport report)
{
    // All at once; a task starts when it is made.
    const qint64 sentMs = QDateTime::currentMSecsSinceEpoch();
    QCoro::Task<Answer> time = Internal::probeGet(target, u"api/v1/query?query=time()"_s);
    QCoro::Task<Answer> flags = Internal::probeGet(target, u"api/v1/status/flags"_s);
    QCoro::Task<Answer> config = Internal::probeGet(target, u"api/v1/status/config"_s);
    QCoro::Task<Answer> alertmanagers = Internal::probeGet(target, u"api/v1/alertmanagers"_s);
    QCoro::Task<Answer> special = Internal::probeGet(
        target, report.product == Product::VictoriaMetrics ? u"/metrics"_s : u"api/v1/stores"_s);
    const Answer timeAnswer = co_await time;
    const Answer flagsAnswer = co_await flags;
    const Answer configAnswer = co_await config;
    const Answer alertmanagersAnswer = co_await alertmanagers;
    const Answer specialAnswer = co_await special;

    readFlags(Internal::apiData(flagsAnswer), report.capabilities);
    judgeQuery(timeAnswer, report);
    readClock(timeAnswer, sentMs, report);
    report.scrapeIntervalMs = globalScrapeInterval(Internal::apiData(configAnswer)[u"yaml"].toString());
    readAlertmanagers(Internal::apiData(alertmanagersAnswer), report);
    if (report.product == Product::VictoriaMetrics) {
        report.version = victoriaVersion(specialAnswer);
    } else if (report.product != Product::Mimir && Internal::apiData(specialAnswer).isObject()) {
        report.product = Product::Thanos;
    }
    if (Internal::apiData(flagsAnswer).isNull())
        report.notes << u"it does not tell its flags, so capabilities are unknown"_s;
    if (!report.scrapeIntervalMs)
        report.notes << u"it does not tell its scrape interval"_s;
    co_return report;
}

Json optionalJson(const std::optional<bool>& value)
{
    return value ? Json(*value) : Json();
}

} // namespace

std::optional<qint64> globalScrapeInterval(const QString& yaml)
{
    static const QRegularExpression global(u"^global:\\n((?:[ ]+.*\\n)*)"_s, QRegularExpression::MultilineOption);
    static const QRegularExpression interval(u"^  scrape_interval: *\"?(\\w+)"_s, QRegularExpression::MultilineOption);
    const QString block = global.match(yaml + u'\n').captured(1);
    return parsePrometheusDuration(interval.match(block).captured(1).toStdString());
}

QString productName(Product product)
{
    return QString::fromUtf16(entry(product).name);
}

QString productId(Product product)
{
    return QString::fromUtf16(entry(product).id);
}

bool speaksPrometheus(Product product)
{
    return product >= Product::Prometheus && product <= Product::Compatible;
}

QCoro::Task<ProbeReport> probe(QUrl url, HttpOptions options, std::chrono::milliseconds limit, std::stop_token stop)
{
    ProbeReport report;
    report.url = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    options.timeout = std::min(options.timeout, limit);
    options.maxBytes = std::min<qsizetype>(options.maxBytes, 32 << 20);
    const auto target = std::make_shared<Internal::ProbeTarget>(Internal::withSlash(url), options, stop);
    const Answer first = co_await Internal::probeGet(target, u"api/v1/status/buildinfo"_s);
    if (!first) {
        report.error = first.error();
        co_return report;
    }
    report.reachable = true;
    report.seconds = first->seconds;
    const Json buildInfo = Internal::apiData(first);
    if (buildInfo[u"version"].isString()) {
        report.product = productOf(buildInfo, *first);
        report.version = buildInfo[u"version"].toString();
        co_return co_await lookCloser(target, report);
    }
    // Older servers and some proxies have no buildinfo but do answer queries.
    const Answer query = co_await Internal::probeGet(target, u"api/v1/query?query=vector(1)"_s);
    if (Internal::apiData(query)[u"resultType"].isString()) {
        report.product = first->header("X-Server-Hostname").isEmpty() ? Product::Compatible : Product::VictoriaMetrics;
        co_return co_await lookCloser(target, report);
    }
    co_return co_await Internal::explainNoPrometheus(target, report, *first);
}

QCoro::Task<ProbeReport> probeProfile(StackProfile profile, std::shared_ptr<SecretStore> store,
                                      std::chrono::milliseconds limit, std::stop_token stop)
{
    const Result<HttpOptions> options = co_await resolveOptions(profile, store, stop);
    if (!options) {
        ProbeReport report;
        report.url = profile.prometheus;
        report.error = options.error();
        co_return report;
    }
    co_return co_await probe(profile.prometheus, *options, limit, stop);
}

Json probeToJson(const ProbeReport& report)
{
    Json out = Json::object({{u"url"_s, report.url.toString()},
                             {u"reachable"_s, report.reachable},
                             {u"ready"_s, report.ready},
                             {u"product"_s, productId(report.product)},
                             {u"version"_s, report.version},
                             {u"seconds"_s, report.seconds}});
    const StackCapabilities& can = report.capabilities;
    out.set(u"capabilities"_s, Json::object({{u"adminApi"_s, optionalJson(can.adminApi)},
                                             {u"lifecycle"_s, optionalJson(can.lifecycle)},
                                             {u"remoteWriteReceiver"_s, optionalJson(can.remoteWriteReceiver)},
                                             {u"otlpReceiver"_s, optionalJson(can.otlpReceiver)},
                                             {u"agent"_s, optionalJson(can.agent)},
                                             {u"features"_s, Json::strings(can.features)},
                                             {u"retention"_s, can.retention}}));
    out.set(u"clockOffsetMs"_s, report.clockOffsetMs ? Json(*report.clockOffsetMs) : Json());
    out.set(u"scrapeIntervalMs"_s, report.scrapeIntervalMs ? Json(*report.scrapeIntervalMs) : Json());
    Json alertmanagers = Json::array();
    for (const KnownAlertmanager& known : report.alertmanagers)
        alertmanagers.append(Json::object({{u"url"_s, known.url.toString()}, {u"active"_s, known.active}}));
    out.set(u"alertmanagers"_s, alertmanagers);
    out.set(u"notes"_s, Json::strings(report.notes));
    if (const std::optional<Error>& error = report.error) {
        out.set(u"error"_s, Json::object({{u"code"_s, errorCodeName(error->code)},
                                          {u"summary"_s, error->summary},
                                          {u"detail"_s, error->detail},
                                          {u"hint"_s, error->hint}}));
    } else {
        out.set(u"error"_s, Json());
    }
    if (!report.suggestedUrl.isEmpty())
        out.set(u"suggestedUrl"_s, report.suggestedUrl.toString());
    return out;
}

} // namespace Promdeck
