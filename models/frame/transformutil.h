#pragma once

#include "models/frame/transform.h"

// What the transformations share. Internal to models/frame.
namespace Promdeck::Transforms {

using Cells = Column::Mixed;
using Run = Result<Frames> (*)(Frames frames, const Json& options, const TransformContext& context);

/// All cells of a field as JSON values.
[[nodiscard]] Cells cells(const Field& field);
[[nodiscard]] Json cell(const Field& field, qsizetype row);
/// The tightest column for the cells of a type: mixed only when they do not fit it (null times, "" in numbers).
[[nodiscard]] Column makeColumn(FieldType type, Cells cells);
[[nodiscard]] Field makeField(const QString& name, FieldType type, Cells cells);
/// Type of the first cell that is not null.
[[nodiscard]] FieldType guessType(const Cells& cells);
/// The rows of a column, in the given order; -1 gives null.
[[nodiscard]] Column pickRows(const Field& field, const std::vector<qsizetype>& rows);
[[nodiscard]] Frame pickRows(const Frame& frame, const std::vector<qsizetype>& rows);

/// Text as JavaScript's String() gives it: "null", "1.5", "true".
[[nodiscard]] QString jsText(const Json& value);
/// Number as JavaScript's unary plus gives it: null is 0.
[[nodiscard]] double jsNumber(const Json& value);

/// Fills state.displayName of all fields anew.
void refreshNames(Frames& frames);
/// By display name, else by field name; null when there is none.
[[nodiscard]] const Field* findField(const Frame& frame, const QString& name);
[[nodiscard]] Field* findField(Frame& frame, const QString& name);
[[nodiscard]] bool isTimeSeries(const Frame& frame);
/// "merge-A-B".
[[nodiscard]] QString joinedRefId(const QString& transformation, const Frames& frames);
[[nodiscard]] QString expand(const QString& text, const TransformContext& context);

/// Joins on one field per frame (outer). Used by joinByField, calculateField and prepareTimeSeries.
[[nodiscard]] Frame outerJoin(const Frames& frames, const std::function<const Field*(const Frame&)>& keyOf);

// fields
Result<Frames> organize(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> orderFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> renameFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> filterFieldsByName(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> filterFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> filterByRefId(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> filterFrames(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> renameByRegex(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> labelsToFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> concatenate(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> append(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> noop(Frames frames, const Json& options, const TransformContext& context);
// values
Result<Frames> convertFieldType(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> formatTime(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> formatString(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> extractFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> rowsToFields(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> configFromData(Frames frames, const Json& options, const TransformContext& context);
// joins
Result<Frames> merge(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> joinByField(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> ensureColumns(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> joinByLabels(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> seriesToRows(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> prepareTimeSeries(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> timeSeriesTable(Frames frames, const Json& options, const TransformContext& context);
// rows
Result<Frames> sortBy(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> limit(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> filterByValue(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> groupBy(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> groupToNestedTable(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> partitionByValues(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> transpose(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> groupingToMatrix(Frames frames, const Json& options, const TransformContext& context);
// calculations
Result<Frames> calculateField(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> reduce(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> histogram(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> heatmap(Frames frames, const Json& options, const TransformContext& context);
Result<Frames> regression(Frames frames, const Json& options, const TransformContext& context);

} // namespace Promdeck::Transforms
