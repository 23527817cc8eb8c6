#include "widgets/plot/plotcanvas.h"

#include "widgets/common/displayoptions.h"
#include "widgets/common/exportpainting.h"
#include "widgets/plot/axistext.h"
#include "widgets/plot/plotsprites.h"
#include "widgets/plot/plottooltip.h"

#include <QPainter>
#include <QPaintEvent>
#include <QtConcurrent>

#include <algorithm>
#include <cmath>
#include <deque>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int StripAir = DotSize / 2 + 2;
constexpr double PinRadius = 3.5;
constexpr qint64 PictureBudget = 64 * 1024 * 1024;

/// All pictures on the heap, oldest first. A dashboard with a hundred panels shows ten at a time: the ones
/// painted longest ago give their memory back, and are made again within milliseconds when they come in view.
std::deque<PlotCanvas*>& pictures()
{
    static std::deque<PlotCanvas*> canvases;
    return canvases;
}

void forgetPicture(PlotCanvas* canvas)
{
    std::erase(pictures(), canvas);
}

void keepPicture(PlotCanvas* canvas)
{
    forgetPicture(canvas);
    pictures().push_back(canvas);
    qint64 total = 0;
    for (const PlotCanvas* one : pictures())
        total += one->rendered().image.sizeInBytes();
    const std::deque<PlotCanvas*> oldest = pictures();
    for (PlotCanvas* one : oldest) {
        if (total <= PictureBudget)
            break;
        if (one == canvas || !one->visibleRegion().isEmpty())
            continue;
        total -= one->rendered().image.sizeInBytes();
        forgetPicture(one);
        one->dropPicture();
    }
}

} // namespace

PlotCanvas::PlotCanvas(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(u"plotCanvas"_s);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(20, 20);
    setAccessibleName(tr("Plot"));
    m_tooltipTimer.setSingleShot(true);
    m_tooltipTimer.setInterval(8);
    connect(&m_tooltipTimer, &QTimer::timeout, this, &PlotCanvas::showTooltip);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &PlotCanvas::takePicture);
    connect(&DisplayOptions::instance(), &DisplayOptions::changed, this, &PlotCanvas::refresh);
}

PlotCanvas::~PlotCanvas()
{
    PlotTooltip::hideFor(this);
    forgetPicture(this);
}

void PlotCanvas::setModel(std::shared_ptr<const TimeSeriesModel> model)
{
    if (model == m_model)
        return;
    m_model = std::move(model);
    refresh();
}

void PlotCanvas::setHiddenSeries(const std::vector<char>& hidden)
{
    if (hidden == m_hidden)
        return;
    m_hidden = hidden;
    refresh();
}

void PlotCanvas::setFocusSeries(int series)
{
    if (series == m_focus)
        return;
    m_focus = series;
    refresh();
}

void PlotCanvas::setPlotTheme(const PlotTheme& theme)
{
    m_theme = theme;
    refresh();
}

void PlotCanvas::setTimeZone(const QString& timeZone)
{
    if (timeZone == m_timeZone)
        return;
    m_timeZone = timeZone;
    refresh();
}

PlotRequest PlotCanvas::request() const
{
    PlotRequest request;
    request.model = m_model;
    request.hidden = m_hidden;
    request.focus = m_focus;
    request.size = QSizeF(size());
    request.dpr = devicePixelRatioF();
    request.theme = m_theme;
    request.timeZone = m_timeZone;
    request.secondZone = DisplayOptions::instance().secondTimeZone();
    request.windows = m_windows;
    request.generation = m_generation;
    return request;
}

void PlotCanvas::refresh()
{
    ++m_generation;
    if (!m_model || size().isEmpty())
        return;
    startRender();
}

void PlotCanvas::startRender()
{
    // One picture at a time per plot: while it is made, changes add up to one more.
    if (m_watcher.isRunning()) {
        m_again = true;
        return;
    }
    m_again = false;
    m_runningModel = m_model;
    const int priority = visibleRegion().isEmpty() ? 0 : 1;
    m_watcher.setFuture(QtConcurrent::task([request = request()] { return renderPlot(request); })
                            .withPriority(priority)
                            .spawn());
}

void PlotCanvas::takePicture()
{
    if (m_watcher.future().resultCount() == 0)
        return;
    m_rendered = m_watcher.result();
    m_watcher.setFuture({});
    m_renderedModel = std::move(m_runningModel);
    keepPicture(this);
    if (m_cursor && m_hover)
        m_hover = samplesAt(*m_renderedModel, m_rendered, m_hover->timeMs, m_cursor->y());
    else if (lentTime())
        readShared();
    describe();
    update();
    if (m_again || !isCurrent())
        startRender();
    Q_EMIT pictureReady();
}

void PlotCanvas::dropPicture()
{
    m_rendered.image = {};
    m_rendered.generation = 0;
}

void PlotCanvas::describe()
{
    const TimeSeriesModel& model = *m_renderedModel;
    const QTimeZone zone = timeZoneByName(m_timeZone);
    const QString format = u"yyyy-MM-dd HH:mm"_s;
    QString text = tr("%n series", nullptr, int(m_rendered.plot.series.size())) + u", "_s
        + tr("%1 to %2").arg(timeText(model.range.fromMs, zone, format), timeText(model.range.toMs, zone, format));
    if (!m_rendered.layout.axes.empty()) {
        const AxisLayout& axis = m_rendered.layout.axes.front();
        if (!axis.texts.isEmpty())
            text += u", "_s + tr("scale from %1 to %2").arg(axis.texts.front(), axis.texts.back());
    }
    setAccessibleDescription(text);
}

void PlotCanvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // What stood beside the cursor is somewhere else now.
    if (m_drag == Drag::None)
        clearCursor();
    refresh();
}

void PlotCanvas::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    // No word to anybody: it may be its parent's end that hides it.
    m_tooltipTimer.stop();
    PlotTooltip::hideFor(this);
}

void PlotCanvas::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_theme.font = PlotTheme(m_theme.kind).font;
        refresh();
    }
}

void PlotCanvas::paintPicture(QPainter& painter, const QRect& dirty)
{
    const QImage& image = m_rendered.image;
    const double dpr = image.devicePixelRatio();
    if (m_rendered.layout.size != QSizeF(size()) || dpr != devicePixelRatioF()) {
        // The old picture stands in, stretched, until the new size has been drawn.
        painter.drawImage(QRectF(rect()), image);
        return;
    }
    const QRectF source(dirty.x() * dpr, dirty.y() * dpr, dirty.width() * dpr, dirty.height() * dpr);
    painter.drawImage(QRectF(dirty), image, source);
}

void PlotCanvas::paintEvent(QPaintEvent* event)
{
    if (!m_model)
        return;
    if (ExportPainting::isActive()) {
        QPainter painter(this);
        drawPlot(painter, request());
        return;
    }
    if (m_rendered.image.isNull()) {
        if (!m_watcher.isRunning())
            refresh();
        return;
    }
    QPainter painter(this);
    if (m_drag == Drag::Pan) {
        const QRect area = m_rendered.layout.area.toAlignedRect();
        painter.save();
        painter.setClipRegion(QRegion(rect()).subtracted(area));
        painter.drawImage(0, 0, m_rendered.image);
        painter.setClipRect(area);
        painter.drawImage(QPointF(m_dragX - m_dragStart.x(), 0), m_rendered.image);
        painter.restore();
        return;
    }
    // Rectangle by rectangle: copying pictures into one is quick, into several at once (the strips of a crosshair)
    // is many times slower than what is copied.
    const std::vector<Sprite> sprites = overlaySprites();
    for (const QRect& dirty : event->region()) {
        painter.setClipRect(dirty);
        paintPicture(painter, dirty);
        paintMarks(painter);
        for (const Sprite& sprite : sprites) {
            if (QRectF(sprite.place, sprite.image.deviceIndependentSize()).intersects(dirty))
                painter.drawImage(sprite.place, sprite.image);
        }
    }
}

QRegion PlotCanvas::overlayRegion() const
{
    QRegion region;
    const QRectF& area = m_rendered.layout.area;
    const auto strip = [&](double x, int air) {
        region += QRectF(x - air, area.top() - StripAir, 2.0 * air, area.height() + 2 * StripAir).toAlignedRect();
    };
    if (m_cursor) {
        strip(m_cursor->x(), 2);
        region += QRectF(area.left(), m_cursor->y() - 2, area.width(), 4).toAlignedRect();
    }
    if (const auto lent = lentTime())
        strip(m_rendered.layout.xOf(*lent, m_rendered.plot.range), 2);
    if (m_hover) {
        double left = 1e9;
        double right = -1e9;
        for (const HoverSample& sample : m_hover->samples) {
            left = std::min(left, sample.place.x());
            right = std::max(right, sample.place.x());
        }
        region += QRectF(left - StripAir, area.top() - StripAir, right - left + 2 * StripAir, area.height() + 2 * StripAir)
                      .toAlignedRect();
    }
    return region;
}

void PlotCanvas::updateOverlay(const QRegion& before)
{
    update(before + overlayRegion());
}

std::vector<PlotCanvas::Sprite> PlotCanvas::overlaySprites() const
{
    std::vector<Sprite> sprites;
    const QRectF& area = m_rendered.layout.area;
    const double dpr = devicePixelRatioF();
    const auto vertical = [&](double x) {
        const double crisp = std::floor(x);
        if (crisp >= area.left() - 0.5 && crisp <= area.right() + 0.5)
            sprites.push_back({QPointF(crisp, area.top()), dashedLine(Qt::Vertical, int(area.height()), m_theme.crosshair, dpr)});
    };
    if (m_shared && !m_cursor)
        vertical(m_rendered.layout.xOf(*m_shared, m_rendered.plot.range));
    if (m_cursor && m_drag == Drag::None) {
        vertical(m_cursor->x());
        const double y = std::floor(m_cursor->y());
        if (!m_keyboardCursor && y >= area.top() - 0.5 && y <= area.bottom() - 0.5)
            sprites.push_back({QPointF(area.left(), y), dashedLine(Qt::Horizontal, int(area.width()), m_theme.crosshair, dpr)});
    }
    if (!m_hover || !m_renderedModel || m_drag != Drag::None)
        return sprites;
    for (size_t index = 0; index < m_hover->samples.size(); ++index) {
        const HoverSample& sample = m_hover->samples[index];
        if (sample.place.y() < area.top() - 1 || sample.place.y() > area.bottom() + 1)
            continue;
        const bool nearest = int(index) == m_hover->nearest && m_cursor;
        const QPointF corner = sample.place - QPointF(DotSize, DotSize) / 2;
        sprites.push_back({QPointF(std::round(corner.x() * dpr) / dpr, std::round(corner.y() * dpr) / dpr),
                           sampleDot(toQColor(m_renderedModel->series[size_t(sample.series)].color), m_theme.background,
                                     nearest, dpr)});
    }
    return sprites;
}

void PlotCanvas::paintMarks(QPainter& painter) const
{
    const QRectF& area = m_rendered.layout.area;
    if (m_pinned && *m_pinned >= m_rendered.plot.range.fromMs && *m_pinned <= m_rendered.plot.range.toMs) {
        const double x = std::floor(m_rendered.layout.xOf(*m_pinned, m_rendered.plot.range));
        painter.fillRect(QRectF(x, area.top(), 1, area.height()), m_theme.link);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.link);
        painter.drawEllipse(QPointF(x + 0.5, area.top()), PinRadius, PinRadius);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (m_drag == Drag::Values) {
        const double top = std::clamp(std::min(m_dragStart.y(), m_dragY), area.top(), area.bottom());
        const double bottom = std::clamp(std::max(m_dragStart.y(), m_dragY), area.top(), area.bottom());
        painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), m_theme.selection);
    } else if (m_drag == Drag::Select || m_drag == Drag::Measure || m_drag == Drag::Annotate || m_mark || m_ruler) {
        const TimeRange& range = m_rendered.plot.range;
        const bool kept = m_ruler && m_drag == Drag::None && !m_mark;
        const double from = kept ? m_rendered.layout.xOf(m_ruler->first, range) : m_mark ? *m_mark : m_dragStart.x();
        const double to = kept ? m_rendered.layout.xOf(m_ruler->second, range)
            : m_mark           ? (m_cursor ? m_cursor->x() : *m_mark)
                               : m_dragX;
        const double left = std::clamp(std::min(from, to), area.left(), area.right());
        const double right = std::clamp(std::max(from, to), area.left(), area.right());
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), m_theme.selection);
    }
    if (hasFocus() && m_keyboardCursor) {
        painter.setPen(QPen(m_theme.link, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

} // namespace Promdeck
