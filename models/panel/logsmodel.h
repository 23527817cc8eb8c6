#pragma once

#include "models/loki/logql.h"
#include "models/panel/panelmodels.h"

#include <QRegularExpression>

#include <map>
#include <set>

namespace Promdeck {

enum class LogLevel { Unknown, Trace, Debug, Info, Warning, Error, Critical };

struct LogRow
{
    qint64 timeMs = 0;
    qint64 timeNs = 0;  ///< exact, as the server has it
    QString line;       ///< as shown: prettified where asked for
    QString raw;        ///< as it came
    LogLevel level = LogLevel::Unknown;
    Labels labels;      ///< all
    Labels ownLabels;   ///< those that not every row has
    int duplicates = 0; ///< equal rows after this one that are not listed
};

/// A field that a line itself names.
struct LogField
{
    QString name;
    QString value;
    QString parser; ///< "json" or "logfmt"
};

/// What the reader of a panel chose, over what its options say.
struct LogsView
{
    std::optional<bool> ascending;
    std::optional<bool> wrap;
    std::optional<QString> dedup; ///< none, exact, numbers, signature
    std::set<LogLevel> hidden;
    QString text;                 ///< lines that have it, in any case; "/x/" is a regular expression
    std::vector<LogFilter> filters;
    bool operator==(const LogsView&) const = default;
};

/// Rows of a logs panel, out of frames of log lines. Source of semantics: Grafana's logs panel.
struct LogsModel
{
    std::vector<LogRow> rows;
    Labels commonLabels;  ///< of all rows
    std::map<LogLevel, int> levels; ///< lines of each, hidden ones too
    int total = 0;        ///< lines before text, levels and filters left some out
    bool showTime = false;
    bool showLabels = false;
    bool showCommonLabels = false;
    bool wrap = false;
    bool details = true;  ///< labels can be looked up per row
    bool ascending = false;
    QString dedup = QStringLiteral("none");
};
[[nodiscard]] LogsModel logsModel(const PanelSpec& panel, const PanelData& data);
/// The same of rows that were read before.
[[nodiscard]] LogsModel logsModel(const PanelSpec& panel, std::vector<LogRow> rows, const LogsView& view);
/// The lines of frames, in their order, with levels. `pretty` breaks JSON into lines.
[[nodiscard]] std::vector<LogRow> logRows(const Frames& frames, bool pretty);
/// Adds rows that are not there yet: pages and live lines overlap with what a refresh brings. Returns how many.
size_t mergeLogRows(std::vector<LogRow>& rows, const std::vector<LogRow>& more);

/// The fields of a line: the members of a JSON object (nested ones as "a_b"), else its name=value pairs.
[[nodiscard]] std::vector<LogField> logFields(const QString& line);
/// The row that a moment (ms since the epoch) belongs to: the last one until then; -1 when there is none.
[[nodiscard]] int logRowAt(const LogsModel& model, qint64 timeMs);
/// A text filter as a regular expression; invalid where the text is a wrong one.
[[nodiscard]] QRegularExpression logTextPattern(const QString& text);

/// The level of a line: by its labels (level, detected_level, severity...), else by what the line says.
[[nodiscard]] LogLevel logLevel(const Labels& labels, const QString& line);
/// "error", "info"... as Grafana calls them.
[[nodiscard]] QString logLevelName(LogLevel level);
[[nodiscard]] Rgba logLevelColor(LogLevel level, ThemeKind theme);

} // namespace Promdeck
