#include "provisioning/deploy/semanticdiff.h"

#include "models/config/configtext.h"
#include "models/config/yamldocument.h"

#include <QFile>

#include <algorithm>
#include <map>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::FileKind;
using Config::YamlDocument;
using Config::YamlEntry;
using Config::YamlItem;
using Config::YamlNode;

namespace {

/// A node as one text that is equal for equal values: keys sorted, styles and comments gone.
void canonical(const YamlNode& node, std::string& out, int depth)
{
    if (depth > 60)
        return;
    if (node.isScalar()) {
        out += node.style == YamlNode::Style::Plain ? 'p' : 's';
        out += std::to_string(node.value.size()) + ':' + node.value;
    } else if (node.isSequence()) {
        out += '[';
        for (const YamlItem& item : node.items)
            canonical(*item.value, out, depth + 1);
        out += ']';
    } else {
        std::map<std::string, const YamlNode*> sorted;
        for (const YamlEntry& entry : node.entries)
            sorted[entry.key->value] = entry.value;
        out += '{';
        for (const auto& [key, value] : sorted) {
            out += std::to_string(key.size()) + ':' + key;
            canonical(*value, out, depth + 1);
        }
        out += '}';
    }
}

std::string canonical(const YamlNode* node)
{
    std::string out;
    if (node)
        canonical(*node, out, 0);
    return out;
}

struct Thing
{
    QString what;
    QString name;
    const YamlNode* node = nullptr;
};
using Things = std::vector<Thing>;

const YamlNode* at(const YamlNode* node, std::string_view key)
{
    const YamlEntry* entry = node && node->isMapping() ? node->find(key) : nullptr;
    return entry ? entry->value : nullptr;
}

QString scalar(const YamlNode* node)
{
    return node && node->isScalar() ? Config::text(node->value) : QString();
}

/// Every item of a list by one of its keys.
void addList(Things& out, const YamlNode* list, const QString& what, std::string_view nameKey)
{
    if (!list || !list->isSequence())
        return;
    int index = 0;
    for (const YamlItem& item : list->items) {
        ++index;
        const QString name = nameKey.empty() ? QString::number(index) : scalar(at(item.value, nameKey));
        out.push_back({what, name.isEmpty() ? u"#"_s + QString::number(index) : name, item.value});
    }
}

/// The keys of a mapping, apart from those that are listed by themselves.
void addKeys(Things& out, const YamlNode* mapping, const QString& what, const QStringList& except = {})
{
    if (!mapping || !mapping->isMapping())
        return;
    for (const YamlEntry& entry : mapping->entries) {
        const QString key = Config::text(entry.key->value);
        if (!except.contains(key))
            out.push_back({what, key, entry.value});
    }
}

void addRules(Things& out, const YamlNode* root)
{
    const YamlNode* groups = at(root, "groups");
    if (!groups || !groups->isSequence())
        return;
    for (const YamlItem& group : groups->items) {
        const QString groupName = scalar(at(group.value, "name"));
        if (const YamlNode* rules = at(group.value, "rules"); rules && rules->isSequence()) {
            for (const YamlItem& rule : rules->items) {
                const bool alert = at(rule.value, "alert") != nullptr;
                out.push_back({alert ? u"alert"_s : u"record"_s, groupName + u'/' + scalar(at(rule.value, alert ? "alert" : "record")), rule.value});
            }
        }
        for (const char* key : {"interval", "limit", "query_offset", "labels"}) {
            if (const YamlNode* value = at(group.value, key))
                out.push_back({u"group setting"_s, groupName + u'/' + QString::fromLatin1(key), value});
        }
    }
}

void addRoutes(Things& out, const YamlNode* route, const QString& path)
{
    if (!route || !route->isMapping())
        return;
    const YamlNode* matchers = at(route, "matchers");
    QString name = path;
    if (matchers && matchers->isSequence()) {
        QStringList parts;
        for (const YamlItem& item : matchers->items)
            parts << scalar(item.value);
        name += u'{' + parts.join(u',') + u'}';
    }
    out.push_back({u"route"_s, name, route});
    if (const YamlNode* children = at(route, "routes"); children && children->isSequence()) {
        int index = 0;
        for (const YamlItem& child : children->items)
            addRoutes(out, child.value, path + u'/' + QString::number(++index));
    }
}

void addTargets(Things& out, const YamlNode* root)
{
    if (!root || !root->isSequence())
        return;
    for (const YamlItem& group : root->items) {
        const YamlNode* targets = at(group.value, "targets");
        if (!targets || !targets->isSequence())
            continue;
        for (const YamlItem& target : targets->items)
            out.push_back({u"target"_s, scalar(target.value), at(group.value, "labels")});
    }
}

Things thingsOf(FileKind kind, const YamlNode* root)
{
    Things out;
    switch (kind) {
    case FileKind::Prometheus:
    case FileKind::ScrapeConfigs:
        addList(out, at(root, "scrape_configs"), u"job"_s, "job_name");
        addKeys(out, at(root, "global"), u"global setting"_s);
        addKeys(out, root, u"section"_s, {u"scrape_configs"_s, u"global"_s});
        break;
    case FileKind::Rules: addRules(out, root); break;
    case FileKind::Alertmanager:
        addList(out, at(root, "receivers"), u"receiver"_s, "name");
        addRoutes(out, at(root, "route"), u"root"_s);
        addList(out, at(root, "time_intervals"), u"time interval"_s, "name");
        addList(out, at(root, "mute_time_intervals"), u"time interval"_s, "name");
        addKeys(out, at(root, "global"), u"global setting"_s);
        addKeys(out, root, u"section"_s, {u"receivers"_s, u"route"_s, u"time_intervals"_s, u"mute_time_intervals"_s, u"global"_s});
        break;
    case FileKind::Blackbox: addKeys(out, at(root, "modules"), u"module"_s); break;
    case FileKind::FileSd: addTargets(out, root); break;
    case FileKind::Web:
        addKeys(out, at(root, "basic_auth_users"), u"user"_s);
        addKeys(out, root, u"section"_s, {u"basic_auth_users"_s});
        break;
    default: break;
    }
    return out;
}

/// What of a thing is compared: a route without its children, which are routes of their own.
std::string valueOf(const Thing& thing)
{
    if (thing.what != u"route" || !thing.node->isMapping())
        return canonical(thing.node);
    std::string out;
    for (const YamlEntry& entry : thing.node->entries) {
        if (entry.key->value != "routes")
            out += entry.key->value + '=' + canonical(entry.value);
    }
    return out;
}

QStringList changedKeys(const YamlNode* before, const YamlNode* after)
{
    QStringList keys;
    if (!before || !after || !before->isMapping() || !after->isMapping())
        return keys;
    for (const YamlEntry& entry : before->entries) {
        if (entry.key->value != "routes" && canonical(entry.value) != canonical(at(after, entry.key->value)))
            keys << Config::text(entry.key->value);
    }
    for (const YamlEntry& entry : after->entries) {
        if (entry.key->value != "routes" && !before->find(entry.key->value))
            keys << Config::text(entry.key->value);
    }
    return keys;
}

} // namespace

FileKind kindOfContent(const QByteArray& path, const QByteArray& content)
{
    const YamlDocument document = YamlDocument::parse({content.constData(), std::size_t(content.size())});
    return Config::guessKind(QFile::decodeName(path), document);
}

std::vector<SemanticChange> semanticDiff(FileKind kind, const QByteArray& before, const QByteArray& after)
{
    const YamlDocument oldText = YamlDocument::parse({before.constData(), std::size_t(before.size())});
    const YamlDocument newText = YamlDocument::parse({after.constData(), std::size_t(after.size())});
    if (!oldText.ok() || !newText.ok())
        return {};
    const Things was = thingsOf(kind, oldText.root());
    const Things is = thingsOf(kind, newText.root());
    // Names may repeat (a rule for each severity): the n-th of a name is compared with the n-th.
    using Key = std::tuple<QString, QString, int>;
    const auto keyed = [](const Things& things) {
        std::map<Key, const Thing*> out;
        for (const Thing& thing : things) {
            int n = 0;
            while (out.contains({thing.what, thing.name, n}))
                ++n;
            out[{thing.what, thing.name, n}] = &thing;
        }
        return out;
    };
    const auto oldThings = keyed(was);
    const auto newThings = keyed(is);
    std::vector<SemanticChange> out;
    for (const auto& [key, thing] : oldThings) {
        const auto now = newThings.find(key);
        if (now == newThings.end())
            out.push_back({SemanticChange::Kind::Removed, thing->what, thing->name, {}});
        else if (valueOf(*thing) != valueOf(*now->second))
            out.push_back({SemanticChange::Kind::Changed, thing->what, thing->name, changedKeys(thing->node, now->second->node)});
    }
    for (const auto& [key, thing] : newThings) {
        if (!oldThings.contains(key))
            out.push_back({SemanticChange::Kind::Added, thing->what, thing->name, {}});
    }
    return out;
}

} // namespace Promdeck::Deploy
