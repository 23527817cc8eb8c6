#include "widgets/stack/stackcard.h"

#include "widgets/common/errortext.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace Promdeck {

QString probeSummary(const ProbeReport& report)
{
    if (report.error)
        return errorTitle(*report.error);
    QString text = productName(report.product);
    if (!report.version.isEmpty())
        text += u' ' + report.version;
    text += u" · "_s + StackCard::tr("%1 ms").arg(report.seconds * 1000, 0, 'f', 0);
    if (!report.alertmanagers.empty())
        text += u" · "_s + StackCard::tr("%n Alertmanagers", nullptr, int(report.alertmanagers.size()));
    return text;
}

StackCard::StackCard(StackProfile profile, QWidget* parent) : QAbstractButton(parent), m_profile(std::move(profile))
{
    setObjectName(u"stackCard:"_s + m_profile.prometheus.toString(QUrl::RemoveUserInfo));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    m_title = m_profile.name.isEmpty() ? m_profile.prometheus.authority() : m_profile.name;
    m_line = m_profile.prometheus.toDisplayString(QUrl::RemoveUserInfo);
    setAccessibleName(tr("Open %1").arg(m_title));
    setFixedSize(sizeHint());
}

void StackCard::setProbing()
{
    m_health = Health::Unknown;
    m_state = tr("Asking…");
    update();
}

void StackCard::setReport(const ProbeReport& report)
{
    m_health = report.usable() ? Health::Good : Health::Bad;
    m_state = probeSummary(report);
    setToolTip(plainTip(report.error ? errorText(*report.error) : m_state));
    setAccessibleDescription(m_state);
    update();
}

void StackCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& c = Theme::instance().colors();
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool active = underMouse() || hasFocus();
    painter.setBrush(isDown() ? blend(c.panel, c.hover) : c.panel);
    painter.setPen(QPen(active ? c.accent : c.borderWeak, 1));
    painter.drawRoundedRect(frame, 5, 5);
    const QColor mark(m_profile.color);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mark.isValid() ? mark : c.accent);
    painter.drawRoundedRect(QRectF(0, 12, 3, height() - 24), 1.5, 1.5);
    painter.setFont(panelFont(16, QFont::Medium));
    painter.setPen(c.text);
    drawElided(&painter, QRectF(18, 14, width() - 32, 24), m_title, Qt::AlignLeft | Qt::AlignVCenter);
    painter.setFont(panelFont(12));
    painter.setPen(c.textSecondary);
    drawElided(&painter, QRectF(18, 40, width() - 32, 18), m_line, Qt::AlignLeft | Qt::AlignVCenter);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_health == Health::Good ? c.success : m_health == Health::Bad ? c.error : c.textDisabled);
    painter.drawEllipse(QRectF(18, 77, 8, 8));
    painter.setPen(m_health == Health::Bad ? c.error : c.text);
    drawElided(&painter, QRectF(34, 70, width() - 48, 22), m_state, Qt::AlignLeft | Qt::AlignVCenter);
}

} // namespace Promdeck
