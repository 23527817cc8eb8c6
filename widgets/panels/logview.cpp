#include "widgets/panels/logview.h"

#include "widgets/common/theme.h"

#include <QFontDatabase>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFontPx = 12;
constexpr int kBar = 3;
constexpr int kMargin = 9;

QString joined(const std::vector<LogView::Line>& lines, size_t first, size_t count)
{
    QString text;
    for (size_t i = first; i < first + count; ++i) {
        if (i > first)
            text += u'\n';
        text += lines[i].text;
    }
    return text;
}

} // namespace

LogView::LogView(QWidget* parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setAccessibleName(tr("Log lines"));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPixelSize(kFontPx);
    setFont(fixed);
    document()->setDocumentMargin(kMargin);
    viewport()->setMouseTracking(true);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::formatVisible);
    connect(verticalScrollBar(), &QAbstractSlider::actionTriggered, this, [this] {
        const QScrollBar* bar = verticalScrollBar();
        if (bar->sliderPosition() == bar->maximum() || bar->sliderPosition() == bar->minimum())
            Q_EMIT endReached(bar->sliderPosition() == bar->maximum());
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        ++m_round;
        formatVisible();
        showMark();
    });
}

LogView::Line LogView::lineOf(const LogRow& row, const LogsModel& model, const QString& time)
{
    Line line;
    line.level = row.level;
    if (model.showTime)
        line.text = time + u"  "_s;
    if (model.showLabels && !row.ownLabels.isEmpty()) {
        QStringList parts;
        for (const auto& [name, value] : row.ownLabels)
            parts << name + u'=' + value;
        line.text += parts.join(u' ') + u"  "_s;
    }
    line.weak = int(line.text.size());
    // A line of several lines stays one row.
    QString text = row.line;
    text.remove(u'\r');
    line.text += text.replace(u'\n', QChar::LineSeparator);
    if (row.duplicates > 0) {
        const QString count = u"  "_s + tr("×%1").arg(row.duplicates + 1);
        line.text += count;
        line.tail = int(count.size());
    }
    return line;
}

void LogView::setLines(std::vector<Line> lines, bool newestLast)
{
    if (lines == m_lines)
        return;
    QScrollBar* bar = verticalScrollBar();
    const bool follows = newestLast ? bar->value() == bar->maximum() : bar->value() == 0;
    const bool first = m_lines.empty();
    size_t before = 0;
    const size_t shorter = std::min(lines.size(), m_lines.size());
    while (before < shorter && lines[before].text == m_lines[before].text)
        ++before;
    size_t after = 0;
    while (after < shorter - before && lines[lines.size() - 1 - after].text == m_lines[m_lines.size() - 1 - after].text)
        ++after;
    QTextCursor anchor(firstVisibleBlock());
    anchor.movePosition(QTextCursor::EndOfBlock); // what is put before the block moves it, what is put at it does not
    if (first || lines.empty() || before + after == 0)
        setPlainText(joined(lines, 0, lines.size()));
    else
        replaceLines(before, m_lines.size() - before - after, lines, lines.size() - before - after);
    m_lines = std::move(lines);
    ++m_round;
    if (first || follows)
        bar->setValue(newestLast ? bar->maximum() : 0);
    else
        bar->setValue(anchor.block().firstLineNumber());
    m_marked = -1;
    showMark();
    formatVisible();
}

void LogView::replaceLines(size_t first, size_t oldCount, const std::vector<Line>& lines, size_t newCount)
{
    QTextCursor cursor(document());
    const bool atEnd = first + oldCount == m_lines.size();
    const QString text = joined(lines, first, newCount);
    cursor.beginEditBlock();
    if (atEnd) {
        // Behind the last line that stays, which there is: otherwise everything would be new.
        cursor.setPosition(document()->findBlockByNumber(int(first) - 1).position());
        cursor.movePosition(QTextCursor::EndOfBlock);
        cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
        cursor.insertText(newCount > 0 ? u'\n' + text : QString());
    } else {
        cursor.setPosition(document()->findBlockByNumber(int(first)).position());
        cursor.setPosition(document()->findBlockByNumber(int(first + oldCount)).position(), QTextCursor::KeepAnchor);
        cursor.insertText(newCount > 0 ? text + u'\n' : QString());
    }
    cursor.endEditBlock();
}

void LogView::setSearched(const QList<QRegularExpression>& patterns)
{
    if (patterns == m_patterns)
        return;
    m_patterns = patterns;
    ++m_round;
    formatVisible();
}

void LogView::setWrapped(bool wrapped)
{
    setLineWrapMode(wrapped ? WidgetWidth : NoWrap);
    setWordWrapMode(QTextOption::WrapAnywhere);
    formatVisible();
}

void LogView::setMarked(int row, bool reveal)
{
    if (row == m_marked)
        return;
    m_marked = row;
    showMark();
    if (row < 0 || !reveal)
        return;
    const QTextBlock block = document()->findBlockByNumber(row);
    const QRectF shape = blockBoundingGeometry(block).translated(contentOffset());
    if (shape.top() < 0 || shape.bottom() > viewport()->height()) {
        const int rows = viewport()->height() / std::max(1, fontMetrics().lineSpacing());
        verticalScrollBar()->setValue(block.firstLineNumber() - rows / 3);
    }
}

void LogView::showMark()
{
    QList<QTextEdit::ExtraSelection> selections;
    if (m_marked >= 0 && size_t(m_marked) < m_lines.size()) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document()->findBlockByNumber(m_marked));
        mark.format.setBackground(Theme::instance().colors().selected);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        selections << mark;
    }
    setExtraSelections(selections);
}

int LogView::rowAt(QPoint position) const
{
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF shape = blockBoundingGeometry(block).translated(contentOffset());
        if (shape.top() > viewport()->height())
            break;
        if (position.y() >= shape.top() && position.y() < shape.bottom())
            return size_t(block.blockNumber()) < m_lines.size() ? block.blockNumber() : -1;
    }
    return -1;
}

void LogView::formatBlock(const QTextBlock& block, const Line& line) const
{
    const ThemeColors& colors = Theme::instance().colors();
    QList<QTextLayout::FormatRange> ranges;
    const auto add = [&ranges](int start, int length, const QTextCharFormat& format) {
        if (length > 0)
            ranges << QTextLayout::FormatRange {start, length, format};
    };
    QTextCharFormat weak;
    weak.setForeground(colors.textSecondary);
    add(0, line.weak, weak);
    const int end = int(line.text.size()) - line.tail;
    add(end, line.tail, weak);
    QTextCharFormat found;
    found.setBackground(withAlpha(colors.warning, 0.35));
    for (const QRegularExpression& pattern : m_patterns) {
        for (auto it = pattern.globalMatch(line.text, line.weak); it.hasNext();) {
            const auto match = it.next();
            if (match.capturedStart() < end)
                add(int(match.capturedStart()), int(match.capturedLength()), found);
        }
    }
    block.layout()->setFormats(ranges);
}

void LogView::formatVisible()
{
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const int row = block.blockNumber();
        if (size_t(row) >= m_lines.size())
            break;
        if (block.userState() != m_round) {
            block.setUserState(m_round);
            formatBlock(block, m_lines[size_t(row)]);
            document()->markContentsDirty(block.position(), block.length());
        }
        if (blockBoundingGeometry(block).translated(contentOffset()).top() > viewport()->height())
            break;
    }
}

void LogView::paintEvent(QPaintEvent* event)
{
    QPlainTextEdit::paintEvent(event);
    QPainter painter(viewport());
    const ThemeKind theme = Theme::instance().kind();
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF shape = blockBoundingGeometry(block).translated(contentOffset());
        const auto row = size_t(block.blockNumber());
        if (shape.top() > viewport()->height() || row >= m_lines.size())
            break;
        // The last block's shape has the margin of the document below it.
        const double height = block.layout()->boundingRect().height();
        const double top = shape.top() + block.layout()->position().y();
        painter.fillRect(QRectF(1, top + 1, kBar, height - 2), toColor(logLevelColor(m_lines[row].level, theme)));
    }
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    if (event->buttons() != Qt::NoButton)
        return;
    const int row = rowAt(event->pos());
    if (row != m_hovered)
        Q_EMIT rowHovered(m_hovered = row);
}

void LogView::leaveEvent(QEvent* event)
{
    QPlainTextEdit::leaveEvent(event);
    if (std::exchange(m_hovered, -1) >= 0)
        Q_EMIT rowHovered(-1);
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    QPlainTextEdit::mousePressEvent(event);
}

void LogView::mouseReleaseEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    // A drag selects text.
    if (event->button() != Qt::LeftButton || textCursor().hasSelection() || (event->pos() - m_pressed).manhattanLength() > 4)
        return;
    if (const int row = rowAt(event->pos()); row >= 0)
        Q_EMIT rowPicked(row);
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (size_t(currentRow()) < m_lines.size())
            Q_EMIT rowPicked(currentRow());
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT escaped();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    formatVisible();
}

} // namespace Promdeck
