#include "models/frame/transformutil.h"

#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/jsregex.h"
#include "models/frame/matchers.h"
#include "models/frame/reducers.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

// Transformations that change what single cells hold, or read configuration out of them.
namespace Promdeck::Transforms {

namespace {

Json toNumberCell(const Json& value)
{
    if (value.isNull() || value.isArray() || value.isObject())
        return {};
    if (!value.isString())
        return jsNumber(value);
    QString text = value.toString();
    if (text.trimmed().isEmpty())
        return {};
    const double number = Js::toNumber(text.remove(u','));
    return std::isnan(number) ? Json() : Json(number);
}

Json toTimeCell(const Json& value, const QString& format, const QString& timeZone)
{
    if (value.isNumber())
        return qint64(value.toDouble());
    if (!value.isString())
        return {};
    const QString text = value.toString();
    if (const std::optional<qint64> ms = parseMoment(text, format, timeZone))
        return *ms;
    const double number = format.isEmpty() ? Js::toNumber(text) : std::nan("");
    return std::isfinite(number) ? Json(qint64(number)) : Json();
}

Json toStringCell(const Json& value, FieldType from, const Json& conversion, const QString& timeZone)
{
    if (value.isNull())
        return {};
    if (from == FieldType::Time && value.isNumber()) {
        const QString format = conversion[u"dateFormat"].toString();
        return formatMoment(value.toDouble(), format.isEmpty() ? u"YYYY-MM-DDTHH:mm:ssZ"_s : format, timeZone);
    }
    if (value.isArray() && conversion[u"joinWith"].isString()) {
        QStringList parts;
        for (const Json& item : value.items())
            parts += jsText(item);
        return parts.join(conversion[u"joinWith"].toString());
    }
    return jsText(value);
}

Json toBooleanCell(const Json& value)
{
    if (value.isNull())
        return {};
    if (value.isString())
        return value.toString() != "false"_L1 && !value.toString().isEmpty() && value.toString() != "0"_L1;
    return value.isBool() ? value : Json(jsNumber(value) != 0);
}

Json toOtherCell(const Json& value)
{
    if (!value.isString())
        return value;
    return Json::parse(value.toString().toUtf8()).valueOr({});
}

void convert(Field& field, FieldType target, const Json& conversion, const TransformContext& context)
{
    const Json& zone = conversion[u"timezone"];
    const QString timeZone = zone.isString() && !zone.toString().isEmpty() ? zone.toString() : context.timeZone;
    const QString format = expand(conversion[u"dateFormat"].toString(), context);
    Cells converted = cells(field);
    for (Json& value : converted) {
        switch (target) {
        case FieldType::Number: value = toNumberCell(value); break;
        case FieldType::Time: value = toTimeCell(value, format, timeZone); break;
        case FieldType::String: value = toStringCell(value, field.type, conversion, timeZone); break;
        case FieldType::Boolean: value = toBooleanCell(value); break;
        default: value = toOtherCell(value); break;
        }
    }
    field.type = target;
    field.values = makeColumn(target, std::move(converted));
}

} // namespace

Result<Frames> convertFieldType(Frames frames, const Json& options, const TransformContext& context)
{
    for (Frame& frame : frames) {
        for (const Json& conversion : options[u"conversions"].items()) {
            const QString target = conversion[u"targetField"].toString();
            const QString typeName = conversion[u"destinationType"].toString();
            const std::optional<FieldType> type = typeName == "enum"_L1 ? FieldType::String : fieldTypeFromName(typeName);
            if (target.isEmpty() || !type)
                continue;
            for (Field& field : frame.fields) {
                if (field.state.displayName == target || field.name == target)
                    convert(field, *type, conversion, context);
            }
        }
    }
    return frames;
}

Result<Frames> formatTime(Frames frames, const Json& options, const TransformContext& context)
{
    const QString name = options[u"timeField"].toString();
    const QString format = expand(options[u"outputFormat"].toString(), context);
    const Json& zone = options[u"timezone"];
    const QString timeZone = zone.isString() && !zone.toString().isEmpty() ? zone.toString() : context.timeZone;
    for (Frame& frame : frames) {
        Field* field = findField(frame, name);
        if (!field)
            continue;
        Cells texts = cells(*field);
        for (Json& value : texts) {
            if (!value.isNull())
                value = formatMoment(jsNumber(value), format.isEmpty() ? u"YYYY-MM-DDTHH:mm:ssZ"_s : format, timeZone);
        }
        field->type = FieldType::String;
        field->values = makeColumn(FieldType::String, std::move(texts));
    }
    return frames;
}

namespace {

QStringList wordsOf(const QString& text)
{
    static const QRegularExpression word(uR"([A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+)"_s);
    QStringList words;
    auto matches = word.globalMatch(text);
    while (matches.hasNext())
        words += matches.next().captured();
    return words;
}

QString capital(const QString& word)
{
    return word.left(1).toUpper() + word.mid(1).toLower();
}

QString casedText(const QString& text, const QString& format, qint64 from, qint64 to)
{
    if (format == "Upper Case"_L1) return text.toUpper();
    if (format == "Lower Case"_L1) return text.toLower();
    if (format == "Sentence Case"_L1 || format == "First Letter"_L1) return text.left(1).toUpper() + text.mid(1);
    if (format == "Trim"_L1) return text.trimmed();
    if (format == "Substring"_L1) return text.mid(from, std::max<qint64>(0, to - from));
    QStringList words = format == "Title Case"_L1 ? text.split(u' ') : wordsOf(text);
    if (format == "Title Case"_L1 || format == "Pascal Case"_L1 || format == "Camel Case"_L1) {
        for (QString& word : words)
            word = capital(word);
        if (format == "Title Case"_L1)
            return words.join(u' ');
        QString joined = words.join(QString());
        return format == "Camel Case"_L1 ? joined.left(1).toLower() + joined.mid(1) : joined;
    }
    if (format == "Snake Case"_L1) return words.join(u'_').toLower();
    if (format == "Kebab Case"_L1) return words.join(u'-').toLower();
    return text;
}

} // namespace

Result<Frames> formatString(Frames frames, const Json& options, const TransformContext&)
{
    const QString name = options[u"stringField"].toString();
    const QString format = options[u"outputFormat"].isString() ? options[u"outputFormat"].toString() : u"Upper Case"_s;
    const qint64 from = options[u"substringStart"].toInt(0);
    const qint64 to = options[u"substringEnd"].toInt(100);
    for (Frame& frame : frames) {
        Field* field = findField(frame, name);
        if (!field || field->type != FieldType::String)
            continue;
        Cells texts = cells(*field);
        for (Json& value : texts) {
            if (value.isString())
                value = casedText(value.toString(), format, from, to);
        }
        field->values = makeColumn(FieldType::String, std::move(texts));
    }
    return frames;
}

// ---- extractFields ----------------------------------------------------------------------------------

namespace {

using Pairs = std::vector<std::pair<QString, Json>>;

Pairs fromJson(const Json& value)
{
    const Json parsed = value.isString() ? Json::parse(value.toString().toUtf8()).valueOr({}) : value;
    Pairs pairs;
    for (const auto& [key, item] : parsed.members())
        pairs.emplace_back(key, item);
    for (qsizetype at = 0; parsed.isArray() && at < parsed.size(); ++at)
        pairs.emplace_back(QString::number(at), parsed.at(at));
    return pairs;
}

/// a=1, b:"two words"; c
Pairs fromKeyValues(const QString& text)
{
    static const QRegularExpression pair(uR"(([^\s=:,;&"']+)\s*[=:]\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&]*))"_s);
    Pairs pairs;
    auto matches = pair.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        QString value = match.captured(2);
        if (value.size() > 1 && (value.startsWith(u'"') || value.startsWith(u'\'')) && value.endsWith(value[0]))
            value = value.mid(1, value.size() - 2);
        QString key = match.captured(1);
        key.remove(u'{').remove(u'}');
        value.remove(u'}');
        pairs.emplace_back(key, value);
    }
    return pairs;
}

Pairs fromPattern(const QString& text, const JsRegex& regex)
{
    Pairs pairs;
    const QRegularExpressionMatch match = regex.match(text);
    const QStringList names = regex.expression().namedCaptureGroups();
    for (qsizetype at = 1; at < names.size(); ++at) {
        if (!names[at].isEmpty() && match.hasMatch())
            pairs.emplace_back(names[at], match.captured(int(at)));
    }
    return pairs;
}

/// "a.b[0].c" inside a JSON value.
Json jsonPath(const Json& value, const QString& path)
{
    Json at = value;
    QString normal = path;
    normal.replace(u'[', u'.').remove(u']').remove(u'"');
    for (const QString& part : normal.split(u'.', Qt::SkipEmptyParts)) {
        if (part == u"$"_s)
            continue;
        bool index = false;
        const qsizetype number = part.toLongLong(&index);
        at = at.isArray() && index ? Json(at.at(number)) : Json(at[part]);
    }
    return at;
}

Pairs extract(const Json& value, const Json& options, const std::optional<JsRegex>& regex)
{
    const QString format = options[u"format"].toString();
    if (format == "json"_L1 && options[u"jsonPaths"].size() > 0) {
        const Json parsed = value.isString() ? Json::parse(value.toString().toUtf8()).valueOr({}) : value;
        Pairs pairs;
        for (const Json& rule : options[u"jsonPaths"].items()) {
            const QString path = rule[u"path"].toString();
            const QString alias = rule[u"alias"].toString();
            if (!path.isEmpty())
                pairs.emplace_back(alias.isEmpty() ? path : alias, jsonPath(parsed, path));
        }
        return pairs;
    }
    if (format == "regexp"_L1)
        return regex ? fromPattern(jsText(value), *regex) : Pairs();
    if (format == "kvp"_L1)
        return fromKeyValues(jsText(value));
    if (format == "delimiter"_L1) {
        const QString delimiter = options[u"delimiter"].isString() ? options[u"delimiter"].toString() : u","_s;
        Pairs pairs;
        for (const QString& part : jsText(value).split(delimiter, Qt::SkipEmptyParts))
            pairs.emplace_back(part.trimmed(), part.trimmed());
        return pairs;
    }
    Pairs pairs = fromJson(value);
    if (pairs.empty() && format != "json"_L1 && value.isString())
        pairs = fromKeyValues(value.toString());
    return pairs;
}

} // namespace

Result<Frames> extractFields(Frames frames, const Json& options, const TransformContext& context)
{
    const QString source = options[u"source"].toString();
    std::optional<JsRegex> regex;
    if (options[u"format"].toString() == "regexp"_L1) {
        const QString pattern = expand(options[u"regExp"].toString(), context);
        regex = JsRegex::parse(pattern.startsWith(u'/') ? pattern : u'/' + pattern + u'/');
        if (!regex)
            return makeError(ErrorCode::Syntax, u"The pattern is not a valid regular expression"_s, pattern);
    }
    for (Frame& frame : frames) {
        const Field* field = findField(frame, source);
        if (!field)
            continue;
        QStringList names;
        std::vector<Cells> columns;
        const Cells values = cells(*field);
        for (size_t row = 0; row < values.size(); ++row) {
            for (auto& [name, value] : extract(values[row], options, regex)) {
                qsizetype at = names.indexOf(name);
                if (at < 0) {
                    at = names.size();
                    names += name;
                    columns.emplace_back(values.size());
                }
                columns[size_t(at)][row] = std::move(value);
            }
        }
        std::vector<Field> kept;
        for (const Field& own : frame.fields) {
            if (!options[u"replace"].toBool() || (options[u"keepTime"].toBool() && own.type == FieldType::Time))
                kept.push_back(own);
        }
        frame.fields = std::move(kept);
        for (size_t at = 0; at < columns.size(); ++at)
            frame.fields.push_back(makeField(names[qsizetype(at)], guessType(columns[at]), std::move(columns[at])));
    }
    return frames;
}

// ---- configuration out of data ----------------------------------------------------------------------

namespace {

/// Writes one value into a field's configuration; false when the handler is not known.
bool applyHandler(const QString& handler, const Json& value, FieldConfig& config, const Json& arguments = {})
{
    const std::optional<double> number = value.isNull() ? std::nullopt : std::optional(jsNumber(value));
    if (handler == "min"_L1 || handler == "max"_L1) {
        (handler == "min"_L1 ? config.min : config.max) = number && !std::isnan(*number) ? number : std::nullopt;
    } else if (handler == "decimals"_L1) {
        if (number && !std::isnan(*number))
            config.decimals = int(*number);
    } else if (handler == "unit"_L1) {
        config.unit = value.isNull() ? std::nullopt : std::optional(jsText(value));
    } else if (handler == "displayName"_L1 || handler == "name"_L1) {
        config.displayName = value.isNull() ? std::nullopt : std::optional(jsText(value));
    } else if (handler == "noValue"_L1) {
        config.noValue = jsText(value);
    } else if (handler == "description"_L1) {
        config.description = jsText(value);
    } else if (handler == "color"_L1) {
        config.color = ColorConfig {u"fixed"_s, jsText(value), {}};
    } else if (handler == "threshold1"_L1) {
        const Json& color = arguments[u"threshold"][u"color"];
        Thresholds thresholds = config.thresholds.value_or(Thresholds {});
        if (thresholds.steps.empty())
            thresholds.steps.push_back({-std::numeric_limits<double>::infinity(), u"green"_s});
        if (number && !std::isnan(*number))
            thresholds.steps.push_back({*number, color.isString() ? color.toString() : u"red"_s});
        config.thresholds = thresholds;
    } else {
        return false;
    }
    return true;
}

/// The handler of a column: as mapped, else the one its name suggests.
QString handlerFor(const QString& fieldName, const Json& mappings, Json* mapping)
{
    for (const Json& item : mappings.items()) {
        if (item[u"fieldName"].toString() == fieldName) {
            *mapping = item;
            return item[u"handlerKey"].toString();
        }
    }
    const QString lower = fieldName.toLower();
    for (const QString& known : {u"min"_s, u"max"_s, u"unit"_s, u"decimals"_s, u"displayName"_s, u"color"_s,
                                 u"threshold1"_s, u"noValue"_s, u"description"_s}) {
        if (known.toLower() == lower)
            return known;
    }
    return {};
}

/// Columns mapped to values, texts and colours of value mappings, combined row by row.
void applyValueMappings(const Frame& source, const Json& mappings, FieldConfig& config)
{
    const Field* values = nullptr;
    const Field* texts = nullptr;
    const Field* colors = nullptr;
    for (const Field& field : source.fields) {
        Json mapping;
        const QString handler = handlerFor(field.state.displayName, mappings, &mapping);
        if (handler == "mappings.value"_L1)
            values = &field;
        else if (handler == "mappings.text"_L1)
            texts = &field;
        else if (handler == "mappings.color"_L1)
            colors = &field;
    }
    if (!values)
        return;
    ValueMapping made;
    for (qsizetype row = 0; row < values->values.size(); ++row) {
        MappingResult result;
        if (texts)
            result.text = jsText(cell(*texts, row));
        if (colors)
            result.color = jsText(cell(*colors, row));
        result.index = int(row);
        made.values.emplace_back(jsText(cell(*values, row)), result);
    }
    config.mappings.push_back(std::move(made));
}

} // namespace

Result<Frames> configFromData(Frames frames, const Json& options, const TransformContext&)
{
    const QString refId = options[u"configRefId"].isString() ? options[u"configRefId"].toString() : u"config"_s;
    const auto source = std::find_if(frames.begin(), frames.end(), [&](const Frame& frame) { return frame.refId == refId; });
    if (source == frames.end())
        return frames;
    const Frame config = *source;
    const Json& mappings = options[u"mappings"];
    frames.erase(source);
    const FieldMatcher applies = options[u"applyTo"].isObject()
        ? fieldMatcher(options[u"applyTo"])
        : fieldMatcher(Json::object({{u"id"_s, u"numeric"_s}}));
    const Frames before = frames;
    for (size_t at = 0; at < frames.size(); ++at) {
        for (size_t place = 0; place < frames[at].fields.size(); ++place) {
            if (!applies(before[at].fields[place], before[at], before))
                continue;
            Field& field = frames[at].fields[place];
            for (const Field& column : config.fields) {
                Json mapping;
                const QString handler = handlerFor(column.state.displayName, mappings, &mapping);
                if (handler.isEmpty() || handler == "__ignore"_L1)
                    continue;
                const QString reducer = mapping[u"reducerId"].isString() ? mapping[u"reducerId"].toString() : u"lastNotNull"_s;
                applyHandler(handler, reduceColumn(column.values, reducer), field.config, mapping[u"handlerArguments"]);
            }
            applyValueMappings(config, mappings, field.config);
        }
    }
    return frames;
}

Result<Frames> rowsToFields(Frames frames, const Json& options, const TransformContext&)
{
    const Json& mappings = options[u"mappings"];
    Frames out;
    for (const Frame& frame : frames) {
        const Field* name = nullptr;
        const Field* value = nullptr;
        for (const Field& field : frame.fields) {
            Json mapping;
            const QString handler = handlerFor(field.state.displayName, mappings, &mapping);
            if (handler == "field.name"_L1)
                name = &field;
            else if (handler == "field.value"_L1)
                value = &field;
        }
        for (const Field& field : frame.fields) {
            if (!name && field.type == FieldType::String && &field != value)
                name = &field;
            if (!value && field.type == FieldType::Number && &field != name)
                value = &field;
        }
        if (!name || !value) {
            out.push_back(frame);
            continue;
        }
        Frame turned = frame;
        turned.fields.clear();
        for (qsizetype row = 0; row < frame.length(); ++row) {
            Field field = makeField(jsText(cell(*name, row)), value->type, {cell(*value, row)});
            field.config = value->config;
            field.config.displayNameFromDS.reset();
            field.labels = value->labels;
            for (const Field& column : frame.fields) {
                if (&column == name || &column == value)
                    continue;
                Json mapping;
                const QString handler = handlerFor(column.state.displayName, mappings, &mapping);
                if (handler == "__ignore"_L1 || applyHandler(handler, cell(column, row), field.config, mapping[u"handlerArguments"]))
                    continue;
                if (column.type == FieldType::String || handler == "field.label"_L1)
                    field.labels.insert(column.state.displayName, jsText(cell(column, row)));
            }
            turned.fields.push_back(std::move(field));
        }
        out.push_back(std::move(turned));
    }
    return out;
}

} // namespace Promdeck::Transforms
