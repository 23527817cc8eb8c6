// The entry points, and the hints that go beyond what the server says.
#include "models/promql/parserinternal.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace Promdeck::Promql {

namespace {

/// Longer texts are machine-made; trying them again for a hint would only cost time.
constexpr size_t kHintLimit = 16 * 1024;

/// The releases that changed the language.
constexpr std::array<ServerVersion, 7> kLanguageSteps {
    { { 2, 53 }, { 3, 0 }, { 3, 4 }, { 3, 7 }, { 3, 10 }, { 3, 12 }, { 3, 14 } }
};

ParseResult parseOnce(std::string_view text, const Options& options)
{
    Internal::Parser parser(text, options, false);
    parser.run(Tok::StartExpression);
    parser.checkTypes();
    return parser.takeResult();
}

Features allFeatures()
{
    return { true, true, true, true };
}

/// Says which feature or which version would make the expression fine; empty when none would.
std::string remedy(std::string_view text, const Options& options)
{
    Options attempt { options.version, allFeatures() };
    if (parseOnce(text, attempt).ok()) {
        static constexpr std::array<std::pair<const char*, bool Features::*>, 4> features {
            { { "promql-experimental-functions", &Features::experimentalFunctions },
              { "promql-extended-range-selectors", &Features::extendedRangeSelectors },
              { "promql-binop-fill-modifiers", &Features::binopFillModifiers },
              { "promql-duration-expr", &Features::durationExpressions } }
        };
        std::string names;
        for (const auto& [name, member] : features) {
            attempt.features = allFeatures();
            attempt.features.*member = options.features.*member;
            if (!(options.features.*member) && !parseOnce(text, attempt).ok())
                names += (names.empty() ? "" : ",") + std::string(name);
        }
        return "needs --enable-feature=" + names;
    }
    for (const ServerVersion& version : kLanguageSteps) {
        if (version > options.version && parseOnce(text, { version, allFeatures() }).ok())
            return "needs Prometheus " + version.toString();
    }
    if (options.version >= ServerVersion { 3, 0 } && parseOnce(text, { { 2, 55 }, allFeatures() }).ok())
        return "only fine before Prometheus 3.0";
    return {};
}

/// "an expression", "an operator": what could stand where a bare "unexpected ..." points.
std::string expectedHere(std::string_view text, const Problem& problem, const Options& options)
{
    if (!problem.message.starts_with("unexpected ") || problem.message.find("expected ", 11) != std::string::npos)
        return {};
    const std::vector<Tok> allowed = tokensAfter(text.substr(0, problem.range.start), options);
    const auto has = [&](Tok kind) { return std::find(allowed.begin(), allowed.end(), kind) != allowed.end(); };
    std::vector<std::string> names;
    if (has(Tok::Number) && has(Tok::LeftBrace))
        names.emplace_back("an expression");
    else if (has(Tok::Mul) && has(Tok::Land))
        names.emplace_back("an operator");
    for (const Tok kind : { Tok::LeftParen, Tok::RightParen, Tok::Comma, Tok::By, Tok::Without }) {
        if (has(kind) && !(kind == Tok::LeftParen && has(Tok::Number)) && !(kind == Tok::By && has(Tok::Number))
            && !(kind == Tok::Without && has(Tok::Number)))
            names.push_back('"' + std::string(tokenText(kind)) + '"');
    }
    std::string out;
    for (size_t i = 0; i < names.size(); ++i)
        out += (i == 0 ? "expected " : i + 1 == names.size() ? " or " : ", ") + names[i];
    return out;
}

std::string wrapped(const std::string& pattern, ServerVersion version)
{
    return (version < ServerVersion { 3, 0 } ? "^(?:" : "^(?s:") + pattern + ")$";
}

RE2::Options regexpOptions()
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(64 << 20);
    return options;
}

/// Patterns of plain text, `.`, `|`, and `.*` or `.+`: always well-formed, and by far the most common.
bool isPlain(std::string_view pattern)
{
    char previous = 0;
    for (char c : pattern) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
            || c == '-' || c == '/' || c == ':' || c == '.' || c == ' ' || c == '|' || c == '=' || c == '@';
        if (!word && !((c == '*' || c == '+') && previous == '.'))
            return false;
        previous = c;
    }
    return true;
}

/// The server's words for what RE2 found wrong.
std::string describeRegexpError(const RE2& regexp)
{
    static const std::unordered_map<int, const char*> names {
        { RE2::ErrorBadEscape, "invalid escape sequence" },
        { RE2::ErrorBadCharClass, "invalid character class" },
        { RE2::ErrorBadCharRange, "invalid character class range" },
        { RE2::ErrorMissingBracket, "missing closing ]" },
        { RE2::ErrorMissingParen, "missing closing )" },
        { RE2::ErrorUnexpectedParen, "unexpected )" },
        { RE2::ErrorTrailingBackslash, "trailing backslash at end of expression" },
        { RE2::ErrorRepeatArgument, "missing argument to repetition operator" },
        { RE2::ErrorRepeatSize, "invalid repeat count" },
        { RE2::ErrorRepeatOp, "invalid nested repetition operator" },
        { RE2::ErrorBadPerlOp, "invalid or unsupported Perl syntax" },
        { RE2::ErrorBadUTF8, "invalid UTF-8" },
        { RE2::ErrorBadNamedCapture, "invalid named capture" },
        { RE2::ErrorPatternTooLarge, "expression too large" },
    };
    const auto it = names.find(int(regexp.error_code()));
    return "error parsing regexp: " + std::string(it == names.end() ? "internal error" : it->second) + ": `"
        + regexp.error_arg() + '`';
}

} // namespace

ParseResult parse(std::string_view text, const Options& options)
{
    ParseResult result = parseOnce(text, options);
    if (result.ok() || text.size() > kHintLimit)
        return result;
    Problem& first = result.problems.front();
    first.hint = remedy(text, options);
    if (first.hint.empty())
        first.hint = expectedHere(text, first, options);
    return result;
}

bool hasByteEscape(std::string_view pattern)
{
    for (size_t at = pattern.find('\\'); at != std::string_view::npos && at + 1 < pattern.size(); at = pattern.find('\\', at)) {
        if (pattern[at + 1] == 'C')
            return true;
        // Between these everything stands for itself.
        const size_t end = pattern[at + 1] == 'Q' ? pattern.find("\\E", at + 2) : at;
        if (end == std::string_view::npos)
            return false;
        at = end + 2;
    }
    return false;
}

std::string checkRegexp(const std::string& pattern, ServerVersion version)
{
    if (isPlain(pattern))
        return {};
    // Rules repeat the same few patterns thousands of times.
    thread_local std::unordered_map<std::string, std::string> known;
    const std::string text = wrapped(pattern, version);
    if (const auto it = known.find(text); it != known.end())
        return it->second;
    const RE2 regexp(text, regexpOptions());
    std::string error = regexp.ok() ? std::string() : describeRegexpError(regexp);
    if (error.empty() && hasByteEscape(pattern))
        error = "error parsing regexp: invalid escape sequence: `\\C`";
    if (known.size() > 4096)
        known.clear();
    known.emplace(text, error);
    return error;
}

bool regexpMatchesEmpty(const std::string& pattern, ServerVersion version)
{
    const RE2 regexp(wrapped(pattern, version), regexpOptions());
    return regexp.ok() && RE2::FullMatch("", regexp);
}

} // namespace Promdeck::Promql
