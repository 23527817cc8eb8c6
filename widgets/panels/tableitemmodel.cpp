#include "widgets/panels/tableitemmodel.h"

#include "widgets/common/plaintip.h"

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kCachedCells = 8000; // a large screen of cells

}

void TableItemModel::setData(std::shared_ptr<const TableModelData> data, std::vector<qsizetype> rows)
{
    beginResetModel();
    m_data = std::move(data);
    m_rows = std::move(rows);
    m_columns.clear();
    m_cache.clear();
    m_rowColorColumn = -1;
    for (size_t i = 0; m_data && i < m_data->columns.size(); ++i) {
        if (m_data->columns[i].hidden)
            continue;
        m_columns.push_back(int(i));
        const Json& options = m_data->fields[i].config.custom[u"cellOptions"];
        if (options[u"applyToRow"].toBool() && m_data->columns[i].cellType == u"color-background")
            m_rowColorColumn = int(i);
    }
    endResetModel();
}

int TableItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TableItemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

DisplayValue TableItemModel::cell(int row, int column) const
{
    const qint64 key = qint64(row) * 4096 + column;
    const auto found = m_cache.constFind(key);
    if (found != m_cache.constEnd())
        return *found;
    if (m_cache.size() > kCachedCells)
        m_cache.clear();
    return *m_cache.insert(key, m_data->cell(m_rows[size_t(row)], sourceColumn(column)));
}

std::optional<Rgba> TableItemModel::rowColor(int row) const
{
    if (m_rowColorColumn < 0)
        return {};
    const DisplayValue value = m_data->cell(m_rows[size_t(row)], m_rowColorColumn);
    return value.hasColor ? std::optional(value.color) : std::nullopt;
}

QVariant TableItemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case TextRole:
        return cell(index.row(), index.column()).toString();
    case Qt::ToolTipRole:
        return plainTip(cell(index.row(), index.column()).toString());
    case NumberRole:
        return cell(index.row(), index.column()).numeric;
    default:
        return {};
    }
}

QVariant TableItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && (role == Qt::DisplayRole || role == Qt::ToolTipRole) && section >= 0
        && section < int(m_columns.size()))
        return role == Qt::ToolTipRole ? plainTip(column(section).name) : column(section).name;
    return {};
}

} // namespace Promdeck
