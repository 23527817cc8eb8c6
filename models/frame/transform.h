#pragma once

#include "models/core/result.h"
#include "models/frame/frame.h"

#include <functional>

namespace Promdeck {

struct TransformContext
{
    std::function<QString(const QString&)> interpolate; ///< dashboard variables; may be empty
    QString timeZone;
};

/// The frames before and after one step, for the editor's debug view.
struct TransformStep
{
    QString id;
    bool disabled = false;
    Frames output;
    std::optional<Error> error;
};

/// Ids this build can run ("organize", "merge", "joinByField"...), aliases included.
[[nodiscard]] QStringList supportedTransformations();

/// Cells of FieldType::Frame (timeSeriesTable's sparklines, groupToNestedTable's inner tables) are mixed
/// columns of objects {"fields": [{"name", "type", "values": [...]}], "value": the reduced number if any}.

/// Runs `transformations` (the panel's JSON array) in order. A failing step leaves its input unchanged and
/// reports the error with target = step index; later steps still run. Source: golden/transforms.json.
struct TransformResult
{
    Frames frames;
    std::vector<Error> errors;
};
[[nodiscard]] TransformResult runTransformations(Frames input, const Json& transformations,
                                                 const TransformContext& context = {});
/// The same, keeping every intermediate state.
[[nodiscard]] std::vector<TransformStep> traceTransformations(Frames input, const Json& transformations,
                                                              const TransformContext& context = {});

} // namespace Promdeck
