#include "widgets/panels/xychartbody.h"

#include "widgets/common/theme.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kTop = 8;
constexpr double kSide = 8;
constexpr double kReach = 14; ///< px around a point where it is hovered

} // namespace

void XyChartBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const XyChartModel>(xyChartModel(spec, *data, context)); },
            [this, input](std::shared_ptr<const XyChartModel> model) {
                m_model = model;
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString XyChartBody::plainText() const
{
    QStringList lines;
    if (!m_model)
        return {};
    for (const XySeries& series : m_model->series) {
        lines << series.xName + u'\t' + m_model->chart.series[size_t(series.entry)].name;
        for (const XyPoint& point : series.points)
            lines << point.xText + u'\t' + point.yText;
    }
    return lines.join(u'\n');
}

const ValueAxis& XyChartBody::yAxis(const XySeries& series) const
{
    const auto axis = size_t(std::max(0, m_model->chart.series[size_t(series.entry)].axis));
    return m_y[std::min(axis, m_y.size() - 1)];
}

void XyChartBody::layoutChart(const QSizeF& size)
{
    if (isEmpty())
        return;
    struct Extent
    {
        double low = std::numeric_limits<double>::infinity();
        double high = -std::numeric_limits<double>::infinity();
    };
    const PlotTheme& theme = plotTheme();
    const size_t axes = std::max<size_t>(1, m_model->chart.axes.size());
    std::vector<Extent> y(axes);
    Extent x;
    m_used.assign(axes, 0);
    for (const XySeries& series : m_model->series) {
        if (isEntryHidden(series.entry))
            continue;
        const auto axis = std::min(size_t(std::max(0, m_model->chart.series[size_t(series.entry)].axis)), axes - 1);
        m_used[axis] = 1;
        for (const XyPoint& point : series.points) {
            x.low = std::min(x.low, point.x);
            x.high = std::max(x.high, point.x);
            y[axis].low = std::min(y[axis].low, point.y);
            y[axis].high = std::max(y[axis].high, point.y);
        }
    }
    const double height = std::max(10.0, size.height() - kTop - kTimeAxisHeight - 18);
    m_y.clear();
    double left = 0;
    double right = 0;
    for (size_t axis = 0; axis < axes; ++axis) {
        const AxisModel model = axis < m_model->chart.axes.size() ? m_model->chart.axes[axis] : AxisModel();
        m_y.push_back(ValueAxis::make(model, autoScale(y[axis].low, y[axis].high, rangeRules(model)), false, height, false, theme, timeZone()));
        if (m_used[axis])
            (model.placement == AxisPlacement::Right ? right : left)
                = std::max(model.placement == AxisPlacement::Right ? right : left, m_y.back().width(theme));
    }
    left = std::max(left, kSide);
    right = std::max(right, 2 * kSide);
    const double width = std::max(10.0, std::floor(size.width() - left - right));
    m_x = ValueAxis::make(m_model->xAxis, autoScale(x.low, x.high, rangeRules(m_model->xAxis)), false, width, true, theme, timeZone());
    m_area = QRectF(std::round(left), kTop, width, std::floor(size.height() - kTop - m_x.height(theme)));
}

QPointF XyChartBody::pointAt(int series, int point) const
{
    const XySeries& one = m_model->series[size_t(series)];
    const XyPoint& place = one.points[size_t(point)];
    return {m_x.xOf(place.x, m_area), yAxis(one).yOf(place.y, m_area)};
}

void XyChartBody::paintChart(QPainter* painter)
{
    if (isEmpty())
        return;
    const PlotTheme& theme = plotTheme();
    m_x.paintHorizontal(painter, m_area, theme);
    bool grid = true;
    for (size_t axis = 0; axis < m_y.size(); ++axis) {
        if (!m_used[axis])
            continue;
        m_y[axis].paintThresholds(painter, m_area, true, false);
        m_y[axis].paintVertical(painter, m_area, m_y[axis].model.placement == AxisPlacement::Right, grid, theme);
        m_y[axis].paintThresholds(painter, m_area, true, true);
        grid = false;
    }
    painter->save();
    painter->setClipRect(m_area.adjusted(-6, -6, 6, 6));
    for (int i = 0; i < int(m_model->series.size()); ++i) {
        const XySeries& series = m_model->series[size_t(i)];
        if (isEntryHidden(series.entry))
            continue;
        if (series.showLines) {
            QPolygonF line;
            for (int point = 0; point < int(series.points.size()); ++point)
                line << pointAt(i, point);
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(toQColor(m_model->chart.series[size_t(series.entry)].color), std::max(1.0, series.lineWidth)));
            painter->drawPolyline(line);
        }
        for (int point = 0; series.showPoints && point < int(series.points.size()); ++point) {
            const XyPoint& one = series.points[size_t(point)];
            const QColor color = toQColor(one.color);
            const QPointF at = pointAt(i, point);
            const QRectF box(at.x() - one.size / 2, at.y() - one.size / 2, one.size, one.size);
            painter->setPen(QPen(color, 1));
            painter->setBrush(withAlpha(color, series.fillOpacity));
            if (series.square)
                painter->drawRect(box);
            else
                painter->drawEllipse(box);
        }
    }
    painter->restore();
}

std::pair<int, int> XyChartBody::nearest(QPointF position, double within) const
{
    std::pair<int, int> found {-1, -1};
    double best = within;
    for (int i = 0; i < int(m_model->series.size()); ++i) {
        const XySeries& series = m_model->series[size_t(i)];
        if (isEntryHidden(series.entry) || m_model->chart.series[size_t(series.entry)].style.hideTooltip)
            continue;
        for (int point = 0; point < int(series.points.size()); ++point) {
            const QPointF away = pointAt(i, point) - position;
            const double distance = std::hypot(away.x(), away.y());
            if (distance < best) {
                best = distance;
                found = {i, point};
            }
        }
    }
    return found;
}

std::optional<ChartHit> XyChartBody::hitAt(QPointF position) const
{
    if (isEmpty())
        return {};
    const auto [series, point] = nearest(position, kReach);
    if (series < 0)
        return {};
    const XySeries& one = m_model->series[size_t(series)];
    const XyPoint& place = one.points[size_t(point)];
    const SeriesModel& entry = m_model->chart.series[size_t(one.entry)];
    ChartHit hit;
    hit.item = (qint64(series) << 32) + point;
    hit.entry = one.entry;
    hit.anchor = pointAt(series, point);
    hit.shape.addEllipse(hit.anchor, place.size / 2 + 3, place.size / 2 + 3);
    hit.content.title = entry.name;
    hit.content.rows.push_back({toQColor(place.color), one.xName, place.xText, false});
    hit.content.rows.push_back({toQColor(place.color), entry.name, place.yText, false});
    return hit;
}

std::optional<QPointF> XyChartBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (isEmpty())
        return {};
    auto [series, point] = from ? nearest(*from, kReach) : std::pair {-1, -1};
    if (series < 0) {
        for (int i = 0; i < int(m_model->series.size()); ++i) {
            if (!isEntryHidden(m_model->series[size_t(i)].entry) && !m_model->series[size_t(i)].points.empty())
                return pointAt(i, 0);
        }
        return {};
    }
    point += dx != 0 ? dx : dy;
    if (point < 0 || size_t(point) >= m_model->series[size_t(series)].points.size())
        return {};
    return pointAt(series, point);
}

} // namespace Promdeck
