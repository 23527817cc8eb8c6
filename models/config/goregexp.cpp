#include "models/config/goregexp.h"
#include "models/promql/gotext.h"

#include <re2/re2.h>

#include <algorithm>

namespace Promdeck::Config {

namespace {

using Groups = std::vector<re2::StringPiece>;

bool isWordByte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string groupText(const RE2& expression, const Groups& groups, const std::string& name)
{
    std::size_t index = groups.size();
    if (name.find_first_not_of("0123456789") == std::string::npos && name.size() < 6
        && (name.size() == 1 || name.front() != '0')) { // "$01" is a name to Go
        index = std::size_t(std::stoi(name));
    } else {
        const auto found = expression.NamedCapturingGroups().find(name);
        if (found != expression.NamedCapturingGroups().end())
            index = std::size_t(found->second);
    }
    return index < groups.size() ? groups[index].as_string() : std::string();
}

} // namespace

std::string expandGroups(const RE2& expression, const Groups& groups, std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            out += text[i];
            continue;
        }
        if (i + 1 < text.size() && text[i + 1] == '$') {
            out += '$';
            ++i;
            continue;
        }
        const bool braced = i + 1 < text.size() && text[i + 1] == '{';
        const std::size_t start = i + (braced ? 2 : 1);
        std::size_t end = start;
        while (end < text.size() && isWordByte(text[end]))
            ++end;
        if (end == start || (braced && (end >= text.size() || text[end] != '}'))) {
            out += '$'; // no reference: stands for itself
            continue;
        }
        out += groupText(expression, groups, std::string(text.substr(start, end - start)));
        i = braced ? end : end - 1;
    }
    return out;
}

std::string replaceAll(const RE2& expression, std::string_view text, std::string_view replacement)
{
    std::string out;
    Groups groups(std::size_t(expression.NumberOfCapturingGroups()) + 1);
    const re2::StringPiece piece(text.data(), text.size());
    std::size_t copied = 0;
    for (std::size_t at = 0; at <= text.size();) {
        if (!expression.Match(piece, at, text.size(), RE2::UNANCHORED, groups.data(), int(groups.size())))
            break;
        const std::size_t begin = std::size_t(groups[0].data() - text.data());
        const std::size_t end = begin + groups[0].size();
        out += text.substr(copied, begin - copied);
        if (end > copied || begin == 0) // an empty match right behind a match is none
            out += expandGroups(expression, groups, replacement);
        copied = end;
        const std::size_t next = at + std::max(1U, Promql::decodeUtf8(text, at).width);
        at = std::max(next > end ? next : end, at + 1);
    }
    out += text.substr(copied);
    return out;
}

} // namespace Promdeck::Config
