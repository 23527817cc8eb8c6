#include "tests/support/plotsamples.h"
#include "tests/support/testsupport.h"
#include "widgets/plot/columnraster.h"
#include "widgets/plot/picturestore.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plotmarks.h"
#include "widgets/plot/plotruler.h"
#include "widgets/plot/plottooltip.h"
#include "widgets/plot/timeseriesview.h"

#include <QApplication>
#include <QSignalSpy>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 End = 1795208400000;
constexpr qint64 Step = 60000;

TimeSeriesModel sampleModel(int count = 3)
{
    TimeSeriesModel model;
    model.range = {End - 60 * Step, End};
    model.axes.resize(1);
    model.tooltip = TooltipMode::All;
    for (int index = 0; index < count; ++index) {
        SeriesModel series = sampleSeries(index + 1, u"series "_s + QString::number(index), 10.0 * (index + 1), 1, End, 60,
                                          Step, sampleColor(index));
        series.calcs = {{u"max"_s, 10.0 * (count - index), QString::number(10 * (count - index))}};
        model.series.push_back(series);
    }
    model.legend.calcs = {u"max"_s};
    return model;
}

/// Shows a view and waits for its first picture.
std::unique_ptr<TimeSeriesView> shown(TimeSeriesModel model, QSize size = {600, 300})
{
    auto view = std::make_unique<TimeSeriesView>();
    view->resize(size);
    view->setModel(std::move(model));
    view->show();
    if (!QTest::qWaitFor([&view] { return view->canvas()->isCurrent(); }, 10000))
        qFatal("no picture");
    return view;
}

QPoint placeAt(const TimeSeriesView& view, double x, double y)
{
    const QRectF area = view.canvas()->rendered().layout.area;
    return QPointF(area.left() + area.width() * x, area.top() + area.height() * y).toPoint();
}

int countPixels(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green())
                    + std::abs(pixel.blue() - color.blue()) < 30)
                ++count;
        }
    }
    return count;
}

} // namespace

class TestTimeSeriesView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rasterCoverage();
    void rasterWidthIsExact();
    void areaIsBlendedOnce();
    void gapsStayOpen();
    void rasterStartsEmpty();
    void picturesStartTransparent();
    void anyShapeStaysInside();
    void renderIsDeterministic();
    void highDpiKeepsPlaces();
    void emptyAndOddModels();
    void fixedDecimalsKeepTicks_data();
    void fixedDecimalsKeepTicks();
    void hoverFindsSamples();
    void rulerMeasures();
    void annotationsAreMarked();
    void exemplarsAreMarked();
    void dotsLieOnTheirLines();
    void hoverPaintsNoSeries();
    void dragZooms();
    void doubleClickZoomsOut();
    void panOnTheTimeAxis();
    void sharedHover();
    void sharedTooltip();
    void keyboardWalks();
    void legendIsolatesAndToggles();
    void legendSortsByHeader();
    void hiddenSurvivesNewData();
    void legendRight();
    void destroyedWhileDrawing();
    void droppedPictureComesBack();
};

void TestTimeSeriesView::rasterCoverage()
{
    ColumnRaster raster(20, 20, 0);
    RowPaint paint;
    paint.color = 0xffffffff;
    raster.rect(4, 4.5F, 8, 10, paint);
    const QImage image = raster.image();
    QCOMPARE(qAlpha(image.pixel(5, 7)), 255);
    QVERIFY(std::abs(qAlpha(image.pixel(5, 4)) - 128) <= 2);
    QCOMPARE(qAlpha(image.pixel(3, 7)), 0);
    QCOMPARE(qAlpha(image.pixel(8, 7)), 0);
}

void TestTimeSeriesView::rasterWidthIsExact()
{
    // The ink of a stroke is its length times its width, whatever the slope.
    for (const float width : {1.0F, 2.0F, 3.0F}) {
        for (const float rise : {0.0F, 30.0F, 150.0F}) {
            ColumnRaster raster(220, 220, 0);
            RowPaint paint;
            paint.color = 0xffffffff;
            raster.stroke({{20, 30}, {120, 30 + rise}}, width, paint);
            const QImage image = raster.image();
            double ink = 0;
            for (int y = 0; y < 220; ++y) {
                for (int x = 0; x < 220; ++x)
                    ink += qAlpha(image.pixel(x, y)) / 255.0;
            }
            const double expected = std::hypot(100.0, double(rise)) * double(width);
            QVERIFY2(std::abs(ink - expected) < expected * 0.05 + 4,
                     qPrintable(u"width %1 rise %2: %3 for %4"_s.arg(width).arg(rise).arg(ink).arg(expected)));
        }
    }
}

void TestTimeSeriesView::areaIsBlendedOnce()
{
    // Translucent areas of every height: each pixel gets the colour exactly as far as it is covered, whether it
    // belongs to the soft ends or to what lies between.
    RowPaint paint;
    paint.color = 0x80808080;
    for (const float height : {0.5F, 1.0F, 3.3F, 7.5F, 8.0F, 9.0F, 16.25F, 40.0F}) {
        for (const float top : {0.0F, 2.25F, 6.0F}) {
            ColumnRaster raster(24, 61, 0);
            const std::vector<float> edge = raster.edge(raster.trace({{0, top}, {24, top}}));
            raster.fill(edge, top + height, paint);
            const QImage image = raster.image();
            for (int y = 0; y < image.height(); ++y) {
                const float covered
                    = std::max(0.0F, std::min(top + height, float(y + 1)) - std::max(top, float(y)));
                const QRgb pixel = image.pixel(12, y);
                QVERIFY2(std::abs(qAlpha(pixel) - int(std::lround(covered * 128))) <= 2,
                         qPrintable(u"height %1 from %2, row %3: %4"_s.arg(height).arg(top).arg(y).arg(qAlpha(pixel))));
            }
        }
    }
}

void TestTimeSeriesView::gapsStayOpen()
{
    const float gap = std::numeric_limits<float>::quiet_NaN();
    ColumnRaster raster(60, 60, 0);
    RowPaint paint;
    paint.color = 0xffffffff;
    // Wide gaps and narrow ones: nothing connects the heights of the two sides.
    raster.stroke({{0, 10}, {20, 10}, {20, gap}, {20.1F, 50}, {40, 50}, {40, gap}, {50, 10}, {60, 10}}, 2, paint);
    const QImage image = raster.image();
    QCOMPARE(qAlpha(image.pixel(10, 10)), 255);
    QCOMPARE(qAlpha(image.pixel(30, 50)), 255);
    for (int x = 0; x < 60; ++x)
        QCOMPARE(qAlpha(image.pixel(x, 30)), 0);
    QCOMPARE(qAlpha(image.pixel(45, 50)), 0);
    QCOMPARE(qAlpha(image.pixel(59, 10)), 255);
}

void TestTimeSeriesView::rasterStartsEmpty()
{
    // The memory of one picture serves the next, of any size.
    RowPaint paint;
    paint.color = 0xffffffff;
    {
        ColumnRaster raster(50, 70, 0);
        raster.rect(0, 0, 50, 70, paint);
    }
    {
        ColumnRaster raster(31, 90, 0);
        raster.disc(15, 88, 6, paint);
        QVERIFY(qAlpha(raster.image().pixel(15, 88)) == 255);
    }
    ColumnRaster raster(80, 40, 0);
    const QImage image = raster.image();
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            QCOMPARE(image.pixel(x, y), QRgb(0));
    }
}

void TestTimeSeriesView::picturesStartTransparent()
{
    const uchar* memory = nullptr;
    {
        QImage first = transparentPicture({120, 80});
        first.fill(Qt::white);
        memory = first.constBits();
    }
    QImage second = transparentPicture({118, 80});
    QCOMPARE(second.constBits(), memory);
    QCOMPARE(second.size(), QSize(118, 80));
    for (int y = 0; y < second.height(); ++y) {
        for (int x = 0; x < second.width(); ++x)
            QCOMPARE(second.pixel(x, y), QRgb(0));
    }
    // Two at a time never share.
    second.fill(Qt::red);
    QVERIFY(transparentPicture({118, 80}).constBits() != second.constBits());
    QVERIFY(transparentPicture({}).isNull());
}

void TestTimeSeriesView::anyShapeStaysInside()
{
    // Lines, gaps, areas and dots that begin and end anywhere, in pictures of any size and place: the sanitizers
    // watch the memory, and pixels stay valid (no channel above its alpha).
    quint32 state = 7;
    const auto random = [&state](int below) {
        state = state * 1664525 + 1013904223;
        return int((state >> 8) % quint32(below));
    };
    for (int round = 0; round < 400; ++round) {
        const int width = 1 + random(90);
        const int height = 1 + random(90);
        ColumnRaster raster(width, height, random(6));
        RowPaint paint;
        paint.color = qPremultiply(qRgba(random(256), random(256), random(256), random(256)));
        if (random(4) == 0)
            paint.rows.assign(size_t(height), paint.color);
        std::vector<PlotPoint> points;
        auto x = float(random(70) - 50);
        for (int index = random(60); index > 0; --index) {
            x += float(random(400)) / 100 * float(random(3)) + (random(50) == 0 ? float(random(100)) : 0.0F);
            const bool gap = random(9) == 0;
            points.push_back({x, gap ? std::numeric_limits<float>::quiet_NaN() : float(random(90000)) / 100 - 400});
        }
        const LineTrace line = raster.trace(points);
        raster.fill(raster.edge(line), float(random(200) - 50), paint);
        raster.stroke(line, float(random(90)) / 10, paint);
        raster.strokeDashed(points, 1, {3, 2}, paint);
        raster.disc(float(random(1500)) / 10 - 30, float(random(1500)) / 10 - 30, float(1 + random(9)), paint);
        raster.rect(float(random(100) - 20), float(random(70) - 20), float(random(120)), float(random(120)), paint);
        QImage picture = transparentPicture({1 + random(120), 1 + random(120)});
        raster.takeOnto(picture, random(60) - 30, random(60) - 30);
        for (int y = 0; y < picture.height(); ++y) {
            const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
            for (int column = 0; column < picture.width(); ++column) {
                const QRgb pixel = row[column];
                QVERIFY(std::max({qRed(pixel), qGreen(pixel), qBlue(pixel)}) <= qAlpha(pixel) + 1);
            }
        }
    }
}

void TestTimeSeriesView::renderIsDeterministic()
{
    const TimeSeriesModel model = sampleModel();
    const PlotTheme theme;
    const QImage first = renderTimeSeries(model, {500, 250}, 1, theme, {});
    QCOMPARE(renderTimeSeries(model, {500, 250}, 1, theme, {}), first);
    for (const SeriesModel& series : model.series)
        QVERIFY(countPixels(first, toQColor(series.color)) > 50);
}

void TestTimeSeriesView::highDpiKeepsPlaces()
{
    const TimeSeriesModel model = sampleModel();
    PlotRequest request;
    request.model = std::make_shared<const TimeSeriesModel>(model);
    request.size = {500, 250};
    const RenderedPlot one = renderPlot(request);
    request.dpr = 2;
    const RenderedPlot two = renderPlot(request);
    QCOMPARE(two.layout.area, one.layout.area);
    QCOMPARE(two.image.size(), one.image.size() * 2);
}

void TestTimeSeriesView::fixedDecimalsKeepTicks_data()
{
    QTest::addColumn<QString>("unit");
    QTest::addColumn<int>("decimals");
    QTest::addColumn<double>("max");
    QTest::addColumn<QString>("second");
    // Decimals count in the unit as shown: a quarter is 25 %, half a second 500 ms; but "0.5" cannot be shown.
    QTest::newRow("percent") << u"percentunit"_s << 0 << 1.0 << u"20%"_s;
    QTest::newRow("seconds") << u"s"_s << 0 << 1.0 << u"200 ms"_s;
    QTest::newRow("plain") << u"none"_s << 0 << 2.0 << u"1"_s;
    QTest::newRow("plain, one decimal") << u"none"_s << 1 << 2.0 << u"0.5"_s;
}

void TestTimeSeriesView::fixedDecimalsKeepTicks()
{
    QFETCH(QString, unit);
    QFETCH(int, decimals);
    QFETCH(double, max);
    QFETCH(QString, second);
    TimeSeriesModel model = sampleModel(1);
    model.axes[0].unit = unit;
    model.axes[0].decimals = decimals;
    model.axes[0].min = 0;
    model.axes[0].max = max;
    const auto view = shown(model);
    const AxisLayout& axis = view->canvas()->rendered().layout.axes.at(0);
    QCOMPARE(axis.texts.value(1), second);
    QCOMPARE(QSet<QString>(axis.texts.begin(), axis.texts.end()).size(), axis.texts.size());
}

void TestTimeSeriesView::emptyAndOddModels()
{
    const PlotTheme theme;
    QVERIFY(!renderTimeSeries({}, {300, 200}, 1, theme, {}).isNull());
    TimeSeriesModel model = sampleModel();
    model.series[0].values = Column(Column::Numbers(60, kNull));
    model.series[1].values = Column(Column::Numbers(60, std::numeric_limits<double>::infinity()));
    model.series[2].times = {};
    model.series[2].values = {};
    for (const auto draw : {DrawStyle::Line, DrawStyle::Bars, DrawStyle::Points}) {
        for (const auto stacking : {StackingMode::None, StackingMode::Normal, StackingMode::Percent}) {
            for (SeriesModel& series : model.series) {
                series.style.draw = draw;
                series.style.stacking = stacking;
                series.style.fillOpacity = 0.5;
            }
            QVERIFY(!renderTimeSeries(model, {300, 200}, 1.5, theme, {}).isNull());
            QVERIFY(!renderTimeSeries(model, {30, 20}, 1, theme, {}).isNull());
        }
    }
    model = sampleModel();
    model.axes.clear();
    model.series[1].axis = 7;
    QVERIFY(!renderTimeSeries(model, {300, 200}, 1, theme, {}).isNull());
    model.range = {5, 5};
    QVERIFY(!renderTimeSeries(model, {300, 200}, 1, theme, {}).isNull());
}

void TestTimeSeriesView::hoverFindsSamples()
{
    const auto view = shown(sampleModel());
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.5, 0.5));
    const auto hover = view->canvas()->hover();
    QVERIFY(hover.has_value());
    QCOMPARE(hover->samples.size(), size_t(3));
    QVERIFY(std::abs(hover->timeMs - (End - 30 * Step)) <= Step);
    for (const HoverSample& sample : hover->samples)
        QCOMPARE(sample.value, view->model()->series[size_t(sample.series)].values.numbers()[size_t(sample.row)]);
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    QCOMPARE(PlotTooltip::instance()->content().rows.size(), size_t(3));
    QTest::mouseMove(view->canvas(), QPoint(1, 1));
    QVERIFY(!view->canvas()->hover().has_value());
    QVERIFY(!PlotTooltip::instance()->isVisible());
}

void TestTimeSeriesView::rulerMeasures()
{
    TimeSeriesModel model = sampleModel(2);
    // A straight line and one with a gap: what comes out is arithmetic.
    Column::Times times;
    Column::Numbers line;
    Column::Numbers gap;
    for (int row = 0; row <= 60; ++row) {
        times.push_back(End - (60 - row) * Step);
        line.push_back(row);
        gap.push_back(row >= 20 && row < 30 ? qQNaN() : 2);
    }
    model.series[0].times = model.series[1].times = Column(times);
    model.series[0].values = Column(line);
    model.series[1].values = Column(gap);
    const auto view = shown(model);
    const RenderedPlot& rendered = view->canvas()->rendered();
    const auto found = measures(*view->model(), rendered, End - 30 * Step, End - 50 * Step);
    QCOMPARE(found.size(), size_t(2));
    QCOMPARE(found[0].first, 10.0);
    QCOMPARE(found[0].last, 30.0);
    QCOMPARE(found[0].perSecond, 20.0 / (20 * 60));
    QCOMPARE(found[0].area, 20.0 * 20 * 60);
    QCOMPARE(found[0].mean, 20.0);
    QCOMPARE(found[1].mean, 2.0);
    QCOMPARE(found[1].area, 2.0 * 9 * 60); // rows 10 to 19, and 30 alone
    QVERIFY(measures(*view->model(), rendered, End + 90 * Step, End + 99 * Step).empty());

    // With the mouse: it stays until the next click, and zooms nowhere.
    QSignalSpy zoomed(view->canvas(), &PlotCanvas::zoomRequested);
    QTest::mousePress(view->canvas(), Qt::LeftButton, Qt::ShiftModifier, placeAt(*view, 0.25, 0.5));
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.5, 0.5));
    QTest::mouseRelease(view->canvas(), Qt::LeftButton, Qt::ShiftModifier, placeAt(*view, 0.5, 0.5));
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    QTRY_VERIFY2(PlotTooltip::instance()->content().title.contains(u" min"_s), qPrintable(PlotTooltip::instance()->content().title));
    QCOMPARE(PlotTooltip::instance()->content().rows.size(), size_t(4));
    QVERIFY(PlotTooltip::instance()->content().rows[1].value.contains(u"per min"_s));
    QVERIFY(zoomed.isEmpty());
    QTest::mouseClick(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.7, 0.5));
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.71, 0.5));
    QTRY_COMPARE(PlotTooltip::instance()->content().rows.size(), size_t(2));

    // With the keyboard: Space, then walk.
    view->canvas()->setFocus();
    QTest::keyClick(view->canvas(), Qt::Key_Left);
    QTest::keyClick(view->canvas(), Qt::Key_Space);
    for (int step = 0; step < 5; ++step)
        QTest::keyClick(view->canvas(), Qt::Key_Left);
    QTRY_COMPARE(PlotTooltip::instance()->content().rows.size(), size_t(4));
    QTest::keyClick(view->canvas(), Qt::Key_Escape);
    QVERIFY(!PlotTooltip::instance()->isVisible());
}

void TestTimeSeriesView::annotationsAreMarked()
{
    TimeSeriesModel model = sampleModel();
    const QImage without = renderTimeSeries(model, {600, 300}, 1, PlotTheme(ThemeKind::Dark), {});
    auto list = std::make_shared<std::vector<Annotation>>();
    list->push_back({End - 30 * Step, End - 30 * Step, u"deploys"_s, u"version 7"_s, u"by hand"_s, {u"prod"_s}, Rgba {255, 0, 255}});
    list->push_back({End - 20 * Step, End - 10 * Step, u"alerts"_s, {}, {}, {}, Rgba {0, 255, 255}});
    list->push_back({End + 5 * Step, End + 9 * Step, u"later"_s, {}, {}, {}, Rgba {255, 255, 0}});
    model.annotations = list;
    const QImage with = renderTimeSeries(model, {600, 300}, 1, PlotTheme(ThemeKind::Dark), {});
    QVERIFY(countPixels(with, Qt::magenta) > countPixels(without, Qt::magenta) + 10);
    QVERIFY(countPixels(with, Qt::cyan) > countPixels(without, Qt::cyan) + 10);
    QCOMPARE(countPixels(with, Qt::yellow), countPixels(without, Qt::yellow));

    const auto view = shown(model);
    const auto tip = [&view](double x) {
        QTest::mouseMove(view->canvas(), QPoint(1, 1));
        QTest::mouseMove(view->canvas(), placeAt(*view, x, 0.5));
        QStringList lines;
        if (QTest::qWaitFor([] { return PlotTooltip::instance() && PlotTooltip::instance()->isVisible(); }, 5000)) {
            for (const TooltipRow& row : PlotTooltip::instance()->content().rows)
                lines << row.name + u'|' + row.value;
        }
        return lines;
    };
    const QStringList at = tip(0.5);
    QCOMPARE(at.size(), 5);
    QCOMPARE(at[0], u"version 7|prod"_s);
    QCOMPARE(at[1], u"by hand|"_s);
    QCOMPARE(tip(0.75).value(0), u"alerts|"_s); // anywhere inside of a span
    QCOMPARE(tip(0.2).size(), 3);
    QTest::mouseMove(view->canvas(), QPoint(1, 1));
}

void TestTimeSeriesView::exemplarsAreMarked()
{
    TimeSeriesModel model = sampleModel();
    model.series[1].color = Rgba {255, 0, 255};
    const QImage without = renderTimeSeries(model, {600, 300}, 1, PlotTheme(ThemeKind::Dark), {});
    ExemplarModel point;
    point.exemplar.timeMs = End - 45 * Step;
    point.exemplar.value = 1e9; // far above the axis: stands at its end
    point.exemplar.labels = {{u"trace_id"_s, u"abc"_s}};
    point.exemplar.series = {{u"__name__"_s, u"x"_s}, {u"le"_s, u"1"_s}};
    point.series = 1;
    model.exemplars.push_back(point);
    const QImage with = renderTimeSeries(model, {600, 300}, 1, PlotTheme(ThemeKind::Dark), {});
    QVERIFY(countPixels(with, Qt::magenta) > countPixels(without, Qt::magenta) + 10);
    const auto view = shown(model);
    const auto place = exemplarPlace(model.exemplars[0], view->canvas()->rendered());
    QVERIFY(place);
    QCOMPARE(place->y(), view->canvas()->rendered().layout.area.top());
    QTest::mouseMove(view->canvas(), place->toPoint() + QPoint(2, 2));
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    QStringList lines;
    for (const TooltipRow& row : PlotTooltip::instance()->content().rows)
        lines << row.name + u'|' + row.value;
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[1], u"trace_id|abc"_s);
    QCOMPARE(lines[2], u"le|1"_s);
    QTest::mouseMove(view->canvas(), QPoint(1, 1));
}

void TestTimeSeriesView::dotsLieOnTheirLines()
{
    // Stacked and filled too: where a sample is said to be, the picture has its line.
    for (const StackingMode mode : {StackingMode::None, StackingMode::Normal, StackingMode::Percent}) {
        TimeSeriesModel model = sampleModel();
        for (SeriesModel& series : model.series) {
            series.style.stacking = mode;
            series.style.lineWidth = 3;
            series.style.fillOpacity = mode == StackingMode::None ? 0 : 0.3;
        }
        const auto view = shown(model);
        const RenderedPlot& rendered = view->canvas()->rendered();
        for (const double part : {0.1, 0.35, 0.5, 0.8}) {
            const qint64 time = model.range.fromMs + qint64(part * double(model.range.spanMs()));
            const auto hover = samplesAt(*view->model(), rendered, time, 0);
            QVERIFY(hover.has_value());
            QCOMPARE(hover->samples.size(), size_t(3));
            for (const HoverSample& sample : hover->samples) {
                if (sample.place.y() < rendered.layout.area.top() + 2)
                    continue; // the top of a percent stack
                const QColor line = toQColor(model.series[size_t(sample.series)].color);
                // The upper half of a stacked line lies under the next series' fill.
                const QColor pixel = rendered.image.pixelColor(int(sample.place.x()), int(sample.place.y() + 0.7));
                QVERIFY2(std::abs(pixel.red() - line.red()) + std::abs(pixel.green() - line.green())
                                 + std::abs(pixel.blue() - line.blue()) < 40 && pixel.alpha() > 200,
                         qPrintable(u"stacking %1, series %2: %3"_s.arg(int(mode)).arg(sample.series).arg(pixel.name())));
            }
        }
    }
}

void TestTimeSeriesView::hoverPaintsNoSeries()
{
    const auto view = shown(sampleModel());
    QSignalSpy pictures(view->canvas(), &PlotCanvas::pictureReady);
    for (int step = 1; step < 50; ++step) {
        QTest::mouseMove(view->canvas(), placeAt(*view, step / 50.0, 0.3));
        QApplication::processEvents();
    }
    QCOMPARE(pictures.count(), 0);
}

void TestTimeSeriesView::dragZooms()
{
    const auto view = shown(sampleModel());
    QSignalSpy zooms(view.get(), &TimeSeriesView::zoomRequested);
    QTest::mousePress(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.25, 0.5));
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.5, 0.5));
    QTest::mouseRelease(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.75, 0.5));
    QCOMPARE(zooms.count(), 1);
    const auto range = zooms.at(0).at(0).value<TimeRange>();
    QVERIFY(std::abs(range.fromMs - (End - 45 * Step)) < Step);
    QVERIFY(std::abs(range.toMs - (End - 15 * Step)) < Step);
    QTest::mouseClick(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.5, 0.5));
    QCOMPARE(zooms.count(), 1);
}

void TestTimeSeriesView::doubleClickZoomsOut()
{
    const auto view = shown(sampleModel());
    QSignalSpy outs(view.get(), &TimeSeriesView::zoomOutRequested);
    QTest::mouseDClick(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.5, 0.5));
    QCOMPARE(outs.count(), 1);
}

void TestTimeSeriesView::panOnTheTimeAxis()
{
    const auto view = shown(sampleModel());
    QSignalSpy zooms(view.get(), &TimeSeriesView::zoomRequested);
    QTest::mousePress(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.25, 1.03));
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.5, 1.03));
    QTest::mouseRelease(view->canvas(), Qt::LeftButton, {}, placeAt(*view, 0.75, 1.03));
    QCOMPARE(zooms.count(), 1);
    const auto range = zooms.at(0).at(0).value<TimeRange>();
    QCOMPARE(range.spanMs(), 60 * Step);
    QVERIFY(std::abs(range.toMs - (End - 30 * Step)) < Step);
}

void TestTimeSeriesView::sharedHover()
{
    const auto view = shown(sampleModel());
    view->setSharedHover(End - 20 * Step);
    const auto hover = view->canvas()->hover();
    QVERIFY(hover.has_value());
    QCOMPARE(hover->timeMs, End - 20 * Step);
    view->setSharedHover(std::nullopt);
    QVERIFY(!view->canvas()->hover().has_value());
    QVERIFY(!view->canvas()->findChild<PlotTooltip*>(u"sharedTooltip"_s));
    QSignalSpy times(view.get(), &TimeSeriesView::hoverTimeChanged);
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.5, 0.5));
    QVERIFY(times.count() >= 1);
}

void TestTimeSeriesView::sharedTooltip()
{
    const auto view = shown(sampleModel());
    view->setSharedHover(End - 20 * Step, true);
    auto* tooltip = view->canvas()->findChild<PlotTooltip*>(u"sharedTooltip"_s);
    QVERIFY(tooltip && tooltip->isVisible());
    // All series, whatever the panel shows under its own cursor, and none of them stands out.
    QCOMPARE(tooltip->content().rows.size(), view->canvas()->hover()->samples.size());
    for (const TooltipRow& row : tooltip->content().rows)
        QVERIFY(!row.strong);
    QVERIFY(view->canvas()->rect().contains(tooltip->geometry()));
    view->setSharedHover(End - 30 * Step, true);
    QCOMPARE(view->canvas()->hover()->timeMs, End - 30 * Step);
    // A time this panel does not show.
    view->setSharedHover(End + 1000 * Step, true);
    QVERIFY(!tooltip->isVisible());
    view->setSharedHover(End - 20 * Step, true);
    QVERIFY(tooltip->isVisible());
    // Its own cursor takes over.
    QTest::mouseMove(view->canvas(), placeAt(*view, 0.4, 0.3));
    QVERIFY(view->canvas()->hover().has_value());
    QVERIFY(!tooltip->isVisible());
}

void TestTimeSeriesView::keyboardWalks()
{
    const auto view = shown(sampleModel());
    PlotCanvas* canvas = view->canvas();
    QTest::keyClick(canvas, Qt::Key_Home);
    QVERIFY(canvas->hover().has_value());
    const qint64 first = canvas->hover()->timeMs;
    QTest::keyClick(canvas, Qt::Key_Right);
    QCOMPARE(canvas->hover()->timeMs, first + Step);
    QTest::keyClick(canvas, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(canvas->hover()->timeMs, first + 11 * Step);
    const int nearest = canvas->hover()->nearest;
    QTest::keyClick(canvas, Qt::Key_Up);
    QVERIFY(canvas->hover()->nearest != nearest);
    QTRY_VERIFY(canvas->accessibleDescription().contains(u"series 1"_s));
    QSignalSpy zooms(canvas, &PlotCanvas::zoomRequested);
    QTest::keyClick(canvas, Qt::Key_Space);
    QTest::keyClick(canvas, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(canvas, Qt::Key_Return);
    QCOMPARE(zooms.count(), 1);
    const auto range = zooms.at(0).at(0).value<TimeRange>();
    QVERIFY(std::abs(range.spanMs() - 10 * Step) < Step / 2);
    QTest::keyClick(canvas, Qt::Key_Escape);
    QVERIFY(!canvas->hover().has_value());
}

void TestTimeSeriesView::legendIsolatesAndToggles()
{
    const auto view = shown(sampleModel());
    QSignalSpy changes(view.get(), &TimeSeriesView::hiddenSeriesChanged);
    const auto entry = [&view](int series) { return view->legend()->entryRect(series).center().toPoint(); };
    QTest::mouseClick(view->legend(), Qt::LeftButton, {}, entry(1));
    QCOMPARE(view->hiddenSeries().size(), 2);
    QTRY_COMPARE(view->canvas()->rendered().plot.series.size(), size_t(1));
    QTest::mouseClick(view->legend(), Qt::LeftButton, {}, entry(1));
    QCOMPARE(view->hiddenSeries().size(), 0);
    QTest::mouseClick(view->legend(), Qt::LeftButton, Qt::ControlModifier, entry(2));
    QCOMPARE(view->hiddenSeries(), QStringList{u"series 2"_s});
    QTRY_COMPARE(view->canvas()->rendered().plot.series.size(), size_t(2));
    QCOMPARE(changes.count(), 3);
}

void TestTimeSeriesView::legendSortsByHeader()
{
    TimeSeriesModel model = sampleModel();
    model.legend.table = true;
    const auto view = shown(model);
    LegendView* legend = view->legend();
    QTest::mouseClick(legend, Qt::LeftButton, {}, legend->headerRect(0).center().toPoint());
    QVERIFY(legend->entryRect(0).top() < legend->entryRect(2).top());
    QTest::mouseClick(legend, Qt::LeftButton, {}, legend->headerRect(0).center().toPoint());
    QVERIFY(legend->entryRect(0).top() > legend->entryRect(2).top());
}

void TestTimeSeriesView::hiddenSurvivesNewData()
{
    const auto view = shown(sampleModel());
    view->isolateSeries(0);
    view->setModel(sampleModel(4));
    QTRY_VERIFY(view->canvas()->isCurrent());
    // The new series was not among those switched off.
    QCOMPARE(view->canvas()->rendered().plot.series.size(), size_t(2));
}

void TestTimeSeriesView::legendRight()
{
    TimeSeriesModel model = sampleModel();
    model.legend.right = model.legend.table = true;
    const auto view = shown(model);
    QVERIFY(view->legend()->geometry().left() > view->canvas()->geometry().right());
    QVERIFY(view->canvas()->width() > 200);
}

void TestTimeSeriesView::destroyedWhileDrawing()
{
    for (int round = 0; round < 20; ++round) {
        auto view = std::make_unique<TimeSeriesView>();
        view->resize(600, 300);
        view->setModel(sampleModel(10));
        view->show();
        if (round % 2)
            QApplication::processEvents();
        view.reset();
    }
}

void TestTimeSeriesView::droppedPictureComesBack()
{
    const auto view = shown(sampleModel());
    view->canvas()->dropPicture();
    view->canvas()->update();
    QTRY_VERIFY(!view->canvas()->rendered().image.isNull());
}

PROMDECK_GUI_TEST_MAIN(TestTimeSeriesView)
#include "tst_timeseriesview.moc"
