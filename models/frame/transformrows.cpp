#include "models/frame/transformutil.h"

#include "models/frame/jsnumber.h"
#include "models/frame/jsregex.h"
#include "models/frame/reducers.h"

#include <QCollator>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

// Transformations that choose, order and group rows.
namespace Promdeck::Transforms {

namespace {

std::vector<qsizetype> allRows(const Frame& frame)
{
    std::vector<qsizetype> rows(static_cast<size_t>(frame.length()));
    std::iota(rows.begin(), rows.end(), qsizetype(0));
    return rows;
}

/// Orders like a table: numbers by value, texts with their numbers by value, nulls first.
void sortRows(std::vector<qsizetype>& rows, const Field& field, bool descending)
{
    const Cells values = cells(field);
    if (field.type == FieldType::String) {
        QCollator collator {QLocale(QLocale::English)};
        collator.setNumericMode(true);
        collator.setCaseSensitivity(Qt::CaseInsensitive);
        std::vector<QCollatorSortKey> keys;
        keys.reserve(values.size());
        for (const Json& value : values)
            keys.push_back(collator.sortKey(value.isNull() ? QString() : jsText(value)));
        std::stable_sort(rows.begin(), rows.end(), [&](qsizetype a, qsizetype b) {
            const int order = keys[size_t(a)].compare(keys[size_t(b)]);
            return descending ? order > 0 : order < 0;
        });
        return;
    }
    std::vector<double> numbers;
    numbers.reserve(values.size());
    for (const Json& value : values) {
        const double number = value.isNull() ? std::nan("") : jsNumber(value);
        numbers.push_back(std::isnan(number) ? -std::numeric_limits<double>::infinity() : number);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](qsizetype a, qsizetype b) {
        return descending ? numbers[size_t(a)] > numbers[size_t(b)] : numbers[size_t(a)] < numbers[size_t(b)];
    });
}

} // namespace

Result<Frames> sortBy(Frames frames, const Json& options, const TransformContext& context)
{
    const Json& rule = options[u"sort"].at(0);
    const QString name = expand(rule[u"field"].toString(), context);
    if (name.isEmpty())
        return frames;
    for (Frame& frame : frames) {
        if (const Field* field = findField(frame, name)) {
            std::vector<qsizetype> rows = allRows(frame);
            sortRows(rows, *field, rule[u"desc"].toBool());
            frame = pickRows(frame, rows);
        }
    }
    return frames;
}

Result<Frames> limit(Frames frames, const Json& options, const TransformContext& context)
{
    const Json& asked = options[u"limitField"];
    double count = 10;
    if (asked.isNumber())
        count = asked.toDouble();
    else if (asked.isString())
        count = Js::toNumber(expand(asked.toString(), context));
    if (std::isnan(count))
        return frames;
    const bool tail = options[u"limitPosition"].toString() == "tail"_L1;
    for (Frame& frame : frames) {
        const qsizetype length = frame.length();
        const qsizetype keep = qsizetype(std::clamp(count, 0.0, double(length)));
        if (keep == length)
            continue;
        std::vector<qsizetype> rows(static_cast<size_t>(keep));
        std::iota(rows.begin(), rows.end(), tail ? length - keep : 0);
        frame = pickRows(frame, rows);
    }
    return frames;
}

// ---- filterByValue ----------------------------------------------------------------------------------

namespace {

using ValueMatcher = std::function<bool(const Json& value)>;

Json expanded(const Json& value, const TransformContext& context)
{
    return value.isString() ? Json(expand(value.toString(), context)) : value;
}

/// JavaScript's ==: a number and a text compare as numbers.
bool looselyEqual(const Json& a, const Json& b)
{
    if (a.isNull() || b.isNull())
        return a.isNull() && b.isNull();
    if (a.isString() && b.isString())
        return a.toString() == b.toString();
    return jsNumber(a) == jsNumber(b);
}

ValueMatcher valueMatcher(const Json& config, const TransformContext& context)
{
    const QString id = config[u"id"].toString();
    const Json& options = config[u"options"];
    const Json value = expanded(options[u"value"], context);
    const double number = jsNumber(value);
    if (id == "greater"_L1)
        return [number](const Json& v) { return !v.isNull() && jsNumber(v) > number; };
    if (id == "greaterOrEqual"_L1)
        return [number](const Json& v) { return !v.isNull() && jsNumber(v) >= number; };
    if (id == "lower"_L1)
        return [number](const Json& v) { return !v.isNull() && jsNumber(v) < number; };
    if (id == "lowerOrEqual"_L1)
        return [number](const Json& v) { return !v.isNull() && jsNumber(v) <= number; };
    if (id == "equal"_L1)
        return [value](const Json& v) { return looselyEqual(v, value); };
    if (id == "notEqual"_L1)
        return [value](const Json& v) { return !looselyEqual(v, value); };
    if (id == "isNull"_L1 || id == "isUndefined"_L1)
        return [](const Json& v) { return v.isNull(); };
    if (id == "isNotNull"_L1 || id == "isNotUndefined"_L1)
        return [](const Json& v) { return !v.isNull(); };
    if (id == "regex"_L1) {
        const QString pattern = value.scalarText();
        const auto regex = JsRegex::parse(pattern.startsWith(u'/') ? pattern : u'/' + pattern + u'/');
        return [regex](const Json& v) { return regex && regex->test(jsText(v)); };
    }
    if (id == "between"_L1) {
        const double from = jsNumber(expanded(options[u"from"], context));
        const double to = jsNumber(expanded(options[u"to"], context));
        return [from, to](const Json& v) { return !v.isNull() && jsNumber(v) > from && jsNumber(v) < to; };
    }
    if (id == "substring"_L1 || id == "notSubstring"_L1) {
        const bool wanted = id == "substring"_L1;
        const QString part = value.scalarText();
        return [wanted, part](const Json& v) {
            if (part.isEmpty() || v.isNull())
                return wanted == part.isEmpty();
            return jsText(v).contains(part, Qt::CaseInsensitive) == wanted;
        };
    }
    return {};
}

} // namespace

Result<Frames> filterByValue(Frames frames, const Json& options, const TransformContext& context)
{
    const bool include = options[u"type"].toString() != "exclude"_L1;
    const bool all = options[u"match"].toString() == "all"_L1;
    for (Frame& frame : frames) {
        std::vector<std::pair<Cells, ValueMatcher>> filters;
        for (const Json& filter : options[u"filters"].items()) {
            const Field* field = findField(frame, expand(filter[u"fieldName"].toString(), context));
            if (!field)
                continue;
            ValueMatcher matcher = valueMatcher(filter[u"config"], context);
            if (!matcher)
                return makeError(ErrorCode::Unsupported, u"Unknown condition in filterByValue"_s, filter[u"config"][u"id"].toString());
            filters.emplace_back(cells(*field), std::move(matcher));
        }
        if (filters.empty())
            continue;
        std::vector<qsizetype> rows;
        for (qsizetype row = 0; row < frame.length(); ++row) {
            const auto holds = [&](const auto& filter) { return filter.second(filter.first[size_t(row)]); };
            const bool matched = all ? std::all_of(filters.begin(), filters.end(), holds)
                                     : std::any_of(filters.begin(), filters.end(), holds);
            if (matched == include)
                rows.push_back(row);
        }
        frame = pickRows(frame, rows);
    }
    return frames;
}

// ---- grouping ---------------------------------------------------------------------------------------

namespace {

/// Row numbers by equal values of some fields, in order of first appearance.
std::vector<std::vector<qsizetype>> groupRows(const Frame& frame, const std::vector<const Field*>& by)
{
    std::vector<Cells> columns;
    for (const Field* field : by)
        columns.push_back(cells(*field));
    QHash<QString, size_t> places;
    std::vector<std::vector<qsizetype>> groups;
    for (qsizetype row = 0; row < frame.length(); ++row) {
        QString key;
        for (const Cells& column : columns)
            key += jsText(column[size_t(row)]) + u'\x02';
        auto it = places.find(key);
        if (it == places.end()) {
            it = places.insert(key, groups.size());
            groups.emplace_back();
        }
        groups[*it].push_back(row);
    }
    return groups;
}

std::vector<qsizetype> firsts(const std::vector<std::vector<qsizetype>>& groups)
{
    std::vector<qsizetype> rows;
    for (const auto& group : groups)
        rows.push_back(group.front());
    return rows;
}

std::vector<const Field*> groupFields(const Frame& frame, const Json& fields)
{
    std::vector<const Field*> by;
    for (const Field& field : frame.fields) {
        if (fields[field.state.displayName][u"operation"].toString() == "groupby"_L1)
            by.push_back(&field);
    }
    return by;
}

/// The grouping fields, then every aggregation of every aggregated field.
std::vector<Field> aggregate(const Frame& frame, const Json& fields, const std::vector<const Field*>& by,
                             const std::vector<std::vector<qsizetype>>& groups)
{
    std::vector<Field> out;
    const std::vector<qsizetype> heads = firsts(groups);
    for (const Field* field : by) {
        Field column = *field;
        column.state = {};
        column.values = pickRows(*field, heads);
        out.push_back(std::move(column));
    }
    for (const Field& field : frame.fields) {
        const Json& rule = fields[field.state.displayName];
        if (rule[u"operation"].toString() != "aggregate"_L1)
            continue;
        std::vector<Column> parts;
        for (const auto& group : groups)
            parts.push_back(pickRows(field, group));
        for (const Json& aggregation : rule[u"aggregations"].items()) {
            const QString reducer = aggregation.toString();
            Cells values;
            for (const Column& part : parts)
                values.push_back(reduceColumn(part, reducer));
            const bool keepsType = reducer.startsWith("first"_L1) || reducer.startsWith("last"_L1)
                || reducer == "min"_L1 || reducer == "max"_L1;
            FieldType type = keepsType ? field.type : guessType(values);
            if (type == FieldType::Other)
                type = FieldType::Number;
            Field column = makeField(field.state.displayName + u" ("_s + reducer + u')', type, values);
            if (keepsType || reducer == "mean"_L1 || reducer == "sum"_L1)
                column.config.unit = field.config.unit;
            out.push_back(std::move(column));
        }
    }
    return out;
}

} // namespace

Result<Frames> groupBy(Frames frames, const Json& options, const TransformContext&)
{
    const Json& fields = options[u"fields"];
    const bool any = std::any_of(fields.members().begin(), fields.members().end(),
                                 [](const auto& m) { return !m.second[u"operation"].isNull(); });
    if (!any)
        return frames;
    Frames out;
    for (const Frame& frame : frames) {
        const std::vector<const Field*> by = groupFields(frame, fields);
        if (by.empty())
            continue;
        Frame grouped = frame;
        grouped.fields = aggregate(frame, fields, by, groupRows(frame, by));
        out.push_back(std::move(grouped));
    }
    return out;
}

namespace {

Json frameJson(const Frame& frame)
{
    Json fields = Json::array();
    for (const Field& field : frame.fields)
        fields.append(Json::object({{u"name"_s, field.state.displayName},
                                    {u"type"_s, field.type == FieldType::Number ? u"number"_s
                                         : field.type == FieldType::Time        ? u"time"_s
                                                                                : u"string"_s},
                                    {u"values"_s, Json::array(cells(field))}}));
    return Json::object({{u"fields"_s, fields}});
}

} // namespace

Result<Frames> groupToNestedTable(Frames frames, const Json& options, const TransformContext&)
{
    const Json& fields = options[u"fields"];
    Frames out;
    for (const Frame& frame : frames) {
        const std::vector<const Field*> by = groupFields(frame, fields);
        if (by.empty())
            continue;
        const auto groups = groupRows(frame, by);
        Frame grouped = frame;
        grouped.fields = aggregate(frame, fields, by, groups);
        Cells nested;
        for (const auto& group : groups) {
            Frame rest = frame;
            std::erase_if(rest.fields, [&](const Field& field) {
                return std::any_of(by.begin(), by.end(), [&](const Field* own) { return own->name == field.name; });
            });
            nested.push_back(frameJson(pickRows(rest, group)));
        }
        grouped.fields.push_back(makeField(u"__nestedFrames"_s, FieldType::Frame, nested));
        out.push_back(std::move(grouped));
    }
    return out.empty() ? frames : out;
}

Result<Frames> partitionByValues(Frames frames, const Json& options, const TransformContext&)
{
    if (options[u"fields"].size() == 0)
        return frames;
    const Json& naming = options[u"naming"];
    const bool asLabels = naming[u"asLabels"].toBool();
    const QString between = naming[u"separator1"].isString() ? naming[u"separator1"].toString() : u" "_s;
    const QString join = naming[u"separator2"].isString() ? naming[u"separator2"].toString() : u"="_s;
    Frames out;
    for (const Frame& frame : frames) {
        std::vector<const Field*> by;
        for (const Json& name : options[u"fields"].items()) {
            if (const Field* field = findField(frame, name.toString()))
                by.push_back(field);
        }
        if (by.empty()) {
            out.push_back(frame);
            continue;
        }
        for (const auto& group : groupRows(frame, by)) {
            Frame part = pickRows(frame, group);
            Labels labels;
            QStringList words;
            for (const Field* field : by) {
                const QString text = jsText(cell(*field, group.front()));
                labels.insert(field->state.displayName, text);
                words += naming[u"withNames"].toBool() ? field->state.displayName + join + text : text;
            }
            if (!options[u"keepFields"].toBool()) {
                std::erase_if(part.fields, [&](const Field& field) {
                    return std::any_of(by.begin(), by.end(), [&](const Field* own) { return own->name == field.name; });
                });
            }
            if (asLabels) {
                for (Field& field : part.fields) {
                    if (field.type == FieldType::Time)
                        continue;
                    for (const auto& [name, value] : labels)
                        field.labels.insert(name, value);
                }
            } else {
                const QString text = words.join(between);
                part.name = naming[u"append"].toBool() && !frame.name.isEmpty() ? frame.name + between + text : text;
            }
            out.push_back(std::move(part));
        }
    }
    return out;
}

Result<Frames> transpose(Frames frames, const Json& options, const TransformContext&)
{
    Frames out;
    for (const Frame& frame : frames) {
        if (frame.fields.empty())
            continue;
        const Field& head = frame.fields.front();
        const QString first = options[u"firstFieldName"].toString();
        const QString rest = options[u"restFieldsName"].toString();
        Frame turned = frame;
        turned.fields.clear();
        Cells names;
        FieldType type = FieldType::Other;
        bool sameType = true;
        for (size_t at = 1; at < frame.fields.size(); ++at) {
            names.push_back(frame.fields[at].state.displayName);
            sameType = sameType && (at == 1 || frame.fields[at].type == type);
            type = frame.fields[at].type;
        }
        turned.fields.push_back(makeField(first.isEmpty() ? head.state.displayName : first, FieldType::String, names));
        for (qsizetype row = 0; row < frame.length(); ++row) {
            Cells values;
            for (size_t at = 1; at < frame.fields.size(); ++at) {
                Json value = cell(frame.fields[at], row);
                values.push_back(sameType || value.isNull() ? value : Json(jsText(value)));
            }
            const QString name = rest.isEmpty() ? jsText(cell(head, row)) : rest;
            Field column = makeField(name, sameType ? type : FieldType::String, values);
            if (!rest.isEmpty())
                column.labels.insert(head.state.displayName, jsText(cell(head, row)));
            turned.fields.push_back(std::move(column));
        }
        out.push_back(std::move(turned));
    }
    return out;
}

namespace {

Json emptyCell(const QString& kind)
{
    if (kind == "null"_L1)
        return {};
    if (kind == "true"_L1 || kind == "false"_L1)
        return kind == "true"_L1;
    return kind == "zero"_L1 ? Json(0) : Json(u""_s);
}

} // namespace

Result<Frames> groupingToMatrix(Frames frames, const Json& options, const TransformContext&)
{
    if (frames.size() != 1)
        return frames;
    const auto nameOf = [&](const char16_t* option, const char16_t* fallback) {
        return options[option].isString() ? options[option].toString() : QString::fromUtf16(fallback);
    };
    const QString columnName = nameOf(u"columnField", u"Time");
    const QString rowName = nameOf(u"rowField", u"Time");
    const Frame& frame = frames.front();
    const Field* columnField = findField(frame, columnName);
    const Field* rowField = findField(frame, rowName);
    const Field* valueField = findField(frame, nameOf(u"valueField", u"Value"));
    if (!columnField || !rowField || !valueField)
        return frames;
    const Cells columnCells = cells(*columnField);
    const Cells rowCells = cells(*rowField);
    const Cells valueCells = cells(*valueField);
    QHash<QString, size_t> columnPlaces;
    QHash<QString, size_t> rowPlaces;
    QStringList columnNames;
    Cells rows;
    for (size_t at = 0; at < columnCells.size(); ++at) {
        const QString column = jsText(columnCells[at]);
        if (!columnPlaces.contains(column)) {
            columnPlaces.insert(column, size_t(columnNames.size()));
            columnNames += column;
        }
        const QString row = jsText(rowCells[at]);
        if (!rowPlaces.contains(row)) {
            rowPlaces.insert(row, rows.size());
            rows.push_back(rowCells[at]);
        }
    }
    const Json empty = emptyCell(options[u"emptyValue"].toString());
    std::vector<Cells> matrix(size_t(columnNames.size()), Cells(rows.size(), empty));
    for (size_t at = 0; at < valueCells.size(); ++at)
        matrix[columnPlaces.value(jsText(columnCells[at]))][rowPlaces.value(jsText(rowCells[at]))] = valueCells[at];
    Frame out;
    out.meta = frame.meta;
    out.fields.push_back(makeField(rowName + u'\\' + columnName, rowField->type, rows));
    for (size_t at = 0; at < matrix.size(); ++at) {
        Field field = makeField(columnNames[qsizetype(at)], valueField->type, matrix[at]);
        field.config = valueField->config;
        field.config.displayName.reset();
        field.config.displayNameFromDS.reset();
        out.fields.push_back(std::move(field));
    }
    return Frames {std::move(out)};
}

} // namespace Promdeck::Transforms
