#include "widgets/common/theme.h"

#include "widgets/common/displayoptions.h"
#include "widgets/common/promdeckstyle.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPalette>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kFontPx = 13;

// Numbers that change must not dance: only a face whose digits are equally wide will do.
bool hasTabularDigits(const QFont& font)
{
    const QFontMetrics metrics(font);
    const int width = metrics.horizontalAdvance(u'0');
    for (const QChar digit : u"123456789"_s) {
        if (metrics.horizontalAdvance(digit) != width)
            return false;
    }
    return true;
}

QFont pickFont(const QFont& system)
{
    QStringList candidates {system.family()};
    candidates << u"Noto Sans"_s << u"Roboto"_s << u"Open Sans"_s << u"Cantarell"_s << u"DejaVu Sans"_s;
    const QStringList families = QFontDatabase::families();
    for (const QString& family : std::as_const(candidates)) {
        if (!families.contains(family))
            continue;
        QFont font(family);
        font.setPixelSize(kFontPx);
        if (hasTabularDigits(font))
            return font;
    }
    QFont font(system);
    font.setPixelSize(kFontPx);
    return font;
}

QPalette paletteOf(const ThemeColors& c)
{
    QPalette p;
    p.setColor(QPalette::Window, c.canvas);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.panel);
    p.setColor(QPalette::AlternateBase, blend(c.panel, c.hover));
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.textDisabled);
    p.setColor(QPalette::Button, c.secondary);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.maxContrast);
    p.setColor(QPalette::ToolTipBase, c.elevated);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.accentText);
    p.setColor(QPalette::Link, c.link);
    p.setColor(QPalette::LinkVisited, c.link);
    p.setColor(QPalette::Light, blend(c.secondary, c.hover));
    p.setColor(QPalette::Midlight, blend(c.secondary, c.hover));
    p.setColor(QPalette::Mid, blend(c.panel, c.borderMedium));
    p.setColor(QPalette::Dark, blend(c.panel, c.borderStrong));
    p.setColor(QPalette::Shadow, c.canvas.darker(140));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.textDisabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.borderStrong);
    return p;
}

} // namespace

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

ThemeColors Theme::colorsOf(ThemeKind kind)
{
    ThemeColors c;
    if (kind == ThemeKind::Dark) {
        const QColor ink(204, 204, 220);
        c.canvas = QColor(0x11, 0x12, 0x17);
        c.panel = QColor(0x18, 0x1b, 0x1f);
        c.secondary = QColor(0x22, 0x25, 0x2b);
        c.elevated = QColor(0x22, 0x25, 0x2b);
        c.text = ink;
        c.textSecondary = withAlpha(ink, 0.65);
        c.textDisabled = withAlpha(ink, 0.6);
        c.maxContrast = Qt::white;
        c.link = QColor(0x6e, 0x9f, 0xff);
        c.borderWeak = withAlpha(ink, 0.12);
        c.borderMedium = withAlpha(ink, 0.2);
        c.borderStrong = withAlpha(ink, 0.3);
        c.accent = QColor(0x3d, 0x71, 0xd9);
        c.hover = withAlpha(ink, 0.08);
        c.error = QColor(0xff, 0x52, 0x86);
        c.warning = QColor(0xff, 0x99, 0x00);
        c.success = QColor(0x6c, 0xcf, 0x8e);
        c.info = QColor(0x6e, 0x9f, 0xff);
    } else {
        const QColor ink(36, 41, 46);
        c.canvas = QColor(0xf4, 0xf5, 0xf5);
        c.panel = Qt::white;
        c.secondary = QColor(0xf4, 0xf5, 0xf5);
        c.elevated = Qt::white;
        c.text = ink;
        c.textSecondary = withAlpha(ink, 0.75);
        c.textDisabled = withAlpha(ink, 0.64);
        c.maxContrast = Qt::black;
        c.link = QColor(0x1f, 0x62, 0xe0);
        c.borderWeak = withAlpha(ink, 0.12);
        c.borderMedium = withAlpha(ink, 0.3);
        c.borderStrong = withAlpha(ink, 0.4);
        c.accent = QColor(0x38, 0x71, 0xdc);
        c.hover = withAlpha(ink, 0.07);
        c.error = QColor(0xcf, 0x0e, 0x5b);
        c.warning = QColor(0xb5, 0x5d, 0x00);
        c.success = QColor(0x0a, 0x76, 0x4e);
        c.info = QColor(0x1f, 0x62, 0xe0);
    }
    c.accentText = Qt::white;
    c.selected = withAlpha(c.accent, 0.25);
    return c;
}

void Theme::install(QApplication& app)
{
    m_systemIsDark = app.palette().color(QPalette::Window).lightness() < 128;
    m_installed = true;
    QApplication::setStyle(new PromdeckStyle);
    QApplication::setFont(pickFont(app.font()));
    scaleFont();
    connect(&DisplayOptions::instance(), &DisplayOptions::textScaleChanged, this, &Theme::scaleFont, Qt::UniqueConnection);
    apply();
}

void Theme::scaleFont()
{
    QFont font = QApplication::font();
    font.setPixelSize(DisplayOptions::instance().scaled(kFontPx));
    QApplication::setFont(font);
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
}

void Theme::apply()
{
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemIsDark);
    m_kind = dark ? ThemeKind::Dark : ThemeKind::Light;
    m_colors = colorsOf(m_kind);
    if (m_installed) {
        const QPalette palette = paletteOf(m_colors);
        QApplication::setPalette(palette);
        QToolTip::setPalette(palette);
    }
    Q_EMIT changed();
}

QColor readableOn(const QColor& background)
{
    const double brightness = (background.red() * 299 + background.green() * 587 + background.blue() * 114) / 1000.0;
    return brightness > 180 ? QColor(32, 34, 38) : QColor(247, 248, 250);
}

QColor withAlpha(QColor color, double alpha)
{
    color.setAlphaF(float(alpha));
    return color;
}

QColor shifted(const QColor& color, double lightness, int degrees)
{
    float h = 0;
    float s = 0;
    float l = 0;
    float a = 0;
    color.getHslF(&h, &s, &l, &a);
    const double hue = h < 0 ? 0.0 : double(h) * 360.0 + degrees;
    const double turned = (hue < 0 ? hue + 360.0 : hue >= 360.0 ? hue - 360.0 : hue) / 360.0;
    return QColor::fromHslF(float(turned), s, float(std::clamp(double(l) + lightness, 0.0, 1.0)), a);
}

QColor blend(const QColor& below, const QColor& top)
{
    const float a = top.alphaF();
    return QColor::fromRgbF(below.redF() * (1 - a) + top.redF() * a, below.greenF() * (1 - a) + top.greenF() * a,
                            below.blueF() * (1 - a) + top.blueF() * a);
}

} // namespace Promdeck
