#pragma once

#include "widgets/plot/plothover.h"

namespace Promdeck {

/// Annotations and exemplars: what is marked in a plot beside its series.

/// Spans and lines, for below the series.
void paintAnnotations(QPainter& painter, const RenderedPlot& rendered, const TimeSeriesModel& model);
/// Diamonds, for above them. Those beyond the axis stand at its end.
void paintExemplars(QPainter& painter, const RenderedPlot& rendered, const TimeSeriesModel& model, const PlotTheme& theme);

/// One of them.
void paintExemplar(QPainter& painter, QPointF place, const QColor& color, const PlotTheme& theme);
/// Whether the cursor means what is marked there.
[[nodiscard]] double markDistance(QPointF place, QPointF cursor);
constexpr double kMarkReach = 7; ///< how near the cursor has to come, px

/// Where an exemplar is drawn; nothing when it is outside of the range.
[[nodiscard]] std::optional<QPointF> exemplarPlace(const ExemplarModel& exemplar, const RenderedPlot& rendered);
/// The exemplar under the cursor, as an index into the model's; -1 = none.
[[nodiscard]] int exemplarAt(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor);
[[nodiscard]] TooltipContent exemplarContent(const TimeSeriesModel& model, int exemplar, const QString& timeZone);
/// Lines about the annotations under the cursor: those that begin or end there and those that span it.
/// The operator's own annotation whose handle below the plot is at the cursor; null = none.
[[nodiscard]] const Annotation* ownAnnotationAt(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor);
[[nodiscard]] std::vector<TooltipRow> annotationRows(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor);

} // namespace Promdeck
