#pragma once

#include "models/promql/ast.h"

#include <QString>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// Why labels are missing. Few are ever read, so that the sentence is put together only then. Points into the tree.
struct MissingReason
{
    enum class Kind { None, Number, CallWithoutLabels, Absent, Le, Without, NoName, AllAggregated, By, On, Ignoring };
    Kind kind = Kind::None;
    const std::vector<Promql::LabelRef>* labels = nullptr;
    const std::string* function = nullptr;
    [[nodiscard]] QString text() const;
};

/// Where results of an expression come from, and which labels they can have. An expression with "or" has several.
struct LabelSource
{
    bool isFixed = false;              ///< only `possible` labels can be there
    std::set<std::string> possible;    ///< when isFixed
    std::set<std::string> removed;     ///< when not
    std::set<std::string> guaranteed;  ///< labels that are always there
    bool alwaysReturns = false;        ///< numbers and vector()
    bool isConditional = false;        ///< something can make it return nothing: a comparison, unless, absent()
    bool isAggregated = false;
    bool isAbsent = false;             ///< of absent(): made of matchers, not of series
    std::set<std::string> joined;      ///< labels that group_left or group_right brought and nothing used yet
    Promql::ByteRange place;           ///< what the source is: a selector, vector(), a number
    MissingReason reason;
    Promql::ByteRange reasonPlace;

    [[nodiscard]] bool canHave(const std::string& label) const
    {
        return isFixed ? possible.contains(label) : !removed.contains(label);
    }
};

/// A label that was joined in and is lost again before anyone sees it.
struct LostJoin
{
    std::string label;
    Promql::ByteRange place; ///< what loses it: grouping, aggregation or operator
    bool byOperation = false;
};
[[nodiscard]] std::vector<LostJoin> lostJoinedLabels(const Promql::Ast& ast, Promql::NodeId node, std::string_view text);

/// Sources of the expression at `node`. Follows aggregations, vector matching and functions that change labels.
[[nodiscard]] std::vector<LabelSource> labelSources(const Promql::Ast& ast, Promql::NodeId node, std::string_view text);

/// The same for many nodes of one expression: what was found out for one is used for those above it.
class LabelSources
{
public:
    LabelSources(const Promql::Ast& ast, std::string_view text) : m_ast(ast), m_text(text) {}
    [[nodiscard]] const std::vector<LabelSource>& at(Promql::NodeId node);

private:
    const Promql::Ast& m_ast;
    std::string_view m_text;
    std::map<Promql::NodeId, std::vector<LabelSource>> m_known;
};

} // namespace Promdeck::Config
