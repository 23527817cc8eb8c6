#pragma once

#include "models/config/templates/gotime.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace Promdeck::Config {

/// A value of Go as templates see it: with the name of its type, which decides about methods, assignability and the
/// words of errors. Copies are cheap. Byte strings are UTF-8.
class GoValue
{
public:
    enum class Kind { Invalid, Nil, Bool, Int, Float, String, List, Map, Struct, Time, Duration };
    using Items = std::vector<GoValue>;
    using Map = std::map<std::string, GoValue, std::less<>>;
    using Fields = std::vector<std::pair<std::string, GoValue>>;

    GoValue() = default; ///< no value at all: prints as <no value>
    [[nodiscard]] static GoValue nil();
    [[nodiscard]] static GoValue boolean(bool value);
    [[nodiscard]] static GoValue integer(std::int64_t value, std::string type = "int");
    [[nodiscard]] static GoValue number(double value);
    [[nodiscard]] static GoValue string(std::string value, std::string type = "string");
    /// `element` is the name of the type of the items ("string", "interface {}").
    [[nodiscard]] static GoValue list(Items items, std::string element, std::string type = {});
    [[nodiscard]] static GoValue map(Map map, std::string element, std::string type = {});
    [[nodiscard]] static GoValue nilMap(std::string element, std::string type);
    [[nodiscard]] static GoValue record(Fields fields, std::string type);
    [[nodiscard]] static GoValue time(GoTime time);
    [[nodiscard]] static GoValue duration(std::int64_t nanoseconds);

    [[nodiscard]] static GoValue strings(const std::vector<std::string>& items); ///< []string

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool is(Kind kind) const { return m_kind == kind; }
    [[nodiscard]] bool isValid() const { return m_kind != Kind::Invalid; }
    [[nodiscard]] bool isNil() const; ///< nil, and maps and lists that are nil
    [[nodiscard]] const std::string& type() const { return m_type; }
    [[nodiscard]] const std::string& element() const { return m_element; }

    // Each only for its kind; else the zero value.
    [[nodiscard]] bool toBool() const;
    [[nodiscard]] std::int64_t toInt() const; ///< of durations: nanoseconds
    [[nodiscard]] double toDouble() const;
    [[nodiscard]] const std::string& toString() const;
    [[nodiscard]] const Items& items() const;
    [[nodiscard]] const Map& entries() const;
    [[nodiscard]] const Fields& fields() const;
    [[nodiscard]] GoTime toTime() const;

    [[nodiscard]] const GoValue* field(std::string_view name) const; ///< of a struct
    [[nodiscard]] const GoValue* entry(std::string_view key) const;  ///< of a map
    /// Size of lists and maps, bytes of strings.
    [[nodiscard]] std::size_t size() const;
    /// What {{if}} thinks of it.
    [[nodiscard]] bool truth() const;
    [[nodiscard]] bool operator==(const GoValue& other) const;

private:
    using Data = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<const Items>,
                              std::shared_ptr<const Map>, std::shared_ptr<const Fields>, GoTime>;
    Kind m_kind = Kind::Invalid;
    std::string m_type;
    std::string m_element;
    Data m_data;
};

/// The zero value of a type by its name; no value for interfaces.
[[nodiscard]] GoValue zeroOf(const std::string& type);

} // namespace Promdeck::Config
