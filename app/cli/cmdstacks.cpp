#include "app/cli/cmdstacks.h"

#include "models/core/duration.h"
#include "models/stack/discovery.h"
#include "models/stack/stackstore.h"

#include <QCommandLineParser>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

QString callText()
{
    return u"promdeck stacks list [--json]\n"
                       "       promdeck stacks add --url URL [--name N] [options]   (see promdeck stacks add --help)\n"
                       "       promdeck stacks probe [URL|NAME]... [--json] [--timeout S]   without a name: all saved\n"
                       "                             stacks; --local: the usual ports of this machine\n"
                       "       promdeck stacks remove NAME"_s;
}

/// "env:NAME", "command:LINE" or "keychain:KEY".
void addOptions(QCommandLineParser& parser)
{
    const auto option = [&](const char* name, const char* text, const char* value = "") {
        parser.addOption({QString::fromLatin1(name), QString::fromLatin1(text), QString::fromLatin1(value)});
    };
    option("url", "base URL of the Prometheus", "URL");
    option("name", "name of the stack (default: from the URL)", "NAME");
    option("color", "#rrggbb", "COLOR");
    option("alertmanager", "URL of an Alertmanager; repeatable", "URL");
    option("grafana", "URL of its Grafana", "URL");
    option("loki", "URL of its Loki", "URL");
    option("ssh", "host to go through, as ssh names it; URLs are then as that host sees them", "HOST");
    option("user", "user for basic authentication", "USER");
    option("password", "where its password comes from: env:VAR, command:LINE, keychain:ENTRY", "SECRET");
    option("token", "where a bearer token comes from", "SECRET");
    option("header", "further header, Name=value; repeatable", "HEADER");
    option("secret-header", "further header, Name=env:VAR and so on; repeatable", "HEADER");
    option("tenant", "X-Scope-OrgID", "TENANT");
    option("ca", "PEM file of the CA", "FILE");
    option("client-cert", "PEM file", "FILE");
    option("client-key", "PEM file", "FILE");
    option("insecure", "do not verify the server's certificate");
    option("compress", "ask for gzip: yes or no (default: only beyond the local network)", "YES");
    option("timeout", "seconds per request", "S");
    option("max-bytes", "largest answer", "BYTES");
    option("scrape-interval", "such as 30s (default: the server's)", "DURATION");
    option("writable", "allow changes (silences, admin API)");
    option("replace", "replace the stack of the same name");
    option("help", "this text");
}

Status readUrls(const QCommandLineParser& parser, StackProfile& profile)
{
    for (const auto& [name, url] : {std::pair(u"grafana"_s, &profile.grafana), std::pair(u"loki"_s, &profile.loki)}) {
        if (!parser.isSet(name))
            continue;
        const Result<QUrl> parsed = parseStackUrl(parser.value(name));
        if (!parsed)
            return parsed.error();
        *url = *parsed;
    }
    for (const QString& text : parser.values(u"alertmanager"_s)) {
        const Result<QUrl> parsed = parseStackUrl(text);
        if (!parsed)
            return parsed.error();
        profile.alertmanagers << *parsed;
    }
    return Done {};
}

Status readAuth(const QCommandLineParser& parser, AuthConfig& auth)
{
    if (parser.isSet(u"user"_s) != parser.isSet(u"password"_s) || (parser.isSet(u"user"_s) && parser.isSet(u"token"_s)))
        return makeError(ErrorCode::InvalidArgument, u"Give --user with --password, or --token"_s);
    if (parser.isSet(u"user"_s) || parser.isSet(u"token"_s)) {
        const bool basic = parser.isSet(u"user"_s);
        const Result<SecretRef> secret = parseSecretRef(parser.value(basic ? u"password"_s : u"token"_s));
        if (!secret)
            return secret.error();
        auth.type = basic ? AuthConfig::Type::Basic : AuthConfig::Type::Bearer;
        auth.user = parser.value(u"user"_s);
        auth.secret = *secret;
    }
    auth.tenant = parser.value(u"tenant"_s);
    auth.clientCertFile = parser.value(u"client-cert"_s);
    auth.clientKeyFile = parser.value(u"client-key"_s);
    for (const bool isSecret : {false, true}) {
        for (const QString& text : parser.values(isSecret ? u"secret-header"_s : u"header"_s)) {
            const qsizetype equals = text.indexOf(u'=');
            if (equals <= 0)
                return makeError(ErrorCode::InvalidArgument, u"A header is written as Name=value"_s);
            AuthConfig::Header header {text.left(equals), text.mid(equals + 1), {}};
            if (isSecret) {
                const Result<SecretRef> secret = parseSecretRef(header.value);
                if (!secret)
                    return secret.error();
                header.value.clear();
                header.secret = *secret;
            }
            auth.headers.push_back(header);
        }
    }
    return Done {};
}

Result<StackProfile> profileFromOptions(const QCommandLineParser& parser)
{
    const QString typed = parser.value(u"url"_s);
    const Result<QUrl> url = parseStackUrl(typed);
    if (!url)
        return url.error();
    if (!url->userInfo().isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"The URL holds credentials"_s, {}, u"Use --user and --password"_s);
    StackProfile profile = profileForUrl(*url);
    if (parser.isSet(u"name"_s))
        profile.name = parser.value(u"name"_s);
    profile.color = parser.value(u"color"_s);
    profile.ssh = parser.value(u"ssh"_s);
    profile.caFile = parser.value(u"ca"_s);
    profile.verifyTls = !parser.isSet(u"insecure"_s);
    profile.readOnly = !parser.isSet(u"writable"_s);
    if (parser.isSet(u"compress"_s))
        profile.compress = parser.value(u"compress"_s).startsWith(u'y');
    bool bytes = true;
    const auto timeout = parser.isSet(u"timeout"_s) ? timeoutFrom(parser.value(u"timeout"_s)) : profile.timeoutMs;
    if (parser.isSet(u"max-bytes"_s))
        profile.maxResponseBytes = parser.value(u"max-bytes"_s).toLongLong(&bytes);
    if (!timeout || !bytes || profile.maxResponseBytes <= 0)
        return makeError(ErrorCode::InvalidArgument, u"--timeout takes seconds up to 3600, --max-bytes a positive number"_s);
    profile.timeoutMs = *timeout;
    if (parser.isSet(u"scrape-interval"_s)) {
        const auto interval = parsePrometheusDuration(parser.value(u"scrape-interval"_s).toStdString());
        if (!interval)
            return makeError(ErrorCode::InvalidArgument, u"--scrape-interval takes a duration such as 30s"_s);
        profile.scrapeIntervalMs = *interval;
    }
    if (Status urls = readUrls(parser, profile); !urls)
        return urls.error();
    if (Status auth = readAuth(parser, profile.auth); !auth)
        return auth.error();
    return profile;
}

QString reportText(const QString& title, const ProbeReport& report)
{
    QString out = title + u": "_s;
    if (report.product != Product::Unknown)
        out += productName(report.product) + u' ' + report.version + u", "_s;
    if (report.error) {
        out += report.error->summary;
        if (!report.error->detail.isEmpty())
            out += u": "_s + report.error->detail;
        if (!report.error->hint.isEmpty())
            out += u"\n  "_s + report.error->hint;
        return out;
    }
    out += u"ready, %1 ms"_s.arg(report.seconds * 1000, 0, 'f', 0);
    if (report.clockOffsetMs && std::abs(*report.clockOffsetMs) > report.clockUncertaintyMs + 1000)
        out += u"\n  its clock differs by %1 s"_s.arg(double(*report.clockOffsetMs) / 1000, 0, 'f', 1);
    if (report.scrapeIntervalMs)
        out += u"\n  scrape interval %1 s"_s.arg(double(*report.scrapeIntervalMs) / 1000);
    for (const KnownAlertmanager& known : report.alertmanagers)
        out += u"\n  Alertmanager %1%2"_s.arg(known.url.toString(), known.active ? u""_s : u" (dropped)"_s);
    const auto can = [&](const std::optional<bool>& flag, const QString& what) {
        if (flag.value_or(false))
            out += u"\n  "_s + what;
    };
    can(report.capabilities.adminApi, u"admin API"_s);
    can(report.capabilities.lifecycle, u"reload over HTTP"_s);
    can(report.capabilities.remoteWriteReceiver, u"remote write receiver"_s);
    for (const QString& note : report.notes)
        out += u"\n  "_s + note;
    return out;
}

} // namespace

StacksVerb::StacksVerb(std::shared_ptr<SecretStore> secrets) : m_secrets(std::move(secrets)) {}

QString StacksVerb::name() const
{
    return u"stacks"_s;
}

QString StacksVerb::usage() const
{
    return callText();
}

QString StacksVerb::summary() const
{
    return u"saved stacks: list, add, probe, remove"_s;
}

int StacksVerb::fail(const QString& text)
{
    err(text);
    return ExitUsage;
}

void StacksVerb::run(const QStringList& args)
{
    const bool named = !args.isEmpty() && !args.first().startsWith(u'-');
    const QString action = named ? args.first() : u"list"_s;
    const QStringList rest = named ? args.mid(1) : args;
    if (rest.contains(u"--help") && action != u"add") {
        out(u"usage: "_s + callText());
        finish(ExitOk);
        return;
    }
    if (action == u"probe")
        probe(rest);
    else
        finish(action == u"list"         ? list(rest)
                   : action == u"add"    ? add(rest)
                   : action == u"remove" ? remove(rest)
                                         : fail(u"usage: "_s + callText()));
}

int StacksVerb::list(const QStringList& args)
{
    if (!args.isEmpty() && args != QStringList {u"--json"_s})
        return fail(u"usage: "_s + callText());
    StackStore store;
    if (const Status loaded = store.load(); !loaded)
        return fail(loaded.error().toString());
    if (args.contains(u"--json")) {
        Json stacks = Json::array();
        for (const StackProfile& profile : store.stacks())
            stacks.append(profileToJson(profile));
        out(QString::fromUtf8(Json::object({{u"stacks"_s, stacks}}).toUtf8(Json::Format::Indented)));
        return ExitOk;
    }
    for (const StackProfile& profile : store.stacks())
        out(u"%1  %2%3"_s.arg(profile.name, profile.prometheus.toString(), profile.readOnly ? u""_s : u"  writable"_s));
    if (store.stacks().empty())
        err(u"no stacks yet: promdeck stacks add --url URL, or promdeck stacks probe --local"_s);
    return ExitOk;
}

int StacksVerb::add(const QStringList& args)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (!parser.parse(QStringList {u"promdeck stacks add"_s} + args))
        return fail(parser.errorText());
    if (parser.isSet(u"help"_s)) {
        out(parser.helpText());
        return ExitOk;
    }
    if (!parser.isSet(u"url"_s) || !parser.positionalArguments().isEmpty())
        return fail(u"usage: "_s + callText());
    const Result<StackProfile> profile = profileFromOptions(parser);
    if (!profile)
        return fail(profile.error().toString());
    StackStore store;
    if (const Status loaded = store.load(); !loaded)
        return fail(loaded.error().toString());
    if (store.find(profile->name) && !parser.isSet(u"replace"_s))
        return fail(u"There is a stack named \"%1\" already (--replace changes it)"_s.arg(profile->name));
    if (const Status saved = store.put(*profile); !saved)
        return fail(saved.error().toString());
    err(u"saved \"%1\""_s.arg(profile->name));
    return ExitOk;
}

int StacksVerb::remove(const QStringList& args)
{
    if (args.size() != 1)
        return fail(u"usage: "_s + callText());
    StackStore store;
    if (const Status removed = store.remove(args.first()); !removed)
        return fail(removed.error().toString());
    return ExitOk;
}

bool StacksVerb::needsHosts(const QStringList& args) const
{
    if (args.value(0) != u"probe" || args.contains(u"--local"_s))
        return false;
    StackStore store;
    (void)store.load();
    const QStringList names = args.mid(1);
    const std::vector<StackProfile> stacks = store.stacks();
    const bool all = std::none_of(stacks.begin(), stacks.end(), [&](const StackProfile& each) { return names.contains(each.name); });
    return std::any_of(stacks.begin(), stacks.end(),
                       [&](const StackProfile& each) { return !each.ssh.isEmpty() && (all || names.contains(each.name)); });
}

void StacksVerb::probe(const QStringList& args)
{
    QCommandLineParser parser;
    parser.addOption({u"json"_s, u"machine output"_s});
    parser.addOption({u"local"_s, u"the usual ports of this machine"_s});
    parser.addOption({u"timeout"_s, u"seconds per request"_s, u"S"_s, u"10"_s});
    if (!parser.parse(QStringList {u"promdeck stacks probe"_s} + args))
        return finish(fail(parser.errorText()));
    const std::optional<int> timeout = timeoutFrom(parser.value(u"timeout"_s));
    if (!timeout)
        return finish(fail(u"--timeout takes seconds, up to 3600"_s));
    const std::chrono::milliseconds limit(*timeout);
    const bool json = parser.isSet(u"json"_s);
    if (parser.isSet(u"local"_s)) {
        discoverStacks(usualPlaces(), std::min<std::chrono::milliseconds>(limit, std::chrono::seconds(2)))
            .then([json](const std::vector<ProbeReport>& found) {
                Json all = Json::array();
                for (const ProbeReport& report : found) {
                    all.append(probeToJson(report));
                    if (!json)
                        out(reportText(report.url.toString(), report));
                }
                if (json)
                    out(QString::fromUtf8(Json::object({{u"probes"_s, all}}).toUtf8(Json::Format::Indented)));
                else if (found.empty())
                    err(u"nothing found on the usual ports"_s);
                finish(ExitOk);
            });
        return;
    }
    StackStore store;
    if (const Status loaded = store.load(); !loaded)
        return finish(fail(loaded.error().toString()));
    std::vector<StackProfile> profiles;
    for (const QString& argument : parser.positionalArguments()) {
        if (const auto known = store.find(argument)) {
            profiles.push_back(*known);
            continue;
        }
        const Result<QUrl> url = parseStackUrl(argument);
        if (!url)
            return finish(fail(u"\"%1\" is neither a saved stack nor a URL"_s.arg(QUrl(argument).toString(QUrl::RemoveUserInfo))));
        StackProfile profile = profileForUrl(*url);
        profile.prometheus = *url; // with credentials, which are used and not saved
        profiles.push_back(profile);
    }
    if (parser.positionalArguments().isEmpty())
        profiles = store.stacks();
    if (profiles.empty())
        return finish(fail(u"usage: "_s + callText()));
    struct Progress
    {
        std::vector<std::optional<ProbeReport>> reports;
        size_t done = 0;
    };
    const auto progress = std::make_shared<Progress>();
    progress->reports.resize(profiles.size());
    const bool single = parser.positionalArguments().size() == 1;
    for (size_t i = 0; i < profiles.size(); ++i) {
        const QString title = profiles[i].name;
        probeProfile(profiles[i], m_secrets, limit).then([=](const ProbeReport& report) {
            progress->reports[i] = report;
            if (!json)
                out(reportText(title, report));
            if (++progress->done < progress->reports.size())
                return;
            bool failed = false;
            Json all = Json::array();
            for (const auto& each : progress->reports) {
                failed = failed || !each->usable();
                all.append(probeToJson(*each));
            }
            if (json) {
                const Json written = single ? all.at(0) : Json::object({{u"probes"_s, all}});
                out(QString::fromUtf8(written.toUtf8(Json::Format::Indented)));
            }
            finish(failed ? ExitRemote : ExitOk);
        });
    }
}

} // namespace Promdeck::Cli
