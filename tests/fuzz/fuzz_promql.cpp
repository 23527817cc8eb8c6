// Feeds bytes to the PromQL parser as an expression and as a series description, for a new and an old server.
// An expression without errors must survive printing and formatting.
#include "models/promql/completion.h"
#include "models/promql/parser.h"
#include "models/promql/printer.h"
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
    if (size > 0)
        (void)completionPlace(text, std::uint32_t(size / 2));
    return 0;
}
