#include "models/frame/transformutil.h"

#include "models/frame/display.h"
#include "models/frame/jsnumber.h"
#include "models/frame/reducers.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck::Transforms {

Cells cells(const Field& field)
{
    if (field.values.isMixed())
        return field.values.mixed();
    Cells all;
    const qsizetype count = field.values.size();
    all.reserve(size_t(count));
    for (qsizetype row = 0; row < count; ++row)
        all.push_back(cellJson(field.values, row));
    return all;
}

Json cell(const Field& field, qsizetype row)
{
    return row >= 0 && row < field.values.size() ? cellJson(field.values, row) : Json();
}

namespace {

template <typename Predicate>
bool all(const Cells& cells, Predicate&& predicate)
{
    return std::all_of(cells.begin(), cells.end(), predicate);
}

} // namespace

Column makeColumn(FieldType type, Cells cells)
{
    if (type == FieldType::Time && all(cells, [](const Json& c) { return c.isNumber() && std::isfinite(c.toDouble()); })) {
        Column::Times times;
        times.reserve(cells.size());
        for (const Json& c : cells)
            times.push_back(c.isInteger() ? c.toInt() : qint64(c.toDouble()));
        return Column(std::move(times));
    }
    if (type == FieldType::Number && all(cells, [](const Json& c) { return c.isNumber() || c.isNull(); })) {
        Column::Numbers numbers;
        numbers.reserve(cells.size());
        for (const Json& c : cells)
            numbers.push_back(c.isNull() ? kNull : c.toDouble());
        return Column(std::move(numbers));
    }
    if (type == FieldType::String && all(cells, [](const Json& c) { return c.isString() || c.isNull(); })) {
        Column::Strings strings;
        strings.reserve(cells.size());
        for (const Json& c : cells) {
            const QString text = c.toString();
            strings.push_back(c.isString() && text.isNull() ? u""_s : text);
        }
        return Column(std::move(strings));
    }
    return Column(std::move(cells));
}

Field makeField(const QString& name, FieldType type, Cells cells)
{
    Field field;
    field.name = name;
    field.type = type;
    field.values = makeColumn(type, std::move(cells));
    return field;
}

FieldType guessType(const Cells& cells)
{
    for (const Json& c : cells) {
        if (c.isNumber())
            return FieldType::Number;
        if (c.isString())
            return FieldType::String;
        if (c.isBool())
            return FieldType::Boolean;
        if (!c.isNull())
            return FieldType::Other;
    }
    return FieldType::Other;
}

Column pickRows(const Field& field, const std::vector<qsizetype>& rows)
{
    const Column& from = field.values;
    const auto pick = [&](const auto& values, const auto& missing) {
        std::decay_t<decltype(values)> picked;
        picked.reserve(rows.size());
        for (const qsizetype row : rows)
            picked.push_back(row >= 0 && row < qsizetype(values.size()) ? values[size_t(row)] : missing);
        return Column(std::move(picked));
    };
    if (from.isNumbers())
        return pick(from.numbers(), kNull);
    if (from.isStrings())
        return pick(from.strings(), QString());
    const bool complete = std::all_of(rows.begin(), rows.end(), [&](qsizetype row) { return row >= 0 && row < from.size(); });
    if (from.isTimes() && complete)
        return pick(from.times(), qint64(0));
    Cells picked;
    picked.reserve(rows.size());
    for (const qsizetype row : rows)
        picked.push_back(cell(field, row));
    return makeColumn(field.type, std::move(picked));
}

Frame pickRows(const Frame& frame, const std::vector<qsizetype>& rows)
{
    Frame picked = frame;
    for (Field& field : picked.fields)
        field.values = pickRows(field, rows);
    return picked;
}

QString jsText(const Json& value)
{
    if (value.isNull())
        return u"null"_s;
    if (value.isNumber())
        return Js::numberText(value.toDouble());
    if (value.isArray() || value.isObject())
        return QString::fromUtf8(value.toUtf8());
    return value.scalarText();
}

double jsNumber(const Json& value)
{
    if (value.isNumber())
        return value.toDouble();
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    if (value.isNull())
        return 0;
    return value.isString() ? Js::toNumber(value.toString()) : std::nan("");
}

void refreshNames(Frames& frames)
{
    for (Frame& frame : frames) {
        for (Field& field : frame.fields)
            field.state.displayName.clear();
    }
    computeDisplayNames(frames);
}

const Field* findField(const Frame& frame, const QString& name)
{
    for (const Field& field : frame.fields) {
        if (field.state.displayName == name)
            return &field;
    }
    for (const Field& field : frame.fields) {
        if (field.name == name)
            return &field;
    }
    return nullptr;
}

Field* findField(Frame& frame, const QString& name)
{
    return const_cast<Field*>(findField(std::as_const(frame), name));
}

bool isTimeSeries(const Frame& frame)
{
    return frame.firstOf(FieldType::Time) && frame.firstOf(FieldType::Number);
}

QString joinedRefId(const QString& transformation, const Frames& frames)
{
    QStringList ids {transformation};
    for (const Frame& frame : frames)
        ids += frame.refId;
    return ids.join(u'-');
}

QString expand(const QString& text, const TransformContext& context)
{
    return context.interpolate && (text.contains(u'$') || text.contains("[["_L1)) ? context.interpolate(text) : text;
}

} // namespace Promdeck::Transforms
