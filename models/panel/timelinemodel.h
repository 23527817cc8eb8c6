#pragma once

#include "models/panel/barchartmodel.h"

namespace Promdeck {

/// One box of a row: a state that held from one time to another (state timeline), or one sample (status
/// history, where both times are the sample's).
struct TimelineBox
{
    qint64 fromMs = 0;
    qint64 toMs = 0;
    QString text;      ///< as shown
    Rgba color;
    double value = kNull;
    int entry = -1;    ///< of the legend; -1 = not listed
};

struct TimelineRow
{
    QString name;
    QString refId;
    Labels labels;
    double lineWidth = 0;
    double fillOpacity = 0.7;
    bool hideTooltip = false;
    std::vector<TimelineBox> boxes; ///< ascending
    std::vector<DataLink> links;
};

/// State timeline and status history. The legend lists states (mapped values or threshold steps), not fields.
/// Source of semantics: Grafana's timeline charts.
struct TimelineModel
{
    TimeSeriesModel chart; ///< one legend entry per state; range padded by half a column for samples
    std::vector<TimelineRow> rows;
    bool samples = false;         ///< status history
    ValueVisibility values = ValueVisibility::Auto;
    Qt::Alignment align = Qt::AlignLeft;
    double rowHeight = 0.9;       ///< share of a row's place
    double colWidth = 0.9;        ///< share of a sample's place
    qint64 columnMs = 0;          ///< distance of samples
    int perPage = 0;              ///< rows shown at once, 0 = as many as fit
    bool axisHidden = false;      ///< row names
    double axisWidth = 0;         ///< px, 0 = by the names
    QString problem; ///< "no-time" or "no-field"; empty = fine
};
[[nodiscard]] TimelineModel timelineModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

} // namespace Promdeck
