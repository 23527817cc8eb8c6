#include "widgets/panels/datatablemodel.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace Promdeck {

void DataTableModel::setTable(std::shared_ptr<const DataTable> table, DataTable::Values values)
{
    beginResetModel();
    m_table = std::move(table);
    m_values = values;
    endResetModel();
}

int DataTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_table)
        return 0;
    return int(std::min<qsizetype>(m_table->rows, std::numeric_limits<int>::max()));
}

int DataTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_table ? 0 : int(m_table->columns.size());
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return m_table->text(index.row(), index.column(), m_values);
    case Qt::TextAlignmentRole: {
        const bool number = m_table->columns[size_t(index.column())].field.type == FieldType::Number;
        return QVariant(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    }
    default: return {};
    }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_table)
        return {};
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (section < 0 || size_t(section) >= m_table->columns.size())
        return {};
    const DataColumn& column = m_table->columns[size_t(section)];
    if (role == Qt::DisplayRole)
        return column.name;
    if (role == Qt::ToolTipRole)
        return QString(column.name + u'\n' + formatLabels(column.field.labels)).trimmed();
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (column.field.type == FieldType::Number ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

} // namespace Promdeck
