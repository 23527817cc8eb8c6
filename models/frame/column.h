#pragma once

#include "models/core/json.h"
#include "models/core/types.h"

#include <memory>
#include <variant>
#include <vector>

namespace Promdeck {

/// One column of a frame: equal-typed values, implicitly shared (a copy costs a reference count).
/// Times are milliseconds since the epoch, UTC. In numbers, kNull is "no sample" and any other NaN is a NaN
/// the server sent. In strings, a null QString is a missing value. Mixed holds what no single type holds
/// (the result of some transformations).
class Column
{
public:
    using Times = std::vector<qint64>;
    using Numbers = std::vector<double>;
    using Strings = std::vector<QString>;
    using Mixed = std::vector<Json>;

    Column() = default;
    Column(Times values) : m_data(std::make_shared<const Times>(std::move(values))) {}
    Column(Numbers values) : m_data(std::make_shared<const Numbers>(std::move(values))) {}
    Column(Strings values) : m_data(std::make_shared<const Strings>(std::move(values))) {}
    Column(Mixed values) : m_data(std::make_shared<const Mixed>(std::move(values))) {}
    /// Shares an existing column: series of one query usually have the same timestamps.
    Column(std::shared_ptr<const Times> values) : m_data(std::move(values)) {}
    Column(std::shared_ptr<const Numbers> values) : m_data(std::move(values)) {}

    [[nodiscard]] qsizetype size() const
    {
        return std::visit([](const auto& values) -> qsizetype {
            if constexpr (std::is_same_v<std::decay_t<decltype(values)>, std::monostate>)
                return 0;
            else
                return qsizetype(values->size());
        }, m_data);
    }

    [[nodiscard]] bool isTimes() const { return m_data.index() == 1; }
    [[nodiscard]] bool isNumbers() const { return m_data.index() == 2; }
    [[nodiscard]] bool isStrings() const { return m_data.index() == 3; }
    [[nodiscard]] bool isMixed() const { return m_data.index() == 4; }

    /// The typed values; an empty vector when the column holds another type.
    [[nodiscard]] const Times& times() const { return get<Times>(); }
    [[nodiscard]] const Numbers& numbers() const { return get<Numbers>(); }
    [[nodiscard]] const Strings& strings() const { return get<Strings>(); }
    [[nodiscard]] const Mixed& mixed() const { return get<Mixed>(); }
    /// True when both share the same storage (a cheap "same timestamps" test).
    [[nodiscard]] bool sharesWith(const Column& other) const { return m_data == other.m_data; }

private:
    template <typename T>
    [[nodiscard]] const T& get() const
    {
        static const T empty;
        const auto* values = std::get_if<std::shared_ptr<const T>>(&m_data);
        return values ? **values : empty;
    }

    std::variant<std::monostate, std::shared_ptr<const Times>, std::shared_ptr<const Numbers>,
                 std::shared_ptr<const Strings>, std::shared_ptr<const Mixed>>
        m_data;
};

} // namespace Promdeck
