#include "models/config/yamlscalar.h"

#include <charconv>
#include <initializer_list>
#include <limits>

namespace Promdeck::Config {

namespace {

using Type = ResolvedScalar::Type;

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> list)
{
    for (const std::string_view item : list) {
        if (text == item)
            return true;
    }
    return false;
}

/// The words of YAML 1.1 beyond true and false: 1 yes, 0 no, -1 neither.
int oldBoolWord(std::string_view text)
{
    if (isOneOf(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}))
        return 1;
    return isOneOf(text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF"}) ? 0 : -1;
}

std::optional<ResolvedScalar> resolveWord(std::string_view text, YamlDialect dialect)
{
    constexpr std::size_t kLongestWord = 5; // false, +.inf
    if (text.size() > kLongestWord)
        return {};
    ResolvedScalar out;
    if (isOneOf(text, {"", "~", "null", "Null", "NULL"})) {
        out.type = Type::Null;
        return out;
    }
    const int word = dialect == YamlDialect::V2 ? oldBoolWord(text) : -1;
    const bool yes = word == 1 || isOneOf(text, {"true", "True", "TRUE"});
    if (yes || word == 0 || isOneOf(text, {"false", "False", "FALSE"})) {
        out.type = Type::Bool;
        out.boolean = yes;
        return out;
    }
    if (isOneOf(text, {".nan", ".NaN", ".NAN"})) {
        out.type = Type::Float;
        out.number = std::numeric_limits<double>::quiet_NaN();
        return out;
    }
    if (isOneOf(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"})) {
        out.type = Type::Float;
        out.number = std::numeric_limits<double>::infinity() * (text.front() == '-' ? -1 : 1);
        return out;
    }
    if (text == "<<") {
        out.type = Type::Merge;
        return out;
    }
    return {};
}

struct Magnitude
{
    std::uint64_t value = 0;
    bool negative = false;
};

/// An integer literal of Go with its base prefix; underscores are gone already.
std::optional<Magnitude> parseGoInteger(std::string_view text)
{
    Magnitude out;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        out.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    int base = 10;
    if (text.size() > 1 && text.front() == '0') {
        const char kind = char(text[1] | 0x20);
        base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
        text.remove_prefix(kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1);
    }
    if (text.empty() || text.front() == '-')
        return {};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), out.value, base);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size())
        return {};
    return out;
}

std::size_t skipDigits(std::string_view text, std::size_t& at)
{
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    return at - start;
}

/// Sign, digits with an optional point, optional exponent.
bool looksLikeFloat(std::string_view text)
{
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        ++at;
    const std::size_t whole = skipDigits(text, at);
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (skipDigits(text, at) == 0 && whole == 0)
            return false;
    } else if (whole == 0) {
        return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        if (skipDigits(text, at) == 0)
            return false;
    }
    return at == text.size();
}

/// Four digits of a year, month and day, perhaps a time: near enough to tell a timestamp from a string.
bool looksLikeTimestamp(std::string_view text)
{
    std::size_t at = 0;
    if (skipDigits(text, at) != 4 || at >= text.size() || text[at++] != '-')
        return false;
    const std::size_t month = skipDigits(text, at);
    if (month < 1 || month > 2 || at >= text.size() || text[at++] != '-')
        return false;
    const std::size_t day = skipDigits(text, at);
    if (day < 1 || day > 2)
        return false;
    if (at == text.size())
        return month == 2 && day == 2;
    if (!isOneOf(text.substr(at, 1), {"T", "t", " "}))
        return false;
    return text.substr(at + 1).find_first_not_of("0123456789:.Zz+- ") == std::string_view::npos;
}

ResolvedScalar resolveNumber(std::string_view text)
{
    ResolvedScalar out;
    std::string plain(text);
    std::erase(plain, '_');
    if (const auto integer = parseGoInteger(plain)) {
        constexpr auto kMax = std::uint64_t(std::numeric_limits<std::int64_t>::max());
        if (integer->negative ? integer->value <= kMax + 1 : integer->value <= kMax) {
            out.type = Type::Int;
            out.unsignedInteger = integer->value;
            out.integer = std::int64_t(integer->negative ? 0 - integer->value : integer->value);
            return out;
        }
        if (!integer->negative) {
            out.type = Type::Uint;
            out.unsignedInteger = integer->value;
            return out;
        }
    }
    if (looksLikeFloat(plain)) {
        const char* begin = plain.data() + (plain.front() == '+' ? 1 : 0);
        if (std::from_chars(begin, plain.data() + plain.size(), out.number).ec == std::errc())
            out.type = Type::Float;
    }
    return out;
}

} // namespace

ResolvedScalar resolveScalar(const YamlNode& scalar, YamlDialect dialect)
{
    if (scalar.tag.empty() && scalar.style != YamlNode::Style::Plain)
        return {};
    constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
    std::string_view tag = scalar.tag;
    if (tag.starts_with(kPrefix))
        tag.remove_prefix(kPrefix.size());
    ResolvedScalar out;
    if (tag == "binary") {
        out.type = Type::Binary;
        return out;
    }
    static constexpr std::string_view kResolved[] {"", "int", "float", "bool", "null", "timestamp", "merge"};
    if (std::find(std::begin(kResolved), std::end(kResolved), tag) == std::end(kResolved))
        return out; // a string to go-yaml, whatever the tag means elsewhere
    if (tag == "str" || tag == "!" || (tag.empty() && scalar.style != YamlNode::Style::Plain))
        return out;
    const std::string_view text = scalar.value;
    if (const auto word = resolveWord(text, dialect))
        return *word;
    const char first = text.front();
    const bool digit = first >= '0' && first <= '9';
    if (!digit && first != '+' && first != '-' && first != '.')
        return out;
    if (digit && looksLikeTimestamp(text)) {
        out.type = Type::Timestamp;
        return out;
    }
    return resolveNumber(text);
}

bool contradictsTag(const YamlNode& scalar, YamlDialect dialect)
{
    if (scalar.tag.empty() || !scalar.isScalar())
        return false;
    using enum ResolvedScalar::Type; // not by the alias: clang 14 refuses that
    const auto is = [&scalar](std::string_view tag) { return scalar.tag.ends_with(tag) && scalar.tag.starts_with("tag:yaml.org,2002:"); };
    const Type type = resolveScalar(scalar, dialect).type;
    return (is(":int") && type != Int && type != Uint) || (is(":float") && type != Float && type != Int && type != Uint)
        || (is(":bool") && type != Bool) || (is(":null") && type != Null) || (is(":timestamp") && type != Timestamp);
}

std::string_view shortTag(const YamlNode& node, YamlDialect dialect)
{
    if (!node.isScalar())
        return node.isMapping() ? "!!map" : "!!seq";
    switch (resolveScalar(node, dialect).type) {
    case Type::Null: return "!!null";
    case Type::Bool: return "!!bool";
    case Type::Int:
    case Type::Uint: return "!!int";
    case Type::Float: return "!!float";
    case Type::Timestamp: return "!!timestamp";
    case Type::Merge: return "!!merge";
    case Type::Binary: return "!!binary";
    case Type::String: break;
    }
    return "!!str";
}

std::optional<bool> asBool(const YamlNode& scalar, YamlDialect dialect)
{
    if (!scalar.isScalar())
        return {};
    const ResolvedScalar value = resolveScalar(scalar, dialect);
    if (value.type == Type::Bool)
        return value.boolean;
    // v3 still takes the old words where the field is a bool, quoted or not.
    const int word = dialect == YamlDialect::V3 && value.type == Type::String ? oldBoolWord(scalar.value) : -1;
    return word < 0 ? std::nullopt : std::optional<bool>(word == 1);
}

std::optional<std::int64_t> asInt(const YamlNode& scalar, YamlDialect dialect)
{
    if (!scalar.isScalar())
        return {};
    const ResolvedScalar value = resolveScalar(scalar, dialect);
    if (value.type == Type::Int)
        return value.integer;
    if (value.type == Type::Float && value.number < 9.2233720368547758e18 && value.number > -9.2233720368547758e18)
        return std::int64_t(value.number);
    return {};
}

std::optional<std::uint64_t> asUint(const YamlNode& scalar, YamlDialect dialect)
{
    if (!scalar.isScalar())
        return {};
    const ResolvedScalar value = resolveScalar(scalar, dialect);
    if ((value.type == Type::Int && value.integer >= 0) || value.type == Type::Uint)
        return value.unsignedInteger;
    if (value.type == Type::Float && value.number >= 0 && value.number < 1.8446744073709552e19)
        return std::uint64_t(value.number);
    return {};
}

std::optional<double> asFloat(const YamlNode& scalar, YamlDialect dialect)
{
    if (!scalar.isScalar())
        return {};
    const ResolvedScalar value = resolveScalar(scalar, dialect);
    switch (value.type) {
    case Type::Int: return double(value.integer);
    case Type::Uint: return double(value.unsignedInteger);
    case Type::Float: return value.number;
    default: return {};
    }
}

bool isNullNode(const YamlNode* node, YamlDialect dialect)
{
    return !node || (node->isScalar() && resolveScalar(*node, dialect).type == Type::Null);
}

std::optional<std::vector<const YamlNode*>> mergedMappings(const YamlEntry& merge)
{
    const YamlNode& value = *merge.value;
    if (value.isMapping())
        return std::vector<const YamlNode*> {&value};
    const bool isAlias = merge.valueSpan.start != value.span.start;
    if (!value.isSequence() || isAlias)
        return {};
    std::vector<const YamlNode*> mappings;
    for (const YamlItem& item : value.items) {
        if (!item.value->isMapping())
            return {};
        mappings.push_back(item.value);
    }
    return mappings;
}

MapEntries::MapEntries(const YamlNode& mapping, YamlDialect dialect) : m_entries(&mapping.entries)
{
    const bool merges = std::any_of(mapping.entries.begin(), mapping.entries.end(),
                                    [dialect](const YamlEntry& entry) { return isMergeKey(*entry.key, dialect); });
    if (!merges)
        return;
    add(mapping, dialect, 0);
    m_entries = &m_merged;
}

void MapEntries::add(const YamlNode& mapping, YamlDialect dialect, int depth)
{
    constexpr int kMaxDepth = 20;
    if (depth > kMaxDepth)
        return;
    const auto known = [this](const YamlNode& key) {
        return std::any_of(m_merged.begin(), m_merged.end(), [&key](const YamlEntry& entry) { return entry.key->value == key.value; });
    };
    const bool inOrder = dialect == YamlDialect::V2;
    for (const YamlEntry& entry : mapping.entries) {
        const bool merge = isMergeKey(*entry.key, dialect);
        if (merge && inOrder) {
            auto mappings = mergedMappings(entry).value_or(std::vector<const YamlNode*>());
            for (auto one = mappings.rbegin(); one != mappings.rend(); ++one)
                add(**one, dialect, depth + 1);
        } else if (!merge && (depth == 0 || inOrder || !known(*entry.key))) {
            m_merged.push_back(entry);
        }
    }
    if (inOrder)
        return;
    for (const YamlEntry& entry : mapping.entries) {
        if (!isMergeKey(*entry.key, dialect))
            continue;
        const auto mappings = mergedMappings(entry).value_or(std::vector<const YamlNode*>());
        for (const YamlNode* one : mappings)
            add(*one, dialect, depth + 1);
    }
}

} // namespace Promdeck::Config
