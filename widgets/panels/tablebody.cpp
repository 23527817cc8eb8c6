#include "widgets/panels/tablebody.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/panels/tabledelegate.h"
#include "widgets/panels/tableparts.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kDefaultMinWidth = 110;
constexpr int kFooterHeight = 34;
constexpr int kSearchHeight = 30;
constexpr int kMostCopiedRows = 100000;

int rowHeight(const QString& cellHeight)
{
    return cellHeight == u"lg" ? 48 : cellHeight == u"md" ? 42 : 36;
}

/// The rows that pass every filter and hold the searched text in any column, as places in the table's own order.
std::vector<qsizetype> filteredRows(const TableModelData& table, const QHash<QString, QString>& filters,
                                    const QString& search)
{
    std::vector<std::pair<int, QString>> active;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const QString text = filters.value(table.columns[i].name);
        if (!text.isEmpty())
            active.emplace_back(int(i), text);
    }
    std::vector<qsizetype> rows;
    rows.reserve(table.order.size());
    for (qsizetype row = 0; row < qsizetype(table.order.size()); ++row) {
        const auto holds = [&](int column, const QString& text) {
            return table.cell(row, column).toString().contains(text, Qt::CaseInsensitive);
        };
        bool matches = std::all_of(active.begin(), active.end(),
                                   [&](const auto& filter) { return holds(filter.first, filter.second); });
        if (matches && !search.isEmpty()) {
            matches = false;
            for (int column = 0; column < int(table.columns.size()) && !matches; ++column)
                matches = holds(column, search);
        }
        if (matches)
            rows.push_back(row);
    }
    return rows;
}

Qt::Alignment columnAlignment(const TableColumn& column)
{
    if (column.align == u"right" || (column.align != u"left" && column.align != u"center" && column.type == FieldType::Number))
        return Qt::AlignRight;
    return column.align == u"center" ? Qt::AlignHCenter : Qt::AlignLeft;
}

} // namespace

TableBody::TableBody(QWidget* parent)
    : PanelBody(parent)
    , m_view(new QTableView(this))
    , m_model(new TableItemModel(this))
    , m_header(new TableHeader(m_view))
    , m_footer(new TableFooter(m_header, this))
    , m_frames(new QComboBox(this))
    , m_search(new QLineEdit(this))
{
    m_view->setObjectName(u"panelTable"_s);
    m_view->setHorizontalHeader(m_header);
    m_view->setItemDelegate(new TableDelegate(this));
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setMouseTracking(true);
    m_view->setCornerButtonEnabled(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_header->setSectionResizeMode(QHeaderView::Interactive);
    m_view->installEventFilter(this);
    m_search->setObjectName(u"tableSearch"_s);
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search in the table"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_search->hide();
    connect(m_search, &QLineEdit::textChanged, this, &TableBody::recompute);
    m_frames->setObjectName(u"tableFrames"_s);
    m_frames->setAccessibleName(tr("Table"));
    m_frames->hide();
    m_footer->hide();
    setFocusProxy(m_view);
    connect(m_header, &TableHeader::sortRequested, this, &TableBody::sortBy);
    connect(m_header, &TableHeader::filterRequested, this, &TableBody::askFilter);
    connect(m_view, &QTableView::clicked, this, &TableBody::activate);
    connect(m_view->horizontalScrollBar(), &QScrollBar::valueChanged, m_footer, qOverload<>(&QWidget::update));
    connect(m_frames, &QComboBox::activated, this, [this](int index) {
        m_frame = index;
        recompute();
    });
    connect(&Theme::instance(), &Theme::changed, this, &TableBody::applyTheme);
    applyTheme();
}

void TableBody::applyTheme()
{
    m_view->viewport()->update();
    m_header->viewport()->update();
}

void TableBody::setInput(const PanelInput& input)
{
    m_input = input;
    const bool searchable = input.spec.options[u"showSearch"].toBool();
    if (!searchable)
        m_search->clear();
    m_search->setVisible(searchable);
    recompute();
}

bool TableBody::isEmpty() const
{
    return !m_model->table() || m_model->table()->rows == 0;
}

void TableBody::recompute()
{
    PanelSpec spec = m_input.spec;
    if (m_userSorted) {
        Json sort = Json::array();
        if (!m_sortColumn.isEmpty())
            sort.append(Json::object({{u"displayName"_s, Json(m_sortColumn)}, {u"desc"_s, Json(m_sortDesc)}}));
        spec.options.set(u"sortBy"_s, sort);
    }
    compute(
        [spec, data = m_input.data, context = m_input.context, frame = m_frame, filters = m_filters,
         search = m_search->text()] {
            Computed computed;
            computed.table = std::make_shared<const TableModelData>(tableModel(spec, *data, context, frame));
            computed.rows = filteredRows(*computed.table, filters, search);
            return computed;
        },
        [this](const Computed& computed) { show(computed); });
}

void TableBody::show(const Computed& computed)
{
    const int scroll = m_view->verticalScrollBar()->value();
    const bool sameColumns = m_model->table() && m_model->table()->columns.size() == computed.table->columns.size();
    m_model->setData(computed.table, computed.rows);
    const TableModelData& table = *computed.table;
    m_view->verticalHeader()->setDefaultSectionSize(rowHeight(table.cellHeight));
    m_header->setVisible(table.showHeader);
    QList<TableHeader::Section> sections;
    QStringList footer;
    QList<Qt::Alignment> alignments;
    int sortSection = -1;
    for (int i = 0; i < m_model->columnCount(); ++i) {
        const TableColumn& column = m_model->column(i);
        sections << TableHeader::Section {columnAlignment(column), column.filterable,
                                          !m_filters.value(column.name).isEmpty()};
        alignments << columnAlignment(column);
        const int source = m_model->sourceColumn(i);
        footer << (size_t(source) < table.footer.size() ? table.footer[size_t(source)] : QString());
        if (!table.sortBy.empty() && table.sortBy.front().first == source)
            sortSection = i;
    }
    m_header->setSections(sections);
    m_header->setSort(sortSection, !table.sortBy.empty() && table.sortBy.front().second);
    m_footer->setTexts(footer, alignments);
    m_footer->setVisible(std::any_of(footer.begin(), footer.end(), [](const QString& text) { return !text.isEmpty(); }));
    m_frames->setVisible(table.frameNames.size() > 1);
    if (table.frameNames.size() > 1) {
        m_frames->clear();
        m_frames->addItems(table.frameNames);
        m_frames->setCurrentIndex(m_frame);
    }
    layoutChildren();
    if (sameColumns)
        m_view->verticalScrollBar()->setValue(scroll);
    setAccessibleDescription(tr("Table with %n rows", nullptr, m_model->rowCount()));
}

void TableBody::layoutChildren()
{
    int top = 0;
    int bottom = height();
    if (m_search->isVisibleTo(this)) {
        m_search->setGeometry(8, 0, std::min(width() - 16, 320), kSearchHeight);
        top += kSearchHeight + 6;
    }
    if (m_frames->isVisibleTo(this)) {
        m_frames->setGeometry(8, bottom - 32, std::min(width() - 16, 320), 28);
        bottom -= 36;
    }
    if (m_footer->isVisibleTo(this)) {
        m_footer->setGeometry(0, bottom - kFooterHeight, width(), kFooterHeight);
        bottom -= kFooterHeight;
    }
    m_view->setGeometry(0, top, width(), std::max(0, bottom - top));
    fitColumns();
}

void TableBody::fitColumns()
{
    const int count = m_model->columnCount();
    if (count == 0)
        return;
    const int bar = m_view->verticalScrollBar()->sizeHint().width();
    const int rows = m_model->rowCount() * m_view->verticalHeader()->defaultSectionSize();
    const bool scrolls = rows > m_view->height() - (m_header->isVisible() ? m_header->sizeHint().height() : 0);
    double free = m_view->width() - (scrolls ? bar : 0);
    int flexible = 0;
    for (int i = 0; i < count; ++i) {
        if (m_model->column(i).width > 0)
            free -= m_model->column(i).width;
        else
            ++flexible;
    }
    const double share = flexible ? free / flexible : 0;
    double used = 0;
    for (int i = 0; i < count; ++i) {
        const TableColumn& column = m_model->column(i);
        const double least = column.minWidth > 0 ? column.minWidth : kDefaultMinWidth;
        double width = column.width > 0 ? column.width : std::max(share, least);
        used += width;
        if (i == count - 1 && flexible == 0 && used < m_view->width() - (scrolls ? bar : 0))
            width += m_view->width() - (scrolls ? bar : 0) - used;
        m_header->resizeSection(i, int(width));
    }
}

void TableBody::resizeEvent(QResizeEvent*)
{
    layoutChildren();
}

void TableBody::sortBy(int section)
{
    if (section < 0 || section >= m_model->columnCount())
        return;
    if (!m_userSorted) {
        // What the panel itself asks for is where the clicks go on from.
        const auto& shown = m_model->table()->sortBy;
        m_sortColumn = shown.empty() ? QString() : m_model->table()->columns[size_t(shown.front().first)].name;
        m_sortDesc = !shown.empty() && shown.front().second;
        m_userSorted = true;
    }
    // First click ascending, second descending, third as received. The answer to an earlier click may still be
    // on its way: only what was asked for counts, never what is shown.
    const QString name = m_model->column(section).name;
    if (m_sortColumn != name) {
        m_sortColumn = name;
        m_sortDesc = false;
    } else if (!m_sortDesc) {
        m_sortDesc = true;
    } else {
        m_sortColumn.clear();
        m_sortDesc = false;
    }
    recompute();
}

void TableBody::askFilter(int section, const QPoint& globalPosition)
{
    const QString column = m_model->column(section).name;
    auto* popup = new QWidget(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto* edit = new QLineEdit(m_filters.value(column), popup);
    edit->setObjectName(u"tableFilter"_s);
    edit->setPlaceholderText(tr("Rows whose %1 contains…").arg(column));
    edit->setClearButtonEnabled(true);
    edit->setMinimumWidth(240);
    auto* layout = new QVBoxLayout(popup);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(edit);
    connect(edit, &QLineEdit::textChanged, this, [this, column](const QString& text) { setFilter(column, text); });
    connect(edit, &QLineEdit::returnPressed, popup, &QWidget::close);
    popup->move(globalPosition);
    popup->show();
    edit->setFocus();
}

void TableBody::setFilter(const QString& column, const QString& text)
{
    m_filters.insert(column, text);
    recompute();
}

void TableBody::activate(const QModelIndex& index)
{
    const TableColumn& column = m_model->column(index.column());
    if (column.links.empty())
        return;
    const DisplayValue value = m_model->cell(index.row(), index.column());
    DataLinkContext from;
    from.seriesName = column.name;
    from.fieldName = m_model->table()->fields[size_t(m_model->sourceColumn(index.column()))].name;
    from.labels = m_model->table()->fields[size_t(m_model->sourceColumn(index.column()))].labels;
    from.numeric = value.numeric;
    from.text = value.toString();
    for (int i = 0; i < m_model->columnCount(); ++i)
        from.row.emplace_back(m_model->column(i).name, m_model->cell(index.row(), i).toString());
    const QRect cell = m_view->visualRect(index);
    followDataLinks(m_input, column.links, from, m_view->viewport()->mapToGlobal(cell.bottomLeft()));
}

QString TableBody::plainText() const
{
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < m_model->columnCount(); ++column)
        cells << m_model->column(column).name;
    lines << cells.join(u'\t');
    for (int row = 0; row < std::min(m_model->rowCount(), kMostCopiedRows); ++row) {
        cells.clear();
        for (int column = 0; column < m_model->columnCount(); ++column)
            cells << m_model->cell(row, column).toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void TableBody::copySelection()
{
    QModelIndexList indexes = m_view->selectionModel()->selectedIndexes();
    if (indexes.isEmpty()) {
        QApplication::clipboard()->setText(plainText());
        return;
    }
    std::sort(indexes.begin(), indexes.end());
    QString text;
    for (qsizetype i = 0; i < indexes.size(); ++i) {
        if (i > 0)
            text += indexes[i].row() == indexes[i - 1].row() ? u'\t' : u'\n';
        text += indexes[i].data().toString();
    }
    QApplication::clipboard()->setText(text);
}

bool TableBody::eventFilter(QObject* watched, QEvent* event)
{
    // Before the view: it would copy one cell only, and take letters for a search.
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Copy)) {
            copySelection();
            return true;
        }
        if (key->key() == Qt::Key_S && key->modifiers() == Qt::NoModifier) {
            sortBy(m_view->currentIndex().column());
            return true;
        }
    }
    return PanelBody::eventFilter(watched, event);
}

} // namespace Promdeck
