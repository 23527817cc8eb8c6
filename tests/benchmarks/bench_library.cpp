#include "models/library/libraryscan.h"
#include "widgets/command/commandpalette.h"

#include <benchmark/benchmark.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Qt::StringLiterals;

/// A library of 1,000 dashboards with 30 panels each: reading it, and what a key press in its search and in the palette
/// costs. The goal is under 50 ms for a search.
namespace {

constexpr int kDashboards = 1000;
constexpr int kPanels = 30;

QByteArray board(int number)
{
    static const QByteArrayList words {"node", "http", "cache", "queue", "disk", "kafka", "redis", "latency", "errors", "memory", "cpu", "network"};
    const auto word = [&](int i) { return words.at(i % words.size()); };
    QByteArray panels;
    for (int i = 0; i < kPanels; ++i) {
        const QByteArray metric = word(number + i) + '_' + word(i * 7 + number / 12) + '_' + QByteArray::number((number * 31 + i) % 400) + "_total";
        panels += QByteArray(i > 0 ? "," : "") + "{\"id\": " + QByteArray::number(i + 1) + ", \"type\": \"timeseries\", \"title\": \"" + word(i) + " of "
            + word(number) + ' ' + QByteArray::number(i) + "\", \"gridPos\": {\"x\": 0, \"y\": " + QByteArray::number(i * 8)
            + ", \"w\": 12, \"h\": 8}, \"targets\": [{\"refId\": \"A\", \"expr\": \"sum by (instance, job) (rate(" + metric
            + "{job=~\\\"$job\\\", instance=~\\\"$instance\\\"}[$__rate_interval])) / ignoring (code) group_left () sum by (instance) (rate("
            + word(i + 3) + "_requests_total{job=~\\\"$job\\\"}[5m]))\", \"legendFormat\": \"{{instance}}\"}]}";
    }
    return "{\"title\": \"Team " + QByteArray::number(number % 40) + " / " + word(number) + ' ' + QByteArray::number(number) + "\", \"uid\": \"u"
        + QByteArray::number(number) + "\", \"schemaVersion\": 39, \"tags\": [\"" + word(number * 5) + "\", \"team" + QByteArray::number(number % 40)
        + "\"], \"panels\": [" + panels + "]}";
}

const QString& folder()
{
    static const QTemporaryDir dir;
    static const QString path = [] {
        for (int i = 0; i < kDashboards; ++i) {
            const QString sub = dir.path() + u"/team%1"_s.arg(i % 40);
            QDir().mkpath(sub);
            QFile file(sub + u"/board%1.json"_s.arg(i));
            if (file.open(QIODevice::WriteOnly))
                file.write(board(i));
        }
        return dir.path();
    }();
    return path;
}

LibraryIndex readAll()
{
    const std::atomic<bool> stop = false;
    std::vector<LibraryEntryPtr> entries;
    for (const FileStamp& file : listDashboardFiles({folder()}, stop).files)
        entries.push_back(readLibraryFile(file));
    return {std::move(entries), {}};
}

const LibraryIndex& index()
{
    static const LibraryIndex all = readAll();
    return all;
}

void readThousand(benchmark::State& state)
{
    (void)folder();
    for (auto _ : state)
        benchmark::DoNotOptimize(readAll());
}

void lookThousand(benchmark::State& state)
{
    const std::atomic<bool> stop = false;
    (void)folder();
    for (auto _ : state)
        benchmark::DoNotOptimize(listDashboardFiles({folder()}, stop));
}

void search(benchmark::State& state, const char* text)
{
    const QString wanted = QString::fromLatin1(text);
    size_t hits = 0;
    (void)index();
    for (auto _ : state)
        hits = index().search(wanted).hits.size();
    state.counters["hits"] = double(hits);
}

void palette(benchmark::State& state, const char* text)
{
    std::vector<PaletteEntry> entries;
    for (const LibraryEntryPtr& entry : index().entries())
        entries.push_back({entry->digest.title, u"Dashboard"_s, entry->digest.tags.join(u", "_s) + entry->reference, {}, u"grid"_s, {}});
    PaletteModel model(std::move(entries));
    model.setFinder([](const QString& typed) {
        std::vector<PaletteEntry> found;
        for (const LibraryHit& hit : index().search(typed, 200).hits) {
            if (const DigestPart* part = hit.digestPart())
                found.push_back({part->title, u"Panel"_s, hit.entry->digest.title + u" – uses "_s + hit.text, {}, u"search"_s, {}});
        }
        return found;
    });
    const QString typed = QString::fromLatin1(text);
    for (auto _ : state)
        model.search(typed);
    state.counters["rows"] = model.rowCount();
}

} // namespace

BENCHMARK(readThousand)->Unit(benchmark::kMillisecond);
BENCHMARK(lookThousand)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, metric, "metric:kafka_requests_total")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, word, "latency")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, letter, "e")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, words, "team7 redis of queue")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, nothing, "no_such_metric_total")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(palette, metric, "kafka_requests_total")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(palette, word, "latency")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(palette, letters, "rdq")->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
