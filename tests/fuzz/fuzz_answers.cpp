// What servers answer, as far as panels show it: Prometheus' and Loki's results and the alerts, through frames and
// field configuration into the model of a panel. The first byte says what was asked for, the second in which panel;
// the rest is the body of the answer.

#include "models/panel/renderjson.h"
#include "models/query/otherqueries.h"
#include "models/query/panelprocessor.h"

#include <cstdint>
#include <cstdlib>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

const QStringList& panelTypes()
{
    static const QStringList types {u"timeseries"_s,  u"stat"_s,           u"gauge"_s,         u"bargauge"_s, u"table"_s,
                                    u"barchart"_s,    u"piechart"_s,       u"state-timeline"_s, u"status-history"_s,
                                    u"xychart"_s,     u"histogram"_s,      u"heatmap"_s,       u"logs"_s,     u"alertlist"_s,
                                    u"grafana-polystat-panel"_s};
    return types;
}

std::optional<AnsweredQuery> answered(int asked, const QByteArray& body)
{
    AnsweredQuery out;
    out.query.refId = u"A"_s;
    out.query.expr = u"rate(http_request_duration_seconds_bucket[5m])"_s;
    out.query.startMs = 1700000000000;
    out.query.endMs = 1700003600000;
    out.query.stepMs = 15000;
    if (asked >= 4) {
        const Result<Json> answer = Json::parse(body);
        if (!answer)
            return {};
        Frames frames;
        if (asked == 4) {
            const Result<LogAnswer> logs = decodeLogs((*answer)[u"data"], true);
            if (!logs)
                return {};
            frames.push_back(logFrame(*logs, u"A"_s, u"{job=\"a\"}"_s));
        } else {
            Result<Frame> alerts = alertFrame((*answer)[u"data"], u"ALERTS{alertstate=\"firing\"}"_s, u"A"_s);
            if (!alerts)
                return {};
            frames.push_back(*std::move(alerts));
        }
        out.frames = std::make_shared<const Frames>(std::move(frames));
        return out;
    }
    const Result<QueryResult> result = decodeQueryResult(body);
    if (!result)
        return {};
    out.result = std::make_shared<const QueryResult>(*result);
    out.query.format = asked == 1 ? u"table"_s : asked == 2 ? u"heatmap"_s : u"time_series"_s;
    out.query.instant = result->type != QueryResult::Type::Matrix;
    out.query.legendFormat = asked == 3 ? u"{{le}} {{job}}"_s : u"__auto"_s;
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const QByteArray body(reinterpret_cast<const char*>(data) + 2, qsizetype(size) - 2);
    const std::optional<AnsweredQuery> answer = answered(data[0] % 6, body);
    if (!answer)
        return 0;
    auto panel = std::make_shared<PanelSpec>();
    panel->id = 1;
    panel->type = panelTypes()[data[1] % panelTypes().size()];
    panel->options = Json::object();
    panel->fieldConfig = Json::object();
    ProcessRequest request;
    request.panel = panel;
    request.scope = std::make_shared<const PanelScope>(std::make_shared<const VariableScope>());
    request.plan.range = {answer->query.startMs, answer->query.endMs};
    request.plan.intervalMs = answer->query.stepMs;
    request.plan.queries = {answer->query};
    request.answers = {*answer};
    request.timeZone = u"Europe/Berlin"_s;
    const PanelDataPtr shown = processPanel(request);
    for (const Frame& frame : shown->frames) {
        for (const Field& field : frame.fields) {
            if (field.values.size() != frame.length())
                std::abort();
        }
    }
    PlacedPanel placed;
    placed.panel = *panel;
    const PanelContext context {ThemeKind::Dark, request.timeZone};
    (void)panelToJson(placed, *shown, context, [](const QString& text) { return text; }).toUtf8();
    return 0;
}
