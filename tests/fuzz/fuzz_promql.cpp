// Feeds bytes to the PromQL parser as an expression and as a series description, for a new and an old server.
// An expression without errors must survive printing and formatting, and a matcher that is added to its selectors.
#include "models/promql/completion.h"
#include "models/promql/parser.h"
#include "models/promql/printer.h"
#include "models/promql/rewrite.h"
#include "models/promql/series.h"

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using namespace Promdeck::Promql;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// A stack that knows little, to complete from.
class FewNames final : public CompletionSource
{
public:
    [[nodiscard]] std::span<const std::string> metricNames() const override { return m_metrics; }
    [[nodiscard]] std::string metricType(const std::string&) const override { return "counter"; }
    [[nodiscard]] std::string metricHelp(const std::string&) const override { return "Help."; }
    [[nodiscard]] std::vector<std::string> labelNames(const std::string&) const override { return {"job", "a.b", "le"}; }
    [[nodiscard]] std::vector<std::string> labelValues(const std::string&, const std::string&,
                                                       const std::vector<Matcher>&) const override
    {
        return {"node", "a\"b\\c", "\xc3\xa9"};
    }

private:
    std::vector<std::string> m_metrics {"up", "http_requests_total", "with.dots", "node_cpu_seconds_total"};
};

void checkEditing(std::string_view text, std::uint32_t cursor)
{
    static const FewNames names;
    const CompletionPlace place = completionPlace(text, cursor);
    require(place.replace.start <= place.replace.end && place.replace.end <= text.size());
    (void)complete(text, cursor, names);
    (void)hoverAt(text, cursor);
}

bool hasInfinity(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        c = char(std::tolower(static_cast<unsigned char>(c)));
    return lower.find("inf") != std::string::npos;
}

void checkExpression(std::string_view text, const Options& options)
{
    const ParseResult result = parse(text, options);
    for (const Problem& problem : result.problems) {
        require(problem.range.end <= text.size());
        (void)formatProblem(text, problem);
    }
    if (!result.ok())
        return;
    // The server prints an infinite base of a power with a sign, which reads back as a sign of the whole power; ours
    // prints what the server does.
    if (text.find('^') != std::string_view::npos && hasInfinity(text))
        return;
    const PrintOptions printing { 20, options.version };
    const std::string printed = print(result.ast, printing);
    const ParseResult again = parse(printed, options);
    require(again.ok());
    require(print(again.ast, printing) == printed);
    const std::string pretty = prettify(result.ast, printing);
    const ParseResult reread = parse(pretty, options);
    require(reread.ok() && print(reread.ast, printing) == printed);
    const std::string formatted = format(text, result.ast, printing);
    require(parse(formatted, options).ok());
    for (const SelectorUse& selector : selectors(result.ast))
        (void)seriesMatcher(selector);
    (void)metricNames(result.ast);
    Matcher matcher;
    matcher.name = "job";
    matcher.value = "a\"b";
    const auto filtered = addMatchers(text, {matcher}, options);
    require(filtered.ok() && parse(*filtered, options).ok());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    checkExpression(text, { {}, { true, true, true, true } });
    checkExpression(text, { { 2, 42 }, {} });
    // Repetitions are cheap to write and dear to expand; their limit has a test of its own.
    if (size < 64 && text.find('x') == std::string_view::npos)
        (void)parseSeries(text);
    for (const std::size_t cursor : {size / 2, size})
        checkEditing(text, std::uint32_t(cursor));
    return 0;
}
