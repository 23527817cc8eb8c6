#include "models/config/schema.h"

#include <QFile>

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

TypeRef parseType(std::string_view text)
{
    using Kind = TypeRef::Kind;
    TypeRef type;
    if (text.starts_with('*')) {
        type.pointer = true;
        text.remove_prefix(1);
    }
    const bool list = text.starts_with("list<");
    if (list || text.starts_with("map<")) {
        const std::size_t open = text.find('<');
        type.kind = list ? Kind::List : Kind::Map;
        type.element = std::make_shared<TypeRef>(parseType(text.substr(open + 1, text.size() - open - 2)));
        return type;
    }
    static const std::pair<std::string_view, Kind> kScalars[] {
        {"string", Kind::String},         {"bool", Kind::Bool},           {"int", Kind::Int},
        {"uint", Kind::Uint},             {"float", Kind::Float},         {"duration", Kind::Duration},
        {"goduration", Kind::GoDuration}, {"amduration", Kind::AmDuration}, {"bytes", Kind::Bytes},
        {"url", Kind::Url},               {"regexp", Kind::Regexp},       {"labels", Kind::Labels},
        {"labelset", Kind::LabelSet},     {"labelname", Kind::LabelName}, {"any", Kind::Any}};
    for (const auto& [word, kind] : kScalars) {
        if (text == word) {
            type.kind = kind;
            return type;
        }
    }
    type.kind = text.starts_with('@') ? Kind::Custom : Kind::Struct;
    type.name = text;
    return type;
}

/// "2.45", or ">2.42" for a key that came somewhere behind that version.
KeySince parseSince(QByteArray text)
{
    KeySince since;
    since.exact = !text.startsWith('>');
    if (!since.exact)
        text.remove(0, 1);
    const QList<QByteArray> parts = text.split('.');
    since.version = {parts.value(0).toInt(), parts.value(1).toInt() + (since.exact ? 0 : 1)};
    return since;
}

void setSince(SchemaField& field, const std::string& owner, const QByteArray& text)
{
    const QList<QByteArray> both = text.split('/');
    if (both.size() == 2) {
        field.prometheus = parseSince(both[0]);
        field.alertmanager = parseSince(both[1]);
    } else {
        (owner.starts_with("alertmanager.") ? field.alertmanager : field.prometheus) = parseSince(text);
    }
}

} // namespace

const SchemaField* SchemaStruct::find(std::string_view key) const
{
    const auto found = std::find_if(fields.begin(), fields.end(), [key](const SchemaField& field) { return field.key == key; });
    return found == fields.end() ? nullptr : &*found;
}

const Schema& Schema::instance()
{
    static const Schema schema;
    return schema;
}

Schema::Schema()
{
    QFile file(u":/promdeck/schemas/config.schema"_s);
    if (file.open(QIODevice::ReadOnly))
        readText(file.readAll());
    link();
}

const SchemaStruct* Schema::find(const std::string& name) const
{
    return m_structs.value(QByteArray::fromStdString(name)).get();
}

void Schema::readText(const QByteArray& text)
{
    std::shared_ptr<SchemaStruct> current;
    for (const QByteArray& line : text.split('\n')) {
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        if (!line.startsWith(' ')) {
            current = std::make_shared<SchemaStruct>();
            current->name = line.toStdString();
            m_structs.insert(line, current);
            continue;
        }
        const QByteArray field = line.trimmed();
        const qsizetype blank = field.indexOf(' ');
        const std::string key = field.left(blank).toStdString();
        const qsizetype sinceAt = field.indexOf(" since:");
        const std::string type = field.mid(blank + 1, sinceAt < 0 ? -1 : sinceAt - blank - 1).toStdString();
        if (key == "<inline>")
            m_inlines.emplace_back(current.get(), type);
        else if (key == "<any>")
            current->any = std::make_shared<TypeRef>(parseType(type));
        else
            current->fields.push_back({key, parseType(type), {}, {}});
        if (sinceAt >= 0 && !current->fields.empty())
            setSince(current->fields.back(), current->name, field.mid(sinceAt + 7));
    }
}

void Schema::link(TypeRef& type)
{
    if (type.kind == TypeRef::Kind::Struct)
        type.target = find(type.name);
    if (type.element) {
        auto element = std::make_shared<TypeRef>(*type.element);
        link(*element);
        type.element = std::move(element);
    }
}

void Schema::link()
{
    for (const auto& item : m_structs) {
        for (SchemaField& field : item->fields)
            link(field.type);
        if (item->any)
            link(*item->any);
    }
    // Inlined structs may inline others: repeat until nothing is left to merge.
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& [owner, name] : m_inlines) {
            const SchemaStruct* source = find(name);
            if (!source || std::find(owner->inlined.begin(), owner->inlined.end(), source) != owner->inlined.end())
                continue;
            const bool waits = std::any_of(m_inlines.begin(), m_inlines.end(), [&](const auto& other) {
                const SchemaStruct* inner = find(other.second);
                return other.first == source
                    && std::find(source->inlined.begin(), source->inlined.end(), inner) == source->inlined.end();
            });
            if (waits)
                continue;
            owner->inlined.push_back(source);
            owner->inlined.insert(owner->inlined.end(), source->inlined.begin(), source->inlined.end());
            for (const SchemaField& field : source->fields) {
                if (!owner->find(field.key))
                    owner->fields.push_back(field);
            }
            changed = true;
        }
    }
}

} // namespace Promdeck::Config
