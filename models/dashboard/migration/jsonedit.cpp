#include "models/dashboard/migration/jsonedit.h"

#include <cmath>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

bool truthy(const Json& value)
{
    switch (value.type()) {
    case Json::Type::Null: return false;
    case Json::Type::Bool: return value.toBool();
    case Json::Type::Integer: return value.toInt() != 0;
    case Json::Type::Double: return value.toDouble() != 0 && !std::isnan(value.toDouble());
    case Json::Type::String: return !value.toString().isEmpty();
    default: return true;
    }
}

std::optional<double> number(const Json& value)
{
    if (value.isNumber())
        return value.toDouble();
    if (!value.isString())
        return std::nullopt;
    const QString text = value.toString().trimmed();
    if (text.isEmpty())
        return 0;
    bool ok = false;
    const double parsed = text.toDouble(&ok);
    return ok && std::isfinite(parsed) ? std::optional(parsed) : std::nullopt;
}

Json numberJson(double value)
{
    if (!std::isfinite(value))
        return nullptr;
    if (value == std::floor(value) && std::abs(value) < 9e15)
        return Json(qint64(value));
    return Json(value);
}

void setIfPresent(Json& object, const QString& key, const Json& value)
{
    if (!value.isNull())
        object.set(key, value);
}

void removeAll(Json& object, std::initializer_list<QStringView> keys)
{
    for (const QStringView key : keys)
        object.remove(key);
}

Json property(const QString& id, Json value)
{
    return Json::object({{u"id"_s, id}, {u"value"_s, std::move(value)}});
}

Json overrideRule(const QString& matcher, Json options, Json properties)
{
    return Json::object({{u"matcher"_s, Json::object({{u"id"_s, matcher}, {u"options"_s, std::move(options)}})},
                         {u"properties"_s, std::move(properties)}});
}

QString reducerId(const QString& name)
{
    static const QHash<QString, QString> kAliases {
        {u"current"_s, u"lastNotNull"_s}, {u"avg"_s, u"mean"_s}, {u"total"_s, u"sum"_s}};
    static const QStringList kIds {
        u"lastNotNull"_s, u"last"_s, u"firstNotNull"_s, u"first"_s, u"min"_s, u"max"_s, u"mean"_s, u"median"_s,
        u"variance"_s, u"stdDev"_s, u"sum"_s, u"count"_s, u"range"_s, u"delta"_s, u"step"_s, u"diff"_s, u"logmin"_s,
        u"allIsZero"_s, u"allIsNull"_s, u"changeCount"_s, u"distinctCount"_s, u"diffperc"_s, u"allValues"_s,
        u"uniqueValues"_s};
    const auto alias = kAliases.constFind(name);
    if (alias != kAliases.constEnd())
        return *alias;
    return kIds.contains(name) ? name : QString();
}

QString reducerHeader(const QString& id)
{
    static const QHash<QString, QString> kHeaders {
        {u"lastNotNull"_s, u"Last *"_s}, {u"last"_s, u"Last"_s}, {u"firstNotNull"_s, u"First *"_s},
        {u"first"_s, u"First"_s}, {u"min"_s, u"Min"_s}, {u"max"_s, u"Max"_s}, {u"mean"_s, u"Mean"_s},
        {u"median"_s, u"Median"_s}, {u"variance"_s, u"Variance"_s}, {u"stdDev"_s, u"StdDev"_s}, {u"sum"_s, u"Total"_s},
        {u"count"_s, u"Count"_s}, {u"range"_s, u"Range"_s}, {u"delta"_s, u"Delta"_s}, {u"step"_s, u"Step"_s},
        {u"diff"_s, u"Difference"_s}, {u"logmin"_s, u"Min (above zero)"_s}};
    return kHeaders.value(id);
}

bool isDelimitedRegex(const QString& text)
{
    if (text.size() < 2 || !u"/~@;%#'"_s.contains(text.front()))
        return false;
    const qsizetype end = text.lastIndexOf(text.front());
    if (end == 0)
        return false;
    const QStringView flags = QStringView(text).mid(end + 1);
    return std::all_of(flags.begin(), flags.end(), [](QChar c) { return u"gimsuy"_s.contains(c); });
}

} // namespace Promdeck::Migration
