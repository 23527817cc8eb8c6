#pragma once

#include "models/promql/ast.h"

#include <string>
#include <string_view>

namespace Promdeck::Promql {

struct PrintOptions
{
    int width = 100;       ///< longer nodes are split over lines (prettify, format)
    ServerVersion version; ///< servers before 3.0 write large and small numbers with exponents
};

/// One line, as the server prints an expression; parses back to the same tree. The tree must come from an expression
/// without errors.
[[nodiscard]] std::string print(const Ast& ast, NodeId node, const PrintOptions& options = {});
[[nodiscard]] std::string print(const Ast& ast, const PrintOptions& options = {});
/// Split over lines, as promtool formats; comments are lost.
[[nodiscard]] std::string prettify(const Ast& ast, const PrintOptions& options = {});
/// prettify() with the comments of `text`, which `ast` was parsed from, kept where they belong: behind what they
/// followed on a line, else above what comes next. Formatting twice changes nothing.
[[nodiscard]] std::string format(std::string_view text, const Ast& ast, const PrintOptions& options = {});
/// `name op "value"`, as in selectors; names that need it are quoted.
[[nodiscard]] std::string printMatcher(const Matcher& matcher);
/// "[5m] offset 1h": what follows the expression of a range selector or subquery.
[[nodiscard]] std::string printHead(const Ast& ast, NodeId node, const PrintOptions& options = {});
/// The tree, one node per line, indented by depth.
[[nodiscard]] std::string printTree(const Ast& ast, const PrintOptions& options = {});

} // namespace Promdeck::Promql
