#include "widgets/command/commandpalette.h"

#include "models/promql/completion.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRow = 32;
constexpr int kRowsSeen = 12;
constexpr int kWidth = 640;
constexpr int kMargin = 10;
constexpr int kTitleBonus = 100'000; ///< a hit in the title counts more than any beside it

class RowPainter final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {0, kRow}; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& c = Theme::instance().colors();
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, blend(c.elevated, c.selected));
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, blend(c.elevated, c.hover));
        QRect rest = option.rect.adjusted(kMargin, 0, -kMargin, 0);
        const auto icon = index.data(Qt::DecorationRole).value<QIcon>();
        icon.paint(painter, QRect(rest.left(), rest.center().y() - 7, 16, 16));
        rest.setLeft(rest.left() + 26);
        const QFontMetrics metrics(option.font);
        painter->setFont(option.font);
        painter->setPen(c.textSecondary);
        const QString keys = index.data(PaletteModel::KeysRole).toString();
        const QString right = keys.isEmpty() ? index.data(PaletteModel::GroupRole).toString() : keys;
        painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter, right);
        rest.setRight(rest.right() - metrics.horizontalAdvance(right) - kMargin);
        const QString title = metrics.elidedText(index.data().toString(), Qt::ElideRight, rest.width());
        painter->setPen(c.text);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, title);
        rest.setLeft(rest.left() + metrics.horizontalAdvance(title) + kMargin);
        painter->setPen(c.textSecondary);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(index.data(PaletteModel::DetailRole).toString(), Qt::ElideRight, rest.width()));
        painter->restore();
    }
};

} // namespace

PaletteModel::PaletteModel(std::vector<PaletteEntry> entries, QObject* parent)
    : QAbstractListModel(parent), m_entries(std::move(entries))
{
    for (const PaletteEntry& entry : m_entries) {
        m_titles.push_back(entry.title.toStdString());
        m_details.push_back((entry.group + u' ' + entry.detail).toStdString());
    }
    search({});
}

void PaletteModel::search(const QString& text)
{
    beginResetModel();
    std::vector<std::string> words;
    const QStringList typed = text.split(u' ', Qt::SkipEmptyParts);
    for (const QString& word : typed)
        words.push_back(word.toStdString());
    std::vector<std::pair<int, size_t>> hits;
    const auto scoreOf = [&words](const std::string& name, const std::string& more) {
        int score = 0;
        const bool fits = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
            const int title = Promql::fuzzyScore(word, name);
            const int detail = title >= 0 ? -1 : Promql::fuzzyScore(word, more);
            score += title >= 0 ? title + kTitleBonus : detail;
            return title >= 0 || detail >= 0;
        });
        return fits ? score : -1;
    };
    for (size_t i = 0; i < m_entries.size(); ++i) {
        const int score = scoreOf(m_titles[i], m_details[i]);
        if (score >= 0)
            hits.emplace_back(score, i);
    }
    m_found = m_finder && !words.empty() ? m_finder(text) : std::vector<PaletteEntry>();
    for (size_t i = 0; i < m_found.size(); ++i) {
        // It fits, whoever found it says so.
        const int score = scoreOf(m_found[i].title.toStdString(), m_found[i].detail.toStdString());
        hits.emplace_back(std::max(0, score), m_entries.size() + i);
    }
    std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    m_shown.clear();
    for (const auto& [score, index] : hits)
        m_shown.push_back(index);
    endResetModel();
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PaletteEntry& shown = entry(index.row());
    switch (role) {
    case Qt::DisplayRole: return shown.title;
    case Qt::DecorationRole: return themeIcon(shown.icon, IconRole::Secondary);
    case Qt::ToolTipRole: return plainTip(shown.detail);
    case Qt::AccessibleTextRole: return QStringList {shown.title, shown.group, shown.detail, shown.keys}.join(u", "_s);
    case GroupRole: return shown.group;
    case DetailRole: return shown.detail;
    case KeysRole: return shown.keys;
    default: return {};
    }
}

CommandPalette::CommandPalette(std::vector<PaletteEntry> entries, QWidget* window)
    : QFrame(window, Qt::Popup)
    , m_model(new PaletteModel(std::move(entries), this))
    , m_search(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_empty(new QLabel(tr("Nothing fits. Fewer letters find more."), this))
{
    setObjectName(u"commandPalette"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Command palette"));
    m_search->setObjectName(u"paletteSearch"_s);
    m_search->setPlaceholderText(tr("Do or open: an action, a dashboard, a panel, a stack"));
    m_search->setAccessibleName(tr("What to do or open"));
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    m_list->setObjectName(u"paletteList"_s);
    m_list->setAccessibleName(tr("Results"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new RowPainter(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_empty->setAlignment(Qt::AlignCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_empty, 1);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
    search({});
}

void CommandPalette::popup()
{
    const QWidget* window = parentWidget()->window();
    const int height = kRow * kRowsSeen + m_search->sizeHint().height() + 30;
    resize(std::min(kWidth, window->width() - 40), std::min(height, window->height() - 40));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, std::min(80, window->height() / 8))));
    show();
    m_search->setFocus();
}

void CommandPalette::search(const QString& text)
{
    m_model->search(text);
    const bool any = m_model->rowCount() > 0;
    m_list->setVisible(any);
    m_empty->setVisible(!any);
    if (any)
        m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
}

void CommandPalette::choose(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    const std::function<void()> run = m_model->entry(index.row()).run;
    close();
    if (run)
        run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_search || event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int rows = m_model->rowCount();
    const int row = m_list->currentIndex().row();
    const auto go = [&](int target) {
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index(std::clamp(target, 0, rows - 1)));
        return true;
    };
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down: return go(row + 1 == rows ? 0 : row + 1);
    case Qt::Key_Up: return go(row == 0 ? rows - 1 : row - 1);
    case Qt::Key_PageDown: return go(row + kRowsSeen);
    case Qt::Key_PageUp: return go(row - kRowsSeen);
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(m_list->currentIndex()); return true;
    default: return QFrame::eventFilter(watched, event);
    }
}

} // namespace Promdeck
