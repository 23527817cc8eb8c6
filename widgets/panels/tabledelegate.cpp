#include "widgets/panels/tabledelegate.h"

#include "widgets/common/theme.h"
#include "widgets/panels/gaugepainter.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/panels/tableitemmodel.h"

#include <QLinearGradient>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kCellMargin = 8;
constexpr double kLeastGaugeText = 48; ///< px: "10.5%" and its like

Qt::Alignment alignmentOf(const TableColumn& column)
{
    if (column.align == u"left")
        return Qt::AlignLeft;
    if (column.align == u"center")
        return Qt::AlignHCenter;
    if (column.align == u"right")
        return Qt::AlignRight;
    return column.type == FieldType::Number ? Qt::AlignRight : Qt::AlignLeft;
}

void fillCell(QPainter* painter, const QRect& rect, const QColor& color, const QString& mode, bool dark)
{
    if (mode == u"basic") {
        painter->fillRect(rect, color);
        return;
    }
    const double factor = dark ? 1 : -0.7;
    QLinearGradient gradient(rect.topLeft(), rect.topRight());
    gradient.setColorAt(0, shifted(color, -0.1 * factor, 5));
    gradient.setColorAt(1, color);
    painter->fillRect(rect, gradient);
}

void paintGaugeCell(QPainter* painter, const QRect& rect, const TableItemModel& model, const QModelIndex& index,
                    const DisplayValue& value)
{
    const TableColumn& column = model.column(index.column());
    const Field& field = model.table()->fields[size_t(model.sourceColumn(index.column()))];
    SingleValue item;
    item.display = value;
    item.min = field.config.min.value_or(field.state.min.value_or(0));
    item.max = field.config.max.value_or(field.state.max.value_or(100));
    item.thresholds = field.config.thresholds.value_or(Thresholds {});
    item.colorConfig = field.config.color.value_or(ColorConfig {});
    const auto mode = column.cellMode == u"lcd" ? BarGaugeOptions::Mode::Lcd
        : column.cellMode == u"basic"           ? BarGaugeOptions::Mode::Basic
                                                : BarGaugeOptions::Mode::Gradient;
    const Theme& theme = Theme::instance();
    const QString display = field.config.custom.path(u"cellOptions.valueDisplayMode").toString(u"text"_s);
    QRectF bar = QRectF(rect).adjusted(kCellMargin, 6, -kCellMargin, -6);
    if (display != u"hidden") {
        const double width = std::min({80.0, std::max(bar.width() * 0.4, kLeastGaugeText), bar.width()});
        painter->setPen(display == u"color" && value.hasColor ? toColor(value.color) : theme.colors().text);
        drawElided(painter, QRectF(bar.right() - width, rect.top(), width, rect.height()), value.toString(),
                   Qt::AlignRight | Qt::AlignVCenter);
        bar.setRight(bar.right() - width - 8);
    }
    painter->setRenderHint(QPainter::Antialiasing);
    paintBar(painter, bar, item, mode, true, Qt::Horizontal, theme.colors(), theme.kind());
}

} // namespace

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* model = static_cast<const TableItemModel*>(index.model());
    const TableColumn& column = model->column(index.column());
    const DisplayValue value = model->cell(index.row(), index.column());
    const Theme& theme = Theme::instance();
    const ThemeColors& c = theme.colors();
    painter->save();
    painter->setClipRect(option.rect);
    QColor text = c.text;
    if (const auto row = model->rowColor(index.row())) {
        painter->fillRect(option.rect, toColor(*row));
        text = readableOn(blend(c.panel, toColor(*row)));
    }
    if (column.cellType == u"color-background" && value.hasColor) {
        const QColor color = toColor(value.color);
        fillCell(painter, option.rect, color, column.cellMode, theme.isDark());
        text = readableOn(blend(c.panel, color));
    } else if (column.cellType == u"color-text" && value.hasColor) {
        text = toColor(value.color);
    }
    if (!column.links.empty())
        text = column.cellType == u"color-background" ? text : c.link;
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, c.selected);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, c.hover);
    painter->setFont(option.font);
    if (column.cellType == u"gauge" && std::isfinite(value.numeric)) {
        paintGaugeCell(painter, option.rect, *model, index, value);
    } else {
        painter->setPen(text);
        const QRectF rect = QRectF(option.rect).adjusted(kCellMargin, 0, -kCellMargin, 0);
        drawElided(painter, rect, value.toString(), alignmentOf(column) | Qt::AlignVCenter);
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(c.borderWeak);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->restore();
}

} // namespace Promdeck
