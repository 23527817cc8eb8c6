#include "widgets/panels/logsbody.h"

#include "models/plotmath/timeticks.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kFontPx = 12;

QString labelText(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << name + u'=' + value;
    return parts.join(u' ');
}

} // namespace

LogsBody::LogsBody(QWidget* parent)
    : PanelBody(parent)
    , m_common(new QLabel(this))
    , m_view(new QPlainTextEdit(this))
{
    m_common->setObjectName(u"commonLabels"_s);
    m_common->setForegroundRole(QPalette::PlaceholderText);
    m_common->setTextFormat(Qt::PlainText);
    m_common->hide();
    m_view->setObjectName(u"logView"_s);
    m_view->setReadOnly(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_view->setAccessibleName(tr("Log lines"));
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(kFontPx);
    m_view->setFont(font);
    m_view->viewport()->installEventFilter(this);
    setFocusProxy(m_view);
    connect(&Theme::instance(), &Theme::changed, this, &LogsBody::render);
}

void LogsBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data] { return logsModel(spec, *data); },
            [this, zone = input.context.timeZone](LogsModel model) {
                m_model = std::move(model);
                m_timeZone = zone;
                render();
            });
}

void LogsBody::render()
{
    const ThemeColors& colors = Theme::instance().colors();
    QScrollBar* bar = m_view->verticalScrollBar();
    const bool atEnd = m_model.ascending && bar->value() == bar->maximum();
    const int before = bar->value();
    m_view->setLineWrapMode(m_model.wrap ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
    m_view->clear();
    QTextCharFormat weak;
    weak.setForeground(colors.textSecondary);
    QTextCharFormat text;
    text.setForeground(colors.text);
    const QTimeZone zone = timeZoneByName(m_timeZone);
    QTextCursor cursor(m_view->document());
    cursor.beginEditBlock();
    for (size_t row = 0; row < m_model.rows.size(); ++row) {
        const LogRow& one = m_model.rows[row];
        if (row > 0)
            cursor.insertBlock();
        QTextCharFormat mark;
        mark.setForeground(toColor(logLevelColor(one.level, Theme::instance().kind())));
        cursor.insertText(u"\u258d "_s, mark);
        if (m_model.showTime)
            cursor.insertText(timeText(one.timeMs, zone, u"yyyy-MM-dd HH:mm:ss.zzz"_s) + u"  "_s, weak);
        if (m_model.showLabels)
            cursor.insertText(labelText(one.ownLabels) + u"  "_s, weak);
        // A line of several lines stays one row.
        QString line = one.line;
        cursor.insertText(line.replace(u'\n', QChar::LineSeparator), text);
        if (one.duplicates > 0)
            cursor.insertText(u"  "_s + tr("×%1").arg(one.duplicates + 1), weak);
    }
    cursor.endEditBlock();
    m_view->moveCursor(QTextCursor::Start);
    bar->setValue(atEnd ? bar->maximum() : std::min(before, bar->maximum()));
    m_common->setText(tr("Common labels: %1").arg(labelText(m_model.commonLabels)));
    m_common->setVisible(m_model.showCommonLabels && !m_model.commonLabels.isEmpty());
    resizeEvent(nullptr);
    setAccessibleDescription(tr("%n log lines", nullptr, int(m_model.rows.size())));
}

QString LogsBody::plainText() const
{
    QStringList lines;
    const QTimeZone zone = timeZoneByName(m_timeZone);
    for (const LogRow& row : m_model.rows)
        lines << timeText(row.timeMs, zone, u"yyyy-MM-dd HH:mm:ss.zzz"_s) + u'\t' + logLevelName(row.level) + u'\t' + row.line;
    return lines.join(u'\n');
}

int LogsBody::rowAt(QPoint position) const
{
    const int row = m_view->cursorForPosition(position).blockNumber();
    return row >= 0 && size_t(row) < m_model.rows.size() ? row : -1;
}

bool LogsBody::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_model.details)
        return PanelBody::eventFilter(watched, event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(help->pos());
    if (row < 0)
        return true;
    const LogRow& one = m_model.rows[size_t(row)];
    QStringList lines {timeText(one.timeMs, timeZoneByName(m_timeZone), u"yyyy-MM-dd HH:mm:ss.zzz"_s), logLevelName(one.level)};
    for (const auto& [name, value] : one.labels)
        lines << name + u" = "_s + value;
    // Text from the outside: never to be read as markup.
    QToolTip::showText(help->globalPos(), plainTip(lines.join(u'\n')), m_view);
    return true;
}

void LogsBody::resizeEvent(QResizeEvent*)
{
    const int top = m_common->isHidden() ? 0 : m_common->sizeHint().height() + 4;
    m_common->setGeometry(0, 0, width(), top);
    m_view->setGeometry(0, top, width(), height() - top);
}

} // namespace Promdeck
