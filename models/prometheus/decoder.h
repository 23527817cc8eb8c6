#pragma once

#include "models/core/json.h"
#include "models/core/types.h"
#include "models/frame/column.h"

#include <QStringList>

#include <vector>

namespace Promdeck {

/// One native histogram sample, buckets as the API gives them.
struct HistogramSample
{
    qint64 timeMs = 0;
    double count = 0;
    double sum = 0;
    struct Bucket
    {
        int boundaries = 0; ///< 0 (lower,upper]  1 [lower,upper)  2 (lower,upper)  3 [lower,upper]
        double lower = 0;
        double upper = 0;
        double count = 0;
        bool operator==(const Bucket&) const = default;
    };
    std::vector<Bucket> buckets;
    bool operator==(const HistogramSample&) const = default;
};

/// One series of a result; times and values have equal length. NaN samples stay NaN (never kNull).
/// `__name__` is among the labels when the server sent it.
struct SeriesData
{
    Labels labels;
    Column times;  ///< shared between series with the same timestamps
    Column values;
    std::vector<HistogramSample> histograms;
};

/// Decoded `data` of /api/v1/query and /api/v1/query_range.
struct QueryResult
{
    enum class Type { Matrix, Vector, Scalar, String };
    Type type = Type::Matrix;
    std::vector<SeriesData> series; ///< one-sample series for vectors; one unlabelled series for a scalar
    QString text;                   ///< of a string result
    QStringList warnings;
    QStringList infos;
    bool partial = false;           ///< Thanos and VictoriaMetrics mark incomplete answers
    [[nodiscard]] qsizetype sampleCount() const;
};

/// Decodes a response body, straight into columns, in one pass. Runs on any thread. The array should have
/// 64 spare bytes of capacity (HttpResponse has); otherwise it is copied once.
/// Errors: Decode (not what the API promises, with the byte offset in detail), Query, QueryTimeout
/// (the server's own message as summary, its errorType as detail).
[[nodiscard]] Result<QueryResult> decodeQueryResult(const QByteArray& body);

} // namespace Promdeck
