#include "widgets/common/icons.h"

#include "widgets/common/theme.h"

#include <QCache>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

// Outside the namespace, as Q_INIT_RESOURCE demands.
static void initIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace Promdeck {

namespace {

QByteArray svgText(const QString& name, const QColor& color)
{
    static const bool ready = (initIconResources(), true);
    Q_UNUSED(ready)
    QFile file(u":/promdeck/icons/"_s + name + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray text = file.readAll();
    if (color.isValid())
        text.replace("\"#000\"", '"' + color.name(QColor::HexRgb).toLatin1() + '"');
    return text;
}

QColor roleColor(IconRole role)
{
    const ThemeColors& c = Theme::instance().colors();
    switch (role) {
    case IconRole::Secondary: return blend(c.panel, c.textSecondary);
    case IconRole::Accent: return c.link;
    case IconRole::OnAccent: return c.accentText;
    case IconRole::Error: return c.error;
    case IconRole::Warning: return c.warning;
    case IconRole::Success: return c.success;
    default: return c.text;
    }
}

class ThemeIconEngine final : public QIconEngine
{
public:
    ThemeIconEngine(QString name, IconRole role) : m_name(std::move(name)), m_role(role) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QColor color = roleColor(m_role);
        if (mode == QIcon::Disabled)
            color = blend(Theme::instance().colors().panel, withAlpha(color, 0.4));
        paintIcon(painter, rect, m_name, color);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, QRect({}, size), mode, state);
        return result;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new ThemeIconEngine(m_name, m_role); }

private:
    QString m_name;
    IconRole m_role;
};

} // namespace

QIcon themeIcon(const QString& name, IconRole role)
{
    return QIcon(new ThemeIconEngine(name, role));
}

QIcon applicationIcon()
{
    QIcon icon;
    QSvgRenderer renderer(svgText(u"promdeck"_s, {}));
    for (const int size : {16, 24, 32, 48, 64, 128}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        icon.addPixmap(pixmap);
    }
    return icon;
}

void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color)
{
    // Parsing the SVG costs more than drawing it; panels draw the same few icons over and over.
    static QCache<QString, QSvgRenderer> cache(128);
    const QString key = name + color.name(QColor::HexRgb);
    QSvgRenderer* renderer = cache.object(key);
    if (!renderer) {
        renderer = new QSvgRenderer(svgText(name, color));
        cache.insert(key, renderer);
    }
    const double side = std::min(rect.width(), rect.height());
    painter->save();
    painter->setOpacity(painter->opacity() * double(color.alphaF()));
    renderer->render(painter, QRectF(rect.center() - QPointF(side / 2, side / 2), QSizeF(side, side)));
    painter->restore();
}

} // namespace Promdeck
