#include "models/config/online/vectormatching.h"

#include <algorithm>
#include <map>
#include <set>

namespace Promdeck::Config {

MatchExplanation explainMatching(const std::vector<Labels>& left, const std::vector<Labels>& right, const Promql::MatchingData& matching, Promql::Tok op)
{
    std::set<QString> names;
    for (const Promql::LabelRef& label : matching.labels)
        names.insert(QString::fromStdString(label.name));
    const auto keyOf = [&](const Labels& labels) {
        Labels key;
        for (const auto& [name, value] : labels) {
            const bool listed = names.contains(name);
            if (matching.on ? listed : !listed && name != u"__name__")
                key.insert(name, value);
        }
        return key;
    };
    std::map<Labels, MatchExplanation::Group> groups;
    for (const Labels& labels : left) {
        const Labels key = keyOf(labels);
        MatchExplanation::Group& group = groups[key];
        group.labels = key;
        group.left.push_back(labels);
    }
    for (const Labels& labels : right) {
        const Labels key = keyOf(labels);
        MatchExplanation::Group& group = groups[key];
        group.labels = key;
        group.right.push_back(labels);
    }
    const bool isSet = Promql::isSetOperator(op);
    using Card = Promql::Cardinality;
    MatchExplanation out;
    for (auto& [key, group] : groups) {
        using Why = MatchExplanation::Why;
        const bool manyLeft = group.left.size() > 1 && matching.card != Card::ManyToOne;
        const bool manyRight = group.right.size() > 1 && matching.card != Card::OneToMany;
        if (group.left.empty() || group.right.empty())
            group.why = Why::NoPartner;
        else if (isSet)
            group.why = Why::Matched;
        else if (manyLeft && manyRight)
            group.why = Why::ManyToMany;
        else if (manyLeft || manyRight)
            group.why = Why::ManyOnOneSide;
        if (group.why == Why::NoPartner) {
            out.leftAlone += int(group.left.size());
            out.rightAlone += int(group.right.size());
        } else {
            out.matched += int(group.left.size());
        }
        out.fails = out.fails || group.why == Why::ManyToMany || group.why == Why::ManyOnOneSide;
        out.groups.push_back(std::move(group));
    }
    const auto rank = [](const MatchExplanation::Group& group) {
        return group.why == MatchExplanation::Why::Matched ? 2 : group.why == MatchExplanation::Why::NoPartner ? 1 : 0;
    };
    std::stable_sort(out.groups.begin(), out.groups.end(), [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return out;
}

} // namespace Promdeck::Config
