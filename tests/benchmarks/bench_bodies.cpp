// Panels that hold a lot: a heatmap of 200 buckets x 2,000 steps, and a table of 100,000 rows.
//   bench_bodies [--rounds N]
// "ready" is wall clock from giving a panel its data to the pixels; "turn" is the longest stretch in which the event
// loop of the UI thread did not turn meanwhile. Frames are measured on the UI thread, from the event to the painted
// widget, wall clock and processor time; the goal is 16 ms for the 99th percentile.

#include "widgets/common/theme.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/panels/tableparts.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTableView>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int kBuckets = 200;
constexpr int kSteps = 2000;
constexpr int kRows = 100'000;
constexpr qint64 kStart = 1'700'000'000'000;
constexpr int kPatienceMs = 60'000;

double clockMs(clockid_t clock)
{
    timespec time {};
    clock_gettime(clock, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

Field timeField(std::vector<qint64> times)
{
    Field field;
    field.name = u"Time"_s;
    field.type = FieldType::Time;
    field.values = Column(std::move(times));
    return field;
}

/// Buckets as a query in the heatmap format brings them: one series per upper bound.
Frames heatmapFrames()
{
    Frames frames;
    for (int bucket = 0; bucket < kBuckets; ++bucket) {
        std::vector<qint64> times;
        Column::Numbers counts;
        for (int step = 0; step < kSteps; ++step) {
            times.push_back(kStart + qint64(step) * 15'000);
            const double middle = 100 + 60 * std::sin(step / 90.0);
            counts.push_back(std::floor(200 * std::exp(-std::pow((bucket - middle) / 18, 2))));
        }
        Frame frame;
        frame.refId = u"A"_s;
        frame.meta.stepMs = 15'000;
        Field value;
        value.name = u"Value"_s;
        value.labels = {{u"le"_s, QString::number(bucket + 1)}};
        value.config.displayNameFromDS = QString::number(bucket + 1);
        value.values = Column(std::move(counts));
        frame.fields = {timeField(std::move(times)), value};
        frames.push_back(std::move(frame));
    }
    return frames;
}

Frames tableFrames()
{
    Column::Strings names;
    Column::Numbers numbers;
    Column::Numbers shares;
    std::vector<qint64> times;
    for (int row = 0; row < kRows; ++row) {
        times.push_back(kStart + row);
        names.push_back(u"node-%1.example.org:9100"_s.arg((row * 7919) % kRows));
        numbers.push_back(double((row * 104729LL) % 1'000'003));
        shares.push_back(double(row % 101) / 100);
    }
    Frame frame;
    Field name;
    name.name = u"instance"_s;
    name.type = FieldType::String;
    name.values = Column(std::move(names));
    Field number;
    number.name = u"bytes"_s;
    number.config.unit = u"bytes"_s;
    number.values = Column(std::move(numbers));
    Field share;
    share.name = u"share"_s;
    share.config.unit = u"percentunit"_s;
    share.values = Column(std::move(shares));
    frame.fields = {timeField(std::move(times)), name, number, share};
    return {frame};
}

PanelInput inputOf(const QString& type, const Json& options, Frames frames)
{
    auto data = std::make_shared<PanelData>();
    data->state = PanelData::State::Done;
    data->range = {kStart, kStart + qint64(kSteps) * 15'000};
    data->frames = std::move(frames);
    PanelInput input;
    input.spec.id = 1;
    input.spec.type = type;
    input.spec.title = type;
    input.spec.options = options;
    input.data = std::move(data);
    return input;
}

/// Turns the event loop until a panel shows what it was given.
class Wait
{
public:
    explicit Wait(PanelWidget& panel) : m_panel(panel) {}
    /// ms; negative when it never came.
    double run()
    {
        m_longest = 0;
        QElapsedTimer all;
        all.start();
        while (all.elapsed() < kPatienceMs) {
            const double before = clockMs(CLOCK_THREAD_CPUTIME_ID);
            QCoreApplication::processEvents(QEventLoop::AllEvents);
            m_longest = std::max(m_longest, clockMs(CLOCK_THREAD_CPUTIME_ID) - before);
            if (m_panel.isSettled()) {
                const double paint = clockMs(CLOCK_THREAD_CPUTIME_ID);
                m_panel.repaint();
                m_longest = std::max(m_longest, clockMs(CLOCK_THREAD_CPUTIME_ID) - paint);
                return double(all.nsecsElapsed()) * 1e-6;
            }
        }
        return -1;
    }
    [[nodiscard]] double longest() const { return m_longest; }

private:
    PanelWidget& m_panel;
    double m_longest = 0;
};

struct Frame99
{
    std::vector<double> wall;
    std::vector<double> cpu;
    template <typename Work>
    void measure(Work work)
    {
        const double wallBefore = clockMs(CLOCK_MONOTONIC);
        const double before = clockMs(CLOCK_THREAD_CPUTIME_ID);
        work();
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        cpu.push_back(clockMs(CLOCK_THREAD_CPUTIME_ID) - before);
        wall.push_back(clockMs(CLOCK_MONOTONIC) - wallBefore);
    }
    static double part(std::vector<double> values, double share)
    {
        std::sort(values.begin(), values.end());
        return values.empty() ? 0 : values[std::min(values.size() - 1, size_t(share * double(values.size())))];
    }
    void print(const char* what) const
    {
        std::printf("%-28s p50 %7.2f   p99 %7.2f   worst %7.2f   p99 of processor time %7.2f   (%zu frames)\n", what, part(wall, 0.5),
                    part(wall, 0.99), part(wall, 1), part(cpu, 0.99), wall.size());
    }
};

void moveMouse(QWidget* to, const QPointF& at)
{
    QMouseEvent move(QEvent::MouseMove, at, to->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(to, &move);
}

void ready(PanelWidget& panel, const PanelInput& input, const char* what, int rounds)
{
    Wait wait(panel);
    std::vector<double> times;
    double longest = 0;
    for (int round = 0; round < rounds; ++round) {
        PanelInput fresh = input;
        auto data = std::make_shared<PanelData>(*input.data);
        data->generation = quint64(round + 1);
        fresh.data = std::move(data);
        panel.setInput(fresh);
        times.push_back(wait.run());
        longest = std::max(longest, wait.longest());
    }
    std::printf("%-28s median %6.1f   longest turn of the UI thread, processor time %6.2f\n", what, Frame99::part(times, 0.5), longest);
}

void benchHeatmap(int rounds)
{
    PanelWidget panel;
    panel.resize(1400, 700);
    panel.show();
    const PanelInput input = inputOf(u"heatmap"_s, Json::object({{u"calculate"_s, false}, {u"tooltip"_s, Json::object({{u"mode"_s, u"single"_s}, {u"yHistogram"_s, true}})}}), heatmapFrames());
    ready(panel, input, "heatmap 200x2000 ready", rounds);
    Frame99 hover;
    QWidget* body = panel.body();
    for (int i = 0; i < 400; ++i)
        hover.measure([&] { moveMouse(body, {100.0 + i * 3, 60.0 + (i * 37) % 500}); });
    hover.print("heatmap 200x2000 hover");
    Frame99 resize;
    for (int i = 0; i < 100; ++i)
        resize.measure([&] { panel.resize(1400 - i * 4, 700 - i * 2); });
    resize.print("heatmap 200x2000 resize");
}

void benchTable(int rounds)
{
    PanelWidget panel;
    panel.resize(1400, 900);
    panel.show();
    ready(panel, inputOf(u"table"_s, Json::object(), tableFrames()), "table 100,000 rows filled", rounds);
    auto* view = panel.findChild<QTableView*>(u"panelTable"_s);
    Frame99 scroll;
    QScrollBar* bar = view->verticalScrollBar();
    for (int i = 0; i < 600; ++i)
        scroll.measure([&] { bar->setValue(bar->value() + 40); });
    scroll.print("table scroll, 40 px a frame");
    Frame99 jump;
    for (int i = 0; i < 200; ++i)
        jump.measure([&] { bar->setValue(int(qint64(bar->maximum()) * ((i * 61) % 200) / 200)); });
    jump.print("table scroll, far away");
    Wait wait(panel);
    for (const int section : {1, 2}) {
        std::vector<double> times;
        double longest = 0;
        for (int round = 0; round < rounds; ++round) {
            Q_EMIT static_cast<TableHeader*>(view->horizontalHeader())->sortRequested(section);
            times.push_back(wait.run());
            longest = std::max(longest, wait.longest());
        }
        std::printf("table sort by %-14s median %6.1f   longest turn of the UI thread, processor time %6.2f\n", section == 1 ? "text" : "number",
                    Frame99::part(times, 0.5), longest);
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOption({u"rounds"_s, u"How often each is measured."_s, u"n"_s, u"7"_s});
    parser.process(app);
    Theme::instance().install(app);
    Theme::instance().setMode(ThemeMode::Dark);
    const int rounds = std::max(1, parser.value(u"rounds"_s).toInt());
    std::printf("ms\n");
    benchHeatmap(rounds);
    benchTable(rounds);
    return 0;
}
