#include "widgets/workbench/completionpopup.h"

#include "widgets/common/theme.h"
#include "widgets/workbench/codestyling.h"

#include <QBoxLayout>
#include <QFontMetrics>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kWidth = 400;
constexpr int kHelpWidth = 300;
constexpr int kMostRows = 10;
constexpr int kMark = 20; // px for the letter that says what a proposal is
enum Role { DetailRole = Qt::UserRole + 1, MarkRole, StyleRole };

struct Mark
{
    QString letter;
    CodeStyle style;
};

Mark markOf(const Config::Proposal& one)
{
    using Kind = Config::Proposal::Kind;
    using Promql::CompletionKind;
    switch (one.kind) {
    case Kind::Key: return {u"k"_s, CodeStyle::Key};
    case Kind::Value: return {u"v"_s, CodeStyle::String};
    case Kind::Name: return {u"n"_s, CodeStyle::Anchor};
    case Kind::File: return {u"/"_s, CodeStyle::Number};
    case Kind::Snippet: return {u"-"_s, CodeStyle::Operator};
    case Kind::Promql: break;
    }
    switch (one.promql) {
    case CompletionKind::Metric: return {u"m"_s, CodeStyle::Metric};
    case CompletionKind::Function:
    case CompletionKind::Aggregator: return {u"ƒ"_s, CodeStyle::Function};
    case CompletionKind::Label: return {u"l"_s, CodeStyle::Label};
    case CompletionKind::Value: return {u"v"_s, CodeStyle::String};
    case CompletionKind::Duration: return {u"t"_s, CodeStyle::Number};
    case CompletionKind::Keyword:
    case CompletionKind::Operator: break;
    }
    return {u"o"_s, CodeStyle::Keyword};
}

class Delegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& c = Theme::instance().colors();
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selected);
        const QRect area = option.rect.adjusted(6, 0, -8, 0);
        painter->setPen(CodeStyling::colorOf(CodeStyle(index.data(StyleRole).toInt())));
        painter->drawText(QRect(area.left(), area.top(), kMark - 6, area.height()), Qt::AlignCenter, index.data(MarkRole).toString());
        const QRect text = area.adjusted(kMark, 0, 0, 0);
        const QFontMetrics metrics(option.font);
        const QString name = index.data(Qt::DisplayRole).toString();
        const int width = std::min(metrics.horizontalAdvance(name), text.width() - 40);
        painter->setPen(c.text);
        painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideMiddle, width + 4));
        painter->setPen(c.textSecondary);
        painter->drawText(text.adjusted(width + 16, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter,
                          metrics.elidedText(index.data(DetailRole).toString(), Qt::ElideRight, text.width() - width - 16));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {kWidth, QFontMetrics(option.font).height() + 6};
    }
};

} // namespace

CompletionPopup::CompletionPopup(QWidget* editor) : QFrame(editor, Qt::ToolTip)
{
    setObjectName(u"codeCompletion"_s);
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setAttribute(Qt::WA_ShowWithoutActivating);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    m_items = new QStandardItemModel(this);
    m_list = new QListView(this);
    m_list->setObjectName(u"codeCompletionList"_s);
    m_list->setAccessibleName(tr("Proposals"));
    m_list->setModel(m_items);
    m_list->setItemDelegate(new Delegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_help = new QLabel(this);
    m_help->setObjectName(u"codeCompletionHelp"_s);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setWordWrap(true);
    m_help->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_help->setFixedWidth(kHelpWidth);
    m_help->setMargin(10);
    row->addWidget(m_list, 1);
    row->addWidget(m_help);
    connect(m_list, &QListView::clicked, this, &CompletionPopup::accepted);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &CompletionPopup::showHelp);
    hide();
}

void CompletionPopup::show(Config::Proposals proposals, const QRect& line)
{
    m_proposals = std::move(proposals);
    if (m_proposals.items.empty()) {
        hide();
        return;
    }
    m_line = line;
    m_items->setRowCount(0);
    for (const Config::Proposal& one : m_proposals.items) {
        auto* item = new QStandardItem(QString::fromStdString(one.label).simplified());
        const Mark mark = markOf(one);
        item->setData(QString::fromStdString(one.detail), DetailRole);
        item->setData(mark.letter, MarkRole);
        item->setData(int(mark.style), StyleRole);
        m_items->appendRow(item);
    }
    m_list->setCurrentIndex(m_items->index(0, 0));
    showHelp();
    fit();
    QFrame::show();
}

const Config::Proposal* CompletionPopup::current() const
{
    const int row = m_list->currentIndex().row();
    return row < 0 || size_t(row) >= m_proposals.items.size() ? nullptr : &m_proposals.items[size_t(row)];
}

int CompletionPopup::pageRows() const
{
    return std::min(kMostRows, m_items->rowCount());
}

void CompletionPopup::move(int rows)
{
    const int count = m_items->rowCount();
    if (count == 0)
        return;
    const int now = m_list->currentIndex().row();
    // One step runs around the ends, a page stops there.
    const int next = std::abs(rows) == 1 ? (now + rows + count) % count : std::clamp(now + rows, 0, count - 1);
    m_list->setCurrentIndex(m_items->index(next, 0));
}

void CompletionPopup::showHelp()
{
    const Config::Proposal* one = current();
    const QString text = one ? QString::fromStdString(one->detail) + (one->documentation.empty() ? QString() : u"\n\n"_s + QString::fromStdString(one->documentation))
                             : QString();
    m_help->setText(text.trimmed());
    const bool wanted = one && !one->documentation.empty();
    if (wanted != m_help->isVisibleTo(this)) {
        m_help->setVisible(wanted);
        fit();
    }
}

void CompletionPopup::fit()
{
    const int row = m_list->sizeHintForRow(0);
    const int height = pageRows() * row + 4;
    resize(kWidth + (m_help->isVisibleTo(this) ? kHelpWidth : 0), std::max(height, m_help->isVisibleTo(this) ? m_help->heightForWidth(kHelpWidth) + 4 : 0));
    QPoint at = m_line.bottomLeft() + QPoint(-kMark, 4);
    if (const QScreen* screen = this->screen()) {
        const QRect area = screen->availableGeometry();
        if (at.y() + this->height() > area.bottom())
            at.setY(m_line.top() - this->height() - 2);
        at.setX(std::clamp(at.x(), area.left(), std::max(area.left(), area.right() - width())));
    }
    QFrame::move(at);
}

} // namespace Promdeck
