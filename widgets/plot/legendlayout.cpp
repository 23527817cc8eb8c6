#include "widgets/plot/legendlayout.h"

#include "widgets/common/displayoptions.h"
#include "widgets/plot/plotsprites.h"
#include "widgets/plot/plottext.h"

#include <QPainter>
#include <QPaintEngine>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double MarkGap = 8;
constexpr double EntryGap = 10;
double listRow()
{
    return DisplayOptions::instance().scaled(22);
}
/// Rows are as high as their text wants.
double tableRow()
{
    return DisplayOptions::instance().scaled(24);
}
constexpr double CellGap = 16;
constexpr double Indent = 8;
constexpr double SortMark = 12;

QString calcLabel(const TimeSeriesModel& model, int column)
{
    const QString id = model.legend.calcs.value(column);
    static const QHash<QString, QString> Labels{
        {u"lastNotNull"_s, u"Last *"_s}, {u"firstNotNull"_s, u"First *"_s}, {u"last"_s, u"Last"_s},
        {u"first"_s, u"First"_s}, {u"min"_s, u"Min"_s}, {u"max"_s, u"Max"_s}, {u"mean"_s, u"Mean"_s},
        {u"median"_s, u"Median"_s}, {u"variance"_s, u"Variance"_s}, {u"stdDev"_s, u"StdDev"_s},
        {u"sum"_s, u"Total"_s}, {u"count"_s, u"Count"_s}, {u"range"_s, u"Range"_s}, {u"delta"_s, u"Delta"_s},
        {u"step"_s, u"Step"_s}, {u"diff"_s, u"Difference"_s}, {u"diffperc"_s, u"Difference percent"_s},
        {u"logmin"_s, u"Min (above zero)"_s}, {u"allIsZero"_s, u"All zeros"_s}, {u"allIsNull"_s, u"All nulls"_s},
        {u"changeCount"_s, u"Change count"_s}, {u"distinctCount"_s, u"Distinct count"_s},
        {u"allValues"_s, u"All values"_s}, {u"uniqueValues"_s, u"All unique values"_s},
        {u"value"_s, u"Value"_s}, {u"percent"_s, u"Percent"_s}}; // the pie chart's own columns
    if (id.size() >= 2 && id.startsWith(u'p') && id.mid(1).toInt() > 0)
        return id.mid(1) + u"th %"_s;
    return Labels.value(id, id);
}

QString calcText(const SeriesModel& series, int column)
{
    return size_t(column) < series.calcs.size() ? series.calcs[size_t(column)].text : QString();
}

double calcValue(const SeriesModel& series, int column)
{
    return size_t(column) < series.calcs.size() ? series.calcs[size_t(column)].value : kNull;
}

void layoutList(LegendLayout& layout, const TimeSeriesModel& model, const std::vector<int>& order, double width,
                const PlotText& shaper)
{
    const bool vertical = model.legend.right;
    double x = Indent - 3;
    double y = 0;
    for (const int index : order) {
        const SeriesModel& series = model.series[size_t(index)];
        QString text = series.name;
        for (int column = 0; column < model.legend.calcs.size(); ++column)
            text += u"  "_s + calcLabel(model, column) + u": "_s + calcText(series, column);
        double entryWidth = MarkWidth + MarkGap + std::ceil(shaper.width(text)) + EntryGap;
        entryWidth = std::min(entryWidth, std::max(width - Indent, 40.0));
        if (vertical) {
            entryWidth = std::max(width - Indent, 40.0);
        } else if (x > Indent && x + entryWidth > width) {
            x = Indent - 3;
            y += listRow();
        }
        layout.entries.push_back({index, QRectF(x, y, entryWidth, listRow()), text});
        x += entryWidth;
        if (vertical) {
            x = Indent - 3;
            y += listRow();
        }
    }
    layout.contentWidth = width;
    layout.contentHeight = layout.entries.empty() ? 0 : layout.entries.back().rect.bottom();
}

void layoutTable(LegendLayout& layout, const TimeSeriesModel& model, const std::vector<int>& order, double width,
                 const PlotText& shaper)
{
    int columns = int(model.legend.calcs.size());
    std::vector<double> widths;
    double valuesWidth = 0;
    for (int column = 0; column < columns; ++column) {
        double columnWidth = shaper.width(calcLabel(model, column)) + SortMark;
        for (const int index : order)
            columnWidth = std::max(columnWidth, shaper.width(calcText(model.series[size_t(index)], column)));
        widths.push_back(std::ceil(columnWidth) + CellGap);
        valuesWidth += widths.back();
    }
    double nameNeed = shaper.width(u"Name"_s);
    for (const int index : order)
        nameNeed = std::max(nameNeed, shaper.width(model.series[size_t(index)].name));
    nameNeed = std::ceil(nameNeed) + Indent + MarkWidth + MarkGap + CellGap;
    // Where not all fit, the last columns stay away, and the header says how many: cut in half they would lie.
    const int all = columns;
    const double rest = shaper.width(u"+9"_s) + CellGap;
    while (columns > 1 && std::min(nameNeed, 110.0) + valuesWidth + (columns < all ? rest : 0) > width)
        valuesWidth -= widths[size_t(--columns)];
    if (columns < all)
        valuesWidth += rest;
    // Names give way first, but never below what identifies them.
    layout.nameWidth = std::max(std::min(nameNeed, width - valuesWidth), std::min(nameNeed, 110.0));
    if (!model.legend.right)
        layout.nameWidth = std::max(layout.nameWidth, width - valuesWidth);
    layout.headers.push_back({u"Name"_s, QRectF(0, 0, layout.nameWidth, tableRow()), -1});
    double x = layout.nameWidth;
    for (int column = 0; column < columns; ++column) {
        layout.headers.push_back({calcLabel(model, column), QRectF(x, 0, widths[size_t(column)], tableRow()), column});
        x += widths[size_t(column)];
    }
    if (columns < all) {
        layout.headers.push_back({u'+' + QString::number(all - columns), QRectF(x, 0, rest, tableRow()), LegendLayout::MoreColumns});
        x += rest;
    }
    layout.contentWidth = x;
    double y = tableRow();
    for (const int index : order) {
        layout.entries.push_back({index, QRectF(0, y, x, tableRow()), model.series[size_t(index)].name});
        y += tableRow();
    }
    layout.contentHeight = y;
}

constexpr double HatchHeight = 10; // of a mark that shows an area's hatching

/// The dashes of a line, small enough to show two of them.
void paintDashedMark(QPainter& painter, double x, double middle, const QColor& color, const QList<double>& dash)
{
    constexpr double thick = 3;
    double period = 0;
    for (const double length : dash)
        period += length;
    const double shrink = std::min(1.0, MarkWidth / (1.5 * period));
    QList<qreal> pattern; // a pen counts in widths of the line
    for (const double length : dash)
        pattern << std::max(length * shrink / thick, 0.4);
    painter.save();
    QPen pen(color, thick, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern(pattern);
    painter.setPen(pen);
    painter.drawLine(QPointF(x, std::round(middle) + 0.5), QPointF(x + MarkWidth, std::round(middle) + 0.5));
    painter.restore();
}

void paintMark(QPainter& painter, double x, double middle, const QColor& color, const SeriesStyle& style)
{
    if (style.hatch > 0) {
        painter.fillRect(QRectF(x, std::round(middle) - HatchHeight / 2.0, MarkWidth, HatchHeight), hatchBrush(color, style.hatch));
        return;
    }
    if (style.draw == DrawStyle::Line && style.dash.size() >= 2) {
        paintDashedMark(painter, x, middle, color, style.dash);
        return;
    }
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        // Files of lines and texts need no picture of a line.
        painter.save();
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(x, middle - MarkHeight / 2.0, MarkWidth, MarkHeight), MarkHeight / 2.0, MarkHeight / 2.0);
        painter.restore();
        return;
    }
    painter.drawImage(QPointF(x, std::round(middle - MarkHeight / 2.0)), legendMark(color, painter.device()->devicePixelRatioF()));
}

void paintHeaders(QPainter& painter, const LegendLayout& layout, const LegendState& state, const PlotTheme& theme)
{
    const PlotText shaper(theme.font);
    for (const LegendLayout::Header& header : layout.headers) {
        QString text = header.text;
        if (header.column == state.sortColumn)
            text += state.sortDescending ? u" \u25BE"_s : u" \u25B4"_s;
        painter.setPen(header.column == LegendLayout::MoreColumns ? theme.weakText : theme.link);
        const double baseline = std::round(header.rect.center().y() + (shaper.ascent() - shaper.descent()) / 2);
        const double x = header.column == -1 ? header.rect.left() + Indent + MarkWidth + MarkGap
                                           : header.rect.right() - Indent - shaper.width(text);
        shaper.draw(painter, QPointF(std::round(x), baseline), text);
    }
    painter.fillRect(QRectF(0, tableRow() - 1, layout.contentWidth, 1), theme.border);
}

} // namespace

std::vector<int> legendOrder(const TimeSeriesModel& model, const LegendState& state)
{
    std::vector<int> order = model.legend.order;
    if (order.empty()) {
        for (size_t index = 0; index < model.series.size(); ++index) {
            if (!model.series[index].style.hideLegend)
                order.push_back(int(index));
        }
    }
    if (state.sortColumn < -1)
        return order;
    std::stable_sort(order.begin(), order.end(), [&](int left, int right) {
        const SeriesModel& a = model.series[size_t(state.sortDescending ? right : left)];
        const SeriesModel& b = model.series[size_t(state.sortDescending ? left : right)];
        if (state.sortColumn < 0)
            return a.name.localeAwareCompare(b.name) < 0;
        const double x = calcValue(a, state.sortColumn);
        const double y = calcValue(b, state.sortColumn);
        // Series without a value sort as the smallest.
        return std::isnan(x) ? !std::isnan(y) : x < y;
    });
    return order;
}

LegendLayout layoutLegend(const TimeSeriesModel& model, const LegendState& state, double width, const PlotTheme& theme)
{
    LegendLayout layout;
    const PlotText shaper(theme.font);
    const std::vector<int> order = legendOrder(model, state);
    if (model.legend.table)
        layoutTable(layout, model, order, width, shaper);
    else
        layoutList(layout, model, order, width, shaper);
    return layout;
}

void paintLegend(QPainter& painter, const QRectF& rect, const TimeSeriesModel& model, const LegendLayout& layout,
                 const LegendState& state, const PlotTheme& theme)
{
    painter.save();
    painter.setClipRect(rect);
    painter.translate(rect.topLeft());
    painter.setFont(theme.font);
    painter.setRenderHint(QPainter::Antialiasing);
    const PlotText shaper(theme.font);
    const double middleShift = (shaper.ascent() - shaper.descent()) / 2;
    const double headerHeight = layout.headers.empty() ? 0 : tableRow();
    painter.save();
    painter.setClipRect(QRectF(0, headerHeight, rect.width(), rect.height() - headerHeight));
    painter.translate(0, -state.scroll);
    for (const LegendLayout::Entry& entry : layout.entries) {
        if (entry.rect.bottom() - state.scroll < 0 || entry.rect.top() - state.scroll > rect.height())
            continue;
        const SeriesModel& series = model.series[size_t(entry.series)];
        const bool off = size_t(entry.series) < state.hidden.size() && state.hidden[size_t(entry.series)];
        if (entry.series == state.hovered || entry.series == state.current)
            painter.fillRect(entry.rect, theme.hoverRow);
        const double middle = entry.rect.center().y();
        const double baseline = std::round(middle + middleShift);
        const double markX = entry.rect.left() + (layout.headers.empty() ? 0 : Indent);
        paintMark(painter, markX, middle, off ? theme.grid : toQColor(series.color), series.style);
        painter.setPen(off ? theme.weakText : theme.text);
        if (off)
            painter.setOpacity(0.6);
        const double textX = markX + MarkWidth + MarkGap;
        const double textRoom = (layout.headers.empty() ? entry.rect.right() - EntryGap + 1 : layout.nameWidth - 4) - textX;
        shaper.draw(painter, QPointF(std::round(textX), baseline), shaper.elided(entry.text, textRoom));
        for (size_t column = 1; column < layout.headers.size(); ++column) {
            if (layout.headers[column].column < 0)
                continue;
            const QString text = calcText(series, layout.headers[column].column);
            const double x = layout.headers[column].rect.right() - Indent - shaper.width(text);
            shaper.draw(painter, QPointF(std::round(x), baseline), text);
        }
        painter.setOpacity(1);
        if (!layout.headers.empty())
            painter.fillRect(QRectF(0, entry.rect.bottom() - 1, layout.contentWidth, 1), theme.border);
    }
    painter.restore();
    if (!layout.headers.empty())
        paintHeaders(painter, layout, state, theme);
    if (layout.contentHeight > rect.height() + 1) {
        const double room = rect.height() - headerHeight;
        const double content = layout.contentHeight - headerHeight;
        const double length = std::max(20.0, room * room / content);
        const double place = headerHeight + (room - length) * state.scroll / std::max(content - room, 1.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.weakText);
        painter.setOpacity(0.35);
        painter.drawRoundedRect(QRectF(rect.width() - 5, place, 4, length), 2, 2);
    }
    painter.restore();
}

PanelSplit splitPanel(const TimeSeriesModel& model, QSizeF size, const PlotTheme& theme)
{
    PanelSplit split;
    split.plot = QRectF(QPointF(0, 0), size);
    const bool empty = legendOrder(model, {}).empty();
    if (!model.legend.show || empty)
        return split;
    if (model.legend.right) {
        double width = model.legend.width;
        if (width <= 0) {
            const LegendLayout wide = layoutLegend(model, {}, 10, theme);
            double need = wide.contentWidth;
            if (!model.legend.table) {
                const PlotText shaper(theme.font);
                need = 0;
                for (const LegendLayout::Entry& entry : wide.entries)
                    need = std::max(need, shaper.width(entry.text) + MarkWidth + MarkGap + EntryGap + Indent);
            } else {
                need = layoutLegend(model, {}, 1e5, theme).contentWidth;
            }
            width = std::min(std::ceil(need) + 4, size.width() * (model.legend.table ? 0.6 : 0.4));
        }
        width = std::min(width, size.width() * 0.85);
        split.legend = QRectF(size.width() - width, 0, width, size.height());
        split.plot.setRight(size.width() - width - 8);
        return split;
    }
    const LegendLayout full = layoutLegend(model, {}, size.width(), theme);
    // Grafana lets a legend take at most 35 % of the height; a table keeps at least two rows.
    const double most = std::max(size.height() * 0.35, model.legend.table ? tableRow() * 2 : listRow());
    const double height = std::min(full.contentHeight, std::floor(most));
    if (size.height() - height < 40)
        return split;
    split.legend = QRectF(0, size.height() - height, size.width(), height);
    split.plot.setBottom(size.height() - height - 2);
    return split;
}

} // namespace Promdeck
