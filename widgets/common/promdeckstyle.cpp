#include "widgets/common/promdeckstyle.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kRadius = 3;
constexpr int kToolButtonPadding = 5;
constexpr int kFieldPadding = 8; // before the text of inputs

const ThemeColors& theme()
{
    return Theme::instance().colors();
}

void box(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& border, double radius = kRadius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(border.alpha() ? QPen(border, 1) : QPen(Qt::NoPen));
    const QRectF inner = border.alpha() ? QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5) : QRectF(rect);
    painter->drawRoundedRect(inner, radius, radius);
    painter->restore();
}

void chevronDown(QPainter* painter, QPointF centre, const QColor& color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF points[] {centre + QPointF(-3.5, -1.75), centre + QPointF(0, 1.75), centre + QPointF(3.5, -1.75)};
    painter->drawPolyline(points, 3);
    painter->restore();
}

void drawButton(const QStyleOption* option, QPainter* painter, const QWidget* widget, bool flat)
{
    const bool hover = option->state & QStyle::State_MouseOver && option->state & QStyle::State_Enabled;
    const bool down = option->state & (QStyle::State_Sunken | QStyle::State_On);
    const auto* button = qobject_cast<const QPushButton*>(widget);
    QColor fill = flat ? QColor(Qt::transparent) : theme().secondary;
    QColor border = flat ? QColor(Qt::transparent) : theme().borderWeak;
    if (button && button->isDefault() && option->state & QStyle::State_Enabled) {
        fill = theme().accent;
        border = Qt::transparent;
    }
    if (down)
        fill = flat ? theme().hover : blend(fill, theme().hover);
    box(painter, option->rect, fill, border);
    if (hover)
        box(painter, option->rect, theme().hover, Qt::transparent);
    if (option->state & QStyle::State_HasFocus && option->state & QStyle::State_KeyboardFocusChange)
        box(painter, option->rect, Qt::transparent, theme().accent);
}

void drawCheck(const QStyleOption* option, QPainter* painter)
{
    const bool on = option->state & QStyle::State_On;
    const bool partly = option->state & QStyle::State_NoChange;
    const QRect rect(option->rect.center() - QPoint(7, 7), QSize(15, 15));
    box(painter, rect, on || partly ? theme().accent : theme().panel, on || partly ? Qt::transparent : theme().borderStrong);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme().accentText, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF o = rect.topLeft();
    if (on) {
        const QPointF points[] {o + QPointF(3.5, 7.5), o + QPointF(6.5, 10.5), o + QPointF(11.5, 4.5)};
        painter->drawPolyline(points, 3);
    } else if (partly) {
        painter->drawLine(o + QPointF(4, 7.5), o + QPointF(11, 7.5));
    }
    painter->restore();
}

} // namespace

PromdeckStyle::PromdeckStyle() : QProxyStyle(u"Fusion"_s) {}

void PromdeckStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        drawButton(option, painter, widget, button && button->features & QStyleOptionButton::Flat);
        return;
    }
    case PE_PanelButtonTool:
        drawButton(option, painter, widget, option->state & State_AutoRaise);
        return;
    case PE_IndicatorTabClose: {
        const bool isOver = option->state & State_MouseOver && option->state & State_Enabled;
        QRectF mark(0, 0, 12, 12);
        mark.moveCenter(QRectF(option->rect).center());
        if (isOver) {
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme().hover);
            painter->drawRoundedRect(mark.adjusted(-2, -2, 2, 2), 3, 3);
            painter->restore();
        }
        paintIcon(painter, mark, QStringLiteral("close"), isOver ? theme().text : theme().textSecondary);
        return;
    }
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            box(painter, option->rect, Qt::transparent, theme().accent);
        return;
    case PE_FrameLineEdit:
    case PE_PanelLineEdit: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        const bool framed = frame && frame->lineWidth > 0;
        const bool invalid = widget && widget->property("invalid").toBool();
        const QColor border = invalid ? theme().error
            : option->state & State_HasFocus ? theme().accent : theme().borderMedium;
        box(painter, option->rect, framed ? theme().panel : QColor(Qt::transparent), framed ? border : QColor(Qt::transparent));
        return;
    }
    case PE_FrameMenu:
    case PE_PanelMenu:
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, theme().elevated);
        painter->setPen(theme().borderMedium);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawCheck(option, painter);
        return;
    case PE_Frame:
        if (qobject_cast<const QAbstractScrollArea*>(widget)) {
            painter->setPen(theme().borderWeak);
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            return;
        }
        // A popup has no frame of the window system's: it has to stand out by itself.
        if (widget && widget->isWindow()) {
            painter->setPen(theme().borderStrong);
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            return;
        }
        break;
    case PE_FrameDockWidget:
    case PE_FrameStatusBarItem:
        return;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void PromdeckStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto* button = qobject_cast<const QPushButton*>(widget);
            button && button->isDefault() && option->state & State_Enabled) {
            QStyleOptionButton copy = *qstyleoption_cast<const QStyleOptionButton*>(option);
            copy.palette.setColor(QPalette::ButtonText, theme().accentText);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    case CE_HeaderSection:
        painter->fillRect(option->rect, theme().panel);
        painter->setPen(theme().borderWeak);
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        if (option->state & State_MouseOver)
            painter->fillRect(option->rect, theme().hover);
        return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, theme().panel);
        painter->setPen(theme().borderWeak);
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        return;
    case CE_ToolButtonLabel: {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        if (button && button->toolButtonStyle != Qt::ToolButtonIconOnly && !button->text.isEmpty()) {
            // The room that sizeFromContents() adds, on both sides of the text.
            QStyleOptionToolButton copy = *button;
            copy.rect = copy.rect.adjusted(kToolButtonPadding, 0, -kToolButtonPadding, 0);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    }
    case CE_ComboBoxLabel: {
        const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (combo && !combo->editable) {
            QStyleOptionComboBox copy = *combo;
            copy.palette.setColor(QPalette::ButtonText, theme().text);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    }
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void PromdeckStyle::drawScrollBar(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (!slider)
        return;
    const bool inView = widget && widget->property("onCanvas").toBool();
    painter->fillRect(option->rect, inView ? theme().canvas : option->palette.color(QPalette::Base));
    if (slider->minimum >= slider->maximum)
        return;
    const bool vertical = slider->orientation == Qt::Vertical;
    QRect thumb = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
    thumb = vertical ? thumb.adjusted(2, 1, -2, -1) : thumb.adjusted(1, 2, -1, -2);
    const bool active = option->state & (State_MouseOver | State_Sunken);
    box(painter, thumb, withAlpha(theme().text, active ? 0.4 : 0.22), Qt::transparent, 4);
}

void PromdeckStyle::drawComboBox(const QStyleOptionComplex* option, QPainter* painter) const
{
    const bool focus = option->state & State_HasFocus;
    box(painter, option->rect, theme().panel, focus ? theme().accent : theme().borderMedium);
    if (option->state & State_MouseOver && option->state & State_Enabled)
        box(painter, option->rect, theme().hover, Qt::transparent);
    chevronDown(painter, QPointF(option->rect.right() - 11, option->rect.center().y() + 1), theme().textSecondary);
}

void PromdeckStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                       QPainter* painter, const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        drawScrollBar(option, painter, widget);
        return;
    }
    if (control == CC_ComboBox) {
        drawComboBox(option, painter);
        return;
    }
    if (control == CC_ToolButton) {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        if (button && button->features & QStyleOptionToolButton::HasMenu
            && !(button->features & QStyleOptionToolButton::MenuButtonPopup)) {
            QStyleOptionToolButton copy = *button;
            const bool text = button->toolButtonStyle != Qt::ToolButtonIconOnly;
            copy.features &= ~QStyleOptionToolButton::HasMenu;
            drawButton(option, painter, widget, option->state & State_AutoRaise);
            if (text) {
                copy.rect = copy.rect.adjusted(0, 0, -12, 0);
                chevronDown(painter, QPointF(option->rect.right() - 10, option->rect.center().y() + 1),
                            theme().textSecondary);
            }
            drawControl(CE_ToolButtonLabel, &copy, painter, widget);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

int PromdeckStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return 11;
    case PM_ScrollBarSliderMin: return 28;
    case PM_ToolBarItemSpacing: return 6;
    case PM_ToolBarFrameWidth: return 0;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize: return 16;
    case PM_MenuVMargin: return 4;
    case PM_MenuHMargin: return 0;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_DockWidgetSeparatorExtent: return 5;
    case PM_MenuButtonIndicator: return 18;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int PromdeckStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                             QStyleHintReturn* returnData) const
{
    switch (hint) {
    case SH_ScrollBar_LeftClickAbsolutePosition: return 1;
    case SH_ComboBox_Popup: return 0;
    case SH_ToolTip_WakeUpDelay: return 350;
    case SH_UnderlineShortcut: return 0;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText: return 0;
    case SH_Widget_Animate: return 0;
    default: return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QSize PromdeckStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                      const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        const int extra = button && !button->text.isEmpty() ? 8 : 0;
        return {result.width() + extra, std::max(30, result.height())};
    }
    case CT_ToolButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        const bool text = button && button->toolButtonStyle != Qt::ToolButtonIconOnly;
        const bool menu = button && button->features & QStyleOptionToolButton::HasMenu;
        return {std::max(30, result.width() + (text ? 2 * kToolButtonPadding : 0) + (text && menu ? 10 : 0)), std::max(30, result.height())};
    }
    case CT_LineEdit: return {result.width(), std::max(30, result.height())};
    case CT_ComboBox: return {result.width() + kFieldPadding, std::max(30, result.height())};
    case CT_MenuItem: return {result.width() + 8, std::max(26, result.height())};
    default: return result;
    }
}

QRect PromdeckStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    // Unframed line edits are editors inside something that has room of its own.
    if (element == SE_LineEditContents && frame && frame->lineWidth > 0)
        return rect.adjusted(kFieldPadding - 2, 0, -2, 0);
    return rect;
}

QRect PromdeckStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                                    SubControl subControl, const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (!slider)
            return {};
        const bool vertical = slider->orientation == Qt::Vertical;
        const int length = vertical ? slider->rect.height() : slider->rect.width();
        const int range = slider->maximum - slider->minimum;
        const int thumb = range > 0
            ? std::max(28, int(qint64(length) * slider->pageStep / std::max(1, range + slider->pageStep)))
            : length;
        const int start = sliderPositionFromValue(slider->minimum, slider->maximum, slider->sliderPosition,
                                                  std::max(0, length - thumb), slider->upsideDown);
        const auto part = [&](int from, int size) {
            return vertical ? QRect(0, from, slider->rect.width(), size) : QRect(from, 0, size, slider->rect.height());
        };
        switch (subControl) {
        case SC_ScrollBarSlider: return part(start, thumb);
        case SC_ScrollBarGroove: return slider->rect;
        case SC_ScrollBarSubPage: return part(0, start);
        case SC_ScrollBarAddPage: return part(start + thumb, length - start - thumb);
        default: return {};
        }
    }
    const QRect rect = QProxyStyle::subControlRect(control, option, subControl, widget);
    if (control == CC_ComboBox && subControl == SC_ComboBoxEditField)
        return option->direction == Qt::RightToLeft ? rect.adjusted(0, 0, -kFieldPadding, 0)
                                                    : rect.adjusted(kFieldPadding, 0, 0, 0);
    return rect;
}

void PromdeckStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) || qobject_cast<QScrollBar*>(widget))
        widget->setAttribute(Qt::WA_Hover);
    // Labels show what servers and files say: HTML only where it is asked for. Tooltips have plainTip().
    auto* label = qobject_cast<QLabel*>(widget);
    if (label && label->textFormat() == Qt::AutoText && !label->inherits("QTipLabel"))
        label->setTextFormat(Qt::PlainText);
}

} // namespace Promdeck
