#pragma once

#include <QHash>
#include <QString>

#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

struct SchemaStruct;

/// The type of a key, as the schema file writes it.
struct TypeRef
{
    enum class Kind {
        String, Bool, Int, Uint, Float,
        Duration,   ///< Prometheus' own ("1h30m")
        GoDuration, ///< Go's time.Duration ("1.5h")
        AmDuration, ///< Go's, in receivers that decode it by hand
        Bytes,      ///< "10MB"
        Url, Regexp,
        Labels,     ///< label set with any value
        LabelSet,   ///< label set whose names must be valid
        LabelName, Any, List, Map, Struct,
        Custom      ///< a scalar or value with rules of its own, found by name
    };
    Kind kind = Kind::String;
    bool pointer = false;
    std::string name;                     ///< of a Struct or Custom
    std::shared_ptr<const TypeRef> element; ///< of List and Map
    const SchemaStruct* target = nullptr; ///< of a Struct
};

/// A server's version, as far as configuration depends on it.
struct ServerVersion
{
    int major = 0;
    int minor = 0;
    auto operator<=>(const ServerVersion&) const = default;
};

/// The first version of a server that takes a key.
struct KeySince
{
    ServerVersion version;
    bool exact = true; ///< false: some version after the one before it brought the key
};

struct SchemaField
{
    std::string key;
    TypeRef type;
    KeySince prometheus;   ///< 0.0: always there
    KeySince alertmanager;
};

/// One struct with all its keys, those of inlined structs included.
struct SchemaStruct
{
    std::string name;
    std::vector<SchemaField> fields;
    std::vector<const SchemaStruct*> inlined; ///< structs whose keys were merged in; their checks run too
    std::shared_ptr<TypeRef> any;             ///< type of keys that are not listed; null = they are errors
    [[nodiscard]] const SchemaField* find(std::string_view key) const;
};

/// The declarative table behind validation, completion, hover and defaults: one struct per section of every
/// configuration file kind. Read once from resources/schemas.
class Schema
{
public:
    [[nodiscard]] static const Schema& instance();
    [[nodiscard]] const SchemaStruct* find(const std::string& name) const;

private:
    Schema();
    void readText(const QByteArray& text);
    void link();
    void link(TypeRef& type);
    QHash<QByteArray, std::shared_ptr<SchemaStruct>> m_structs;
    std::vector<std::pair<SchemaStruct*, std::string>> m_inlines;
};

} // namespace Promdeck::Config
