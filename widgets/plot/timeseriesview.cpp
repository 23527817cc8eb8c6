#include "widgets/plot/timeseriesview.h"

#include "widgets/plot/legendview.h"
#include "widgets/plot/plotcanvas.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

TimeSeriesView::TimeSeriesView(QWidget* parent)
    : QWidget(parent)
    , m_canvas(new PlotCanvas(this))
    , m_legend(new LegendView(this))
{
    setObjectName(u"timeSeriesView"_s);
    setFocusProxy(m_canvas);
    m_legend->hide();
    connect(m_canvas, &PlotCanvas::zoomRequested, this, &TimeSeriesView::zoomRequested);
    connect(m_canvas, &PlotCanvas::zoomOutRequested, this, &TimeSeriesView::zoomOutRequested);
    connect(m_canvas, &PlotCanvas::hoverTimeChanged, this, &TimeSeriesView::hoverTimeChanged);
    connect(m_canvas, &PlotCanvas::sampleClicked, this, &TimeSeriesView::sampleClicked);
    connect(m_canvas, &PlotCanvas::pictureReady, this, &TimeSeriesView::pictureReady);
    connect(m_canvas, &PlotCanvas::nearestSeriesChanged, m_legend, &LegendView::setMarkedSeries);
    connect(m_legend, &LegendView::hoveredSeriesChanged, m_canvas, &PlotCanvas::setFocusSeries);
    connect(m_legend, &LegendView::isolateRequested, this, &TimeSeriesView::isolateSeries);
    connect(m_legend, &LegendView::toggleRequested, this, &TimeSeriesView::toggleSeries);
}

void TimeSeriesView::setModel(TimeSeriesModel model)
{
    setModel(std::make_shared<const TimeSeriesModel>(std::move(model)));
}

void TimeSeriesView::setModel(std::shared_ptr<const TimeSeriesModel> model)
{
    m_model = std::move(model);
    arrange();
    m_legend->setModel(m_model);
    const std::vector<char> hidden = hiddenFlags();
    m_canvas->setFocusSeries(-1);
    m_legend->setHiddenSeries(hidden);
    m_canvas->setHiddenSeries(hidden);
    m_canvas->setModel(m_model);
}

void TimeSeriesView::setThemeKind(ThemeKind kind)
{
    setPlotTheme(PlotTheme(kind));
}

void TimeSeriesView::setPlotTheme(const PlotTheme& theme)
{
    m_theme = theme;
    m_canvas->setPlotTheme(theme);
    m_legend->setPlotTheme(theme);
    arrange();
}

void TimeSeriesView::setTimeZone(const QString& timeZone)
{
    m_timeZone = timeZone;
    m_canvas->setTimeZone(timeZone);
}

void TimeSeriesView::setHiddenSeries(const QStringList& names)
{
    m_hidden = QSet<QString>(names.begin(), names.end());
    applyHidden();
}

std::vector<char> TimeSeriesView::hiddenFlags() const
{
    std::vector<char> flags;
    if (!m_model || m_hidden.isEmpty())
        return flags;
    for (const SeriesModel& series : m_model->series)
        flags.push_back(m_hidden.contains(series.name) ? 1 : 0);
    // A selection that leaves nothing of new data (all its names are gone) has lost its meaning.
    if (std::find(flags.begin(), flags.end(), 0) == flags.end())
        flags.clear();
    return flags;
}

void TimeSeriesView::applyHidden()
{
    const std::vector<char> flags = hiddenFlags();
    m_canvas->setHiddenSeries(flags);
    m_legend->setHiddenSeries(flags);
    Q_EMIT hiddenSeriesChanged(m_hidden.values());
}

void TimeSeriesView::isolateSeries(int series)
{
    if (!m_model || series < 0 || size_t(series) >= m_model->series.size())
        return;
    QSet<QString> others;
    for (const SeriesModel& one : m_model->series) {
        if (one.name != m_model->series[size_t(series)].name)
            others.insert(one.name);
    }
    m_hidden = m_hidden == others ? QSet<QString>() : others;
    applyHidden();
}

void TimeSeriesView::toggleSeries(int series)
{
    if (!m_model || series < 0 || size_t(series) >= m_model->series.size())
        return;
    const QString& name = m_model->series[size_t(series)].name;
    if (!m_hidden.remove(name))
        m_hidden.insert(name);
    QSet<QString> all;
    for (const SeriesModel& one : m_model->series)
        all.insert(one.name);
    // Switching off the last one brings all back, as an empty plot shows nothing worth seeing.
    if (m_hidden.contains(all))
        m_hidden.clear();
    applyHidden();
}

void TimeSeriesView::setSharedHover(std::optional<qint64> timeMs, bool withTooltip)
{
    m_canvas->setSharedHover(timeMs, withTooltip);
}

void TimeSeriesView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TimeSeriesView::arrange()
{
    if (!m_model) {
        m_canvas->setGeometry(rect());
        return;
    }
    const PanelSplit split = splitPanel(*m_model, QSizeF(size()), m_theme);
    m_canvas->setGeometry(split.plot.toRect());
    m_legend->setVisible(!split.legend.isEmpty());
    if (!split.legend.isEmpty())
        m_legend->setGeometry(split.legend.toRect());
}

QImage TimeSeriesView::toImage(QSize size, double dpr, bool withBackground) const
{
    return m_model ? renderTimeSeries(*m_model, size, dpr, m_theme, m_timeZone, withBackground, hiddenFlags()) : QImage();
}

QImage renderTimeSeries(const TimeSeriesModel& model, QSize size, double dpr, const PlotTheme& theme,
                        const QString& timeZone, bool withBackground, const std::vector<char>& hidden)
{
    QImage image(QSize(int(std::ceil(size.width() * dpr)), int(std::ceil(size.height() * dpr))),
                 QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    image.setDevicePixelRatio(dpr);
    image.fill(withBackground ? theme.background : QColor(Qt::transparent));
    QPainter painter(&image);
    const PanelSplit split = splitPanel(model, QSizeF(size), theme);
    PlotRequest request;
    // The caller's model outlives this call: a pointer that owns nothing.
    request.model = std::shared_ptr<const TimeSeriesModel>(std::shared_ptr<void>(), &model);
    request.hidden = hidden;
    request.size = split.plot.toRect().size();
    request.dpr = dpr;
    request.theme = theme;
    request.timeZone = timeZone;
    painter.drawImage(split.plot.toRect().topLeft(), renderPlot(request).image);
    if (!split.legend.isEmpty()) {
        LegendState state;
        state.hidden = hidden;
        paintLegend(painter, split.legend, model, layoutLegend(model, state, split.legend.width(), theme), state, theme);
    }
    return image;
}

} // namespace Promdeck
