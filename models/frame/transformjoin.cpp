#include "models/frame/transformutil.h"

#include "models/frame/display.h"
#include "models/frame/jsnumber.h"
#include "models/frame/reducers.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <map>
#include <numeric>

using namespace Qt::StringLiterals;

// Transformations that bring several frames together.
namespace Promdeck::Transforms {

namespace {

bool sameCell(const Json& a, const Json& b)
{
    return a == b;
}

/// A text that is the same for equal cells of a key.
QString keyText(const Json& value)
{
    if (value.isString())
        return value.toString();
    return u'\x01' + jsText(value);
}

// ---- merge ------------------------------------------------------------------------------------------

struct MergeTable
{
    std::vector<Field> fields;         ///< names and types
    std::vector<Cells> rows;           ///< one cell per field
    std::vector<size_t> keyFields;     ///< those that every frame has
    QHash<QString, std::vector<size_t>> byKey;
};

/// Cells that both rows have must agree for them to become one row.
bool canMerge(const Cells& row, const Cells& other)
{
    for (size_t at = 0; at < row.size(); ++at) {
        if (!row[at].isNull() && !other[at].isNull() && !sameCell(row[at], other[at]))
            return false;
    }
    return true;
}

/// Differing values in the same cell, or a null that is really there, keep two rows apart.
void addRow(MergeTable& table, Cells row, const std::vector<bool>& present)
{
    QString key;
    for (const size_t at : table.keyFields)
        key += keyText(row[at]) + u'\x02';
    std::vector<size_t>& candidates = table.byKey[key];
    for (const size_t candidate : candidates) {
        Cells& existing = table.rows[candidate];
        if (!canMerge(existing, row))
            continue;
        for (size_t at = 0; at < row.size(); ++at) {
            if (present[at] && existing[at].isNull())
                existing[at] = row[at];
        }
        return;
    }
    candidates.push_back(table.rows.size());
    table.rows.push_back(std::move(row));
}

} // namespace

Result<Frames> merge(Frames frames, const Json&, const TransformContext&)
{
    Frames filled = frames;
    std::erase_if(filled, [](const Frame& frame) { return frame.fields.empty(); });
    if (filled.empty())
        return frames.empty() ? frames : Frames {frames.front()};
    MergeTable table;
    QHash<QString, size_t> places;
    QHash<QString, size_t> seenIn;
    for (const Frame& frame : filled) {
        QSet<QString> own;
        for (const Field& field : frame.fields) {
            if (!places.contains(field.name)) {
                places.insert(field.name, table.fields.size());
                Field copy = makeField(field.name, field.type, {});
                copy.config = field.config;
                copy.config.displayNameFromDS.reset();
                table.fields.push_back(std::move(copy));
            }
            if (!own.contains(field.name))
                ++seenIn[field.name];
            own.insert(field.name);
        }
    }
    for (size_t at = 0; at < table.fields.size(); ++at) {
        if (seenIn.value(table.fields[at].name) == filled.size())
            table.keyFields.push_back(at);
    }
    for (const Frame& frame : filled) {
        std::vector<bool> present(table.fields.size(), false);
        for (const Field& field : frame.fields)
            present[places.value(field.name)] = true;
        for (qsizetype row = 0; row < frame.length(); ++row) {
            Cells values(table.fields.size());
            for (const Field& field : frame.fields)
                values[places.value(field.name)] = cell(field, row);
            addRow(table, std::move(values), present);
        }
    }
    Frame out;
    out.refId = joinedRefId(u"merge"_s, filled);
    out.meta = filled.front().meta;
    for (size_t at = 0; at < table.fields.size(); ++at) {
        Cells column;
        column.reserve(table.rows.size());
        for (const Cells& row : table.rows)
            column.push_back(row[at]);
        table.fields[at].values = makeColumn(table.fields[at].type, std::move(column));
        out.fields.push_back(std::move(table.fields[at]));
    }
    return Frames {std::move(out)};
}

// ---- joinByField ------------------------------------------------------------------------------------

namespace {

using KeyOf = std::function<const Field*(const Frame&)>;

/// The field as it appears in a joined frame: a series brings its frame's name along.
Field joinedField(const Frame& frame, const Field& field)
{
    Field joined = field;
    joined.joined = true;
    joined.state = {};
    if (!frame.name.isEmpty()) {
        if (field.name == "Value"_L1)
            joined.name = frame.name;
        else if (!field.labels.isEmpty())
            joined.labels.insert(u"name"_s, frame.name);
    }
    return joined;
}

std::vector<std::pair<const Frame*, const Field*>> keyed(const Frames& frames, const KeyOf& keyOf)
{
    std::vector<std::pair<const Frame*, const Field*>> found;
    for (const Frame& frame : frames) {
        if (const Field* key = frame.fields.empty() ? nullptr : keyOf(frame))
            found.emplace_back(&frame, key);
    }
    return found;
}

Field keyColumn(const Field& key, Cells values)
{
    Field column = key;
    column.labels = {};
    column.state = {};
    column.values = makeColumn(key.type, std::move(values));
    return column;
}

/// Every combination of rows with the same key, as SQL joins do.
Frame tabularJoin(const Frames& frames, const KeyOf& keyOf, bool outer)
{
    const auto parts = keyed(frames, keyOf);
    Cells keys = cells(*parts.front().second);
    std::vector<std::vector<qsizetype>> rows; // per output row: the row of every part, -1 = none
    for (qsizetype row = 0; row < qsizetype(keys.size()); ++row)
        rows.push_back({row});
    for (size_t part = 1; part < parts.size(); ++part) {
        const Field& key = *parts[part].second;
        QHash<QString, std::vector<qsizetype>> byKey;
        for (qsizetype row = 0; row < key.values.size(); ++row)
            byKey[keyText(cell(key, row))].push_back(row);
        Cells nextKeys;
        std::vector<std::vector<qsizetype>> next;
        QSet<QString> used;
        for (size_t at = 0; at < rows.size(); ++at) {
            const QString text = keyText(keys[at]);
            std::vector<qsizetype> matching = byKey.value(text);
            used.insert(text);
            if (matching.empty() && outer)
                matching = {-1};
            for (const qsizetype match : matching) {
                next.push_back(rows[at]);
                next.back().push_back(match);
                nextKeys.push_back(keys[at]);
            }
        }
        for (qsizetype row = 0; outer && row < key.values.size(); ++row) {
            if (used.contains(keyText(cell(key, row))))
                continue;
            next.emplace_back(part, -1);
            next.back().push_back(row);
            nextKeys.push_back(cell(key, row));
        }
        rows = std::move(next);
        keys = std::move(nextKeys);
    }
    Frame out;
    out.fields.push_back(keyColumn(*parts.front().second, keys));
    for (size_t part = 0; part < parts.size(); ++part) {
        std::vector<qsizetype> picked;
        for (const auto& row : rows)
            picked.push_back(row[part]);
        for (const Field& field : parts[part].first->fields) {
            if (&field == parts[part].second)
                continue;
            Field joined = joinedField(*parts[part].first, field);
            joined.values = pickRows(field, picked);
            out.fields.push_back(std::move(joined));
        }
    }
    return out;
}

/// Ascending, numbers before texts.
bool keyLess(const Json& a, const Json& b)
{
    if (a.isNumber() && b.isNumber())
        return a.toDouble() < b.toDouble();
    if (a.isNumber() != b.isNumber())
        return a.isNumber();
    return jsText(a) < jsText(b);
}

} // namespace

Frame outerJoin(const Frames& frames, const KeyOf& keyOf)
{
    const auto parts = keyed(frames, keyOf);
    Frame out;
    if (parts.empty())
        return out;
    const bool shared = std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
        return part.second->values.sharesWith(parts.front().second->values);
    });
    Cells keys;
    std::vector<std::vector<qsizetype>> rowsOf(parts.size());
    if (!shared) {
        QHash<QString, size_t> places;
        std::vector<std::vector<size_t>> targets(parts.size());
        for (size_t part = 0; part < parts.size(); ++part) {
            for (const Json& key : cells(*parts[part].second)) {
                const QString text = keyText(key);
                auto it = places.find(text);
                if (it == places.end()) {
                    it = places.insert(text, keys.size());
                    keys.push_back(key);
                }
                targets[part].push_back(*it);
            }
        }
        std::vector<size_t> order(keys.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return keyLess(keys[a], keys[b]); });
        std::vector<size_t> rank(keys.size());
        Cells sorted;
        for (size_t at = 0; at < order.size(); ++at) {
            rank[order[at]] = at;
            sorted.push_back(keys[order[at]]);
        }
        keys = std::move(sorted);
        for (size_t part = 0; part < parts.size(); ++part) {
            rowsOf[part].assign(keys.size(), -1);
            for (size_t row = 0; row < targets[part].size(); ++row)
                rowsOf[part][rank[targets[part][row]]] = qsizetype(row);
        }
    }
    Field key = *parts.front().second;
    if (!shared)
        key = keyColumn(key, keys);
    key.labels = {};
    out.fields.push_back(std::move(key));
    for (size_t part = 0; part < parts.size(); ++part) {
        for (const Field& field : parts[part].first->fields) {
            if (&field == parts[part].second)
                continue;
            Field joined = joinedField(*parts[part].first, field);
            if (!shared)
                joined.values = pickRows(field, rowsOf[part]);
            out.fields.push_back(std::move(joined));
        }
    }
    return out;
}

Result<Frames> joinByField(Frames frames, const Json& options, const TransformContext& context)
{
    if (frames.size() < 2)
        return frames;
    const QString name = expand(options[u"byField"].toString(), context);
    const KeyOf keyOf = [&name](const Frame& frame) -> const Field* {
        return name.isEmpty() ? frame.firstOf(FieldType::Time) : findField(frame, name);
    };
    if (keyed(frames, keyOf).empty())
        return frames;
    const QString mode = options[u"mode"].toString();
    Frame out;
    if (mode == "inner"_L1)
        out = tabularJoin(frames, keyOf, false);
    else if (mode == "outerTabular"_L1)
        out = tabularJoin(frames, keyOf, true);
    else
        out = outerJoin(frames, keyOf);
    out.refId = joinedRefId(u"joinByField"_s, frames);
    return Frames {std::move(out)};
}

/// Several time series become columns of one table; anything else stays.
Result<Frames> ensureColumns(Frames frames, const Json&, const TransformContext& context)
{
    if (frames.size() < 2 || !std::all_of(frames.begin(), frames.end(), isTimeSeries))
        return frames;
    return joinByField(std::move(frames), {}, context);
}

Result<Frames> joinByLabels(Frames frames, const Json& options, const TransformContext&)
{
    const QString valueLabel = options[u"value"].toString();
    if (frames.empty() || valueLabel.isEmpty())
        return frames;
    QStringList join;
    for (const Json& name : options[u"join"].items())
        join += name.toString();
    if (join.isEmpty()) {
        for (const Frame& frame : frames) {
            for (const Field& field : frame.fields) {
                for (const auto& [name, value] : field.labels) {
                    if (name != valueLabel && !join.contains(name))
                        join += name;
                }
            }
        }
    }
    QStringList valueNames;
    std::vector<QStringList> keys;
    std::vector<QHash<QString, Cells>> rows;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            const QString column = field.labels.value(valueLabel);
            if (field.type == FieldType::Time || column.isEmpty())
                continue;
            QStringList key;
            for (const QString& name : join)
                key += field.labels.value(name);
            size_t at = size_t(std::find(keys.begin(), keys.end(), key) - keys.begin());
            if (at == keys.size()) {
                keys.push_back(key);
                rows.emplace_back();
            }
            if (!valueNames.contains(column))
                valueNames += column;
            Cells& into = rows[at][column];
            for (Json& value : cells(field))
                into.push_back(std::move(value));
        }
    }
    if (keys.empty())
        return makeError(ErrorCode::InvalidArgument, u"No series has the label to join by"_s, valueLabel);
    std::vector<Cells> labels(size_t(join.size()));
    std::vector<Cells> values(size_t(valueNames.size()));
    for (size_t row = 0; row < rows.size(); ++row) {
        size_t height = 0;
        for (const Cells& column : std::as_const(rows[row]))
            height = std::max(height, column.size());
        for (size_t line = 0; line < height; ++line) {
            for (size_t at = 0; at < labels.size(); ++at)
                labels[at].push_back(keys[row][qsizetype(at)]);
            for (size_t at = 0; at < values.size(); ++at) {
                const Cells column = rows[row].value(valueNames[qsizetype(at)]);
                values[at].push_back(line < column.size() ? column[line] : Json());
            }
        }
    }
    Frame out;
    out.refId = joinedRefId(u"joinByLabels"_s, frames);
    for (size_t at = 0; at < labels.size(); ++at)
        out.fields.push_back(makeField(join[qsizetype(at)], FieldType::String, labels[at]));
    for (size_t at = 0; at < values.size(); ++at)
        out.fields.push_back(makeField(valueNames[qsizetype(at)], guessType(values[at]), values[at]));
    return Frames {std::move(out)};
}

Result<Frames> seriesToRows(Frames frames, const Json&, const TransformContext&)
{
    if (frames.empty() || !std::all_of(frames.begin(), frames.end(), isTimeSeries))
        return frames;
    struct Row
    {
        Json time;
        Json metric;
        Json value;
    };
    std::vector<Row> rows;
    const Frame& first = frames.front();
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        const QString metric = frameDisplayName(frame, frames, -1);
        for (const Field& field : frame.fields) {
            if (&field == time || field.type == FieldType::Time)
                continue;
            for (qsizetype row = 0; row < frame.length(); ++row)
                rows.push_back({cell(*time, row), metric, cell(field, row)});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.time.toDouble() > b.time.toDouble(); });
    Cells times;
    Cells metrics;
    Cells values;
    for (Row& row : rows) {
        times.push_back(std::move(row.time));
        metrics.push_back(std::move(row.metric));
        values.push_back(std::move(row.value));
    }
    Frame out;
    out.refId = joinedRefId(u"seriesToRows"_s, frames);
    out.fields = {makeField(first.firstOf(FieldType::Time)->name, FieldType::Time, times),
                  makeField(u"Metric"_s, FieldType::String, metrics),
                  makeField(u"Value"_s, FieldType::Number, values)};
    return Frames {std::move(out)};
}

namespace {

/// One frame per number field, each with its own times.
Frames toMulti(const Frames& frames)
{
    Frames out;
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        if (!time)
            continue;
        for (const Field& field : frame.fields) {
            if (field.type != FieldType::Number && field.type != FieldType::Boolean)
                continue;
            Frame series = frame;
            series.meta.type = u"timeseries-multi"_s;
            series.fields = {*time, field};
            out.push_back(std::move(series));
        }
    }
    return out;
}

/// One row per time and series: times, values, then one column per label.
Frame toLong(const Frames& frames)
{
    QStringList labelNames;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            for (const auto& [name, value] : field.labels) {
                if (!labelNames.contains(name))
                    labelNames += name;
            }
        }
    }
    struct Row
    {
        Json time;
        Json value;
        Labels labels;
    };
    std::vector<Row> rows;
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        for (const Field& field : frame.fields) {
            if (!time || field.type != FieldType::Number)
                continue;
            for (qsizetype row = 0; row < frame.length(); ++row)
                rows.push_back({cell(*time, row), cell(field, row), field.labels});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.time.toDouble() < b.time.toDouble(); });
    Cells times;
    Cells values;
    std::vector<Cells> labels(size_t(labelNames.size()));
    for (const Row& row : rows) {
        times.push_back(row.time);
        values.push_back(row.value);
        for (size_t at = 0; at < labels.size(); ++at) {
            const QString* value = row.labels.find(labelNames[qsizetype(at)]);
            labels[at].push_back(value ? Json(*value) : Json());
        }
    }
    Frame out;
    out.meta.type = u"timeseries-long"_s;
    out.fields = {makeField(u"Time"_s, FieldType::Time, times), makeField(u"Value"_s, FieldType::Number, values)};
    for (size_t at = 0; at < labels.size(); ++at)
        out.fields.push_back(makeField(labelNames[qsizetype(at)], FieldType::String, labels[at]));
    return out;
}

} // namespace

Result<Frames> prepareTimeSeries(Frames frames, const Json& options, const TransformContext&)
{
    const QString format = options[u"format"].isString() ? options[u"format"].toString() : u"wide"_s;
    if (format == "multi"_L1 || format == "many"_L1)
        return toMulti(frames);
    if (format == "long"_L1)
        return Frames {toLong(frames)};
    Frame wide = outerJoin(frames, [](const Frame& frame) { return frame.firstOf(FieldType::Time); });
    if (wide.fields.empty())
        return frames;
    wide.meta.type = u"timeseries-wide"_s;
    if (frames.size() == 1)
        wide.refId = frames.front().refId;
    return Frames {std::move(wide)};
}

namespace {

Json sparkline(const Field& time, const Field& value, const QString& stat)
{
    const auto column = [](const Field& field, const char16_t* type) {
        return Json::object({{u"name"_s, field.name}, {u"type"_s, QString::fromUtf16(type)},
                             {u"values"_s, Json::array(cells(field))}});
    };
    return Json::object({{u"fields"_s, Json::array({column(time, u"time"), column(value, u"number")})},
                         {u"value"_s, reduceColumn(value.values, stat)}});
}

} // namespace

Result<Frames> timeSeriesTable(Frames frames, const Json& options, const TransformContext&)
{
    QStringList refIds;
    for (const Frame& frame : frames) {
        if (!refIds.contains(frame.refId))
            refIds += frame.refId;
    }
    Frames out;
    for (const QString& refId : refIds) {
        const Json& own = options[refId];
        const QString stat = own[u"stat"].isString() ? own[u"stat"].toString() : u"lastNotNull"_s;
        QStringList labelNames;
        std::vector<std::pair<const Frame*, const Field*>> series;
        Frames passed;
        for (const Frame& frame : frames) {
            if (frame.refId != refId)
                continue;
            if (!isTimeSeries(frame)) {
                passed.push_back(frame);
                continue;
            }
            for (const Field& field : frame.fields) {
                if (field.type != FieldType::Number)
                    continue;
                series.emplace_back(&frame, &field);
                for (const auto& [name, value] : field.labels) {
                    if (!labelNames.contains(name))
                        labelNames += name;
                }
            }
        }
        if (!series.empty()) {
            Frame table;
            table.refId = refId;
            for (const QString& name : std::as_const(labelNames)) {
                Cells column;
                for (const auto& [frame, field] : series) {
                    const QString* value = field->labels.find(name);
                    column.push_back(value ? Json(*value) : Json());
                }
                table.fields.push_back(makeField(name, FieldType::String, column));
            }
            Cells trends;
            for (const auto& [frame, field] : series)
                trends.push_back(sparkline(*frame->firstOf(FieldType::Time), *field, stat));
            Field trend = makeField(refId.isEmpty() ? u"Trend"_s : u"Trend #"_s + refId, FieldType::Frame, trends);
            trend.config = series.front().second->config;
            trend.config.displayNameFromDS.reset();
            table.fields.push_back(std::move(trend));
            out.push_back(std::move(table));
        }
        for (Frame& frame : passed)
            out.push_back(std::move(frame));
    }
    return out;
}

} // namespace Promdeck::Transforms
