// The whole window against a real server: opening a dashboard and scrolling it.
//   bench_app open   --url U --dashboard FILE --from MS --to MS [--size 1440x900] [--rounds N] [--queries OUT] [--all]
//   bench_app scroll --url U --dashboard FILE --from MS --to MS [--size 1440x900]
//   bench_app drag   --url U --dashboard FILE --from MS --to MS [--size 1440x900]
// Prints one JSON object. `open` measures until every panel inside the window is painted; panels just below the
// window are asked for meanwhile, after those inside. It writes to OUT which queries the panels inside sent, for
// peers that have to send the same. With --all every panel of the dashboard counts as inside: those outside the
// window are asked for and drawn too, and painted once into a picture, as a browser fills canvases outside its window.
//
// Times are wall clock in ms. "gap" is the longest stretch in which the event loop of the UI thread did not turn,
// measured by a 1 ms timer; "busy" is the processor time the UI thread used in the worst such stretch. On a machine
// that does other work too, the wall clock counts the others' time as well and busy does not.

#include "app/gui/mainwindow.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelbody.h"
#include "widgets/panels/panelwidget.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QMetaEnum>
#include <QImage>
#include <QMouseEvent>
#include <QScrollBar>
#include <QSet>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 30'000;
constexpr int kWholeDashboard = 1'000'000; // px, higher than any
constexpr double kFrameMs = 1000.0 / 60.0;
constexpr int kScrollStep = 40; // px per frame: 2400 px a second

double readClock(clockid_t clock)
{
    timespec time {};
    clock_gettime(clock, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

double threadCpuMs()
{
    return readClock(CLOCK_THREAD_CPUTIME_ID);
}

double processCpuMs()
{
    return readClock(CLOCK_PROCESS_CPUTIME_ID);
}

double wallMs()
{
    return readClock(CLOCK_MONOTONIC);
}

double percentile(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, size_t(part * double(values.size())))];
}

/// Says which events took longest; with PROMDECK_BENCH_EVENTS=1 on stderr.
class Application final : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override
    {
        // Events of other threads come through here too.
        if (!watching || receiver->thread() != thread() || m_depth > 0)
            return QApplication::notify(receiver, event);
        const QByteArray what = QByteArray(receiver->metaObject()->className()) + ' '
            + receiver->objectName().toUtf8().left(30) + ' '
            + QMetaEnum::fromType<QEvent::Type>().valueToKey(event->type());
        const double cpu = threadCpuMs();
        const double wall = wallMs();
        ++m_depth;
        const bool handled = QApplication::notify(receiver, event);
        --m_depth;
        costs.push_back({threadCpuMs() - cpu, wallMs() - wall, what});
        return handled;
    }
    void report()
    {
        if (qEnvironmentVariableIntValue("PROMDECK_BENCH_EVENTS") <= 0)
            return;
        std::sort(costs.begin(), costs.end(), [](const Cost& a, const Cost& b) { return a.cpu > b.cpu; });
        double sum = 0;
        QHash<QByteArray, double> byKind;
        for (const Cost& cost : costs) {
            sum += cost.cpu;
            byKind[cost.what] += cost.cpu;
        }
        std::fprintf(stderr, "%zu events, %.1f ms of processor time\n", costs.size(), sum);
        for (size_t i = 0; i < std::min<size_t>(15, costs.size()); ++i)
            std::fprintf(stderr, "  %7.2f ms (wall %7.2f)  %s\n", costs[i].cpu, costs[i].wall, costs[i].what.constData());
        QList<std::pair<double, QByteArray>> kinds;
        for (auto it = byKind.cbegin(); it != byKind.cend(); ++it)
            kinds.append({it.value(), it.key()});
        std::sort(kinds.rbegin(), kinds.rend());
        for (const auto& [cpu, what] : kinds.first(std::min<qsizetype>(8, kinds.size())))
            std::fprintf(stderr, "  sum %7.2f ms  %s\n", cpu, what.constData());
        costs.clear();
    }
    struct Cost
    {
        double cpu;
        double wall;
        QByteArray what;
    };
    bool watching = false;
    std::vector<Cost> costs;

private:
    int m_depth = 0;
};

/// Counts the turns of the event loop.
class Heartbeat final : public QObject
{
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(1);
        connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
    }
    void start()
    {
        gap = busy = 0;
        m_wall = wallMs();
        m_cpu = threadCpuMs();
        m_timer.start();
    }
    void stop()
    {
        beat();
        m_timer.stop();
    }
    std::function<void()> each; ///< called every time, may be empty
    double gap = 0;
    double busy = 0;

private:
    void beat()
    {
        const double wall = wallMs();
        const double cpu = threadCpuMs();
        gap = std::max(gap, wall - m_wall - 1);
        busy = std::max(busy, cpu - m_cpu);
        if (each)
            each();
        // Our own work is not the window's.
        m_wall = wallMs();
        m_cpu = threadCpuMs();
    }
    QTimer m_timer;
    double m_wall = 0;
    double m_cpu = 0;
};

double megabytes(const QByteArray& key)
{
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray& line : lines) {
        if (line.startsWith(key + ':'))
            return line.mid(key.size() + 1).simplified().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

void spin(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

struct Setup
{
    WindowRequest request;
    QSize size {1440, 900};
    int rounds = 1;
    bool all = false;
    QString queries;
};

/// A window that shows its first page and waits.
struct Session
{
    explicit Session(const Setup& setup)
        : settings(folder.filePath(u"settings.json"_s))
        , stacks(folder.filePath(u"stacks.json"_s))
        , window(Services {&settings, &stacks, noSecretStore()})
        , all(setup.all)
    {
        window.resize(setup.size);
        window.show();
        spin(300);
    }
    DashboardView* view() { return window.dashboardPage()->view(); }
    /// Until every panel that is asked for is painted.
    bool waitPainted()
    {
        QEventLoop loop;
        QTimer limit;
        limit.setSingleShot(true);
        QObject::connect(&limit, &QTimer::timeout, &loop, [&loop] { loop.exit(1); });
        QObject::connect(view(), &DashboardView::settled, &loop, [&loop] { loop.exit(0); }, Qt::DirectConnection);
        // A scroll that finds everything there ends without a signal.
        QTimer look;
        QObject::connect(&look, &QTimer::timeout, &loop, [&] {
            if (view()->isSettled())
                loop.exit(0);
        });
        look.start(20);
        limit.start(kPatienceMs);
        if (loop.exec() != 0) {
            std::fputs("the dashboard does not settle\n", stderr);
            const QList<PanelWidget*> panels = view()->panels();
            for (PanelWidget* panel : panels) {
                if (!panel->isSettled())
                    std::fprintf(stderr, "  %s (%s)\n", qPrintable(panel->title()), panel->isLoading() ? "loading" : "drawing");
            }
            return false;
        }
        // What waits to be painted is painted now, not some turns later.
        QCoreApplication::sendPostedEvents(&window, QEvent::UpdateRequest);
        return view()->isSettled();
    }
    [[nodiscard]] bool isInWindow(const QWidget* widget) { return view()->viewport()->rect().intersects(widget->geometry()); }
    [[nodiscard]] bool isInside(const QWidget* widget) { return all || isInWindow(widget); }
    /// What the window does for a panel inside it, for one outside. Panels are painted one at a time.
    void paintOutside(PanelWidget* widget)
    {
        if (scratch.width() < widget->width() || scratch.height() < widget->height())
            scratch = QImage(widget->size().expandedTo(scratch.size()), QImage::Format_RGB32);
        widget->render(&scratch);
        painted.insert(widget);
    }
    /// All panels inside the window have their data, drawn.
    [[nodiscard]] bool isInsideSettled()
    {
        const DashboardSession* source = window.dashboardPage()->session();
        const QList<PanelWidget*> panels = view()->panels();
        if (!source || panels.isEmpty())
            return false;
        for (const PlacedPanel& placed : source->panels()) {
            if (placed.panel.isRow())
                continue;
            PanelWidget* widget = view()->panel(placed.key);
            if (!widget && all)
                return false;
            if (!widget || !isInside(widget))
                continue;
            const PanelData::State state = source->panelData(placed.key)->state;
            const bool waits = state == PanelData::State::Idle || state == PanelData::State::Loading;
            if (!widget->isSettled() || (waits && widget->body()->needsData()))
                return false;
            if (!isInWindow(widget) && !painted.contains(widget)) {
                paintOutside(widget);
                return false;
            }
        }
        return true;
    }
    QTemporaryDir folder;
    Settings settings;
    StackStore stacks;
    MainWindow window;
    bool all;
    QImage scratch;
    QSet<const PanelWidget*> painted;
};

Json sentQueries(Session& session)
{
    Json panels = Json::array();
    const DashboardSession* source = session.window.dashboardPage()->session();
    for (const PlacedPanel& placed : source->panels()) {
        const PanelWidget* widget = session.view()->panel(placed.key);
        const PanelDataPtr data = source->panelData(placed.key);
        if (!widget || data->queries.empty() || !session.isInside(widget))
            continue;
        Json queries = Json::array();
        for (const SentQuery& sent : data->queries) {
            Json query = Json::object();
            query.set(u"expr"_s, Json(sent.expr));
            query.set(u"instant"_s, Json(sent.instant));
            query.set(u"start"_s, Json(double(sent.startMs) / 1000.0));
            query.set(u"end"_s, Json(double(sent.endMs) / 1000.0));
            query.set(u"step"_s, Json(double(sent.stepMs) / 1000.0));
            queries.append(query);
        }
        Json panel = Json::object();
        panel.set(u"type"_s, Json(placed.panel.type));
        panel.set(u"x"_s, Json(widget->x()));
        panel.set(u"y"_s, Json(widget->y()));
        panel.set(u"w"_s, Json(widget->width()));
        panel.set(u"h"_s, Json(widget->height()));
        panel.set(u"queries"_s, queries);
        panels.append(panel);
    }
    return panels;
}

int runOpen(Application& app, const Setup& setup)
{
    std::vector<double> times;
    std::vector<double> work; // of all threads
    std::vector<double> gaps;
    std::vector<double> busies;
    double pss = 0;
    double rss = 0;
    int panels = 0;
    int height = 0;
    for (int round = 0; round < setup.rounds; ++round) {
        Session session(setup);
        Heartbeat heart;
        double took = 0;
        double start = 0;
        heart.each = [&] {
            if (took > 0 || !session.isInsideSettled())
                return;
            // What waits to be painted is painted now, not some turns later.
            QCoreApplication::sendPostedEvents(&session.window, QEvent::UpdateRequest);
            took = wallMs() - start;
        };
        heart.start();
        app.watching = true;
        const double cpu = processCpuMs();
        start = wallMs();
        session.window.start(setup.request);
        if (setup.all)
            session.view()->setLookAhead(kWholeDashboard);
        if (!session.waitPainted())
            return 1;
        while (setup.all && took <= 0)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        heart.stop();
        times.push_back(took > 0 ? took : wallMs() - start);
        work.push_back(processCpuMs() - cpu);
        app.watching = false;
        app.report();
        gaps.push_back(heart.gap);
        busies.push_back(heart.busy);
        if (round == 0) {
            // Before later rounds grow the heap.
            spin(500);
            pss = megabytes("Pss");
            rss = megabytes("Rss");
            if (!setup.queries.isEmpty()) {
                QFile file(setup.queries);
                if (!file.open(QIODevice::WriteOnly))
                    return 2;
                file.write(sentQueries(session).toUtf8());
            }
            const QList<PanelWidget*> all = session.view()->panels();
            height = session.view()->contentHeight();
            panels = int(std::count_if(all.cbegin(), all.cend(), [&](PanelWidget* one) { return session.isInside(one); }));
        }
    }
    std::printf("{\"ms\":%.1f,\"cpu\":%.1f,\"gap\":%.1f,\"busy\":%.1f,\"worstGap\":%.1f,\"worstBusy\":%.1f,\"pss\":%.1f,\"rss\":%.1f,\"panels\":%d,\"height\":%d}\n",
                percentile(times, 0.5), percentile(work, 0.5), percentile(gaps, 0.5), percentile(busies, 0.5), percentile(gaps, 1), percentile(busies, 1), pss, rss, panels, height);
    return 0;
}

struct Pass
{
    std::vector<double> paint;   ///< from the scroll to pixels on the window
    std::vector<double> busy;    ///< processor time of the UI thread from frame to frame
    std::vector<double> latency; ///< from when the frame was due to pixels
    double gap = 0;
    double worstBusy = 0;
};

Pass scrollTo(Session& session, int target)
{
    Pass pass;
    Heartbeat heart;
    QScrollBar* bar = session.view()->verticalScrollBar();
    const int direction = target > bar->value() ? 1 : -1;
    QEventLoop loop;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    timer.setSingleShot(true);
    double due = wallMs() + kFrameMs;
    double cpu = threadCpuMs();
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        const double start = wallMs();
        bar->setValue(bar->value() + direction * kScrollStep);
        QCoreApplication::sendPostedEvents(&session.window, QEvent::UpdateRequest);
        const double now = wallMs();
        pass.paint.push_back(now - start);
        // A millisecond is what the timer itself may be late.
        pass.latency.push_back(now - std::max(due, start - std::max(0.0, start - due - 1)));
        pass.busy.push_back(threadCpuMs() - cpu);
        cpu = threadCpuMs();
        if (bar->value() == target || (direction > 0 && bar->value() >= target)) {
            loop.quit();
            return;
        }
        due = std::max(due + kFrameMs, now);
        timer.start(std::max(0, int(due - wallMs() + 0.5)));
    });
    heart.start();
    timer.start(int(kFrameMs));
    loop.exec();
    heart.stop();
    pass.gap = heart.gap;
    pass.worstBusy = heart.busy;
    return pass;
}

QByteArray text(const char* name, const Pass& pass)
{
    return QByteArray("\"") + name + "\":{\"frames\":" + QByteArray::number(int(pass.paint.size()))
        + ",\"paint50\":" + QByteArray::number(percentile(pass.paint, 0.5), 'f', 2)
        + ",\"paint99\":" + QByteArray::number(percentile(pass.paint, 0.99), 'f', 2)
        + ",\"busy50\":" + QByteArray::number(percentile(pass.busy, 0.5), 'f', 2)
        + ",\"busy99\":" + QByteArray::number(percentile(pass.busy, 0.99), 'f', 2)
        + ",\"latency99\":" + QByteArray::number(percentile(pass.latency, 0.99), 'f', 2)
        + ",\"gap\":" + QByteArray::number(pass.gap, 'f', 1) + ",\"worstBusy\":" + QByteArray::number(pass.worstBusy, 'f', 1)
        + '}';
}

int runScroll(Application& app, const Setup& setup)
{
    Session session(setup);
    session.window.start(setup.request);
    if (!session.waitPainted())
        return 1;
    const int end = session.view()->verticalScrollBar()->maximum();
    app.watching = true;
    const Pass first = scrollTo(session, end); // queries and draws what it meets
    app.report();
    if (!session.view()->isSettled())
        session.waitPainted();
    const Pass back = scrollTo(session, 0);
    if (!session.view()->isSettled())
        session.waitPainted();
    app.report();
    const Pass again = scrollTo(session, end);
    app.report();
    spin(500);
    std::printf("{%s,%s,%s,\"pss\":%.1f,\"rss\":%.1f}\n", text("first", first).constData(), text("back", back).constData(),
                text("again", again).constData(), megabytes("Pss"), megabytes("Rss"));
    return 0;
}

/// A step of the hand per frame; `step` returns false at the end.
Pass framesOf(Session& session, const std::function<bool(int)>& step)
{
    Pass pass;
    Heartbeat heart;
    QEventLoop loop;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    timer.setInterval(int(kFrameMs));
    int frame = 0;
    double cpu = threadCpuMs();
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        const double start = wallMs();
        const bool more = step(frame++);
        QCoreApplication::sendPostedEvents(&session.window, QEvent::UpdateRequest);
        pass.paint.push_back(wallMs() - start);
        // All that the UI thread did since the last step: what glides aside is painted between two steps.
        pass.busy.push_back(threadCpuMs() - cpu);
        cpu = threadCpuMs();
        if (!more)
            loop.quit();
    });
    heart.start();
    timer.start();
    loop.exec();
    heart.stop();
    pass.gap = heart.gap;
    pass.worstBusy = heart.busy;
    return pass;
}

void mouse(QWidget* widget, QEvent::Type type, const QPoint& global)
{
    const bool pressed = type != QEvent::MouseButtonRelease;
    QMouseEvent event(type, QPointF(widget->mapFromGlobal(global)), QPointF(global), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                      pressed ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(widget, &event);
}

/// A panel is carried around the window and held at its lower end, another one pulled larger and smaller, and all of
/// it taken back step by step.
int runDrag(Application& app, const Setup& setup)
{
    Session session(setup);
    session.window.start(setup.request);
    if (!session.waitPainted())
        return 1;
    DashboardEditor* editor = session.window.dashboardPage()->editing()->editor();
    const QWidget* port = session.view()->viewport();
    app.watching = true;
    constexpr int kCarryFrames = 600;
    constexpr int kEdgeFrames = 240;
    constexpr int kResizeFrames = 300;
    constexpr int kUndoSteps = 100;
    PanelWidget* held = session.view()->panels().at(0);
    const QPoint grip = held->mapToGlobal(QPoint(80, 12));
    mouse(held, QEvent::MouseButtonPress, grip);
    const Pass carry = framesOf(session, [&](int frame) {
        const double turn = frame / 75.0;
        const QPoint to(int((0.5 - 0.5 * std::cos(turn)) * port->width() * 0.6), int((0.5 - 0.5 * std::cos(turn * 1.7)) * port->height() * 0.7));
        mouse(held, QEvent::MouseMove, grip + to);
        return frame + 1 < kCarryFrames;
    });
    const QPoint low = port->mapToGlobal(QPoint(120, port->height() - 4));
    const Pass edge = framesOf(session, [&](int frame) {
        mouse(held, QEvent::MouseMove, low + QPoint(frame % 2, 0));
        return frame + 1 < kEdgeFrames;
    });
    mouse(held, QEvent::MouseButtonRelease, low);
    const int carried = editor->stepCount();
    session.view()->verticalScrollBar()->setValue(0);
    session.waitPainted();
    held = session.view()->panels().at(0);
    const QPoint corner = held->mapToGlobal(held->rect().bottomRight() - QPoint(2, 30));
    mouse(held, QEvent::MouseButtonPress, corner);
    const Pass resize = framesOf(session, [&](int frame) {
        mouse(held, QEvent::MouseMove, corner - QPoint(int((0.5 - 0.5 * std::cos(frame / 40.0)) * 400), 0));
        return frame + 1 < kResizeFrames;
    });
    mouse(held, QEvent::MouseButtonRelease, corner);
    session.waitPainted();
    for (int i = 0; i < kUndoSteps; ++i)
        editor->movePanel(1 + i % 100, {0, double(i % 2 * 12), double(i % 50)});
    session.waitPainted();
    const Pass undo = framesOf(session, [&](int frame) {
        editor->undo();
        return frame + 1 < kUndoSteps && editor->canUndo();
    });
    std::printf("{%s,%s,%s,%s,\"steps\":%d}\n", text("carry", carry).constData(), text("edge", edge).constData(),
                text("resize", resize).constData(), text("undo", undo).constData(), carried);
    return carried == 1 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication::setApplicationName(u"promdeck"_s);
    Application app(argc, argv);
    Theme::instance().install(app);
    QCommandLineParser parser;
    parser.addOptions({{u"url"_s, u"Prometheus"_s, u"URL"_s},
                       {u"dashboard"_s, u"file"_s, u"FILE"_s},
                       {u"from"_s, u"start"_s, u"TIME"_s},
                       {u"to"_s, u"end"_s, u"TIME"_s},
                       {u"size"_s, u"of the window"_s, u"WxH"_s, u"1440x900"_s},
                       {u"rounds"_s, u"how often"_s, u"N"_s, u"1"_s},
                       {u"all"_s, u"panels outside the window count too"_s},
                       {u"queries"_s, u"write the queries there"_s, u"FILE"_s}});
    parser.addPositionalArgument(u"mode"_s, u"open, scroll or drag"_s);
    parser.process(app);
    Setup setup;
    setup.request.url = QUrl(parser.value(u"url"_s));
    setup.request.dashboard = parser.value(u"dashboard"_s);
    setup.request.range = RawTimeRange {parser.value(u"from"_s), parser.value(u"to"_s)};
    const QStringList size = parser.value(u"size"_s).split(u'x');
    setup.size = QSize(size.value(0).toInt(), size.value(1).toInt());
    setup.rounds = std::max(1, parser.value(u"rounds"_s).toInt());
    setup.queries = parser.value(u"queries"_s);
    setup.all = parser.isSet(u"all"_s);
    const QString mode = parser.positionalArguments().value(0);
    if (mode == u"open")
        return runOpen(app, setup);
    if (mode == u"scroll")
        return runScroll(app, setup);
    if (mode == u"drag")
        return runDrag(app, setup);
    parser.showHelp(2);
}
