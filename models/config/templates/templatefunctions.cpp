#include "models/config/templates/templatefunctions.h"
#include "models/config/goregexp.h"
#include "models/config/gotypes.h"
#include "models/promql/gotext.h"

#include <QHostAddress>
#include <QList>
#include <QString>

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace Promdeck::Config {

namespace {

using Kind = GoValue::Kind;
using Args = std::vector<GoValue>;
using Functions = std::map<std::string, GoFunction, std::less<>>;

[[noreturn]] void fail(std::string message)
{
    throw GoFunctionError {std::move(message)};
}

GoValue text(std::string value)
{
    return GoValue::string(std::move(value));
}

std::string fourDigits(double value)
{
    std::array<char, 64> buffer {};
    if (!std::isfinite(value))
        return std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    std::snprintf(buffer.data(), buffer.size(), "%.4g", value);
    return buffer.data();
}

/// The kinds that comparisons know.
int basicKind(const GoValue& value)
{
    switch (value.kind()) {
    case Kind::Bool: return 1;
    case Kind::Int:
    case Kind::Duration: return 2;
    case Kind::Float: return 3;
    case Kind::String: return 4;
    default: return 0;
    }
}

bool equal(const GoValue& a, const GoValue& b)
{
    const int kind = basicKind(a);
    if (kind != basicKind(b)) {
        if (a.isValid() && b.isValid())
            fail("incompatible types for comparison");
        return false;
    }
    switch (kind) {
    case 1: return a.toBool() == b.toBool();
    case 2: return a.toInt() == b.toInt();
    case 3: return a.toDouble() == b.toDouble();
    case 4: return a.toString() == b.toString();
    default: break;
    }
    for (const GoValue* one : {&a, &b}) {
        if (one->is(Kind::List) || (one->is(Kind::Map) && !one->isNil()))
            fail("non-comparable type " + GoFormat().print(*one) + ": " + one->type());
    }
    return a == b;
}

bool less(const GoValue& a, const GoValue& b)
{
    const int kind = basicKind(a);
    if (kind == 0 || basicKind(b) == 0)
        fail("invalid type for comparison");
    if (kind != basicKind(b))
        fail("incompatible types for comparison");
    switch (kind) {
    case 2: return a.toInt() < b.toInt();
    case 3: return a.toDouble() < b.toDouble();
    case 4: return a.toString() < b.toString();
    default: fail("invalid type for comparison");
    }
}

std::int64_t indexOf(const GoValue& value, std::size_t most)
{
    if (!value.isValid() || value.is(Kind::Nil))
        fail("cannot index slice/array with nil");
    if (!value.is(Kind::Int))
        fail("cannot index slice/array with type " + value.type());
    if (value.toInt() < 0 || std::uint64_t(value.toInt()) > most)
        fail("index out of range: " + std::to_string(value.toInt()));
    return value.toInt();
}

GoValue indexed(const Args& args, const GoCall&)
{
    if (!args[0].isValid() || args[0].is(Kind::Nil))
        fail("index of untyped nil");
    GoValue item = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) {
        if (item.is(Kind::List) || item.is(Kind::String)) {
            const std::int64_t at = indexOf(args[i], item.size());
            if (std::size_t(at) >= item.size())
                fail("reflect: slice index out of range");
            item = item.is(Kind::List) ? GoValue(item.items()[std::size_t(at)])
                                       : GoValue::integer(static_cast<unsigned char>(item.toString()[std::size_t(at)]), "uint8");
        } else if (item.is(Kind::Map)) {
            if (!args[i].isValid() || args[i].is(Kind::Nil))
                fail("value is nil; should be of type string");
            if (args[i].type() != "string")
                fail("value has type " + args[i].type() + "; should be string");
            const GoValue* found = item.entry(args[i].toString());
            item = found ? GoValue(*found) : zeroOf(item.element());
        } else {
            fail(item.isValid() ? "can't index item of type " + item.type() : "index of nil pointer");
        }
    }
    return item;
}

GoValue sliced(const Args& args, const GoCall&)
{
    const GoValue& item = args[0];
    if (!item.isValid() || item.is(Kind::Nil))
        fail("slice of untyped nil");
    if (args.size() > 4)
        fail("too many slice indexes: " + std::to_string(args.size() - 1));
    if (!item.is(Kind::String) && !item.is(Kind::List))
        fail("can't slice item of type " + item.type());
    if (item.is(Kind::String) && args.size() == 4)
        fail("cannot 3-index slice a string");
    std::array<std::int64_t, 3> at {0, std::int64_t(item.size()), std::int64_t(item.size())};
    for (std::size_t i = 1; i < args.size(); ++i)
        at[i - 1] = indexOf(args[i], item.size());
    if (at[0] > at[1])
        fail("invalid slice index: " + std::to_string(at[0]) + " > " + std::to_string(at[1]));
    if (args.size() == 4 && at[1] > at[2])
        fail("invalid slice index: " + std::to_string(at[1]) + " > " + std::to_string(at[2]));
    if (item.is(Kind::String))
        return GoValue::string(item.toString().substr(std::size_t(at[0]), std::size_t(at[1] - at[0])), item.type());
    return GoValue::list({item.items().begin() + at[0], item.items().begin() + at[1]}, item.element(), item.type());
}

/// evalArgs of text/template: a single text as it is, all else printed.
std::string joined(const Args& args, const GoCall& call)
{
    return args.size() == 1 && args[0].is(Kind::String) ? args[0].toString() : call.format.sprint(args);
}

std::shared_ptr<const RE2> regexpOf(const std::string& pattern, bool panics)
{
    thread_local std::map<std::string, std::shared_ptr<const RE2>> known;
    if (known.size() > 64)
        known.clear();
    auto& kept = known[pattern];
    if (!kept)
        kept = std::make_shared<RE2>(pattern, RE2::Quiet);
    const QString problem = regexpProblem(pattern, RegexpUse::Plain);
    if (!problem.isEmpty() || !kept->ok()) {
        const std::string reason = problem.isEmpty() ? kept->error() : problem.toStdString();
        fail(panics ? "regexp: Compile(" + quoted(pattern).toStdString() + "): " + reason : reason);
    }
    return kept;
}

GoValue matches(const Args& args, const GoCall&)
{
    return GoValue::boolean(RE2::PartialMatch(args[1].toString(), *regexpOf(args[0].toString(), false)));
}

GoValue replaced(const Args& args, const GoCall&)
{
    return text(replaceAll(*regexpOf(args[0].toString(), true), args[2].toString(), args[1].toString()));
}

/// One character for one, as Go changes case.
std::string changeCase(const std::string& value, bool upper)
{
    QList<uint> characters = QString::fromStdString(value).toUcs4();
    for (uint& one : characters)
        one = upper ? QChar::toUpper(one) : QChar::toLower(one);
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(characters.constData()), characters.size()).toStdString();
}

/// Words begin behind what is no letter, digit or underscore.
std::string titleCase(const std::string& value, bool lowerRest)
{
    QList<uint> characters = QString::fromStdString(value).toUcs4();
    bool inside = false;
    for (uint& one : characters) {
        const bool word = QChar::isLetterOrNumber(one) || one == '_' || (inside && lowerRest && (one == '\'' || one == 0x2019));
        if (word && !inside)
            one = QChar::toTitleCase(one);
        else if (word && lowerRest)
            one = QChar::toLower(one);
        inside = word;
    }
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(characters.constData()), characters.size()).toStdString();
}

double toFloat(const GoValue& value)
{
    switch (value.kind()) {
    case Kind::Int:
    case Kind::Float: return value.toDouble();
    case Kind::Duration: return double(value.toInt()) / 1e9;
    case Kind::String: {
        const Promql::ParsedNumber parsed = Promql::parseNumber(value.toString());
        bool plain = parsed.error.empty();
        double number = parsed.value;
        if (plain && value.toString().size() > 1 && value.toString()[0] == '0') {
            number = QString::fromStdString(value.toString()).toDouble(&plain); // no octal numbers here
            plain = plain || parsed.error.empty();
            if (!plain)
                number = parsed.value;
        }
        if (!plain)
            number = QString::fromStdString(value.toString()).trimmed().size() == qsizetype(value.toString().size()) ? QString::fromStdString(value.toString()).toDouble(&plain) : 0;
        if (!plain)
            fail("strconv.ParseFloat: parsing " + Promql::goQuote(value.toString()) + ": invalid syntax");
        return number;
    }
    default: fail("can't convert " + (value.isValid() ? value.type() : std::string("<nil>")) + " to float");
    }
}

template <std::size_t N>
std::string withPrefix(double value, const std::array<const char*, N>& prefixes, double step, bool up)
{
    const char* prefix = "";
    for (const char* one : prefixes) {
        if (up ? std::fabs(value) < step : std::fabs(value) >= 1)
            break;
        prefix = one;
        value = up ? value / step : value * step;
    }
    return fourDigits(value) + prefix;
}

constexpr std::array<const char*, 8> kLarge {"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<const char*, 8> kSmall {"m", "u", "n", "p", "f", "a", "z", "y"};
constexpr std::array<const char*, 8> kBinary {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};

GoValue humanize(const Args& args, const GoCall&)
{
    const double value = toFloat(args[0]);
    if (value == 0 || !std::isfinite(value))
        return text(fourDigits(value));
    return text(std::fabs(value) >= 1 ? withPrefix(value, kLarge, 1000, true) : withPrefix(value, kSmall, 1000, false));
}

GoValue humanize1024(const Args& args, const GoCall&)
{
    const double value = toFloat(args[0]);
    if (std::fabs(value) <= 1 || !std::isfinite(value))
        return text(fourDigits(value));
    return text(withPrefix(value, kBinary, 1024, true));
}

GoValue humanizeDuration(const Args& args, const GoCall&)
{
    const double value = toFloat(args[0]);
    if (!std::isfinite(value))
        return text(fourDigits(value));
    if (value == 0)
        return text("0s");
    if (std::fabs(value) < 1)
        return text(withPrefix(value, kSmall, 1000, false) + 's');
    const std::string sign = value < 0 ? "-" : "";
    const double size = std::min(std::fabs(value), 9.2e18);
    const auto whole = std::int64_t(size);
    const std::string days = std::to_string(whole / 86400);
    const std::string hours = std::to_string(whole / 3600 % 24);
    const std::string minutes = std::to_string(whole / 60 % 60);
    const std::string seconds = std::to_string(whole % 60);
    if (whole >= 86400)
        return text(sign + days + "d " + hours + "h " + minutes + "m " + seconds + 's');
    if (whole >= 3600)
        return text(sign + hours + "h " + minutes + "m " + seconds + 's');
    if (whole >= 60)
        return text(sign + minutes + "m " + seconds + 's');
    return text(sign + fourDigits(size) + 's');
}

/// Seconds since the epoch; milliseconds are kept.
GoTime timeOf(double seconds)
{
    const double nanoseconds = seconds * 1e9;
    if (nanoseconds >= 9223372036854775807.0 || nanoseconds < -9223372036854775808.0)
        fail(Promql::formatGeneral(seconds) + " cannot be represented as a nanoseconds timestamp since it overflows int64");
    return GoTime::fromMs(std::int64_t(nanoseconds) / 1000000);
}

GoValue humanizeTimestamp(const Args& args, const GoCall&)
{
    const double value = toFloat(args[0]);
    return text(std::isfinite(value) ? printTime(timeOf(value)) : fourDigits(value));
}

std::pair<std::string, std::string> hostAndPort(const std::string& hostPort, bool& split)
{
    split = false;
    const std::size_t colon = hostPort.rfind(':');
    if (colon == std::string::npos)
        return {hostPort, {}};
    if (hostPort[0] == '[') {
        const std::size_t close = hostPort.find(']');
        if (close == std::string::npos || close + 1 != colon)
            return {hostPort, {}};
        split = true;
        return {hostPort.substr(1, close - 1), hostPort.substr(colon + 1)};
    }
    if (hostPort.find(':') != colon)
        return {hostPort, {}};
    split = true;
    return {hostPort.substr(0, colon), hostPort.substr(colon + 1)};
}

GoValue stripPort(const Args& args, const GoCall&)
{
    bool split = false;
    return text(hostAndPort(args[0].toString(), split).first);
}

GoValue stripDomain(const Args& args, const GoCall&)
{
    bool split = false;
    const auto [host, port] = hostAndPort(args[0].toString(), split);
    const QHostAddress address(QString::fromStdString(host));
    const bool fourParts = std::count(host.begin(), host.end(), '.') == 3 || host.find(':') != std::string::npos;
    if (!address.isNull() && fourParts)
        return args[0];
    const std::string name = host.substr(0, host.find('.'));
    return text(port.empty() ? name : name + ':' + port);
}

GoValue link(const Args& args, const char* tab)
{
    return text("/graph?g0.expr=" + queryEscape(args[0].toString()) + "&g0.tab=" + tab);
}

GoValue parsedDuration(const Args& args, const GoCall&)
{
    std::string_view written = args[0].toString();
    const bool negative = written.starts_with('-');
    if (negative)
        written.remove_prefix(1);
    const Promql::ParsedDuration parsed = Promql::parseDuration(written);
    if (!parsed.error.empty())
        fail(written.empty() ? "empty duration string" : "not a valid duration string: " + Promql::goQuote(args[0].toString()));
    return GoValue::number((negative ? -1 : 1) * double(parsed.nanoseconds) / 1e9);
}

GoValue runQuery(const Args& args, const GoCall& call)
{
    const auto found = call.environment.queries.find(args[0].toString());
    if (found == call.environment.queries.end()) {
        const auto error = call.environment.queryErrors.find(args[0].toString());
        if (error != call.environment.queryErrors.end())
            fail(error->second);
        throw GoQueryNeeded {args[0].toString()};
    }
    GoValue::Items items;
    for (const TemplateSample& sample : found->second)
        items.push_back(sampleValue(sample));
    return GoValue::list(std::move(items), "*template.sample", "template.queryResult");
}

GoValue sortByLabel(const Args& args, const GoCall&)
{
    GoValue::Items items = args[1].items();
    const auto key = [&](const GoValue& sample) {
        const GoValue* labels = sample.field("Labels");
        const GoValue* value = labels ? labels->entry(args[0].toString()) : nullptr;
        return value ? value->toString() : std::string();
    };
    std::stable_sort(items.begin(), items.end(), [&](const GoValue& a, const GoValue& b) { return key(a) < key(b); });
    return GoValue::list(std::move(items), args[1].element(), args[1].type());
}

std::string labelOf(const GoValue& sample, const std::string& name)
{
    const GoValue* labels = sample.field("Labels");
    const GoValue* value = labels ? labels->entry(name) : nullptr;
    return value ? value->toString() : std::string();
}

std::string percentDecoded(const std::string& written)
{
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == '+') {
            out += ' ';
        } else if (written[i] == '%') {
            unsigned value = 0;
            const bool fine = i + 2 < written.size() && std::isxdigit(static_cast<unsigned char>(written[i + 1]))
                && std::isxdigit(static_cast<unsigned char>(written[i + 2]));
            if (!fine)
                fail("invalid URL escape " + Promql::goQuote(std::string_view(written).substr(i, 3)));
            value = unsigned(std::stoul(written.substr(i + 1, 2), nullptr, 16));
            out += char(value);
            i += 2;
        } else {
            out += written[i];
        }
    }
    return out;
}

GoValue dictionary(const Args& args, const GoCall&)
{
    if (args.size() % 2 != 0)
        fail("dict expects an even number of arguments");
    GoValue::Map map;
    for (std::size_t i = 0; i < args.size(); i += 2) {
        if (args[i].type() != "string")
            fail("dict keys must be strings");
        map[args[i].toString()] = args[i + 1];
    }
    return GoValue::map(std::move(map), "interface {}");
}

GoValue appended(const Args& args, const GoCall&)
{
    GoValue::Items items = args[0].items();
    items.insert(items.end(), args.begin() + 1, args.end());
    return GoValue::list(std::move(items), "interface {}");
}

GoValue toDate(const Args& args, bool must)
{
    GoTimeParsed parsed = parseTime(args[0].toString(), args[1].toString());
    if (!parsed.error.empty() && must)
        fail(parsed.error);
    return GoValue::time(std::move(parsed.time));
}

GoValue inZone(const Args& args, const GoCall&)
{
    auto moved = args[1].toTime().in(args[0].toString());
    if (!moved)
        fail("unknown time zone " + args[0].toString());
    return GoValue::time(std::move(*moved));
}

GoValue routeLabel(const Args& args, const GoCall& call)
{
    const GoValue* labels = call.data.field("RouteLabels");
    const GoValue* value = labels ? labels->entry(args[0].toString()) : nullptr;
    return text(value ? value->toString() : std::string());
}

const Functions& builtins()
{
    using P = GoParam;
    static const Functions all {
        {"and", {{P::Any, P::Any}, true, {}}},
        {"or", {{P::Any, P::Any}, true, {}}},
        {"not", {{P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(!a[0].truth()); }}},
        {"call", {{P::Any, P::Any}, true, [](const Args& a, const GoCall&) -> GoValue {
             if (!a[0].isValid() || a[0].is(Kind::Nil))
                 fail("call of nil");
             fail("non-function of type " + a[0].type());
         }}},
        {"eq", {{P::Any, P::Any}, true, [](const Args& a, const GoCall&) {
             if (a.size() < 2)
                 fail("missing argument for comparison");
             for (std::size_t i = 1; i < a.size(); ++i) {
                 if (equal(a[0], a[i]))
                     return GoValue::boolean(true);
             }
             return GoValue::boolean(false);
         }}},
        {"ne", {{P::Any, P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(!equal(a[0], a[1])); }}},
        {"lt", {{P::Any, P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(less(a[0], a[1])); }}},
        {"le", {{P::Any, P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(less(a[0], a[1]) || equal(a[0], a[1])); }}},
        {"gt", {{P::Any, P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(!less(a[0], a[1]) && !equal(a[0], a[1])); }}},
        {"ge", {{P::Any, P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(!less(a[0], a[1])); }}},
        {"index", {{P::Any, P::Any}, true, indexed}},
        {"slice", {{P::Any, P::Any}, true, sliced}},
        {"len", {{P::Any}, false, [](const Args& a, const GoCall&) {
             if (!a[0].isValid() || a[0].is(Kind::Nil))
                 fail("len of nil pointer");
             if (!a[0].is(Kind::String) && !a[0].is(Kind::List) && !a[0].is(Kind::Map))
                 fail("len of type " + a[0].type());
             return GoValue::integer(std::int64_t(a[0].size()));
         }}},
        {"html", {{P::Any}, true, [](const Args& a, const GoCall& c) { return text(htmlEscape(joined(a, c))); }}},
        {"js", {{P::Any}, true, [](const Args& a, const GoCall& c) { return text(jsEscape(joined(a, c))); }}},
        {"urlquery", {{P::Any}, true, [](const Args& a, const GoCall& c) { return text(queryEscape(joined(a, c))); }}},
        {"print", {{P::Any}, true, [](const Args& a, const GoCall& c) { return text(c.format.sprint(a)); }}},
        {"println", {{P::Any}, true, [](const Args& a, const GoCall& c) { return text(c.format.sprintln(a)); }}},
        {"printf", {{P::String, P::Any}, true, [](const Args& a, const GoCall& c) {
             return text(c.format.sprintf(a[0].toString(), {a.begin() + 1, a.end()}));
         }}},
    };
    return all;
}

GoFunction oneText(std::function<std::string(const std::string&)> change)
{
    return {{GoParam::String}, false, [change = std::move(change)](const Args& a, const GoCall&) { return text(change(a[0].toString())); }};
}

Functions shared()
{
    using P = GoParam;
    Functions all;
    all["toUpper"] = oneText([](const std::string& one) { return changeCase(one, true); });
    all["toLower"] = oneText([](const std::string& one) { return changeCase(one, false); });
    all["match"] = {{P::String, P::String}, false, matches};
    all["reReplaceAll"] = {{P::String, P::String, P::String}, false, replaced};
    all["safeHtml"] = {{P::String}, false, [](const Args& a, const GoCall&) { return GoValue::string(a[0].toString(), "template.HTML"); }};
    all["humanizeDuration"] = {{P::Any}, false, humanizeDuration};
    return all;
}

const Functions& ruleFunctions()
{
    using P = GoParam;
    static const Functions functions = [] {
        Functions all = shared();
        all["title"] = oneText([](const std::string& one) { return titleCase(one, false); });
        all["humanize"] = {{P::Any}, false, humanize};
        all["humanize1024"] = {{P::Any}, false, humanize1024};
        all["humanizePercentage"] = {{P::Any}, false, [](const Args& a, const GoCall&) { return text(fourDigits(toFloat(a[0]) * 100) + '%'); }};
        all["humanizeTimestamp"] = {{P::Any}, false, humanizeTimestamp};
        all["toTime"] = {{P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::time(timeOf(toFloat(a[0]))); }};
        all["toDuration"] = {{P::Any}, false, [](const Args& a, const GoCall&) { return GoValue::duration(std::int64_t(std::clamp(toFloat(a[0]) * 1e9, -9.2e18, 9.2e18))); }};
        all["now"] = {{}, false, [](const Args&, const GoCall& c) { return GoValue::number(double(c.environment.nowMs) / 1000); }};
        all["parseDuration"] = {{P::String}, false, parsedDuration};
        all["stripPort"] = {{P::String}, false, stripPort};
        all["stripDomain"] = {{P::String}, false, stripDomain};
        all["graphLink"] = {{P::String}, false, [](const Args& a, const GoCall&) { return link(a, "0"); }};
        all["tableLink"] = {{P::String}, false, [](const Args& a, const GoCall&) { return link(a, "1"); }};
        all["urlQueryEscape"] = oneText([](const std::string& one) { return queryEscape(one); });
        all["externalURL"] = {{}, false, [](const Args&, const GoCall& c) { return text(c.environment.externalUrl); }};
        all["pathPrefix"] = {{}, false, [](const Args&, const GoCall& c) { return text(splitUrl(c.environment.externalUrl).path); }};
        all["args"] = {{P::Any}, true, [](const Args& a, const GoCall&) {
            GoValue::Map map;
            for (std::size_t i = 0; i < a.size(); ++i)
                map["arg" + std::to_string(i)] = a[i];
            return GoValue::map(std::move(map), "interface {}");
        }};
        all["query"] = {{P::String}, false, runQuery};
        all["first"] = {{P::Query}, false, [](const Args& a, const GoCall&) {
            if (a[0].items().empty())
                fail("first() called on vector with no elements");
            return a[0].items().front();
        }};
        all["label"] = {{P::String, P::Sample}, false, [](const Args& a, const GoCall&) { return text(labelOf(a[1], a[0].toString())); }};
        all["strvalue"] = {{P::Sample}, false, [](const Args& a, const GoCall&) { return text(labelOf(a[0], "__value__")); }};
        all["value"] = {{P::Sample}, false, [](const Args& a, const GoCall&) { return GoValue::number(a[0].field("Value") ? a[0].field("Value")->toDouble() : 0); }};
        all["sortByLabel"] = {{P::String, P::Query}, false, sortByLabel};
        return all;
    }();
    return functions;
}

const Functions& notificationFunctions()
{
    using P = GoParam;
    static const Functions functions = [] {
        Functions all = shared();
        all["title"] = oneText([](const std::string& one) { return titleCase(one, true); });
        all["trimSpace"] = oneText([](const std::string& one) { return QString::fromStdString(one).trimmed().toStdString(); });
        all["join"] = {{P::String, P::Strings}, false, [](const Args& a, const GoCall&) {
            std::string out;
            for (std::size_t i = 0; i < a[1].items().size(); ++i)
                out += (i > 0 ? a[0].toString() : std::string()) + a[1].items()[i].toString();
            return text(out);
        }};
        all["stringSlice"] = {{P::String}, true, [](const Args& a, const GoCall&) { return GoValue::list(a, "string"); }};
        all["safeUrl"] = {{P::String}, false, [](const Args& a, const GoCall&) { return GoValue::string(a[0].toString(), "template.URL"); }};
        all["urlUnescape"] = oneText(percentDecoded);
        all["date"] = {{P::String, P::Time}, false, [](const Args& a, const GoCall&) { return text(formatTime(a[1].toTime(), a[0].toString())); }};
        all["tz"] = {{P::String, P::Time}, false, inZone};
        all["since"] = {{P::Time}, false, [](const Args& a, const GoCall& c) { return GoValue::duration(GoTime::fromMs(c.environment.nowMs).minus(a[0].toTime())); }};
        all["toJson"] = {{P::Any}, false, [](const Args& a, const GoCall& c) { return text(c.format.json(a[0])); }};
        all["dict"] = {{P::Any}, true, dictionary};
        all["list"] = {{P::Any}, true, [](const Args& a, const GoCall&) { return GoValue::list(a, "interface {}"); }};
        all["append"] = {{P::List, P::Any}, true, appended};
        all["base64encode"] = oneText([](const std::string& one) {
            return QByteArray::fromStdString(one).toBase64(QByteArray::Base64UrlEncoding).toStdString();
        });
        all["base64decode"] = {{P::String}, false, [](const Args& a, const GoCall&) {
            const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(a[0].toString()), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
            if (!decoded)
                fail("illegal base64 data");
            return text(decoded.decoded.toStdString());
        }};
        all["toDate"] = {{P::String, P::String}, false, [](const Args& a, const GoCall&) { return toDate(a, false); }};
        all["mustToDate"] = {{P::String, P::String}, false, [](const Args& a, const GoCall&) { return toDate(a, true); }};
        all["routeLabels"] = {{P::String}, false, routeLabel};
        return all;
    }();
    return functions;
}

const GoFunction* findIn(const Functions& functions, std::string_view name)
{
    const auto found = functions.find(name);
    return found == functions.end() ? nullptr : &found->second;
}

} // namespace

std::string_view paramName(GoParam param)
{
    switch (param) {
    case GoParam::Any: return "interface {}";
    case GoParam::String: return "string";
    case GoParam::Int: return "int";
    case GoParam::Float: return "float64";
    case GoParam::Strings: return "[]string";
    case GoParam::List: return "[]interface {}";
    case GoParam::Query: return "template.queryResult";
    case GoParam::Sample: return "*template.sample";
    case GoParam::Time: return "time.Time";
    case GoParam::Duration: return "time.Duration";
    }
    return {};
}

const GoFunction* findBuiltin(std::string_view name)
{
    return findIn(builtins(), name);
}

const GoFunction* findRuleFunction(std::string_view name)
{
    return findIn(ruleFunctions(), name);
}

const GoFunction* findNotificationFunction(std::string_view name)
{
    return findIn(notificationFunctions(), name);
}

GoValue sampleValue(const TemplateSample& sample)
{
    GoValue::Map labels;
    for (const auto& [name, value] : sample.labels)
        labels[name] = text(value);
    return GoValue::record({{"Labels", GoValue::map(std::move(labels), "string")}, {"Value", GoValue::number(sample.value)}}, "*template.sample");
}

std::string htmlEscape(std::string_view value)
{
    std::string out;
    for (const char c : value) {
        switch (c) {
        case '"': out += "&#34;"; break;
        case '\'': out += "&#39;"; break;
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '\0': out += "\uFFFD"; break;
        default: out += c;
        }
    }
    return out;
}

std::string jsEscape(std::string_view value)
{
    std::string out;
    std::array<char, 12> buffer {};
    for (std::size_t at = 0; at < value.size();) {
        const Promql::Rune rune = Promql::decodeUtf8(value, at);
        const std::string_view bytes = value.substr(at, std::max(1U, rune.width));
        at += bytes.size();
        switch (rune.value) {
        case '\\': out += "\\\\"; continue;
        case '\'': out += "\\'"; continue;
        case '"': out += "\\\""; continue;
        case '<': out += "\\u003C"; continue;
        case '>': out += "\\u003E"; continue;
        case '&': out += "\\u0026"; continue;
        case '=': out += "\\u003D"; continue;
        default: break;
        }
        if (rune.value < 0x20) {
            std::snprintf(buffer.data(), buffer.size(), "\\u%04X", unsigned(rune.value));
            out += buffer.data();
        } else {
            out += bytes;
        }
    }
    return out;
}

std::string queryEscape(std::string_view value)
{
    const char* digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : value) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

} // namespace Promdeck::Config
