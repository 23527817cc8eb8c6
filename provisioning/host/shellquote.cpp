#include "provisioning/host/shellquote.h"

#include <algorithm>

namespace Promdeck {

namespace {

/// Bytes that no shell treats specially, wherever in a word they are.
bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'
        || c == '.' || c == '/' || c == ':' || c == ',' || c == '+' || c == '@';
}

} // namespace

QByteArray shellQuote(const QByteArray& word)
{
    const QByteArray text = word.left(qsizetype(qstrnlen(word.constData(), size_t(word.size()))));
    if (!text.isEmpty() && std::all_of(text.begin(), text.end(), isPlain))
        return text;
    QByteArray out;
    out.reserve(text.size() + 2);
    out += '\'';
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''"; // ends the quoted part, a quote by itself, and starts the next part
        else
            out += c;
    }
    out += '\'';
    return out;
}

QByteArray shellQuote(const QList<QByteArray>& words)
{
    QByteArray out;
    for (const QByteArray& word : words) {
        if (!out.isEmpty())
            out += ' ';
        out += shellQuote(word);
    }
    return out;
}

} // namespace Promdeck
