#include "widgets/panels/panelbody.h"

#include "widgets/common/displayoptions.h"
#include "widgets/common/exportpainting.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QMenu>
#include <QPaintEvent>
#include <QPainter>
#include <QUrl>
#include <QWheelEvent>

#include <algorithm>

namespace Promdeck {

PanelBody::PanelBody(QWidget* parent) : QWidget(parent) {}

PanelBody::~PanelBody() = default;

void PanelBody::followDataLinks(const PanelInput& input, const std::vector<DataLink>& links, const DataLinkContext& from,
                                const QPoint& globalPosition, bool alwaysAsk)
{
    const auto expand = [&](const QString& text, bool isAddress) {
        const QString filled = expandDataLink(text, from, isAddress);
        return input.interpolate ? input.interpolate(filled) : filled;
    };
    if (links.empty())
        return;
    if (links.size() == 1 && !alwaysAsk) {
        Q_EMIT linkActivated(QUrl(expand(links.front().url, true)));
        return;
    }
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("dataLinks"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    if (!from.seriesName.isEmpty())
        menu->addSection(from.seriesName);
    for (const DataLink& link : links) {
        const QString url = expand(link.url, true);
        const QString title = expand(link.title, false);
        QAction* action = menu->addAction(themeIcon(QStringLiteral("external"), IconRole::Secondary),
                                          QString(title.isEmpty() ? url : title).replace(QLatin1Char('&'), QStringLiteral("&&")),
                                          this, [this, url] { Q_EMIT linkActivated(QUrl(url)); });
        action->setToolTip(plainTip(url));
    }
    menu->popup(globalPosition);
}

PictureBody::PictureBody(QWidget* parent) : PanelBody(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    connect(&Theme::instance(), &Theme::changed, this, &PictureBody::invalidate);
    connect(&DisplayOptions::instance(), &DisplayOptions::changed, this, &PictureBody::invalidate);
}

void PictureBody::invalidate()
{
    m_picture = QPixmap();
    update();
}

void PictureBody::paintEvent(QPaintEvent* event)
{
    if (ExportPainting::isActive()) {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setClipRect(rect(), Qt::IntersectClip);
        painter.translate(0, -m_offset);
        paintPicture(&painter, QRectF(0, 0, width(), std::max(double(height()), pictureHeight())));
        return;
    }
    const double ratio = devicePixelRatioF();
    const QSize wanted = (QSizeF(size()) * ratio).toSize();
    if (m_picture.isNull() || m_picture.size() != wanted) {
        m_picture = QPixmap(wanted);
        m_picture.setDevicePixelRatio(ratio);
        const QVariant background = parentWidget() ? parentWidget()->property("background") : QVariant();
        m_picture.fill(background.isValid() ? background.value<QColor>() : Theme::instance().colors().panel);
        QPainter painter(&m_picture);
        painter.setRenderHint(QPainter::Antialiasing);
        const double full = std::max(double(height()), pictureHeight());
        m_offset = std::clamp(m_offset, 0.0, full - height());
        const bool scrolls = full > height() + 0.5;
        painter.translate(0, -m_offset);
        paintPicture(&painter, QRectF(0, 0, width() - (scrolls ? 10 : 0), full));
        painter.translate(0, m_offset);
        if (scrolls) {
            const double thumb = std::max(20.0, height() * height() / full);
            const double at = m_offset / (full - height()) * (height() - thumb);
            painter.setPen(Qt::NoPen);
            painter.setBrush(withAlpha(Theme::instance().colors().text, 0.25));
            painter.drawRoundedRect(QRectF(width() - 6, at, 5, thumb), 2.5, 2.5);
        }
    }
    QPainter painter(this);
    const QRect part = event->rect();
    painter.drawPixmap(QRectF(part), m_picture, QRectF(QPointF(part.topLeft()) * ratio, QSizeF(part.size()) * ratio));
}

void PictureBody::resizeEvent(QResizeEvent*)
{
    m_picture = QPixmap();
}

void PictureBody::wheelEvent(QWheelEvent* event)
{
    const double most = std::max(0.0, pictureHeight() - height());
    const double wanted = std::clamp(m_offset - event->angleDelta().y() / 2.0, 0.0, most);
    if (most <= 0 || wanted == m_offset) {
        event->ignore(); // the dashboard scrolls
        return;
    }
    m_offset = wanted;
    invalidate();
}

} // namespace Promdeck
