#pragma once

#include <QKeySequence>
#include <QString>

class QAction;

namespace Promdeck {

/// A shortcut as people say it: "d r" for one key after the other, "Ctrl+S" for keys together.
[[nodiscard]] QString keyText(const QKeySequence& keys);
/// All shortcuts of an action, separated by commas; empty when it has none.
[[nodiscard]] QString keyText(const QAction* action);
/// Under which heading the key sheet lists an action; set where actions are made.
void setKeyGroup(QAction* action, const QString& group);
[[nodiscard]] QString keyGroup(const QAction* action);

} // namespace Promdeck
