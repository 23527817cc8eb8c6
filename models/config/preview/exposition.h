#pragma once

#include "models/config/diagnostic.h"

#include <QString>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

enum class ExpositionFormat {
    Text,       ///< the Prometheus text format 0.0.4
    OpenMetrics ///< OpenMetrics text 1.0
};

/// "application/openmetrics-text; version=1.0.0" and the like; Text for everything else.
[[nodiscard]] ExpositionFormat expositionFormatOf(std::string_view contentType);

/// A finding, and the metric it is about (empty for lines that could not be read).
struct ExpositionProblem
{
    Diagnostic finding;
    std::string metric;
};

/// One metric family of a page.
struct ExpositionFamily
{
    std::string name;
    std::string type = "untyped"; ///< "unknown" in OpenMetrics
    std::string help;
    std::string unit;
    bool hasHelp = false;
    bool hasType = false;
    int line = 0;             ///< where it is first named, 1-based
    std::size_t series = 0;   ///< different series, buckets counted
    std::map<std::string, std::size_t, std::less<>> labelValues; ///< label to its number of different values
};

struct LabelCardinality
{
    std::string label;
    std::size_t values = 0;  ///< different ones on the whole page
    std::size_t series = 0;  ///< that have it
};

struct ExpositionReport
{
    ExpositionFormat format = ExpositionFormat::Text;
    std::vector<ExpositionProblem> problems; ///< in order of their places; errors are what the servers' parsers refuse
    std::vector<ExpositionFamily> families;  ///< in the order of the page
    std::vector<LabelCardinality> labels;    ///< those with the most values first
    std::size_t samples = 0;
    std::size_t series = 0;
    std::size_t bytes = 0;
    bool hasTimestamps = false;
    bool hasExemplars = false;
    [[nodiscard]] std::size_t count(Severity severity) const;
};

/// Reads a page of metrics to its end and reports everything wrong with it: what client_golang's and Prometheus' parsers
/// refuse (errors), what `promtool check metrics` remarks (warnings), and series that are there twice, histograms that do
/// not add up, labels with many values. Columns count code points.
[[nodiscard]] ExpositionReport checkExposition(std::string_view text, ExpositionFormat format);

} // namespace Promdeck::Config
