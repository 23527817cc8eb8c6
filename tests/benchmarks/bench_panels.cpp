// A dashboard of 100 panels x 10 series x 1000 points: from JSON text to every panel painted. The browser
// peers in browser/ get the same text.
//   bench_panels [--write-json FILE] [--panels N] [--rounds N] [--json]

#include "models/prometheus/decoder.h"
#include "tests/benchmarks/benchplots.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/timeseriesview.h"

#include <QApplication>
#include <QFile>
#include <QSet>
#include <QtConcurrent>

#include <cstdio>

using namespace Promdeck;
using namespace Promdeck::Bench;
using namespace Qt::StringLiterals;

namespace {

TimeSeriesModel modelOf(const QByteArray& text)
{
    const Result<QueryResult> result = decodeQueryResult(text);
    TimeSeriesModel model;
    model.axes.resize(1);
    model.axes[0].unit = u"short"_s;
    if (!result.ok())
        qFatal("cannot decode");
    int index = 0;
    for (const SeriesData& data : result.value().series) {
        SeriesModel series;
        series.name = u"series "_s + QString::number(index);
        series.color = makeSeries(index, 1, 0).color;
        series.labels = data.labels;
        series.times = data.times;
        series.values = data.values;
        series.style.points = PointMode::Never;
        model.series.push_back(std::move(series));
        ++index;
    }
    model.range = {model.series[0].times.times().front(), model.series[0].times.times().back()};
    return model;
}

struct Times
{
    double decode = 0;
    double total = 0;
};

/// Counts the plots whose picture has been painted onto the window.
class PaintWatch final : public QObject
{
public:
    void watch(PlotCanvas* canvas) { canvas->installEventFilter(this); }
    [[nodiscard]] int painted() const { return int(m_painted.size()); }

protected:
    bool eventFilter(QObject* object, QEvent* event) override
    {
        const auto* canvas = qobject_cast<PlotCanvas*>(object);
        if (event->type() == QEvent::Paint && canvas && !canvas->rendered().image.isNull())
            m_painted.insert(object);
        return false;
    }

private:
    QSet<QObject*> m_painted;
};

Times run(const QByteArray& answer, int panels)
{
    QWidget window;
    std::vector<TimeSeriesView*> views;
    PaintWatch watch;
    int decoded = 0;
    Times times;
    const Stopwatch clock;
    // Every panel has a text of its own, as if it had just arrived.
    std::vector<QByteArray> texts(static_cast<size_t>(panels), answer);
    for (int index = 0; index < panels; ++index) {
        auto* view = new TimeSeriesView(&window);
        view->setGeometry((index % 2) * 608, (index / 2) * 308, 600, 300);
        watch.watch(view->canvas());
        views.push_back(view);
        QtConcurrent::run([text = texts[size_t(index)]] { return std::make_shared<const TimeSeriesModel>(modelOf(text)); })
            .then(view, [&, view](std::shared_ptr<const TimeSeriesModel> model) {
                if (++decoded == panels)
                    times.decode = clock.ms();
                view->setModel(std::move(model));
            });
    }
    window.resize(1216, (panels + 1) / 2 * 308);
    window.show();
    while (watch.painted() < panels)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    times.total = clock.ms();
    return times;
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
    const int panels = option(u"--panels"_s, u"100"_s).toInt();
    const int rounds = option(u"--rounds"_s, u"5"_s).toInt();
    const QByteArray answer = makeAnswer(10, 1000);
    const QString path = option(u"--write-json"_s, {});
    if (!path.isEmpty()) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(answer) != answer.size())
            return 2;
    }
    std::vector<double> totals;
    std::vector<double> decodes;
    for (int round = 0; round < rounds; ++round) {
        const Times times = run(answer, panels);
        totals.push_back(times.total);
        decodes.push_back(times.decode);
    }
    if (arguments.contains(u"--json"_s))
        std::printf("{\"peer\":\"promdeck\",\"decode\":%.1f,\"total\":%.1f}\n", median(decodes), median(totals));
    else
        std::printf("%d panels of %lld bytes: all decoded after %.1f ms, all painted after %.1f ms (median of %d)\n", panels,
                    static_cast<long long>(answer.size()), median(decodes), median(totals), rounds);
    return 0;
}
