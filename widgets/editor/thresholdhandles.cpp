#include "widgets/editor/thresholdhandles.h"

#include "models/frame/color.h"
#include "widgets/common/theme.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/plot/plotcanvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kWidth = 16;  // px
constexpr int kHeight = 14;

/// As many digits as a pixel of the axis tells apart.
double rounded(double value, double perPixel)
{
    if (perPixel <= 0 || !std::isfinite(perPixel))
        return value;
    const double unit = std::pow(10, std::floor(std::log10(perPixel)));
    const double digits = std::round(value / unit) * unit;
    return std::abs(digits) < unit / 2 ? 0 : digits;
}

} // namespace

ThresholdHandles::ThresholdHandles(PanelWidget* panel) : QWidget(panel), m_panel(panel)
{
    setObjectName(u"thresholdHandles"_s);
    setAccessibleName(tr("Thresholds in the plot"));
    setToolTip(tr("Drag to move the threshold"));
    setMouseTracking(true);
    hide();
    panel->installEventFilter(this);
    connect(panel, &PanelWidget::settled, this, &ThresholdHandles::follow);
}

PlotCanvas* ThresholdHandles::canvas() const
{
    return m_panel->findChild<PlotCanvas*>();
}

void ThresholdHandles::setThresholds(const Json& thresholds)
{
    const bool absolute = thresholds[u"mode"].toString() != u"percentage";
    m_steps = absolute ? thresholds[u"steps"] : Json();
    follow();
}

bool ThresholdHandles::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_panel && (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest))
        follow();
    return QWidget::eventFilter(watched, event);
}

void ThresholdHandles::follow()
{
    PlotCanvas* plot = canvas();
    if (plot != m_canvas) {
        m_canvas = plot;
        if (plot)
            connect(plot, &PlotCanvas::pictureReady, this, &ThresholdHandles::follow, Qt::UniqueConnection);
    }
    const bool wanted = plot && plot->isVisible() && !plot->rendered().image.isNull() && m_steps.size() > 1
        && !plot->rendered().plot.scales.empty();
    setVisible(wanted);
    if (!wanted)
        return;
    const QRectF area = plot->rendered().layout.area;
    const QPoint corner = plot->mapTo(m_panel, QPoint(int(area.right()) - kWidth / 2, int(area.top()) - kHeight / 2));
    setGeometry(corner.x(), corner.y(), kWidth, int(area.height()) + kHeight);
    // Only the handles take the mouse: the plot below keeps the rest.
    QRegion handles;
    for (int step = 1; step < m_steps.size(); ++step)
        handles += handleRect(step);
    if (handles.isEmpty())
        hide();
    else
        setMask(handles);
    raise();
    update();
}

std::optional<int> ThresholdHandles::placeOf(double value) const
{
    const RenderedPlot& plot = m_canvas->rendered();
    if (plot.plot.scales.empty())
        return std::nullopt; // a newer picture without data
    const double place = plot.plot.scales.front().place(value);
    if (!(place >= 0 && place <= 1))
        return std::nullopt;
    return int(std::lround((1 - place) * plot.layout.area.height())) + kHeight / 2;
}

double ThresholdHandles::valueAt(int y) const
{
    const RenderedPlot& plot = m_canvas->rendered();
    const double height = std::max(1.0, plot.layout.area.height());
    const double place = std::clamp(1 - (y - kHeight / 2.0) / height, 0.0, 1.0);
    if (plot.plot.scales.empty())
        return 0;
    const ValueScale& scale = plot.plot.scales.front();
    const double value = scale.value(place);
    return rounded(value, std::abs(scale.value(std::min(1.0, place + 1 / height)) - value));
}

QRect ThresholdHandles::handleRect(int step) const
{
    const Json& value = m_steps.at(step)[u"value"];
    if (!m_canvas || !value.isNumber())
        return {};
    const std::optional<int> y = placeOf(value.toDouble());
    return y ? QRect(0, *y - kHeight / 2, kWidth, kHeight) : QRect();
}

int ThresholdHandles::stepAt(const QPoint& place) const
{
    for (int step = int(m_steps.size()) - 1; step > 0; --step) {
        if (handleRect(step).contains(place))
            return step;
    }
    return -1;
}

void ThresholdHandles::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int step = 1; step < m_steps.size(); ++step) {
        const QRectF rect = handleRect(step);
        if (rect.isEmpty())
            continue;
        QPainterPath arrow;
        arrow.moveTo(rect.left() + 1, rect.center().y());
        arrow.lineTo(rect.left() + 7, rect.top() + 1);
        arrow.lineTo(rect.right() - 1, rect.top() + 1);
        arrow.lineTo(rect.right() - 1, rect.bottom() - 1);
        arrow.lineTo(rect.left() + 7, rect.bottom() - 1);
        arrow.closeSubpath();
        painter.setPen(QPen(Theme::instance().colors().panel, 1));
        painter.setBrush(toColor(parseColor(m_steps.at(step)[u"color"].toString(), Theme::instance().kind()).value_or(Rgba {})));
        painter.drawPath(arrow);
    }
}

void ThresholdHandles::mousePressEvent(QMouseEvent* event)
{
    m_dragged = stepAt(event->pos());
    if (m_dragged > 0) {
        clearMask(); // the mouse may run ahead of the handle
        setCursor(Qt::SizeVerCursor);
    }
}

void ThresholdHandles::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragged > 0 && m_canvas)
        Q_EMIT moved(m_dragged, valueAt(event->pos().y()), true);
    else
        setCursor(stepAt(event->pos()) > 0 ? Qt::SizeVerCursor : Qt::ArrowCursor);
}

void ThresholdHandles::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_dragged <= 0 || !m_canvas)
        return;
    const int step = std::exchange(m_dragged, -1);
    Q_EMIT moved(step, valueAt(event->pos().y()), false);
    follow();
}

} // namespace Promdeck
