#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

enum class LogLevel { Unknown, Trace, Debug, Info, Warning, Error, Critical };

struct LogRow
{
    qint64 timeMs = 0;
    QString line;       ///< as shown: prettified where asked for
    LogLevel level = LogLevel::Unknown;
    Labels labels;      ///< all
    Labels ownLabels;   ///< those that not every row has
    int duplicates = 0; ///< equal rows after this one that are not listed
};

/// Rows of a logs panel, out of frames of log lines. Source of semantics: Grafana's logs panel.
struct LogsModel
{
    std::vector<LogRow> rows;
    Labels commonLabels;  ///< of all rows
    bool showTime = false;
    bool showLabels = false;
    bool showCommonLabels = false;
    bool wrap = false;
    bool details = true;  ///< labels can be looked up per row
    bool ascending = false;
};
[[nodiscard]] LogsModel logsModel(const PanelSpec& panel, const PanelData& data);

/// The level of a line: by its labels (level, detected_level, severity...), else by what the line says.
[[nodiscard]] LogLevel logLevel(const Labels& labels, const QString& line);
/// "critical", "error"...; "unknown".
[[nodiscard]] QString logLevelName(LogLevel level);
[[nodiscard]] Rgba logLevelColor(LogLevel level, ThemeKind theme);

} // namespace Promdeck
