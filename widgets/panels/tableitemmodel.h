#pragma once

#include "models/panel/panelmodels.h"

#include <QAbstractTableModel>
#include <QHash>

namespace Promdeck {

/// A TableModelData as an item model: hidden columns left out, rows in display order. Cells are formatted when
/// asked for, with a small cache of what is on screen.
class TableItemModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    /// NumberRole gives a cell's number without its format, NaN where it has none.
    enum Role { TextRole = Qt::DisplayRole, NumberRole = Qt::UserRole };

    explicit TableItemModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    /// `rows`: which rows to show, as places in the data's own (sorted) order.
    void setData(std::shared_ptr<const TableModelData> data, std::vector<qsizetype> rows);
    using QAbstractTableModel::setData;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] const TableModelData* table() const { return m_data.get(); }
    /// Index in TableModelData::columns of a shown column.
    [[nodiscard]] int sourceColumn(int column) const { return m_columns[size_t(column)]; }
    [[nodiscard]] const TableColumn& column(int column) const { return m_data->columns[size_t(sourceColumn(column))]; }
    [[nodiscard]] DisplayValue cell(int row, int column) const;
    /// The colour that a column with "apply to row" gives a whole row.
    [[nodiscard]] std::optional<Rgba> rowColor(int row) const;

private:
    std::shared_ptr<const TableModelData> m_data;
    std::vector<int> m_columns;
    std::vector<qsizetype> m_rows;
    int m_rowColorColumn = -1;
    mutable QHash<qint64, DisplayValue> m_cache;
};

} // namespace Promdeck
