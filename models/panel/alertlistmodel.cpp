#include "models/panel/alertlistmodel.h"

#include <QStringList>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kUsualLimit = 20;

enum Order { NameAscending = 1, NameDescending = 2, Importance = 3, OldestFirst = 4, NewestFirst = 5 };

Labels labelsOf(const Json& json)
{
    Labels labels;
    for (const auto& [name, value] : json.members())
        labels.insert(name, value.scalarText());
    return labels;
}

int rank(const QString& state)
{
    if (state == u"firing")
        return 0;
    if (state == u"error")
        return 1;
    return state == u"pending" ? 2 : 3;
}

const Field* named(const Frame& frame, QStringView name)
{
    for (const Field& field : frame.fields) {
        if (field.name == name)
            return &field;
    }
    return nullptr;
}

bool wanted(const Json& filter, const QString& state)
{
    if (filter.isNull())
        return state != u"normal";
    if (state == u"normal")
        return filter[u"normal"].toBool() || filter[u"inactive"].toBool();
    return filter[state].toBool();
}

std::vector<AlertItem> readAlerts(const PanelSpec& panel, const PanelData& data)
{
    std::vector<AlertItem> items;
    const Json& filter = panel.options[u"stateFilter"];
    for (const Frame& frame : data.frames) {
        if (frame.meta.type != u"alerts")
            continue;
        const Field* time = named(frame, u"Time");
        const Field* name = named(frame, u"alertname");
        const Field* state = named(frame, u"state");
        const Field* group = named(frame, u"group");
        const Field* labels = named(frame, u"labels");
        const Field* annotations = named(frame, u"annotations");
        // A transformation may have left other columns than the query brought.
        const bool whole = time && name && state && group && labels && annotations && time->values.isTimes()
            && name->values.isStrings() && state->values.isStrings() && group->values.isStrings() && labels->values.isMixed()
            && annotations->values.isMixed();
        if (!whole)
            continue;
        for (size_t row = 0; row < size_t(frame.length()); ++row) {
            AlertItem item;
            item.state = state->values.strings()[row];
            if (!wanted(filter, item.state))
                continue;
            item.name = name->values.strings()[row];
            item.sinceMs = time->values.times()[row];
            item.ruleGroup = group->values.strings()[row];
            item.labels = labelsOf(labels->values.mixed()[row]);
            item.annotations = labelsOf(annotations->values.mixed()[row]);
            items.push_back(std::move(item));
        }
    }
    return items;
}

void sortGroups(std::vector<AlertGroupItem>& groups, qint64 order)
{
    std::stable_sort(groups.begin(), groups.end(), [order](const AlertGroupItem& a, const AlertGroupItem& b) {
        switch (order) {
        case NameDescending: return a.title.localeAwareCompare(b.title) > 0;
        case Importance: return rank(a.state) < rank(b.state);
        case OldestFirst: return a.sinceMs < b.sinceMs;
        case NewestFirst: return a.sinceMs > b.sinceMs;
        default: return a.title.localeAwareCompare(b.title) < 0;
        }
    });
}

QString groupTitle(const AlertItem& item, const QStringList& by)
{
    if (by.isEmpty())
        return item.name;
    QStringList parts;
    for (const QString& label : by) {
        const QString value = item.labels.value(label);
        if (!value.isEmpty())
            parts << label + u'=' + value;
    }
    return parts.isEmpty() ? u"\u2013"_s : parts.join(u", "_s);
}

} // namespace

QString AlertItem::labelText() const
{
    QStringList parts;
    for (const auto& [label, value] : labels) {
        if (label != u"alertname")
            parts << label + u'=' + value;
    }
    return parts.join(u", "_s);
}

QString AlertItem::summary() const
{
    for (const QString& key : {u"summary"_s, u"message"_s, u"description"_s}) {
        const QString text = annotations.value(key);
        if (!text.isEmpty())
            return text;
    }
    return {};
}

AlertListModel alertListModel(const PanelSpec& panel, const PanelData& data)
{
    AlertListModel model;
    const Json& options = panel.options;
    model.asCount = options[u"viewMode"].toString() == u"stat";
    model.expanded = options[u"showInstances"].toBool();
    QStringList by;
    if (options[u"groupMode"].toString() == u"custom") {
        for (const Json& label : options[u"groupBy"].items())
            by << label.toString();
    }
    std::vector<AlertItem> items = readAlerts(panel, data);
    model.total = int(items.size());
    for (AlertItem& item : items) {
        const QString title = groupTitle(item, by);
        const QString key = by.isEmpty() ? item.ruleGroup + u'/' + title : title;
        const auto found = std::find_if(model.groups.begin(), model.groups.end(), [&](const AlertGroupItem& group) {
            return group.title == title && (!by.isEmpty() || group.alerts.front().ruleGroup + u'/' + title == key);
        });
        AlertGroupItem& group = found == model.groups.end() ? model.groups.emplace_back() : *found;
        group.title = title;
        if (group.alerts.empty() || rank(item.state) < rank(group.state))
            group.state = item.state;
        if (group.sinceMs == 0 || (item.sinceMs > 0 && item.sinceMs < group.sinceMs))
            group.sinceMs = item.sinceMs;
        group.alerts.push_back(std::move(item));
    }
    sortGroups(model.groups, options[u"sortOrder"].toInt(NameAscending));
    const qint64 limit = options[u"maxItems"].toInt(kUsualLimit);
    if (limit > 0 && qint64(model.groups.size()) > limit)
        model.groups.resize(size_t(limit));
    return model;
}

} // namespace Promdeck
