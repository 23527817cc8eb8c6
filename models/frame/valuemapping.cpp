#include "models/frame/valuemapping.h"

#include "models/core/types.h"
#include "models/frame/jsnumber.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

MappingTable::MappingTable(const std::vector<ValueMapping>& mappings)
{
    for (const ValueMapping& mapping : mappings) {
        Rule rule {mapping, {}, {}, {}};
        for (const auto& [key, result] : mapping.values) {
            rule.byText.insert(key, result);
            // A number finds its entry only when it prints exactly like the key ("1", not "1.0").
            const double number = Js::toNumber(key);
            if (!std::isnan(number) && Js::numberText(number) == key)
                rule.byNumber.insert(number == 0 ? 0 : number, result);
        }
        if (mapping.type == ValueMapping::Type::Regex)
            rule.regex = JsRegex::parse(mapping.pattern);
        m_rules.push_back(std::move(rule));
    }
}

bool MappingTable::inRange(const ValueMapping& mapping, double value)
{
    if (std::isnan(value))
        return false;
    return !(mapping.from && value < *mapping.from) && !(mapping.to && value > *mapping.to);
}

std::optional<MappingResult> MappingTable::find(double value) const
{
    const bool null = Promdeck::isNull(value);
    const bool nan = !null && std::isnan(value);
    for (const Rule& rule : m_rules) {
        const ValueMapping& mapping = rule.mapping;
        switch (mapping.type) {
        case ValueMapping::Type::Value:
            if (nan) {
                if (const auto it = rule.byText.constFind(u"NaN"_s); it != rule.byText.cend())
                    return *it;
            } else if (!null) {
                if (const auto it = rule.byNumber.constFind(value == 0 ? 0 : value); it != rule.byNumber.cend())
                    return *it;
            }
            break;
        case ValueMapping::Type::Range:
            if (!null && inRange(mapping, value))
                return mapping.result;
            break;
        case ValueMapping::Type::Special:
            if ((null && (mapping.match == "null"_L1 || mapping.match == "null+nan"_L1))
                || (nan && (mapping.match == "nan"_L1 || mapping.match == "null+nan"_L1))) {
                return mapping.result;
            }
            break;
        case ValueMapping::Type::Regex: break; // texts only
        }
    }
    return std::nullopt;
}

std::optional<MappingResult> MappingTable::find(const QString& value) const
{
    if (value.isNull())
        return find(kNull);
    for (const Rule& rule : m_rules) {
        const ValueMapping& mapping = rule.mapping;
        switch (mapping.type) {
        case ValueMapping::Type::Value:
            if (const auto it = rule.byText.constFind(value); it != rule.byText.cend())
                return *it;
            break;
        case ValueMapping::Type::Range:
            if (inRange(mapping, Js::parseFloat(value)))
                return mapping.result;
            break;
        case ValueMapping::Type::Regex:
            if (rule.regex && rule.regex->test(value)) {
                MappingResult result = mapping.result;
                if (!result.text.isNull())
                    result.text = rule.regex->replace(value, mapping.result.text);
                return result;
            }
            break;
        case ValueMapping::Type::Special: {
            const bool asked = mapping.match == "nan"_L1 || mapping.match == "null+nan"_L1;
            if ((asked && std::isnan(Js::toNumber(value))) || (mapping.match == "empty"_L1 && value.isEmpty())
                || (value == mapping.match && (value == "true"_L1 || value == "false"_L1))) {
                return mapping.result;
            }
            break;
        }
        }
    }
    return std::nullopt;
}

std::optional<MappingResult> MappingTable::find(bool value) const
{
    const QString text = value ? u"true"_s : u"false"_s;
    for (const Rule& rule : m_rules) {
        if (rule.mapping.type == ValueMapping::Type::Value) {
            if (const auto it = rule.byText.constFind(text); it != rule.byText.cend())
                return *it;
        } else if (rule.mapping.type == ValueMapping::Type::Special && rule.mapping.match == text) {
            return rule.mapping.result;
        }
    }
    return std::nullopt;
}

} // namespace Promdeck
