#pragma once

#include "models/panel/panelmodels.h"

#include <cmath>

namespace Promdeck::Testing {

/// A made-up series that is the same in every run: a mean-reverting walk.
inline SeriesModel sampleSeries(int seed, const QString& name, double base, double amplitude, qint64 endMs, int points,
                                qint64 stepMs, Rgba color)
{
    Column::Times times;
    Column::Numbers values;
    double x = base;
    auto state = std::uint64_t(seed) * 7919 + 13;
    const auto random = [&state] {
        state = (state * 1103515245 + 12345) % 2147483648ULL;
        return double(state) / 2147483648.0;
    };
    for (int index = 0; index < points; ++index) {
        times.push_back(endMs - (points - index) * stepMs);
        x += (random() - 0.5) * amplitude + (base - x) * 0.02;
        values.push_back(std::max(0.0, x));
    }
    SeriesModel series;
    series.name = name;
    series.color = color;
    series.times = Column(std::move(times));
    series.values = Column(std::move(values));
    return series;
}

/// The first colours of the classic palette, dark theme.
inline Rgba sampleColor(int index)
{
    static constexpr Rgba Colors[] = {{0x73, 0xbf, 0x69, 255}, {0xf2, 0xcc, 0x0c, 255}, {0x8a, 0xb8, 0xff, 255},
                                      {0xff, 0x78, 0x0a, 255}, {0xf2, 0x49, 0x5c, 255}, {0x57, 0x94, 0xf2, 255},
                                      {0xb8, 0x77, 0xd9, 255}, {0x70, 0x5d, 0xa0, 255}, {0x37, 0x87, 0x2d, 255},
                                      {0xfa, 0xde, 0x2a, 255}};
    return Colors[index % 10];
}

} // namespace Promdeck::Testing
