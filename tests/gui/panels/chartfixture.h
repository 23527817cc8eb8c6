#pragma once

#include "tests/support/panelsamples.h"
#include "widgets/common/theme.h"
#include "widgets/panels/panelwidget.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPixmap>
#include <QSignalSpy>

#include <memory>

// One panel on the screen, for GUI tests of panel types.
namespace Promdeck::Testing {

inline constexpr int kPanelPatienceMs = 10000;

class PanelOnScreen
{
public:
    PanelOnScreen(PanelSpec spec, const Frames& frames, QSize size = {640, 320})
    {
        m_input.data = std::make_shared<const PanelData>(preparedData(frames, spec, Theme::instance().kind()));
        m_input.spec = std::move(spec);
        m_input.context.theme = Theme::instance().kind();
        m_widget.resize(size);
        m_widget.setInput(m_input);
        m_widget.show();
        if (!QTest::qWaitFor([this] { return m_widget.isSettled(); }, kPanelPatienceMs))
            qWarning("the panel did not settle");
        QApplication::processEvents(); // the picture and its layout
    }

    [[nodiscard]] PanelWidget& widget() { return m_widget; }
    template <typename Body>
    [[nodiscard]] Body* body()
    {
        return qobject_cast<Body*>(m_widget.body());
    }
    [[nodiscard]] QImage picture()
    {
        return m_widget.grab().toImage();
    }

private:
    PanelInput m_input;
    PanelWidget m_widget;
};

/// Pictures for a person to look at, where PROMDECK_SHOTS names a folder.
inline void keepPicture(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("PROMDECK_SHOTS");
    if (!folder.isEmpty())
        image.save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

/// How many pixels have about this colour.
inline int countColor(const QImage& image, const QColor& wanted, int tolerance = 6)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - wanted.red()) <= tolerance && std::abs(pixel.green() - wanted.green()) <= tolerance
                    && std::abs(pixel.blue() - wanted.blue()) <= tolerance
                ? 1
                : 0;
        }
    }
    return count;
}

/// Pictures of several panels below and beside each other.
class Gallery
{
public:
    explicit Gallery(int columns, QSize tile = {620, 300}) : m_columns(columns), m_tile(tile) {}
    void add(const PanelSpec& spec, const Frames& frames)
    {
        PanelOnScreen shown(spec, frames, m_tile);
        m_tiles.push_back(shown.picture());
    }
    [[nodiscard]] QImage image() const
    {
        const int rows = (int(m_tiles.size()) + m_columns - 1) / m_columns;
        QImage all(m_columns * (m_tile.width() + 8) + 8, rows * (m_tile.height() + 8) + 8, QImage::Format_ARGB32_Premultiplied);
        all.fill(Theme::instance().colors().canvas);
        QPainter painter(&all);
        for (int i = 0; i < int(m_tiles.size()); ++i)
            painter.drawImage(8 + (i % m_columns) * (m_tile.width() + 8), 8 + (i / m_columns) * (m_tile.height() + 8),
                              m_tiles[size_t(i)]);
        return all;
    }

private:
    int m_columns;
    QSize m_tile;
    std::vector<QImage> m_tiles;
};

} // namespace Promdeck::Testing
