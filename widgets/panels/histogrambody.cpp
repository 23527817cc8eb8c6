#include "widgets/panels/histogrambody.h"

#include "widgets/plot/plottooltip.h"

#include <QFontMetricsF>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kTop = 8;
constexpr double kSide = 8;
constexpr double kLabelGap = 6;

QString plainCount(double count)
{
    return formatValue(count, u"short"_s, {}).toString();
}

} // namespace

void HistogramBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const HistogramModel>(histogramModel(spec, *data, context)); },
            [this, input](std::shared_ptr<const HistogramModel> model) {
                m_model = model;
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString HistogramBody::plainText() const
{
    QStringList lines;
    if (!m_model)
        return {};
    for (size_t bucket = 0; bucket < m_model->lower.size(); ++bucket) {
        QStringList parts {m_model->boundText(m_model->lower[bucket], timeZone()) + u" \u2013 "_s
                           + m_model->boundText(m_model->upper[bucket], timeZone())};
        for (const HistogramSeries& series : m_model->series)
            parts << m_model->chart.series[size_t(series.entry)].name + u' ' + plainCount(series.counts[bucket]);
        lines << parts.join(u", "_s);
    }
    return lines.join(u'\n');
}

/// Counts from and to which a bar reaches.
std::pair<double, double> HistogramBody::span(size_t series, size_t bucket) const
{
    const double own = m_model->series[series].counts[bucket];
    if (m_model->stacking == StackingMode::None)
        return {0, own};
    double below = 0;
    double total = 0;
    for (size_t i = 0; i < m_model->series.size(); ++i) {
        if (isEntryHidden(m_model->series[i].entry))
            continue;
        total += m_model->series[i].counts[bucket];
        if (i < series)
            below += m_model->series[i].counts[bucket];
    }
    if (m_model->stacking == StackingMode::Normal)
        return {below, below + own};
    return total > 0 ? std::pair {below / total, (below + own) / total} : std::pair {0.0, 0.0};
}

void HistogramBody::layoutChart(const QSizeF& size)
{
    if (isEmpty())
        return;
    const PlotTheme& theme = plotTheme();
    const bool percent = m_model->stacking == StackingMode::Percent;
    double highest = 0;
    double lowest = std::numeric_limits<double>::infinity();
    for (size_t series = 0; series < m_model->series.size(); ++series) {
        if (isEntryHidden(m_model->series[series].entry))
            continue;
        for (size_t bucket = 0; bucket < m_model->lower.size(); ++bucket) {
            const double top = span(series, bucket).second;
            highest = std::max(highest, top);
            if (top > 0)
                lowest = std::min(lowest, top);
        }
    }
    RangeRules rules = rangeRules(m_model->chart.axes.front());
    if (percent) {
        rules.hardMin = 0;
        rules.hardMax = 1;
    }
    const bool log = rules.kind == ValueScale::Kind::Log && std::isfinite(lowest);
    const ValueScale counts = autoScale(log ? lowest / 2 : 0, highest, rules);
    const QFontMetricsF metrics(theme.font);
    const double bottom = kTimeAxisHeight + (m_model->axisLabel.isEmpty() ? 0 : metrics.height() + 2);
    const double height = std::max(10.0, std::floor(size.height() - kTop - bottom));
    m_counts = ValueAxis::make(m_model->chart.axes.front(), counts, percent, height, false, theme, timeZone());
    const double left = std::max(kSide, m_counts.width(theme));
    m_area = QRectF(std::round(left), kTop, std::max(10.0, std::floor(size.width() - left - 2 * kSide)), height);
    AxisModel values;
    values.unit = m_model->valueFormat.config.unit.value_or(QString());
    values.decimals = m_model->valueFormat.config.decimals;
    values.label = m_model->axisLabel;
    values.showGrid = false;
    const double first = m_model->lower.front();
    const double last = std::max(m_model->upper.back(), first + 1e-9);
    m_values = ValueAxis::make(values, m_model->equalWidths ? ValueScale(ValueScale::Kind::Linear, first, last) : ValueScale(),
                               false, m_area.width(), true, theme, timeZone());
}

double HistogramBody::edge(size_t bucket, bool upper) const
{
    if (m_model->equalWidths)
        return m_values.xOf(upper ? m_model->upper[bucket] : m_model->lower[bucket], m_area);
    return m_area.left() + m_area.width() * double(bucket + (upper ? 1 : 0)) / double(m_model->lower.size());
}

QRectF HistogramBody::barRect(int series, int bucket) const
{
    if (isEmpty() || isEntryHidden(m_model->series[size_t(series)].entry))
        return {};
    const auto [low, high] = span(size_t(series), size_t(bucket));
    if (!(high > low))
        return {};
    const double left = std::round(edge(size_t(bucket), false));
    const double right = std::round(edge(size_t(bucket), true));
    const double base = m_counts.scale.kind() == ValueScale::Kind::Log && low <= 0 ? m_counts.scale.min() : low;
    const double top = m_counts.yOf(high, m_area);
    return QRectF(left, top, std::max(1.0, right - left), std::max(0.5, m_counts.yOf(base, m_area) - top));
}

void HistogramBody::paintChart(QPainter* painter)
{
    if (isEmpty())
        return;
    const PlotTheme& theme = plotTheme();
    m_counts.paintVertical(painter, m_area, false, true, theme);
    if (m_model->equalWidths)
        m_values.paintHorizontal(painter, m_area, theme);
    else
        paintBounds(painter);
    painter->save();
    painter->setClipRect(m_area.adjusted(-1, -1, 1, 1));
    for (size_t series = 0; series < m_model->series.size(); ++series) {
        const HistogramSeries& one = m_model->series[series];
        const QColor color = toQColor(m_model->chart.series[size_t(one.entry)].color);
        for (size_t bucket = 0; bucket < m_model->lower.size(); ++bucket) {
            const QRectF rect = barRect(int(series), int(bucket));
            if (rect.isEmpty())
                continue;
            painter->setBrush(fillBrush(color, one.fillOpacity, one.gradient, m_area, Qt::TopEdge, theme.kind));
            painter->setPen(one.lineWidth > 0 && rect.width() > 3 ? QPen(color, one.lineWidth) : QPen(Qt::NoPen));
            const double inset = rect.width() > 3 ? one.lineWidth / 2 : 0;
            painter->drawRect(rect.adjusted(inset, inset, -inset, 0));
        }
    }
    painter->restore();
}

/// Buckets of several sizes: their bounds, as many as fit.
void HistogramBody::paintBounds(QPainter* painter) const
{
    const PlotTheme& theme = plotTheme();
    painter->setFont(theme.font);
    painter->setPen(theme.text);
    const QFontMetricsF metrics(theme.font);
    double free = 0;
    for (size_t i = 0; i <= m_model->lower.size(); ++i) {
        const bool last = i == m_model->lower.size();
        const double bound = last ? m_model->upper.back() : m_model->lower[i];
        const QString text = m_model->boundText(bound, timeZone());
        const double width = metrics.horizontalAdvance(text);
        const double x = last ? edge(i - 1, true) : edge(i, false);
        if (x - width / 2 < free)
            continue;
        const double left = std::min(x - width / 2, m_area.right() + kSide - width); // not beyond the edge
        painter->drawText(QPointF(std::round(left), std::round(m_area.bottom() + kLabelGap + metrics.ascent())), text);
        free = x + width / 2 + 12;
    }
}

int HistogramBody::bucketAt(double x) const
{
    for (size_t bucket = 0; bucket < m_model->lower.size(); ++bucket) {
        if (x >= edge(bucket, false) && x < edge(bucket, true))
            return int(bucket);
    }
    return -1;
}

std::optional<ChartHit> HistogramBody::hitAt(QPointF position) const
{
    if (isEmpty() || !m_area.contains(position))
        return {};
    const int bucket = bucketAt(position.x());
    if (bucket < 0)
        return {};
    ChartHit hit;
    hit.item = bucket;
    hit.anchor = QPointF((edge(size_t(bucket), false) + edge(size_t(bucket), true)) / 2, m_area.center().y());
    hit.content.title = m_model->boundText(m_model->lower[size_t(bucket)], timeZone()) + u" \u2013 "_s
        + m_model->boundText(m_model->upper[size_t(bucket)], timeZone());
    hit.shape.addRect(QRectF(QPointF(edge(size_t(bucket), false), m_area.top()),
                             QPointF(edge(size_t(bucket), true), m_area.bottom())));
    std::vector<const HistogramSeries*> listed;
    double best = std::numeric_limits<double>::infinity();
    const HistogramSeries* nearest = nullptr;
    for (size_t i = 0; i < m_model->series.size(); ++i) {
        const HistogramSeries& series = m_model->series[i];
        if (isEntryHidden(series.entry) || m_model->chart.series[size_t(series.entry)].style.hideTooltip)
            continue;
        const double distance = std::abs(m_counts.yOf(span(i, size_t(bucket)).second, m_area) - position.y());
        if (distance < best) {
            best = distance;
            nearest = &series;
        }
        listed.push_back(&series);
    }
    if (tooltipMode() != TooltipMode::All && nearest)
        listed = {nearest};
    if (m_model->chart.tooltipSort != TooltipSort::None) {
        std::stable_sort(listed.begin(), listed.end(), [&](const HistogramSeries* a, const HistogramSeries* b) {
            const double left = a->counts[size_t(bucket)];
            const double right = b->counts[size_t(bucket)];
            return m_model->chart.tooltipSort == TooltipSort::Ascending ? left < right : left > right;
        });
    }
    const auto most = size_t(PlotTooltip::maxRows(this));
    for (const HistogramSeries* series : listed) {
        const double count = series->counts[size_t(bucket)];
        if (m_model->chart.tooltipHideZeros && count == 0 && listed.size() > 1)
            continue;
        if (hit.content.rows.size() >= most) {
            ++hit.content.left;
            continue;
        }
        const SeriesModel& entry = m_model->chart.series[size_t(series->entry)];
        hit.content.rows.push_back({toQColor(entry.color), entry.name, plainCount(count), listed.size() > 1 && series == nearest});
    }
    hit.entry = nearest ? nearest->entry : -1;
    return hit;
}

std::optional<QPointF> HistogramBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (isEmpty())
        return {};
    const int current = from ? bucketAt(from->x()) : -1;
    const int next = current < 0 ? 0 : current + (dx != 0 ? dx : dy);
    if (next < 0 || size_t(next) >= m_model->lower.size())
        return {};
    return QPointF((edge(size_t(next), false) + edge(size_t(next), true)) / 2, m_area.center().y());
}

} // namespace Promdeck
