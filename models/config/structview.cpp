#include "models/config/checker.h"
#include "models/core/duration.h"

#include <algorithm>

namespace Promdeck::Config {

namespace {

// More of them are looked up by their hash, so that a mapping with a hundred thousand keys stays cheap.
constexpr std::size_t kFew = 24;

} // namespace

bool SeenNames::insert(std::string_view name)
{
    if (contains(name))
        return false;
    m_names.push_back(name);
    if (m_names.size() == kFew)
        m_hashed.insert(m_names.begin(), m_names.end());
    else if (m_names.size() > kFew)
        m_hashed.insert(name);
    return true;
}

bool SeenNames::contains(std::string_view name) const
{
    return m_hashed.empty() ? std::find(m_names.begin(), m_names.end(), name) != m_names.end() : m_hashed.contains(name);
}

void SeenNames::clear()
{
    m_names.clear();
    m_hashed.clear();
}

std::vector<FoundValues::Entry>::const_iterator FoundValues::find(std::string_view key) const
{
    if (m_index.empty())
        return std::find_if(m_entries.begin(), m_entries.end(), [key](const Entry& one) { return one.first == key; });
    const auto known = m_index.find(key);
    return known == m_index.end() ? m_entries.end() : m_entries.begin() + std::ptrdiff_t(known->second);
}

void FoundValues::insertOrAssign(std::string_view key, const FoundValue& value)
{
    const auto known = find(key);
    if (known != m_entries.end()) {
        m_entries[std::size_t(known - m_entries.begin())].second = value;
        return;
    }
    m_entries.emplace_back(key, value);
    if (m_entries.size() == kFew) {
        for (std::size_t i = 0; i < m_entries.size(); ++i)
            m_index.emplace(m_entries[i].first, i);
    } else if (m_entries.size() > kFew) {
        m_index.emplace(key, m_entries.size() - 1);
    }
}

StructView viewOf(const SchemaStruct& type, const YamlNode* node, TextSpan span, YamlDialect dialect)
{
    StructView view;
    view.type = &type;
    view.span = span;
    view.dialect = dialect;
    if (node && node->isMapping()) {
        view.node = node;
        view.values.reserve(node->entries.size());
        for (const YamlEntry& entry : MapEntries(*node, dialect)) {
            if (entry.key->isScalar())
                view.values.insertOrAssign(entry.key->value, FoundValue {entry.key, entry.value, entry.valueSpan});
        }
    }
    return view;
}

const FoundValue* StructView::find(std::string_view key) const
{
    const auto found = values.find(key);
    if (found == values.end() || isNullNode(found->second.node, dialect))
        return nullptr;
    return &found->second;
}

std::string StructView::string(std::string_view key) const
{
    const FoundValue* found = find(key);
    return found && found->node->isScalar() ? found->node->value : std::string();
}

bool StructView::boolean(std::string_view key, bool fallback) const
{
    const FoundValue* found = find(key);
    return found ? asBool(*found->node, dialect).value_or(fallback) : fallback;
}

std::optional<std::int64_t> StructView::durationMs(std::string_view key) const
{
    const FoundValue* found = find(key);
    return found && found->node->isScalar() ? parsePrometheusDuration(found->node->value) : std::nullopt;
}

std::optional<std::int64_t> StructView::integer(std::string_view key) const
{
    const FoundValue* found = find(key);
    return found ? asInt(*found->node, dialect) : std::nullopt;
}

std::optional<std::uint64_t> StructView::unsignedInteger(std::string_view key) const
{
    const FoundValue* found = find(key);
    return found ? asUint(*found->node, dialect) : std::nullopt;
}

std::optional<double> StructView::number(std::string_view key) const
{
    const FoundValue* found = find(key);
    return found ? asFloat(*found->node, dialect) : std::nullopt;
}

StructView StructView::structAt(std::string_view key) const
{
    const SchemaField* field = type ? type->find(key) : nullptr;
    const FoundValue* found = find(key);
    if (!field || !field->type.target)
        return {};
    return viewOf(*field->type.target, found ? found->node : nullptr, found ? found->span : span, dialect);
}

std::vector<StructView> StructView::structsAt(std::string_view key) const
{
    std::vector<StructView> out;
    const SchemaField* field = type ? type->find(key) : nullptr;
    const FoundValue* found = find(key);
    if (!field || !found || !field->type.element || !field->type.element->target)
        return out;
    for (const YamlItem& item : found->node->items) {
        if (item.value->isMapping())
            out.push_back(viewOf(*field->type.element->target, item.value, item.span, dialect));
    }
    return out;
}

std::vector<FoundValue> StructView::listAt(std::string_view key) const
{
    std::vector<FoundValue> out;
    if (const FoundValue* found = find(key)) {
        for (const YamlItem& item : found->node->items) {
            if (item.value->isScalar())
                out.push_back({nullptr, item.value, item.span});
        }
    }
    return out;
}

TextSpan StructView::spanOf(std::string_view key) const
{
    const auto found = values.find(key);
    return found == values.end() ? span : found->second.span;
}

TextSpan StructView::keySpan(std::string_view key) const
{
    const auto found = values.find(key);
    return found == values.end() ? span : found->second.key->span;
}

} // namespace Promdeck::Config
