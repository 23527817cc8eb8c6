#include "models/dashboard/migration/migration.h"

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

Json modelOf(const Json& elements, const QString& uid)
{
    if (elements.isObject())
        return elements[uid][u"model"];
    for (const Json& element : elements.items()) {
        if (element[u"uid"].toString() == uid)
            return element[u"model"];
    }
    return {};
}

} // namespace

void takeLibraryPanel(Json& panel, const Json& elements)
{
    const Json reference = panel[u"libraryPanel"];
    if (!reference.isObject() || !panel[u"type"].toString().isEmpty())
        return;
    Json model = reference[u"model"];
    if (!model.isObject())
        model = modelOf(elements, reference[u"uid"].toString());
    // Place and number are the dashboard's, the rest is the library's.
    for (const auto& [name, value] : model.members()) {
        if (!panel.contains(name) && name != u"gridPos" && name != u"id" && name != u"libraryPanel")
            panel.set(name, value);
    }
    if (panel[u"title"].scalarText().isEmpty())
        panel.set(u"title"_s, reference[u"name"].scalarText());
    if (panel[u"type"].toString().isEmpty())
        panel.set(u"type"_s, u"library-panel-ref"_s); // Grafana's own name for one it has not loaded
}

} // namespace Promdeck::Migration
