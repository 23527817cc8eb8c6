#pragma once

#include <QImage>

namespace Promdeck {

/// A transparent picture (premultiplied ARGB) in memory that an earlier picture gave back. A dashboard makes a
/// picture per panel and refresh: fresh memory for each costs the system nearly as much as painting does. Some
/// megabytes at most wait for their next use. Any thread; null when there is no memory.
[[nodiscard]] QImage transparentPicture(QSize pixels);

} // namespace Promdeck
