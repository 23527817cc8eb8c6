// Whatever a server answers, the decoder gives a result or an error, and columns of equal length.

#include "models/prometheus/decoder.h"

#include <cstdlib>

using namespace Promdeck;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    const QByteArray body(reinterpret_cast<const char*>(data), qsizetype(size));
    const Result<QueryResult> result = decodeQueryResult(body);
    if (!result)
        return 0;
    for (const SeriesData& series : result->series) {
        if (series.times.size() != series.values.size())
            std::abort();
    }
    return 0;
}
