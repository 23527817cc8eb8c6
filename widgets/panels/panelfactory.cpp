#include "widgets/panels/panelfactory.h"

#include "widgets/panels/alertlistbody.h"
#include "widgets/panels/barchartbody.h"
#include "widgets/panels/dashlistbody.h"
#include "widgets/panels/heatmapbody.h"
#include "widgets/panels/histogrambody.h"
#include "widgets/panels/logsbody.h"
#include "widgets/panels/piechartbody.h"
#include "widgets/panels/tablebody.h"
#include "widgets/panels/textbody.h"
#include "widgets/panels/timelinebody.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/panels/valuebodies.h"
#include "widgets/panels/xychartbody.h"

namespace Promdeck {

PanelBody* makePanelBody(const QString& type, QWidget* parent)
{
    if (type == u"timeseries")
        return new TimeSeriesBody(parent);
    if (type == u"stat")
        return new StatBody(parent);
    if (type == u"gauge")
        return new GaugeBody(parent);
    if (type == u"bargauge")
        return new BarGaugeBody(parent);
    if (type == u"table")
        return new TableBody(parent);
    if (type == u"text")
        return new TextBody(parent);
    if (type == u"barchart")
        return new BarChartBody(parent);
    if (type == u"piechart")
        return new PieChartBody(parent);
    if (type == u"state-timeline" || type == u"status-history")
        return new TimelineBody(parent);
    if (type == u"histogram")
        return new HistogramBody(parent);
    if (type == u"heatmap")
        return new HeatmapBody(parent);
    if (type == u"grafana-polystat-panel")
        return new PolystatBody(parent);
    if (type == u"alertlist")
        return new AlertListBody(parent);
    if (type == u"dashlist")
        return new DashListBody(parent);
    if (type == u"logs")
        return new LogsBody(parent);
    if (type == u"xychart")
        return new XyChartBody(parent);
    return new PlaceholderBody(parent);
}

} // namespace Promdeck
