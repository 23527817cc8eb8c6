#include "widgets/editor/promqlhighlighter.h"

#include "models/promql/functions.h"
#include "models/promql/lexer.h"
#include "widgets/common/theme.h"

#include <QRegularExpression>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Promql::Tok;
using Role = PromqlHighlighter::Role;

QTextCharFormat formatOf(Role role)
{
    const ThemeColors& c = Theme::instance().colors();
    const bool dark = Theme::instance().isDark();
    QTextCharFormat format;
    switch (role) {
    case Role::None: format.setForeground(c.text); break;
    case Role::Function: format.setForeground(dark ? QColor(0xdc, 0xb8, 0x62) : QColor(0x8a, 0x5a, 0x00)); break;
    case Role::Aggregator: format.setForeground(dark ? QColor(0xd3, 0x8a, 0xea) : QColor(0x8a, 0x2b, 0xa8)); break;
    case Role::Keyword: format.setForeground(dark ? QColor(0xd3, 0x8a, 0xea) : QColor(0x8a, 0x2b, 0xa8)); break;
    case Role::Metric: format.setForeground(dark ? QColor(0x6e, 0xb4, 0xff) : QColor(0x12, 0x58, 0xb8)); break;
    case Role::Label: format.setForeground(dark ? QColor(0x7f, 0xd6, 0xc8) : QColor(0x0b, 0x6e, 0x6a)); break;
    case Role::String: format.setForeground(dark ? QColor(0x8f, 0xd0, 0x74) : QColor(0x2a, 0x71, 0x1a)); break;
    case Role::Number: format.setForeground(dark ? QColor(0xf2, 0x9e, 0x74) : QColor(0xa8, 0x44, 0x06)); break;
    case Role::Operator: format.setForeground(c.textSecondary); break;
    case Role::Comment:
        format.setForeground(c.textDisabled);
        format.setFontItalic(true);
        break;
    case Role::Variable:
        format.setForeground(dark ? QColor(0xff, 0x8f, 0xb0) : QColor(0xb0, 0x1e, 0x5a));
        format.setFontWeight(QFont::DemiBold);
        break;
    }
    return format;
}

Role roleOf(Tok kind, std::string_view text, Tok next, bool inBraces)
{
    if (kind == Tok::Comment)
        return Role::Comment;
    if (kind == Tok::String)
        return Role::String;
    if (kind == Tok::Number || kind == Tok::Duration)
        return Role::Number;
    if (Promql::isAggregator(kind))
        return Role::Aggregator;
    if (Promql::isKeyword(kind) || Promql::isSetOperator(kind) || kind == Tok::Atan2)
        return Role::Keyword;
    if (Promql::isOperator(kind) || kind == Tok::Eql)
        return Role::Operator;
    if (kind == Tok::Identifier || kind == Tok::MetricIdentifier) {
        if (inBraces)
            return Role::Label;
        if (next == Tok::LeftParen && Promql::findFunction(text))
            return Role::Function;
        return Role::Metric;
    }
    return Role::None;
}

} // namespace

PromqlHighlighter::PromqlHighlighter(QTextDocument* document) : QSyntaxHighlighter(document)
{
    connect(&Theme::instance(), &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void PromqlHighlighter::setOn(bool on)
{
    if (on == m_on)
        return;
    m_on = on;
    rehighlight();
}

std::vector<Role> PromqlHighlighter::rolesOf(const QString& text)
{
    // Variables stand for something: for the lexer they are words of the same length.
    static const QRegularExpression variable(u"\\$\\w+|\\$\\{\\w+[^}]*\\}|\\[\\[\\w+(?::\\w+)?\\]\\]"_s);
    QString plain = text;
    std::vector<std::pair<qsizetype, qsizetype>> variables;
    for (auto it = variable.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        variables.emplace_back(match.capturedStart(), match.capturedEnd());
        for (qsizetype at = match.capturedStart(); at < match.capturedEnd(); ++at)
            plain[at] = at == match.capturedStart() ? u'1' : at + 1 == match.capturedEnd() ? u's' : u'0';
    }
    std::vector<Role> roles(size_t(text.size()), Role::None);
    // The lexer counts bytes.
    std::vector<qsizetype> unitOf;
    for (qsizetype at = 0; at < plain.size(); ++at) {
        const bool pair = plain.at(at).isHighSurrogate() && at + 1 < plain.size();
        const qsizetype bytes = QStringView(plain).mid(at, pair ? 2 : 1).toUtf8().size();
        unitOf.insert(unitOf.end(), size_t(bytes), at);
        at += pair ? 1 : 0;
    }
    unitOf.push_back(plain.size());
    const std::string bytes = plain.toStdString();
    const std::vector<Promql::Token> tokens = Promql::tokenise(bytes);
    bool inBraces = false;
    int grouping = 0; // inside the parentheses of by(), on()...
    bool groupingNext = false;
    for (size_t index = 0; index < tokens.size(); ++index) {
        const Promql::Token& token = tokens[index];
        const std::string_view word = std::string_view(bytes).substr(token.range.start, token.range.end - token.range.start);
        if (token.kind == Tok::LeftBrace)
            inBraces = true;
        else if (token.kind == Tok::RightBrace)
            inBraces = false;
        else if (token.kind == Tok::LeftParen && groupingNext)
            grouping = 1;
        else if (token.kind == Tok::RightParen)
            grouping = 0;
        const bool groups = token.kind == Tok::By || token.kind == Tok::Without || token.kind == Tok::On
            || token.kind == Tok::Ignoring || token.kind == Tok::GroupLeft || token.kind == Tok::GroupRight;
        groupingNext = groups;
        const Tok next = index + 1 < tokens.size() ? tokens[index + 1].kind : Tok::Eof;
        const Role role = roleOf(token.kind, word, next, inBraces || grouping > 0);
        if (token.range.end >= unitOf.size() || token.range.start >= token.range.end)
            continue;
        for (qsizetype at = unitOf[token.range.start]; at < unitOf[token.range.end]; ++at)
            roles[size_t(at)] = role;
    }
    for (const auto& [from, to] : variables) {
        for (qsizetype at = from; at < to; ++at)
            roles[size_t(at)] = Role::Variable;
    }
    return roles;
}

void PromqlHighlighter::highlightBlock(const QString& text)
{
    if (!m_on)
        return;
    const QString whole = document()->toPlainText();
    if (whole != m_text) {
        m_text = whole;
        m_roles = rolesOf(whole);
    }
    const int start = currentBlock().position();
    int from = 0;
    while (from < text.size()) {
        const size_t place = size_t(start + from);
        if (place >= m_roles.size())
            break;
        int to = from + 1;
        while (to < text.size() && size_t(start + to) < m_roles.size() && m_roles[size_t(start + to)] == m_roles[place])
            ++to;
        setFormat(from, to - from, formatOf(m_roles[place]));
        from = to;
    }
}

} // namespace Promdeck
