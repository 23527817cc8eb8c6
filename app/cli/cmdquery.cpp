#include "app/cli/cmdquery.h"

#include "app/cli/queryoutput.h"
#include "app/keychain/keychainstore.h"
#include "models/core/clock.h"
#include "models/query/interval.h"
#include "models/stack/stackopener.h"
#include "models/stack/stackstore.h"
#include "models/stack/tunnels.h"

#include <QCommandLineParser>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

enum class Output { Table, Json, Csv };

struct QueryArguments
{
    QString expr;
    QUrl url;
    QString ssh;
    QString stack;
    bool range = false;
    qint64 startMs = 0;
    qint64 endMs = 0;
    qint64 stepMs = 0;
    Output output = Output::Table;
};

/// Points of a range when no step is given: enough for a terminal, cheap for the server.
constexpr double kDefaultPoints = 250;

Error usage(const QString& what)
{
    return makeError(ErrorCode::InvalidArgument, what);
}

Status readTimes(const QCommandLineParser& parser, QueryArguments& arguments)
{
    const qint64 now = Clock::system().nowMs();
    arguments.range = parser.isSet(u"from"_s) || parser.isSet(u"to"_s) || parser.isSet(u"step"_s);
    if (arguments.range && (parser.isSet(u"instant"_s) || parser.isSet(u"time"_s)))
        return usage(u"--from, --to and --step make a range; --instant and --time do not go with them"_s);
    if (!arguments.range) {
        const Result<qint64> time = parseTime(parser.isSet(u"time"_s) ? parser.value(u"time"_s) : u"now"_s, now, true);
        if (!time)
            return time.error();
        arguments.startMs = arguments.endMs = *time;
        return Done {};
    }
    const RawTimeRange raw {parser.isSet(u"from"_s) ? parser.value(u"from"_s) : u"now-1h"_s,
                            parser.isSet(u"to"_s) ? parser.value(u"to"_s) : u"now"_s};
    const Result<TimeRange> range = parseTimeRange(raw, now);
    if (!range)
        return range.error();
    if (parser.isSet(u"step"_s)) {
        const Result<qint64> step = parseInterval(parser.value(u"step"_s));
        if (!step || *step <= 0)
            return usage(u"--step wants an interval such as 15s"_s);
        arguments.stepMs = *step;
        arguments.startMs = range->fromMs;
        arguments.endMs = range->toMs;
        return Done {};
    }
    StepRequest request;
    request.rangeMs = range->spanMs();
    request.maxDataPoints = kDefaultPoints;
    arguments.stepMs = calculateStep(request).stepMs;
    arguments.startMs = alignToStep(range->fromMs, arguments.stepMs);
    arguments.endMs = alignToStep(range->toMs, arguments.stepMs);
    return Done {};
}

Result<QueryArguments> readArguments(const QStringList& args)
{
    QCommandLineParser parser;
    for (const QString& name : {u"url"_s, u"stack"_s, u"from"_s, u"to"_s, u"step"_s, u"time"_s, u"ssh"_s})
        parser.addOption(QCommandLineOption(name, {}, name));
    for (const QString& name : {u"instant"_s, u"json"_s, u"csv"_s})
        parser.addOption(QCommandLineOption(name));
    if (!parser.parse(QStringList {u"promdeck query"_s} + args))
        return usage(parser.errorText());
    if (parser.positionalArguments().size() != 1)
        return usage(u"one expression is needed (quote it)"_s);
    QueryArguments arguments;
    arguments.expr = parser.positionalArguments().first();
    arguments.stack = parser.value(u"stack"_s);
    arguments.url = QUrl(parser.value(u"url"_s), QUrl::StrictMode);
    arguments.ssh = parser.value(u"ssh"_s);
    if (!arguments.ssh.isEmpty() && !parser.isSet(u"url"_s))
        return usage(u"--ssh goes with --url; a saved stack has its own host"_s);
    if (arguments.stack.isEmpty() == !parser.isSet(u"url"_s))
        return usage(u"either --url or --stack is needed"_s);
    if (parser.isSet(u"url"_s) && (!arguments.url.isValid() || arguments.url.host().isEmpty()))
        return usage(u"\"%1\" is not a URL like http://127.0.0.1:9090"_s.arg(parser.value(u"url"_s)));
    if (parser.isSet(u"json"_s) && parser.isSet(u"csv"_s))
        return usage(u"--json or --csv, not both"_s);
    arguments.output = parser.isSet(u"json"_s) ? Output::Json : parser.isSet(u"csv"_s) ? Output::Csv : Output::Table;
    const Status times = readTimes(parser, arguments);
    if (!times)
        return times.error();
    return arguments;
}

/// The stack to ask; a missing profile is the user's mistake, everything else the network's.
QCoro::Task<Result<std::shared_ptr<StackConnection>>> connectTo(QueryArguments arguments)
{
    if (arguments.stack.isEmpty()) {
        const auto direct = StackConnection::forUrl(arguments.url);
        if (arguments.ssh.isEmpty())
            co_return direct;
        StackProfile through = direct->profile();
        through.ssh = arguments.ssh;
        if (const Status valid = checkProfile(through); !valid)
            co_return valid.error();
        // Credentials in the address stay in the options alone.
        const Result<std::shared_ptr<HttpTunnel>> tunnel = tunnelTo(through.ssh);
        if (!tunnel)
            co_return tunnel.error();
        HttpOptions options = direct->httpOptions();
        options.tunnel = *tunnel;
        co_return std::make_shared<StackConnection>(through, options);
    }
    StackStore store;
    const Status loaded = store.load();
    if (!loaded)
        co_return loaded.error();
    const std::optional<StackProfile> profile = store.find(arguments.stack);
    if (!profile) {
        co_return makeError(ErrorCode::Reference, u"There is no stack named \"%1\""_s.arg(arguments.stack), {},
                            u"promdeck stacks list shows them"_s);
    }
    co_return co_await openStack(*profile, keychainSecretStore());
}

int exitCodeFor(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Reference:
    case ErrorCode::InvalidArgument:
    case ErrorCode::Io:
    case ErrorCode::Syntax:
    case ErrorCode::Schema:
        return ExitUsage;
    case ErrorCode::Query:
        // The server reads the expression for us: what it cannot read is unreadable input.
        return error.detail == u"bad_data" ? ExitUsage : ExitRemote;
    default:
        return ExitRemote;
    }
}

} // namespace

QString QueryVerb::name() const
{
    return u"query"_s;
}

QString QueryVerb::usage() const
{
    return u"promdeck query EXPR --url U [--ssh HOST]|--stack NAME [--from T --to T --step S | --instant | --time T] [--json|--csv]"_s;
}

QString QueryVerb::summary() const
{
    return u"run one PromQL expression, as a table, JSON or CSV"_s;
}

bool QueryVerb::needsHosts(const QStringList& args) const
{
    const Result<QueryArguments> arguments = readArguments(args);
    if (!arguments)
        return false;
    if (arguments->stack.isEmpty())
        return !arguments->ssh.isEmpty();
    StackStore store;
    (void)store.load();
    const std::optional<StackProfile> profile = store.find(arguments->stack);
    return profile && !profile->ssh.isEmpty();
}

void QueryVerb::run(const QStringList& args)
{
    const Result<QueryArguments> arguments = readArguments(args);
    if (!arguments)
        return finishWrongUsage(arguments.error().toString());
    // main() keeps the verb until the event loop has ended; the task itself needs only copies.
    static constexpr auto work = [](QueryArguments wanted) -> QCoro::Task<void> {
        const Result<std::shared_ptr<StackConnection>> stack = co_await connectTo(wanted);
        Result<QueryAnswer> answer;
        if (!stack)
            answer = stack.error();
        else if (wanted.range)
            answer = co_await (*stack)->prometheus().queryRange(wanted.expr, wanted.startMs, wanted.endMs, wanted.stepMs);
        else
            answer = co_await (*stack)->prometheus().queryInstant(wanted.expr, wanted.endMs);
        if (!answer) {
            err(answer.error().toString());
            finish(exitCodeFor(answer.error()));
            co_return;
        }
        for (const QString& warning : answer->result.warnings)
            err(u"warning: "_s + warning);
        for (const QString& info : answer->result.infos)
            err(u"info: "_s + info);
        switch (wanted.output) {
        case Output::Json: outBytes(resultAsJson(answer->result)); break;
        case Output::Csv: outBytes(resultAsCsv(answer->result)); break;
        case Output::Table: out(resultAsTable(answer->result)); break;
        }
        finish(ExitOk);
    };
    work(*arguments);
}

} // namespace Promdeck::Cli
