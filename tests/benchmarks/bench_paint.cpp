// Painting of a time-series panel of 600 x 300: ours beside Qt Charts, in one run and one table. Both get new
// points of all series and a new range, and are timed until the panel is painted again.
//   bench_paint [rounds]

#include "tests/benchmarks/benchplots.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/timeseriesview.h"

#include <QApplication>
#include <QMouseEvent>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <cstdio>
#include <functional>

using namespace Promdeck;
using namespace Promdeck::Bench;

namespace {

struct Style
{
    const char* name;
    double width = 1;
    double fill = 0;
    bool stacked = false;
};

const QSize Panel(600, 300);

void apply(TimeSeriesModel& model, const Style& style)
{
    for (SeriesModel& series : model.series) {
        series.style.lineWidth = style.width;
        series.style.fillOpacity = style.fill;
        series.style.stacking = style.stacked ? StackingMode::Normal : StackingMode::None;
    }
}

struct Cost
{
    double wall = 0; ///< from new data to painted, through the event loop and the worker
    double work = 0; ///< the same work in one thread: picture plus blit
    double hover = 0;
};

/// One picture per round through the widget, as in the program; and the bare cost of picture plus blit.
Cost ours(const Style& style, int series, int points, int rounds)
{
    std::vector<TimeSeriesModel> models;
    for (int round = 0; round < rounds + 1; ++round) {
        models.push_back(makeModel(series, points, round));
        apply(models.back(), style);
        models.back().legend.show = false;
    }
    TimeSeriesView view;
    view.resize(Panel);
    view.show();
    bool ready = false;
    QObject::connect(&view, &TimeSeriesView::pictureReady, &view, [&ready] { ready = true; });
    const auto update = [&](TimeSeriesModel model) {
        ready = false;
        view.setModel(std::move(model));
        while (!ready)
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        view.canvas()->repaint();
    };
    update(models.back());
    std::vector<double> walls;
    std::vector<double> works;
    for (int round = 0; round < rounds; ++round) {
        PlotRequest request;
        request.model = std::make_shared<const TimeSeriesModel>(models[size_t(round)]);
        request.size = QSizeF(Panel);
        const Stopwatch work;
        const RenderedPlot picture = renderPlot(request);
        view.canvas()->repaint();
        works.push_back(work.ms());
        const Stopwatch wall;
        update(std::move(models[size_t(round)]));
        walls.push_back(wall.ms());
    }
    std::vector<double> hovers;
    for (int round = 0; round < 400; ++round) {
        const QPointF place(60 + round % 500, 50 + round % 150);
        QMouseEvent move(QEvent::MouseMove, place, view.canvas()->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
        const Stopwatch hover;
        QApplication::sendEvent(view.canvas(), &move);
        QApplication::sendPostedEvents();
        hovers.push_back(hover.ms());
    }
    return {median(walls), median(works), median(hovers)};
}

Cost qtCharts(const Style& style, int seriesCount, int points, int rounds)
{
    QChart* chart = new QChart;
    chart->legend()->hide();
    QChartView view(chart);
    view.setRenderHint(QPainter::Antialiasing);
    view.resize(Panel);
    auto* x = new QDateTimeAxis;
    auto* y = new QValueAxis;
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    std::vector<QLineSeries*> lines;
    for (int index = 0; index < seriesCount; ++index) {
        auto* line = new QLineSeries;
        QAbstractSeries* shown = line;
        if (style.fill > 0) {
            auto* area = new QAreaSeries(line, style.stacked && index > 0 ? lines.back() : nullptr);
            QColor color = toQColor(makeSeries(index, 1, 0).color);
            area->setPen(QPen(color, style.width));
            color.setAlphaF(float(style.fill));
            area->setBrush(color);
            shown = area;
        } else {
            line->setPen(QPen(toQColor(makeSeries(index, 1, 0).color), style.width));
        }
        lines.push_back(line);
        chart->addSeries(shown);
        shown->attachAxis(x);
        shown->attachAxis(y);
    }
    const auto update = [&](int round, const std::vector<QList<QPointF>>& data) {
        for (size_t index = 0; index < lines.size(); ++index)
            lines[index]->replace(data[index]);
        double top = 0;
        for (const QPointF& point : data.back())
            top = std::max(top, point.y());
        x->setRange(QDateTime::fromMSecsSinceEpoch(qint64(data[0].front().x())),
                    QDateTime::fromMSecsSinceEpoch(qint64(data[0].back().x())));
        y->setRange(0, top * 1.1 + round);
        view.viewport()->repaint();
    };
    const auto dataOf = [&](int round) {
        std::vector<QList<QPointF>> data;
        for (int index = 0; index < seriesCount; ++index) {
            const SeriesModel series = makeSeries(index, points, round);
            QList<QPointF> list;
            for (int p = 0; p < points; ++p) {
                double value = series.values.numbers()[size_t(p)];
                if (style.stacked && index > 0)
                    value += data.back()[p].y();
                list.append({double(series.times.times()[size_t(p)]), value});
            }
            data.push_back(list);
        }
        return data;
    };
    view.show();
    update(0, dataOf(0));
    QApplication::processEvents();
    std::vector<double> walls;
    for (int round = 1; round <= rounds; ++round) {
        const auto data = dataOf(round);
        const Stopwatch wall;
        update(round, data);
        QApplication::processEvents();
        walls.push_back(wall.ms());
    }
    std::vector<double> hovers;
    for (int round = 0; round < 10; ++round) {
        const Stopwatch hover;
        view.viewport()->update(QRect(60 + round * 10, 0, 5, 300));
        QApplication::sendPostedEvents();
        hovers.push_back(hover.ms());
    }
    return {median(walls), median(walls), median(hovers)};
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const int rounds = argc > 1 ? atoi(argv[1]) : 9;
    const Style styles[] = {{"line 1 px", 1, 0, false},        {"line 2 px", 2, 0, false},
                            {"fill 10 %, 1 px", 1, 0.1, false}, {"fill 10 %, 2 px", 2, 0.1, false},
                            {"stacked 70 %, 1 px", 1, 0.7, true}, {"stacked 70 %, 2 px", 2, 0.7, true}};
    std::printf("%-22s %-12s | %12s %12s %10s | %12s | %8s %8s\n", "style", "data", "ours wall ms", "ours work ms", "hover ms",
                "QtCharts ms", "x wall", "x work");
    for (const auto& [series, points] : {std::pair(10, 2000), std::pair(1, 500), std::pair(50, 2000), std::pair(10, 20000)}) {
        for (const Style& style : styles) {
            if (series * points > 20000 && style.fill > 0)
                continue;
            const Cost own = ours(style, series, points, rounds);
            const Cost peer = qtCharts(style, series, points, series * points > 20000 ? 1 : 3);
            std::printf("%-22s %4d x %-5d | %12.2f %12.2f %10.4f | %12.1f | %8.1f %8.1f\n", style.name, series, points, own.wall,
                        own.work, own.hover, peer.wall, peer.wall / own.wall, peer.wall / own.work);
            std::fflush(stdout);
        }
    }
    return 0;
}
