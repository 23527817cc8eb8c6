#include "models/frame/transformutil.h"

#include "models/frame/jsregex.h"
#include "models/frame/matchers.h"

#include <QCollator>
#include <QSet>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

// Transformations that choose, order, name and shape fields.
namespace Promdeck::Transforms {

namespace {

void orderByIndex(Frame& frame, const Json& indexByName)
{
    if (indexByName.size() == 0)
        return;
    const auto place = [&](const Field& field) {
        const Json& index = indexByName[field.state.displayName];
        return index.isNumber() ? index.toDouble() : std::numeric_limits<double>::max();
    };
    std::stable_sort(frame.fields.begin(), frame.fields.end(),
                     [&](const Field& a, const Field& b) { return place(a) < place(b); });
}

/// Order by name or by labels, times first.
void orderAutomatically(Frame& frame, const Json& orderBy)
{
    QCollator collator(QLocale::c());
    collator.setNumericMode(true);
    std::stable_sort(frame.fields.begin(), frame.fields.end(), [&](const Field& a, const Field& b) {
        if ((a.type == FieldType::Time) != (b.type == FieldType::Time))
            return a.type == FieldType::Time;
        for (const Json& rule : orderBy.items()) {
            const bool byLabel = rule[u"type"].toString() == "label"_L1;
            const QString label = rule[u"name"].isString() ? rule[u"name"].toString() : rule[u"labelName"].toString();
            const int order = byLabel ? collator.compare(a.labels.value(label), b.labels.value(label))
                                      : collator.compare(a.state.displayName, b.state.displayName);
            if (order != 0)
                return rule[u"desc"].toBool() ? order > 0 : order < 0;
        }
        return false;
    });
}

void renameByName(Frame& frame, const Json& renames)
{
    for (Field& field : frame.fields) {
        const QString name = renames[field.state.displayName].toString();
        if (!name.isEmpty())
            field.config.displayName = name;
    }
}

} // namespace

Result<Frames> noop(Frames frames, const Json&, const TransformContext&)
{
    return frames;
}

Result<Frames> append(Frames frames, const Json&, const TransformContext&)
{
    // Rows of all frames below each other, columns by name in order of appearance.
    if (frames.size() < 2)
        return frames;
    Frame out;
    std::vector<Cells> columns;
    qsizetype rows = 0;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            const auto same = [&](const Field& other) { return other.name == field.name; };
            auto it = std::find_if(out.fields.begin(), out.fields.end(), same);
            const size_t at = size_t(it - out.fields.begin());
            if (it == out.fields.end()) {
                out.fields.push_back(makeField(field.name, field.type, {}));
                columns.emplace_back();
            }
            columns[at].resize(size_t(rows));
            for (Json& value : cells(field))
                columns[at].push_back(std::move(value));
        }
        rows += frame.length();
    }
    for (size_t at = 0; at < columns.size(); ++at) {
        columns[at].resize(size_t(rows));
        out.fields[at].values = makeColumn(out.fields[at].type, std::move(columns[at]));
    }
    return Frames {std::move(out)};
}

Result<Frames> orderFields(Frames frames, const Json& options, const TransformContext&)
{
    for (Frame& frame : frames) {
        if (options[u"orderByMode"].toString() == "auto"_L1)
            orderAutomatically(frame, options[u"orderBy"]);
        else
            orderByIndex(frame, options[u"indexByName"]);
    }
    return frames;
}

Result<Frames> renameFields(Frames frames, const Json& options, const TransformContext& context)
{
    Q_UNUSED(context)
    for (Frame& frame : frames)
        renameByName(frame, options[u"renameByName"]);
    return frames;
}

Result<Frames> organize(Frames frames, const Json& options, const TransformContext& context)
{
    const Json& exclude = options[u"excludeByName"];
    const Json& include = options[u"includeByName"];
    for (Frame& frame : frames) {
        std::erase_if(frame.fields, [&](const Field& field) {
            const QString& name = field.state.displayName;
            if (include.size() > 0 && !include[name].toBool())
                return true;
            return exclude[name].toBool();
        });
    }
    std::erase_if(frames, [](const Frame& frame) { return frame.fields.empty(); });
    Result<Frames> ordered = orderFields(std::move(frames), options, context);
    return renameFields(std::move(ordered).value(), options, context);
}

namespace {

/// {names, pattern, variable} as a matcher config; null when it asks for nothing.
Json nameMatcher(const Json& part, const TransformContext& context, bool byVariable)
{
    if (part.isNull())
        return {};
    if (byVariable && part[u"variable"].isString()) {
        QString text = expand(part[u"variable"].toString(), context);
        if (text.startsWith(u'{') && text.endsWith(u'}'))
            text = text.mid(1, text.size() - 2);
        return Json::object({{u"id"_s, u"byNames"_s},
                             {u"options"_s, Json::object({{u"names"_s, Json::strings(text.split(u','))}})}});
    }
    const bool hasNames = part[u"names"].size() > 0;
    const QString pattern = expand(part[u"pattern"].toString(), context);
    if (!hasNames && pattern.isEmpty())
        return {};
    return Json::object({{u"id"_s, u"byRegexpOrNames"_s},
                         {u"options"_s, Json::object({{u"names"_s, part[u"names"]}, {u"pattern"_s, pattern}})}});
}

Frames keepFields(Frames frames, const Json& include, const Json& exclude)
{
    if (include.isNull() && exclude.isNull())
        return frames;
    const FieldMatcher wanted = include.isNull() ? FieldMatcher() : fieldMatcher(include);
    const FieldMatcher unwanted = exclude.isNull() ? FieldMatcher() : fieldMatcher(exclude);
    Frames out;
    for (const Frame& frame : frames) {
        Frame kept = frame;
        kept.fields.clear();
        for (const Field& field : frame.fields) {
            if (unwanted && unwanted(field, frame, frames))
                continue;
            if (!wanted || wanted(field, frame, frames))
                kept.fields.push_back(field);
        }
        if (!kept.fields.empty())
            out.push_back(std::move(kept));
    }
    return out;
}

} // namespace

Result<Frames> filterFieldsByName(Frames frames, const Json& options, const TransformContext& context)
{
    const bool byVariable = options[u"byVariable"].toBool();
    return keepFields(std::move(frames), nameMatcher(options[u"include"], context, byVariable),
                      nameMatcher(options[u"exclude"], context, byVariable));
}

Result<Frames> filterFields(Frames frames, const Json& options, const TransformContext&)
{
    return keepFields(std::move(frames), options[u"include"], options[u"exclude"]);
}

Result<Frames> filterByRefId(Frames frames, const Json& options, const TransformContext&)
{
    const auto matcher = [](const Json& option) {
        return frameMatcher(Json::object({{u"id"_s, u"byRefId"_s}, {u"options"_s, option}}));
    };
    const Json& include = options[u"include"];
    const Json& exclude = options[u"exclude"];
    const bool some = include.size() > 0 || !include.toString().isEmpty();
    const FrameMatcher wanted = some ? matcher(include) : FrameMatcher();
    const FrameMatcher unwanted = exclude.isNull() ? FrameMatcher() : matcher(exclude);
    std::erase_if(frames, [&](const Frame& frame) {
        return (wanted && !wanted(frame, 0)) || (unwanted && unwanted(frame, 0));
    });
    return frames;
}

Result<Frames> filterFrames(Frames frames, const Json& options, const TransformContext&)
{
    const FrameMatcher wanted = options[u"include"].isNull() ? FrameMatcher() : frameMatcher(options[u"include"]);
    const FrameMatcher unwanted = options[u"exclude"].isNull() ? FrameMatcher() : frameMatcher(options[u"exclude"]);
    Frames out;
    for (size_t at = 0; at < frames.size(); ++at) {
        if ((!wanted || wanted(frames[at], qsizetype(at))) && !(unwanted && unwanted(frames[at], qsizetype(at))))
            out.push_back(std::move(frames[at]));
    }
    return out;
}

Result<Frames> renameByRegex(Frames frames, const Json& options, const TransformContext& context)
{
    const QString pattern = expand(options[u"regex"].toString(), context);
    if (pattern.isEmpty())
        return frames;
    const std::optional<JsRegex> regex = JsRegex::parse(pattern);
    if (!regex)
        return makeError(ErrorCode::Syntax, u"The pattern is not a valid regular expression"_s, pattern);
    const QString replacement = expand(options[u"renamePattern"].toString(), context);
    for (Frame& frame : frames) {
        for (Field& field : frame.fields) {
            const QString renamed = regex->replace(field.state.displayName, replacement);
            if (renamed != field.state.displayName)
                field.config.displayName = renamed;
        }
    }
    return frames;
}

namespace {

Frame labelRows(const Frame& frame, const QSet<QString>& keep)
{
    Labels all;
    for (const Field& field : frame.fields) {
        for (const auto& [name, value] : field.labels) {
            if (keep.isEmpty() || keep.contains(name))
                all.insert(name, value);
        }
    }
    Cells names;
    Cells values;
    for (const auto& [name, value] : all) {
        names.push_back(name);
        values.push_back(value);
    }
    Frame rows = frame;
    rows.fields = {makeField(u"label"_s, FieldType::String, names), makeField(u"value"_s, FieldType::String, values)};
    return rows;
}

} // namespace

Result<Frames> labelsToFields(Frames frames, const Json& options, const TransformContext&)
{
    QSet<QString> keep;
    for (const Json& name : options[u"keepLabels"].items())
        keep.insert(name.toString());
    if (options[u"mode"].toString() == "rows"_L1) {
        for (Frame& frame : frames)
            frame = labelRows(frame, keep);
        return frames;
    }
    const QString valueLabel = options[u"valueLabel"].toString();
    for (Frame& frame : frames) {
        const qsizetype rows = frame.length();
        std::vector<Field> added;
        for (Field& field : frame.fields) {
            for (const auto& [name, value] : field.labels) {
                if (!valueLabel.isEmpty() && name == valueLabel) {
                    field.name = value;
                    continue;
                }
                if (!keep.isEmpty() && !keep.contains(name))
                    continue;
                const auto same = [&name = name, &value = value, rows](const Field& other) {
                    return other.name == name && rows > 0 && other.values.strings().front() == value;
                };
                if (std::none_of(added.begin(), added.end(), same))
                    added.push_back(makeField(name, FieldType::String, Cells(size_t(rows), Json(value))));
            }
            field.labels = {};
        }
        for (Field& field : added)
            frame.fields.push_back(std::move(field));
    }
    return frames;
}

Result<Frames> concatenate(Frames frames, const Json& options, const TransformContext&)
{
    if (frames.size() < 2)
        return frames;
    const QString mode = options[u"frameNameMode"].isString() ? options[u"frameNameMode"].toString() : u"field"_s;
    const QString label = options[u"frameNameLabel"].isString() ? options[u"frameNameLabel"].toString() : u"frame"_s;
    qsizetype rows = 0;
    for (const Frame& frame : frames)
        rows = std::max(rows, frame.length());
    std::vector<qsizetype> all(static_cast<size_t>(rows));
    for (size_t at = 0; at < all.size(); ++at)
        all[at] = qsizetype(at);
    Frame out;
    for (const Frame& frame : frames) {
        for (Field field : frame.fields) {
            if (!frame.name.isEmpty() && mode == "field"_L1)
                field.name = frame.name + u" · "_s + field.name;
            else if (!frame.name.isEmpty() && mode == "label"_L1)
                field.labels.insert(label, frame.name);
            if (field.values.size() != rows)
                field.values = pickRows(field, all);
            out.fields.push_back(std::move(field));
        }
    }
    return Frames {std::move(out)};
}

} // namespace Promdeck::Transforms
