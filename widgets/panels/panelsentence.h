#pragma once

#include "models/panel/panelmodels.h"

#include <QString>

namespace Promdeck {

/// What a panel shows, in one sentence: "CPU: 4 series over 6 hours, highest 87 % (user) at 14:05, now 23 %". For those
/// who do not see it. Reads all samples: for worker threads.
[[nodiscard]] QString panelSentence(const QString& title, const PanelData& data, const PanelContext& context);

/// "6 hours", "90 minutes", "2 days".
[[nodiscard]] QString durationText(qint64 ms);

} // namespace Promdeck
