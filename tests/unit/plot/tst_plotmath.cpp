#include "models/plotmath/preparedplot.h"
#include "models/plotmath/stack.h"
#include "models/plotmath/timeticks.h"
#include "models/plotmath/valueticks.h"
#include "tests/support/testsupport.h"

#include <QDateTime>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

double fixedLabel(const QString& format)
{
    return double(format.size()) * 7;
}

QStringList timeTexts(const QString& from, const QString& to, const char* zoneName, double width)
{
    const QTimeZone zone{QByteArray(zoneName)};
    const TimeRange range{QDateTime::fromString(from, Qt::ISODate).toMSecsSinceEpoch(),
                          QDateTime::fromString(to, Qt::ISODate).toMSecsSinceEpoch()};
    const TimeTicks ticks = timeTicks(range, zone, width, fixedLabel);
    QStringList texts;
    for (const qint64 at : ticks.at)
        texts.append(timeText(at, zone, ticks.format));
    return texts;
}

SeriesModel series(const Column::Times& times, const Column::Numbers& values, StackingMode mode = StackingMode::Normal)
{
    SeriesModel result;
    result.times = Column(times);
    result.values = Column(values);
    result.style.stacking = mode;
    return result;
}

} // namespace

class TestPlotMath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linearRange_data();
    void linearRange();
    void logRange();
    void limits();
    void scaleRoundTrip();
    void decimalTicks();
    void binaryTicks();
    void secondsTicks();
    void logTicks();
    void timeTicksFollowTheClock();
    void timeTicksOverDaylightSaving();
    void longTimeTicks();
    void stackSums();
    void stackPercent();
    void stackUnequalTimes();
    void stackNegativeApart();
    void stackSharesEdges();
    void preparedHidesAndTurns();
    void preparedLevels();
};

void TestPlotMath::linearRange_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<double>("min");
    QTest::addColumn<double>("max");
    QTest::newRow("from zero") << 0.0 << 5.25e6 << 0.0 << 5.8e6;
    QTest::newRow("positive, near zero") << 1.0 << 100.0 << 0.0 << 110.0;
    QTest::newRow("far from zero") << 100.0 << 110.0 << 99.0 << 111.0;
    QTest::newRow("crossing zero") << -10.0 << 10.0 << -12.0 << 12.0;
    QTest::newRow("negative") << -100.0 << -1.0 << -110.0 << 0.0;
    QTest::newRow("constant") << 5.0 << 5.0 << 0.0 << 10.0;
    QTest::newRow("constant negative") << -5.0 << -5.0 << -10.0 << 0.0;
    QTest::newRow("zero") << 0.0 << 0.0 << 0.0 << 100.0;
    QTest::newRow("rounding noise") << 89.7 << 89.70000000001 << 0.0 << 180.0;
}

void TestPlotMath::linearRange()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(double, min);
    QFETCH(double, max);
    const ValueScale scale = autoScale(low, high, {});
    QVERIFY2(std::abs(scale.min() - min) < 1e-6 * std::max(1.0, std::abs(min)), qPrintable(QString::number(scale.min())));
    QVERIFY2(std::abs(scale.max() - max) < 1e-6 * std::max(1.0, std::abs(max)), qPrintable(QString::number(scale.max())));
}

void TestPlotMath::logRange()
{
    RangeRules rules;
    rules.kind = ValueScale::Kind::Log;
    const ValueScale ten = autoScale(0.03, 700, rules);
    QCOMPARE(ten.min(), 0.01);
    QCOMPARE(ten.max(), 1000.0);
    rules.base = 2;
    const ValueScale two = autoScale(3, 70, rules);
    QCOMPARE(two.min(), 2.0);
    QCOMPARE(two.max(), 128.0);
    QVERIFY(ten.place(0) < 0);
    QCOMPARE(ten.baseline(), 0.01);
}

void TestPlotMath::limits()
{
    RangeRules rules;
    rules.softMin = 0;
    rules.softMax = 100;
    QCOMPARE(autoScale(40, 60, rules).min(), 0.0);
    QCOMPARE(autoScale(40, 60, rules).max(), 100.0);
    QVERIFY(autoScale(40, 160, rules).max() > 160);
    rules.hardMax = 50;
    QCOMPARE(autoScale(40, 160, rules).max(), 50.0);
    RangeRules centered;
    centered.centeredZero = true;
    const ValueScale scale = autoScale(-3, 10, centered);
    QCOMPARE(scale.min(), -scale.max());
    RangeRules contradiction;
    contradiction.hardMin = 500;
    const ValueScale above = autoScale(1, 2, contradiction);
    QCOMPARE(above.min(), 500.0);
    QVERIFY(above.max() > 500);
    QVERIFY(autoScale(1, 0, {}).min() < autoScale(1, 0, {}).max());
}

void TestPlotMath::scaleRoundTrip()
{
    for (const auto kind : {ValueScale::Kind::Linear, ValueScale::Kind::Log, ValueScale::Kind::Symlog}) {
        const ValueScale scale(kind, 0.5, 2000, 10, 1);
        for (const double value : {0.5, 1.0, 20.0, 2000.0})
            QVERIFY(std::abs(scale.value(scale.place(value)) - value) < 1e-9 * value);
        QCOMPARE(scale.place(0.5), 0.0);
        QCOMPARE(scale.place(2000), 1.0);
    }
}

void TestPlotMath::decimalTicks()
{
    const ValueTicks percent = valueTicks(ValueScale(ValueScale::Kind::Linear, 30, 158), 30.0 / 188);
    QCOMPARE(percent.at, (std::vector<double>{50, 75, 100, 125, 150}));
    const ValueTicks fine = valueTicks(ValueScale(ValueScale::Kind::Linear, 0, 0.3), 0.1);
    QCOMPARE(fine.step, 0.05);
    QCOMPARE(fine.at.size(), size_t(7));
}

void TestPlotMath::binaryTicks()
{
    constexpr double GiB = 1024.0 * 1024 * 1024;
    const ValueTicks ticks = valueTicks(ValueScale(ValueScale::Kind::Linear, 1.1 * GiB, 6.2 * GiB), 30.0 / 215,
                                        stepsForUnit(u"bytes"_s));
    QCOMPARE(ticks.step, GiB);
    QCOMPARE(ticks.at.size(), size_t(5));
    QCOMPARE(stepsForUnit(u"decbytes"_s).steps, TickSteps::Decimal);
    QCOMPARE(stepsForUnit(u"Bps"_s).steps, TickSteps::Decimal);
}

void TestPlotMath::secondsTicks()
{
    const ValueTicks hours = valueTicks(ValueScale(ValueScale::Kind::Linear, 0, 20000), 0.15, stepsForUnit(u"s"_s));
    QCOMPARE(hours.step, 3600.0);
    const ValueTicks ms = valueTicks(ValueScale(ValueScale::Kind::Linear, 0, 200000), 0.15, stepsForUnit(u"ms"_s));
    QCOMPARE(ms.step, 30000.0);
    QCOMPARE(valueTicks(ValueScale(ValueScale::Kind::Linear, 0, 0.2), 0.15, stepsForUnit(u"s"_s)).step, 0.05);
}

void TestPlotMath::logTicks()
{
    const ValueTicks ten = valueTicks(ValueScale(ValueScale::Kind::Log, 0.001, 1000, 10), 0.1);
    QCOMPARE(ten.at.size(), size_t(7));
    const ValueTicks crowded = valueTicks(ValueScale(ValueScale::Kind::Log, 1, 1e12, 10), 0.2);
    QVERIFY(crowded.at.size() <= 5);
    const ValueTicks symlog = valueTicks(ValueScale(ValueScale::Kind::Symlog, -1000, 1000, 10, 1), 0.1);
    QVERIFY(std::find(symlog.at.begin(), symlog.at.end(), 0.0) != symlog.at.end());
    QCOMPARE(symlog.at.front(), -symlog.at.back());
}

void TestPlotMath::timeTicksFollowTheClock()
{
    QCOMPARE(timeTexts(u"2026-11-21T19:55:19Z"_s, u"2026-11-21T20:55:19Z"_s, "UTC", 530),
             (QStringList{u"20:00"_s, u"20:10"_s, u"20:20"_s, u"20:30"_s, u"20:40"_s, u"20:50"_s}));
    // Kathmandu is 5 h 45 min ahead: ticks are round there, not in UTC.
    QCOMPARE(timeTexts(u"2026-01-01T00:00:00Z"_s, u"2026-01-01T12:00:00Z"_s, "Asia/Kathmandu", 500).value(0), u"06:00"_s);
    QCOMPARE(timeTexts(u"2026-01-01T00:00:02Z"_s, u"2026-01-01T00:05:02Z"_s, "UTC", 500).value(0), u"00:01"_s);
    QCOMPARE(timeTexts(u"2026-01-01T00:00:02Z"_s, u"2026-01-01T00:00:52Z"_s, "UTC", 500).value(0), u"00:00:10"_s);
}

void TestPlotMath::timeTicksOverDaylightSaving()
{
    // Clocks in Berlin went back on 2026-10-25 at 03:00 and forward on 2026-03-29 at 02:00.
    const QStringList back = timeTexts(u"2026-10-24T12:00:00Z"_s, u"2026-10-26T12:00:00Z"_s, "Europe/Berlin", 1000);
    for (const QString& text : back)
        QVERIFY2(text.endsWith("00:00"_L1) || text.endsWith("06:00"_L1) || text.endsWith("12:00"_L1)
                     || text.endsWith("18:00"_L1) || text.endsWith("03:00"_L1) || text.endsWith("09:00"_L1)
                     || text.endsWith("15:00"_L1) || text.endsWith("21:00"_L1) || text.endsWith("04:00"_L1)
                     || text.endsWith("08:00"_L1) || text.endsWith("16:00"_L1) || text.endsWith("20:00"_L1),
                 qPrintable(text));
    QVERIFY(back.size() > 5);
    const QStringList forward = timeTexts(u"2026-03-28T20:00:00Z"_s, u"2026-03-29T10:00:00Z"_s, "Europe/Berlin", 1400);
    QStringList unique = forward;
    unique.removeDuplicates();
    QCOMPARE(unique, forward);
    const QStringList days = timeTexts(u"2026-03-27T00:00:00Z"_s, u"2026-04-05T00:00:00Z"_s, "Europe/Berlin", 700);
    QCOMPARE(days.value(0), u"03/28"_s);
    QCOMPARE(days.value(2), u"03/30"_s);
}

void TestPlotMath::longTimeTicks()
{
    QCOMPARE(timeTexts(u"2025-01-15T00:00:00Z"_s, u"2026-06-01T00:00:00Z"_s, "UTC", 800).value(0), u"2025-03"_s);
    QCOMPARE(timeTexts(u"2010-06-15T00:00:00Z"_s, u"2026-06-01T00:00:00Z"_s, "UTC", 500).value(0), u"2012"_s);
    QVERIFY(timeTicks({5, 5}, QTimeZone::utc(), 500, fixedLabel).at.empty());
}

void TestPlotMath::stackSums()
{
    const SeriesModel a = series({1, 2, 3}, {1, 2, kNull});
    const SeriesModel b = series({1, 2, 3}, {10, 20, 30});
    const auto stacked = stackSeries({&a, &b}, StackingMode::Normal);
    QCOMPARE(stacked[1].values.numbers(), (Column::Numbers{11, 22, 30}));
    QCOMPARE(stacked[1].lower.numbers(), (Column::Numbers{1, 2, 0}));
    QVERIFY(isNull(stacked[0].values.numbers()[2]));
}

void TestPlotMath::stackPercent()
{
    const SeriesModel a = series({1, 2}, {1, 0});
    const SeriesModel b = series({1, 2}, {3, 0});
    const auto stacked = stackSeries({&a, &b}, StackingMode::Percent);
    QCOMPARE(stacked[0].values.numbers(), (Column::Numbers{0.25, 0}));
    QCOMPARE(stacked[1].values.numbers(), (Column::Numbers{1, 0}));
}

void TestPlotMath::stackUnequalTimes()
{
    const SeriesModel fine = series({0, 10, 20, 30, 40}, {1, 1, 1, 1, 1});
    const SeriesModel coarse = series({0, 20, 40}, {10, 20, 30});
    const auto stacked = stackSeries({&fine, &coarse}, StackingMode::Normal);
    QCOMPARE(stacked[1].values.numbers(), (Column::Numbers{11, 16, 21, 26, 31}));
    // A series of the same rhythm that misses a sample has a hole there, and adds nothing.
    const SeriesModel hole = series({0, 10, 30, 40}, {5, 5, 5, 5});
    const auto holed = stackSeries({&hole, &fine}, StackingMode::Normal);
    QVERIFY(isNull(holed[0].values.numbers()[2]));
    QCOMPARE(holed[1].values.numbers()[2], 1.0);
}

void TestPlotMath::stackSharesEdges()
{
    // Painters find the edge they have just drawn by its column; a gap makes the next lower edge another one.
    const SeriesModel whole = series({0, 10, 20}, {1, 2, 3});
    const SeriesModel holed = series({0, 10, 20}, {1, kNull, 3});
    const auto stacked = stackSeries({&whole, &holed, &whole}, StackingMode::Normal);
    QVERIFY(stacked[1].lower.sharesWith(stacked[0].values));
    QVERIFY(!stacked[2].lower.sharesWith(stacked[1].values));
    QCOMPARE(stacked[2].lower.numbers(), (Column::Numbers{2, 2, 6}));
    QCOMPARE(stacked[2].values.numbers(), (Column::Numbers{3, 4, 9}));
}

void TestPlotMath::stackNegativeApart()
{
    const SeriesModel up = series({1, 2}, {5, 6});
    const SeriesModel down = series({1, 2}, {-1, -2});
    const SeriesModel more = series({1, 2}, {1, 1});
    const auto stacked = stackSeries({&up, &down, &more}, StackingMode::Normal);
    QCOMPARE(stacked[1].values.numbers(), (Column::Numbers{-1, -2}));
    QCOMPARE(stacked[2].values.numbers(), (Column::Numbers{6, 7}));
}

void TestPlotMath::preparedHidesAndTurns()
{
    TimeSeriesModel model;
    model.range = {0, 10};
    model.series.push_back(series({1, 2}, {5, 6}, StackingMode::None));
    model.series.push_back(series({1, 2}, {500, 600}, StackingMode::None));
    model.series[0].style.negativeY = true;
    model.axes.resize(1);
    const PreparedPlot all = preparePlot(model);
    QCOMPARE(all.series.size(), size_t(2));
    QCOMPARE(all.series[0].values.numbers(), (Column::Numbers{-5, -6}));
    QVERIFY(all.scales[0].max() >= 600);
    const PreparedPlot one = preparePlot(model, {0, 1});
    QCOMPARE(one.series.size(), size_t(1));
    QVERIFY(one.scales[0].max() < 0);
}

void TestPlotMath::preparedLevels()
{
    // "constant": the first value there is, all along; in a stack too.
    for (const StackingMode stacking : {StackingMode::None, StackingMode::Normal}) {
        TimeSeriesModel model;
        model.range = {0, 10};
        model.series.push_back(series({1, 2, 3}, {1, 1, 1}, stacking));
        model.series.push_back(series({1, 2, 3}, {kNull, 7, 9}, stacking));
        model.series[1].style.constantFill = true;
        model.axes.resize(1);
        const PreparedPlot plot = preparePlot(model);
        const double base = stacking == StackingMode::None ? 0 : 1;
        QCOMPARE(plot.series[1].values.numbers(), (Column::Numbers {7 + base, 7 + base, 7 + base}));
    }
}

PROMDECK_TEST_MAIN(TestPlotMath)
#include "tst_plotmath.moc"
