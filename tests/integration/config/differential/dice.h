#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace Promdeck::Testing {

/// Chance with a seed: the same seed throws the same dice on every machine.
class Dice
{
public:
    explicit Dice(unsigned seed) : m_engine(seed) {}

    /// 0 up to, not including, `end`; 0 for an empty range. std's distributions differ between libraries.
    std::size_t below(std::size_t end) { return end == 0 ? 0 : m_engine() % end; }
    /// True in `percent` of a hundred throws.
    bool chance(unsigned percent) { return below(100) < percent; }

    template <typename T>
    const T& pick(const std::vector<T>& from)
    {
        return from[below(from.size())];
    }

    std::string pick(std::initializer_list<const char*> from) { return *(from.begin() + below(from.size())); }

private:
    std::mt19937 m_engine;
};

} // namespace Promdeck::Testing
