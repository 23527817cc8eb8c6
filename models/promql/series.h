#pragma once

#include "models/promql/parser.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Promdeck::Promql {

/// A native histogram as written in a unit test: `{{schema:1 sum:2.5 count:4 buckets:[1 2 1]}}`.
struct HistogramLiteral
{
    std::int64_t schema = 0;
    double sum = 0;
    double count = 0;
    double zeroBucket = 0;
    double zeroBucketWidth = 0;
    std::vector<double> customValues;
    std::int64_t offset = 0;
    std::vector<double> buckets;
    std::int64_t negativeOffset = 0;
    std::vector<double> negativeBuckets;
    Tok resetHint = Tok::UnknownCounterReset;
    bool operator==(const HistogramLiteral&) const = default;
};

struct SeriesValue
{
    bool omitted = false; ///< `_`
    bool stale = false;
    double value = 0;
    int histogram = -1;   ///< index into SeriesDescription::histograms
};

/// `name{label="value"} 1+2x3 _ stale`.
struct SeriesDescription
{
    std::vector<std::pair<std::string, std::string>> labels; ///< as written, the metric name as __name__ last
    std::vector<SeriesValue> values;
    std::vector<HistogramLiteral> histograms;
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

[[nodiscard]] SeriesDescription parseSeries(std::string_view text, const Options& options = {});

} // namespace Promdeck::Promql
