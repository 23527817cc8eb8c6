#pragma once

#include "models/frame/display.h"
#include "models/frame/frame.h"
#include "models/panel/panelmodels.h"

#include <functional>
#include <memory>
#include <vector>

namespace Promdeck {

/// One column of a DataTable.
struct DataColumn
{
    QString name;  ///< display name, as legends and headers show it
    Field field;   ///< shares its values with the frame it comes from
    /// Row of `field` for each row of the table, -1 = nothing there; null: the same rows.
    std::shared_ptr<const std::vector<qsizetype>> rows;
    std::shared_ptr<const DisplayProcessor> display;
};

/// A panel's data as one rectangle of cells, for the inspector and for export. Cells become text when somebody
/// asks for them; making a table copies no values. Reading is const and may happen on any thread.
struct DataTable
{
    QString name;      ///< of the frame or of the joined series; may be empty
    qsizetype rows = 0;
    std::vector<DataColumn> columns;
    QString timeZone;  ///< IANA name; empty = UTC

    /// How a cell is written.
    enum class Values {
        Raw,       ///< full precision; times in ISO 8601 with their offset
        Numbers,   ///< full precision; times in milliseconds since the epoch
        Formatted  ///< as the panel shows it: units, mappings; times to the second in the time zone
    };
    /// Empty where there is no value.
    [[nodiscard]] QString text(qsizetype row, int column, Values values) const;
    /// The number of a cell (times in ms); kNull where there is none.
    [[nodiscard]] double number(qsizetype row, int column) const;
};

/// One table per frame.
[[nodiscard]] std::vector<DataTable> dataTables(const Frames& frames, const PanelContext& context);

/// All frames that have a time column as one table: every time once, ascending, and one column per other field.
/// Frames without one are left out; no frame with one gives an empty table.
[[nodiscard]] DataTable joinedByTime(const Frames& frames, const PanelContext& context);

/// The first `rows` rows as a Markdown table, numbers aligned to the right, "|" and line breaks escaped.
[[nodiscard]] QString markdownTable(const DataTable& table, qsizetype rows, DataTable::Values values);

struct CsvOptions
{
    DataTable::Values values = DataTable::Values::Raw;
    QChar separator = u',';
    bool header = true;
    /// For Excel: a byte order mark, a first line that names the separator, and texts that Excel would take for a
    /// formula put behind an apostrophe.
    bool excel = false;
};

/// The table as RFC 4180 text in UTF-8, lines ending in CR LF, handed to `write` piece by piece (about 64 KiB each).
/// Stops early and returns false when `write` does.
bool writeCsv(const DataTable& table, const CsvOptions& options, const std::function<bool(const QByteArray&)>& write);
[[nodiscard]] QByteArray csvText(const DataTable& table, const CsvOptions& options);

} // namespace Promdeck
