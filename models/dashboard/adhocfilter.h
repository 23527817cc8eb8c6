#pragma once

#include <QStringList>

#include <optional>
#include <vector>

namespace Promdeck {

struct VariableSpec;

/// One condition of an ad-hoc variable, which every selector of every query has to meet.
struct AdhocFilter
{
    QString key;
    QString op = QStringLiteral("="); ///< =, !=, =~, !~
    QString value;
    /// One that is still being written asks for nothing.
    [[nodiscard]] bool isComplete() const { return !key.isEmpty() && !value.isEmpty(); }
    bool operator==(const AdhocFilter&) const = default;
};

/// The filters a file gives an ad-hoc variable. Lists of values (Grafana's =| and !=|) become regular expressions.
[[nodiscard]] std::vector<AdhocFilter> savedFilters(const VariableSpec& spec);
/// Filters as chosen values of their variable, as `--var` takes them and Grafana's addresses carry them: "job|=|node",
/// with __gfp__ for a bar inside a part.
[[nodiscard]] QStringList filterValues(const std::vector<AdhocFilter>& filters);
/// The opposite; what is not of that form, or has no such operator, is left out.
[[nodiscard]] std::vector<AdhocFilter> filtersFromValues(const QStringList& values);
/// `job="node",mode!~"idle|iowait"`: as they stand in a selector, incomplete ones left out.
[[nodiscard]] QString filterText(const std::vector<AdhocFilter>& filters);

} // namespace Promdeck
