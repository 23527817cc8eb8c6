#pragma once

// What the painting benchmarks share: the query answer every peer gets, and the clock.

#include "models/panel/panelmodels.h"

#include <QByteArray>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace Promdeck::Bench {

constexpr qint64 StartSeconds = 1795200000;
constexpr qint64 StepSeconds = 15;

/// A query_range answer of some series: noisy waves, 13 labels each.
inline QByteArray makeAnswer(int series, int points)
{
    QByteArray text = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    quint64 random = 88172645463325252ULL;
    for (int s = 0; s < series; ++s) {
        text += s ? ",{" : "{";
        text += R"("metric":{"__name__":"http_requests_total","cluster":"production-eu-1","code":"200","container":"api",)"
                R"("endpoint":"metrics","handler":"/api/v1/resource/)"
            + QByteArray::number(s) + R"(","instance":"10.0.0.)" + QByteArray::number(s)
            + R"(:9090","job":"api-server","method":"GET","namespace":"default","pod":"api-7d4b9c)" + QByteArray::number(s)
            + R"(","prometheus":"monitoring/k8s","service":"api"},"values":[)";
        double noise = 0;
        for (int p = 0; p < points; ++p) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            noise = noise * 0.9 + double(random % 1000) / 100.0 - 5;
            const double value = 100.0 * (s + 1) + 40 * std::sin(p / 70.0 + s) + noise;
            text += p ? ",[" : "[";
            text += QByteArray::number(StartSeconds + p * StepSeconds) + ",\"" + QByteArray::number(value, 'g', 12) + "\"]";
        }
        text += "]}";
    }
    text += "]}}";
    text.reserve(text.size() + 128);
    return text;
}

inline SeriesModel makeSeries(int index, int points, int round)
{
    Column::Times times;
    Column::Numbers values;
    quint64 random = 88172645463325252ULL + quint64(index) * 7919 + quint64(round);
    double noise = 0;
    for (int p = 0; p < points; ++p) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        noise = noise * 0.9 + double(random % 1000) / 100.0 - 5;
        times.push_back((StartSeconds + p * StepSeconds) * 1000);
        values.push_back(100.0 * (index + 1) + 40 * std::sin(p / 70.0 + index) + noise);
    }
    static constexpr Rgba Colors[] = {{0x73, 0xbf, 0x69, 255}, {0xf2, 0xcc, 0x0c, 255}, {0x8a, 0xb8, 0xff, 255},
                                      {0xff, 0x78, 0x0a, 255}, {0xf2, 0x49, 0x5c, 255}, {0x57, 0x94, 0xf2, 255},
                                      {0xb8, 0x77, 0xd9, 255}, {0x70, 0x5d, 0xa0, 255}, {0x37, 0x87, 0x2d, 255},
                                      {0xfa, 0xde, 0x2a, 255}};
    SeriesModel series;
    series.name = QStringLiteral("series ") + QString::number(index);
    series.color = Colors[index % 10];
    series.times = Column(std::move(times));
    series.values = Column(std::move(values));
    series.style.points = PointMode::Never;
    return series;
}

inline TimeSeriesModel makeModel(int count, int points, int round = 0)
{
    TimeSeriesModel model;
    model.range = {StartSeconds * 1000, (StartSeconds + (points - 1) * StepSeconds) * 1000};
    model.axes.resize(1);
    for (int index = 0; index < count; ++index)
        model.series.push_back(makeSeries(index, points, round));
    return model;
}

class Stopwatch
{
public:
    [[nodiscard]] double ms() const
    {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace Promdeck::Bench
