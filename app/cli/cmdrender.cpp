#include "app/cli/cmdrender.h"

#include "models/panel/renderjson.h"
#include "models/stack/probe.h"
#include "resources/dashboards/builtindashboards.h"

#include <QCommandLineParser>
#include <QFile>
#include <QSaveFile>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

PngRenderer& pngRenderer()
{
    static PngRenderer renderer;
    return renderer;
}

/// "builtin:ID" names a dashboard that ships with Promdeck; anything else is a path.
Result<Dashboard> loadDashboard(const QString& argument)
{
    if (isBuiltinDashboard(argument)) {
        const QByteArray json = builtinDashboard(argument);
        if (!json.isEmpty())
            return readDashboard(json, argument);
        return makeError(ErrorCode::Reference, u"there is no built-in dashboard \"%1\""_s.arg(argument), {},
                         u"one of: "_s + builtinDashboardIds().join(u", "_s));
    }
    QFile file(argument);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorCode::Io, u"cannot read the dashboard"_s, file.errorString());
        error.target = argument;
        return error;
    }
    return readDashboard(file.readAll(), argument);
}

} // namespace

void setPngRenderer(PngRenderer renderer)
{
    pngRenderer() = std::move(renderer);
}

RenderVerb::~RenderVerb() = default;

QString RenderVerb::name() const
{
    return u"render"_s;
}

QString RenderVerb::usage() const
{
    return u"promdeck render FILE|builtin:ID --url U [--loki U] [--var n=v]... [--from now-1h] [--to now] [--width 1600] "
           "[--theme dark|light] [--timezone ZONE] [--timeout S] [--png OUT] [--json OUT|-]"_s;
}

QString RenderVerb::summary() const
{
    return u"render a dashboard against a live stack, as JSON numbers and as a PNG"_s;
}

bool RenderVerb::needsPainting(const QStringList& args) const
{
    return std::any_of(args.begin(), args.end(),
                       [](const QString& arg) { return arg == u"--png" || arg.startsWith(u"--png="); });
}

void RenderVerb::run(const QStringList& args)
{
    QCommandLineParser parser;
    const QCommandLineOption url(u"url"_s, u"base URL of the Prometheus-compatible server"_s, u"URL"_s);
    const QCommandLineOption loki(u"loki"_s, u"base URL of Loki, for log panels"_s, u"URL"_s);
    const QCommandLineOption var(u"var"_s, u"value of a variable, repeatable"_s, u"name=value"_s);
    const QCommandLineOption from(u"from"_s, u"start of the range"_s, u"TIME"_s);
    const QCommandLineOption to(u"to"_s, u"end of the range"_s, u"TIME"_s);
    const QCommandLineOption width(u"width"_s, u"width of the dashboard in px (1600)"_s, u"PX"_s, u"1600"_s);
    const QCommandLineOption png(u"png"_s, u"write a picture"_s, u"FILE"_s);
    const QCommandLineOption json(u"json"_s, u"write the numbers; - is stdout"_s, u"FILE"_s);
    const QCommandLineOption theme(u"theme"_s, u"dark or light"_s, u"THEME"_s, u"dark"_s);
    const QCommandLineOption zone(u"timezone"_s, u"time zone instead of the dashboard's"_s, u"ZONE"_s);
    const QCommandLineOption timeout(u"timeout"_s, u"give up after so many seconds (120)"_s, u"S"_s, u"120"_s);
    parser.addOptions({url, loki, var, from, to, width, png, json, theme, zone, timeout});
    const auto usage = [this](const QString& why) { finishWrongUsage(why); };
    if (!parser.parse(QStringList {u"render"_s} + args))
        return usage(parser.errorText());
    if (parser.positionalArguments().size() != 1)
        return usage(u"needs exactly one dashboard file"_s);
    if (!parser.isSet(url))
        return usage(u"needs --url"_s);
    if (!parser.isSet(png) && !parser.isSet(json))
        return usage(u"needs --png or --json"_s);
    if (parser.isSet(png) && !pngRenderer())
        return usage(u"this build cannot paint; use --json"_s);

    m_request.file = parser.positionalArguments().first();
    m_request.png = parser.value(png);
    m_request.json = parser.value(json);
    m_request.timeZone = parser.value(zone);
    m_request.width = std::clamp(parser.value(width).toInt(), 200, 20000);
    m_request.theme = parser.value(theme) == u"light" ? ThemeKind::Light : ThemeKind::Dark;
    const std::optional<int> deadline = timeoutFrom(parser.value(timeout));
    if (!deadline)
        return usage(u"--timeout takes seconds, up to 3600"_s);
    m_request.timeoutSeconds = std::max(1, *deadline / 1000);
    m_request.range = {parser.value(from), parser.value(to)};
    for (const QString& assignment : parser.values(var)) {
        const qsizetype equals = assignment.indexOf(u'=');
        if (equals <= 0)
            return usage(u"--var takes name=value"_s);
        m_request.variables[assignment.left(equals)].append(assignment.mid(equals + 1));
    }

    Result<Dashboard> dashboard = loadDashboard(m_request.file);
    if (!dashboard) {
        err(dashboard.error().toString());
        return finish(ExitUsage);
    }
    std::shared_ptr<StackConnection> stack = StackConnection::forUrl(QUrl(parser.value(url)));
    if (parser.isSet(loki)) {
        StackProfile profile = stack->profile();
        profile.loki = QUrl(parser.value(loki));
        stack = std::make_shared<StackConnection>(profile, stack->httpOptions());
    }
    startSession(*std::move(dashboard), std::move(stack));
}

void RenderVerb::startSession(Dashboard dashboard, std::shared_ptr<StackConnection> stack)
{
    RawTimeRange range {dashboard.timeFrom, dashboard.timeTo};
    if (!m_request.range.from.isEmpty())
        range.from = m_request.range.from;
    if (!m_request.range.to.isEmpty())
        range.to = m_request.range.to;
    const Result<TimeRange> checked = parseTimeRange(range, Clock::system().nowMs(), m_request.timeZone);
    if (!checked) {
        err(checked.error().toString());
        return finish(ExitUsage);
    }
    m_session = std::make_unique<DashboardSession>(std::move(dashboard), std::move(stack));
    m_session->setTheme(m_request.theme);
    m_session->setRefreshInterval(0);
    m_session->setVariableOverrides(m_request.variables);
    m_session->setTimeRange(range);
    if (!m_request.timeZone.isEmpty())
        m_session->setTimeZone(m_request.timeZone);
    m_session->setIncludeCollapsed(!m_request.json.isEmpty());
    m_session->setAllVisible(m_request.width);
    QObject::connect(m_session.get(), &DashboardSession::idle, m_session.get(), [this] { report(); });
    QObject::connect(&m_deadline, &QTimer::timeout, m_session.get(), [this] {
        err(u"promdeck render: gave up after %1 s; what has arrived is written"_s.arg(m_request.timeoutSeconds));
        report();
    });
    m_deadline.setSingleShot(true);
    m_deadline.start(m_request.timeoutSeconds * 1000);
    // The step of every query follows from the scrape interval, so it is asked for first.
    const auto begin = [](RenderVerb* verb, std::shared_ptr<StackConnection> connection) -> QCoro::Task<void> {
        const Result<Json> config = co_await connection->prometheus().data(u"status/config"_s);
        const auto interval = config ? globalScrapeInterval((*config)[u"yaml"].toString()) : std::nullopt;
        connection->setServerScrapeIntervalMs(interval.value_or(0));
        verb->m_session->start();
    };
    begin(this, m_session->stack());
}

void RenderVerb::report()
{
    if (m_reported)
        return;
    m_reported = true;
    const int exitCode = m_session->isBusy() ? int(ExitRemote) : worstExitCode();
    m_deadline.stop();
    if (!m_request.json.isEmpty()) {
        const Status written = writeJson();
        if (!written) {
            err(written.error().toString());
            return finish(ExitUsage);
        }
    }
    if (m_request.png.isEmpty())
        return finish(exitCode);
    paint(exitCode);
}

void RenderVerb::paint(int exitCode)
{
    // The picture shows the dashboard as it opens: rows that are closed stay closed.
    m_session->setIncludeCollapsed(false);
    pngRenderer()(*m_session, m_request.width, m_request.theme, m_request.png, [exitCode](const Status& painted) {
        if (!painted)
            err(painted.error().toString());
        finish(painted ? exitCode : int(ExitUsage));
    });
}

Status RenderVerb::writeJson() const
{
    const QByteArray bytes = document().toUtf8(Json::Format::Indented) + '\n';
    if (m_request.json == u"-") {
        outBytes(bytes);
        return Done {};
    }
    QSaveFile file(m_request.json);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return Done {};
    Error error = makeError(ErrorCode::Io, u"cannot write the numbers"_s, file.errorString());
    error.target = m_request.json;
    return error;
}

Json RenderVerb::document() const
{
    const Dashboard& dashboard = m_session->dashboard();
    Json variables = Json::object();
    for (const VariableState& state : m_session->variables()) {
        QStringList options;
        for (const VariableOption& option : state.options)
            options.append(option.value);
        Json entry = Json::object({{u"type"_s, state.spec.type},
                                   {u"options"_s, Json::strings(options)},
                                   {u"current"_s, Json::strings(state.current)}});
        if (state.error)
            entry.set(u"error"_s, state.error->toString());
        variables.set(state.spec.name, std::move(entry));
    }
    const PanelContext context {m_request.theme, m_session->timeZone()};
    Json panels = Json::array();
    for (const PlacedPanel& placed : m_session->panels()) {
        if (placed.panel.isRow())
            continue;
        panels.append(panelToJson(placed, *m_session->panelData(placed.key), context,
                                  [&](const QString& text) { return m_session->interpolate(text, &placed); }));
    }
    const TimeRange range = m_session->timeRange();
    return Json::object(
        {{u"dashboard"_s, Json::object({{u"title"_s, dashboard.title}, {u"uid"_s, dashboard.uid}})},
         {u"range"_s, Json::object({{u"from"_s, range.fromMs}, {u"to"_s, range.toMs}})},
         {u"variables"_s, std::move(variables)},
         {u"unsupported"_s, Json::strings(unsupportedAnnotations(dashboard))},
         {u"annotations"_s, annotationsToJson(m_session->annotations())},
         {u"panels"_s, std::move(panels)}});
}

/// A panel that the server refused is part of the picture; a server that cannot be reached is a failure.
int RenderVerb::worstExitCode() const
{
    for (const PlacedPanel& placed : m_session->panels()) {
        const PanelDataPtr data = m_session->panelData(placed.key);
        if (!data->error)
            continue;
        switch (data->error->code) {
        case ErrorCode::Timeout:
        case ErrorCode::DnsFailure:
        case ErrorCode::ConnectionRefused:
        case ErrorCode::ConnectionLost:
        case ErrorCode::TlsFailure:
        case ErrorCode::ProxyFailure:
        case ErrorCode::Unauthorized:
        case ErrorCode::Forbidden:
        case ErrorCode::NotFound:
        case ErrorCode::WrongProduct: return ExitRemote;
        default: break;
        }
    }
    return ExitOk;
}

} // namespace Promdeck::Cli
