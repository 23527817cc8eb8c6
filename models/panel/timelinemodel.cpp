#include "models/panel/timelinemodel.h"

#include "models/frame/reducers.h"
#include "models/panel/modelparts.h"

#include <QHash>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// More states than this are no legend that anybody reads.
constexpr size_t kMostEntries = 100;

struct ThresholdItem
{
    double value = 0; ///< absolute
    QString text;
    Rgba color;
};

/// "< 80" for the base step, "80+" for the others.
std::vector<ThresholdItem> thresholdItems(const Field& field, ThemeKind theme)
{
    std::vector<ThresholdItem> items;
    if (!field.config.thresholds)
        return items;
    const Thresholds& thresholds = *field.config.thresholds;
    const auto absolute = absoluteThresholds(field, theme);
    const bool percent = thresholds.mode == Thresholds::Mode::Percentage;
    const QString unit = percent ? u"percent"_s : field.config.unit.value_or(QString());
    for (size_t i = 0; i < absolute.size(); ++i) {
        double written = thresholds.steps[i].value;
        const bool below = std::isinf(written) && i + 1 < absolute.size();
        if (below)
            written = thresholds.steps[i + 1].value;
        const QString value = std::isinf(written) ? QString() : formatValue(written, unit, field.config.decimals).toString();
        items.push_back({absolute[i].first, below ? u"< "_s + value : value + u'+', absolute[i].second});
    }
    return items;
}

const ThresholdItem* activeItem(const std::vector<ThresholdItem>& items, double value)
{
    const ThresholdItem* active = nullptr;
    for (const ThresholdItem& item : items) {
        if (value >= item.value)
            active = &item;
    }
    return active;
}

bool byThresholds(const Field& field)
{
    return field.config.color && field.config.color->mode == u"thresholds" && field.config.thresholds
        && !field.config.thresholds->steps.empty();
}

/// Turns a field's cells into states.
class RowReader
{
public:
    RowReader(const Field& field, const PanelContext& context, bool merge)
        : m_field(field)
        , m_display(field, context.theme, context.timeZone)
        , m_theme(context.theme)
        , m_items(byThresholds(field) ? thresholdItems(field, context.theme) : std::vector<ThresholdItem>())
        , m_merge(merge)
    {
        const Json& span = field.config.custom[u"spanNulls"];
        m_spanMs = span.isBool() && span.toBool() ? std::numeric_limits<qint64>::max() : span.isNumber() ? span.toInt() : 0;
        for (const ValueMapping& mapping : field.config.mappings)
            m_mapsNull = m_mapsNull || (mapping.type == ValueMapping::Type::Special && mapping.match.startsWith(u"null"));
    }

    /// The state of a cell; nothing where there is none.
    [[nodiscard]] std::optional<TimelineBox> state(qsizetype row, qint64 time) const
    {
        TimelineBox box;
        box.fromMs = box.toMs = time;
        const Json cell = m_field.values.isNumbers() ? Json() : cellJson(m_field.values, row);
        if (m_field.values.isNumbers())
            box.value = m_field.values.numbers()[size_t(row)];
        else if (cell.isNumber())
            box.value = cell.toDouble();
        const bool missing = m_field.values.isNumbers() ? isNull(box.value) : cell.isNull();
        if (missing && !m_mapsNull)
            return {};
        const DisplayValue shown = m_display.at(row);
        box.text = shown.toString();
        box.color = shown.hasColor ? shown.color : seriesColor(m_field, m_theme);
        if (m_merge && !m_items.empty() && m_field.type == FieldType::Number) {
            if (const ThresholdItem* item = activeItem(m_items, box.value)) {
                box.text = item->text;
                box.color = item->color;
            }
        }
        return box;
    }
    [[nodiscard]] bool same(const TimelineBox& a, const TimelineBox& b) const
    {
        if (m_field.type == FieldType::Number && m_items.empty())
            return a.value == b.value || (std::isnan(a.value) && std::isnan(b.value));
        return a.text == b.text;
    }
    [[nodiscard]] qint64 spanMs() const { return m_spanMs; }

private:
    const Field& m_field;
    DisplayProcessor m_display;
    ThemeKind m_theme = ThemeKind::Dark;
    std::vector<ThresholdItem> m_items;
    qint64 m_spanMs = 0;
    bool m_merge;
    bool m_mapsNull = false;
};

/// Each state lasts until the next sample; where the next one is missing, one step.
void addStates(TimelineRow& row, const RowReader& reader, const Column::Times& times, const Column::Times* ends,
               qint64 stepMs, qint64 rangeEnd, bool merge)
{
    for (size_t i = 0; i < times.size(); ++i) {
        std::optional<TimelineBox> box = reader.state(qsizetype(i), times[i]);
        if (!box)
            continue;
        qint64 until = i + 1 < times.size() ? times[i + 1] : std::max(rangeEnd, times[i]);
        if (ends && i < ends->size())
            until = (*ends)[i];
        else if (stepMs > 0)
            until = std::min(until, times[i] + stepMs + stepMs / 2 >= until ? until : times[i] + stepMs);
        box->toMs = until;
        TimelineBox* last = row.boxes.empty() ? nullptr : &row.boxes.back();
        const bool near = last && (last->toMs >= box->fromMs || box->fromMs - last->toMs <= reader.spanMs());
        if (last && near && last->toMs < box->fromMs && !ends)
            last->toMs = box->fromMs; // bridged
        if (last && near && merge && reader.same(*last, *box) && !ends)
            last->toMs = box->toMs;
        else
            row.boxes.push_back(std::move(*box));
    }
}

void addSamples(TimelineRow& row, const RowReader& reader, const Column::Times& times)
{
    for (size_t i = 0; i < times.size(); ++i) {
        if (std::optional<TimelineBox> box = reader.state(qsizetype(i), times[i]))
            row.boxes.push_back(std::move(*box));
    }
}

qint64 smallestDistance(const PanelData& data)
{
    qint64 smallest = 0;
    for (const Frame& frame : data.frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        if (!time || !time->values.isTimes())
            continue;
        if (frame.meta.stepMs > 0)
            return frame.meta.stepMs;
        const Column::Times& times = time->values.times();
        for (size_t i = 1; i < times.size(); ++i) {
            const qint64 distance = times[i] - times[i - 1];
            if (distance > 0 && (smallest == 0 || distance < smallest))
                smallest = distance;
        }
    }
    return smallest;
}

SeriesModel stateEntry(const QString& text, Rgba color)
{
    SeriesModel entry;
    entry.name = text;
    entry.color = color;
    return entry;
}

/// The states that the legend lists, and which of them each box is.
void makeLegend(TimelineModel& model, const Field* first, const PanelContext& context)
{
    model.chart.series.clear();
    if (!first)
        return;
    const QString mode = first->config.color ? first->config.color->mode : QString();
    if (byThresholds(*first) && first->config.thresholds->steps.size() > 1) {
        const std::vector<ThresholdItem> items = thresholdItems(*first, context.theme);
        for (const ThresholdItem& item : items)
            model.chart.series.push_back(stateEntry(item.text, item.color));
        for (TimelineRow& row : model.rows) {
            for (TimelineBox& box : row.boxes) {
                if (const ThresholdItem* item = activeItem(items, box.value))
                    box.entry = int(item - items.data());
            }
        }
        return;
    }
    if (mode.startsWith(u"continuous-") && first->config.mappings.empty())
        return;
    QHash<QString, int> entries;
    for (TimelineRow& row : model.rows) {
        for (TimelineBox& box : row.boxes) {
            const auto known = entries.constFind(box.text);
            if (known != entries.constEnd()) {
                box.entry = *known;
            } else if (!box.text.isEmpty() && model.chart.series.size() < kMostEntries) {
                box.entry = int(model.chart.series.size());
                entries.insert(box.text, box.entry);
                model.chart.series.push_back(stateEntry(box.text, box.color));
            }
        }
    }
}

void readOptions(TimelineModel& model, const PanelSpec& panel)
{
    const Json& options = panel.options;
    const QString values = options[u"showValue"].toString();
    model.values = values == u"always" ? ValueVisibility::Always
        : values == u"never"           ? ValueVisibility::Never
                                       : ValueVisibility::Auto;
    const QString align = options[u"alignValue"].toString();
    model.align = align == u"center" ? Qt::AlignHCenter : align == u"right" ? Qt::AlignRight : Qt::AlignLeft;
    model.rowHeight = std::clamp(options[u"rowHeight"].toDouble(0.9), 0.05, 1.0);
    model.colWidth = std::clamp(options[u"colWidth"].toDouble(0.9), 0.05, 1.0);
    model.perPage = int(std::clamp<qint64>(options[u"perPage"].toInt(0), 0, 1000));
}

} // namespace

TimelineModel timelineModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    TimelineModel model;
    model.samples = panel.type == u"status-history";
    model.chart.range = data.range;
    model.chart.legend = readLegend(panel.options);
    model.chart.legend.calcs.clear();
    model.chart.legend.table = false;
    readTooltip(model.chart, panel.options);
    readOptions(model, panel);
    const bool merge = !model.samples && panel.options[u"mergeValues"].toBool(true);
    model.columnMs = smallestDistance(data);
    bool hasTime = false;
    const Field* first = nullptr;
    for (const Frame& frame : data.frames) {
        const Field* time = nullptr;
        const Field* end = nullptr;
        for (const Field& field : frame.fields) {
            if (field.type == FieldType::Time && field.values.isTimes())
                (time ? end : time) = &field;
        }
        if (!time)
            continue;
        hasTime = true;
        for (const Field& field : frame.fields) {
            const bool shown = field.type == FieldType::Number || field.type == FieldType::String || field.type == FieldType::Boolean;
            if (!shown || isHiddenFromView(field))
                continue;
            TimelineRow row;
            row.name = shownName(field);
            row.refId = frame.refId;
            row.labels = field.labels;
            row.links = field.config.links;
            const Json& custom = field.config.custom;
            row.lineWidth = custom[u"lineWidth"].toDouble(model.samples ? 1 : 0);
            row.fillOpacity = std::clamp(custom[u"fillOpacity"].toDouble(70) / 100.0, 0.0, 1.0);
            row.hideTooltip = custom.path(u"hideFrom.tooltip").toBool();
            if (!first) {
                first = &field;
                model.axisHidden = custom[u"axisPlacement"].toString() == u"hidden";
                model.axisWidth = custom[u"axisWidth"].toDouble(0);
            }
            const RowReader reader(field, context, merge);
            if (model.samples) {
                addSamples(row, reader, time->values.times());
            } else {
                const qint64 own = custom[u"insertNulls"].isNumber() ? custom[u"insertNulls"].toInt() : frame.meta.stepMs;
                addStates(row, reader, time->values.times(), end ? &end->values.times() : nullptr, own, data.range.toMs, merge);
            }
            model.rows.push_back(std::move(row));
        }
    }
    if (!data.frames.empty() && model.rows.empty())
        model.problem = hasTime ? u"no-field"_s : u"no-time"_s;
    makeLegend(model, first, context);
    sortLegend(model.chart.legend, model.chart.series);
    if (model.samples && model.columnMs > 0) {
        // The outermost columns are seen whole.
        qint64 low = data.range.toMs;
        qint64 high = data.range.fromMs;
        for (const TimelineRow& row : model.rows) {
            if (!row.boxes.empty()) {
                low = std::min(low, row.boxes.front().fromMs);
                high = std::max(high, row.boxes.back().fromMs);
            }
        }
        model.chart.range.fromMs = std::min(data.range.fromMs, low - model.columnMs / 2);
        model.chart.range.toMs = std::max(data.range.toMs, high + model.columnMs / 2);
    }
    return model;
}

} // namespace Promdeck
