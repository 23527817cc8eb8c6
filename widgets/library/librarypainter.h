#pragma once

#include <QStyledItemDelegate>

namespace Promdeck {

/// Paints the rows of a LibraryModel: stars, tags as pills, panels below their dashboard.
class LibraryPainter final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    static constexpr int kRow = 36;
    /// Where the star of a row is, in the row's first cell.
    [[nodiscard]] static QRect starRect(const QRect& cell);
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace Promdeck
