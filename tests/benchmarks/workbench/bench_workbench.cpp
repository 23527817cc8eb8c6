// What a key costs in a file of 10,000 lines: the time the UI thread is busy with it (the event, what it schedules, the
// repaint), and the time from the last key until its findings are shown. Runs offscreen; prints a table.

#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QKeyEvent>
#include <QTemporaryDir>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int kKeys = 200;

QByteArray rules(int lines)
{
    QByteArray text = "groups:\n";
    int count = 1;
    for (int group = 0; count < lines; ++group) {
        text += "  - name: group" + QByteArray::number(group) + "\n    rules:\n";
        count += 2;
        for (int rule = 0; rule < 20 && count < lines; ++rule) {
            const QByteArray name = QByteArray::number(group * 20 + rule);
            text += "      - alert: Alert" + name + "\n        expr: |\n          sum by (job, instance) (rate(http_requests_total{code=~\"5..\", shard=\"" + name
                + "\"}[5m]))\n            > 0.05\n        for: 10m\n        labels:\n          severity: page\n        annotations:\n"
                  "          summary: '{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests'\n";
            count += 9;
        }
    }
    return text;
}

void wait(const std::function<bool()>& done, int limitMs = 20000)
{
    QElapsedTimer clock;
    clock.start();
    while (!done() && clock.elapsed() < limitMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 5);
}

/// Processor time of this thread: what the wall clock would say on a machine that does nothing else.
double threadMs()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

struct Times
{
    std::vector<double> ms;
    void print(const char* what)
    {
        std::sort(ms.begin(), ms.end());
        std::printf("%-58s median %6.2f ms   p99 %6.2f ms   max %6.2f ms\n", what, ms[ms.size() / 2], ms[ms.size() * 99 / 100], ms.back());
    }
};

/// Types at a place; each key is an event, and everything that is due afterwards until the queue is empty.
void type(Workbench& bench, CodeEditor* editor, std::size_t at, const char* what)
{
    editor->goTo(at);
    wait([&] { return !bench.workspace()->isBusy(); });
    Times key;
    Times late;
    for (int i = 0; i < kKeys; ++i) {
        const bool types = i % 2 == 0;
        QKeyEvent press(QEvent::KeyPress, types ? Qt::Key_X : Qt::Key_Backspace, Qt::NoModifier, types ? u"x"_s : QString());
        QElapsedTimer clock;
        clock.start();
        const double before = threadMs();
        QCoreApplication::sendEvent(editor, &press);
        editor->viewport()->repaint();
        key.ms.push_back(threadMs() - before);
        editor->closeCompletion();
        if (i % 10 != 9)
            continue;
        // Now and then a pause: until the findings of this very text are shown.
        const quint64 revision = editor->revision();
        const QString path = bench.current()->path();
        wait([&] { return bench.workspace()->checkedRevision(path) == revision; });
        late.ms.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    std::printf("%s\n", what);
    key.print("  key with repaint, processor time of the UI thread");
    late.print("  last key to findings (debounce included)");
    // Everything the UI thread does in pieces meanwhile.
    Times turns;
    for (int i = 0; i < 40; ++i) {
        QKeyEvent press(QEvent::KeyPress, i % 2 == 0 ? Qt::Key_X : Qt::Key_Backspace, Qt::NoModifier, i % 2 == 0 ? u"x"_s : QString());
        QCoreApplication::sendEvent(editor, &press);
        QElapsedTimer since;
        since.start();
        while (since.elapsed() < 120) {
            const double before = threadMs();
            QCoreApplication::processEvents(QEventLoop::AllEvents);
            const double ms = threadMs() - before;
            if (ms > 0.05)
                turns.ms.push_back(ms);
            QThread::msleep(1);
        }
        editor->closeCompletion();
    }
    turns.print("  turns of the event loop afterwards, processor time");
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QTemporaryDir home;
    qputenv("XDG_STATE_HOME", home.path().toLocal8Bit());
    QApplication app(argc, argv);
    Theme::instance().install(app);
    const QByteArray text = rules(10000);
    const QString path = home.filePath(u"rules.yml"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return 1;
    file.close();
    Workbench bench;
    bench.resize(1400, 900);
    bench.show();
    DocumentPage* page = bench.openFile(path);
    wait([&] { return page->isLoaded() && !bench.workspace()->isBusy(); });
    CodeEditor* editor = page->editor();
    std::printf("%lld bytes, %d lines, %zu findings\n", static_cast<long long>(text.size()), editor->lines(), editor->findings().size());
    type(bench, editor, std::size_t(text.indexOf("group0")) + 6, "near the beginning");
    type(bench, editor, std::size_t(text.lastIndexOf("for: 10m")) + 5, "near the end");
    type(bench, editor, std::size_t(text.indexOf("sum by", text.size() / 2)), "in an expression in the middle");
    return 0;
}
