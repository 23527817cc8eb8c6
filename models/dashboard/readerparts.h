#pragma once

#include "models/dashboard/dashboard.h"

/// Parts of the reader, shared by its files only.
namespace Promdeck::Internal {

/// The classic dashboard inside a document: itself, or what {"dashboard": ...} and {"spec": ...} wrap, with the
/// path to it.
struct Unwrapped
{
    Json dashboard;
    QStringList path;
};
[[nodiscard]] Unwrapped unwrapDashboard(const Json& document);

/// The first thing that makes a document unusable as a dashboard. detail holds the dotted JSON path.
struct ShapeError
{
    QStringList path;
    Error error;
};
[[nodiscard]] std::optional<ShapeError> checkShape(const Json& document);

[[nodiscard]] DatasourceRef datasourceFromJson(const Json& json);
/// A number, or a text that is one.
[[nodiscard]] std::optional<double> looseNumber(const Json& json);
[[nodiscard]] LinkSpec linkFromJson(const Json& json);
/// originalTypes: taken from the front, one for the panel and one for each child.
[[nodiscard]] PanelSpec panelFromJson(const Json& json, QStringList& originalTypes);
[[nodiscard]] VariableSpec variableFromJson(const Json& json);
[[nodiscard]] AnnotationSpec annotationFromJson(const Json& json);

} // namespace Promdeck::Internal
