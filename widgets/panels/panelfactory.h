#pragma once

#include "widgets/panels/panelbody.h"

namespace Promdeck {

/// The body for a panel type ("stat", "timeseries"...); a table of the data for types that are not drawn.
[[nodiscard]] PanelBody* makePanelBody(const QString& type, QWidget* parent);

} // namespace Promdeck
