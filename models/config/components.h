#pragma once

#include "models/config/filekind.h"

#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// How a running component takes a new configuration. Measured where it could be: SIGHUP ends those that do not
/// handle it, so that nothing is ever sent a signal that is not known to be safe.
enum class ReloadMethod {
    None,    ///< reads its files by itself, or not at all while it runs
    Http,    ///< POST /-/reload
    Signal,  ///< SIGHUP
    Service, ///< the service manager's reload
    Restart  ///< only a new start
};

/// What is known about a component of a monitoring stack, from the way it is deployed.
struct Component
{
    std::string_view name;         ///< as promdeck.yaml writes it
    std::string_view directory;    ///< where packages and images expect its files
    std::string_view config;       ///< main file, relative to that
    FileKind kind = FileKind::Unknown; ///< of the main file, where the engine can check it
    bool reloadsByHttp = false;    ///< POST /-/reload may work (Prometheus needs a flag for it)
    bool survivesHup = false;      ///< SIGHUP reloads it
    std::string_view metricPrefix; ///< of *_config_last_reload_successful; empty = it has no such metric
    std::string_view tool;         ///< program on the host that validates; empty = none
    int port = 0;
};

/// Every known component, "other" included.
[[nodiscard]] const std::vector<Component>& components();
/// nullptr when there is none of that name.
[[nodiscard]] const Component* findComponent(std::string_view name);

} // namespace Promdeck::Config
