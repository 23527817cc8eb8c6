#pragma once

#include "models/library/libraryindex.h"

#include <QString>

namespace Promdeck {

/// "Built in", "boards / team" and so on: where an entry is kept.
[[nodiscard]] QString placeText(const LibraryEntry& entry);
/// Why an entry or a part of it was found: "uses node_load1", or the expression; empty where its title says it.
[[nodiscard]] QString reasonText(const LibraryHit& hit);
/// "3 minutes ago", "yesterday", or the date.
[[nodiscard]] QString agoText(qint64 ms, qint64 nowMs);
/// "Variable" before the title of what is no panel.
[[nodiscard]] QString partTitle(const DigestPart& part);
/// Place and sentence of a broken file: "12:5: The file is not valid JSON".
[[nodiscard]] QString problemText(const LibraryEntry& entry);

} // namespace Promdeck
