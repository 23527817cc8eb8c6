#pragma once

#include "models/plotmath/decimate.h"

#include <QImage>

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

/// Paints antialiased lines and areas as vertical spans, four per pixel column. A line that runs from left
/// to right covers exactly one span of each narrow column, however wide, dense or noisy it is, so the cost is
/// bounded by the width of the picture. Works on its own memory (column by column) on any thread.
class ColumnRaster
{
public:
    static constexpr int Sub = 4; ///< spans per pixel column

    /// Size in device pixels. Lines and edges are cut at margin px from the left and right side.
    ColumnRaster(int width, int height, int margin);

    /// A line of a width with round ends. Points run from left to right; a NaN y ends a run.
    void stroke(const std::vector<PlotPoint>& points, float width, const RowPaint& paint);
    /// The same cut into pieces: lengths of on, off, on... in px.
    void strokeDashed(const std::vector<PlotPoint>& points, float width, const std::vector<float>& dash,
                      const RowPaint& paint);

    /// Height of a line at the middle of each narrow column; NaN where there is none.
    [[nodiscard]] std::vector<float> edge(const std::vector<PlotPoint>& points);
    /// The area between two edges, or between an edge and a level.
    void fill(const std::vector<float>& edge, const std::vector<float>& other, const RowPaint& paint);
    void fill(const std::vector<float>& edge, float level, const RowPaint& paint);

    void rect(float left, float top, float right, float bottom, const RowPaint& paint);
    void disc(float x, float y, float radius, const RowPaint& paint);

    /// The picture so far, row by row.
    [[nodiscard]] QImage image() const;

private:
    struct Range
    {
        int first;
        int last; ///< exclusive
    };
    Range extents(const PlotPoint* run, size_t count);
    void clear(Range range);
    void strokeRun(const PlotPoint* run, size_t count, float width, const RowPaint& paint);
    void blendSpans(const float* low, const float* high, Range range, const RowPaint& paint);

    int m_width;
    int m_height;
    int m_margin;
    std::vector<std::uint32_t> m_pixels; ///< m_height pixels of column 0, then of column 1...
    std::vector<float> m_low;            ///< lowest and highest y of the current run per narrow column
    std::vector<float> m_high;
    std::vector<float> m_wideLow;        ///< the same, widened by the pen
    std::vector<float> m_wideHigh;
};

} // namespace Promdeck
