#pragma once

#include <QByteArray>
#include <QList>

namespace Promdeck {

/// One word of a POSIX shell command line that stands for exactly these bytes, whatever they are. The only
/// quoting function of the project: command lines are made of argument lists, never of pasted text. A shell
/// cannot hold a NUL; the text ends before it (callers refuse such arguments first, see checkArguments).
[[nodiscard]] QByteArray shellQuote(const QByteArray& word);

/// The words quoted and joined by blanks.
[[nodiscard]] QByteArray shellQuote(const QList<QByteArray>& words);

} // namespace Promdeck
