#include "widgets/dashboard/panelghost.h"

#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRoomForButton = 96; // px of height below which only the text is shown

} // namespace

PanelGhost::PanelGhost(const QString& title, QWidget* parent)
    : QWidget(parent), m_label(new QLabel(this)), m_button(new QPushButton(tr("Put back"), this))
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setText(title.isEmpty() ? tr("Shown outside of the dashboard") : tr("“%1” is shown outside of the dashboard").arg(title));
    m_label->setAlignment(Qt::AlignCenter);
    m_label->setWordWrap(true);
    m_button->setObjectName(u"putBack"_s);
    m_button->setAccessibleName(tr("Put “%1” back into the dashboard").arg(title));
    setAccessibleName(m_label->text());
    connect(m_button, &QPushButton::clicked, this, &PanelGhost::putBack);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(1);
    layout->addWidget(m_label);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(1);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PanelGhost::resizeEvent(QResizeEvent*)
{
    m_button->setVisible(height() >= kRoomForButton);
}

void PanelGhost::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT putBack();
}

void PanelGhost::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(rect(), c.canvas);
    QPalette texts = m_label->palette();
    if (texts.color(QPalette::WindowText) != c.textSecondary) {
        texts.setColor(QPalette::WindowText, c.textSecondary);
        m_label->setPalette(texts);
    }
    drawFrame(&painter, rect(), blend(c.canvas, c.borderWeak));
}

} // namespace Promdeck
