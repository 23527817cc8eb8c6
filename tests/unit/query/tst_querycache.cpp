#include "models/query/querycache.h"
#include "tests/support/testsupport.h"

#include <QRandomGenerator>

#include <cmath>
#include <map>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kStep = 15'000;

/// A make-believe server: which series have a sample at which step, and which value.
class FakeData
{
public:
    explicit FakeData(quint32 seed) : m_random(seed)
    {
        const int count = m_random.bounded(0, 6);
        for (int i = 0; i < count; ++i)
            addSeries(u"s%1"_s.arg(m_random.bounded(0, 20), 2, 10, QLatin1Char('0')));
    }

    void addSeries(const QString& name) { m_series[name]; }
    /// Fills the steps up to `toMs`: series come, go, and have gaps.
    void grow(qint64 toMs)
    {
        if (m_random.bounded(0, 4) == 0)
            addSeries(u"s%1"_s.arg(m_random.bounded(0, 20), 2, 10, QLatin1Char('0')));
        for (auto& [name, samples] : m_series) {
            const bool dead = m_random.bounded(0, 5) == 0;
            for (qint64 at = m_filledTo + kStep; at <= toMs; at += kStep) {
                if (dead || m_random.bounded(0, 8) == 0)
                    continue;
                samples[at] = m_random.bounded(0, 10) == 0 ? std::nan("") : double(m_random.bounded(0, 1000));
            }
        }
        m_filledTo = std::max(m_filledTo, toMs);
    }

    /// Late data: samples younger than `fromMs` change.
    void rewrite(qint64 fromMs)
    {
        for (auto& [name, samples] : m_series) {
            for (auto it = samples.lower_bound(fromMs); it != samples.end();)
                it = m_random.bounded(0, 6) == 0 ? samples.erase(it) : std::next(it);
        }
    }

    [[nodiscard]] QueryResult query(qint64 startMs, qint64 endMs) const
    {
        QueryResult result;
        for (const auto& [name, samples] : m_series) {
            Column::Times times;
            Column::Numbers values;
            for (qint64 at = startMs; at <= endMs; at += kStep) {
                const auto it = samples.find(at);
                if (it != samples.end()) {
                    times.push_back(at);
                    values.push_back(it->second);
                }
            }
            if (times.empty())
                continue;
            SeriesData series;
            series.labels = {{u"name"_s, name}};
            series.times = Column(std::move(times));
            series.values = Column(std::move(values));
            result.series.push_back(std::move(series));
        }
        return result;
    }

    [[nodiscard]] qint64 filledTo() const { return m_filledTo; }

private:
    QRandomGenerator m_random;
    std::map<QString, std::map<qint64, double>> m_series;
    qint64 m_filledTo = 0;
};

QString describe(const QueryResult& result)
{
    QString text;
    for (const SeriesData& series : result.series) {
        text += series.labels.value(u"name"_s) + u':';
        for (qsizetype i = 0; i < series.values.size(); ++i) {
            text += u" %1=%2"_s.arg(series.times.times()[std::size_t(i)] / kStep)
                        .arg(series.values.numbers()[std::size_t(i)]);
        }
        text += u'\n';
    }
    return text;
}

SharedResult shared(QueryResult result)
{
    return std::make_shared<const QueryResult>(std::move(result));
}

QueryKey keyOf(qint64 startMs, qint64 endMs, qint64 step = kStep, const QString& expr = u"up"_s)
{
    return {expr, false, startMs, endMs, step};
}

} // namespace

class TestQueryCache : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Refreshes over data that grows, dies, has gaps and changes late always give what a full query gives.
    void mergedEqualsFull()
    {
        int tails = 0;
        int kept = 0;
        for (quint32 seed = 0; seed < 300; ++seed) {
            QRandomGenerator random(seed + 1000);
            FakeData data(seed);
            const qint64 settle = kStep * random.bounded(0, 8);
            QueryCache cache(1 << 20, settle);
            qint64 now = kStep * 100;
            qint64 span = kStep * random.bounded(1, 60);
            data.grow(now);
            for (int round = 0; round < 12; ++round) {
                const QueryKey key = keyOf(now - span, now);
                const CachePlan plan = cache.plan(key);
                const QueryResult full = data.query(key.startMs, key.endMs);
                SharedResult got;
                if (plan.held) {
                    const QueryResult tail = data.query(plan.fetchFromMs, key.endMs);
                    got = mergeTail(plan.held, tail, plan.fetchFromMs, key.startMs, key.endMs);
                    QVERIFY(got);
                    ++tails;
                    kept += got == plan.held;
                } else {
                    got = shared(data.query(key.startMs, key.endMs));
                }
                QVERIFY2(describe(*got) == describe(full),
                         qPrintable(u"seed %1 round %2\n%3\nexpected\n%4"_s.arg(seed).arg(round).arg(describe(*got), describe(full))));
                if (!plan.isComplete(key))
                    cache.store(key, got, now);
                if (random.bounded(0, 5) == 0)
                    span = kStep * random.bounded(1, 60);
                now += kStep * random.bounded(0, 4);
                data.rewrite(std::max<qint64>(0, now - settle) + 1); // what is older than that is settled
                data.grow(now);
            }
        }
        QVERIFY(tails > 500);
        QVERIFY(kept > 0);
    }

    void onlyTheTailIsAskedFor()
    {
        QueryCache cache(1 << 20, 60'000);
        FakeData data(5);
        data.addSeries(u"x"_s);
        data.grow(kStep * 200);
        const QueryKey first = keyOf(kStep * 40, kStep * 100);
        cache.store(first, shared(data.query(first.startMs, first.endMs)), kStep * 100);
        const QueryKey next = keyOf(kStep * 42, kStep * 102);
        const CachePlan plan = cache.plan(next);
        QVERIFY(plan.held);
        // Settled up to a minute (four steps) before the fetch: the next one is step 97.
        QCOMPARE(plan.fetchFromMs, kStep * 97);
        QVERIFY(!plan.isComplete(next));
        QVERIFY(cache.plan(keyOf(kStep * 50, kStep * 90)).isComplete(keyOf(kStep * 50, kStep * 90)));
    }

    void whatCannotBeMergedIsNot()
    {
        QueryCache cache(1 << 20, 0);
        FakeData data(7);
        data.addSeries(u"x"_s);
        data.grow(kStep * 200);
        const QueryKey key = keyOf(kStep * 40, kStep * 100);
        const SharedResult result = shared(data.query(key.startMs, key.endMs));
        cache.store(key, result, kStep * 100);
        QVERIFY(cache.plan(key).held);
        QVERIFY(!cache.plan(keyOf(kStep * 40, kStep * 100, 2 * kStep)).held);
        QVERIFY(!cache.plan(keyOf(kStep * 40 + 1000, kStep * 100 + 1000)).held);
        QVERIFY(!cache.plan(keyOf(kStep * 39, kStep * 100)).held);
        QVERIFY(!cache.plan(keyOf(kStep * 40, kStep * 100, kStep, u"down"_s)).held);
        QVERIFY(!cache.plan({u"up"_s, true, kStep * 100, kStep * 100, 0}).held);
        const QueryKey ends = keyOf(kStep * 40, kStep * 100, kStep, u"topk(1, up @ end())"_s);
        cache.store(ends, result, kStep * 100);
        QVERIFY(!cache.plan(ends).held);
        QueryResult partial = *result;
        partial.partial = true;
        const QueryKey other = keyOf(kStep * 40, kStep * 100, kStep, u"other"_s);
        cache.store(other, shared(std::move(partial)), kStep * 100);
        QVERIFY(!cache.plan(other).held);
    }

    void unsortedServersFallBack()
    {
        FakeData data(9);
        QueryResult held;
        for (const QString& name : {u"b"_s, u"a"_s}) {
            SeriesData series;
            series.labels = {{u"name"_s, name}};
            series.times = Column(Column::Times {kStep});
            series.values = Column(Column::Numbers {1});
            held.series.push_back(series);
        }
        QueryResult tail = held;
        QVERIFY(mergeTail(shared(held), tail, 2 * kStep, 0, 3 * kStep));
        tail.series[0].labels = {{u"name"_s, u"c"_s}};
        tail.series[0].times = Column(Column::Times {2 * kStep});
        QVERIFY(!mergeTail(shared(held), tail, 2 * kStep, 0, 3 * kStep));
    }

    void sharedTimesStayShared()
    {
        QueryResult held;
        QueryResult tail;
        const auto old = std::make_shared<const Column::Times>(Column::Times {kStep, 2 * kStep});
        const auto fresh = std::make_shared<const Column::Times>(Column::Times {3 * kStep});
        for (const QString& name : {u"a"_s, u"b"_s}) {
            held.series.push_back({{{u"name"_s, name}}, Column(old), Column(Column::Numbers {1, 2}), {}});
            tail.series.push_back({{{u"name"_s, name}}, Column(fresh), Column(Column::Numbers {3}), {}});
        }
        const SharedResult merged = mergeTail(shared(held), tail, 3 * kStep, kStep, 3 * kStep);
        QVERIFY(merged);
        QVERIFY(merged->series[0].times.sharesWith(merged->series[1].times));
        QCOMPARE(merged->series[1].values.numbers(), (Column::Numbers {1, 2, 3}));
    }

    void memoryIsBounded()
    {
        QueryCache cache(100'000, 0);
        for (int i = 0; i < 100; ++i) {
            QueryResult result;
            SeriesData series;
            series.times = Column(Column::Times(500, kStep));
            series.values = Column(Column::Numbers(500, 1.0));
            result.series.push_back(series);
            cache.store(keyOf(0, kStep, kStep, QString::number(i)), shared(std::move(result)), kStep);
            QVERIFY(cache.bytes() <= 100'000);
        }
        QVERIFY(cache.size() > 5);
        QVERIFY(cache.plan(keyOf(0, kStep, kStep, u"99"_s)).held);
        QVERIFY(!cache.plan(keyOf(0, kStep, kStep, u"0"_s)).held);
        cache.clear();
        QCOMPARE(cache.bytes(), 0);
    }
};

PROMDECK_TEST_MAIN(TestQueryCache)
#include "tst_querycache.moc"
