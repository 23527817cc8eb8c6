#pragma once

#include <QStyledItemDelegate>

namespace Promdeck {

/// Paints the cells of a table panel: text, coloured text or background, gauges, sparklines, links.
class TableDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace Promdeck
