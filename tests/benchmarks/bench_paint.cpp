// Painting of a time-series panel of 600 x 300: ours beside Qt Charts, in one run and one table. Both get new
// points of all series, a new time range and a new value range, and are timed until the panel is painted again.
// The peers take turns round by round, and what is compared is CPU time, so that a busy machine hits both alike.
//   bench_paint [--rounds N] [--ours] [--only NAME] [--series N] [--points N]

#include "tests/benchmarks/benchplots.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/timeseriesview.h"

#include <QApplication>
#include <QMouseEvent>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSeries>
#include <QtCharts/QBarSet>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <QtCharts/QValueAxis>

#include <cstdio>
#include <ctime>
#include <memory>

using namespace Promdeck;
using namespace Promdeck::Bench;
using namespace Qt::StringLiterals;

namespace {

struct Style
{
    QString name;
    double width = 1;
    double fill = 0;
    bool stacked = false;
    DrawStyle draw = DrawStyle::Line;
};

const QSize Panel(600, 300);

double cpuMs(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// What one piece of work cost.
struct Cost
{
    double wall = 0;
    double ui = 0;    ///< CPU of the thread that runs the event loop
    double total = 0; ///< CPU of all threads
};

template <typename Work>
Cost costOf(Work work)
{
    const double ui = cpuMs(CLOCK_THREAD_CPUTIME_ID);
    const double total = cpuMs(CLOCK_PROCESS_CPUTIME_ID);
    const Stopwatch wall;
    work();
    return {wall.ms(), cpuMs(CLOCK_THREAD_CPUTIME_ID) - ui, cpuMs(CLOCK_PROCESS_CPUTIME_ID) - total};
}

Cost medianOf(const std::vector<Cost>& costs)
{
    const auto of = [&costs](double Cost::*member) {
        std::vector<double> values;
        for (const Cost& cost : costs)
            values.push_back(cost.*member);
        return median(values);
    };
    return {of(&Cost::wall), of(&Cost::ui), of(&Cost::total)};
}

/// One panel of one library. Data is made before the clock starts.
class Peer
{
public:
    Peer() = default;
    virtual ~Peer() = default;
    Q_DISABLE_COPY_MOVE(Peer)
    virtual void prepare(int round) = 0;
    virtual void update() = 0;
    virtual void hover(QPointF place) = 0;
};

class Ours final : public Peer
{
public:
    Ours(const Style& style, int series, int points)
        : m_style(style)
        , m_series(series)
        , m_points(points)
    {
        m_view.resize(Panel);
        m_view.show();
        QObject::connect(&m_view, &TimeSeriesView::pictureReady, &m_view, [this] { m_ready = true; });
    }

    void prepare(int round) override
    {
        m_next = makeModel(m_series, m_points, round);
        m_next.legend.show = false;
        for (SeriesModel& series : m_next.series) {
            series.style.draw = m_style.draw;
            series.style.lineWidth = m_style.width;
            series.style.fillOpacity = m_style.fill;
            series.style.stacking = m_style.stacked ? StackingMode::Normal : StackingMode::None;
        }
    }

    /// As in the program: through the event loop and a worker thread.
    void update() override
    {
        m_ready = false;
        m_view.setModel(std::move(m_next));
        while (!m_ready)
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        m_view.canvas()->repaint();
    }

    void hover(QPointF place) override
    {
        QMouseEvent move(QEvent::MouseMove, place, m_view.canvas()->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(m_view.canvas(), &move);
        QApplication::sendPostedEvents();
    }

private:
    Style m_style;
    int m_series;
    int m_points;
    TimeSeriesModel m_next;
    TimeSeriesView m_view;
    bool m_ready = false;
};

/// Qt Charts as its documentation shows it: replace() per series, then the axes' ranges.
class Charts final : public Peer
{
public:
    Charts(const Style& style, int series, int points)
        : m_style(style)
        , m_points(points)
        , m_view(new QChart)
    {
        QChart* chart = m_view.chart();
        chart->legend()->hide();
        m_view.setRenderHint(QPainter::Antialiasing);
        m_view.resize(Panel);
        chart->addAxis(m_y, Qt::AlignLeft);
        if (style.draw == DrawStyle::Bars)
            makeBars(chart, series);
        else
            makeLines(chart, series);
        m_view.show();
    }

    void prepare(int round) override
    {
        m_round = round;
        m_data.clear();
        m_top = 0;
        for (int index = 0; index < seriesCount(); ++index) {
            const SeriesModel series = makeSeries(index, m_points, round);
            QList<QPointF> list;
            for (int p = 0; p < m_points; ++p) {
                double value = series.values.numbers()[size_t(p)];
                if (m_style.stacked && index > 0)
                    value += m_data.back()[p].y();
                m_top = std::max(m_top, value);
                list.append({double(series.times.times()[size_t(p)]), value});
            }
            m_data.push_back(list);
        }
    }

    void update() override
    {
        for (size_t index = 0; index < m_lines.size(); ++index)
            m_lines[index]->replace(m_data[index]);
        for (size_t index = 0; index < m_bars.size(); ++index) {
            for (int p = 0; p < m_points; ++p)
                m_bars[index]->replace(p, m_data[index][p].y());
        }
        if (m_x) {
            m_x->setRange(QDateTime::fromMSecsSinceEpoch(qint64(m_data[0].front().x())),
                          QDateTime::fromMSecsSinceEpoch(qint64(m_data[0].back().x())));
        }
        m_y->setRange(0, m_top * 1.1 + m_round);
        m_view.viewport()->repaint();
        QApplication::processEvents();
    }

    /// The move itself, and the strip of a crosshair that a program would draw over the chart.
    void hover(QPointF place) override
    {
        QMouseEvent move(QEvent::MouseMove, place, m_view.viewport()->mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(m_view.viewport(), &move);
        m_view.viewport()->update(QRect(int(place.x()) - 2, 0, 5, Panel.height()));
        QApplication::sendPostedEvents();
    }

private:
    [[nodiscard]] int seriesCount() const { return int(m_lines.size() + m_bars.size()); }

    void makeLines(QChart* chart, int count)
    {
        m_x = new QDateTimeAxis;
        chart->addAxis(m_x, Qt::AlignBottom);
        for (int index = 0; index < count; ++index) {
            QColor color = toQColor(makeSeries(index, 1, 0).color);
            QXYSeries* line = nullptr;
            if (m_style.draw == DrawStyle::Points) {
                auto* dots = new QScatterSeries;
                dots->setMarkerSize(5);
                dots->setBrush(color);
                dots->setPen(Qt::NoPen);
                line = dots;
            } else {
                line = new QLineSeries;
                line->setPen(QPen(color, m_style.width));
            }
            QAbstractSeries* shown = line;
            if (m_style.fill > 0) {
                auto* below = m_style.stacked && index > 0 ? static_cast<QLineSeries*>(m_lines.back()) : nullptr;
                auto* area = new QAreaSeries(static_cast<QLineSeries*>(line), below);
                area->setPen(QPen(color, m_style.width));
                color.setAlphaF(float(m_style.fill));
                area->setBrush(color);
                shown = area;
            }
            m_lines.push_back(line);
            chart->addSeries(shown);
            shown->attachAxis(m_x);
            shown->attachAxis(m_y);
        }
    }

    void makeBars(QChart* chart, int count)
    {
        auto* series = new QBarSeries;
        for (int index = 0; index < count; ++index) {
            auto* bars = new QBarSet(QString::number(index));
            bars->setColor(toQColor(makeSeries(index, 1, 0).color));
            bars->setPen(Qt::NoPen);
            bars->append(QList<qreal>(m_points, 0));
            series->append(bars);
            m_bars.push_back(bars);
        }
        chart->addSeries(series);
        series->attachAxis(m_y);
    }

    Style m_style;
    int m_points;
    QChartView m_view;
    QValueAxis* m_y = new QValueAxis;
    QDateTimeAxis* m_x = nullptr;
    std::vector<QXYSeries*> m_lines;
    std::vector<QBarSet*> m_bars;
    std::vector<QList<QPointF>> m_data;
    double m_top = 0;
    int m_round = 0;
};

struct Measured
{
    Cost update;
    double hover = 0;
};

/// The peers take turns; a peer that needs seconds per picture gets fewer rounds.
std::vector<Measured> measure(const std::vector<Peer*>& peers, int rounds)
{
    std::vector<std::vector<Cost>> updates(peers.size());
    std::vector<std::vector<double>> hovers(peers.size());
    std::vector<double> spent(peers.size(), 0);
    for (int round = 0; round <= rounds; ++round) {
        for (size_t which = 0; which < peers.size(); ++which) {
            if (which > 0 && updates[which].size() >= 3 && spent[which] > 4000)
                continue;
            peers[which]->prepare(round);
            const Cost cost = costOf([&] { peers[which]->update(); });
            spent[which] += cost.wall;
            // The first picture makes fonts and buffers.
            if (round > 0)
                updates[which].push_back(cost);
        }
    }
    // Afterwards, so that no update has a crosshair to redraw.
    for (int round = 0; round < rounds; ++round) {
        for (size_t which = 0; which < peers.size(); ++which) {
            for (int move = 0; move < 20 && (which == 0 || spent[which] < 6000); ++move) {
                const QPointF place(60 + (round * 20 + move) % 500, 50 + move * 7);
                const Cost hover = costOf([&] { peers[which]->hover(place); });
                hovers[which].push_back(hover.total);
                spent[which] += hover.wall;
            }
        }
    }
    std::vector<Measured> result;
    for (size_t which = 0; which < peers.size(); ++which)
        result.push_back({medianOf(updates[which]), median(hovers[which])});
    return result;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const auto option = [&arguments](const QString& name, const QString& fallback) {
        const qsizetype at = arguments.indexOf(name);
        return at > 0 && at + 1 < arguments.size() ? arguments[at + 1] : fallback;
    };
    const int rounds = option(u"--rounds"_s, u"15"_s).toInt();
    const QString only = option(u"--only"_s, {});
    const bool alone = arguments.contains(u"--ours"_s);
    const std::vector<Style> styles{{u"line 1 px"_s, 1, 0, false},
                                    {u"line 2 px"_s, 2, 0, false},
                                    {u"fill 10 %, line 2 px"_s, 2, 0.1, false},
                                    {u"stacked, fill 70 %, line 1 px"_s, 1, 0.7, true},
                                    {u"stacked, fill 70 %, line 2 px"_s, 2, 0.7, true},
                                    {u"bars"_s, 0, 0.8, false, DrawStyle::Bars},
                                    {u"points"_s, 1, 0, false, DrawStyle::Points}};
    std::vector<std::pair<int, int>> sizes{{10, 2000}, {1, 500}, {50, 2000}, {10, 20000}};
    if (arguments.contains(u"--series"_s) || arguments.contains(u"--points"_s))
        sizes = {{option(u"--series"_s, u"10"_s).toInt(), option(u"--points"_s, u"2000"_s).toInt()}};
    std::printf("CPU ms per update of one panel, medians; hover: CPU ms per mouse move\n"
                "%-30s %-10s | %8s %8s %8s | %9s | %7s | %8s %8s\n",
                "style", "data", "our UI", "our all", "our wall", "Qt Charts", "ratio", "hover", "Qt hover");
    for (const auto& [series, samples] : sizes) {
        for (const Style& style : styles) {
            // Bars are one scene item per sample in Qt Charts: half a minute per picture with 2000 of them.
            const int points = style.draw == DrawStyle::Bars ? std::min(samples, 200) : samples;
            if (!only.isEmpty() && style.name != only)
                continue;
            if (samples != sizes.front().second && style.draw == DrawStyle::Bars)
                continue;
            const bool hopeless = series * points > 20000 && style.draw != DrawStyle::Line;
            Ours ours(style, series, points);
            std::unique_ptr<Charts> charts;
            std::vector<Peer*> peers{&ours};
            if (!alone && !hopeless) {
                charts = std::make_unique<Charts>(style, series, points);
                peers.push_back(charts.get());
            }
            const std::vector<Measured> times = measure(peers, rounds);
            const Measured& own = times.front();
            std::printf("%-30s %2d x %-5d | %8.2f %8.2f %8.2f |", qPrintable(style.name), series, points, own.update.ui,
                        own.update.total, own.update.wall);
            if (charts)
                std::printf(" %9.1f | %6.1fx | %8.4f %8.4f\n", times[1].update.total, times[1].update.total / own.update.total,
                            own.hover, times[1].hover);
            else
                std::printf(" %9s | %7s | %8.4f %8s\n", "-", "-", own.hover, "-");
            std::fflush(stdout);
        }
    }
    return 0;
}
