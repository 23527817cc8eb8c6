#pragma once

#include <QString>

namespace Promdeck {

/// The window: parses the command line, runs the event loop, returns the exit code.
int runGui(int argc, char** argv);

/// The options of the window, a line each, for `promdeck help`.
[[nodiscard]] QString windowOptionsHelp();

} // namespace Promdeck
