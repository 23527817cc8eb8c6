// Decoding of query_range answers: ours, QJsonDocument plus conversion, and a bare simdjson pass that touches
// every label and number but keeps nothing. After the table come the ratios and the memory each one needs.

#include "models/prometheus/decoder.h"

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

/// A matrix of `series` x `points` with 13 labels each, values as a rate() over counters gives them.
QByteArray makeResponse(int series, int points)
{
    QByteArray text;
    text.reserve(qsizetype(series) * points * 32 + 4096);
    text += R"({"status":"success","data":{"resultType":"matrix","result":[)";
    quint64 random = 88172645463325252ULL;
    for (int s = 0; s < series; ++s) {
        if (s)
            text += ',';
        text += R"({"metric":{"__name__":"http_request_duration_seconds_count","cluster":"production-eu-1","code":"200","container":"api","endpoint":"metrics","handler":"/api/v1/resource/)";
        text += QByteArray::number(s % 37) + R"(","instance":"10.0.)" + QByteArray::number(s / 250) + '.'
            + QByteArray::number(s % 250) + R"(:9090","job":"api-server","method":"GET","namespace":"default","pod":"api-7d4b9c)"
            + QByteArray::number(s) + R"(","prometheus":"monitoring/k8s","service":"api"},"values":[)";
        for (int p = 0; p < points; ++p) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            if (p)
                text += ',';
            text += '[' + QByteArray::number(1700000000 + p * 15) + ",\"";
            text += p % 3 ? QByteArray::number(double(random % 1000000) / 997.0, 'g', 16) : QByteArray::number(random % 100000);
            text += "\"]";
        }
        text += "]}";
    }
    text += "]}}";
    text.reserve(text.size() + 128);
    return text;
}

const QByteArray& response(int series)
{
    static std::map<int, QByteArray> made;
    auto it = made.find(series);
    if (it == made.end())
        it = made.emplace(series, makeResponse(series, 1000)).first;
    return it->second;
}

struct PlainSeries
{
    Labels labels;
    std::vector<qint64> times;
    std::vector<double> values;
};

std::vector<PlainSeries> decodeWithQt(const QByteArray& body)
{
    std::vector<PlainSeries> all;
    const QJsonDocument document = QJsonDocument::fromJson(body);
    const QJsonArray result = document.object()[u"data"_s].toObject()[u"result"_s].toArray();
    for (const auto& entry : result) {
        const QJsonObject object = entry.toObject();
        PlainSeries series;
        const QJsonObject metric = object[u"metric"_s].toObject();
        for (auto it = metric.begin(); it != metric.end(); ++it)
            series.labels.insert(it.key(), it.value().toString());
        const QJsonArray values = object[u"values"_s].toArray();
        series.times.reserve(std::size_t(values.size()));
        series.values.reserve(std::size_t(values.size()));
        for (const auto& item : values) {
            const QJsonArray pair = item.toArray();
            series.times.push_back(qint64(pair[0].toDouble() * 1000));
            const QByteArray number = pair[1].toString().toLatin1();
            double value = 0;
            std::from_chars(number.constData(), number.constData() + number.size(), value);
            series.values.push_back(value);
        }
        all.push_back(std::move(series));
    }
    return all;
}

/// Visits everything, converts every number, keeps a checksum only.
double passWithSimdjson(const QByteArray& body)
{
    namespace ondemand = simdjson::ondemand;
    ondemand::parser parser;
    double sum = 0;
    ondemand::document document = parser.iterate(body.constData(), std::size_t(body.size()), std::size_t(body.size()) + 64);
    for (auto entry : document["data"]["result"]) {
        ondemand::object object = entry.get_object();
        for (auto label : object["metric"].get_object()) {
            const std::string_view name = label.unescaped_key();
            const std::string_view value = label.value().get_string();
            sum += double(name.size() + value.size());
        }
        for (auto sample : object["values"]) {
            bool first = true;
            for (auto part : sample) {
                sum += first ? double(part.get_double()) : double(part.get_double_in_string());
                first = false;
            }
        }
    }
    return sum;
}

void qtDocument(benchmark::State& state)
{
    const QByteArray& body = response(int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(decodeWithQt(body));
    state.SetBytesProcessed(state.iterations() * body.size());
}

void barePass(benchmark::State& state)
{
    const QByteArray& body = response(int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(passWithSimdjson(body));
    state.SetBytesProcessed(state.iterations() * body.size());
}

void promdeckDecoder(benchmark::State& state)
{
    const QByteArray& body = response(int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(decodeQueryResult(body));
    state.SetBytesProcessed(state.iterations() * body.size());
}

BENCHMARK(qtDocument)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(barePass)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(promdeckDecoder)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

/// Remembers the best time of each benchmark while the usual table is printed.
class RatioReporter final : public benchmark::ConsoleReporter
{
public:
    void ReportRuns(const std::vector<Run>& runs) override
    {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration)
                continue;
            auto [it, fresh] = m_best.try_emplace(run.benchmark_name(), run.GetAdjustedCPUTime());
            if (!fresh)
                it->second = std::min(it->second, run.GetAdjustedCPUTime());
        }
        ConsoleReporter::ReportRuns(runs);
    }

    void printRatios() const
    {
        for (const char* size : {"10", "100", "1000"}) {
            const double ours = best("promdeckDecoder/", size);
            if (ours <= 0)
                continue;
            std::printf("%4s series x 1000 points: %.1fx faster than QJsonDocument, %.2fx the bare simdjson pass\n",
                        size, best("qtDocument/", size) / ours, ours / best("barePass/", size));
        }
    }

private:
    [[nodiscard]] double best(const std::string& name, const char* size) const
    {
        const auto it = m_best.find(name + size);
        return it == m_best.end() ? 0 : it->second;
    }

    std::map<std::string, double> m_best;
};

long statusKiB(const char* key)
{
    std::FILE* file = std::fopen("/proc/self/status", "r");
    char line[256];
    long value = 0;
    const std::size_t length = std::strlen(key);
    while (file && std::fgets(line, sizeof line, file)) {
        if (std::strncmp(line, key, length) == 0)
            value = std::strtol(line + length, nullptr, 10);
    }
    if (file)
        std::fclose(file);
    return value;
}

/// Peak growth of a fresh process that decodes once.
template <typename Decode>
void printMemory(const char* name, const QByteArray& body, Decode decode)
{
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const long before = statusKiB("VmRSS:");
        const auto result = decode(body);
        const long peak = statusKiB("VmHWM:");
        const long after = statusKiB("VmRSS:");
        benchmark::DoNotOptimize(&result);
        std::printf("%-16s peak +%.1f MB (%.2fx of the response), kept +%.1f MB\n", name, double(peak - before) / 1024,
                    double(peak - before) * 1024 / double(body.size()), double(after - before) / 1024);
        std::fflush(stdout);
        _exit(0);
    }
    waitpid(child, nullptr, 0);
}

} // namespace

int main(int argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    RatioReporter reporter;
    // Before anything else: memory that the timed runs freed would be reused and hide the growth.
    const QByteArray& body = response(1000);
    std::printf("memory for one answer of %.1f MB:\n", double(body.size()) / 1e6);
    printMemory("QJsonDocument", body, decodeWithQt);
    printMemory("bare pass", body, passWithSimdjson);
    printMemory("promdeck", body, decodeQueryResult);
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.printRatios();
    return 0;
}
