#include "models/query/adhocfilters.h"

#include "models/promql/rewrite.h"

namespace Promdeck {

namespace {

Promql::MatchType matchType(const QString& op)
{
    if (op == u"!=")
        return Promql::MatchType::NotEqual;
    if (op == u"=~")
        return Promql::MatchType::Regexp;
    return op == u"!~" ? Promql::MatchType::NotRegexp : Promql::MatchType::Equal;
}

} // namespace

std::function<QString(const QString& expr)> adhocFilters(const std::vector<VariableState>& states)
{
    std::vector<Promql::Matcher> matchers;
    for (const VariableState& state : states) {
        for (const AdhocFilter& filter : state.filters) {
            if (!filter.isComplete())
                continue;
            Promql::Matcher matcher;
            matcher.type = matchType(filter.op);
            matcher.name = filter.key.toStdString();
            matcher.value = filter.value.toStdString();
            matchers.push_back(std::move(matcher));
        }
    }
    if (matchers.empty())
        return {};
    return [matchers = std::move(matchers)](const QString& expr) {
        const Result<std::string> filtered = Promql::addMatchers(expr.toStdString(), matchers);
        return filtered ? QString::fromStdString(*filtered) : expr;
    };
}

} // namespace Promdeck
