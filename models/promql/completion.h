#pragma once

#include "models/promql/parser.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Promql {

/// What the text asks for at the cursor.
enum class CompletionContext {
    None,
    Expression,      ///< metrics, functions, aggregators
    AfterExpression, ///< operators and modifiers
    LabelName,       ///< inside braces
    MatchOperator,
    LabelValue,
    GroupingLabel,   ///< by(), on(), group_left() ...
    Duration
};

struct CompletionPlace
{
    CompletionContext context = CompletionContext::None;
    ByteRange replace;             ///< what an accepted proposal replaces
    std::string typed;             ///< the part of it in front of the cursor
    std::string metric;            ///< the metric whose labels are asked for; empty when unknown
    std::string label;             ///< LabelValue: of which label
    bool quoted = false;           ///< LabelValue: the cursor is inside quotes already
    std::vector<Matcher> matchers; ///< other matchers of the same selector, complete ones only
    std::vector<Tok> allowed;      ///< tokens that the grammar allows here
};

/// Reads the place of the cursor (a byte offset). Never fails: unfinished text is what completion is about.
[[nodiscard]] CompletionPlace completionPlace(std::string_view text, std::uint32_t cursor, const Options& options = {});

/// What a connected stack knows. Called on the thread that completes; must answer from memory.
class CompletionSource
{
public:
    virtual ~CompletionSource() = default;
    /// All metric names; the span stays valid while completing.
    [[nodiscard]] virtual std::span<const std::string> metricNames() const = 0;
    /// "counter", "gauge", "histogram", "summary" or empty.
    [[nodiscard]] virtual std::string metricType(const std::string& metric) const = 0;
    [[nodiscard]] virtual std::string metricHelp(const std::string& metric) const = 0;
    /// Label names seen on a metric, or on any when the metric is empty.
    [[nodiscard]] virtual std::vector<std::string> labelNames(const std::string& metric) const = 0;
    [[nodiscard]] virtual std::vector<std::string> labelValues(const std::string& metric, const std::string& label,
                                                               const std::vector<Matcher>& others) const = 0;
};

enum class CompletionKind { Metric, Function, Aggregator, Keyword, Operator, Label, Value, Duration };

struct CompletionItem
{
    CompletionKind kind = CompletionKind::Metric;
    std::string text;          ///< what to insert
    std::string detail;        ///< type of the metric, signature of the function
    std::string documentation;
    int score = 0;             ///< higher is better
};

/// The best proposals at the cursor, best first.
[[nodiscard]] std::vector<CompletionItem> complete(std::string_view text, std::uint32_t cursor,
                                                   const CompletionSource& source, const Options& options = {},
                                                   size_t limit = 100);

/// How well a pattern fits a candidate: its characters in order, without regard to case. The whole candidate beats
/// its beginning, that beats runs at starts of words (fewer runs first), that a run inside a word, and that scattered
/// characters; of two alike the shorter wins. Negative when it does not fit. An empty pattern fits everything equally.
[[nodiscard]] int fuzzyScore(std::string_view pattern, std::string_view candidate);

/// Documentation for the word at an offset: function or aggregator signature and sentence; empty when there is none.
struct Hover
{
    ByteRange range;
    std::string signature;
    std::string documentation;
};
[[nodiscard]] Hover hoverAt(std::string_view text, std::uint32_t offset, const Options& options = {});

} // namespace Promdeck::Promql
