#pragma once

#include "models/core/json.h"

#include <QStringList>

namespace Promdeck {

// What the panel editor does to a panel's JSON. All functions are pure: they take a panel as the file has it and
// return another one. Indexes out of range change nothing.

/// "A" to "Z", then "AA"...: the first that no query of the panel has.
[[nodiscard]] QString freeRefId(const Json& panel);
/// Adds a query behind the others, on the data source of the last one; `expr` may be empty.
[[nodiscard]] Json withTargetAdded(const Json& panel, const QString& expr = {});
/// Puts a copy with its own refId behind the query.
[[nodiscard]] Json withTargetDuplicated(const Json& panel, qsizetype index);
[[nodiscard]] Json withTargetRemoved(const Json& panel, qsizetype index);
[[nodiscard]] Json withTargetMoved(const Json& panel, qsizetype from, qsizetype to);
/// One member of a query; null removes it.
[[nodiscard]] Json withTargetMember(const Json& panel, qsizetype index, const QString& key, const Json& value);
/// "range", "instant" or "both".
[[nodiscard]] QString targetKind(const Json& target);
[[nodiscard]] Json withTargetKind(const Json& panel, qsizetype index, const QString& kind);

/// The value at a dotted path; null removes the member, and objects that become empty with it, except the panel's
/// own "options" and "fieldConfig.defaults".
[[nodiscard]] Json withOption(const Json& panel, const QString& path, const Json& value);

/// Another type of visualisation. What the types share stays: title, queries, transformations, unit, decimals,
/// limits, thresholds, mappings, links, colours, legend, tooltip, reduction. What belongs to the old type alone is
/// put away below "promdeck.types" and comes back when the type does.
[[nodiscard]] Json withPanelType(const Json& panel, const QString& type);

// --- overrides: {matcher: {id, options}, properties: [{id, value}]} ---
[[nodiscard]] Json withOverrideAdded(const Json& panel, const QString& matcherId);
[[nodiscard]] Json withOverrideRemoved(const Json& panel, qsizetype index);
[[nodiscard]] Json withOverrideMoved(const Json& panel, qsizetype from, qsizetype to);
[[nodiscard]] Json withOverrideMatcher(const Json& panel, qsizetype index, const Json& matcher);
/// Sets or adds a property; its id is a path below fieldConfig.defaults ("unit", "custom.lineWidth").
[[nodiscard]] Json withOverrideProperty(const Json& panel, qsizetype index, const QString& id, const Json& value);
[[nodiscard]] Json withOverridePropertyRemoved(const Json& panel, qsizetype index, const QString& id);

// --- transformations: [{id, options, disabled?}] ---
[[nodiscard]] Json withTransformationAdded(const Json& panel, const QString& id, const Json& options);
[[nodiscard]] Json withTransformationRemoved(const Json& panel, qsizetype index);
[[nodiscard]] Json withTransformationMoved(const Json& panel, qsizetype from, qsizetype to);
[[nodiscard]] Json withTransformationDisabled(const Json& panel, qsizetype index, bool disabled);
[[nodiscard]] Json withTransformationOptions(const Json& panel, qsizetype index, const Json& options);

} // namespace Promdeck
