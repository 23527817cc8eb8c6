#pragma once

#include "models/dashboard/dashboardeditor.h"

namespace Promdeck {

/// What a step did, as a phrase for menus: "Move “CPU”".
[[nodiscard]] QString editStepText(const EditStep& step);

} // namespace Promdeck
