#include "widgets/panels/astablebody.h"

#include "models/panel/datatable.h"
#include "widgets/panels/datatablemodel.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kTextRows = 200;
constexpr int kWidestColumn = 320;

/// The same rows, the last one first.
DataTable newestFirst(DataTable table)
{
    auto turned = std::make_shared<std::vector<qsizetype>>(size_t(table.rows));
    std::iota(turned->rbegin(), turned->rend(), qsizetype(0));
    for (DataColumn& column : table.columns) {
        auto rows = std::make_shared<std::vector<qsizetype>>(*turned);
        if (column.rows) {
            for (qsizetype& row : *rows)
                row = (*column.rows)[size_t(row)];
        }
        column.rows = std::move(rows);
    }
    return table;
}

} // namespace

AsTableBody::AsTableBody(QWidget* parent) : PanelBody(parent), m_model(new DataTableModel(this)), m_view(new QTableView(this))
{
    m_view->setObjectName(u"asTable"_s);
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Data of the panel"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setWordWrap(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_view->horizontalHeader()->setHighlightSections(false);
    setFocusProxy(m_view);
}

void AsTableBody::setInput(const PanelInput& input)
{
    compute(
        [data = input.data, context = input.context] {
            DataTable joined = joinedByTime(data->frames, context);
            if (!joined.columns.empty())
                return std::make_shared<const DataTable>(newestFirst(std::move(joined)));
            std::vector<DataTable> all = dataTables(data->frames, context);
            return std::make_shared<const DataTable>(all.empty() ? DataTable() : std::move(all.front()));
        },
        [this](std::shared_ptr<const DataTable> table) {
            m_empty = table->rows == 0;
            m_text = markdownTable(*table, kTextRows, DataTable::Values::Formatted);
            m_model->setTable(std::move(table), DataTable::Values::Formatted);
            if (std::exchange(m_fitted, true))
                return; // widths stay as the user left them
            m_view->resizeColumnsToContents();
            for (int column = 0; column < m_model->columnCount({}); ++column)
                m_view->setColumnWidth(column, std::min(m_view->columnWidth(column) + 12, kWidestColumn));
        });
}

void AsTableBody::resizeEvent(QResizeEvent*)
{
    m_view->setGeometry(rect());
}

} // namespace Promdeck
