#pragma once

#include "models/dashboard/dashboard.h"

#include <vector>

namespace Promdeck {

/// A data source that a dashboard names, and where.
struct DatasourceUse
{
    QString reference; ///< as written: "${DS_PROMETHEUS}", a uid, a name
    QString label;     ///< what to call it: the label of the input, else the reference
    QString type;      ///< "prometheus", "loki"...; empty = unknown
    int panels = 0;    ///< how many panels use it
    bool inVariables = false;
    bool isInput = false; ///< of a dashboard exported for sharing: nobody knows it by design
    bool operator==(const DatasourceUse&) const = default;
};

/// Every data source the panels, variables and annotations name, in the order they come. References to nothing (the
/// default), to variables of the dashboard that hold data sources, and Grafana's own are not among them.
[[nodiscard]] std::vector<DatasourceUse> datasourceUses(const Dashboard& dashboard);

/// Whether a reference needs no question: it is called as a stack, or only as its kind ("Prometheus", "default").
[[nodiscard]] bool isKnownSource(const DatasourceUse& use, const QStringList& stackNames);

} // namespace Promdeck
