#include "widgets/workbench/problemsview.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/workbench/workspace.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeView>

#include <array>

using namespace Qt::StringLiterals;

namespace Promdeck {

using Config::Severity;

namespace {

constexpr size_t kMostRows = 20000;

QString severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Error: return ProblemsModel::tr("Error");
    case Severity::Warning: return ProblemsModel::tr("Warning");
    case Severity::Info: break;
    }
    return ProblemsModel::tr("Hint");
}

} // namespace

ProblemsModel::ProblemsModel(Workspace* workspace, QObject* parent) : QAbstractTableModel(parent), m_workspace(workspace)
{
    reload();
}

void ProblemsModel::reload()
{
    beginResetModel();
    m_rows.clear();
    const QStringList files = m_workspace->reported();
    for (const QString& path : files) {
        const QString name = m_workspace->shortName(path);
        for (const Config::Diagnostic& one : m_workspace->findings(path)) {
            if (m_rows.size() < kMostRows)
                m_rows.push_back({path, name, one});
        }
    }
    endResetModel();
}

int ProblemsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ProblemsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ProblemsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || size_t(index.row()) >= m_rows.size())
        return {};
    const Row& row = m_rows[size_t(index.row())];
    const Config::Diagnostic& one = row.finding;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Message: return one.hint.isEmpty() ? one.message : one.message + u" — "_s + one.hint;
        case Code: return one.code;
        case File: return row.name;
        case Line: return u"%1:%2"_s.arg(one.span.start.line).arg(one.span.start.column);
        default: return {};
        }
    case SortRole:
        switch (index.column()) {
        case Message: return u"%1 %2"_s.arg(int(one.severity)).arg(one.message);
        case Code: return one.code;
        case File: return u"%1:%2"_s.arg(row.name).arg(one.span.start.line, 8, 10, QChar(u'0'));
        case Line: return one.span.start.line;
        default: return {};
        }
    case Qt::DecorationRole:
        if (index.column() != Message)
            return {};
        return one.severity == Severity::Error ? themeIcon(u"close"_s, IconRole::Error)
            : one.severity == Severity::Warning ? themeIcon(u"warning"_s, IconRole::Warning)
                                                : themeIcon(u"info"_s, IconRole::Secondary);
    case Qt::ToolTipRole: return plainTip(one.message + (one.hint.isEmpty() ? QString() : u'\n' + one.hint));
    case Qt::AccessibleTextRole: return severityWord(one.severity) + u": "_s + data(index, Qt::DisplayRole).toString();
    case PathRole: return row.path;
    case OffsetRole: return QVariant::fromValue<qulonglong>(one.span.start.offset);
    case SeverityRole: return int(one.severity);
    default: return {};
    }
}

QVariant ProblemsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Message: return tr("Problem");
    case Code: return tr("Code");
    case File: return tr("File");
    case Line: return tr("Line");
    default: return {};
    }
}

class ProblemsView::Filter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setSeverities(const std::array<bool, 3>& shown)
    {
        m_shown = shown;
        invalidateFilter();
    }
    void setWords(const QString& words)
    {
        m_words = words.split(u' ', Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        if (!m_shown[size_t(index.data(ProblemsModel::SeverityRole).toInt())])
            return false;
        QString all;
        for (int column = 0; column < ProblemsModel::ColumnCount; ++column)
            all += sourceModel()->index(row, column, parent).data().toString() + u' ';
        return std::all_of(m_words.begin(), m_words.end(), [&all](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
    }

private:
    std::array<bool, 3> m_shown {true, true, true};
    QStringList m_words;
};

ProblemsView::ProblemsView(Workspace* workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_model(new ProblemsModel(workspace, this)), m_filter(new Filter(this)), m_list(new QTreeView(this)), m_search(new QLineEdit(this))
{
    setObjectName(u"problemsView"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    const char* const names[] {"showErrors", "showWarnings", "showHints"};
    for (size_t i = 0; i < 3; ++i) {
        auto* button = new QToolButton(this);
        button->setObjectName(QString::fromLatin1(names[i]));
        button->setCheckable(true);
        button->setChecked(true);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIcon(i == 0 ? themeIcon(u"close"_s, IconRole::Error) : i == 1 ? themeIcon(u"warning"_s, IconRole::Warning) : themeIcon(u"info"_s, IconRole::Secondary));
        m_severities[i] = button;
        row->addWidget(button);
        connect(button, &QToolButton::toggled, this, [this] {
            m_filter->setSeverities({m_severities[0]->isChecked(), m_severities[1]->isChecked(), m_severities[2]->isChecked()});
        });
    }
    m_search->setObjectName(u"problemsFilter"_s);
    m_search->setPlaceholderText(tr("Filter"));
    m_search->setAccessibleName(tr("Filter the problems"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(280);
    connect(m_search, &QLineEdit::textChanged, m_filter, &Filter::setWords);
    row->addStretch(1);
    row->addWidget(m_search, 1);
    column->addLayout(row);
    m_filter->setSourceModel(m_model);
    m_filter->setSortRole(ProblemsModel::SortRole);
    m_list->setObjectName(u"problemsList"_s);
    m_list->setAccessibleName(tr("Problems"));
    m_list->setModel(m_filter);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setSortingEnabled(true);
    m_list->sortByColumn(ProblemsModel::Message, Qt::AscendingOrder);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(false);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(ProblemsModel::Message, QHeaderView::Stretch);
    m_list->setColumnWidth(ProblemsModel::Code, 170);
    m_list->setColumnWidth(ProblemsModel::File, 190);
    m_list->setColumnWidth(ProblemsModel::Line, 70);
    column->addWidget(m_list, 1);
    const auto go = [this](const QModelIndex& index) {
        if (index.isValid())
            Q_EMIT jump(index.data(ProblemsModel::PathRole).toString(), size_t(index.siblingAtColumn(0).data(ProblemsModel::OffsetRole).toULongLong()));
    };
    connect(m_list, &QTreeView::activated, this, go);
    connect(m_list, &QTreeView::clicked, this, go);
    connect(workspace, &Workspace::findingsChanged, this, &ProblemsView::refresh);
    connect(workspace, &Workspace::filesChanged, this, &ProblemsView::refresh);
    refresh();
}

void ProblemsView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // In a narrow place the sentence needs the room.
    m_list->setColumnHidden(ProblemsModel::Code, width() < 760);
    m_list->setColumnWidth(ProblemsModel::File, std::clamp(width() / 4, 90, 190));
}

void ProblemsView::refresh()
{
    // What is chosen stays chosen as far as it is still there.
    const QModelIndex current = m_list->currentIndex();
    const QString path = current.data(ProblemsModel::PathRole).toString();
    const QString text = current.siblingAtColumn(0).data().toString();
    m_model->reload();
    for (int row = 0; !text.isEmpty() && row < std::min(2000, m_filter->rowCount()); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (index.data().toString() == text && index.data(ProblemsModel::PathRole).toString() == path) {
            m_list->setCurrentIndex(index);
            break;
        }
    }
    const int errors = m_workspace->count(Severity::Error);
    const int warnings = m_workspace->count(Severity::Warning);
    const int hints = m_workspace->count(Severity::Info);
    const QString texts[] {errors == 1 ? tr("1 error") : tr("%1 errors").arg(errors), warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(warnings),
                           hints == 1 ? tr("1 hint") : tr("%1 hints").arg(hints)};
    for (size_t i = 0; i < 3; ++i)
        m_severities[i]->setText(texts[i]);
}

} // namespace Promdeck
