#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace Promdeck {

/// A duration as Prometheus, Alertmanager and Thanos write it in their configuration and print it ("1h30m", "15s",
/// "0"): whole numbers, each unit at most once, from y (365 days) down to ms, as model.ParseDuration reads it.
/// Milliseconds; nothing where the original fails.
[[nodiscard]] std::optional<std::int64_t> parsePrometheusDuration(std::string_view text);

} // namespace Promdeck
