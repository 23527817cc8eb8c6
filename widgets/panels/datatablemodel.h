#pragma once

#include "models/panel/datatable.h"

#include <QAbstractTableModel>

namespace Promdeck {

/// A DataTable as an item model. Cells are written when they are looked at.
class DataTableModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit DataTableModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setTable(std::shared_ptr<const DataTable> table, DataTable::Values values);
    [[nodiscard]] const std::shared_ptr<const DataTable>& table() const { return m_table; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const DataTable> m_table;
    DataTable::Values m_values = DataTable::Values::Formatted;
};

} // namespace Promdeck
