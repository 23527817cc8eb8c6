#include "widgets/plot/plottooltip.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPointer>
#include <QScreen>

#include <cmath>

namespace Promdeck {

namespace {

constexpr int Pad = 10;
constexpr int RowHeight = 19;
constexpr int TitleHeight = 24;
constexpr int MarkWidth = 12;
constexpr int MarkGap = 8;
constexpr int ValueGap = 18;
constexpr int CursorGap = 14;
constexpr double MaxNameWidth = 420;

int titleHeight(const TooltipContent& content)
{
    return content.title.isEmpty() ? Pad : TitleHeight;
}

constexpr Qt::WindowFlags OwnWindow
    = Qt::ToolTip | Qt::FramelessWindowHint | Qt::WindowTransparentForInput | Qt::NoDropShadowWindowHint;
const QString InsideName = QStringLiteral("sharedTooltip");

PlotTooltip* insideOf(const QWidget* owner)
{
    return owner->findChild<PlotTooltip*>(InsideName, Qt::FindDirectChildrenOnly);
}

QPointer<PlotTooltip>& theTooltip()
{
    static QPointer<PlotTooltip> tooltip;
    return tooltip;
}

} // namespace

PlotTooltip::PlotTooltip(QWidget* parent, Qt::WindowFlags flags) : QWidget(parent, flags)
{
    setObjectName(QStringLiteral("plotTooltip"));
    setAttribute(Qt::WA_ShowWithoutActivating);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::NoFocus);
}

PlotTooltip* PlotTooltip::instance()
{
    return theTooltip();
}

int PlotTooltip::maxRows(const QWidget* owner)
{
    const QScreen* screen = owner->screen();
    const int height = screen ? screen->availableGeometry().height() : 800;
    return std::max(5, (height * 6 / 10 - TitleHeight) / RowHeight);
}

void PlotTooltip::setContent(const TooltipContent& content, const PlotTheme& theme)
{
    m_content = content;
    m_theme = theme;
    QFont strong = theme.font;
    strong.setBold(true);
    const QFontMetricsF metrics(theme.font);
    const QFontMetricsF strongMetrics(strong);
    double names = 0;
    m_valueWidth = 0;
    for (const TooltipRow& row : content.rows) {
        const QFontMetricsF& used = row.strong ? strongMetrics : metrics;
        names = std::max(names, used.horizontalAdvance(row.name));
        m_valueWidth = std::max(m_valueWidth, used.horizontalAdvance(row.value));
    }
    const double rowWidth = MarkWidth + MarkGap + std::min(names, MaxNameWidth) + ValueGap + m_valueWidth;
    const double width = std::max(rowWidth, metrics.horizontalAdvance(content.title)) + 2 * Pad;
    const auto rows = int(content.rows.size()) + (content.left > 0 ? 1 : 0);
    // Growing is immediate, shrinking is not: a window that changes size with every sample flickers.
    QSize wanted(int(std::ceil(width)), titleHeight(content) + rows * RowHeight + Pad);
    if (isVisible() && wanted.height() == height() && wanted.width() < this->width() && this->width() - wanted.width() < 40)
        wanted.setWidth(this->width());
    if (wanted != size())
        resize(wanted);
    update();
}

void PlotTooltip::showFor(QWidget* owner, const TooltipContent& content, const PlotTheme& theme, QPoint globalCursor)
{
    QPointer<PlotTooltip>& tooltip = theTooltip();
    if (!tooltip || tooltip->parentWidget() != owner->window()) {
        delete tooltip;
        tooltip = new PlotTooltip(owner->window(), OwnWindow);
    }
    tooltip->m_owner = owner;
    tooltip->setContent(content, theme);
    const QSize size = tooltip->size();
    const QScreen* screen = owner->screen();
    const QRect room = screen ? screen->availableGeometry() : QRect(0, 0, 4096, 4096);
    int x = globalCursor.x() + CursorGap;
    if (x + size.width() > room.right())
        x = globalCursor.x() - CursorGap - size.width();
    int y = globalCursor.y() + CursorGap;
    if (y + size.height() > room.bottom())
        y = globalCursor.y() - CursorGap - size.height();
    tooltip->move(std::max(x, room.left()), std::max(y, room.top()));
    if (!tooltip->isVisible())
        tooltip->show();
}

void PlotTooltip::hideFor(const QWidget* owner)
{
    PlotTooltip* tooltip = theTooltip();
    if (tooltip && tooltip->m_owner == owner)
        tooltip->hide();
}

int PlotTooltip::rowsInside(const QRect& area)
{
    return std::max(1, (area.height() - TitleHeight - Pad) / RowHeight - 1);
}

void PlotTooltip::showInside(QWidget* owner, const TooltipContent& content, const PlotTheme& theme, const QRect& area, int x)
{
    PlotTooltip* tooltip = insideOf(owner);
    if (!tooltip) {
        tooltip = new PlotTooltip(owner, Qt::Widget);
        tooltip->setObjectName(InsideName);
    }
    tooltip->setContent(content, theme);
    const int width = std::min(tooltip->width(), area.width());
    if (width != tooltip->width())
        tooltip->resize(width, tooltip->height());
    int left = x + CursorGap;
    if (left + width > area.right())
        left = x - CursorGap - width;
    left = std::clamp(left, area.left(), std::max(area.left(), area.right() - width));
    tooltip->move(left, area.top() + std::max(0, (area.height() - tooltip->height()) / 2));
    if (!tooltip->isVisible())
        tooltip->show();
}

void PlotTooltip::hideInside(QWidget* owner)
{
    if (PlotTooltip* tooltip = insideOf(owner))
        tooltip->hide();
}

void PlotTooltip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tooltipBorder);
    painter.fillRect(rect(), m_theme.tooltipBackground);
    painter.setPen(m_theme.tooltipBorder);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.setFont(m_theme.font);
    const QFontMetricsF metrics(m_theme.font);
    const double middle = (metrics.ascent() - metrics.descent()) / 2;
    painter.setPen(m_theme.weakText);
    painter.drawText(QPointF(Pad, std::round(TitleHeight / 2.0 + middle + 1)), m_content.title);
    double y = titleHeight(m_content);
    QFont strong = m_theme.font;
    strong.setBold(true);
    for (const TooltipRow& row : m_content.rows) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(row.color);
        painter.drawRoundedRect(QRectF(Pad, y + RowHeight / 2.0 - 2, MarkWidth, 4), 2, 2);
        painter.setPen(m_theme.text);
        painter.setFont(row.strong ? strong : m_theme.font);
        const QFontMetricsF used(painter.font());
        const double baseline = std::round(y + RowHeight / 2.0 + middle);
        const double valueLeft = width() - Pad - used.horizontalAdvance(row.value);
        const double nameRoom = width() - 2 * Pad - MarkWidth - MarkGap - ValueGap - m_valueWidth;
        painter.drawText(QPointF(Pad + MarkWidth + MarkGap, baseline),
                         used.elidedText(row.name, Qt::ElideMiddle, nameRoom + 1));
        painter.drawText(QPointF(valueLeft, baseline), row.value);
        y += RowHeight;
    }
    if (m_content.left > 0) {
        painter.setFont(m_theme.font);
        painter.setPen(m_theme.weakText);
        painter.drawText(QPointF(Pad + MarkWidth + MarkGap, std::round(y + RowHeight / 2.0 + middle)),
                         tr("%n more", nullptr, m_content.left));
    }
}

} // namespace Promdeck
