#pragma once

#include "widgets/panels/panelbody.h"

namespace Promdeck {

/// The body for a panel type ("stat", "timeseries"...); a placeholder for types that are not drawn yet.
[[nodiscard]] PanelBody* makePanelBody(const QString& type, QWidget* parent);

} // namespace Promdeck
