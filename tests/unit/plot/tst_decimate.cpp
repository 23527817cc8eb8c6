#include "models/plotmath/decimate.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;

class TestDecimate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsSparsePoints();
    void keepsExtremesOfDensePoints();
    void breaksAtGaps();
    void bridgesGaps();
    void stepsAndCurves();
    void neighboursOutside();
};

namespace {

PixelMap map(qint64 to, double width, double low, double high, double height)
{
    return {{0, to}, ValueScale(ValueScale::Kind::Linear, low, high), width, height, 0};
}

size_t breaks(const std::vector<PlotPoint>& points)
{
    size_t count = 0;
    for (const PlotPoint& point : points)
        count += std::isnan(point.y) ? 1 : 0;
    return count;
}

} // namespace

void TestDecimate::keepsSparsePoints()
{
    const auto points = pixelPoints(Column(Column::Times{0, 50, 100}), Column(Column::Numbers{0, 5, 10}), {},
                                    map(100, 200, 0, 10, 100));
    QCOMPARE(points.size(), size_t(3));
    QCOMPARE(points[1].x, 100.0F);
    QCOMPARE(points[1].y, 50.0F);
    QCOMPARE(points[2].y, 0.0F);
}

void TestDecimate::keepsExtremesOfDensePoints()
{
    Column::Times times;
    Column::Numbers values;
    for (int index = 0; index <= 100000; ++index) {
        times.push_back(index);
        values.push_back(index == 54321 ? 100 : index == 12345 ? -100 : 0);
    }
    const auto points = pixelPoints(Column(times), Column(values), {}, map(100000, 50, -100, 100, 200));
    QVERIFY(points.size() <= 50 * 4 * 4 + 8);
    float low = 1e9F;
    float high = -1e9F;
    float last = -1;
    for (const PlotPoint& point : points) {
        low = std::min(low, point.y);
        high = std::max(high, point.y);
        QVERIFY(point.x >= last);
        last = point.x;
    }
    QCOMPARE(low, 0.0F);
    QCOMPARE(high, 200.0F);
    QCOMPARE(points.front().x, 0.0F);
    QCOMPARE(points.back().x, 50.0F);
}

void TestDecimate::breaksAtGaps()
{
    const Column times(Column::Times{0, 10, 20, 30, 100});
    const Column values(Column::Numbers{1, kNull, 1, 1, 1});
    QCOMPARE(breaks(pixelPoints(times, values, {}, map(100, 200, 0, 2, 100))), size_t(1));
    SeriesStyle style;
    style.insertNullsMs = 10;
    QCOMPARE(breaks(pixelPoints(times, values, style, map(100, 200, 0, 2, 100))), size_t(2));
}

void TestDecimate::bridgesGaps()
{
    const Column times(Column::Times{0, 10, 20, 30, 100});
    const Column values(Column::Numbers{1, kNull, 1, 1, 1});
    SeriesStyle style;
    style.insertNullsMs = 10;
    style.spanNullsMs = -1;
    QCOMPARE(breaks(pixelPoints(times, values, style, map(100, 200, 0, 2, 100))), size_t(0));
    style.spanNullsMs = 20;
    QCOMPARE(breaks(pixelPoints(times, values, style, map(100, 200, 0, 2, 100))), size_t(1));
}

void TestDecimate::stepsAndCurves()
{
    const std::vector<PlotPoint> points{{0, 0}, {10, 10}, {20, 10}, {30, 0}};
    const auto after = interpolated(points, LineInterpolation::StepAfter);
    QCOMPARE(after.size(), size_t(7));
    QCOMPARE(after[1].x, 10.0F);
    QCOMPARE(after[1].y, 0.0F);
    const auto before = interpolated(points, LineInterpolation::StepBefore);
    QCOMPARE(before[1].x, 0.0F);
    QCOMPARE(before[1].y, 10.0F);
    const auto curve = interpolated(points, LineInterpolation::Smooth);
    QVERIFY(curve.size() > 15);
    for (const PlotPoint& point : curve)
        QVERIFY(point.y >= 0 && point.y <= 10); // monotone: no overshoot
}

void TestDecimate::neighboursOutside()
{
    const auto points = pixelPoints(Column(Column::Times{-100, -10, 50, 110, 200}), Column(Column::Numbers{0, 1, 2, 3, 4}), {},
                                    map(100, 100, 0, 4, 100));
    QCOMPARE(points.size(), size_t(3));
    QCOMPARE(points.front().x, -10.0F);
    QCOMPARE(points.back().x, 110.0F);
}

PROMDECK_TEST_MAIN(TestDecimate)
#include "tst_decimate.moc"
