#include "tests/support/testsupport.h"
#include "widgets/plot/plotrender.h"

#include <QApplication>

#include <cmath>

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestGridLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arePlainFromEndToEnd_data();
    void arePlainFromEndToEnd();
};

void TestGridLines::arePlainFromEndToEnd_data()
{
    QTest::addColumn<double>("dpr");
    QTest::newRow("1") << 1.0;
    QTest::newRow("1.25") << 1.25;
    QTest::newRow("1.5") << 1.5;
    QTest::newRow("2") << 2.0;
}

// A line is filled in pieces: they must neither overlap (twice as dark) nor leave a gap.
void TestGridLines::arePlainFromEndToEnd()
{
    QFETCH(double, dpr);
    TimeSeriesModel model;
    model.range = {1795208400000, 1795208400000 + 6 * 3600 * 1000};
    AxisModel axis;
    axis.showGrid = false; // horizontal lines would cross
    axis.placement = AxisPlacement::Hidden;
    model.axes.push_back(axis);
    PlotRequest request;
    request.model = std::make_shared<const TimeSeriesModel>(model);
    request.size = QSizeF(900, 700);
    request.dpr = dpr;
    const RenderedPlot result = renderPlot(request);
    QVERIFY(result.layout.time.at.size() > 3);
    int lines = 0;
    for (const qint64 at : result.layout.time.at) {
        const int x = int(std::round(result.layout.xOf(at, model.range) * dpr));
        if (x < 0 || x >= result.image.width())
            continue;
        ++lines;
        const int end = int(std::round(result.layout.area.bottom() * dpr));
        for (int y = int(std::round(result.layout.area.top() * dpr)); y < end; ++y)
            QCOMPARE(result.image.pixelColor(x, y).alpha(), request.theme.grid.alpha());
    }
    QVERIFY(lines > 3);
}

PROMDECK_GUI_TEST_MAIN(TestGridLines)
#include "tst_gridlines.moc"
