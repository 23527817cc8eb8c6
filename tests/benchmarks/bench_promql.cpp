#include "models/promql/completion.h"
#include "models/promql/parser.h"
#include "models/promql/printer.h"

#include <benchmark/benchmark.h>

using namespace Promdeck::Promql;

namespace {

constexpr std::string_view kTypical
    = "histogram_quantile(0.99, sum by (le, job) (rate(http_request_duration_seconds_bucket{job=~\"api|web\", "
      "code!~\"5..\"}[5m]))) > 0.5 and on (job) up == 1";

void parseTypical(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(parse(kTypical));
    state.SetBytesProcessed(std::int64_t(state.iterations()) * std::int64_t(kTypical.size()));
}

void formatTypical(benchmark::State& state)
{
    const ParseResult result = parse(kTypical);
    for (auto _ : state)
        benchmark::DoNotOptimize(format(kTypical, result.ast));
}

/// 10,999 errors: must stay below 100 ms.
void stress(benchmark::State& state)
{
    std::string text = "(";
    for (int i = 0; i < 10000; ++i)
        text += "-{}-1";
    text += ')';
    for (int i = 0; i < 1000; ++i)
        text += "[1m:]";
    for (auto _ : state)
        benchmark::DoNotOptimize(parse(text));
}

class ManyMetrics final : public CompletionSource
{
public:
    ManyMetrics()
    {
        static constexpr std::string_view words[] { "http",  "request", "node",  "cpu",   "seconds", "total",
                                                    "bytes", "disk",    "queue", "error", "latency", "bucket" };
        for (int i = 0; i < 100000; ++i) {
            std::string name = "app" + std::to_string(i % 977);
            for (int n = i; n > 0; n /= 12)
                name.append("_").append(words[n % 12]);
            m_names.push_back(std::move(name));
        }
    }
    std::span<const std::string> metricNames() const override { return m_names; }
    std::string metricType(const std::string&) const override { return "counter"; }
    std::string metricHelp(const std::string&) const override { return {}; }
    std::vector<std::string> labelNames(const std::string&) const override { return {}; }
    std::vector<std::string> labelValues(const std::string&, const std::string&,
                                         const std::vector<Matcher>&) const override
    {
        return {};
    }

private:
    std::vector<std::string> m_names;
};

/// One keystroke among 100,000 metric names.
void completeAmongMany(benchmark::State& state)
{
    const ManyMetrics source;
    for (auto _ : state)
        benchmark::DoNotOptimize(complete("sum(rate(reqtot", 15, source));
}

BENCHMARK(parseTypical);
BENCHMARK(formatTypical);
BENCHMARK(stress)->Unit(benchmark::kMillisecond);
BENCHMARK(completeAmongMany)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
