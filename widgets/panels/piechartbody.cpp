#include "widgets/panels/piechartbody.h"

#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/plot/plottheme.h"
#include "widgets/plot/plottooltip.h"

#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QPieSeries>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kHole = 0.6; ///< of a donut's radius
constexpr double kMargin = 4;
constexpr double kGapPx = 1.5; ///< between slices, in the panel's colour

} // namespace

PieChartBody::PieChartBody(QWidget* parent)
    : ChartBody(parent)
    , m_scene(std::make_unique<QGraphicsScene>())
    , m_chart(new QChart)
    , m_pie(new QPieSeries)
{
    m_scene->addItem(m_chart);
    m_chart->setBackgroundVisible(false);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_chart->setMargins(QMargins());
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->addSeries(m_pie);
    m_chart->legend()->hide();
    m_pie->setPieSize(1.0);
}

PieChartBody::~PieChartBody() = default;

void PieChartBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            {
                PieChartModel model = pieChartModel(spec, *data, context);
                for (size_t i = 0; distinctPalette() && i < model.chart.series.size(); ++i)
                    model.chart.series[i].style.hatch = int(i);
                return std::make_shared<const PieChartModel>(std::move(model));
            },
            [this, input](std::shared_ptr<const PieChartModel> model) {
                m_model = model;
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString PieChartBody::plainText() const
{
    QStringList lines;
    if (m_model) {
        for (const PieSlice& slice : m_model->slices)
            lines << u"%1: %2 (%3)"_s.arg(slice.field.state.displayName, slice.display.toString(),
                                          shareText(slice.share, slice.field.config.decimals));
    }
    return lines.join(u'\n');
}

void PieChartBody::layoutChart(const QSizeF& size)
{
    m_drawn.clear();
    m_pie->clear();
    if (!m_model)
        return;
    m_radius = std::max(1.0, std::floor(std::min(size.width(), size.height()) / 2 - kMargin));
    m_center = QPointF(std::round(size.width() / 2), std::round(size.height() / 2));
    double total = 0;
    for (const PieSlice& slice : m_model->slices) {
        if (!isEntryHidden(slice.entry))
            total += std::max(0.0, slice.display.numeric);
    }
    double start = 0;
    const QColor ground = Theme::instance().colors().panel;
    for (size_t i = 0; i < m_model->slices.size(); ++i) {
        const PieSlice& slice = m_model->slices[i];
        const double value = std::max(0.0, slice.display.numeric);
        if (isEntryHidden(slice.entry) || total <= 0 || value <= 0)
            continue;
        const double share = value / total;
        m_drawn.push_back({int(i), start, share * 360, share});
        start += share * 360;
        QPieSlice* drawn = m_pie->append(QString(), value);
        drawn->setBrush(hatchBrush(toColor(slice.color), m_model->chart.series[size_t(slice.entry)].style.hatch));
        // One slice alone has no neighbour to be kept apart from.
        drawn->setPen(share < 1 ? QPen(ground, kGapPx) : QPen(Qt::NoPen));
    }
    m_pie->setHoleSize(m_model->donut ? kHole : 0);
    const QRectF place(m_center.x() - m_radius, m_center.y() - m_radius, 2 * m_radius, 2 * m_radius);
    m_chart->setGeometry(QRectF(QPointF(0, 0), size));
    m_chart->setPlotArea(place);
    m_scene->setSceneRect(QRectF(QPointF(0, 0), size));
}

void PieChartBody::paintChart(QPainter* painter)
{
    if (!m_model || m_drawn.empty())
        return;
    const QRectF all = m_scene->sceneRect();
    m_scene->render(painter, all, all);
    paintLabels(painter);
}

QString PieChartBody::shownShare(const Drawn& drawn) const
{
    return shareText(drawn.share, m_model->slices[size_t(drawn.slice)].field.config.decimals);
}

QPointF PieChartBody::at(double degrees, double radius) const
{
    const double angle = degrees * M_PI / 180;
    return m_center + QPointF(std::sin(angle) * radius, -std::cos(angle) * radius);
}

void PieChartBody::paintLabels(QPainter* painter) const
{
    if (!m_model->showName && !m_model->showValue && !m_model->showPercent)
        return;
    const double inner = m_model->donut ? m_radius * kHole : 0;
    const double px = m_model->labelPx > 0 ? m_model->labelPx : std::clamp(m_radius / 9, 9.0, 14.0);
    painter->setFont(panelFont(px));
    const QFontMetricsF metrics(painter->font());
    for (const Drawn& drawn : m_drawn) {
        const PieSlice& slice = m_model->slices[size_t(drawn.slice)];
        QStringList lines;
        if (m_model->showName)
            lines << slice.field.state.displayName;
        if (m_model->showValue)
            lines << slice.display.toString();
        if (m_model->showPercent)
            lines << shownShare(drawn);
        const double radius = drawn.share >= 1 && inner == 0 ? 0 : (inner + m_radius) / 2 * (inner > 0 ? 1.0 : 1.15);
        const QPointF middle = at(drawn.start + drawn.span / 2, radius);
        // What does not fit on its slice is left to legend and tooltip.
        const double chord = drawn.span >= 180 ? 2 * radius + m_radius
                                               : 2 * radius * std::sin(drawn.span * M_PI / 360);
        const double room = std::max(chord, (m_radius - inner) * 0.5);
        if (chord < metrics.height() * double(lines.size()) * 0.9)
            continue;
        painter->setPen(contrastText(toColor(slice.color)));
        double y = middle.y() - metrics.height() * double(lines.size()) / 2;
        for (const QString& line : std::as_const(lines)) {
            const QString text = metrics.elidedText(line, Qt::ElideRight, std::min(room, (m_radius - inner) * 1.1));
            painter->drawText(QPointF(middle.x() - metrics.horizontalAdvance(text) / 2, y + metrics.ascent()), text);
            y += metrics.height();
        }
    }
}

QPainterPath PieChartBody::sliceShape(const Drawn& drawn) const
{
    const auto box = [&](double radius) {
        return QRectF(m_center.x() - radius, m_center.y() - radius, 2 * radius, 2 * radius);
    };
    const double inner = m_model->donut ? m_radius * kHole : 0;
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill);
    if (drawn.share >= 1) {
        path.addEllipse(box(m_radius));
        if (inner > 0)
            path.addEllipse(box(inner));
        return path;
    }
    // Qt counts counter-clockwise from three o'clock.
    const double from = 90 - drawn.start;
    path.arcMoveTo(box(m_radius), from);
    path.arcTo(box(m_radius), from, -drawn.span);
    if (inner > 0)
        path.arcTo(box(inner), from - drawn.span, drawn.span);
    else
        path.lineTo(m_center);
    path.closeSubpath();
    return path;
}

const PieChartBody::Drawn* PieChartBody::drawnAt(QPointF position) const
{
    const QPointF away = position - m_center;
    const double distance = std::hypot(away.x(), away.y());
    const double inner = m_model && m_model->donut ? m_radius * kHole : 0;
    if (distance > m_radius || distance < inner)
        return nullptr;
    double degrees = std::atan2(away.x(), -away.y()) * 180 / M_PI;
    if (degrees < 0)
        degrees += 360;
    for (const Drawn& drawn : m_drawn) {
        if (degrees >= drawn.start && degrees < drawn.start + drawn.span)
            return &drawn;
    }
    return nullptr;
}

std::optional<QPointF> PieChartBody::sliceCenter(int slice) const
{
    const double inner = m_model && m_model->donut ? m_radius * kHole : 0;
    for (const Drawn& drawn : m_drawn) {
        if (drawn.slice == slice)
            return at(drawn.start + drawn.span / 2, (inner + m_radius) / 2);
    }
    return {};
}

std::optional<ChartHit> PieChartBody::hitAt(QPointF position) const
{
    const Drawn* hovered = drawnAt(position);
    if (!hovered)
        return {};
    const PieSlice& slice = m_model->slices[size_t(hovered->slice)];
    ChartHit hit;
    hit.item = hovered->slice;
    hit.entry = slice.entry;
    hit.shape = sliceShape(*hovered);
    hit.anchor = *sliceCenter(hovered->slice);
    hit.links = slice.field.config.links;
    std::vector<const Drawn*> listed;
    for (const Drawn& drawn : m_drawn) {
        const bool wanted = tooltipMode() == TooltipMode::All || &drawn == hovered;
        if (wanted && !m_model->chart.series[size_t(m_model->slices[size_t(drawn.slice)].entry)].style.hideTooltip)
            listed.push_back(&drawn);
    }
    if (m_model->chart.tooltipSort != TooltipSort::None) {
        std::stable_sort(listed.begin(), listed.end(), [&](const Drawn* a, const Drawn* b) {
            return m_model->chart.tooltipSort == TooltipSort::Ascending ? a->share < b->share : a->share > b->share;
        });
    }
    const auto most = size_t(PlotTooltip::maxRows(this));
    for (const Drawn* drawn : listed) {
        if (hit.content.rows.size() >= most) {
            ++hit.content.left;
            continue;
        }
        const PieSlice& one = m_model->slices[size_t(drawn->slice)];
        hit.content.rows.push_back({toColor(one.color), one.field.state.displayName,
                                    one.display.toString() + u"  ("_s + shownShare(*drawn) + u')',
                                    listed.size() > 1 && drawn == hovered});
    }
    return hit;
}

std::optional<QPointF> PieChartBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (m_drawn.empty())
        return {};
    const Drawn* current = from ? drawnAt(*from) : nullptr;
    if (!current)
        return sliceCenter(m_drawn.front().slice);
    const auto count = std::ptrdiff_t(m_drawn.size());
    const auto index = ((current - m_drawn.data()) + (dx != 0 ? dx : dy) + count) % count;
    return sliceCenter(m_drawn[size_t(index)].slice);
}

} // namespace Promdeck
