#pragma once

#include <QByteArray>
#include <QStringList>

namespace Promdeck {

/// Ids of the dashboards inside the program, the most general first: "stack-overview", "linux-host"...
[[nodiscard]] QStringList builtinDashboardIds();

/// The Grafana JSON (UTF-8) of a built-in dashboard. Takes the id with or without "builtin:" before it.
/// Empty when there is no such dashboard.
[[nodiscard]] QByteArray builtinDashboard(const QString& id);

/// Whether a dashboard argument means a built-in one ("builtin:linux-host").
[[nodiscard]] bool isBuiltinDashboard(const QString& argument);

} // namespace Promdeck
