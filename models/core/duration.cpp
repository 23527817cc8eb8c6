#include "models/core/duration.h"

#include <charconv>
#include <iterator>
#include <utility>

namespace Promdeck {

std::optional<std::int64_t> parsePrometheusDuration(std::string_view text)
{
    if (text == "0")
        return 0;
    if (text.empty())
        return {};
    static constexpr std::pair<std::string_view, std::int64_t> kUnits[] {
        {"y", 31536000000}, {"w", 604800000}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
    std::int64_t total = 0;
    std::size_t next = 0;
    while (!text.empty()) {
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
            ++digits;
        std::uint64_t number = 0;
        if (digits == 0 || std::from_chars(text.data(), text.data() + digits, number).ec != std::errc())
            return {};
        text.remove_prefix(digits);
        std::size_t letters = 0;
        while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z')
            ++letters;
        const std::string_view unit = text.substr(0, letters);
        text.remove_prefix(letters);
        while (next < std::size(kUnits) && kUnits[next].first != unit)
            ++next;
        if (next == std::size(kUnits))
            return {};
        // Go holds nanoseconds in 64 bits.
        const double sum = double(total) + double(number) * double(kUnits[next].second);
        if (sum > 9223372036854.0)
            return {};
        total += std::int64_t(number) * kUnits[next].second;
        ++next;
    }
    return total;
}

} // namespace Promdeck
