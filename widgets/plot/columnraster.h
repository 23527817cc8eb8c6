#pragma once

#include "models/plotmath/decimate.h"

#include <QImage>

#include <array>
#include <cstdint>
#include <vector>

namespace Promdeck {

/// What a shape is painted with: one premultiplied ARGB colour, or one per pixel row (gradients).
struct RowPaint
{
    std::uint32_t color = 0;
    std::vector<std::uint32_t> rows; ///< empty, or one per row of the raster
    [[nodiscard]] bool isInvisible() const { return rows.empty() && (color >> 24) == 0; }
};

/// Where a line is: the lowest and highest y of its middle in each narrow column, run by run.
struct LineTrace
{
    struct Run
    {
        int first = 0;
        int last = 0;  ///< exclusive
        size_t at = 0; ///< where the values of column first are
        bool isLine = false; ///< more than one point
    };
    std::vector<Run> runs;
    std::vector<float> low;
    std::vector<float> high;
};

/// Paints antialiased lines and areas as vertical spans, four per pixel column. A line that runs from left
/// to right covers exactly one span of each narrow column, however wide, dense or noisy it is, so the cost is
/// bounded by the width of the picture. Pixels are kept column by column. Works on any thread; its memory
/// belongs to the thread and is used again by the next picture, so there can be one raster at a time in it.
class ColumnRaster
{
public:
    static constexpr int Sub = 4; ///< spans per pixel column

    /// Size in device pixels. Lines and edges are cut at margin px from the left and right side.
    ColumnRaster(int width, int height, int margin);
    ~ColumnRaster();
    Q_DISABLE_COPY_MOVE(ColumnRaster)

    /// Points run from left to right; a NaN y ends a run.
    [[nodiscard]] LineTrace trace(const std::vector<PlotPoint>& points) const;
    /// A line of a width with round ends.
    void stroke(const LineTrace& line, float width, const RowPaint& paint);
    void stroke(const std::vector<PlotPoint>& points, float width, const RowPaint& paint);
    /// The same cut into pieces: lengths of on, off, on... in px.
    void strokeDashed(const std::vector<PlotPoint>& points, float width, const std::vector<float>& dash,
                      const RowPaint& paint);

    /// Height of a line at the middle of each narrow column; NaN where there is none.
    [[nodiscard]] std::vector<float> edge(const LineTrace& line) const;
    /// The area between two edges, or between an edge and a level.
    void fill(const std::vector<float>& edge, const std::vector<float>& other, const RowPaint& paint);
    void fill(const std::vector<float>& edge, float level, const RowPaint& paint);

    void rect(float left, float top, float right, float bottom, const RowPaint& paint);
    void disc(float x, float y, float radius, const RowPaint& paint);

    /// Lays the picture so far over an image (premultiplied ARGB), with its top left corner at a place, and
    /// starts afresh.
    void takeOnto(QImage& target, int left, int top);
    /// The picture so far, row by row; takes it too.
    [[nodiscard]] QImage image();

private:
    struct Range
    {
        int first;
        int last; ///< exclusive
    };
    struct Memory;
    struct Stamp;
    static Memory& memory();
    void traceRun(const PlotPoint* run, size_t count, LineTrace& out) const;
    void strokeRun(const float* low, const float* high, Range range, float width, const RowPaint& paint);
    void blendSpans(Range range, const RowPaint& paint);
    const Stamp& stampFor(float radius, int shiftX, int shiftY);
    [[nodiscard]] std::uint32_t* column(int x);

    int m_width;
    int m_height;
    int m_margin;
    int m_stride; ///< pixels from one column to the next: the height and room for whole vectors
    Memory& m_memory;
};

} // namespace Promdeck
