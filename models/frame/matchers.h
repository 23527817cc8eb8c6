#pragma once

#include "models/frame/frame.h"

#include <functional>

namespace Promdeck {

/// Decides whether a rule applies to a field. Reads state.displayName, so names must be computed before.
using FieldMatcher = std::function<bool(const Field& field, const Frame& frame, const Frames& frames)>;

/// Makes a matcher from {id, options}. Regular expressions are compiled here, once. An unknown id matches
/// nothing and is added to `unknown`. Source of semantics: Grafana fieldMatchers.
[[nodiscard]] FieldMatcher fieldMatcher(const Json& config, QStringList* unknown = nullptr);

using FrameMatcher = std::function<bool(const Frame& frame, qsizetype index)>;
/// Frames by refId, name or index, as a transformation's filter and filterByRefId use them. Options that are
/// a list of names match any of them.
[[nodiscard]] FrameMatcher frameMatcher(const Json& config, QStringList* unknown = nullptr);

/// "time", "number", "string", "boolean", "frame", "other".
[[nodiscard]] QString fieldTypeName(FieldType type);
[[nodiscard]] std::optional<FieldType> fieldTypeFromName(const QString& name);

/// Left and right as Grafana's byValue compares them; op is "==", "!=", ">", ">=", "<" or "<=".
[[nodiscard]] bool compareValues(const Json& left, const QString& op, const Json& right);

} // namespace Promdeck
