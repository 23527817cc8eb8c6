#pragma once

#include "models/config/relabel.h"
#include "models/core/json.h"

#include <QString>

#include <vector>

namespace Promdeck::Config {

/// What one relabelling rule did to a label set.
struct RelabelStep
{
    enum class Effect {
        Unchanged,  ///< its expression did not match, or it set what was there
        Changed,
        Kept,       ///< keep, drop, keepequal, dropequal let it pass
        Dropped     ///< the label set ends here
    };
    struct Change
    {
        std::string label;
        std::optional<std::string> before; ///< nothing: it was not there
        std::optional<std::string> after;  ///< nothing: it was removed
    };
    std::size_t rule = 0;    ///< index of the rule
    Effect effect = Effect::Unchanged;
    std::string value;       ///< source labels joined; what the expression is matched with
    bool usesValue = false;  ///< labelmap, labeldrop and labelkeep look at names instead
    bool matched = false;    ///< the expression matched; for keepequal and dropequal: the values are equal
    std::vector<std::string> groups; ///< $0, $1... of the match
    std::vector<Change> changes;     ///< by name
    LabelMap after;          ///< empty when dropped
};

struct RelabelTrace
{
    LabelMap input;
    std::vector<RelabelStep> steps; ///< up to the one that dropped
    std::optional<LabelMap> output; ///< nothing when dropped
};

/// Applies the rules one by one and says what each did. Semantics as relabel().
[[nodiscard]] RelabelTrace traceRelabel(LabelMap labels, const std::vector<RelabelRule>& rules, bool legacyNames = false);

/// Labels a target has in the end: without those that begin with __, with instance from the address. `problem` says why
/// the server refuses it, empty when it does not.
struct TargetOutcome
{
    LabelMap labels;
    QString scrapeUrl;
    QString problem;
};
[[nodiscard]] TargetOutcome targetOutcome(const LabelMap& relabelled);

/// A target of a running server, to try rules on.
struct LiveTarget
{
    QString job;           ///< name of the scrape configuration
    LabelMap discovered;   ///< before relabelling
    LabelMap labels;       ///< as the server has them; empty for dropped ones
    QString scrapeUrl;
    bool isDropped = false;
};
/// From `data` of /api/v1/targets.
[[nodiscard]] std::vector<LiveTarget> liveTargets(const Json& data);

/// Label sets that somebody pasted: `{a="b", c="d"}`, `name{a="b"}`, a JSON object, or "a=b" and "a: b" lines. Several are
/// separated by line breaks where they have braces. Errors: Syntax with its place.
[[nodiscard]] Result<std::vector<LabelMap>> readLabelSets(const QString& text);

} // namespace Promdeck::Config
