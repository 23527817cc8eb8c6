#include "provisioning/ssh/sshpattern.h"

namespace Promdeck {

bool matchesSshPattern(const QString& text, const QString& pattern)
{
    qsizetype t = 0;
    qsizetype p = 0;
    qsizetype star = -1; // the last '*' in the pattern, and what it has taken so far
    qsizetype taken = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern.at(p) == u'*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && (pattern.at(p) == u'?' || pattern.at(p) == text.at(t))) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern.at(p) == u'*')
        ++p;
    return p == pattern.size();
}

PatternMatch matchSshPatterns(const QString& text, const QStringList& patterns, bool ignoreCase)
{
    const QString subject = ignoreCase ? text.toLower() : text;
    bool found = false;
    for (const QString& given : patterns) {
        const bool negated = given.startsWith(u'!');
        QString pattern = negated ? given.mid(1) : given;
        if (ignoreCase)
            pattern = pattern.toLower();
        if (!matchesSshPattern(subject, pattern))
            continue;
        if (negated)
            return PatternMatch::Negated;
        found = true;
    }
    return found ? PatternMatch::Yes : PatternMatch::No;
}

} // namespace Promdeck
