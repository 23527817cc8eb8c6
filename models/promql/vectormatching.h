#pragma once

#include "models/core/types.h"
#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/promql/ast.h"
#endif

#include <QString>
#include <QStringList>

#include <cstddef>
#include <optional>
#include <vector>

namespace Promdeck::Promql {

/// One element of an instant vector.
struct InstantSeries
{
    Labels labels {};
    double value = 0;
    bool isHistogram = false; ///< then the value says nothing
};

/// Something to tell about a match, for the user interface to put into words.
struct MatchNote
{
    enum class Code {
        // about the whole operation
        LeftEmpty,           ///< the left side has no series
        RightEmpty,          ///< the right side has no series
        NothingMatched,      ///< both sides have series, none share the matching labels
        DuplicateOnOneSide,  ///< {"left" or "right", group, series, series}: the server refuses: many-to-many
        ManyNeedGroup,       ///< {"left" or "right", group}: several match one; needs group_left or group_right
        NotUnique,           ///< {result labels}: two results would have the same labels
        SuggestOn,           ///< {labels, "", "group_left" or "group_right", matched groups}: matching these would give partners
        SuggestIgnoring,     ///< {labels, "", "group_left" or "group_right", matched groups}
        // about one series without a partner; the nearest series of the other side is in MatchedSeries::nearest
        OtherSideEmpty,
        LabelDiffers,        ///< {label, own value, nearest's value}
        LabelMissingThere,   ///< {label, own value}: the nearest has no such label
        LabelMissingHere,    ///< {label, nearest's value}
        // about one result
        Filled,              ///< {"left" or "right", value}: fill stands in for the missing side
        ComparisonFalse,     ///< {left value, operator, right value}: matched, and filtered out
        RemovedByUnless,     ///< matched on the right, and taken away by unless
        KeptByOr,            ///< of the right side, no partner on the left, which or keeps
        IncludedLabel,       ///< {label, value}: group_left/right copied it
        IncludedMissing      ///< {label}: the one side has no such label, so the result has none
    };
    Code code {};
    QStringList parameters {};
    bool isError = false;    ///< the server refuses the operation
};

/// Stable kebab-case name of a code ("label-differs").
[[nodiscard]] QString matchNoteName(MatchNote::Code code);

/// One series of one side without partner.
struct MatchedSeries
{
    bool isLeft = true;
    std::size_t index = 0;                ///< in that side's vector
    std::optional<std::size_t> nearest {}; ///< in the other side's vector
    std::vector<MatchNote> notes {};
};

/// Series that share their matching labels.
struct MatchGroup
{
    Labels key;                      ///< the matching labels and their values
    std::vector<std::size_t> left;   ///< indexes into the left vector
    std::vector<std::size_t> right;
    struct Output
    {
        std::optional<std::size_t> left {};  ///< nothing when filled
        std::optional<std::size_t> right {};
        Labels labels {};
        double value = 0;            ///< NaN for histograms
        bool isKept = true;          ///< false when a comparison filtered it out
        std::vector<MatchNote> notes {};
    };
    std::vector<Output> outputs;
};

struct MatchExplanation
{
    QString rule;                    ///< "on(job)", "ignoring(instance) group_left(version)", empty for all labels
    std::vector<MatchGroup> groups;  ///< with partners on both sides, or filled; in order of the left side
    std::vector<MatchedSeries> lonely; ///< without partner
    std::vector<MatchNote> notes;
    std::size_t resultCount = 0;
    bool isRefused = false;          ///< the server would answer with an error
};

/// Why a binary operation gives what it gives, from what its two sides gave. Semantics: Prometheus' promql/engine.go,
/// VectorBinop, VectorAnd, VectorOr, VectorUnless. `binary` is a Binary node with vectors on both sides; else the
/// explanation is empty. Explains the first `most` series without partner of each side.
[[nodiscard]] MatchExplanation explainMatching(const Ast& ast, NodeId binary, const std::vector<InstantSeries>& left, const std::vector<InstantSeries>& right,
                                               std::size_t most = 200);

} // namespace Promdeck::Promql
