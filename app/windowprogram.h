#pragma once

namespace Promdeck {

/// Whether this is the program that hands over what needs painting (false in a build without a window).
[[nodiscard]] bool hasWindowProgram();

/// Becomes the program with the window, with the same arguments and process id. It is looked for beside this one, then
/// where it is installed. Returns only when that fails, having said why on stderr.
[[nodiscard]] int becomeWindowProgram(char** argv);

/// The same with the program that holds the verbs for hosts.
[[nodiscard]] int becomeHostsProgram(char** argv);

} // namespace Promdeck
