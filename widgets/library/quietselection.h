#pragma once

class QWidget;

namespace Promdeck {

/// Lets a list mark its selection as the library's own list does: icons and coloured words stay readable on it.
void useQuietSelection(QWidget* list);

} // namespace Promdeck
