#include "models/dashboard/jsonrewrite.h"
#include "models/dashboard/readerparts.h"

#include <QHash>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QString idOf(const Json& item)
{
    return item[u"id"].scalarText();
}

/// `source` with the changes that lead from `before` (what it migrates to) to `after`. Whether that is right,
/// only migrating the result tells. `wholePanels`: a panel with a change is taken as it is after it.
Json withChanges(const Json& source, const Json& before, const Json& after, bool wholePanels);

Json panelWithChanges(const Json& source, const Json& before, const Json& after, bool wholePanels)
{
    if (!wholePanels || before == after)
        return withChanges(source, before, after, wholePanels);
    Json moved = before;
    moved.set(u"gridPos"_s, after[u"gridPos"]);
    return moved == after ? withChanges(source, before, after, false) : after;
}

Json listWithChanges(const Json& source, const Json& before, const Json& after, bool wholePanels)
{
    // Item by item where the migration kept the list's length; items are found again by id.
    if (source.size() != before.size())
        return after;
    QHash<QString, int> places;
    for (int i = 0; i < int(before.size()); ++i)
        places.insert(idOf(before.at(i)), i);
    const bool named = places.size() == before.size() && !places.contains(QString());
    if (!named && before.size() != after.size())
        return after;
    Json::Array items;
    for (int i = 0; i < int(after.size()); ++i) {
        const int from = named ? places.value(idOf(after.at(i)), -1) : i;
        items.push_back(from < 0 ? after.at(i)
                                 : panelWithChanges(source.at(from), before.at(from), after.at(i), wholePanels && named));
    }
    return Json::array(std::move(items));
}

Json withChanges(const Json& source, const Json& before, const Json& after, bool wholePanels)
{
    if (before == after)
        return source;
    if (source.isArray() && before.isArray() && after.isArray())
        return listWithChanges(source, before, after, wholePanels);
    if (!source.isObject() || !before.isObject() || !after.isObject())
        return after;
    Json result = source;
    for (const auto& member : before.members()) {
        if (!after.contains(member.first))
            result.remove(member.first);
    }
    for (const auto& [key, value] : after.members()) {
        if (!(before[key] == value) || !before.contains(key))
            result.set(key, source.contains(key) ? withChanges(source[key], before[key], value, wholePanels) : value);
    }
    return result;
}

/// The document to save for a migrated one: in the schema of the source where that can say it.
Json documentFor(const Json& source, const Json& migrated)
{
    const Json before = migrateDashboard(source);
    if (before == migrated)
        return source;
    for (const bool wholePanels : {false, true}) {
        const Json candidate = withChanges(source, before, migrated, wholePanels);
        if (migrateDashboard(candidate) == migrated)
            return candidate;
    }
    return migrated;
}

/// The same within the envelope that the source came in.
Json wrappedDocumentFor(const Json& original, const Json& migrated)
{
    const auto [source, path] = Internal::unwrapDashboard(original);
    const Json inner = documentFor(source, migrated);
    if (path.isEmpty())
        return inner;
    Json document = original;
    document.set(path.first(), inner);
    return document;
}

} // namespace

QByteArray writeDashboard(const Dashboard& dashboard)
{
    const Json document = dashboard.original.isNull() ? dashboard.migrated
                                                      : wrappedDocumentFor(dashboard.original, dashboard.migrated);
    return document.toUtf8(Json::Format::Indented);
}

QByteArray rewriteDashboard(const QByteArray& text, const Json& migrated)
{
    const Result<Json> original = Json::parse(text);
    if (!original || Internal::checkShape(*original))
        return migrated.toUtf8(Json::Format::Indented) + '\n';
    return rewriteJson(text, wrappedDocumentFor(*original, migrated));
}

} // namespace Promdeck
