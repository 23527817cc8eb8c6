#pragma once

#include "models/core/json.h"

#include <optional>

namespace Promdeck::Migration {

/// Applies f to a member in place; nothing happens when it is absent or null. The member is taken out
/// meanwhile, so that f does not copy what it writes.
template <typename F>
void edit(Json& parent, QStringView key, F&& f)
{
    if (parent[key].isNull())
        return;
    const QString name = key.toString();
    Json child = parent[key];
    parent.set(name, nullptr);
    f(child);
    parent.set(name, std::move(child));
}

/// Applies f to every element of a list.
template <typename F>
void editItems(Json& list, F&& f)
{
    if (!list.isArray())
        return;
    const qsizetype count = list.size();
    for (qsizetype i = 0; i < count; ++i) {
        Json item = list.at(i);
        list.setAt(i, nullptr);
        f(item);
        list.setAt(i, std::move(item));
    }
}

/// Applies f to every element of a list member.
template <typename F>
void editEach(Json& parent, QStringView key, F&& f)
{
    if (parent[key].isArray())
        edit(parent, key, [&f](Json& list) { editItems(list, f); });
}

/// JavaScript's idea of true: not null, false, 0, NaN or "".
[[nodiscard]] bool truthy(const Json& value);
/// A number, or a string that JavaScript's Number() takes ("" is 0); nothing otherwise.
[[nodiscard]] std::optional<double> number(const Json& value);
/// An integer where the value is whole, so that output looks as people write it.
[[nodiscard]] Json numberJson(double value);
/// Sets a member only when the value is there.
void setIfPresent(Json& object, const QString& key, const Json& value);
void removeAll(Json& object, std::initializer_list<QStringView> keys);
/// {"id": id, "value": value}, an override's property.
[[nodiscard]] Json property(const QString& id, Json value);
/// {"matcher": {id, options}, "properties": []}.
[[nodiscard]] Json overrideRule(const QString& matcher, Json options, Json properties = Json::array());
/// The reducer's id behind a name that old panels used ("current" is lastNotNull); empty when unknown.
[[nodiscard]] QString reducerId(const QString& name);
/// The column header a reducer gives ("Last *", "Mean"...).
[[nodiscard]] QString reducerHeader(const QString& id);
/// "/.../flags", with the other delimiters the old graph accepted.
[[nodiscard]] bool isDelimitedRegex(const QString& text);

} // namespace Promdeck::Migration
