#pragma once

#include "models/core/types.h"

#include <QStringList>

#include <vector>

namespace Promdeck {

/// One condition that a reader adds to a query of lines: a label, or a field of the line, is this or is not.
struct LogFilter
{
    QString name;
    QString value;
    bool exclude = false;
    QString parser; ///< that brings the field out of the line: "json", "logfmt"; empty for labels
    bool operator==(const LogFilter&) const = default;
};

/// The query with these conditions at the end of its pipeline. Label filters hold for stream labels, structured
/// metadata and parsed fields alike, so the selector stays as it is.
[[nodiscard]] QString withLogFilters(const QString& expr, const std::vector<LogFilter>& filters);

/// `{a="b", c="d"}` of one stream.
[[nodiscard]] QString streamSelector(const Labels& labels);

/// What a query's line filters look for, as regular expressions: `|= "x"` and `|~ "x"`, not their negations.
[[nodiscard]] QStringList searchedTexts(const QString& expr);

} // namespace Promdeck
