#include "models/core/json.h"

#include <QJsonDocument>
#include <QJsonParseError>

#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

const Json kNullJson;
const Json::Array kNoItems;
const Json::Object kNoMembers;

Json fromDom(simdjson::dom::element element)
{
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::ARRAY: {
        Json::Array items;
        const simdjson::dom::array array = element.get_array().value_unsafe();
        items.reserve(array.size());
        for (const simdjson::dom::element item : array)
            items.push_back(fromDom(item));
        return Json::array(std::move(items));
    }
    case element_type::OBJECT: {
        Json object = Json::object();
        const simdjson::dom::object members = element.get_object().value_unsafe();
        for (const auto field : members)
            object.set(QString::fromUtf8(field.key.data(), qsizetype(field.key.size())), fromDom(field.value));
        return object;
    }
    case element_type::INT64: return Json(qint64(element.get_int64().value_unsafe()));
    case element_type::UINT64: return Json(double(element.get_uint64().value_unsafe()));
    case element_type::DOUBLE: return Json(element.get_double().value_unsafe());
    case element_type::STRING: {
        const std::string_view text = element.get_string().value_unsafe();
        return Json(QString::fromUtf8(text.data(), qsizetype(text.size())));
    }
    case element_type::BOOL: return Json(element.get_bool().value_unsafe());
    case element_type::NULL_VALUE: break;
    }
    return {};
}

SourceRange rangeAt(const QByteArray& text, qsizetype offset, const QString& fileName)
{
    SourceRange where;
    where.file = fileName;
    offset = std::clamp(offset, qsizetype(0), text.size());
    where.line = 1 + int(std::count(text.cbegin(), text.cbegin() + offset, '\n'));
    const qsizetype lineStart = offset == 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
    where.column = 1;
    for (qsizetype i = lineStart; i < offset; ++i)
        where.column += (uchar(text[i]) & 0xC0) != 0x80;
    where.endLine = where.line;
    where.endColumn = where.column;
    return where;
}

void writeString(QByteArray& out, const QString& text)
{
    out += '"';
    const QByteArray utf8 = text.toUtf8();
    for (const char c : utf8) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        default:
            if (uchar(c) < 0x20) {
                static constexpr char kHex[] = "0123456789abcdef";
                out += "\\u00";
                out += kHex[uchar(c) >> 4];
                out += kHex[uchar(c) & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

QByteArray numberText(double value)
{
    if (!std::isfinite(value))
        return "null"; // as JSON.stringify does
    char buffer[40];
    // Whole numbers print without exponent up to 1e21, as JavaScript prints them.
    const bool whole = value == std::floor(value) && std::abs(value) < 1e21;
    const auto end = whole ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed)
                           : std::to_chars(buffer, buffer + sizeof buffer, value);
    return QByteArray(buffer, qsizetype(end.ptr - buffer));
}

void write(QByteArray& out, const Json& value, bool indented, int depth)
{
    const auto newLine = [&](int level) {
        if (indented) {
            out += '\n';
            out.append(qsizetype(level) * 2, ' ');
        }
    };
    switch (value.type()) {
    case Json::Type::Null: out += "null"; break;
    case Json::Type::Bool: out += value.toBool() ? "true" : "false"; break;
    case Json::Type::Integer: out += QByteArray::number(value.toInt()); break;
    case Json::Type::Double: out += numberText(value.toDouble()); break;
    case Json::Type::String: writeString(out, value.toString()); break;
    case Json::Type::Array: {
        out += '[';
        bool first = true;
        for (const Json& item : value.items()) {
            if (!first)
                out += ',';
            first = false;
            newLine(depth + 1);
            write(out, item, indented, depth + 1);
        }
        if (!first)
            newLine(depth);
        out += ']';
        break;
    }
    case Json::Type::Object: {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : value.members()) {
            if (!first)
                out += ',';
            first = false;
            newLine(depth + 1);
            writeString(out, key);
            out += indented ? ": " : ":";
            write(out, member, indented, depth + 1);
        }
        if (!first)
            newLine(depth);
        out += '}';
        break;
    }
    }
}

/// simdjson refuses integers that need more than 64 bits; JSON allows them and every browser reads them as
/// doubles. An exponent makes them doubles here too.
QByteArray withLongIntegersAsDoubles(const QByteArray& text)
{
    QByteArray out;
    out.reserve(text.size() + 64);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype start = at;
        if (text[at] == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at)
                at += text[at] == '\\';
            at = std::min(at + 1, text.size());
            out.append(text.constData() + start, at - start);
        } else if (isDigit(text[at])) {
            while (at < text.size() && isDigit(text[at]))
                ++at;
            const bool fraction = at < text.size() && (text[at] == '.' || text[at] == 'e' || text[at] == 'E');
            quint64 magnitude = 0;
            const bool fits = std::from_chars(text.constData() + start, text.constData() + at, magnitude).ec == std::errc();
            const bool negative = start > 0 && text[start - 1] == '-';
            const bool tooLong = !fits || (negative && magnitude > quint64(1) << 63);
            while (fraction && at < text.size() && (isDigit(text[at]) || strchr(".eE+-", text[at])))
                ++at;
            out.append(text.constData() + start, at - start);
            if (!fraction && tooLong)
                out += "e0";
        } else {
            out += text[at++];
        }
    }
    return out;
}

/// A tolerant scanner that only finds where values start. It is used after a document was found well formed.
class Locator
{
public:
    explicit Locator(const QByteArray& text) : m_text(text) {}

    qsizetype find(const QStringList& path)
    {
        skipBlank();
        qsizetype found = m_pos;
        for (const QString& step : path) {
            if (!enter(step))
                break;
            found = m_pos;
        }
        return found;
    }

private:
    char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    void skipBlank()
    {
        while (m_pos < m_text.size() && uchar(m_text[m_pos]) <= 0x20)
            ++m_pos;
    }

    QString scanString()
    {
        const qsizetype start = m_pos++;
        while (m_pos < m_text.size() && m_text[m_pos] != '"')
            m_pos += m_text[m_pos] == '\\' ? 2 : 1;
        m_pos = std::min(m_pos + 1, m_text.size());
        const QByteArray raw = m_text.mid(start, m_pos - start);
        if (!raw.contains('\\'))
            return QString::fromUtf8(raw.mid(1, raw.size() - 2));
        return Json::parse(raw).valueOr({}).toString();
    }

    void skipValue()
    {
        skipBlank();
        int depth = 0;
        do {
            skipBlank();
            const char c = peek();
            if (c == '"') {
                scanString();
            } else if (c == '{' || c == '[') {
                ++depth;
                ++m_pos;
            } else if (c == '}' || c == ']') {
                --depth;
                ++m_pos;
            } else if (c == ',' || c == ':') {
                ++m_pos;
            } else {
                while (m_pos < m_text.size() && !strchr(",:]}[{ \t\r\n", m_text[m_pos]))
                    ++m_pos;
            }
        } while (depth > 0 && m_pos < m_text.size());
    }

    bool enter(const QString& step)
    {
        const char open = peek();
        if (open != '{' && open != '[')
            return false;
        ++m_pos;
        for (int index = 0; m_pos < m_text.size(); ++index) {
            skipBlank();
            if (peek() == '}' || peek() == ']')
                return false;
            bool match = open == '[' && step == QString::number(index);
            if (open == '{') {
                match = scanString() == step;
                skipBlank();
                ++m_pos; // ':'
                skipBlank();
            }
            if (match)
                return true;
            skipValue();
            skipBlank();
            if (peek() == ',')
                ++m_pos;
        }
        return false;
    }

    const QByteArray& m_text;
    qsizetype m_pos = 0;
};

} // namespace

Json Json::array(Array items)
{
    Json out;
    out.m_data = std::make_shared<Array>(std::move(items));
    return out;
}

Json Json::object(std::initializer_list<Member> members)
{
    Json out;
    out.m_data = std::make_shared<Object>(members);
    return out;
}

Json Json::strings(const QStringList& items)
{
    Array out;
    out.reserve(size_t(items.size()));
    for (const QString& item : items)
        out.emplace_back(item);
    return array(std::move(out));
}

Json::Type Json::type() const
{
    return Type(m_data.index());
}

bool Json::toBool(bool fallback) const
{
    const bool* value = std::get_if<bool>(&m_data);
    return value ? *value : fallback;
}

double Json::toDouble(double fallback) const
{
    if (const qint64* value = std::get_if<qint64>(&m_data))
        return double(*value);
    const double* value = std::get_if<double>(&m_data);
    return value ? *value : fallback;
}

qint64 Json::toInt(qint64 fallback) const
{
    if (const qint64* value = std::get_if<qint64>(&m_data))
        return *value;
    const double* value = std::get_if<double>(&m_data);
    return value && std::abs(*value) < 9.2e18 ? qint64(*value) : fallback;
}

QString Json::toString(const QString& fallback) const
{
    const QString* value = std::get_if<QString>(&m_data);
    return value ? *value : fallback;
}

QString Json::scalarText() const
{
    switch (type()) {
    case Type::Bool: return toBool() ? u"true"_s : u"false"_s;
    case Type::Integer: return QString::number(toInt());
    case Type::Double: return QString::fromLatin1(numberText(toDouble()));
    case Type::String: return toString();
    default: return {};
    }
}

const Json::Array& Json::items() const
{
    const ArrayPtr* value = std::get_if<ArrayPtr>(&m_data);
    return value ? **value : kNoItems;
}

const Json::Object& Json::members() const
{
    const ObjectPtr* value = std::get_if<ObjectPtr>(&m_data);
    return value ? **value : kNoMembers;
}

qsizetype Json::size() const
{
    return isArray() ? qsizetype(items().size()) : qsizetype(members().size());
}

const Json& Json::at(qsizetype index) const
{
    const Array& all = items();
    return index >= 0 && size_t(index) < all.size() ? all[size_t(index)] : kNullJson;
}

Json::Array& Json::writableArray()
{
    ArrayPtr* value = std::get_if<ArrayPtr>(&m_data);
    if (!value)
        value = &m_data.emplace<ArrayPtr>(std::make_shared<Array>());
    else if (value->use_count() > 1)
        *value = std::make_shared<Array>(**value);
    return **value;
}

Json::Object& Json::writableObject()
{
    ObjectPtr* value = std::get_if<ObjectPtr>(&m_data);
    if (!value)
        value = &m_data.emplace<ObjectPtr>(std::make_shared<Object>());
    else if (value->use_count() > 1)
        *value = std::make_shared<Object>(**value);
    return **value;
}

void Json::append(Json value)
{
    writableArray().push_back(std::move(value));
}

void Json::setAt(qsizetype index, Json value)
{
    if (index >= 0 && index < size())
        writableArray()[size_t(index)] = std::move(value);
}

void Json::removeAt(qsizetype index)
{
    if (isArray() && index >= 0 && index < size()) {
        Array& all = writableArray();
        all.erase(all.begin() + index);
    }
}

void Json::insertAt(qsizetype index, Json value)
{
    Array& all = writableArray();
    all.insert(all.begin() + std::clamp(index, qsizetype(0), qsizetype(all.size())), std::move(value));
}

bool Json::contains(QStringView key) const
{
    const Object& all = members();
    return std::any_of(all.begin(), all.end(), [key](const Member& member) { return member.first == key; });
}

const Json& Json::operator[](QStringView key) const
{
    for (const Member& member : members()) {
        if (member.first == key)
            return member.second;
    }
    return kNullJson;
}

const Json& Json::path(QStringView dotted) const
{
    const Json* current = this;
    for (const QStringView step : dotted.split(u'.')) {
        current = &(*current)[step];
        if (current->isNull())
            return kNullJson;
    }
    return *current;
}

void Json::set(const QString& key, Json value)
{
    Object& all = writableObject();
    for (Member& member : all) {
        if (member.first == key) {
            member.second = std::move(value);
            return;
        }
    }
    all.emplace_back(key, std::move(value));
}

void Json::setPath(QStringView dotted, Json value)
{
    const qsizetype dot = dotted.indexOf(u'.');
    if (dot < 0) {
        set(dotted.toString(), std::move(value));
        return;
    }
    const QStringView head = dotted.left(dot);
    Json child = (*this)[head];
    child.setPath(dotted.mid(dot + 1), std::move(value));
    set(head.toString(), std::move(child));
}

bool Json::remove(QStringView key)
{
    if (!contains(key))
        return false;
    Object& all = writableObject();
    std::erase_if(all, [key](const Member& member) { return member.first == key; });
    return true;
}

void Json::rename(QStringView from, const QString& to)
{
    if (!contains(from) || from == to)
        return;
    remove(to);
    for (Member& member : writableObject()) {
        if (member.first == from)
            member.first = to;
    }
}

bool Json::operator==(const Json& other) const
{
    if (isNumber() && other.isNumber())
        return isInteger() && other.isInteger() ? toInt() == other.toInt() : toDouble() == other.toDouble();
    if (type() != other.type())
        return false;
    switch (type()) {
    case Type::Array: return &items() == &other.items() || items() == other.items();
    case Type::Object:
        // Values made from each other share most of what they hold.
        if (&members() == &other.members())
            return true;
        return size() == other.size()
            && std::all_of(members().begin(), members().end(), [&other](const Member& member) {
                   return other.contains(member.first) && other[member.first] == member.second;
               });
    default: return m_data == other.m_data;
    }
}

Result<Json> Json::parse(const QByteArray& utf8, const QString& fileName)
{
    QByteArray text = utf8;
    if (text.startsWith("\xEF\xBB\xBF"))
        text.remove(0, 3);
    simdjson::dom::parser parser;
    auto document = parser.parse(text.constData(), size_t(text.size()), true);
    if (document.error() == simdjson::NUMBER_ERROR) {
        text = withLongIntegersAsDoubles(text);
        document = parser.parse(text.constData(), size_t(text.size()), true);
    }
    if (document.error() == simdjson::SUCCESS)
        return fromDom(document.value_unsafe());
    // simdjson's DOM does not say where; Qt's parser does, and speed no longer matters.
    QJsonParseError qtError;
    QJsonDocument::fromJson(text, &qtError);
    const bool known = qtError.error != QJsonParseError::NoError;
    Error error = makeError(ErrorCode::Syntax, u"not valid JSON"_s,
                            known ? qtError.errorString() : QString::fromLatin1(simdjson::error_message(document.error())));
    error.where = rangeAt(text, known ? qtError.offset : 0, fileName);
    error.target = fileName;
    return error;
}

QByteArray Json::toUtf8(Format format) const
{
    QByteArray out;
    write(out, *this, format == Format::Indented, 0);
    return out;
}

SourceRange locateJson(const QByteArray& utf8, const QStringList& path, const QString& fileName)
{
    return rangeAt(utf8, Locator(utf8).find(path), fileName);
}

} // namespace Promdeck
