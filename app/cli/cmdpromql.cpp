#include "app/cli/cmdpromql.h"

#include "models/core/json.h"
#include "models/promql/parser.h"
#include "models/promql/printer.h"

#include <cstdio>
#include <iostream>
#include <string>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

struct Request
{
    QString action;
    QStringList expressions;
    Promql::Options options;
    int width = 100;
    bool jsonLines = false;
    bool jsonOutput = false;
    QString error; ///< wrong usage
};

Request readArguments(const QStringList& args)
{
    Request request;
    for (qsizetype i = 0; i < args.size(); ++i) {
        QString option = args[i];
        QString value;
        bool inlineValue = false;
        if (const qsizetype equals = option.indexOf(u'='); option.startsWith(u"--") && equals > 0) {
            value = option.mid(equals + 1);
            option.truncate(equals);
            inlineValue = true;
        }
        const bool takesValue = option == u"--server-version" || option == u"--enable-feature" || option == u"--width";
        if (takesValue && !inlineValue) {
            if (i + 1 >= args.size()) {
                request.error = option + u" needs a value"_s;
                return request;
            }
            value = args[++i];
        }
        if (option == u"--server-version") {
            if (!Promql::ServerVersion::parse(value.toStdString(), request.options.version))
                request.error = u"not a version: "_s + value;
        } else if (option == u"--enable-feature") {
            for (const QString& name : value.split(u',', Qt::SkipEmptyParts)) {
                // The server warns about features it does not know, and goes on.
                if (!request.options.features.enable(name.toStdString()))
                    std::fprintf(stderr, "promdeck: unknown feature %s\n", qPrintable(name));
            }
        } else if (option == u"--width") {
            bool fine = false;
            request.width = value.toInt(&fine);
            if (!fine || request.width < 1)
                request.error = u"not a width: "_s + value;
        } else if (option == u"--jsonl") {
            request.jsonLines = true;
        } else if (option == u"--json") {
            request.jsonOutput = true;
        } else if (option.startsWith(u"--")) {
            request.error = u"unknown option "_s + option;
        } else if (request.action.isEmpty()) {
            request.action = args[i];
        } else {
            request.expressions.append(args[i]);
        }
    }
    if (request.error.isEmpty() && request.action != u"check" && request.action != u"format"
        && request.action != u"tree")
        request.error = u"needs check, format or tree"_s;
    return request;
}

QString fromBytes(const std::string& text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

Json problemsJson(const std::string& text, const std::vector<Promql::Problem>& problems)
{
    Json::Array list;
    list.reserve(problems.size());
    const Promql::LineIndex lines(text);
    for (const Promql::Problem& problem : problems) {
        const Promql::LineColumn place = lines.at(problem.range.start);
        Json item = Json::object({ { u"start"_s, qint64(problem.range.start) },
                                   { u"end"_s, qint64(problem.range.end) },
                                   { u"line"_s, place.line },
                                   { u"column"_s, place.column },
                                   { u"message"_s, fromBytes(problem.message) } });
        if (!problem.hint.empty())
            item.set(u"hint"_s, fromBytes(problem.hint));
        list.push_back(std::move(item));
    }
    return Json::array(std::move(list));
}

Json treeJson(const Promql::Ast& ast, const Promql::PrintOptions& options)
{
    // Children come before their parents in the array, so that one pass builds every subtree.
    static constexpr int deepest = 1000; // nested JSON is of no use to anyone beyond that
    std::vector<Json> built(ast.nodes.size());
    std::vector<int> depth(ast.nodes.size(), 1);
    for (size_t i = 0; i < ast.nodes.size(); ++i) {
        const Promql::NodeId id = Promql::NodeId(i);
        const Promql::Node& node = ast.at(id);
        if (node.kind == Promql::NodeKind::Duration)
            continue;
        Json::Array children;
        for (const Promql::NodeId child : ast.children(id)) {
            depth[i] = std::max(depth[i], depth[size_t(child)] + 1);
            if (depth[size_t(child)] < deepest)
                children.push_back(std::move(built[size_t(child)]));
        }
        const std::string_view kind = Promql::kindName(node.kind);
        const std::string_view type = Promql::documentedType(node.type);
        built[i] = Json::object({ { u"node"_s, QString::fromUtf8(kind.data(), qsizetype(kind.size())) },
                                  { u"head"_s, fromBytes(Promql::printHead(ast, id, options)) },
                                  { u"type"_s, QString::fromUtf8(type.data(), qsizetype(type.size())) },
                                  { u"start"_s, qint64(node.range.start) },
                                  { u"end"_s, qint64(node.range.end) },
                                  { u"children"_s, Json::array(std::move(children)) } });
    }
    return ast.isEmpty() ? Json() : built[size_t(ast.root)];
}

Promql::PrintOptions printOptions(const Request& request)
{
    return { request.width, request.options.version };
}

Json answer(const Request& request, const std::string& text, const Promql::ParseResult& result)
{
    Json out = Json::object({ { u"ok"_s, result.ok() } });
    if (request.action == u"check") {
        const std::string_view type = Promql::documentedType(result.type());
        out.set(u"type"_s, result.ok() ? Json(QString::fromUtf8(type.data(), qsizetype(type.size()))) : Json());
        out.set(u"errors"_s, problemsJson(text, result.problems));
        return out;
    }
    if (request.action == u"format")
        out.set(u"formatted"_s,
                result.ok() ? Json(fromBytes(Promql::format(text, result.ast, printOptions(request)))) : Json());
    else
        out.set(u"tree"_s, result.ok() ? treeJson(result.ast, printOptions(request)) : Json());
    if (!result.ok())
        out.set(u"errors"_s, problemsJson(text, result.problems));
    return out;
}

/// One line of --jsonl: a JSON string, or an object with "expr" (or "expr_b64" for bytes that are not UTF-8).
bool readLine(const std::string& line, std::string& text)
{
    const Result<Json> json = Json::parse(QByteArray::fromRawData(line.data(), qsizetype(line.size())));
    if (!json)
        return false;
    if (json->isString()) {
        text = json->toString().toStdString();
        return true;
    }
    if (const Json& encoded = (*json)[u"expr_b64"]; encoded.isString()) {
        text = QByteArray::fromBase64(encoded.toString().toLatin1()).toStdString();
        return true;
    }
    text = (*json)[u"expr"].toString().toStdString();
    return (*json)[u"expr"].isString();
}

int runJsonLines(const Request& request)
{
    std::ios::sync_with_stdio(false);
    int code = ExitOk;
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        std::string text;
        Json out;
        if (readLine(line, text)) {
            const Promql::ParseResult result = Promql::parse(text, request.options);
            out = answer(request, text, result);
            code = std::max(code, result.ok() ? int(ExitOk) : int(ExitFindings));
        } else {
            out = Json::object({ { u"ok"_s, false }, { u"error"_s, u"not a JSON string or {\"expr\": ...}"_s } });
            code = ExitUsage;
        }
        const QByteArray bytes = out.toUtf8() + '\n';
        std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
        // A pipe partner waits for every answer; a file does not care.
        if (std::cin.rdbuf()->in_avail() <= 0)
            std::fflush(stdout);
    }
    return code;
}

/// The line of the error with a caret below its place.
std::string excerpt(const std::string& text, const Promql::Problem& problem)
{
    const size_t at = std::min(size_t(problem.range.start), text.size());
    const size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string out = "    " + text.substr(begin, end - begin) + "\n    ";
    for (size_t i = begin; i < at; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
            out += text[i] == '\t' ? '\t' : ' ';
    }
    return out + '^';
}

} // namespace

void PromqlVerb::run(const QStringList& args)
{
    const Request request = readArguments(args);
    if (!request.error.isEmpty())
        return finishWrongUsage(request.error);
    if (request.jsonLines)
        return finish(runJsonLines(request));
    if (request.expressions.size() > 1) {
        err(u"promdeck: one expression at a time; quote it"_s);
        return finish(ExitUsage);
    }
    std::string text;
    if (request.expressions.isEmpty() || request.expressions.first() == u"-")
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
    else
        text = request.expressions.first().toStdString();
    const Promql::ParseResult result = Promql::parse(text, request.options);
    if (request.jsonOutput) {
        out(QString::fromUtf8(answer(request, text, result).toUtf8()));
    } else if (!result.ok()) {
        for (const Promql::Problem& problem : result.problems) {
            err(fromBytes(Promql::formatProblem(text, problem)
                          + (problem.hint.empty() ? std::string() : " (" + problem.hint + ')')));
            err(fromBytes(excerpt(text, problem)));
        }
    } else if (request.action == u"check") {
        const std::string_view type = Promql::documentedType(result.type());
        out(QString::fromUtf8(type.data(), qsizetype(type.size())));
    } else if (request.action == u"format") {
        out(fromBytes(Promql::format(text, result.ast, printOptions(request))));
    } else {
        outBytes(QByteArray::fromStdString(Promql::printTree(result.ast, printOptions(request))));
    }
    finish(result.ok() ? ExitOk : ExitFindings);
}

} // namespace Promdeck::Cli
