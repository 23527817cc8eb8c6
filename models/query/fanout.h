#pragma once

#include "models/dashboard/dashboard.h"
#include "models/frame/frame.h"

#include <QStringList>

namespace Promdeck {

/// Panels that run on several stacks at once. Their names are under the `promdeck` key of the panel, else of the
/// dashboard: {"stacks": ["EU", "US"], "stacksBy": "dash" or "color"}; the session's own stack always takes part.
struct FanOut
{
    QStringList stacks;
    bool byColor = false;
    bool operator==(const FanOut&) const = default;
};
[[nodiscard]] FanOut fanOutOf(const Dashboard& dashboard, const PanelSpec& panel);
/// The same of the `promdeck` member alone.
[[nodiscard]] FanOut fanOutFrom(const Json& promdeck);
/// The `promdeck` member with it; null when nothing is left in it.
[[nodiscard]] Json withFanOut(Json promdeck, const FanOut& fanOut);

/// Names the series of a stack after it ("idle \u00b7 EU"). number > 0: and gives their lines the dashes of that number.
void markStack(Frames& frames, const QString& stack, int number);

} // namespace Promdeck
