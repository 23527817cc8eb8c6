#pragma once

#include "models/plotmath/decimate.h"

#include <cstddef>
#include <cstdint>

/// The inner loops of ColumnRaster: plain arithmetic over arrays, compiled for several kinds of processors.
namespace Promdeck::Kernels {

inline constexpr int Sub = 4;   ///< narrow columns per pixel column
inline constexpr int Lanes = 8; ///< pixels handled at once; columns have room for that many behind their end

// Finite stand-ins for "nothing here": the loops stay free of NaN.
inline constexpr float NoLow = 1e30F;
inline constexpr float NoHigh = -1e30F;

/// Rows of one pixel column that its spans touch: partly, then wholly, then partly again.
struct ColumnRows
{
    int from = 0;
    int wholeFrom = 0;
    int wholeTo = 0;
    int to = 0;
};

/// The lowest and highest y of a line in each narrow column, added to low and high (arrays indexed by column, with
/// one more behind last). Points run from left to right, in pixels; columns clipFirst to clipLast count, and last
/// is the end of those the line reaches.
void traceLine(const PlotPoint* run, std::size_t count, float* low, float* high, int last, float clipFirst, float clipLast);

/// Widens the spans low..high of columns first..last (exclusive) by a disc. Results go to wideLow and wideHigh
/// between wideFirst and wideLast, where the caller put NoLow and NoHigh. Arrays are indexed by column.
void widen(const float* low, const float* high, int first, int last, float radius, int reach, float* wideLow,
           float* wideHigh, int wideFirst, int wideLast);

/// Spans between two edges, or an edge and a level; NaN means there is none.
void spansBetween(const float* edge, const float* other, float* low, float* high, int count);
void spansTo(const float* edge, float level, float* low, float* high, int count);

/// Cuts the spans of some pixel columns to 0..height and says which rows they touch.
void classify(float* low, float* high, ColumnRows* rows, int columns, int height);

/// Blends classified spans over columns of pixels, stride apart, with a colour or one per row.
void blendColumns(std::uint32_t* pixels, int stride, const float* low, const float* high, const ColumnRows* rows,
                  int columns, std::uint32_t color, const std::uint32_t* rowColors);

/// Blends a colour by a mask of 0..256: columns of rows values (a multiple of Lanes) over columns of pixels.
void blendStamp(std::uint32_t* pixels, int stride, const std::uint32_t* alpha, int columns, int rows, std::uint32_t color);
/// Blends a colour (or one per pixel) by a mask of 0..256.
void blendMask(std::uint32_t* pixels, const std::uint32_t* alpha, int count, std::uint32_t color,
               const std::uint32_t* rowColors);

/// Blends a colour over a rectangle of pixels, kept row by row.
void blendRect(std::uint32_t* pixels, int stride, int width, int height, std::uint32_t color);

/// Lays columns of pixels (columnStride apart, with room for Lanes more behind the last row) over rows of pixels (rowStride apart).
void layOver(std::uint32_t* rows, int rowStride, const std::uint32_t* columns, int columnStride, int width, int height);

} // namespace Promdeck::Kernels
