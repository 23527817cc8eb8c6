#pragma once

#include "models/frame/color.h"

#include <QColor>
#include <QObject>

class QApplication;

namespace Promdeck {

/// Semantic colours of one theme. Widgets name a role and never a colour.
struct ThemeColors
{
    QColor canvas;        ///< behind panels
    QColor panel;         ///< panel background, inputs
    QColor secondary;     ///< buttons, headers, unfilled bars
    QColor elevated;      ///< menus, popups, tooltips
    QColor text;
    QColor textSecondary;
    QColor textDisabled;
    QColor maxContrast;
    QColor link;
    QColor borderWeak;
    QColor borderMedium;
    QColor borderStrong;
    QColor accent;        ///< primary buttons, focus, progress
    QColor accentText;    ///< on accent
    QColor hover;         ///< translucent, over anything
    QColor selected;      ///< translucent accent
    QColor error;
    QColor warning;
    QColor success;
    QColor info;
};

enum class ThemeMode { System, Dark, Light };

/// The look of the whole program: colours, palette, style and font. Switching is live: everything that paints
/// asks for colors() while painting and repaints on changed().
class Theme final : public QObject
{
    Q_OBJECT
public:
    static Theme& instance();

    /// Sets style, palette and font of the application. Call once, before the first widget.
    void install(QApplication& app);
    void setMode(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] ThemeKind kind() const { return m_kind; }
    [[nodiscard]] bool isDark() const { return m_kind == ThemeKind::Dark; }
    [[nodiscard]] const ThemeColors& colors() const { return m_colors; }
    [[nodiscard]] static ThemeColors colorsOf(ThemeKind kind);

Q_SIGNALS:
    void changed();

private:
    Theme() = default;
    void apply();
    void scaleFont();

    ThemeMode m_mode = ThemeMode::System;
    ThemeKind m_kind = ThemeKind::Dark;
    ThemeColors m_colors = colorsOf(ThemeKind::Dark);
    bool m_systemIsDark = true;
    bool m_installed = false;
};

[[nodiscard]] inline QColor toColor(const Rgba& color)
{
    return {color.red, color.green, color.blue, color.alpha};
}

/// Black or white, whichever reads better on a background.
[[nodiscard]] QColor readableOn(const QColor& background);
[[nodiscard]] QColor withAlpha(QColor color, double alpha);
/// Lightness of HSL moved by `amount` (-1..1), hue turned by degrees.
[[nodiscard]] QColor shifted(const QColor& color, double lightness, int degrees = 0);
/// Mixes `top` over `below`; both opaque results.
[[nodiscard]] QColor blend(const QColor& below, const QColor& top);

} // namespace Promdeck
