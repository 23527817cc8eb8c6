#pragma once

namespace Promdeck {

/// The window: parses the command line, runs the event loop, returns the exit code.
int runGui(int argc, char** argv);

/// Whether a first argument means the window (nothing, or an option) and not a verb.
[[nodiscard]] bool wantsGui(int argc, char** argv);

} // namespace Promdeck
