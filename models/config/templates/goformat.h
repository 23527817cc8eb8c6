#pragma once

#include "models/config/templates/govalue.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// Go's fmt over the values of templates.
class GoFormat
{
public:
    /// Before 0.26 Alertmanager's KV and Pairs print as Go prints maps and structs.
    explicit GoFormat(bool pairsHaveText = true) : m_pairsHaveText(pairsHaveText) {}

    [[nodiscard]] std::string print(const GoValue& value) const;             ///< as a template writes it: %v of what pointers point to
    [[nodiscard]] std::string sprint(const std::vector<GoValue>& values) const;
    [[nodiscard]] std::string sprintln(const std::vector<GoValue>& values) const;
    [[nodiscard]] std::string sprintf(std::string_view format, const std::vector<GoValue>& values) const;
    /// encoding/json, with HTML characters escaped.
    [[nodiscard]] std::string json(const GoValue& value) const;

private:
    struct Spec;
    [[nodiscard]] std::optional<std::string> ownText(const GoValue& value) const;
    /// What is done with pointers: a template follows them, fmt shows that it did, inside of lists they are numbers.
    enum class Place { Template, Top, Inner };
    [[nodiscard]] std::string formatted(const GoValue& value, const Spec& spec, Place place) const;
    [[nodiscard]] std::string bad(const GoValue& value, const Spec& spec) const;
    bool m_pairsHaveText;
};

/// "sortedPairs" of a template.KV: alertname first, then by name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> sortedPairsOf(const GoValue& kv);

} // namespace Promdeck::Config
