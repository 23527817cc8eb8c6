#include "models/frame/matchers.h"

#include "models/frame/jsnumber.h"
#include "models/frame/jsregex.h"
#include "models/frame/reducers.h"

#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QString textOf(const Json& value)
{
    if (value.isNull())
        return u"null"_s;
    return value.isNumber() ? Js::numberText(value.toDouble()) : value.scalarText();
}

/// Names from before a data source named its fields by metric still have to match.
bool matchesFallback(const QSet<QString>& names, const Field& field)
{
    if (names.contains(u"Value"_s))
        return !field.labels.isEmpty() && field.labels.value(u"__name__"_s) == field.name;
    return field.type == FieldType::Time && (names.contains(u"Time"_s) || names.contains(u"time"_s));
}

FieldMatcher byNames(const QStringList& list, bool exclude)
{
    const QSet<QString> names(list.cbegin(), list.cend());
    return [names, exclude](const Field& field, const Frame&, const Frames&) {
        const bool found = names.contains(field.state.displayName) || names.contains(field.name)
            || matchesFallback(names, field);
        return found != exclude;
    };
}

FieldMatcher byRegexp(const QString& pattern)
{
    const std::optional<JsRegex> regex = pattern.isEmpty() ? std::nullopt : JsRegex::parse(pattern);
    return [regex](const Field& field, const Frame&, const Frames&) {
        return regex && regex->test(field.state.displayName);
    };
}

QStringList namesOf(const Json& options)
{
    QStringList names;
    for (const Json& name : options[u"names"].items())
        names += name.toString();
    return names;
}

FieldMatcher byRegexpOrNames(const Json& options)
{
    const FieldMatcher regexp = byRegexp(options[u"pattern"].toString());
    const FieldMatcher names = byNames(namesOf(options), false);
    return [regexp, names](const Field& field, const Frame& frame, const Frames& frames) {
        return names(field, frame, frames) || regexp(field, frame, frames);
    };
}

FieldMatcher byTypes(const Json& options)
{
    QSet<int> types;
    const auto add = [&](const Json& name) {
        if (const std::optional<FieldType> type = fieldTypeFromName(name.toString()))
            types.insert(int(*type));
    };
    if (options.isArray()) {
        for (const Json& name : options.items())
            add(name);
    } else {
        add(options);
    }
    return [types](const Field& field, const Frame&, const Frames&) { return types.contains(int(field.type)); };
}

FieldMatcher byValue(const Json& options)
{
    const QString reducer = canonicalReducer(options[u"reducer"].toString());
    const QString op = options[u"op"].isString() ? options[u"op"].toString() : u"=="_s;
    const Json right = options[u"value"];
    if (reducer.isEmpty())
        return [](const Field&, const Frame&, const Frames&) { return false; };
    return [reducer, op, right](const Field& field, const Frame&, const Frames&) {
        const Json left = reduceColumn(field.values, reducer);
        return left.isBool() ? left.toBool() : compareValues(left, op, right);
    };
}

FieldMatcher firstOfType(std::optional<FieldType> type)
{
    return [type](const Field& field, const Frame& frame, const Frames&) {
        for (const Field& other : frame.fields) {
            if (!type || other.type == *type)
                return &other == &field;
        }
        return false;
    };
}

std::vector<FieldMatcher> children(const Json& options, QStringList* unknown)
{
    std::vector<FieldMatcher> made;
    for (const Json& option : options.items())
        made.push_back(fieldMatcher(option, unknown));
    return made;
}

FieldMatcher anyOf(std::vector<FieldMatcher> parts)
{
    return [parts = std::move(parts)](const Field& field, const Frame& frame, const Frames& frames) {
        return std::any_of(parts.begin(), parts.end(),
                           [&](const FieldMatcher& part) { return part(field, frame, frames); });
    };
}

FieldMatcher allOf(std::vector<FieldMatcher> parts)
{
    return [parts = std::move(parts)](const Field& field, const Frame& frame, const Frames& frames) {
        return std::all_of(parts.begin(), parts.end(),
                           [&](const FieldMatcher& part) { return part(field, frame, frames); });
    };
}

FieldMatcher always(bool answer)
{
    return [answer](const Field&, const Frame&, const Frames&) { return answer; };
}

using Maker = FieldMatcher (*)(const Json& options, QStringList* unknown);

const QHash<QString, Maker>& makers()
{
    static const QHash<QString, Maker> table {
        {u"byName"_s, [](const Json& o, QStringList*) { return byNames({o.toString()}, false); }},
        {u"byNames"_s, [](const Json& o, QStringList*) {
             return byNames(namesOf(o), o[u"mode"].toString() == "exclude"_L1);
         }},
        {u"byRegexp"_s, [](const Json& o, QStringList*) { return byRegexp(o.toString()); }},
        {u"byRegexpOrNames"_s, [](const Json& o, QStringList*) { return byRegexpOrNames(o); }},
        {u"byFrameRefID"_s, [](const Json& o, QStringList*) -> FieldMatcher {
             return [id = o.toString()](const Field&, const Frame& frame, const Frames&) { return frame.refId == id; };
         }},
        {u"byType"_s, [](const Json& o, QStringList*) { return byTypes(o); }},
        {u"byTypes"_s, [](const Json& o, QStringList*) { return byTypes(o); }},
        {u"byValue"_s, [](const Json& o, QStringList*) { return byValue(o); }},
        {u"numeric"_s, [](const Json&, QStringList*) { return byTypes(Json(u"number"_s)); }},
        {u"time"_s, [](const Json&, QStringList*) { return byTypes(Json(u"time"_s)); }},
        {u"first"_s, [](const Json&, QStringList*) { return firstOfType({}); }},
        {u"firstTimeField"_s, [](const Json&, QStringList*) { return firstOfType(FieldType::Time); }},
        {u"anyMatch"_s, [](const Json& o, QStringList* unknown) { return anyOf(children(o, unknown)); }},
        {u"allMatch"_s, [](const Json& o, QStringList* unknown) { return allOf(children(o, unknown)); }},
        {u"invertMatch"_s, [](const Json& o, QStringList* unknown) -> FieldMatcher {
             return [inner = fieldMatcher(o, unknown)](const Field& field, const Frame& frame, const Frames& frames) {
                 return !inner(field, frame, frames);
             };
         }},
        {u"alwaysMatch"_s, [](const Json&, QStringList*) { return always(true); }},
        {u"neverMatch"_s, [](const Json&, QStringList*) { return always(false); }},
    };
    return table;
}

} // namespace

FieldMatcher fieldMatcher(const Json& config, QStringList* unknown)
{
    const QString id = config[u"id"].toString();
    if (const Maker maker = makers().value(id, nullptr))
        return maker(config[u"options"], unknown);
    if (unknown)
        *unknown += id;
    return always(false);
}

FrameMatcher frameMatcher(const Json& config, QStringList* unknown)
{
    const QString id = config[u"id"].toString();
    const Json& options = config[u"options"];
    if (id == "byRefId"_L1 || id == "byName"_L1) {
        const bool byName = id == "byName"_L1;
        // A plain refId is a pattern for the whole text; several ids come as "A|B" or as a list.
        QStringList patterns;
        for (const Json& option : options.items())
            patterns += option.toString();
        if (options.isString())
            patterns += options.toString();
        std::vector<JsRegex> regexes;
        for (const QString& pattern : patterns) {
            const bool bare = !pattern.startsWith(u'/');
            if (const auto regex = JsRegex::parse(bare ? u"/^(?:"_s + pattern + u")$/"_s : pattern))
                regexes.push_back(*regex);
        }
        return [regexes, byName](const Frame& frame, qsizetype) {
            const QString& text = byName ? frame.name : frame.refId;
            return std::any_of(regexes.begin(), regexes.end(), [&](const JsRegex& regex) { return regex.test(text); });
        };
    }
    if (id == "byIndex"_L1) {
        const qint64 wanted = options.toInt(qint64(Js::toNumber(options.scalarText())));
        return [wanted](const Frame&, qsizetype index) { return index == wanted; };
    }
    const bool answer = id == "alwaysMatch"_L1;
    if (!answer && id != "neverMatch"_L1 && unknown)
        *unknown += id;
    return [answer](const Frame&, qsizetype) { return answer; };
}

QString fieldTypeName(FieldType type)
{
    switch (type) {
    case FieldType::Time: return u"time"_s;
    case FieldType::Number: return u"number"_s;
    case FieldType::String: return u"string"_s;
    case FieldType::Boolean: return u"boolean"_s;
    case FieldType::Frame: return u"frame"_s;
    case FieldType::Other: break;
    }
    return u"other"_s;
}

std::optional<FieldType> fieldTypeFromName(const QString& name)
{
    for (const FieldType type : {FieldType::Time, FieldType::Number, FieldType::String, FieldType::Boolean,
                                 FieldType::Frame, FieldType::Other}) {
        if (fieldTypeName(type) == name)
            return type;
    }
    return std::nullopt;
}

bool compareValues(const Json& left, const QString& op, const Json& right)
{
    const bool missing = left.isNull() || right.isNull();
    if (op == "=="_L1 || (missing && (op == ">="_L1 || op == "<="_L1)))
        return textOf(left) == textOf(right);
    if (op == "!="_L1)
        return textOf(left) != textOf(right);
    if (missing)
        return false;
    if (left.isString() && right.isString()) {
        const int order = left.toString().compare(right.toString());
        return op == ">"_L1 ? order > 0 : op == ">="_L1 ? order >= 0 : op == "<"_L1 ? order < 0 : order <= 0;
    }
    const double a = Js::toNumber(textOf(left));
    const double b = Js::toNumber(textOf(right));
    return op == ">"_L1 ? a > b : op == ">="_L1 ? a >= b : op == "<"_L1 ? a < b : a <= b;
}

} // namespace Promdeck
