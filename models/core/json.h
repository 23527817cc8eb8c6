#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <initializer_list>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace Promdeck {

/// A JSON value that keeps what QJsonValue loses: the order of object members and the difference between
/// integers and doubles. Copies are cheap (arrays and objects are shared until written).
/// Reading never fails: a missing member or a wrong type gives null, the default, or an empty container.
class Json
{
public:
    enum class Type { Null, Bool, Integer, Double, String, Array, Object };
    using Array = std::vector<Json>;
    using Member = std::pair<QString, Json>;
    using Object = std::vector<Member>;

    Json() = default;
    Json(std::nullptr_t) {}
    Json(bool value) : m_data(value) {}
    Json(int value) : m_data(qint64(value)) {}
    Json(qint64 value) : m_data(value) {}
    Json(double value) : m_data(value) {}
    Json(const QString& value) : m_data(value) {}
    Json(const char*) = delete;
    [[nodiscard]] static Json array(Array items = {});
    [[nodiscard]] static Json object(std::initializer_list<Member> members = {});
    [[nodiscard]] static Json strings(const QStringList& items);

    [[nodiscard]] Type type() const;
    [[nodiscard]] bool isNull() const { return type() == Type::Null; }
    [[nodiscard]] bool isBool() const { return type() == Type::Bool; }
    [[nodiscard]] bool isNumber() const { return type() == Type::Integer || type() == Type::Double; }
    [[nodiscard]] bool isInteger() const { return type() == Type::Integer; }
    [[nodiscard]] bool isString() const { return type() == Type::String; }
    [[nodiscard]] bool isArray() const { return type() == Type::Array; }
    [[nodiscard]] bool isObject() const { return type() == Type::Object; }

    [[nodiscard]] bool toBool(bool fallback = false) const;
    /// Numbers only; strings are not converted (see toNumber).
    [[nodiscard]] double toDouble(double fallback = 0) const;
    [[nodiscard]] qint64 toInt(qint64 fallback = 0) const;
    [[nodiscard]] QString toString(const QString& fallback = {}) const;
    /// What JavaScript's String() gives for scalars ("true", "1.5", "text"); empty for null and containers.
    [[nodiscard]] QString scalarText() const;

    // arrays
    [[nodiscard]] const Array& items() const; ///< empty when not an array
    [[nodiscard]] qsizetype size() const;     ///< of an array or an object
    [[nodiscard]] const Json& at(qsizetype index) const;
    void append(Json value); ///< turns null into an array
    void setAt(qsizetype index, Json value);
    void removeAt(qsizetype index);
    void insertAt(qsizetype index, Json value);

    // objects
    [[nodiscard]] const Object& members() const; ///< empty when not an object
    [[nodiscard]] bool contains(QStringView key) const;
    [[nodiscard]] const Json& operator[](QStringView key) const; ///< null when absent
    [[nodiscard]] const Json& operator[](const char16_t* key) const { return (*this)[QStringView(key)]; }
    /// The member at a dotted path ("custom.stacking.mode"); null when any step is missing.
    [[nodiscard]] const Json& path(QStringView dotted) const;
    void set(const QString& key, Json value); ///< keeps the place of an existing key; turns null into an object
    void setPath(QStringView dotted, Json value); ///< makes the objects in between
    bool remove(QStringView key);             ///< true when it was there
    /// Moves a member to a new name, keeping its place.
    void rename(QStringView from, const QString& to);

    /// Values are equal as JSON values: member order and 1 versus 1.0 do not matter.
    bool operator==(const Json& other) const;

    /// Reads a whole document. Errors: Syntax with line, column and the reason.
    [[nodiscard]] static Result<Json> parse(const QByteArray& utf8, const QString& fileName = {});
    enum class Format { Compact, Indented }; ///< Indented: two blanks, as Grafana exports
    [[nodiscard]] QByteArray toUtf8(Format format = Format::Compact) const;

private:
    using ArrayPtr = std::shared_ptr<Array>;
    using ObjectPtr = std::shared_ptr<Object>;
    Array& writableArray();
    Object& writableObject();
    std::variant<std::monostate, bool, qint64, double, QString, ArrayPtr, ObjectPtr> m_data;
};

/// Where the value at a JSON path starts in the text, for errors about well-formed but wrong documents.
/// The path is a list of member names and array indexes ("panels", "3", "targets"). Unknown parts give the
/// place of the deepest value found.
[[nodiscard]] SourceRange locateJson(const QByteArray& utf8, const QStringList& path, const QString& fileName = {});

} // namespace Promdeck
