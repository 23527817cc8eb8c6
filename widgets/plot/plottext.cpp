#include "widgets/plot/plottext.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QHash>
#include <QPainter>
#include <QTextLayout>
#include <QThreadStorage>

#include <vector>

namespace Promdeck {

namespace {

constexpr qsizetype MostTexts = 2000;
constexpr size_t MostFonts = 4;

} // namespace

struct PlotText::Shaped
{
    double width = -1;
    double room = -1; ///< that elided was made for
    QString elided;
    bool hasGlyphs = false;
    QList<QGlyphRun> glyphs; ///< placed relative to the baseline's start
};

struct PlotText::Cache
{
    explicit Cache(const QFont& its) : font(its), metrics(its) {}

    Shaped& of(const QString& text)
    {
        // Labels of times and values change for ever; those in use are shaped again at once.
        if (texts.size() >= MostTexts)
            texts.clear();
        return texts[text];
    }

    QFont font;
    QFontMetricsF metrics;
    QHash<QString, Shaped> texts;
};

std::shared_ptr<PlotText::Cache> PlotText::cacheFor(const QFont& font)
{
    using Caches = std::vector<std::shared_ptr<Cache>>;
    // Shaped text holds on to what Qt's font engines keep per thread, so it has to go before those do. A thread
    // drops what was set up last first: the engines' part is set up by asking for a measure. Never deleted,
    // because threads may end after static objects.
    static QThreadStorage<Caches>& storage = *[] {
        Q_UNUSED(QFontMetricsF(QFont()).height())
        return new QThreadStorage<Caches>;
    }();
    Caches& caches = storage.localData();
    for (const std::shared_ptr<Cache>& cache : caches) {
        if (cache->font == font)
            return cache;
    }
    if (caches.size() >= MostFonts)
        caches.clear();
    caches.push_back(std::make_shared<Cache>(font));
    return caches.back();
}

PlotText::PlotText(const QFont& font)
    : m_cache(cacheFor(font))
{
}

double PlotText::ascent() const
{
    return m_cache->metrics.ascent();
}

double PlotText::descent() const
{
    return m_cache->metrics.descent();
}

double PlotText::height() const
{
    return m_cache->metrics.height();
}

double PlotText::width(const QString& text) const
{
    Shaped& shaped = m_cache->of(text);
    if (shaped.width < 0)
        shaped.width = m_cache->metrics.horizontalAdvance(text);
    return shaped.width;
}

QString PlotText::elided(const QString& text, double room) const
{
    if (width(text) <= room)
        return text;
    Shaped& shaped = m_cache->of(text);
    if (shaped.room != room) {
        shaped.room = room;
        shaped.elided = m_cache->metrics.elidedText(text, Qt::ElideRight, room);
    }
    return shaped.elided;
}

void PlotText::draw(QPainter& painter, QPointF baseline, const QString& text) const
{
    Shaped& shaped = m_cache->of(text);
    if (!shaped.hasGlyphs) {
        shaped.hasGlyphs = true;
        QTextLayout layout(text, m_cache->font);
        QTextOption option;
        option.setWrapMode(QTextOption::NoWrap);
        layout.setTextOption(option);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        layout.endLayout();
        if (line.isValid()) {
            line.setPosition(QPointF(0, -line.ascent()));
            shaped.glyphs = line.glyphRuns();
        }
    }
    for (const QGlyphRun& run : shaped.glyphs)
        painter.drawGlyphRun(baseline, run);
}

} // namespace Promdeck
