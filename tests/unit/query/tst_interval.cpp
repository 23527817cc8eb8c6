#include "models/query/interval.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kMinute = 60'000;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;
} // namespace

class TestInterval : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goldenIntervals()
    {
        PROMDECK_NEED_SHARED();
        const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/intervals.json"_s);
        QVERIFY(golden[u"rows"].size() > 100);
        for (const Json& row : golden[u"rows"].items()) {
            const auto minimum = parseInterval(row.at(2).toString());
            QVERIFY_RESULT(minimum);
            const qint64 ms = panelIntervalMs(row.at(0).toInt() * 1000, row.at(1).toDouble(), *minimum);
            QVERIFY2(ms == row.at(3).toInt() && intervalText(ms) == row.at(4).toString(),
                     qPrintable(u"%1: got %2 %3"_s.arg(QString::fromUtf8(row.toUtf8())).arg(ms).arg(intervalText(ms))));
        }
    }

    void roundingTable_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<qint64>("below");
        QTest::addColumn<qint64>("above");
        const QList<qint64> limits {10, 15, 35, 75, 150, 350, 750, 1500, 3500, 7500, 12500, 17500, 25000, 45000, 90000,
                                    210000, 450000, 750000, 1050000, 1500000, 2700000, 5400000, 9000000, 16200000,
                                    9 * kHour, kDay, 7 * kDay, 21 * kDay, 365 * kDay};
        const QList<qint64> values {1, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 20000, 30000, kMinute,
                                    2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 20 * kMinute, 30 * kMinute,
                                    kHour, 2 * kHour, 3 * kHour, 6 * kHour, 12 * kHour, kDay, 7 * kDay, 30 * kDay, 365 * kDay};
        for (qsizetype i = 0; i < limits.size(); ++i)
            QTest::newRow(qPrintable(QString::number(limits[i]))) << limits[i] << values[i] << values[i + 1];
    }

    void roundingTable()
    {
        QFETCH(qint64, limit);
        QFETCH(qint64, below);
        QFETCH(qint64, above);
        QCOMPARE(roundIntervalUi(double(limit) - 0.5), below);
        QCOMPARE(roundIntervalUi(double(limit)), above);
        QCOMPARE(roundIntervalServer(double(limit)), below);
        QCOMPARE(roundIntervalServer(double(limit) + 0.5), above);
    }

    void step_data()
    {
        QTest::addColumn<qint64>("range");
        QTest::addColumn<double>("points");
        QTest::addColumn<QString>("minStep");
        QTest::addColumn<double>("factor");
        QTest::addColumn<qint64>("scrape");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<qint64>("rate");
        const qint64 s15 = 15000;
        QTest::newRow("scrape interval wins") << kHour << 1000.0 << u""_s << 1.0 << s15 << s15 << kMinute;
        QTest::newRow("resolution wins") << 6 * kHour << 500.0 << u""_s << 1.0 << s15 << qint64(30000) << kMinute;
        QTest::newRow("a day") << kDay << 500.0 << u""_s << 1.0 << s15 << 2 * kMinute << 2 * kMinute + s15;
        QTest::newRow("minimum is not rounded") << kHour << 1000.0 << u"17s"_s << 1.0 << s15 << qint64(17000) << qint64(68000);
        QTest::newRow("small minimum") << kHour << 1000.0 << u"1s"_s << 1.0 << s15 << qint64(5000) << qint64(16000);
        QTest::newRow("factor") << kHour << 1000.0 << u""_s << 2.0 << s15 << qint64(30000) << kMinute;
        QTest::newRow("factor 0") << kHour << 1000.0 << u""_s << 0.0 << s15 << s15 << kMinute;
        QTest::newRow("minimum is $__interval") << 6 * kHour << 500.0 << u"$__interval"_s << 1.0 << s15 << qint64(30000) << 2 * kMinute;
        QTest::newRow("minimum is $__rate_interval") << kHour << 1000.0 << u"$__rate_interval"_s << 1.0 << s15 << kMinute << kMinute;
        QTest::newRow("braces") << kHour << 1000.0 << u"${__rate_interval}"_s << 3.0 << s15 << kMinute << kMinute;
        QTest::newRow("never over 11000 points") << 30 * kDay << 100000.0 << u"1s"_s << 1.0 << qint64(1000) << 5 * kMinute << qint64(31000);
        QTest::newRow("minimum 1m") << kHour << 1000.0 << u"1m"_s << 1.0 << s15 << kMinute << 4 * kMinute;
        QTest::newRow("unreadable minimum") << kHour << 1000.0 << u"soon"_s << 1.0 << s15 << s15 << kMinute;
        QTest::newRow("slow scrapes") << kHour << 1000.0 << u""_s << 1.0 << kMinute << kMinute << 4 * kMinute;
    }

    void step()
    {
        QFETCH(qint64, range);
        QFETCH(double, points);
        QFETCH(QString, minStep);
        QFETCH(double, factor);
        QFETCH(qint64, scrape);
        QFETCH(qint64, step);
        QFETCH(qint64, rate);
        StepRequest request;
        request.rangeMs = range;
        request.maxDataPoints = points;
        request.intervalMs = panelIntervalMs(range, points, scrape);
        request.minStep = minStep;
        request.intervalFactor = factor;
        request.scrapeIntervalMs = scrape;
        const StepResult result = calculateStep(request);
        QCOMPARE(result.stepMs, step);
        QCOMPARE(result.rateIntervalMs, rate);
    }

    void alignment()
    {
        QCOMPARE(alignToStep(1'700'000'017'123, 15000), 1'700'000'010'000);
        QCOMPARE(alignToStep(1'700'000'010'000, 15000), 1'700'000'010'000);
        QCOMPARE(alignToStep(-1, 1000), -1000);
        // A day's step starts at local midnight: 2026-01-31T12:00Z at UTC+1 floors to 2026-01-30T23:00Z.
        QCOMPARE(alignToStep(1'769'860'800'000, kDay, 3600), 1'769'814'000'000);
        QCOMPARE(utcOffsetSeconds(1'769'860'800'000, u"Europe/Berlin"_s), 3600);
        QCOMPARE(utcOffsetSeconds(1'785'000'000'000, u"Europe/Berlin"_s), 7200);
        QCOMPARE(utcOffsetSeconds(0, u"utc"_s), 0);
    }

    void durations()
    {
        QCOMPARE(goDurationText(15000), u"15s"_s);
        QCOMPARE(goDurationText(60000), u"1m0s"_s);
        QCOMPARE(goDurationText(75000), u"1m15s"_s);
        QCOMPARE(goDurationText(kHour), u"1h0m0s"_s);
        QCOMPARE(goDurationText(1500), u"1.5s"_s);
        QCOMPARE(goDurationText(250), u"250ms"_s);
        QCOMPARE(goDurationText(2 * kDay + 5000), u"48h0m5s"_s);
    }

    void panelRanges()
    {
        const qint64 now = 1'769'860'800'000; // 2026-01-31T12:00Z
        const RawTimeRange raw {u"now-6h"_s, u"now"_s};
        const TimeRange six {now - 6 * kHour, now};
        QCOMPARE(panelTimeRange(raw, six, {}, {}, now, u"utc"_s), six);
        QCOMPARE(panelTimeRange(raw, six, u"1h"_s, {}, now, u"utc"_s), (TimeRange {now - kHour, now}));
        QCOMPARE(panelTimeRange(raw, six, {}, u"1d"_s, now, u"utc"_s), (TimeRange {now - 6 * kHour - kDay, now - kDay}));
        QCOMPARE(panelTimeRange(raw, six, u"1h"_s, u"2h"_s, now, u"utc"_s), (TimeRange {now - 3 * kHour, now - 2 * kHour}));
        QCOMPARE(panelTimeRange(raw, six, u"now/d"_s, {}, now, u"utc"_s), (TimeRange {now - 12 * kHour, now + 12 * kHour - 1}));
        QCOMPARE(panelTimeRange(raw, six, u"nonsense"_s, u"nonsense"_s, now, u"utc"_s), six);
        const RawTimeRange absolute {u"2026-01-01"_s, u"2026-01-02"_s};
        QCOMPARE(panelTimeRange(absolute, six, u"1h"_s, {}, now, u"utc"_s), six);
    }
};

PROMDECK_TEST_MAIN(TestInterval)
#include "tst_interval.moc"
