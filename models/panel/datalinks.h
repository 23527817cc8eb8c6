#pragma once

#include "models/frame/frame.h"

#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace Promdeck {

/// What a data link was followed from: one value of one field.
struct DataLinkContext
{
    QString seriesName;              ///< as the legend shows it
    QString fieldName;
    Labels labels;
    double numeric = 0;
    QString text;                    ///< with unit
    std::optional<qint64> timeMs;
    std::vector<std::pair<QString, QString>> row; ///< column and text of each cell beside it, for tables
};

/// Puts the values into a link's text: ${__series.name}, ${__field.name}, ${__field.displayName}, ${__field.labels},
/// ${__field.labels.job} and ["job"], ${__value.raw}, .numeric, .text, .time, ${__data.fields.Name}, ["Name"] and [0],
/// each also with a format behind a colon and without braces. In an address values are percent-encoded. Everything
/// else (dashboard variables, unknown members) stays for interpolation.
/// Source: Grafana's data link variables.
[[nodiscard]] QString expandDataLink(const QString& text, const DataLinkContext& context, bool isAddress);

} // namespace Promdeck
