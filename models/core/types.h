#pragma once

#include <QList>
#include <QString>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace Promdeck {

/// A closed time range; both ends in milliseconds since the epoch, UTC.
struct TimeRange
{
    qint64 fromMs = 0;
    qint64 toMs = 0;
    [[nodiscard]] qint64 spanMs() const { return toMs - fromMs; }
    bool operator==(const TimeRange&) const = default;
};

/// A label set: name/value pairs sorted by name (code-unit order), names unique.
class Labels
{
public:
    using Pair = std::pair<QString, QString>;
    Labels() = default;
    Labels(std::initializer_list<Pair> pairs)
    {
        for (const Pair& pair : pairs)
            insert(pair.first, pair.second);
    }

    /// Adds or replaces.
    void insert(const QString& name, const QString& value)
    {
        auto it = lower(name);
        if (it != m_pairs.end() && it->first == name)
            it->second = value;
        else
            m_pairs.insert(it, {name, value});
    }

    void remove(const QString& name)
    {
        auto it = lower(name);
        if (it != m_pairs.end() && it->first == name)
            m_pairs.erase(it);
    }

    [[nodiscard]] bool contains(const QString& name) const { return find(name) != nullptr; }
    /// The value, or a null string when the label is absent.
    [[nodiscard]] QString value(const QString& name) const
    {
        const QString* found = find(name);
        return found ? *found : QString();
    }

    [[nodiscard]] const QString* find(const QString& name) const
    {
        auto it = std::lower_bound(m_pairs.cbegin(), m_pairs.cend(), name,
                                   [](const Pair& pair, const QString& key) { return pair.first < key; });
        return it != m_pairs.cend() && it->first == name ? &it->second : nullptr;
    }

    [[nodiscard]] bool isEmpty() const { return m_pairs.isEmpty(); }
    [[nodiscard]] qsizetype size() const { return m_pairs.size(); }
    [[nodiscard]] auto begin() const { return m_pairs.cbegin(); }
    [[nodiscard]] auto end() const { return m_pairs.cend(); }
    bool operator==(const Labels&) const = default;
    bool operator<(const Labels& other) const { return m_pairs < other.m_pairs; }

private:
    QList<Pair>::iterator lower(const QString& name)
    {
        return std::lower_bound(m_pairs.begin(), m_pairs.end(), name,
                                [](const Pair& pair, const QString& key) { return pair.first < key; });
    }

    QList<Pair> m_pairs;
};

/// Hash of a label set, for QHash keys.
inline size_t qHash(const Labels& labels, size_t seed = 0)
{
    for (const auto& [name, value] : labels)
        seed = qHash(name, qHash(value, seed) * 31);
    return seed;
}

/// "No sample here" in a column of doubles: a quiet NaN with a payload of its own, so that a gap stays
/// distinguishable from a NaN that the server sent. Compare with isNull(), never with ==.
inline constexpr std::uint64_t kNullBits = 0x7ff8'0000'0000'6e75ULL;
inline constexpr double kNull = std::bit_cast<double>(kNullBits);
[[nodiscard]] inline bool isNull(double value)
{
    return std::bit_cast<std::uint64_t>(value) == kNullBits;
}

} // namespace Promdeck
