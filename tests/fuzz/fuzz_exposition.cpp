// A page of metrics: the first byte chooses the format. Places lie inside of the text and come in order.

#include "models/config/preview/exposition.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace Promdeck::Config;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const ExpositionReport report = checkExposition(text, data[0] % 2 ? ExpositionFormat::OpenMetrics : ExpositionFormat::Text);
    const int lines = 1 + int(std::count(text.begin(), text.end(), '\n'));
    int before = 0;
    for (const ExpositionProblem& one : report.problems) {
        const TextSpan& span = one.finding.span;
        require(span.start.line >= before && span.start.line <= lines && span.start.column >= 1);
        require(span.end.line > span.start.line || span.end.column > span.start.column);
        before = span.start.line;
    }
    std::size_t series = 0;
    for (const ExpositionFamily& family : report.families)
        series += family.series;
    require(series == report.series && report.series <= report.samples);
    return 0;
}
