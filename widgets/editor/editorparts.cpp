#include "widgets/editor/editorparts.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QComboBox>
#include <QPainter>
#include <QSlider>
#include <QToolButton>

namespace Promdeck {

namespace {

class WheelGuard final : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (event->type() != QEvent::Wheel || !widget || widget->hasFocus())
            return QObject::eventFilter(watched, event);
        event->ignore(); // the pane's
        return true;
    }
};

} // namespace

QToolButton* rowButton(QWidget* parent, const QString& name, const QString& icon, const QString& text)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(themeIcon(icon, IconRole::Secondary));
    button->setAutoRaise(true);
    button->setToolTip(plainTip(text));
    button->setAccessibleName(text);
    return button;
}

void guardWheel(QWidget* pane)
{
    auto* guard = new WheelGuard(pane);
    const auto watch = [guard](QWidget* widget) {
        widget->setFocusPolicy(Qt::StrongFocus); // a wheel gives no focus
        widget->installEventFilter(guard);
    };
    for (QComboBox* combo : pane->findChildren<QComboBox*>())
        watch(combo);
    for (QSlider* slider : pane->findChildren<QSlider*>())
        watch(slider);
}

EditorCard::EditorCard(QWidget* parent) : QWidget(parent)
{
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void EditorCard::paintEvent(QPaintEvent*)
{
    const ThemeColors& c = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.borderWeak, 1));
    painter.setBrush(c.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

} // namespace Promdeck
