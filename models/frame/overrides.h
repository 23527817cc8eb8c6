#pragma once

#include "models/frame/color.h"
#include "models/frame/frame.h"

#include <functional>
#include <memory>

namespace Promdeck {

/// Expands variables in a text for one field ("${__field.labels.job}" and dashboard variables). What
/// expandFieldVariables knows is replaced before this is called.
using InterpolateField = std::function<QString(const QString& text, const Frame& frame, const Field& field)>;

struct OverrideContext
{
    ThemeKind theme = ThemeKind::Dark;
    QString timeZone;
    bool timeSeriesDefaults = false; ///< colour mode palette-classic when none is given (else thresholds)
    QString defaultColorMode;        ///< stronger than timeSeriesDefaults; empty = that decides
    InterpolateField interpolate;    ///< may be empty
};

/// The colour mode of a panel type whose file names none: "palette-classic" where series tell apart by colour,
/// "continuous-GrYlRd" for state timelines, else "thresholds".
[[nodiscard]] QString defaultColorMode(const QString& panelType);

/// A panel's `fieldConfig` ({defaults, overrides}) prepared once and applied to each new result: regular
/// expressions compiled, typed values read. Not to be used from two threads at once.
class FieldRules
{
public:
    FieldRules(const Json& fieldConfig, OverrideContext context);
    ~FieldRules();
    FieldRules(FieldRules&&) noexcept;
    FieldRules& operator=(FieldRules&&) noexcept;

    /// Defaults first, then the rules in order, later wins. Computes display names, series indexes and
    /// min/max. The frames must come fresh from the query or the transformations.
    void apply(Frames& frames) const;
    /// "matcher:ID" and "property:ID" of what is not known, each once, for the list of unsupported features.
    [[nodiscard]] QStringList unknown() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Applies `fieldConfig` to frames: FieldRules made, used once, and its unknown ids returned.
/// Source of semantics: Grafana applyFieldOverrides.
QStringList applyFieldConfig(Frames& frames, const Json& fieldConfig, const OverrideContext& context);

/// Replaces ${__field.name}, ${__field.displayName}, ${__field.labels}, ${__field.labels.X} and
/// ${__series.name}; everything else stays. percentEncode: for use inside a URL.
[[nodiscard]] QString expandFieldVariables(const QString& text, const Frame& frame, const Field& field,
                                           const QString& seriesName, bool percentEncode = false);

} // namespace Promdeck
