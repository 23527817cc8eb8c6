#pragma once

#include <QString>
#include <QStringList>

namespace Promdeck {

/// Patterns as OpenSSH has them: '*' any number of characters, '?' exactly one.
[[nodiscard]] bool matchesSshPattern(const QString& text, const QString& pattern);

enum class PatternMatch { No, Yes, Negated };
/// A list of patterns, each may be negated by '!': a negated match outweighs all others.
[[nodiscard]] PatternMatch matchSshPatterns(const QString& text, const QStringList& patterns, bool ignoreCase);

} // namespace Promdeck
