#include "widgets/editor/promqledit.h"

#include "models/promql/parser.h"
#include "models/query/metriccatalogue.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/promqlhighlighter.h"

#include <QAbstractTextDocumentLayout>
#include <QBoxLayout>
#include <QFrame>
#include <QHelpEvent>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QRegularExpression>
#include <QScreen>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kCheckDelayMs = 150;
constexpr int kMostLines = 8;
constexpr int kPopupWidth = 460;
constexpr size_t kProposals = 80;
enum ProposalRole { DetailRole = Qt::UserRole + 1, HelpRole, KindRole };

/// Proposal on the left, its type or signature on the right.
class ProposalDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& c = Theme::instance().colors();
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selected);
        const QRect area = option.rect.adjusted(8, 0, -8, 0);
        const QString name = index.data(Qt::DisplayRole).toString();
        const QString detail = index.data(DetailRole).toString();
        const QFontMetrics metrics(option.font);
        const int nameWidth = std::min(metrics.horizontalAdvance(name), area.width() - 60);
        painter->setFont(option.font);
        painter->setPen(c.text);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(name, Qt::ElideMiddle, nameWidth + 4));
        painter->setPen(c.textSecondary);
        painter->drawText(area.adjusted(nameWidth + 16, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter,
                          metrics.elidedText(detail, Qt::ElideRight, area.width() - nameWidth - 16));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {kPopupWidth, QFontMetrics(option.font).height() + 8};
    }
};

/// Knows nothing: for stacks that are not there.
class NoSource final : public Promql::CompletionSource
{
public:
    [[nodiscard]] std::span<const std::string> metricNames() const override { return {}; }
    [[nodiscard]] std::string metricType(const std::string&) const override { return {}; }
    [[nodiscard]] std::string metricHelp(const std::string&) const override { return {}; }
    [[nodiscard]] std::vector<std::string> labelNames(const std::string&) const override { return {}; }
    [[nodiscard]] std::vector<std::string> labelValues(const std::string&, const std::string&,
                                                       const std::vector<Promql::Matcher>&) const override
    {
        return {};
    }
};

QString toText(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

QChar closing(QChar open)
{
    switch (open.unicode()) {
    case u'(': return u')';
    case u'[': return u']';
    case u'{': return u'}';
    case u'"': return u'"';
    default: return {};
    }
}

} // namespace

PromqlEdit::PromqlEdit(QWidget* parent) : QPlainTextEdit(parent)
{
    QFont font(u"monospace"_s);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(13);
    setFont(font);
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setPlaceholderText(tr("PromQL, for example rate(http_requests_total[$__rate_interval])"));
    setAccessibleName(tr("PromQL expression"));
    document()->setDocumentMargin(6);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_highlighter = new PromqlHighlighter(document());
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(kCheckDelayMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &PromqlEdit::check);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        fit();
        m_checkTimer.start();
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &PromqlEdit::markProblems);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &PromqlEdit::fit);

    m_popup = new QFrame(this, Qt::ToolTip); // never takes the keyboard away
    m_popup->setObjectName(u"promqlCompletion"_s);
    m_popup->setFrameShape(QFrame::StyledPanel);
    m_popup->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(m_popup);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    m_items = new QStandardItemModel(m_popup);
    m_list = new QListView(m_popup);
    m_list->setObjectName(u"promqlProposals"_s);
    m_list->setAccessibleName(tr("Proposals"));
    m_list->setModel(m_items);
    m_list->setItemDelegate(new ProposalDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_help = new QLabel(m_popup);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setWordWrap(true);
    m_help->setMargin(8);
    m_help->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_help);
    m_popup->hide();
    connect(m_list, &QListView::clicked, this, &PromqlEdit::accept);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& current) {
        const QString help = current.data(HelpRole).toString();
        m_help->setText(help);
        m_help->setVisible(!help.isEmpty());
    });
    fit();
}

PromqlEdit::~PromqlEdit()
{
    // Its signals would reach a half-destroyed editor.
    disconnect(m_list->selectionModel(), nullptr, this, nullptr);
}

void PromqlEdit::setCatalogue(MetricCatalogue* catalogue)
{
    if (m_catalogue)
        disconnect(m_catalogue, nullptr, this, nullptr);
    m_catalogue = catalogue;
    if (!catalogue)
        return;
    connect(catalogue, &QObject::destroyed, this, [this] { m_catalogue = nullptr; });
    const auto again = [this] {
        if (m_waiting && hasFocus())
            complete();
    };
    connect(catalogue, &MetricCatalogue::labelsChanged, this, again);
    connect(catalogue, &MetricCatalogue::changed, this, again);
}

void PromqlEdit::setVariables(Expand expand, const QStringList& names)
{
    m_expand = std::move(expand);
    m_variables = names;
    check();
}

void PromqlEdit::setPromql(bool on)
{
    if (on == m_promql)
        return;
    m_promql = on;
    m_highlighter->setOn(on);
    setPlaceholderText(on ? tr("PromQL, for example rate(http_requests_total[$__rate_interval])") : tr("LogQL, for example {job=\"app\"} |= \"error\""));
    closeList();
    check();
}

void PromqlEdit::setExpression(const QString& text)
{
    if (text == toPlainText())
        return;
    const int place = textCursor().position();
    setPlainText(text);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(place, int(text.size())));
    setTextCursor(cursor);
    m_unsent = false;
    check();
}

ExpressionText PromqlEdit::text() const
{
    return {toPlainText(), m_expand};
}

QSize PromqlEdit::minimumSizeHint() const
{
    return {160, sizeHint().height()};
}

QSize PromqlEdit::sizeHint() const
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        lines += std::max(1, block.layout() ? block.layout()->lineCount() : 1);
    const int shown = std::clamp(lines, 1, kMostLines);
    const int margins = int(2 * document()->documentMargin()) + 2 * frameWidth() + 2;
    return {400, shown * QFontMetrics(font()).lineSpacing() + margins};
}

void PromqlEdit::fit()
{
    setFixedHeight(sizeHint().height());
    updateGeometry();
}

void PromqlEdit::check()
{
    m_checkTimer.stop();
    m_problems = m_promql ? checkExpression(text()) : std::vector<ExpressionProblem>();
    markProblems();
    if (m_unsent)
        Q_EMIT edited();
}

QString PromqlEdit::problemText() const
{
    if (m_problems.empty())
        return {};
    const ExpressionProblem& first = m_problems.front();
    const QTextBlock block = document()->findBlock(int(first.start));
    const qsizetype column = first.start - block.position() + 1;
    QString line = u"%1:%2: %3"_s.arg(block.blockNumber() + 1).arg(column).arg(first.message);
    if (!first.hint.isEmpty())
        line += u" ("_s + first.hint + u')';
    return line;
}

QString PromqlEdit::hoverText() const
{
    if (!m_promql)
        return {};
    const ExpressionText now = text();
    const Promql::Hover hover = Promql::hoverAt(now.sent(), now.toSent(textCursor().position()));
    return hover.signature.empty() ? QString() : toText(hover.signature) + u" – "_s + toText(hover.documentation);
}

void PromqlEdit::markProblems()
{
    const ThemeColors& c = Theme::instance().colors();
    QList<QTextEdit::ExtraSelection> marks;
    const auto mark = [&](qsizetype from, qsizetype to, const QTextCharFormat& format) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(document());
        selection.cursor.setPosition(int(std::min<qsizetype>(from, document()->characterCount() - 1)));
        selection.cursor.setPosition(int(std::min<qsizetype>(to, document()->characterCount() - 1)), QTextCursor::KeepAnchor);
        selection.format = format;
        marks << selection;
    };
    for (const ExpressionProblem& problem : m_problems) {
        QTextCharFormat wave;
        wave.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wave.setUnderlineColor(c.error);
        // At the end of the text there is nothing to underline but what came before.
        const qsizetype from = problem.start < document()->characterCount() - 1 ? problem.start : std::max<qsizetype>(0, problem.start - 1);
        mark(from, std::max(problem.end, from + 1), wave);
    }
    // The bracket at the cursor and its partner.
    const QString all = toPlainText();
    const QString opens = u"([{"_s;
    const QString closes = u")]}"_s;
    const qsizetype cursor = textCursor().position();
    for (const qsizetype at : {cursor - 1, cursor}) {
        if (at < 0 || at >= all.size())
            continue;
        const bool forward = opens.contains(all.at(at));
        if (!forward && !closes.contains(all.at(at)))
            continue;
        int depth = 0;
        for (qsizetype i = at; i >= 0 && i < all.size(); i += forward ? 1 : -1) {
            if (opens.contains(all.at(i)))
                ++depth;
            else if (closes.contains(all.at(i)))
                --depth;
            if (depth != 0)
                continue;
            QTextCharFormat pair;
            pair.setBackground(c.selected);
            mark(at, at + 1, pair);
            mark(i, i + 1, pair);
            break;
        }
        break;
    }
    setExtraSelections(marks);
    Q_EMIT checked();
}

// --- completion -------------------------------------------------------------------------------------------

bool PromqlEdit::isCompleting() const
{
    return m_popup->isVisible();
}

void PromqlEdit::complete()
{
    const QString before = toPlainText().left(textCursor().position());
    static const QRegularExpression variable(u"\\$\\{?(\\w*)$"_s);
    if (const QRegularExpressionMatch match = variable.match(before); match.hasMatch()) {
        std::vector<Promql::CompletionItem> items;
        const bool braces = match.captured().startsWith(u"${"_s);
        for (const QString& name : m_variables) {
            if (!name.startsWith(match.captured(1), Qt::CaseInsensitive))
                continue;
            Promql::CompletionItem item;
            item.text = (braces ? u"${"_s + name + u'}' : u'$' + name).toStdString();
            item.detail = m_expand ? m_expand(u'$' + name).toStdString() : std::string();
            items.push_back(std::move(item));
        }
        showList(items, match.capturedStart(), textCursor().position());
        return;
    }
    if (!m_promql) {
        closeList();
        return;
    }
    static const NoSource none;
    const Promql::CompletionSource& source = m_catalogue ? static_cast<const Promql::CompletionSource&>(*m_catalogue) : none;
    const ExpressionText now = text();
    const std::uint32_t cursor = now.toSent(textCursor().position());
    const Promql::CompletionPlace place = Promql::completionPlace(now.sent(), cursor);
    m_waiting = place.context == Promql::CompletionContext::LabelName || place.context == Promql::CompletionContext::LabelValue
        || place.context == Promql::CompletionContext::GroupingLabel || place.context == Promql::CompletionContext::Expression;
    const auto items = Promql::complete(now.sent(), cursor, source, {}, kProposals);
    showList(items, now.toWritten(place.replace.start), now.toWritten(place.replace.end, true));
}

void PromqlEdit::showList(const std::vector<Promql::CompletionItem>& items, qsizetype from, qsizetype to)
{
    m_from = from;
    m_to = to;
    m_items->clear();
    for (const Promql::CompletionItem& proposal : items) {
        auto* item = new QStandardItem(toText(proposal.text));
        item->setData(toText(proposal.detail), DetailRole);
        item->setData(toText(proposal.documentation), HelpRole);
        item->setData(int(proposal.kind), KindRole);
        item->setAccessibleText(toText(proposal.text) + u", "_s + toText(proposal.detail));
        m_items->appendRow(item);
    }
    // What is written already needs no list.
    const QString written = toPlainText().mid(from, to - from);
    if (m_items->rowCount() == 0 || (m_items->rowCount() == 1 && m_items->item(0)->text() == written)) {
        m_popup->hide();
        return;
    }
    m_list->setCurrentIndex(m_items->index(0, 0));
    const int rows = std::min(m_items->rowCount(), 9);
    m_list->setFixedHeight(rows * (QFontMetrics(m_list->font()).height() + 8) + 2);
    m_popup->setFixedWidth(kPopupWidth);
    m_popup->adjustSize();
    QTextCursor start(document());
    start.setPosition(int(from));
    const QRect line = cursorRect(start);
    QPoint place = viewport()->mapToGlobal(line.bottomLeft() + QPoint(-8, 4));
    const QRect room = screen()->availableGeometry();
    if (place.y() + m_popup->height() > room.bottom())
        place.setY(viewport()->mapToGlobal(line.topLeft()).y() - m_popup->height() - 4);
    place.setX(std::clamp(place.x(), room.left(), std::max(room.left(), room.right() - kPopupWidth)));
    m_popup->move(place);
    m_popup->show();
}

void PromqlEdit::closeList()
{
    m_waiting = false;
    m_popup->hide();
}

void PromqlEdit::accept(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    QString proposal = index.data().toString();
    const auto kind = Promql::CompletionKind(index.data(KindRole).toInt());
    QTextCursor cursor(document());
    cursor.setPosition(int(m_from));
    cursor.setPosition(int(std::min<qsizetype>(m_to, document()->characterCount() - 1)), QTextCursor::KeepAnchor);
    const bool calls = kind == Promql::CompletionKind::Function || kind == Promql::CompletionKind::Aggregator;
    const QString rest = toPlainText().mid(m_to);
    if (calls && !rest.startsWith(u'(')) {
        cursor.insertText(proposal + u"()"_s);
        cursor.movePosition(QTextCursor::Left);
    } else {
        cursor.insertText(proposal);
    }
    setTextCursor(cursor);
    m_unsent = true;
    closeList();
}

bool PromqlEdit::handleListKey(QKeyEvent* event)
{
    if (!isCompleting())
        return false;
    const int row = m_list->currentIndex().row();
    const auto go = [this](int to) {
        m_list->setCurrentIndex(m_items->index(std::clamp(to, 0, m_items->rowCount() - 1), 0));
        m_list->scrollTo(m_list->currentIndex());
    };
    switch (event->key()) {
    case Qt::Key_Down: go(row + 1 == m_items->rowCount() ? 0 : row + 1); return true;
    case Qt::Key_Up: go(row == 0 ? m_items->rowCount() - 1 : row - 1); return true;
    case Qt::Key_PageDown: go(row + 8); return true;
    case Qt::Key_PageUp: go(row - 8); return true;
    case Qt::Key_Tab: accept(m_list->currentIndex()); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() != Qt::NoModifier)
            return false;
        accept(m_list->currentIndex());
        return true;
    case Qt::Key_Escape: closeList(); return true;
    default: return false;
    }
}

/// Brackets and quotes come in pairs; typing the closing one steps over it.
bool PromqlEdit::handleBracket(QKeyEvent* event)
{
    const QString typed = event->text();
    QTextCursor cursor = textCursor();
    const QString all = toPlainText();
    const QChar next = cursor.position() < all.size() ? all.at(cursor.position()) : QChar();
    if (event->key() == Qt::Key_Backspace && !cursor.hasSelection() && cursor.position() > 0) {
        const QChar before = all.at(cursor.position() - 1);
        if (!closing(before).isNull() && closing(before) == next && event->modifiers() == Qt::NoModifier) {
            cursor.deleteChar();
            return false; // the ordinary way takes the other one
        }
    }
    if (typed.size() != 1)
        return false;
    const QChar c = typed.front();
    if (u")]}\""_s.contains(c) && next == c && !cursor.hasSelection()) {
        cursor.movePosition(QTextCursor::Right);
        setTextCursor(cursor);
        return true;
    }
    const QChar close = closing(c);
    if (close.isNull())
        return false;
    if (cursor.hasSelection()) {
        const QString inside = cursor.selectedText();
        cursor.insertText(c + inside + close);
        return true;
    }
    const bool free = next.isNull() || next.isSpace() || u")]},"_s.contains(next);
    // A quote that ends a string stands behind a word.
    const bool word = c == u'"' && cursor.position() > 0 && (all.at(cursor.position() - 1).isLetterOrNumber() || all.left(cursor.position()).count(u'"') % 2 == 1);
    if (!free || word)
        return false;
    cursor.insertText(QString(c) + close);
    cursor.movePosition(QTextCursor::Left);
    setTextCursor(cursor);
    return true;
}

void PromqlEdit::keyPressEvent(QKeyEvent* event)
{
    if (handleListKey(event))
        return;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        closeList();
        check();
        m_unsent = false;
        Q_EMIT run();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        clearFocus(); // out of the text first, then out of the editor
        return;
    }
    const QString before = toPlainText();
    if (!handleBracket(event))
        QPlainTextEdit::keyPressEvent(event);
    if (toPlainText() == before) {
        if (!event->text().isEmpty() || event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
            closeList();
        return;
    }
    m_unsent = true;
    const QString typed = event->text();
    const bool asks = !typed.isEmpty()
        && (typed.front().isLetterOrNumber() || u"_:{,\"$(=~["_s.contains(typed.front()) || (typed.front() == u' ' && isCompleting()));
    if (asks || (event->key() == Qt::Key_Backspace && isCompleting()))
        complete();
    else
        closeList();
}

void PromqlEdit::focusOutEvent(QFocusEvent* event)
{
    closeList();
    QPlainTextEdit::focusOutEvent(event);
    if (m_unsent && event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) {
        check();
        m_unsent = false;
        Q_EMIT run();
    }
}

bool PromqlEdit::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const qsizetype place = cursorForPosition(viewport()->mapFromGlobal(help->globalPos())).position();
        for (const ExpressionProblem& problem : m_problems) {
            if (place >= problem.start && place <= problem.end) {
                QToolTip::showText(help->globalPos(), plainTip(problem.message), this);
                return true;
            }
        }
        const ExpressionText now = text();
        const Promql::Hover hover = m_promql ? Promql::hoverAt(now.sent(), now.toSent(place)) : Promql::Hover();
        if (!hover.signature.empty()) {
            QToolTip::showText(help->globalPos(),
                               plainTip(toText(hover.signature) + u'\n' + toText(hover.documentation)), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    // Before Qt moves the focus with it.
    if (event->type() == QEvent::KeyPress && isCompleting() && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab) {
        keyPressEvent(static_cast<QKeyEvent*>(event));
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // These are the editor's, whatever the window does with them.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        const bool completes = key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier;
        if (enter || completes || key->key() == Qt::Key_Escape) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void PromqlEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fit();
}

} // namespace Promdeck
