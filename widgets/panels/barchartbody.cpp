#include "widgets/panels/barchartbody.h"

#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/plot/plottooltip.h"

#include <QFontMetricsF>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kTop = 8;
constexpr double kSide = 8;
constexpr double kLabelGap = 6;
constexpr double kAutoHorizontalBelow = 600; ///< px: narrow charts lie on their side
constexpr double kSmallestValuePx = 8;
constexpr double kLargestValuePx = 16;
constexpr double kValueShare = 0.65; ///< of a bar's width that its value may fill

QString shortened(const QString& text, int most)
{
    return most > 0 && text.size() > most ? text.left(most) + u'\u2026' : text;
}

} // namespace

void BarChartBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const BarChartModel>(barChartModel(spec, *data, context)); },
            [this, input](std::shared_ptr<const BarChartModel> model) {
                m_model = model;
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString BarChartBody::emptyText() const
{
    if (m_model && m_model->problem == u"no-category")
        return tr("Bar charts need a text or a time column");
    return m_model && m_model->problem == u"no-number" ? tr("Bar charts need a number column") : QString();
}

QString BarChartBody::plainText() const
{
    QStringList lines;
    if (!m_model)
        return {};
    for (size_t category = 0; category < m_model->categories.size(); ++category) {
        QStringList parts {m_model->categories[category]};
        for (const BarSeries& bars : m_model->series)
            parts << m_model->chart.series[size_t(bars.entry)].name + u' ' + bars.texts[category];
        lines << parts.join(u", "_s);
    }
    return lines.join(u'\n');
}

void BarChartBody::layoutChart(const QSizeF& size)
{
    m_bars.clear();
    if (!m_model || m_model->series.empty())
        return;
    m_horizontal = m_model->horizontal.value_or(size.width() < kAutoHorizontalBelow);
    m_spans = barSpans(*m_model, hidden());
    m_labels.clear();
    if (!m_model->times.empty()) {
        // One format for all, as fine as their distance asks for.
        const QTimeZone zone = timeZoneByName(timeZone());
        const qint64 span = m_model->times.back() - m_model->times.front();
        const QString format = span > 86'400'000 ? u"MM-dd HH:mm"_s : span > 300'000 ? u"HH:mm"_s : u"HH:mm:ss"_s;
        for (const qint64 time : m_model->times)
            m_labels << timeText(time, zone, format);
    } else {
        for (const QString& category : m_model->categories)
            m_labels << shortened(category, m_model->labelMaxLength);
    }
    makeAxes();
    placeArea(size);
    makeLabels();
    placeBars();
}

void BarChartBody::makeAxes()
{
    const size_t count = std::max<size_t>(1, m_model->chart.axes.size());
    m_scales.assign(count, ValueScale());
    m_axisUsed.assign(count, 0);
    m_axes.assign(count, ValueAxis());
    for (size_t axis = 0; axis < count; ++axis) {
        const AxisModel description = axis < m_model->chart.axes.size() ? m_model->chart.axes[axis] : AxisModel();
        RangeRules rules = rangeRules(description);
        double low = 0;
        double high = 0;
        double smallest = std::numeric_limits<double>::infinity();
        for (size_t i = 0; i < m_model->series.size(); ++i) {
            const int entry = m_model->series[i].entry;
            if (size_t(std::max(0, m_model->chart.series[size_t(entry)].axis)) != axis || isEntryHidden(entry))
                continue;
            m_axisUsed[axis] = 1;
            for (const BarSpan& span : m_spans[i]) {
                if (!std::isfinite(span.high))
                    continue;
                low = std::min({low, span.low, span.high});
                high = std::max({high, span.low, span.high});
                if (span.high > 0)
                    smallest = std::min(smallest, span.high);
            }
        }
        const bool percent = m_model->stacking == StackingMode::Percent;
        if (percent) {
            rules.hardMin = rules.hardMin.value_or(low < 0 ? -1 : 0);
            rules.hardMax = rules.hardMax.value_or(high > 0 ? 1 : 0);
        }
        if (rules.kind == ValueScale::Kind::Log && smallest <= high)
            low = smallest / 2; // the smallest bar still shows
        m_scales[axis] = autoScale(low, high, rules);
    }
}

void BarChartBody::placeArea(const QSizeF& size)
{
    const PlotTheme& theme = plotTheme();
    const QFontMetricsF metrics(theme.font);
    double widest = 0;
    for (const QString& label : std::as_const(m_labels))
        widest = std::max(widest, metrics.horizontalAdvance(label));
    const bool percent = m_model->stacking == StackingMode::Percent;
    const auto make = [&](double length) {
        for (size_t axis = 0; axis < m_axes.size(); ++axis) {
            const AxisModel description = axis < m_model->chart.axes.size() ? m_model->chart.axes[axis] : AxisModel();
            m_axes[axis] = ValueAxis::make(description, m_scales[axis], percent, length, m_horizontal, theme, timeZone());
            if (description.colorFromSeries || !m_axisUsed[axis])
                continue;
        }
    };
    if (m_horizontal) {
        m_labelExtent = std::min(widest, size.width() * 0.4);
        double bottom = 0;
        make(size.width() - m_labelExtent);
        for (size_t axis = 0; axis < m_axes.size(); ++axis)
            bottom = std::max(bottom, m_axes[axis].height(theme));
        const double left = kSide + m_labelExtent + kLabelGap;
        m_area = QRectF(std::round(left), kTop, std::max(10.0, std::floor(size.width() - left - 2 * kSide)),
                        std::max(10.0, std::floor(size.height() - kTop - bottom)));
        make(m_area.width());
        return;
    }
    const double angle = std::abs(m_model->labelRotation) * M_PI / 180;
    m_labelExtent = angle > 0 ? std::min(widest * std::sin(angle) + metrics.height() * std::cos(angle), size.height() * 0.4)
                              : metrics.height();
    const double height = std::max(10.0, std::floor(size.height() - kTop - m_labelExtent - 2 * kLabelGap));
    make(height);
    double left = 0;
    double right = 0;
    for (size_t axis = 0; axis < m_axes.size(); ++axis) {
        if (!m_axisUsed[axis])
            continue;
        double& side = m_axes[axis].model.placement == AxisPlacement::Right ? right : left;
        side = std::max(side, m_axes[axis].width(theme));
    }
    left = std::max(left, kSide);
    right = std::max(right, kSide);
    m_area = QRectF(std::round(left), kTop, std::max(10.0, std::floor(size.width() - left - right)), height);
}

QRectF BarChartBody::slot(size_t category) const
{
    const auto count = double(m_model->categories.size());
    if (m_horizontal) {
        const double height = m_area.height() / count;
        return {m_area.left(), m_area.top() + height * double(category), m_area.width(), height};
    }
    const double width = m_area.width() / count;
    return {m_area.left() + width * double(category), m_area.top(), width, m_area.height()};
}

/// Which labels fit beside each other: every n-th, counted from the end that the spacing names.
void BarChartBody::makeLabels()
{
    m_shown.clear();
    const int count = int(m_labels.size());
    if (count == 0)
        return;
    const QFontMetricsF metrics(plotTheme().font);
    double need = metrics.height() + 2;
    if (!m_horizontal && m_model->labelRotation == 0) {
        for (const QString& label : std::as_const(m_labels))
            need = std::max(need, std::min(metrics.horizontalAdvance(label), slot(0).width() * 3) + 8);
        if (m_model->times.empty() && need > slot(0).width())
            need = std::max(slot(0).width(), 60.0); // texts are shortened rather than left out
    }
    need = std::max(need, double(std::abs(m_model->labelSpacing)));
    const double each = m_horizontal ? slot(0).height() : slot(0).width();
    const int every = std::max(1, int(std::ceil(need / std::max(each, 0.01))));
    if (m_model->labelSpacing < 0) {
        for (int i = count - 1; i >= 0; i -= every)
            m_shown.insert(m_shown.begin(), i);
    } else {
        for (int i = 0; i < count; i += every)
            m_shown.push_back(i);
    }
}

void BarChartBody::placeBars()
{
    std::vector<size_t> drawn;
    for (size_t i = 0; i < m_model->series.size(); ++i) {
        if (!isEntryHidden(m_model->series[i].entry))
            drawn.push_back(i);
    }
    const bool stacked = m_model->stacking != StackingMode::None;
    const double places = stacked ? 1 : std::max<double>(1, double(drawn.size()));
    for (size_t category = 0; category < m_model->categories.size(); ++category) {
        const QRectF whole = slot(category);
        const double across = m_horizontal ? whole.height() : whole.width();
        const double group = across * m_model->groupWidth;
        const double place = group / places;
        const double bar = std::max(1.0, place * m_model->barWidth);
        for (size_t at = 0; at < drawn.size(); ++at) {
            const size_t series = drawn[at];
            const BarSpan span = m_spans[series][category];
            if (!std::isfinite(span.high))
                continue;
            const auto axis = size_t(std::max(0, m_model->chart.series[size_t(m_model->series[series].entry)].axis));
            const ValueAxis& scale = m_axes[std::min(axis, m_axes.size() - 1)];
            const bool log = scale.scale.kind() == ValueScale::Kind::Log;
            const double base = log && span.low <= 0 ? scale.scale.min() : span.low;
            const double offset = (across - group) / 2 + (stacked ? 0 : place * double(at)) + (place - bar) / 2;
            QRectF rect;
            if (m_horizontal) {
                rect = QRectF(QPointF(scale.xOf(base, m_area), whole.top() + offset),
                              QPointF(scale.xOf(span.high, m_area), whole.top() + offset + bar));
            } else {
                rect = QRectF(QPointF(whole.left() + offset, scale.yOf(span.high, m_area)),
                              QPointF(whole.left() + offset + bar, scale.yOf(base, m_area)));
            }
            m_bars.push_back({rect.normalized().intersected(m_area), int(series), int(category), span.high < span.low});
        }
    }
}

void BarChartBody::paintChart(QPainter* painter)
{
    if (!m_model || m_model->series.empty())
        return;
    const PlotTheme& theme = plotTheme();
    bool grid = true;
    for (size_t axis = 0; axis < m_axes.size(); ++axis) {
        if (!m_axisUsed[axis])
            continue;
        m_axes[axis].paintThresholds(painter, m_area, !m_horizontal, false);
        if (m_horizontal) {
            if (grid)
                m_axes[axis].paintHorizontal(painter, m_area, theme);
        } else {
            m_axes[axis].paintVertical(painter, m_area, m_axes[axis].model.placement == AxisPlacement::Right, grid, theme);
        }
        grid = false;
    }
    paintLabels(painter);
    paintBars(painter);
    for (size_t axis = 0; axis < m_axes.size(); ++axis) {
        if (m_axisUsed[axis])
            m_axes[axis].paintThresholds(painter, m_area, !m_horizontal, true);
    }
    if (m_model->values != ValueVisibility::Never)
        paintValues(painter);
}

void BarChartBody::paintBars(QPainter* painter) const
{
    painter->save();
    painter->setClipRect(m_area.adjusted(-1, -1, 1, 1));
    for (const Bar& bar : m_bars) {
        const BarSeries& series = m_model->series[size_t(bar.series)];
        const QColor color = toQColor(series.colors[size_t(bar.category)]);
        const Qt::Edge top = m_horizontal ? (bar.negative ? Qt::LeftEdge : Qt::RightEdge)
                                          : (bar.negative ? Qt::BottomEdge : Qt::TopEdge);
        painter->setBrush(fillBrush(color, series.fillOpacity, series.gradient, bar.rect, top, plotTheme().kind));
        painter->setPen(series.lineWidth > 0 ? QPen(color, series.lineWidth) : QPen(Qt::NoPen));
        const double inset = series.lineWidth / 2;
        const QRectF rect = bar.rect.width() > 2 * inset && bar.rect.height() > 2 * inset
            ? bar.rect.adjusted(inset, inset, -inset, -inset)
            : bar.rect;
        const double radius = m_model->barRadius * (m_horizontal ? rect.height() : rect.width());
        if (radius > 0.5)
            painter->drawRoundedRect(rect, radius, radius);
        else
            painter->drawRect(rect);
    }
    painter->restore();
}

/// All values in one size: the largest at which the widest fits its bar.
void BarChartBody::paintValues(QPainter* painter) const
{
    double px = m_model->valuePx > 0 ? m_model->valuePx : kLargestValuePx;
    if (m_model->valuePx <= 0) {
        for (const Bar& bar : m_bars) {
            const QString& text = m_model->series[size_t(bar.series)].texts[size_t(bar.category)];
            const double fits = m_horizontal ? bar.rect.height() * kValueShare
                                             : bar.rect.width() / std::max(1.0, textWidthAt100(text)) * 100;
            px = std::min(px, fits);
        }
        if (px < kSmallestValuePx) {
            if (m_model->values == ValueVisibility::Auto)
                return;
            px = kSmallestValuePx;
        }
    }
    painter->setFont(panelFont(px));
    const QFontMetricsF metrics(painter->font());
    const bool stacked = m_model->stacking != StackingMode::None;
    for (const Bar& bar : m_bars) {
        const BarSeries& series = m_model->series[size_t(bar.series)];
        const QString& text = series.texts[size_t(bar.category)];
        const double width = metrics.horizontalAdvance(text);
        QPointF at;
        bool inside = stacked;
        if (m_horizontal) {
            inside = inside || bar.rect.right() + 4 + width > m_area.right() + kSide;
            const double x = stacked ? bar.rect.center().x() - width / 2
                : bar.negative       ? bar.rect.left() - 4 - width
                : inside             ? bar.rect.right() - 4 - width
                                     : bar.rect.right() + 4;
            at = QPointF(x, bar.rect.center().y() + (metrics.ascent() - metrics.descent()) / 2);
            if (stacked && width > bar.rect.width())
                continue;
        } else {
            inside = inside || (!bar.negative && bar.rect.top() - metrics.height() < 0);
            const double y = stacked ? bar.rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
                : bar.negative       ? bar.rect.bottom() + metrics.ascent()
                : inside             ? bar.rect.top() + metrics.ascent() + 2
                                     : bar.rect.top() - metrics.descent() - 1;
            at = QPointF(bar.rect.center().x() - width / 2, y);
            if (stacked && metrics.height() > bar.rect.height())
                continue;
        }
        const QColor color = toQColor(series.colors[size_t(bar.category)]);
        const QColor ground = blend(Theme::instance().colors().panel, withAlpha(color, series.fillOpacity));
        painter->setPen(inside ? contrastText(ground) : plotTheme().text);
        painter->drawText(at, text);
    }
}

void BarChartBody::paintLabels(QPainter* painter) const
{
    const PlotTheme& theme = plotTheme();
    painter->setFont(theme.font);
    painter->setPen(theme.text);
    const QFontMetricsF metrics(theme.font);
    const double shift = (metrics.ascent() - metrics.descent()) / 2;
    const double every = m_shown.size() > 1 ? double(m_shown[1] - m_shown[0]) : double(m_labels.size());
    for (const int category : m_shown) {
        const QRectF place = slot(size_t(category));
        if (m_horizontal) {
            const QString text = metrics.elidedText(m_labels[category], Qt::ElideRight, m_labelExtent + 1);
            painter->drawText(QPointF(std::round(m_area.left() - kLabelGap - metrics.horizontalAdvance(text)),
                                      std::round(place.center().y() + shift)),
                              text);
            continue;
        }
        if (m_model->labelRotation == 0) {
            const double room = place.width() * every - 4;
            const QString text = metrics.elidedText(m_labels[category], Qt::ElideRight, room);
            painter->drawText(QPointF(std::round(place.center().x() - metrics.horizontalAdvance(text) / 2),
                                      std::round(m_area.bottom() + kLabelGap + metrics.ascent())),
                              text);
            continue;
        }
        // Turned labels end (or begin) below the middle of their category.
        const double room = m_labelExtent / std::max(0.2, std::sin(std::abs(m_model->labelRotation) * M_PI / 180));
        const QString text = metrics.elidedText(m_labels[category], Qt::ElideRight, room);
        painter->save();
        painter->translate(place.center().x(), m_area.bottom() + kLabelGap + shift);
        painter->rotate(m_model->labelRotation);
        painter->drawText(QPointF(m_model->labelRotation < 0 ? -metrics.horizontalAdvance(text) : 0, shift), text);
        painter->restore();
    }
}

QRectF BarChartBody::barRect(int series, int category) const
{
    for (const Bar& bar : m_bars) {
        if (bar.series == series && bar.category == category)
            return bar.rect;
    }
    return {};
}

const BarChartBody::Bar* BarChartBody::barAt(QPointF position) const
{
    const Bar* nearest = nullptr;
    double best = 0;
    for (const Bar& bar : m_bars) {
        if (bar.rect.adjusted(-0.5, -0.5, 0.5, 0.5).contains(position))
            return &bar;
        // Low bars are hard to hit: their whole place counts, the full height of the chart included.
        const bool inPlace = m_horizontal ? position.y() >= bar.rect.top() && position.y() <= bar.rect.bottom()
                                          : position.x() >= bar.rect.left() && position.x() <= bar.rect.right();
        const double distance = m_horizontal ? std::abs(bar.rect.center().x() - position.x())
                                             : std::abs(bar.rect.center().y() - position.y());
        if (inPlace && m_area.contains(position) && (!nearest || distance < best)) {
            nearest = &bar;
            best = distance;
        }
    }
    return nearest;
}

ChartHit BarChartBody::hitOf(const Bar& bar) const
{
    ChartHit hit;
    hit.item = qint64(bar.category) * 100'000 + bar.series;
    hit.anchor = bar.rect.center();
    hit.content.title = m_model->categories[size_t(bar.category)];
    const int most = PlotTooltip::maxRows(this);
    std::vector<int> order;
    for (int i = 0; i < int(m_model->series.size()); ++i) {
        const BarSeries& one = m_model->series[size_t(i)];
        const double value = one.values[size_t(bar.category)];
        const bool wanted = tooltipMode() == TooltipMode::All || i == bar.series;
        const bool zero = m_model->chart.tooltipHideZeros && value == 0 && i != bar.series;
        if (wanted && !zero && std::isfinite(value) && !isEntryHidden(one.entry)
            && !m_model->chart.series[size_t(one.entry)].style.hideTooltip)
            order.push_back(i);
    }
    if (m_model->chart.tooltipSort != TooltipSort::None) {
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            const double left = m_model->series[size_t(a)].values[size_t(bar.category)];
            const double right = m_model->series[size_t(b)].values[size_t(bar.category)];
            return m_model->chart.tooltipSort == TooltipSort::Ascending ? left < right : left > right;
        });
    }
    for (const int i : order) {
        if (int(hit.content.rows.size()) >= most) {
            ++hit.content.left;
            continue;
        }
        const BarSeries& one = m_model->series[size_t(i)];
        hit.content.rows.push_back({toQColor(one.colors[size_t(bar.category)]), m_model->chart.series[size_t(one.entry)].name,
                                    one.texts[size_t(bar.category)], order.size() > 1 && i == bar.series});
    }
    hit.entry = m_model->series[size_t(bar.series)].entry;
    hit.shape.addRect(m_model->fullHighlight ? slot(size_t(bar.category)) : bar.rect);
    return hit;
}

std::optional<ChartHit> BarChartBody::hitAt(QPointF position) const
{
    const Bar* bar = barAt(position);
    return bar ? std::optional(hitOf(*bar)) : std::nullopt;
}

std::optional<QPointF> BarChartBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (m_bars.empty())
        return {};
    const Bar* current = from ? barAt(*from) : nullptr;
    if (!current)
        return m_bars.front().rect.center();
    const auto index = (current - m_bars.data()) + (dx != 0 ? dx : dy);
    if (index < 0 || size_t(index) >= m_bars.size())
        return {};
    return m_bars[size_t(index)].rect.center();
}

} // namespace Promdeck
