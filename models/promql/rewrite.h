#pragma once

#include "models/core/result.h"
#include "models/promql/parser.h"

#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Promql {

/// Adds label matchers to every selector by editing the text as little as possible: comments, spacing and everything
/// else stay. A matcher a selector already has is not added twice; the second argument of info() is left alone.
/// Errors: Syntax (the expression is wrong; where says the place), InvalidArgument (a matcher's regular expression is).
[[nodiscard]] Result<std::string> addMatchers(std::string_view text, const std::vector<Matcher>& matchers,
                                              const Options& options = {});

/// A selector of an expression, as series lookups and lints need it.
struct SelectorUse
{
    NodeId node = kNoNode;
    std::string metric;            ///< empty when no equality names it
    std::vector<Matcher> matchers; ///< all, the metric name included as __name__
    ByteRange range;
    std::int64_t rangeNs = 0;      ///< of a range selector with a literal range; 0 for instant ones
    NodeId function = kNoNode;     ///< the innermost call around it
};
/// Every selector in source order.
[[nodiscard]] std::vector<SelectorUse> selectors(const Ast& ast);
/// The metric names an expression reads, sorted, each once; names only known by a regular expression are not among them.
[[nodiscard]] std::vector<std::string> metricNames(const Ast& ast);
/// `{__name__="up",job="x"}`: what the series API takes as match[].
[[nodiscard]] std::string seriesMatcher(const SelectorUse& selector);

} // namespace Promdeck::Promql
