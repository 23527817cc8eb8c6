#pragma once

#include "models/prometheus/decoder.h"

namespace Promdeck::Cli {

/// The answer as the HTTP API's `data` member has it, with warnings and infos beside: {"resultType","result",...}.
[[nodiscard]] QByteArray resultAsJson(const QueryResult& result);
/// One row per sample: time (ISO, UTC), one column per label, value. RFC 4180.
[[nodiscard]] QByteArray resultAsCsv(const QueryResult& result);
/// For people: aligned columns; series of a range below each other with their samples.
[[nodiscard]] QString resultAsTable(const QueryResult& result);

} // namespace Promdeck::Cli
