#pragma once

#include "models/core/types.h"
#include "models/promql/ast.h"

#include <QString>

#include <vector>

namespace Promdeck::Config {

/// How the series of two sides find each other in a binary operation. Semantics: Prometheus' vector matching.
struct MatchExplanation
{
    enum class Why {
        Matched,
        NoPartner,      ///< nothing on the other side has these labels
        ManyOnOneSide,  ///< several series of a side that must have one each have the same labels: the query fails
        ManyToMany      ///< the same on both sides
    };
    struct Group
    {
        Labels labels;              ///< that decide
        std::vector<Labels> left;
        std::vector<Labels> right;
        Why why = Why::Matched;
    };
    std::vector<Group> groups; ///< failing ones first, then those without a partner, then matches
    int matched = 0;           ///< series of the left side with a partner
    int leftAlone = 0;
    int rightAlone = 0;
    bool fails = false;        ///< the server refuses to evaluate it
};

[[nodiscard]] MatchExplanation explainMatching(const std::vector<Labels>& left, const std::vector<Labels>& right,
                                               const Promql::MatchingData& matching, Promql::Tok op);

} // namespace Promdeck::Config
