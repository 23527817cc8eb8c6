#include "models/dashboard/variables.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// A selector is everything up to the last comma; the label is what follows it.
std::optional<VariableQuery> labelValuesQuery(const QString& inner)
{
    const qsizetype comma = inner.lastIndexOf(u',');
    VariableQuery query;
    query.kind = VariableQuery::Kind::LabelValues;
    query.label = inner.mid(comma + 1).trimmed();
    query.selector = comma < 0 ? QString() : inner.left(comma).trimmed();
    // A comma inside the selector's braces is not the one.
    static const QRegularExpression kLabel(u"^[a-zA-Z_][a-zA-Z0-9_]*$"_s);
    static const QRegularExpression kQuoted(u"^\"(?:[^\"\\\\]|\\\\.)+\"$"_s); // UTF-8 names
    if (kQuoted.match(query.label).hasMatch())
        query.label = query.label.mid(1, query.label.size() - 2);
    else if (!kLabel.match(query.label).hasMatch())
        return std::nullopt;
    return query;
}

struct JavaScriptRegex
{
    QRegularExpression regex;
    bool global = false;
};

Result<JavaScriptRegex> javaScriptRegex(const QString& text)
{
    JavaScriptRegex out;
    QRegularExpression::PatternOptions options;
    QString pattern = u"^"_s + text + u"$"_s;
    if (text.startsWith(u'/')) {
        const qsizetype end = text.lastIndexOf(u'/');
        const QString flags = text.mid(end + 1);
        static const QRegularExpression kFlags(u"^[gimsuyd]*$"_s);
        if (end == 0 || !kFlags.match(flags).hasMatch())
            return makeError(ErrorCode::Syntax, u"not a regular expression of the form /.../flags"_s, text);
        pattern = text.mid(1, end - 1);
        out.global = flags.contains(u'g');
        options.setFlag(QRegularExpression::CaseInsensitiveOption, flags.contains(u'i'));
        options.setFlag(QRegularExpression::MultilineOption, flags.contains(u'm'));
        options.setFlag(QRegularExpression::DotMatchesEverythingOption, flags.contains(u's'));
    }
    out.regex = QRegularExpression(pattern, options);
    if (!out.regex.isValid())
        return makeError(ErrorCode::Syntax, u"the variable's regular expression cannot be read"_s, out.regex.errorString());
    return out;
}

QList<QRegularExpressionMatch> allMatches(const JavaScriptRegex& regex, const QString& value)
{
    QList<QRegularExpressionMatch> out;
    for (auto it = regex.regex.globalMatch(value); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out.append(match);
        if (!regex.global || match.capturedLength() == 0)
            break;
    }
    return out;
}

/// First capture of that name in any of the matches; null when there is no such group or it took no part.
QString namedCapture(const QList<QRegularExpressionMatch>& matches, const QRegularExpression& regex, const QString& name)
{
    if (!regex.namedCaptureGroups().contains(name))
        return {};
    for (const QRegularExpressionMatch& match : matches) {
        if (const QString captured = match.captured(name); !captured.isEmpty())
            return captured;
    }
    return {};
}

/// What one option becomes; nothing when it does not match.
std::vector<VariableOption> matchedOptions(const VariableOption& option, const JavaScriptRegex& regex)
{
    const QList<QRegularExpressionMatch> matches = allMatches(regex, option.value);
    if (matches.isEmpty())
        return {};
    const QString text = namedCapture(matches, regex.regex, u"text"_s);
    const QString value = namedCapture(matches, regex.regex, u"value"_s);
    if (!text.isNull() || !value.isNull())
        return {{text.isNull() ? value : text, value.isNull() ? text : value}};
    if (regex.regex.captureCount() == 0)
        return {option};
    if (matches.size() == 1)
        return {{matches.first().captured(1), matches.first().captured(1)}};
    std::vector<VariableOption> out;
    for (const QRegularExpressionMatch& match : matches)
        out.push_back({match.captured(1), match.captured(1)});
    return out;
}

/// "node-12-a" is 12; without a number first of all.
double firstNumber(const QString& text)
{
    static const QRegularExpression kNumber(u"\\d+"_s);
    const auto match = kNumber.match(text);
    return match.hasMatch() ? match.captured().toDouble() : -1;
}

/// Numbers inside texts compare by value, the rest without regard to case.
bool naturalLess(const QString& a, const QString& b)
{
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i].isDigit() && b[j].isDigit()) {
            const auto numberAt = [](const QString& text, qsizetype& at) {
                while (at < text.size() - 1 && text[at] == u'0' && text[at + 1].isDigit())
                    ++at;
                const qsizetype start = at;
                while (at < text.size() && text[at].isDigit())
                    ++at;
                return QStringView(text).mid(start, at - start);
            };
            const QStringView left = numberAt(a, i);
            const QStringView right = numberAt(b, j);
            if (left.size() != right.size())
                return left.size() < right.size();
            if (const int order = left.compare(right); order != 0)
                return order < 0;
            continue;
        }
        const QChar left = a[i++].toLower();
        const QChar right = b[j++].toLower();
        if (left != right)
            return left < right;
    }
    return a.size() - i < b.size() - j;
}

} // namespace

VariableQuery parseVariableQuery(const QString& text)
{
    static const QRegularExpression kCall(u"^\\s*(label_names|label_values|metrics|query_result)\\s*\\((.*)\\)\\s*$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    VariableQuery query;
    query.selector = text.trimmed();
    const auto call = kCall.match(text);
    if (!call.hasMatch())
        return query;
    const QString function = call.captured(1);
    const QString inner = call.captured(2).trimmed();
    if (function == u"label_values")
        return labelValuesQuery(inner).value_or(query);
    if (function == u"label_names")
        return {VariableQuery::Kind::LabelNames, {}, inner, {}};
    if (inner.isEmpty())
        return query;
    return {function == u"metrics" ? VariableQuery::Kind::Metrics : VariableQuery::Kind::QueryResult, {}, {}, inner};
}

Result<std::vector<VariableOption>> filterOptions(const std::vector<VariableOption>& options, const QString& regex)
{
    std::vector<VariableOption> matched = options;
    if (!regex.isEmpty()) {
        const Result<JavaScriptRegex> compiled = javaScriptRegex(regex);
        if (!compiled)
            return compiled.error();
        matched.clear();
        for (const VariableOption& option : options)
            std::ranges::move(matchedOptions(option, *compiled), std::back_inserter(matched));
    }
    QSet<QString> seen;
    std::erase_if(matched, [&seen](const VariableOption& option) {
        if (seen.contains(option.value))
            return true;
        seen.insert(option.value);
        return false;
    });
    return matched;
}

void sortOptions(std::vector<VariableOption>& options, int sort)
{
    const auto sortBy = [&options](auto&& less) { std::ranges::stable_sort(options, less); };
    switch (sort) {
    case 1:
    case 2: sortBy([](const VariableOption& a, const VariableOption& b) { return a.text < b.text; }); break;
    case 3:
    case 4:
        sortBy([](const VariableOption& a, const VariableOption& b) { return firstNumber(a.text) < firstNumber(b.text); });
        break;
    case 5:
    case 6:
        sortBy([](const VariableOption& a, const VariableOption& b) { return a.text.toLower() < b.text.toLower(); });
        break;
    case 7:
    case 8: sortBy([](const VariableOption& a, const VariableOption& b) { return naturalLess(a.text, b.text); }); break;
    default: return;
    }
    if (sort % 2 == 0)
        std::ranges::reverse(options);
}

} // namespace Promdeck
