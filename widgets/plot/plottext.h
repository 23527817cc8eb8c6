#pragma once

#include <QFont>
#include <QPointF>
#include <QString>

#include <memory>

class QPainter;

namespace Promdeck {

/// Measures and draws text in one font. Plots say the same few things again and again (ticks, legend entries),
/// and shaping text costs more than drawing a line of a thousand samples: each thread remembers what it has
/// shaped. An object is for the thread and the moment it was made in.
class PlotText
{
public:
    explicit PlotText(const QFont& font);

    [[nodiscard]] double ascent() const;
    [[nodiscard]] double descent() const;
    [[nodiscard]] double height() const;
    /// Horizontal advance, logical pixels.
    [[nodiscard]] double width(const QString& text) const;
    /// Ends in an ellipsis when the room is too small.
    [[nodiscard]] QString elided(const QString& text, double room) const;
    /// In the painter's pen, from a point on the baseline.
    void draw(QPainter& painter, QPointF baseline, const QString& text) const;

private:
    struct Shaped;
    struct Cache;
    static std::shared_ptr<Cache> cacheFor(const QFont& font);
    std::shared_ptr<Cache> m_cache;
};

} // namespace Promdeck
