// Draws many styles of plots into PNG files, to be looked at beside the peers' pictures:
//   plot_gallery FOLDER [dpr]
#include "tests/support/plotsamples.h"
#include "widgets/plot/timeseriesview.h"

#include <QGuiApplication>
#include <QPainter>

#include <functional>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Now = 1795208119000;
constexpr int Points = 360;
constexpr qint64 Step = 10000;

TimeSeriesModel model(const QStringList& names, const QString& unit, const std::function<void(int, SeriesModel&)>& shape)
{
    TimeSeriesModel result;
    result.range = {Now - Points * Step, Now};
    AxisModel axis;
    axis.unit = unit;
    axis.format.config.unit = unit;
    result.axes.push_back(axis);
    for (int index = 0; index < names.size(); ++index) {
        SeriesModel series;
        series.name = names[index];
        series.color = sampleColor(index);
        series.unit = unit;
        series.style.fillOpacity = 0.1;
        shape(index, series);
        series.name = names[index];
        series.unit = unit;
        result.series.push_back(series);
    }
    return result;
}

void walk(SeriesModel& series, int seed, double base, double amplitude, int points = Points, qint64 step = Step)
{
    const SeriesModel sample = sampleSeries(seed, {}, base, amplitude, Now, points, step, {});
    series.times = sample.times;
    series.values = sample.values;
}

void gaps(SeriesModel& series)
{
    Column::Numbers values = series.values.numbers();
    for (size_t index = 0; index < values.size(); ++index) {
        if (index % 60 > 45 || index % 60 == 20 || index % 60 == 22)
            values[index] = kNull;
    }
    series.values = Column(std::move(values));
}

struct Sample
{
    QString title;
    TimeSeriesModel model;
};

std::vector<Sample> samples()
{
    std::vector<Sample> all;
    const QStringList cpu{u"idle"_s, u"user"_s, u"system"_s, u"iowait"_s, u"irq"_s, u"softirq"_s, u"steal"_s, u"nice"_s};
    all.push_back({u"CPU"_s, model(cpu, u"percent"_s, [](int i, SeriesModel& s) {
        walk(s, i + 1, i ? 12 - i : 60, i ? 2 : 6);
        s.style.stacking = StackingMode::Normal;
        s.style.fillOpacity = 0.7;
    })});
    all.push_back({u"Network traffic"_s,
                   model({u"eth0 recv"_s, u"eth0 trans"_s, u"docker0 recv"_s, u"docker0 trans"_s}, u"Bps"_s,
                         [](int i, SeriesModel& s) { walk(s, i + 20, 4e6 / (i + 1), 8e5); })});
    TimeSeriesModel memory = model({u"RAM Used"_s, u"RAM Cache + Buffer"_s, u"RAM Free"_s}, u"bytes"_s,
                                   [](int i, SeriesModel& s) {
                                       walk(s, i + 40, 6e9 / (i + 1), 1e8);
                                       s.calcs = {{u"mean"_s, 1, u"5.49 GiB"_s}, {u"lastNotNull"_s, 2, u"5.55 GiB"_s},
                                                  {u"max"_s, 3, u"5.71 GiB"_s}};
                                   });
    memory.legend.table = memory.legend.right = true;
    memory.legend.calcs = {u"mean"_s, u"lastNotNull"_s, u"max"_s};
    all.push_back({u"Memory"_s, memory});
    all.push_back({u"System load"_s, model({u"1m"_s, u"5m"_s, u"15m"_s}, u"short"_s, [](int i, SeriesModel& s) {
        walk(s, i + 60, 1.2, 0.2 / (i + 1));
        s.style.lineWidth = 2;
        s.style.interpolation = LineInterpolation::Smooth;
        s.style.gradient = GradientMode::Opacity;
        s.style.fillOpacity = 0.3;
    })});
    all.push_back({u"Steps, dashes, gaps"_s,
                   model({u"after"_s, u"before"_s, u"dashed"_s, u"gaps"_s, u"spanned"_s}, u"none"_s, [](int i, SeriesModel& s) {
                       walk(s, i + 80, 10.0 * (i + 1), 3, 60, 60000);
                       s.style.fillOpacity = 0;
                       s.style.lineWidth = 1.0 + i % 2;
                       if (i < 2)
                           s.style.interpolation = i ? LineInterpolation::StepBefore : LineInterpolation::StepAfter;
                       if (i == 2)
                           s.style.dash = {10, 10};
                       if (i >= 3) {
                           walk(s, i + 80, 10.0 * (i + 1), 3);
                           gaps(s);
                       }
                       if (i == 4)
                           s.style.spanNullsMs = -1;
                   })});
    all.push_back({u"Bars, stacked"_s, model({u"2xx"_s, u"4xx"_s, u"5xx"_s}, u"reqps"_s, [](int i, SeriesModel& s) {
        walk(s, i + 90, 30.0 / (i + 1), 8, 40, 90000);
        s.style.draw = DrawStyle::Bars;
        s.style.fillOpacity = 0.8;
        s.style.stacking = StackingMode::Normal;
    })});
    all.push_back({u"Points and smooth sparse"_s, model({u"points"_s, u"smooth"_s}, u"s"_s, [](int i, SeriesModel& s) {
        walk(s, i + 100, 100.0 * (i + 1), 60, 24, 150000);
        s.style.draw = i ? DrawStyle::Line : DrawStyle::Points;
        s.style.interpolation = LineInterpolation::Smooth;
        s.style.lineWidth = 2;
    })});
    TimeSeriesModel log = model({u"fast"_s, u"slow"_s, u"slowest"_s}, u"s"_s, [](int i, SeriesModel& s) {
        walk(s, i + 110, std::pow(10, i * 1.5 - 3), std::pow(10, i * 1.5 - 3) * 0.5);
        s.style.fillOpacity = 0;
    });
    log.axes[0].logBase = 10;
    log.axes[0].label = u"Duration"_s;
    all.push_back({u"Log axis with label"_s, log});
    TimeSeriesModel thresholds = model({u"Usage"_s}, u"percentunit"_s, [](int i, SeriesModel& s) {
        walk(s, i + 120, 0.6, 0.1);
        s.style.gradient = GradientMode::Scheme;
        s.style.fillOpacity = 0.25;
        s.style.lineWidth = 2;
        s.style.colorScale = {{-1e9, {0x73, 0xbf, 0x69, 255}}, {0.6, {0xff, 0x98, 0x30, 255}}, {0.75, {0xf2, 0x49, 0x5c, 255}}};
        s.style.colorScaleSteps = true;
    });
    thresholds.axes[0].thresholds.mode = ThresholdDisplay::Mode::DashedLineAndArea;
    thresholds.axes[0].thresholds.steps = {{-std::numeric_limits<double>::infinity(), {0x73, 0xbf, 0x69, 0}},
                                           {0.6, {0xff, 0x98, 0x30, 255}}, {0.75, {0xf2, 0x49, 0x5c, 255}}};
    thresholds.axes[0].min = 0;
    thresholds.axes[0].max = 1;
    all.push_back({u"Thresholds and scheme"_s, thresholds});
    TimeSeriesModel two = model({u"in"_s, u"out"_s, u"load"_s}, u"binBps"_s, [](int i, SeriesModel& s) {
        walk(s, i + 130, i == 2 ? 2 : 4e5, i == 2 ? 0.4 : 8e4);
        s.style.negativeY = i == 1;
        if (i == 2)
            s.axis = 1;
    });
    AxisModel right;
    right.unit = u"short"_s;
    right.placement = AxisPlacement::Right;
    right.showGrid = false;
    right.label = u"Load"_s;
    right.colorFromSeries = true;
    two.axes.push_back(right);
    all.push_back({u"Negative-Y and right axis"_s, two});
    all.push_back({u"Percent stack"_s, model({u"a"_s, u"b"_s, u"c"_s, u"d"_s}, u"short"_s, [](int i, SeriesModel& s) {
        walk(s, i + 140, 30.0 + i * 10, 6);
        s.style.stacking = StackingMode::Percent;
        s.style.fillOpacity = 0.5;
    })});
    all.push_back({u"Band and hue"_s, model({u"min"_s, u"max"_s, u"avg"_s}, u"celsius"_s, [](int i, SeriesModel& s) {
        walk(s, 150, i == 2 ? 45 : 30 + i * 30, 4);
        s.style.fillOpacity = i == 1 ? 0.3 : 0;
        s.style.lineWidth = i == 2 ? 3 : 1;
        if (i == 1)
            s.style.fillBelowTo = u"min"_s;
        if (i == 1)
            s.style.gradient = GradientMode::Hue;
    })});
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QGuiApplication app(argc, argv);
    const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : u"."_s;
    const double dpr = argc > 2 ? atof(argv[2]) : 1;
    for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
        const std::vector<Sample> all = samples();
        const PlotTheme theme(kind);
        const QSize cell(600, 300);
        const int rows = int(all.size() + 1) / 2;
        QImage sheet(QSize(2 * cell.width() + 24, rows * (cell.height() + 8) + 8) * dpr, QImage::Format_ARGB32_Premultiplied);
        sheet.setDevicePixelRatio(dpr);
        sheet.fill(kind == ThemeKind::Dark ? QColor(0x11, 0x12, 0x17) : QColor(0xf4, 0xf5, 0xf5));
        QPainter painter(&sheet);
        for (size_t index = 0; index < all.size(); ++index) {
            const QRect rect(8 + int(index % 2) * (cell.width() + 8), 8 + int(index / 2) * (cell.height() + 8), cell.width(),
                             cell.height());
            painter.fillRect(rect, theme.background);
            painter.setPen(theme.border);
            painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5));
            painter.setPen(theme.text);
            painter.drawText(rect.topLeft() + QPoint(9, 21), all[index].title);
            const QSize content = cell - QSize(16, 40);
            painter.drawImage(rect.topLeft() + QPoint(8, 33),
                              renderTimeSeries(all[index].model, content, dpr, theme, u"UTC"_s, false));
        }
        painter.end();
        sheet.save(folder + (kind == ThemeKind::Dark ? u"/dark-"_s : u"/light-"_s) + QString::number(dpr) + u".png"_s);
    }
    return 0;
}
