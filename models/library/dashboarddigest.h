#pragma once

#include "models/library/dashboardorigin.h"

#include <QStringList>

#include <vector>

namespace Promdeck {

/// A part of a dashboard that asks for data or has a name to be found by.
struct DigestPart
{
    enum class Kind { Panel, Variable, Annotation };
    Kind kind = Kind::Panel;
    int panelId = 0;
    QString title; ///< as written; a variable's label or name
    QString type;  ///< of the panel as written ("graph"), of the variable ("query")
    QString row;   ///< title of the row a panel belongs to
    QStringList expressions; ///< as written
    QStringList metrics;     ///< that the expressions name, each once, sorted
    bool operator==(const DigestPart&) const = default;
};

/// What the library knows of a dashboard without migrating it.
struct DashboardDigest
{
    QString title;
    QString uid;
    QString description;
    QStringList tags;
    int panelCount = 0; ///< without rows
    std::vector<DigestPart> parts;
    std::optional<DashboardOrigin> origin; ///< the dashboard of a Grafana it came from
    bool isEdited = false;                 ///< it says something else than when it came
    bool operator==(const DashboardDigest&) const = default;
};

/// `dashboard` is what readDashboardDocument() gives. Any schema version; members of a wrong type are left out.
[[nodiscard]] DashboardDigest digestOf(const Json& dashboard);

/// The metrics an expression names, sorted, each once. Variables in it are bridged over: in a duration they become one,
/// elsewhere a name, and a metric whose name has a variable inside is not listed. Of an expression that the grammar
/// does not take, the names that stand where metrics stand.
[[nodiscard]] QStringList metricsOfExpression(const QString& written);

} // namespace Promdeck
