#pragma once

#include "provisioning/deploy/fleet.h"

namespace Promdeck::Cli {

/// Machines behind the hosts of a workspace: this one for the address "local", SSH for every other. Questions go to
/// the terminal. The factory may be called from several threads and keeps connections.
[[nodiscard]] Deploy::HostFactory hostMachines();

} // namespace Promdeck::Cli
