#include "models/core/duration.h"
#include "models/frame/transformutil.h"

#include "models/frame/jsnumber.h"
#include "models/frame/matchers.h"
#include "models/frame/reducers.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

// Transformations that compute new numbers.
namespace Promdeck::Transforms {

namespace {

Column::Numbers numbersOf(const Field& field)
{
    if (field.values.isNumbers())
        return field.values.numbers();
    Column::Numbers numbers;
    for (const Json& value : cells(field))
        numbers.push_back(value.isNull() ? kNull : jsNumber(value));
    return numbers;
}

Field numberField(const QString& name, Column::Numbers numbers)
{
    Field field;
    field.name = name;
    field.type = FieldType::Number;
    field.values = Column(std::move(numbers));
    return field;
}

double zeroIfNull(double value)
{
    return isNull(value) ? 0 : value;
}

std::optional<double> applyOperator(const QString& op, double a, double b)
{
    if (op == "+"_L1) return a + b;
    if (op == "-"_L1) return a - b;
    if (op == "*"_L1) return a * b;
    if (op == "/"_L1) return a / b;
    if (op == "**"_L1) return std::pow(a, b);
    if (op == "%"_L1) return std::fmod(a, b);
    return std::nullopt;
}

/// An operand: a field by name or matcher, or a constant. Old dashboards write plain text for both.
struct Operand
{
    std::vector<const Field*> fields;
    std::optional<double> constant;
    bool byMatcher = false;
};

Operand readOperand(const Json& json, const Frame& frame, const Frames& frames, const TransformContext& context)
{
    Operand operand;
    QString text = json.isObject() ? json[u"fixed"].scalarText() : json.scalarText();
    const Json& matcher = json[u"matcher"];
    if (matcher.isObject() && text.isEmpty()) {
        if (matcher[u"id"].toString() == "byName"_L1) {
            text = matcher[u"options"].toString();
        } else {
            operand.byMatcher = true;
            const FieldMatcher matches = fieldMatcher(matcher);
            for (const Field& field : frame.fields) {
                if (field.type == FieldType::Number && matches(field, frame, frames))
                    operand.fields.push_back(&field);
            }
            return operand;
        }
    }
    text = expand(text, context);
    if (text.isEmpty())
        return operand;
    if (const Field* field = findField(frame, text)) {
        operand.fields.push_back(field);
        return operand;
    }
    const double number = Js::parseFloat(text);
    if (!std::isnan(number))
        operand.constant = number;
    return operand;
}

QString operandName(const Json& json)
{
    if (!json.isObject())
        return json.scalarText();
    if (!json[u"fixed"].isNull())
        return json[u"fixed"].scalarText();
    return json.path(u"matcher.options").scalarText();
}

std::vector<Field> binary(const Frame& frame, const Json& options, const QString& name, const Frames& frames,
                          const TransformContext& context)
{
    const Json& part = options[u"binary"];
    const QString op = part[u"operator"].isString() ? part[u"operator"].toString() : u"+"_s;
    const Operand left = readOperand(part[u"left"], frame, frames, context);
    const Operand right = readOperand(part[u"right"], frame, frames, context);
    if ((left.fields.empty() && !left.constant) || (right.fields.empty() && !right.constant)
        || !applyOperator(op, 1, 1)) {
        return {};
    }
    const auto compute = [&](const Field* a, const QString& fieldName) {
        const Column::Numbers ours = a ? numbersOf(*a) : Column::Numbers(size_t(frame.length()), *left.constant);
        const Column::Numbers theirs = right.fields.empty() ? Column::Numbers(ours.size(), *right.constant)
                                                            : numbersOf(*right.fields.front());
        Column::Numbers out;
        for (size_t row = 0; row < ours.size(); ++row)
            out.push_back(*applyOperator(op, zeroIfNull(ours[row]), zeroIfNull(theirs[row])));
        return numberField(fieldName, std::move(out));
    };
    std::vector<Field> made;
    if (!left.byMatcher) {
        made.push_back(compute(left.fields.empty() ? nullptr : left.fields.front(), name));
        return made;
    }
    // Several fields at once: each gets its own result, named after it.
    const QString alias = options[u"alias"].toString();
    for (const Field* field : left.fields) {
        const QString own = field->state.displayName + u' ' + op + u' ' + operandName(part[u"right"]);
        made.push_back(compute(field, alias.isEmpty() ? own : alias + u' ' + field->state.displayName));
    }
    return made;
}

std::vector<Field> unary(const Frame& frame, const Json& options, const QString& name)
{
    const Json& part = options[u"unary"];
    const QString op = part[u"operator"].isString() ? part[u"operator"].toString() : u"abs"_s;
    const Field* field = findField(frame, part[u"fieldName"].toString());
    if (!field)
        return {};
    Column::Numbers out;
    for (const double raw : numbersOf(*field)) {
        const double value = zeroIfNull(raw);
        out.push_back(op == "exp"_L1       ? std::exp(value)
                          : op == "ln"_L1    ? std::log(value)
                          : op == "floor"_L1 ? std::floor(value)
                          : op == "ceil"_L1  ? std::ceil(value)
                          : op == "round"_L1 ? Js::round(value)
                                             : std::abs(value));
    }
    return {numberField(name, std::move(out))};
}

std::vector<Field> reduceRow(const Frame& frame, const Json& options, const QString& name, const Frames& frames)
{
    const Json& part = options[u"reduce"];
    FieldMatcher matches = fieldMatcher(Json::object({{u"id"_s, u"numeric"_s}}));
    if (part[u"include"].size() > 0)
        matches = fieldMatcher(Json::object({{u"id"_s, u"byNames"_s},
                                             {u"options"_s, Json::object({{u"names"_s, part[u"include"]}})}}));
    std::vector<Column::Numbers> columns;
    for (const Field& field : frame.fields) {
        if (field.type == FieldType::Number && matches(field, frame, frames))
            columns.push_back(numbersOf(field));
    }
    const QString reducer = part[u"reducer"].isString() ? part[u"reducer"].toString() : u"sum"_s;
    Cells out;
    for (qsizetype row = 0; row < frame.length(); ++row) {
        Column::Numbers values;
        for (const Column::Numbers& column : columns)
            values.push_back(column[size_t(row)]);
        out.push_back(reduceColumn(Column(std::move(values)), reducer));
    }
    return {makeField(name, FieldType::Number, std::move(out))};
}

std::vector<Field> cumulative(const Frame& frame, const Json& options, const QString& name)
{
    const Json& part = options[u"cumulative"];
    const Field* field = findField(frame, part[u"field"].toString());
    if (!field)
        return {};
    const bool mean = part[u"reducer"].toString() == "mean"_L1;
    Column::Numbers out;
    double total = 0;
    for (const double value : numbersOf(*field)) {
        total += std::isnan(value) ? 0 : value;
        out.push_back(mean ? total / double(out.size() + 1) : total);
    }
    return {numberField(name, std::move(out))};
}

std::vector<Field> window(const Frame& frame, const Json& options, const QString& name)
{
    const Json& part = options[u"window"];
    const Field* field = findField(frame, part[u"field"].toString());
    if (!field)
        return {};
    const Column::Numbers numbers = numbersOf(*field);
    const double asked = part[u"windowSize"].toDouble(0.1);
    const bool fixed = part[u"windowSizeMode"].toString() == "fixed"_L1;
    const qsizetype size = std::max<qsizetype>(1, qsizetype(std::ceil(fixed ? asked : asked * double(numbers.size()))));
    const bool centered = part[u"windowAlignment"].toString() == "centered"_L1;
    const QString reducer = part[u"reducer"].isString() ? part[u"reducer"].toString() : u"mean"_s;
    Cells out;
    const qsizetype count = qsizetype(numbers.size());
    for (qsizetype row = 0; row < count; ++row) {
        const qsizetype first = std::max<qsizetype>(0, centered ? row - size / 2 : row - size + 1);
        const qsizetype last = std::min<qsizetype>(count - 1, centered ? first + size - 1 + std::min<qsizetype>(0, row - size / 2) : row);
        Column::Numbers values;
        for (qsizetype at = first; at <= std::max(first, last); ++at) {
            if (!std::isnan(numbers[size_t(at)]))
                values.push_back(numbers[size_t(at)]);
        }
        out.push_back(values.empty() ? Json(0.0) : reduceColumn(Column(std::move(values)), reducer));
    }
    return {makeField(name, FieldType::Number, std::move(out))};
}

std::vector<Field> index(const Frame& frame, const Json& options, const QString& name)
{
    const bool percent = options[u"index"][u"asPercentile"].toBool();
    const double count = double(frame.length());
    Column::Numbers out;
    for (qsizetype row = 0; row < frame.length(); ++row)
        out.push_back(percent ? double(row) / count : double(row));
    Field field = numberField(name, std::move(out));
    if (percent)
        field.config.unit = u"percentunit"_s;
    return {field};
}

QString withArgument(const QString& text, const QString& argument)
{
    return argument.isEmpty() ? text : text + u'(' + argument + u')';
}

QString resultName(const Json& options, const QString& mode, const TransformContext& context)
{
    if (const QString alias = options[u"alias"].toString(); !alias.isEmpty())
        return expand(alias, context);
    if (mode == "binary"_L1) {
        const Json& part = options[u"binary"];
        return operandName(part[u"left"]) + u' ' + part[u"operator"].toString() + u' ' + operandName(part[u"right"]);
    }
    if (mode == "unary"_L1)
        return withArgument(options[u"unary"][u"operator"].toString(), options[u"unary"][u"fieldName"].toString());
    if (mode == "cumulativeFunctions"_L1) {
        const Json& part = options[u"cumulative"];
        return withArgument(u"cumulative "_s + part[u"reducer"].toString(), part[u"field"].toString());
    }
    if (mode == "windowFunctions"_L1) {
        const Json& part = options[u"window"];
        return withArgument(part[u"windowAlignment"].toString() + u" moving "_s + part[u"reducer"].toString(),
                            part[u"field"].toString());
    }
    if (mode == "index"_L1)
        return u"Row"_s;
    const Json& reducer = options[u"reduce"][u"reducer"];
    return reducerLabel(reducer.isString() ? reducer.toString() : u"sum"_s);
}

/// Several series become one table by time, so that a row holds all of their values.
Frames joinSeries(Frames frames)
{
    if (frames.size() < 2 || !std::all_of(frames.begin(), frames.end(), isTimeSeries))
        return frames;
    Frame wide = outerJoin(frames, [](const Frame& frame) { return frame.firstOf(FieldType::Time); });
    wide.refId = joinedRefId(u"joinByField"_s, frames);
    Frames joined {std::move(wide)};
    refreshNames(joined);
    return joined;
}

} // namespace

Result<Frames> calculateField(Frames frames, const Json& options, const TransformContext& context)
{
    const QString mode = options[u"mode"].isString() ? options[u"mode"].toString() : u"reduceRow"_s;
    const bool series = options[u"timeSeries"].toBool(true);
    if (mode == "reduceRow"_L1) {
        const Json& reducer = options[u"reduce"][u"reducer"];
        if (reducer.isString() && canonicalReducer(reducer.toString()).isEmpty())
            return makeError(ErrorCode::InvalidArgument, u"Unknown calculation"_s, reducer.toString());
    }
    if (series)
        frames = joinSeries(std::move(frames));
    const QString name = resultName(options, mode, context);
    const bool replace = options[u"replaceFields"].toBool();
    const Frames before = frames;
    for (size_t at = 0; at < frames.size(); ++at) {
        Frame& frame = frames[at];
        const Frame& source = before[at];
        std::vector<Field> made = mode == "binary"_L1 ? binary(source, options, name, before, context)
            : mode == "unary"_L1                      ? unary(source, options, name)
            : mode == "cumulativeFunctions"_L1        ? cumulative(source, options, name)
            : mode == "windowFunctions"_L1            ? window(source, options, name)
            : mode == "index"_L1                      ? index(source, options, name)
                                                      : reduceRow(source, options, name, before);
        if (made.empty())
            continue;
        if (replace) {
            const Field* time = source.firstOf(FieldType::Time);
            frame.fields.clear();
            if (time && series)
                frame.fields.push_back(*time);
        }
        for (Field& field : made)
            frame.fields.push_back(std::move(field));
    }
    return frames;
}

// ---- reduce -----------------------------------------------------------------------------------------

namespace {

QStringList reducersOf(const Json& options)
{
    QStringList reducers;
    for (const Json& reducer : options[u"reducers"].items())
        reducers += reducer.toString();
    if (reducers.isEmpty())
        reducers += u"max"_s;
    return reducers;
}

FieldMatcher reducedFields(const Json& options)
{
    if (options[u"fields"].isObject())
        return fieldMatcher(options[u"fields"]);
    const bool times = options[u"includeTimeField"].toBool();
    return [times](const Field& field, const Frame&, const Frames&) { return times || field.type != FieldType::Time; };
}

Frames reduceFields(Frames frames, const Json& options)
{
    const FieldMatcher matches = reducedFields(options);
    const QStringList reducers = reducersOf(options);
    const Frames before = frames;
    for (size_t at = 0; at < frames.size(); ++at) {
        frames[at].fields.clear();
        for (const Field& field : before[at].fields) {
            if (!matches(field, before[at], before))
                continue;
            for (const QString& reducer : reducers) {
                Field reduced = field;
                reduced.state = {};
                Cells value {reduceColumn(field.values, reducer)};
                if (value.front().isBool())
                    reduced.type = FieldType::Boolean;
                reduced.values = makeColumn(reduced.type, std::move(value));
                if (reducers.size() > 1)
                    reduced.labels.insert(u"reducer"_s, reducerLabel(reducer));
                frames[at].fields.push_back(std::move(reduced));
            }
        }
    }
    return frames;
}

Frame reduceToRows(const Frames& frames, const Json& options)
{
    const FieldMatcher matches = reducedFields(options);
    const QStringList reducers = reducersOf(options);
    const bool withLabels = options[u"labelsToFields"].toBool();
    QStringList labelNames;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            for (const auto& [name, value] : field.labels) {
                if (withLabels && !labelNames.contains(name))
                    labelNames += name;
            }
        }
    }
    Cells names;
    std::vector<Cells> labels(size_t(labelNames.size()));
    std::vector<Cells> values(size_t(reducers.size()));
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            if (!matches(field, frame, frames))
                continue;
            names.push_back(withLabels ? field.name : field.state.displayName);
            for (size_t at = 0; at < labels.size(); ++at) {
                const QString* value = field.labels.find(labelNames[qsizetype(at)]);
                labels[at].push_back(value ? Json(*value) : Json());
            }
            for (size_t at = 0; at < values.size(); ++at)
                values[at].push_back(reduceColumn(field.values, reducers[qsizetype(at)]));
        }
    }
    Frame out;
    out.refId = joinedRefId(u"reduce"_s, frames);
    out.fields.push_back(makeField(u"Field"_s, FieldType::String, std::move(names)));
    for (size_t at = 0; at < labels.size(); ++at)
        out.fields.push_back(makeField(labelNames[qsizetype(at)], FieldType::String, std::move(labels[at])));
    for (size_t at = 0; at < values.size(); ++at) {
        const FieldType type = guessType(values[at]);
        out.fields.push_back(makeField(reducerLabel(reducers[qsizetype(at)]), type, std::move(values[at])));
    }
    return out;
}

} // namespace

Result<Frames> reduce(Frames frames, const Json& options, const TransformContext&)
{
    for (const QString& reducer : reducersOf(options)) {
        if (canonicalReducer(reducer).isEmpty())
            return makeError(ErrorCode::InvalidArgument, u"Unknown calculation"_s, reducer);
    }
    if (options[u"mode"].toString() == "reduceFields"_L1)
        return reduceFields(std::move(frames), options);
    return Frames {reduceToRows(frames, options)};
}

// ---- distributions ----------------------------------------------------------------------------------

namespace {

double niceBucket(double wanted)
{
    if (!(wanted > 0) || !std::isfinite(wanted))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double step : {1.0, 2.0, 2.5, 4.0, 5.0, 10.0}) {
        if (step * power >= wanted)
            return step * power;
    }
    return 10 * power;
}

std::optional<double> optionNumber(const Json& value, const TransformContext& context)
{
    if (value.isNumber())
        return value.toDouble();
    const double number = value.isString() ? Js::parseFloat(expand(value.toString(), context)) : std::nan("");
    return std::isnan(number) ? std::nullopt : std::optional(number);
}

/// The largest round size that is not above `wanted`.
double roundBelow(double wanted)
{
    if (!(wanted > 0) || !std::isfinite(wanted))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(wanted) + 1e-9));
    double best = power;
    for (const double step : {2.0, 2.5, 5.0}) {
        if (step * power <= wanted * (1 + 1e-9))
            best = step * power;
    }
    return best;
}

/// The same in ms, with the steps of clocks and calendars.
double roundTimeBelow(double wanted)
{
    constexpr double second = 1000;
    constexpr double minute = 60 * second;
    constexpr double hour = 60 * minute;
    constexpr double day = 24 * hour;
    if (wanted < second)
        return std::max(1.0, roundBelow(wanted));
    double best = second;
    for (const double unit : {second, minute}) {
        for (const double step : {1.0, 2.0, 4.0, 5.0, 10.0, 15.0, 20.0, 30.0})
            best = step * unit <= wanted ? step * unit : best;
    }
    for (const double step : {1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0})
        best = step * hour <= wanted ? step * hour : best;
    for (const double step : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 15.0, 30.0, 45.0, 60.0, 90.0, 180.0, 365.0})
        best = step * day <= wanted ? step * day : best;
    return best;
}

/// Size of a heatmap's time buckets, ms: as given ("30s", or ms), or so that about `value` (20) of them fit.
double timeBucket(const Json& buckets, double range, const TransformContext& context)
{
    const QString text = expand(buckets[u"value"].scalarText(), context).trimmed();
    const bool counted = buckets[u"mode"].toString() == "count"_L1;
    if (!counted && !text.isEmpty()) {
        bool plain = false;
        const double ms = text.toDouble(&plain);
        if (plain && ms > 0)
            return ms;
        if (const auto duration = parsePrometheusDuration(text.toStdString()); duration && *duration > 0)
            return double(*duration);
    }
    const double count = counted && text.toDouble() > 0 ? text.toDouble() : 20;
    return roundTimeBelow(range / std::max(count - 1, 1.0));
}

/// Size of its value buckets, or of an exponent's share where they are logarithmic.
double valueBucket(const Json& buckets, double range, bool log, const TransformContext& context)
{
    const auto value = optionNumber(buckets[u"value"], context);
    if (log)
        return value && *value > 0 ? 1 / *value : 1;
    if (value && *value > 0 && buckets[u"mode"].toString() != "count"_L1)
        return *value;
    return roundBelow(range / std::max(value && *value > 0 ? *value - 1 : 9.0, 1.0));
}

} // namespace

Result<Frames> histogram(Frames frames, const Json& options, const TransformContext& context)
{
    std::vector<const Field*> fields;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            if (field.type != FieldType::Number)
                continue;
            fields.push_back(&field);
            for (const double value : numbersOf(field)) {
                if (std::isfinite(value)) {
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
        }
    }
    if (fields.empty() || !(low <= high))
        return Frames {};
    const double offset = optionNumber(options[u"bucketOffset"], context).value_or(0);
    const double count = std::max(1.0, optionNumber(options[u"bucketCount"], context).value_or(30));
    double size = optionNumber(options[u"bucketSize"], context).value_or(0);
    if (!(size > 0))
        size = niceBucket((high - low) / count);
    constexpr double mostBuckets = 100'000;
    if ((high - low) / size > mostBuckets)
        return makeError(ErrorCode::InvalidArgument, u"The bucket size gives too many buckets"_s, QString::number(size));
    const auto bucketOf = [&](double value) { return std::floor((value - offset) / size); };
    const double first = bucketOf(low);
    const size_t buckets = size_t(bucketOf(high) - first) + 1;
    const bool combine = options[u"combine"].toBool();
    std::vector<Column::Numbers> counts(combine ? 1 : fields.size(), Column::Numbers(buckets, 0));
    for (size_t at = 0; at < fields.size(); ++at) {
        for (const double value : numbersOf(*fields[at])) {
            if (std::isfinite(value))
                ++counts[combine ? 0 : at][size_t(bucketOf(value) - first)];
        }
    }
    Column::Numbers mins;
    Column::Numbers maxs;
    for (size_t at = 0; at < buckets; ++at) {
        mins.push_back((first + double(at)) * size + offset);
        maxs.push_back((first + double(at) + 1) * size + offset);
    }
    Frame out;
    out.meta.type = u"histogram"_s;
    out.fields = {numberField(u"xMin"_s, mins), numberField(u"xMax"_s, maxs)};
    out.fields[0].config.unit = out.fields[1].config.unit = fields.front()->config.unit;
    for (size_t at = 0; at < counts.size(); ++at) {
        Field field = numberField(combine ? u"count"_s : fields[at]->name, counts[at]);
        if (!combine) {
            field.labels = fields[at]->labels;
            field.config = fields[at]->config;
            field.config.unit.reset();
        }
        out.fields.push_back(std::move(field));
    }
    return Frames {std::move(out)};
}

Result<Frames> heatmap(Frames frames, const Json& options, const TransformContext& context)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    qint64 from = std::numeric_limits<qint64>::max();
    qint64 to = std::numeric_limits<qint64>::min();
    std::vector<std::pair<Cells, Column::Numbers>> series;
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        for (const Field& field : frame.fields) {
            if (!time || field.type != FieldType::Number)
                continue;
            series.emplace_back(cells(*time), numbersOf(field));
            for (size_t row = 0; row < series.back().second.size(); ++row) {
                const double value = series.back().second[row];
                if (!std::isfinite(value))
                    continue;
                low = std::min(low, value);
                high = std::max(high, value);
                from = std::min(from, series.back().first[row].toInt());
                to = std::max(to, series.back().first[row].toInt());
            }
        }
    }
    if (series.empty() || !(low <= high))
        return Frames {};
    const Json& yScale = options.path(u"yBuckets.scale");
    const double base = yScale[u"type"].toString() == "log"_L1 ? yScale[u"log"].toDouble(2) : 0;
    if (base > 1 && low <= 0)
        return makeError(ErrorCode::InvalidArgument, u"Logarithmic buckets need values above zero"_s, QString::number(low));
    const double xSize = std::max(1.0, timeBucket(options[u"xBuckets"], double(to - from), context));
    double ySize = valueBucket(options[u"yBuckets"], high - low, base > 1, context);
    if (!(ySize > 0))
        ySize = 1;
    // Logarithmic buckets divide the exponents evenly.
    const auto placeOf = [&](double value) {
        const double exponent = base > 1 ? std::log(value) / std::log(base) : value;
        return std::floor(exponent / ySize + (base > 1 ? 1e-9 : 0));
    };
    const auto edgeOf = [&](double place) { return base > 1 ? std::pow(base, place * ySize) : place * ySize; };
    const double xFirst = std::floor(double(from) / xSize);
    const double yFirst = placeOf(low);
    const double xSpan = std::floor(double(to) / xSize) - xFirst + 1;
    const double ySpan = placeOf(high) - yFirst + 1;
    constexpr double mostCells = 4e6;
    if (xSpan * ySpan > mostCells)
        return makeError(ErrorCode::InvalidArgument, u"The bucket sizes give too many cells"_s);
    const size_t xs = size_t(xSpan);
    const size_t ys = size_t(ySpan);
    Column::Numbers counts(xs * ys, 0);
    for (const auto& [times, values] : series) {
        for (size_t row = 0; row < values.size(); ++row) {
            if (!std::isfinite(values[row]))
                continue;
            const size_t x = size_t(std::floor(double(times[row].toInt()) / xSize) - xFirst);
            const size_t y = size_t(placeOf(values[row]) - yFirst);
            ++counts[x * ys + y];
        }
    }
    Column::Times xMin;
    Column::Numbers yMin;
    Column::Numbers yMax;
    for (size_t x = 0; x < xs; ++x) {
        for (size_t y = 0; y < ys; ++y) {
            xMin.push_back(qint64((xFirst + double(x)) * xSize));
            yMin.push_back(edgeOf(yFirst + double(y)));
            yMax.push_back(edgeOf(yFirst + double(y) + 1));
        }
    }
    Field time;
    time.name = u"xMin"_s;
    time.type = FieldType::Time;
    time.values = Column(std::move(xMin));
    Frame out;
    out.meta.type = u"heatmap-cells"_s;
    out.meta.stepMs = qint64(xSize);
    out.fields = {time, numberField(u"yMin"_s, yMin), numberField(u"yMax"_s, yMax), numberField(u"Count"_s, counts)};
    return Frames {std::move(out)};
}

// ---- regression -------------------------------------------------------------------------------------

namespace {

/// Least squares by the normal equations; coefficients from the constant up. Empty when they are singular.
std::vector<double> fitPolynomial(const std::vector<std::pair<double, double>>& points, int degree)
{
    const size_t n = size_t(degree) + 1;
    std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1, 0));
    for (const auto& [x, y] : points) {
        std::vector<double> powers(2 * n, 1);
        for (size_t at = 1; at < powers.size(); ++at)
            powers[at] = powers[at - 1] * x;
        for (size_t r = 0; r < n; ++r) {
            for (size_t c = 0; c < n; ++c)
                rows[r][c] += powers[r + c];
            rows[r][n] += powers[r] * y;
        }
    }
    for (size_t pivot = 0; pivot < n; ++pivot) {
        size_t best = pivot;
        for (size_t r = pivot; r < n; ++r) {
            if (std::abs(rows[r][pivot]) > std::abs(rows[best][pivot]))
                best = r;
        }
        if (rows[best][pivot] == 0)
            return {};
        std::swap(rows[best], rows[pivot]);
        for (size_t r = 0; r < n; ++r) {
            if (r == pivot)
                continue;
            const double share = rows[r][pivot] / rows[pivot][pivot];
            for (size_t c = pivot; c <= n; ++c)
                rows[r][c] -= share * rows[pivot][c];
        }
    }
    std::vector<double> coefficients(n);
    for (size_t at = 0; at < n; ++at)
        coefficients[at] = rows[at][n] / rows[at][at];
    return coefficients;
}

} // namespace

Result<Frames> regression(Frames frames, const Json& options, const TransformContext&)
{
    const QString xName = options[u"xFieldName"].toString();
    const QString yName = options[u"yFieldName"].toString();
    const bool polynomial = options[u"modelType"].toString() == "polynomial"_L1;
    const int degree = polynomial ? int(std::clamp<qint64>(options[u"degree"].toInt(2), 1, 10)) : 1;
    for (const Frame& frame : frames) {
        const Field* x = xName.isEmpty() ? frame.firstOf(FieldType::Time) : findField(frame, xName);
        if (!x)
            x = frame.firstOf(FieldType::Number);
        const Field* y = yName.isEmpty() ? nullptr : findField(frame, yName);
        for (const Field& field : frame.fields) {
            if (!y && yName.isEmpty() && &field != x && field.type == FieldType::Number)
                y = &field;
        }
        if (!x || !y || x == y)
            continue;
        const Column::Numbers xs = numbersOf(*x);
        const Column::Numbers ys = numbersOf(*y);
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        for (const double value : xs) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
        // Times are large; counting from the first one in units of the range keeps the equations solvable.
        const double range = high > low ? high - low : 1;
        std::vector<std::pair<double, double>> points;
        for (size_t row = 0; row < xs.size(); ++row) {
            if (std::isfinite(xs[row]) && std::isfinite(ys[row]))
                points.emplace_back((xs[row] - low) / range, ys[row]);
        }
        const std::vector<double> model = fitPolynomial(points, degree);
        if (model.empty())
            return makeError(ErrorCode::InvalidArgument, u"Too few points for a regression"_s);
        const qint64 count = std::clamp<qint64>(options[u"predictionCount"].toInt(100), 2, 100'000);
        Cells at;
        Column::Numbers predicted;
        for (qint64 step = 0; step < count; ++step) {
            const double share = double(step) / double(count - 1);
            double value = 0;
            for (size_t power = model.size(); power > 0; --power)
                value = value * share + model[power - 1];
            const double place = low + share * range;
            at.push_back(x->type == FieldType::Time ? Json(qint64(place)) : Json(place));
            predicted.push_back(value);
        }
        Frame out;
        out.name = polynomial ? u"Polynomial regression"_s : u"Linear regression"_s;
        out.fields = {makeField(x->name, x->type, at), numberField(y->name, predicted)};
        frames.push_back(std::move(out));
        return frames;
    }
    return frames;
}

} // namespace Promdeck::Transforms
