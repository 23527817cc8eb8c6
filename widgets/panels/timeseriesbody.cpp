#include "widgets/panels/timeseriesbody.h"

#include "widgets/common/displayoptions.h"
#include "widgets/common/theme.h"
#include "widgets/plot/axistext.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plothover.h"
#include "widgets/plot/timeseriesview.h"

using namespace Qt::StringLiterals;

namespace Promdeck {

TimeSeriesBody::TimeSeriesBody(QWidget* parent) : PanelBody(parent), m_view(new TimeSeriesView(this))
{
    m_view->setObjectName(u"timeSeries"_s);
    m_view->setThemeKind(Theme::instance().kind());
    connect(m_view, &TimeSeriesView::zoomRequested, this, &PanelBody::zoomed);
    connect(m_view, &TimeSeriesView::zoomOutRequested, this, &PanelBody::zoomedOut);
    connect(m_view, &TimeSeriesView::hoverTimeChanged, this, &PanelBody::hovered);
    connect(m_view, &TimeSeriesView::sampleClicked, this, &TimeSeriesBody::openLinks);
    connect(m_view->canvas(), &PlotCanvas::annotateRequested, this, &PanelBody::annotateRequested);
    connect(m_view->canvas(), &PlotCanvas::annotationActivated, this, &PanelBody::annotationActivated);
    connect(m_view, &TimeSeriesView::pictureReady, this, [this] {
        m_rendering = false;
        Q_EMIT updated();
    });
    connect(&DisplayOptions::instance(), &DisplayOptions::textScaleChanged, m_view,
            [this] { m_view->setThemeKind(Theme::instance().kind()); });
    connect(&Theme::instance(), &Theme::changed, m_view, [this] { m_view->setThemeKind(Theme::instance().kind()); });
}

void TimeSeriesBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const TimeSeriesModel>(timeSeriesModel(spec, *data, context)); },
            [this, input, zone = input.context.timeZone](std::shared_ptr<const TimeSeriesModel> model) {
                m_input = input;
                m_empty = model->series.empty();
                m_rendering = !m_empty && width() > 0;
                m_view->setTimeZone(zone);
                m_view->setModel(std::move(model));
                setAccessibleDescription(plainText());
            });
}

void TimeSeriesBody::openLinks(const HoverSample& sample, const QPoint& globalPosition)
{
    const auto& model = m_view->model();
    if (!model || !m_input.data || size_t(sample.series) >= model->series.size())
        return;
    const SeriesModel& series = model->series[size_t(sample.series)];
    const Frames& frames = m_input.data->frames;
    if (size_t(series.frameIndex) >= frames.size() || size_t(series.fieldIndex) >= frames[size_t(series.frameIndex)].fields.size())
        return;
    const Field& field = frames[size_t(series.frameIndex)].fields[size_t(series.fieldIndex)];
    DataLinkContext from;
    from.seriesName = series.name;
    from.fieldName = field.name;
    from.labels = series.labels;
    from.numeric = sample.value;
    const bool hasAxis = series.axis >= 0 && size_t(series.axis) < model->axes.size();
    from.text = valueText(series, hasAxis ? &model->axes[size_t(series.axis)] : nullptr, sample.value,
                          m_input.context.timeZone);
    from.timeMs = sample.timeMs;
    followDataLinks(m_input, field.config.links, from, globalPosition, true);
}

QString TimeSeriesBody::plainText() const
{
    QStringList lines;
    if (const auto& model = m_view->model()) {
        for (const SeriesModel& series : model->series) {
            QStringList parts {series.name};
            for (const CalcCell& calc : series.calcs)
                parts << calc.id + u'=' + calc.text;
            lines << parts.join(u' ');
        }
    }
    return lines.join(u'\n');
}

void TimeSeriesBody::setSharedTime(std::optional<qint64> time, bool withTooltip)
{
    m_view->setSharedHover(time, withTooltip);
}

void TimeSeriesBody::setPinnedTime(std::optional<qint64> time)
{
    m_view->canvas()->setPinnedTime(time);
}

std::optional<TimeRange> TimeSeriesBody::markedTime() const
{
    return m_view->canvas()->markedTime();
}

void TimeSeriesBody::resizeEvent(QResizeEvent*)
{
    m_view->setGeometry(rect());
}

} // namespace Promdeck
