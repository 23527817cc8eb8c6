#include "models/stack/productdetector.h"

#include <QRegularExpression>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

Error explained(const QUrl& url, ErrorCode code, QString summary, QString detail, QString hint)
{
    Error error = makeError(code, std::move(summary), std::move(detail), std::move(hint));
    error.target = url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    return error;
}

Json jsonOf(const Result<HttpResponse>& answer)
{
    if (!answer || answer->status != 200)
        return {};
    return Json::parse(answer->body).valueOr({});
}

QString titleOf(const HttpResponse& page)
{
    static const QRegularExpression title(u"<title[^>]*>\\s*([^<]{0,120})"_s, QRegularExpression::CaseInsensitiveOption);
    return title.match(QString::fromUtf8(page.body.left(64 << 10))).captured(1).simplified();
}

bool isHtml(const HttpResponse& page)
{
    return page.header("Content-Type").contains("html") || page.body.left(512).toLower().contains("<html");
}

/// Products with an answer of their own on some path.
struct Signature
{
    const char16_t* path;
    Product product;
    const char16_t* proof;   ///< member that has to be there
    const char16_t* version; ///< path of the version
};

constexpr Signature kSignatures[] = {
    {u"api/v2/status", Product::Alertmanager, u"versionInfo", u"versionInfo.version"},
    {u"api/health", Product::Grafana, u"database", u"version"},
    {u"loki/api/v1/status/buildinfo", Product::Loki, u"version", u"version"},
    {u"api/v1/status", Product::Pushgateway, u"data.build_information", u"data.build_information.version"},
};

QString adviceFor(Product product)
{
    switch (product) {
    case Product::Alertmanager: return u"Enter it as the stack's Alertmanager; the Prometheus is often on port 9090"_s;
    case Product::Grafana:
        return u"Enter the address of the Prometheus behind it (Grafana shows it under Data sources)"_s;
    case Product::Loki: return u"Enter it as the stack's Loki; the Prometheus is often on port 9090"_s;
    case Product::Pushgateway: return u"Enter the Prometheus that scrapes it"_s;
    case Product::Exporter: return u"Exporters answer no queries: enter the Prometheus that scrapes it"_s;
    default: return u"Check host, port and path prefix"_s;
    }
}

/// Where a Prometheus may be when it is not where the user said: the root, usual prefixes, and where the
/// server's own front page leads to.
QList<QUrl> otherPlaces(const QUrl& base, const Result<HttpResponse>& firstHop, const Result<HttpResponse>& front)
{
    QList<QUrl> places;
    const auto offer = [&](const QUrl& candidate) {
        const QUrl url = withSlash(candidate.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment));
        if (url != base && url.host() == base.host() && !places.contains(url))
            places << url;
    };
    for (const Result<HttpResponse>* hop : {&firstHop, &front}) {
        if (!hop->ok())
            continue;
        const QUrl there = (*hop)->url.resolved(QUrl::fromEncoded((*hop)->header("Location")));
        if (const Result<QUrl> cleaned = parseStackUrl(there.toString()))
            offer(*cleaned);
    }
    for (const char16_t* path : {u"/", u"/prometheus/", u"/prom/", u"/select/0/prometheus/"}) {
        QUrl url = base;
        url.setPath(QString::fromUtf16(path));
        offer(url);
    }
    return places;
}

QCoro::Task<QUrl> firstPrometheusAmong(ProbeTargetPtr target, QList<QUrl> places)
{
    std::vector<QCoro::Task<Result<HttpResponse>>> asked;
    for (const QUrl& place : places)
        asked.push_back(probeGet(target, place.path() + u"api/v1/status/buildinfo"_s));
    QUrl found;
    for (size_t i = 0; i < asked.size(); ++i) {
        const Result<HttpResponse> answer = co_await asked[i];
        if (found.isEmpty() && apiData(answer)[u"version"].isString() && !apiData(answer).contains(u"cluster"))
            found = places[qsizetype(i)];
    }
    co_return found;
}

/// Errors that the status code alone explains; nothing when one has to look closer.
std::optional<Error> errorOfStatus(const QUrl& url, const HttpResponse& answer)
{
    const QString words = QString::fromUtf8(answer.body.left(300)).simplified();
    const QString detail = isHtml(answer) ? QString() : words;
    const QString host = url.host();
    switch (answer.status) {
    case 400:
        if (answer.body.contains("HTTP request to an HTTPS server")) {
            return explained(url, ErrorCode::TlsFailure, u"%1 wants TLS on this port"_s.arg(host), {},
                             u"Use https:// instead of http://"_s);
        }
        return std::nullopt;
    case 401:
        if (words.contains(u"no org id")) {
            return explained(url, ErrorCode::Unauthorized, u"%1 wants to know the tenant"_s.arg(host), words,
                             u"Set the tenant of this stack (header X-Scope-OrgID)"_s);
        }
        return explained(url, ErrorCode::Unauthorized, u"%1 does not accept the credentials"_s.arg(host), detail,
                         answer.header("WWW-Authenticate").startsWith("Basic")
                             ? u"Set user and password (basic authentication) of this stack"_s
                             : u"Set the token or password of this stack"_s);
    case 403:
        return explained(url, ErrorCode::Forbidden, u"%1 knows you but refuses this address"_s.arg(host), detail,
                         u"Ask for access to the query API, or use another path"_s);
    case 407:
        return explained(url, ErrorCode::ProxyFailure, u"The proxy wants credentials"_s, {},
                         u"Put user and password into http_proxy, or list the host in no_proxy"_s);
    case 429:
        return explained(url, ErrorCode::RateLimited, u"%1 limits the number of requests"_s.arg(host), detail,
                         u"Try again in a moment"_s);
    default: break;
    }
    if (answer.status >= 300 && answer.status < 400) {
        const QUrl there = answer.url.resolved(QUrl::fromEncoded(answer.header("Location")));
        return explained(url, ErrorCode::WrongProduct, u"%1 sends queries on to %2"_s.arg(host, there.host()),
                         there.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery),
                         u"That may be a login page: use an address that takes a token or a password directly"_s);
    }
    if (answer.status == 503) {
        return explained(url, ErrorCode::HttpStatus, u"%1 is not ready yet"_s.arg(host), detail,
                         u"Prometheus reads its log after a start; try again in a moment"_s);
    }
    if (answer.status >= 500) {
        return explained(url, ErrorCode::HttpStatus, u"%1 answers with status %2"_s.arg(host).arg(answer.status), detail,
                         u"Look at the server's log; a gateway in front of it may not reach it"_s);
    }
    return std::nullopt;
}

} // namespace

QUrl withSlash(QUrl url)
{
    if (!url.path().endsWith(u'/'))
        url.setPath(url.path() + u'/');
    return url;
}

QCoro::Task<Result<HttpResponse>> probeGet(ProbeTargetPtr target, QString path, bool followRedirects)
{
    HttpRequest request;
    request.followRedirects = followRedirects;
    request.url = target->base.resolved(QUrl(path));
    co_return co_await target->client.send(request, target->stop);
}

Json apiData(const Result<HttpResponse>& answer)
{
    const Json json = jsonOf(answer);
    return json[u"status"].toString() == u"success" ? json[u"data"] : Json();
}

QCoro::Task<ProbeReport> explainNoPrometheus(ProbeTargetPtr target, ProbeReport report, HttpResponse first)
{
    if (const std::optional<Error> error = errorOfStatus(target->base, first)) {
        report.error = error;
        if (error->code == ErrorCode::TlsFailure) {
            report.suggestedUrl = target->base;
            report.suggestedUrl.setScheme(u"https"_s);
        }
        co_return report;
    }
    std::vector<QCoro::Task<Result<HttpResponse>>> asked;
    for (const Signature& signature : kSignatures)
        asked.push_back(probeGet(target, QString::fromUtf16(signature.path)));
    QCoro::Task<Result<HttpResponse>> frontPage = probeGet(target, u"/"_s);
    // A prefix shows in the first redirect; where the last one leads may be a page that does not exist.
    QCoro::Task<Result<HttpResponse>> firstHop = probeGet(target, u"/"_s, false);
    QCoro::Task<Result<HttpResponse>> metricsPage = probeGet(target, u"metrics"_s);
    for (size_t i = 0; i < asked.size(); ++i) {
        const Json json = jsonOf(co_await asked[i]);
        if (report.product == Product::Unknown && !json.path(kSignatures[i].proof).isNull()) {
            report.product = kSignatures[i].product;
            report.version = json.path(kSignatures[i].version).toString();
        }
    }
    const Result<HttpResponse> front = co_await frontPage;
    const Result<HttpResponse> hop = co_await firstHop;
    const Result<HttpResponse> metrics = co_await metricsPage;
    if (report.product == Product::Unknown) {
        const QList<QUrl> places = otherPlaces(target->base, hop, front);
        report.suggestedUrl = co_await firstPrometheusAmong(target, places);
    }
    const QString place = target->base.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    if (!report.suggestedUrl.isEmpty()) {
        report.error = explained(target->base, ErrorCode::NotFound, u"There is no Prometheus API under %1"_s.arg(place),
                                 u"It answers under %1"_s.arg(report.suggestedUrl.toString()),
                                 u"Use that address"_s);
        co_return report;
    }
    if (report.product == Product::Unknown && metrics.ok() && metrics->status == 200 && !isHtml(*metrics)
        && (metrics->body.startsWith("# ") || metrics->body.contains("\n# TYPE "))) {
        report.product = Product::Exporter;
    }
    const QString title = front.ok() && isHtml(*front) ? titleOf(*front) : isHtml(first) ? titleOf(first) : QString();
    if (report.product == Product::Unknown && ((front.ok() && isHtml(*front)) || isHtml(first)))
        report.product = Product::Website;
    if (report.product == Product::Unknown && first.status == 404) {
        report.error = explained(target->base, ErrorCode::NotFound, u"There is no Prometheus API under %1"_s.arg(place),
                                 {}, u"Check the path prefix: it is the server's --web.route-prefix, or set in a "
                                     "proxy in front of it"_s);
        co_return report;
    }
    const QString what = report.product == Product::Unknown  ? u"something else"_s
        : report.product == Product::Website ? (title.isEmpty() ? u"a web page"_s : u"a web page (\"%1\")"_s.arg(title))
        : report.product == Product::Exporter ? (title.isEmpty() ? u"an exporter"_s : u"an exporter (\"%1\")"_s.arg(title))
                                              : productName(report.product);
    report.error = explained(target->base, ErrorCode::WrongProduct, u"This is %1, not a Prometheus"_s.arg(what), {},
                             adviceFor(report.product));
    co_return report;
}

} // namespace Promdeck::Internal
