#include "models/config/templates/govalue.h"

#include <algorithm>

namespace Promdeck::Config {

namespace {

template <typename T>
const T& shared(const std::shared_ptr<const T>* pointer)
{
    static const T empty;
    return pointer && *pointer ? **pointer : empty;
}

} // namespace

GoValue GoValue::nil()
{
    GoValue out;
    out.m_kind = Kind::Nil;
    out.m_type = "nil";
    return out;
}

GoValue GoValue::boolean(bool value)
{
    GoValue out;
    out.m_kind = Kind::Bool;
    out.m_type = "bool";
    out.m_data = value;
    return out;
}

GoValue GoValue::integer(std::int64_t value, std::string type)
{
    GoValue out;
    out.m_kind = Kind::Int;
    out.m_type = std::move(type);
    out.m_data = value;
    return out;
}

GoValue GoValue::number(double value)
{
    GoValue out;
    out.m_kind = Kind::Float;
    out.m_type = "float64";
    out.m_data = value;
    return out;
}

GoValue GoValue::string(std::string value, std::string type)
{
    GoValue out;
    out.m_kind = Kind::String;
    out.m_type = std::move(type);
    out.m_data = std::move(value);
    return out;
}

GoValue GoValue::list(Items items, std::string element, std::string type)
{
    GoValue out;
    out.m_kind = Kind::List;
    out.m_type = type.empty() ? "[]" + element : std::move(type);
    out.m_element = std::move(element);
    out.m_data = std::make_shared<const Items>(std::move(items));
    return out;
}

GoValue GoValue::map(Map map, std::string element, std::string type)
{
    GoValue out = nilMap(std::move(element), std::move(type));
    out.m_data = std::make_shared<const Map>(std::move(map));
    return out;
}

GoValue GoValue::nilMap(std::string element, std::string type)
{
    GoValue out;
    out.m_kind = Kind::Map;
    out.m_type = type.empty() ? "map[string]" + element : std::move(type);
    out.m_element = std::move(element);
    out.m_data = std::shared_ptr<const Map>();
    return out;
}

GoValue GoValue::record(Fields fields, std::string type)
{
    GoValue out;
    out.m_kind = Kind::Struct;
    out.m_type = std::move(type);
    out.m_data = std::make_shared<const Fields>(std::move(fields));
    return out;
}

GoValue GoValue::time(GoTime time)
{
    GoValue out;
    out.m_kind = Kind::Time;
    out.m_type = "time.Time";
    out.m_data = std::move(time);
    return out;
}

GoValue GoValue::duration(std::int64_t nanoseconds)
{
    GoValue out;
    out.m_kind = Kind::Duration;
    out.m_type = "time.Duration";
    out.m_data = nanoseconds;
    return out;
}

GoValue GoValue::strings(const std::vector<std::string>& items)
{
    Items out;
    out.reserve(items.size());
    for (const std::string& item : items)
        out.push_back(string(item));
    return list(std::move(out), "string");
}

bool GoValue::isNil() const
{
    if (const auto* map = std::get_if<std::shared_ptr<const Map>>(&m_data))
        return !*map;
    return m_kind == Kind::Nil;
}

bool GoValue::toBool() const
{
    const bool* value = std::get_if<bool>(&m_data);
    return value && *value;
}

std::int64_t GoValue::toInt() const
{
    const auto* value = std::get_if<std::int64_t>(&m_data);
    return value ? *value : 0;
}

double GoValue::toDouble() const
{
    const double* value = std::get_if<double>(&m_data);
    return value ? *value : double(toInt());
}

const std::string& GoValue::toString() const
{
    static const std::string empty;
    const auto* value = std::get_if<std::string>(&m_data);
    return value ? *value : empty;
}

const GoValue::Items& GoValue::items() const
{
    return shared(std::get_if<std::shared_ptr<const Items>>(&m_data));
}

const GoValue::Map& GoValue::entries() const
{
    return shared(std::get_if<std::shared_ptr<const Map>>(&m_data));
}

const GoValue::Fields& GoValue::fields() const
{
    return shared(std::get_if<std::shared_ptr<const Fields>>(&m_data));
}

GoTime GoValue::toTime() const
{
    const auto* value = std::get_if<GoTime>(&m_data);
    return value ? *value : GoTime();
}

const GoValue* GoValue::field(std::string_view name) const
{
    const Fields& all = fields();
    const auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.first == name; });
    return found == all.end() ? nullptr : &found->second;
}

const GoValue* GoValue::entry(std::string_view key) const
{
    const Map& all = entries();
    const auto found = all.find(key);
    return found == all.end() ? nullptr : &found->second;
}

std::size_t GoValue::size() const
{
    switch (m_kind) {
    case Kind::String: return toString().size();
    case Kind::List: return items().size();
    case Kind::Map: return entries().size();
    default: return 0;
    }
}

bool GoValue::truth() const
{
    switch (m_kind) {
    case Kind::Invalid:
    case Kind::Nil: return false;
    case Kind::Bool: return toBool();
    case Kind::Int:
    case Kind::Duration: return toInt() != 0;
    case Kind::Float: return toDouble() != 0;
    case Kind::String:
    case Kind::List:
    case Kind::Map: return size() > 0;
    case Kind::Struct:
    case Kind::Time: return true;
    }
    return false;
}

bool GoValue::operator==(const GoValue& other) const
{
    if (m_kind != other.m_kind || m_type != other.m_type)
        return false;
    switch (m_kind) {
    case Kind::List: return items() == other.items();
    case Kind::Map: return entries() == other.entries();
    case Kind::Struct: return fields() == other.fields();
    default: return m_data == other.m_data;
    }
}

GoValue zeroOf(const std::string& type)
{
    if (type == "string")
        return GoValue::string({});
    if (type == "float64")
        return GoValue::number(0);
    if (type == "bool")
        return GoValue::boolean(false);
    if (type == "int")
        return GoValue::integer(0);
    return {};
}

} // namespace Promdeck::Config
