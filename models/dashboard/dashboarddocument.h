#pragma once

#include "models/core/json.h"

namespace Promdeck {

/// A file that holds a dashboard, before any migration.
struct DashboardDocument
{
    Json dashboard; ///< the classic model: what {"dashboard": ..., "meta": ...} and {"spec": ...} wrap, or the document
    Json meta;      ///< of an answer of Grafana's API; null else
    bool wrapped = false;
};

/// Reads the text of a dashboard as far as needed to look into it. Errors are those of readDashboard(): Syntax (line,
/// column), Schema (with the place), Unsupported (schema v2).
[[nodiscard]] Result<DashboardDocument> readDashboardDocument(const QByteArray& utf8, const QString& fileName = {});

/// Whether a file that is no usable dashboard was meant to be one: other JSON (a package list, a schema) was not.
[[nodiscard]] bool isMeantAsDashboard(const Json& document);

} // namespace Promdeck
