#include "models/frame/jsregex.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace Promdeck {

std::optional<JsRegex> JsRegex::parse(const QString& text)
{
    // The same few patterns come back with every refresh; compiling costs more than matching.
    thread_local QHash<QString, std::optional<JsRegex>> known;
    if (const auto it = known.constFind(text); it != known.cend())
        return *it;
    if (known.size() >= 256)
        known.clear();
    const std::optional<JsRegex> made = compile(text);
    known.insert(text, made);
    return made;
}

std::optional<JsRegex> JsRegex::compile(const QString& text)
{
    JsRegex regex;
    QString pattern;
    QRegularExpression::PatternOptions options = QRegularExpression::NoPatternOption;
    if (text.startsWith(u'/')) {
        const qsizetype end = text.lastIndexOf(u'/');
        if (end == 0)
            return std::nullopt;
        pattern = text.mid(1, end - 1);
        for (const QChar flag : QStringView(text).mid(end + 1)) {
            switch (flag.unicode()) {
            case 'g': regex.m_global = true; break;
            case 'i': options |= QRegularExpression::CaseInsensitiveOption; break;
            case 'm': options |= QRegularExpression::MultilineOption; break;
            case 's': options |= QRegularExpression::DotMatchesEverythingOption; break;
            case 'u': options |= QRegularExpression::UseUnicodePropertiesOption; break;
            case 'y': break;
            default: return std::nullopt;
            }
        }
    } else {
        pattern = u'^' + text + u'$';
    }
    regex.m_expression = QRegularExpression(pattern, options);
    if (!regex.m_expression.isValid())
        return std::nullopt;
    regex.m_expression.optimize();
    return regex;
}

namespace {

/// Appends what one "$..." of the replacement stands for; returns how many characters it took.
qsizetype expandDollar(QString& out, QStringView rest, const QRegularExpressionMatch& match, const QString& text)
{
    if (rest.size() < 2) {
        out += u'$';
        return 1;
    }
    const QChar kind = rest[1];
    if (kind == u'$') {
        out += u'$';
        return 2;
    }
    if (kind == u'&') {
        out += match.captured(0);
        return 2;
    }
    if (kind == u'`' || kind == u'\'') {
        out += kind == u'`' ? text.left(match.capturedStart()) : text.mid(match.capturedEnd());
        return 2;
    }
    const int groups = match.regularExpression().captureCount();
    if (kind.isDigit()) {
        int number = kind.digitValue();
        qsizetype used = 2;
        if (rest.size() > 2 && rest[2].isDigit() && number * 10 + rest[2].digitValue() <= groups) {
            number = number * 10 + rest[2].digitValue();
            used = 3;
        }
        if (number >= 1 && number <= groups) {
            out += match.captured(number);
            return used;
        }
    }
    if (kind == u'<' && match.regularExpression().namedCaptureGroups().size() > 1) {
        if (const qsizetype end = rest.indexOf(u'>'); end > 2) {
            out += match.captured(rest.mid(2, end - 2));
            return end + 1;
        }
    }
    out += u'$';
    return 1;
}

} // namespace

QString JsRegex::replace(const QString& text, const QString& replacement) const
{
    QString out;
    qsizetype done = 0;
    auto matches = m_expression.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        out += QStringView(text).mid(done, match.capturedStart() - done);
        for (qsizetype at = 0; at < replacement.size();) {
            if (replacement[at] == u'$')
                at += expandDollar(out, QStringView(replacement).mid(at), match, text);
            else
                out += replacement[at++];
        }
        done = match.capturedEnd();
        if (!m_global)
            break;
    }
    out += QStringView(text).mid(done);
    return out;
}

} // namespace Promdeck
