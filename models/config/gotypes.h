#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Promdeck::Config {

/// What Go's and Prometheus' parsers of scalar types accept. Each returns nothing (or a sentence) where the
/// original fails.

/// Go time.ParseDuration: "1.5h", "-2m", "0"; nanoseconds.
[[nodiscard]] std::optional<std::int64_t> parseGoDuration(std::string_view text);
/// alecthomas/units.ParseBase2Bytes: "10MB", "1.5GiB", "0"; bytes.
[[nodiscard]] std::optional<std::int64_t> parseBase2Bytes(std::string_view text);
/// Why Go's url.Parse refuses the text; empty when it accepts.
[[nodiscard]] QString urlProblem(std::string_view text);
/// The scheme and host of a URL as url.Parse splits them; empty parts when absent.
struct UrlParts
{
    std::string scheme;
    std::string host;
    std::string path;
};
[[nodiscard]] UrlParts splitUrl(std::string_view text);
/// Why Go refuses the expression; empty when it compiles.
enum class RegexpUse {
    Anchored, ///< wrapped in "^(?:" and ")$" first, as Prometheus and Alertmanager do: `a)|(b` compiles, `\Qa` does not
    Plain
};
[[nodiscard]] QString regexpProblem(std::string_view text, RegexpUse use = RegexpUse::Anchored);
/// [a-zA-Z_][a-zA-Z0-9_]*
[[nodiscard]] bool isLegacyLabelName(std::string_view text);
/// [a-zA-Z_:][a-zA-Z0-9_:]*
[[nodiscard]] bool isLegacyMetricName(std::string_view text);
[[nodiscard]] bool isValidUtf8(std::string_view text);
/// Go's %q of a text, for messages.
[[nodiscard]] QString quoted(std::string_view text);

} // namespace Promdeck::Config
