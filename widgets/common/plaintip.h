#pragma once

#include <QString>

namespace Promdeck {

/// The text of a tooltip that shows `text` as it is. Titles, descriptions, labels and a server's messages come from
/// elsewhere: Qt reads a text that looks like HTML as HTML, pictures and all. Lines too long for a screen wrap.
[[nodiscard]] QString plainTip(const QString& text);

} // namespace Promdeck
