#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// One label matcher of Alertmanager.
struct Matcher
{
    enum class Op { Equal, NotEqual, Regexp, NotRegexp };
    Op op = Op::Equal;
    std::string name;
    std::string value;
    bool operator==(const Matcher&) const = default;
    /// Whether a label value matches; absent labels are "". Regular expressions are anchored.
    [[nodiscard]] bool matches(std::string_view label) const;
};

/// How matchers are read: Alertmanager 0.27 and later try UTF-8 and fall back to the classic parser.
enum class MatcherMode { Classic, Utf8, Fallback };

struct MatcherResult
{
    std::vector<Matcher> matchers;
    QString error; ///< empty when it parsed
    std::size_t errorOffset = 0; ///< byte in the input
    /// Fallback only: both parsers accept the text but read it differently; the classic reading counts.
    bool disagreement = false;
    [[nodiscard]] bool ok() const { return error.isEmpty(); }
};

/// Parses "foo=bar", "{a="b", c=~"d"}". Semantics: Alertmanager matcher/parse and pkg/labels.
[[nodiscard]] MatcherResult parseMatchers(std::string_view text, MatcherMode mode);
/// The same, where exactly one matcher is allowed.
[[nodiscard]] MatcherResult parseMatcher(std::string_view text, MatcherMode mode);

} // namespace Promdeck::Config
