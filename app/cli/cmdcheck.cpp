#include "app/cli/cmdcheck.h"

#include "app/cli/ruletestrunner.h"
#include "models/config/filechecker.h"
#include "models/config/online/serverlint.h"
#include "models/config/ruletestresults.h"
#include "models/core/json.h"
#include "models/promql/token.h"

#include <QCoroTask>
#include <QDateTime>
#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

struct Request
{
    QStringList paths;
    std::optional<Config::FileKind> kind;
    Config::CheckOptions options;
    bool json = false;
    bool runTests = false;
    QUrl server; ///< to ask about rules; empty = nothing is asked
    QString error; ///< wrong usage
};

void setVersion(Request& request, const QString& value)
{
    Promql::ServerVersion version;
    if (!Promql::ServerVersion::parse(value.toStdString(), version)) {
        request.error = u"not a version: "_s + value;
        return;
    }
    // Alertmanager has not reached 1.0, Prometheus left 1 long ago: the number says whose version it is.
    Config::CheckOptions& options = request.options;
    (version.major == 0 ? options.alertmanager : options.prometheus) = {version.major, version.minor};
    if (value.contains(u"+ds"))
        options.debian = true;
}

void takeOption(Request& request, const QString& option, const QString& value)
{
    Config::CheckOptions& options = request.options;
    if (option == u"--kind") {
        request.kind = Config::kindFromName(value);
        if (!request.kind)
            request.error = u"unknown kind %1; one of %2"_s.arg(value, Config::kindNames().join(u", "));
    } else if (option == u"--server-version") {
        setVersion(request, value);
    } else if (option == u"--enable-feature") {
        for (const QString& name : value.split(u',', Qt::SkipEmptyParts))
            options.features.push_back(name.toStdString());
    } else if (option == u"--url") {
        request.server = QUrl(value);
        if (!request.server.isValid() || !request.server.scheme().startsWith(u"http") || request.server.host().isEmpty())
            request.error = u"%1 is no address of a server"_s.arg(value);
    } else if (option == u"--run") {
        request.runTests = true;
    } else if (option == u"--no-lint") {
        options.lint = false;
    } else if (option == u"--syntax-only") {
        options.syntaxOnly = true;
    } else if (option == u"--agent") {
        options.agent = true;
    } else if (option == u"--strict") {
        options.strict = true;
    } else if (option == u"--json") {
        request.json = true;
    } else {
        request.error = u"unknown option "_s + option;
    }
}

Request readArguments(const QStringList& args)
{
    Request request;
    bool onlyPaths = false;
    for (qsizetype i = 0; i < args.size() && request.error.isEmpty(); ++i) {
        QString option = args[i];
        if (option == u"--" && !onlyPaths) {
            onlyPaths = true;
            continue;
        }
        if (onlyPaths || !option.startsWith(u"--")) {
            request.paths.append(option);
            continue;
        }
        QString value;
        const qsizetype equals = option.indexOf(u'=');
        if (equals > 0) {
            value = option.mid(equals + 1);
            option.truncate(equals);
        }
        const bool takesValue = option == u"--kind" || option == u"--server-version" || option == u"--enable-feature" || option == u"--url";
        if (takesValue && equals < 0) {
            if (i + 1 >= args.size()) {
                request.error = option + u" needs a value"_s;
                break;
            }
            value = args[++i];
        }
        takeOption(request, option, value);
    }
    if (request.error.isEmpty() && request.paths.isEmpty())
        request.error = u"needs a path"_s;
    return request;
}

/// Files below a folder that may be configuration, sorted. Hidden folders stay out.
QStringList filesBelow(const QString& folder)
{
    QStringList files;
    QDirIterator walk(folder, QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = walk.next();
        if (Config::mayBeConfig(path))
            files.append(path);
    }
    files.sort();
    return files;
}

QString severityName(Config::Severity severity)
{
    switch (severity) {
    case Config::Severity::Error: return u"error"_s;
    case Config::Severity::Warning: return u"warning"_s;
    case Config::Severity::Info: break;
    }
    return u"info"_s;
}

Json toJson(const Config::Diagnostic& one)
{
    Json item = Json::object({{u"severity"_s, severityName(one.severity)},
                              {u"code"_s, one.code},
                              {u"message"_s, one.message},
                              {u"line"_s, one.span.start.line},
                              {u"column"_s, one.span.start.column},
                              {u"endLine"_s, one.span.end.line},
                              {u"endColumn"_s, one.span.end.column}});
    if (!one.hint.isEmpty())
        item.set(u"hint"_s, one.hint);
    return item;
}

Json toJson(const std::vector<Config::FileReport>& reports, int errors, int warnings)
{
    Json::Array files;
    for (const Config::FileReport& report : reports) {
        Json::Array diagnostics;
        for (const Config::Diagnostic& one : report.diagnostics)
            diagnostics.push_back(toJson(one));
        files.push_back(Json::object({{u"path"_s, report.path},
                                      {u"kind"_s, Config::kindName(report.kind)},
                                      {u"diagnostics"_s, Json::array(std::move(diagnostics))}}));
    }
    return Json::object({{u"files"_s, Json::array(std::move(files))}, {u"errors"_s, errors}, {u"warnings"_s, warnings}});
}

/// The line of a finding with carets below what it is about.
QString excerpt(const Config::FileReport& report, const Config::Diagnostic& one)
{
    const qsizetype at = std::min(qsizetype(one.span.start.offset), report.text.size());
    const qsizetype begin = at == 0 ? 0 : report.text.lastIndexOf('\n', at - 1) + 1;
    qsizetype end = report.text.indexOf('\n', at);
    end = end < 0 ? report.text.size() : end;
    QString line = QString::fromUtf8(report.text.mid(begin, end - begin));
    while (line.endsWith(u'\r'))
        line.chop(1);
    QString mark;
    for (const QChar c : QString::fromUtf8(report.text.mid(begin, at - begin)))
        mark += c == u'\t' ? u'\t' : u' ';
    const qsizetype stop = std::min(end, qsizetype(one.span.end.offset));
    const qsizetype width = stop > at ? QString::fromUtf8(report.text.mid(at, stop - at)).size() : 1;
    mark += QString(std::max(qsizetype(1), std::min(width, line.size() - mark.size())), u'^');
    return u"    "_s + line + u"\n    "_s + mark;
}

QString toText(const Config::FileReport& report, const Config::Diagnostic& one)
{
    QString text = u"%1:%2:%3: %4: %5 [%6]"_s.arg(report.path)
                       .arg(one.span.start.line)
                       .arg(one.span.start.column)
                       .arg(severityName(one.severity), one.message, one.code);
    if (!report.text.isEmpty())
        text += u'\n' + excerpt(report, one);
    if (!one.hint.isEmpty())
        text += u"\n    hint: "_s + one.hint;
    return text;
}

/// Files of one kind that nothing is wrong with so far.
QStringList soundFiles(const Config::FileChecker& checker, Config::FileKind kind)
{
    QStringList paths;
    for (const Config::FileReport& report : checker.reports()) {
        if (report.kind == kind && report.count(Config::Severity::Error) == 0)
            paths.append(report.path);
    }
    return paths;
}

} // namespace

struct CheckVerb::Private
{
    explicit Private(Request wanted) : request(std::move(wanted)), checker(request.options) {}

    Request request;
    Config::FileChecker checker;
    bool unreadable = false;
    bool noAnswer = false; ///< of the server
    std::unique_ptr<RuleTestRunner> tests;
    std::unique_ptr<PrometheusClient> client;
    std::unique_ptr<Config::ServerLint> lint;
};

CheckVerb::CheckVerb() = default;
CheckVerb::~CheckVerb() = default;

void CheckVerb::run(const QStringList& args)
{
    d = std::make_unique<Private>(readArguments(args));
    const Request& request = d->request;
    if (!request.error.isEmpty())
        return finishWrongUsage(request.error);
    const auto complain = [this](const QString& path, const Error& error) {
        d->unreadable = true;
        err(u"promdeck: %1: %2%3"_s.arg(path, error.summary,
                                        error.hint.isEmpty() ? QString() : u" ("_s + error.hint + u')'));
    };
    for (const QString& path : request.paths) {
        if (!QFileInfo(path).isDir()) {
            if (const Status status = d->checker.checkFile(path, request.kind); !status)
                complain(path, status.error());
            continue;
        }
        for (const QString& file : filesBelow(path)) {
            // A folder holds much that is none of ours.
            const Status status = d->checker.checkFile(file, request.kind);
            if (!status && status.error().code != ErrorCode::Syntax)
                complain(file, status.error());
        }
    }
    runTests();
}

/// Then asks the server, then reports.
void CheckVerb::runTests()
{
    const QStringList files = d->request.runTests ? soundFiles(d->checker, Config::FileKind::RuleTest) : QStringList();
    const QString promtool = files.isEmpty() ? QString() : RuleTestRunner::findPromtool();
    if (promtool.isEmpty()) {
        if (!files.isEmpty())
            err(u"promdeck: promtool is not installed, so that unit tests were checked but not run"_s);
        return askServer();
    }
    d->tests = std::make_unique<RuleTestRunner>(promtool, files, [this](const QString& path, const QByteArray& output, const QString& error) {
        if (!error.isEmpty())
            return err(u"promdeck: %1: promtool did not run: %2"_s.arg(path, error));
        const Result<QByteArray> text = d->checker.source().read(path);
        if (!text)
            return;
        const Config::YamlDocument document = Config::YamlDocument::parse({text->constData(), std::size_t(text->size())});
        d->checker.addFindings(path, Config::placeRuleTestFailures(Config::parseRuleTestOutput(output), document));
    }, [this] { askServer(); });
    d->tests->start();
}

void CheckVerb::askServer()
{
    if (d->request.server.isEmpty())
        return report();
    d->client = std::make_unique<PrometheusClient>(d->request.server, HttpOptions());
    Config::ServerLint::Options options;
    options.nowMs = QDateTime::currentMSecsSinceEpoch();
    d->lint = std::make_unique<Config::ServerLint>(*d->client, options);
    static constexpr auto work = [](CheckVerb& self) -> QCoro::Task<void> {
        for (const QString& path : soundFiles(self.d->checker, Config::FileKind::Rules)) {
            const Result<QByteArray> text = self.d->checker.source().read(path);
            if (!text)
                continue;
            Config::Diagnostics findings = co_await self.d->lint->check(*text);
            self.d->noAnswer = self.d->noAnswer || std::any_of(findings.begin(), findings.end(), [](const auto& one) { return one.code == u"query/server"; });
            self.d->checker.addFindings(path, std::move(findings));
        }
        self.report();
    };
    work(*this);
}

void CheckVerb::report()
{
    const std::vector<Config::FileReport>& reports = d->checker.reports();
    int errors = 0;
    int warnings = 0;
    for (const Config::FileReport& report : reports) {
        errors += report.count(Config::Severity::Error);
        warnings += report.count(Config::Severity::Warning);
    }
    if (d->request.json) {
        outBytes(toJson(reports, errors, warnings).toUtf8() + '\n');
    } else {
        for (const Config::FileReport& report : reports) {
            for (const Config::Diagnostic& one : report.diagnostics)
                out(toText(report, one));
        }
        err(u"%1 files, %2 errors, %3 warnings"_s.arg(reports.size()).arg(errors).arg(warnings));
    }
    finish(d->unreadable ? ExitUsage : errors > 0 ? ExitFindings : d->noAnswer ? ExitRemote : ExitOk);
}

} // namespace Promdeck::Cli
