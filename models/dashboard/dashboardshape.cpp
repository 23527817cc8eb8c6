#include "models/dashboard/readerparts.h"

#include <array>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

QString typeName(const Json& value)
{
    static const std::array<QString, 7> kNames {u"null"_s,   u"a boolean"_s, u"a number"_s, u"a number"_s,
                                                u"a text"_s, u"a list"_s,    u"an object"_s};
    return kNames[size_t(value.type())];
}

ShapeError wrongShape(const QStringList& path, const QString& expected, const Json& found)
{
    const QString place = path.isEmpty() ? u"the document"_s : path.join(u'.');
    ShapeError out {path, makeError(ErrorCode::Schema, place + u" is "_s + typeName(found) + u", expected "_s + expected,
                                    path.join(u'.'))};
    return out;
}

using Found = std::optional<ShapeError>;

/// A list of objects, or nothing at all; each element goes through `inner`.
template <typename F>
Found checkList(const Json& parent, const QStringList& at, const QString& key, F&& inner)
{
    const Json& list = parent[key];
    const QStringList path = at + QStringList {key};
    if (list.isNull())
        return std::nullopt;
    if (!list.isArray())
        return wrongShape(path, u"a list"_s, list);
    qsizetype index = 0;
    for (const Json& item : list.items()) {
        const QStringList itemPath = path + QStringList {QString::number(index++)};
        if (!item.isObject())
            return wrongShape(itemPath, u"an object"_s, item);
        if (Found found = inner(item, itemPath))
            return found;
    }
    return std::nullopt;
}

Found checkNothing(const Json&, const QStringList&)
{
    return std::nullopt;
}

Found checkPanel(const Json& panel, const QStringList& at)
{
    if (Found found = checkList(panel, at, u"targets"_s, checkNothing))
        return found;
    if (!panel[u"gridPos"].isNull() && !panel[u"gridPos"].isObject())
        return wrongShape(at + QStringList {u"gridPos"_s}, u"an object"_s, panel[u"gridPos"]);
    return std::nullopt;
}

Found checkTopPanel(const Json& panel, const QStringList& at)
{
    if (Found found = checkPanel(panel, at))
        return found;
    return checkList(panel, at, u"panels"_s, checkPanel);
}

Found checkRow(const Json& row, const QStringList& at)
{
    return checkList(row, at, u"panels"_s, checkPanel);
}

Found checkHolder(const Json& dashboard, const QStringList& at, const QString& key)
{
    const Json& holder = dashboard[key];
    const QStringList path = at + QStringList {key};
    if (holder.isNull())
        return std::nullopt;
    // Very old files had a bare list here.
    if (holder.isArray())
        return std::nullopt;
    if (!holder.isObject())
        return wrongShape(path, u"an object"_s, holder);
    return checkList(holder, path, u"list"_s, checkNothing);
}

bool looksLikeDashboard(const Json& json)
{
    static constexpr std::array<QStringView, 5> kMarks {u"panels", u"rows", u"templating", u"schemaVersion", u"title"};
    return std::any_of(kMarks.begin(), kMarks.end(), [&json](QStringView key) { return json.contains(key); });
}

} // namespace

Unwrapped unwrapDashboard(const Json& document)
{
    if (document[u"dashboard"].isObject() && !document[u"panels"].isArray() && !document[u"rows"].isArray())
        return {document[u"dashboard"], {u"dashboard"_s}};
    if (document[u"spec"].isObject() && document[u"apiVersion"].isString())
        return {document[u"spec"], {u"spec"_s}};
    return {document, {}};
}

Found checkShape(const Json& document)
{
    if (!document.isObject())
        return wrongShape({}, u"a dashboard object"_s, document);
    if (!document[u"dashboard"].isNull() && !document[u"dashboard"].isObject() && !looksLikeDashboard(document))
        return wrongShape({u"dashboard"_s}, u"an object"_s, document[u"dashboard"]);
    const auto [dashboard, at] = unwrapDashboard(document);
    if (dashboard[u"elements"].isObject() && dashboard[u"layout"].isObject())
        return ShapeError {at, makeError(ErrorCode::Unsupported, u"this is a dashboard in Grafana's v2 schema"_s,
                                         at.join(u'.'), u"export it in the classic model (schema v1)"_s)};
    if (!looksLikeDashboard(dashboard))
        return ShapeError {at, makeError(ErrorCode::Schema, u"this is not a Grafana dashboard"_s, at.join(u'.'),
                                         u"a dashboard has a title and panels or rows"_s)};
    if (Found found = checkList(dashboard, at, u"panels"_s, checkTopPanel))
        return found;
    if (Found found = checkList(dashboard, at, u"rows"_s, checkRow))
        return found;
    for (const QString& key : {u"templating"_s, u"annotations"_s}) {
        if (Found found = checkHolder(dashboard, at, key))
            return found;
    }
    return std::nullopt;
}

} // namespace Promdeck::Internal
