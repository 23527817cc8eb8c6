#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace Promdeck::Config {

/// Configuration text is UTF-8; messages are QStrings.
[[nodiscard]] inline QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

/// ASCII letters only, as the servers compare keywords.
[[nodiscard]] inline std::string lower(std::string_view value)
{
    std::string out(value);
    for (char& c : out)
        c = char(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return out;
}

} // namespace Promdeck::Config
