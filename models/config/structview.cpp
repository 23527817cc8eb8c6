#include "models/config/checker.h"
#include "models/core/duration.h"

namespace Promdeck::Config {

StructView viewOf(const SchemaStruct& type, const YamlNode* node, TextSpan span, YamlDialect dialect)
{
    StructView view;
    view.type = &type;
    view.span = span;
    view.dialect = dialect;
    if (node && node->isMapping()) {
        view.node = node;
        for (const YamlEntry& entry : MapEntries(*node, dialect)) {
            if (entry.key->isScalar())
                view.values.insert_or_assign(entry.key->value, FoundValue {entry.key, entry.value, entry.valueSpan});
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
