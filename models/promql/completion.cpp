#include "models/promql/completion.h"

#include "models/promql/gotext.h"
#include "models/promql/lexer.h"

#include <algorithm>
#include <array>

namespace Promdeck::Promql {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
}

bool isWordByte(char c)
{
    return c == '_' || c == ':' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isMatchOperator(Tok kind)
{
    return kind == Tok::Eql || kind == Tok::Neq || kind == Tok::EqlRegex || kind == Tok::NeqRegex;
}

bool isGroupingWord(Tok kind)
{
    return kind == Tok::By || kind == Tok::Without || kind == Tok::On || kind == Tok::Ignoring
        || kind == Tok::GroupLeft || kind == Tok::GroupRight;
}

/// How a pattern fits, worst first.
enum class FitKind { Scattered, Inside, Words, Prefix, Whole };

bool startsWord(std::string_view text, size_t at)
{
    if (at == 0)
        return true;
    const char before = text[at - 1];
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    return !(isWordByte(before) && before != '_' && before != ':')
        || (isLower(before) && text[at] >= 'A' && text[at] <= 'Z');
}

bool inOrder(std::string_view pattern, std::string_view candidate)
{
    size_t next = 0;
    for (size_t i = 0; i < candidate.size() && next < pattern.size(); ++i)
        next += lower(candidate[i]) == lower(pattern[next]) ? 1 : 0;
    return next == pattern.size();
}

/// The fewest pieces the pattern can be cut into so that each begins a word of the candidate and runs on without a
/// gap; 0 when it cannot be cut like that. Names longer than any real one are not looked at.
size_t wordPieces(std::string_view pattern, std::string_view candidate)
{
    constexpr size_t kLongest = 256;
    constexpr std::uint16_t kNone = UINT16_MAX;
    if (candidate.size() > kLongest)
        return 0;
    // fewest[j]: pieces needed to place the pattern so far with its last character at j.
    std::array<std::uint16_t, kLongest> fewest {};
    std::array<std::uint16_t, kLongest> next {};
    for (size_t i = 0; i < pattern.size(); ++i) {
        std::uint16_t before = i == 0 ? 0 : kNone; // the best of all places left of j
        for (size_t j = 0; j < candidate.size(); ++j) {
            next[j] = kNone;
            if (lower(candidate[j]) == lower(pattern[i])) {
                if (i > 0 && j > 0)
                    next[j] = fewest[j - 1];
                if (before != kNone && startsWord(candidate, j))
                    next[j] = std::min(next[j], std::uint16_t(before + 1));
            }
            if (i > 0)
                before = std::min(before, fewest[j]);
        }
        fewest = next;
    }
    const auto least = *std::min_element(fewest.begin(), fewest.begin() + std::ptrdiff_t(candidate.size()));
    return least == kNone ? 0 : least;
}

struct Fit
{
    FitKind kind = FitKind::Scattered;
    size_t pieces = 0; ///< of FitKind::Words
};

/// Of a pattern whose characters are all there, in order.
Fit fitOf(std::string_view pattern, std::string_view candidate)
{
    const auto equal = [](char a, char b) { return lower(a) == lower(b); };
    const auto found = std::search(candidate.begin(), candidate.end(), pattern.begin(), pattern.end(), equal);
    if (found == candidate.begin())
        return { pattern.size() == candidate.size() ? FitKind::Whole : FitKind::Prefix };
    if (const size_t pieces = wordPieces(pattern, candidate); pieces > 0)
        return { FitKind::Words, pieces };
    return { found != candidate.end() ? FitKind::Inside : FitKind::Scattered };
}

/// Reads the tokens in front of the cursor.
class PlaceFinder
{
public:
    PlaceFinder(std::string_view text, std::uint32_t cursor, const Options& options)
        : m_text(text)
        , m_cursor(std::min(cursor, std::uint32_t(text.size())))
        , m_options(options)
    {
    }

    CompletionPlace find()
    {
        m_place.replace = { m_cursor, m_cursor };
        readTokens();
        if (m_inComment)
            return m_place;
        if (m_stringStart)
            return insideString();
        if (!takeTypedWord())
            return m_place;
        openBrackets();
        if (m_open.empty())
            return plain();
        const Token opener = m_tokens[m_open.back()];
        if (opener.kind == Tok::LeftBrace)
            return insideBraces();
        if (opener.kind == Tok::LeftBracket)
            return with(CompletionContext::Duration);
        if (m_open.back() > 0 && isGroupingWord(m_tokens[m_open.back() - 1].kind))
            return grouping();
        return plain();
    }

private:
    CompletionPlace with(CompletionContext context)
    {
        m_place.context = context;
        return m_place;
    }

    void readTokens()
    {
        const std::string_view before = m_text.substr(0, m_cursor);
        Lexer lexer(before, m_options.version);
        for (Token token = lexer.next(); token.kind != Tok::Eof; token = lexer.next()) {
            if (token.kind == Tok::LexError) {
                const char first = token.range.start < before.size() ? before[token.range.start] : '\0';
                if (first == '"' || first == '\'' || first == '`')
                    m_stringStart = token.range.start + 1;
                break;
            }
            m_inComment = token.kind == Tok::Comment && token.range.end == m_cursor;
            if (token.kind != Tok::Comment)
                m_tokens.push_back(token);
        }
    }

    /// A word that ends at the cursor is being typed; what is right of the cursor belongs to it. False for a number:
    /// nobody can propose how it goes on.
    bool takeTypedWord()
    {
        std::uint32_t start = m_cursor;
        while (start > 0 && isWordByte(m_text[start - 1]))
            --start;
        if (start < m_cursor && m_text[start] >= '0' && m_text[start] <= '9' && !wantsDuration(start))
            return false;
        std::uint32_t end = m_cursor;
        while (end < m_text.size() && isWordByte(m_text[end]))
            ++end;
        m_place.replace = { start, end };
        m_place.typed = m_text.substr(start, m_cursor - start);
        while (!m_tokens.empty() && m_tokens.back().range.end > start)
            m_tokens.pop_back();
        return true;
    }

    /// Behind "offset", or inside brackets.
    [[nodiscard]] bool wantsDuration(std::uint32_t offset) const
    {
        bool next = true;
        for (auto it = m_tokens.rbegin(); it != m_tokens.rend(); ++it) {
            if (it->range.end > offset)
                continue;
            if (it->kind == Tok::LeftBracket || (next && it->kind == Tok::Offset))
                return true;
            if (it->kind == Tok::RightBracket)
                return false;
            next = false;
        }
        return false;
    }

    void openBrackets()
    {
        m_open.clear();
        for (size_t i = 0; i < m_tokens.size(); ++i) {
            const Tok kind = m_tokens[i].kind;
            if (kind == Tok::LeftBrace || kind == Tok::LeftParen || kind == Tok::LeftBracket)
                m_open.push_back(i);
            else if ((kind == Tok::RightBrace || kind == Tok::RightParen || kind == Tok::RightBracket)
                     && !m_open.empty())
                m_open.pop_back();
        }
    }

    [[nodiscard]] std::string textOf(const Token& token) const
    {
        const std::string_view text = m_text.substr(token.range.start, token.range.end - token.range.start);
        return token.kind == Tok::String ? goUnquote(text).value_or(std::string()) : std::string(text);
    }

    CompletionPlace insideString()
    {
        m_place.replace = { *m_stringStart, m_cursor };
        m_place.typed = m_text.substr(*m_stringStart, m_cursor - *m_stringStart);
        const char quote = m_text[*m_stringStart - 1];
        std::uint32_t end = m_cursor;
        while (end < m_text.size() && m_text[end] != quote && m_text[end] != '\n')
            ++end;
        if (end < m_text.size() && m_text[end] == quote)
            m_place.replace.end = end;
        m_place.quoted = true;
        openBrackets();
        if (m_open.empty() || m_tokens.empty())
            return m_place;
        const Tok opener = m_tokens[m_open.back()].kind;
        if (opener == Tok::LeftBrace)
            return insideBraces();
        if (opener == Tok::LeftParen && m_open.back() > 0 && isGroupingWord(m_tokens[m_open.back() - 1].kind))
            return grouping();
        return m_place;
    }

    CompletionPlace insideBraces()
    {
        const size_t brace = m_open.back();
        if (brace > 0 && m_tokens[brace - 1].range.end == m_tokens[brace].range.start)
            m_place.metric = textOf(m_tokens[brace - 1]);
        for (size_t i = brace + 1; i + 2 < m_tokens.size(); ++i) {
            if (isMatchOperator(m_tokens[i + 1].kind) && m_tokens[i + 2].kind == Tok::String)
                addMatcher(m_tokens[i], m_tokens[i + 1].kind, m_tokens[i + 2]);
        }
        const Token last = m_tokens.back();
        if (isMatchOperator(last.kind)) {
            m_place.label = m_tokens.size() >= 2 ? textOf(m_tokens[m_tokens.size() - 2]) : std::string();
            return with(CompletionContext::LabelValue);
        }
        if (last.kind == Tok::LeftBrace || last.kind == Tok::Comma)
            return with(CompletionContext::LabelName);
        if (last.kind == Tok::Identifier)
            return with(CompletionContext::MatchOperator);
        return m_place;
    }

    void addMatcher(const Token& name, Tok op, const Token& value)
    {
        Matcher matcher;
        matcher.name = textOf(name);
        matcher.value = textOf(value);
        matcher.type = op == Tok::Eql ? MatchType::Equal
            : op == Tok::Neq          ? MatchType::NotEqual
            : op == Tok::EqlRegex     ? MatchType::Regexp
                                      : MatchType::NotRegexp;
        if (matcher.name == "__name__" && matcher.type == MatchType::Equal && m_place.metric.empty())
            m_place.metric = matcher.value;
        m_place.matchers.push_back(std::move(matcher));
    }

    CompletionPlace grouping()
    {
        const Tok last = m_tokens.back().kind;
        if (last != Tok::LeftParen && last != Tok::Comma)
            return m_place;
        m_place.metric = nearestMetric();
        return with(CompletionContext::GroupingLabel);
    }

    /// The metric that grouping labels are about: the next one behind the cursor, else the last one in front of it.
    [[nodiscard]] std::string nearestMetric() const
    {
        std::string before;
        const std::vector<Token> all = tokenise(m_text, m_options.version);
        int parens = 0;
        for (size_t i = 0; i < all.size(); ++i) {
            const Tok kind = all[i].kind;
            if (kind == Tok::LeftParen && i > 0 && isGroupingWord(all[i - 1].kind))
                ++parens;
            else if (kind == Tok::RightParen && parens > 0)
                --parens;
            const bool name = (kind == Tok::Identifier || kind == Tok::MetricIdentifier) && parens == 0
                && (i + 1 >= all.size() || all[i + 1].kind != Tok::LeftParen)
                && (i == 0 || (all[i - 1].kind != Tok::LeftBrace && (i + 1 >= all.size() || !isMatchOperator(all[i + 1].kind))));
            if (!name)
                continue;
            if (all[i].range.start >= m_cursor)
                return textOf(all[i]);
            before = textOf(all[i]);
        }
        return before;
    }

    CompletionPlace plain()
    {
        if (!m_tokens.empty() && m_tokens.back().kind == Tok::Offset)
            return with(CompletionContext::Duration);
        const std::uint32_t end = m_tokens.empty() ? 0 : m_tokens.back().range.end;
        m_place.allowed = tokensAfter(m_text.substr(0, end), m_options);
        const auto allows = [this](Tok kind) {
            return std::find(m_place.allowed.begin(), m_place.allowed.end(), kind) != m_place.allowed.end();
        };
        if (allows(Tok::Number) && allows(Tok::LeftBrace))
            return with(CompletionContext::Expression);
        return with(m_place.allowed.empty() ? CompletionContext::None : CompletionContext::AfterExpression);
    }

    std::string_view m_text;
    std::uint32_t m_cursor;
    const Options& m_options;
    CompletionPlace m_place;
    std::vector<Token> m_tokens;
    std::vector<size_t> m_open;
    std::optional<std::uint32_t> m_stringStart;
    bool m_inComment = false;
};

/// What a metric scores more than everything else while nothing is typed.
constexpr int kMetricsFirst = 10;

/// What most expressions are made of comes before what fits as well.
int usual(std::string_view name)
{
    static constexpr std::string_view kUsual[] = { "avg", "count", "histogram_quantile", "increase", "irate",
                                                   "label_replace", "max", "min", "rate", "sum", "topk" };
    return std::ranges::find(kUsual, name) != std::end(kUsual) ? 4 : 0;
}

class Collector
{
public:
    Collector(const CompletionPlace& place, const CompletionSource& source, const Options& options, size_t limit)
        : m_place(place)
        , m_source(source)
        , m_options(options)
        , m_limit(limit)
    {
    }

    std::vector<CompletionItem> collect()
    {
        switch (m_place.context) {
        case CompletionContext::None:
            break;
        case CompletionContext::Expression:
            functions();
            keywords();
            metrics();
            break;
        case CompletionContext::AfterExpression:
            keywords();
            break;
        case CompletionContext::LabelName:
        case CompletionContext::GroupingLabel:
            for (const std::string& name : m_source.labelNames(m_place.metric)) {
                if (name != "__name__")
                    add(CompletionKind::Label, name, {}, {}, 0);
            }
            break;
        case CompletionContext::MatchOperator:
            for (const char* op : { "=", "!=", "=~", "!~" })
                add(CompletionKind::Operator, op, {}, {}, 0);
            break;
        case CompletionContext::LabelValue:
            for (const std::string& value : m_source.labelValues(m_place.metric, m_place.label, m_place.matchers))
                add(CompletionKind::Value, m_place.quoted ? escaped(value) : goQuote(value), {}, {}, 0);
            break;
        case CompletionContext::Duration:
            for (const char* text : { "$__rate_interval", "$__interval", "$__range", "1m", "5m", "10m", "15m", "30m",
                                      "1h", "2h", "6h", "12h", "1d", "1w" })
                add(CompletionKind::Duration, text, {}, {}, 0);
            break;
        }
        return best();
    }

private:
    static std::string escaped(const std::string& value)
    {
        const std::string quoted = goQuote(value);
        return quoted.substr(1, quoted.size() - 2);
    }

    void add(CompletionKind kind, std::string text, std::string_view detail, std::string_view documentation, int bonus)
    {
        const int score = fuzzyScore(m_place.typed, text);
        if (score >= 0)
            m_items.push_back({ kind, std::move(text), std::string(detail), std::string(documentation), score + bonus });
    }

    void metrics()
    {
        const std::span<const std::string> names = m_source.metricNames();
        for (size_t i = 0; i < names.size(); ++i) {
            const int score = fuzzyScore(m_place.typed, names[i]);
            if (score >= 0)
                m_metrics.emplace_back(score, i);
        }
        // While nothing is typed everything fits alike: neither side may push the other off the list.
        const size_t others = m_place.typed.empty() ? std::min(m_items.size(), m_limit / 2) : 0;
        const size_t kept = std::min(m_limit - others, m_metrics.size());
        const auto better = [&](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : names[a.second] < names[b.second];
        };
        std::partial_sort(m_metrics.begin(), m_metrics.begin() + std::ptrdiff_t(kept), m_metrics.end(), better);
        for (size_t i = 0; i < kept; ++i) {
            const std::string& name = names[m_metrics[i].second];
            m_items.push_back({ CompletionKind::Metric, name, m_source.metricType(name), m_source.metricHelp(name),
                                m_metrics[i].first + (m_place.typed.empty() ? kMetricsFirst : 0) });
        }
    }

    void functions()
    {
        for (const Function& f : allFunctions()) {
            if (isAvailable(f, m_options.version) && (!f.experimental || m_options.features.experimentalFunctions))
                add(CompletionKind::Function, std::string(f.name), f.signature, f.documentation, 3 + usual(f.name));
        }
        for (const AggregatorInfo& a : allAggregators()) {
            if (m_options.version >= a.since && (!a.experimental || m_options.features.experimentalFunctions))
                add(CompletionKind::Aggregator, std::string(a.name), a.signature, a.documentation, 4 + usual(a.name));
        }
    }

    void keywords()
    {
        const bool expression = m_place.context == CompletionContext::Expression;
        for (const Tok kind : m_place.allowed) {
            const std::string_view text = tokenText(kind);
            const bool word = !text.empty() && ((text[0] >= 'a' && text[0] <= 'z'));
            // Where an expression starts, most keywords are only allowed as names of metrics.
            const bool wanted = expression
                ? kind == Tok::Bool || kind == Tok::On || kind == Tok::Ignoring || kind == Tok::GroupLeft
                    || kind == Tok::GroupRight
                : true;
            if (!wanted || text.empty() || kind == Tok::LeftParen || kind == Tok::LeftBrace || kind == Tok::Comma
                || kind == Tok::RightParen)
                continue;
            if (gated(kind))
                continue;
            add(word ? CompletionKind::Keyword : CompletionKind::Operator, std::string(text), {}, {}, 5);
        }
    }

    [[nodiscard]] bool gated(Tok kind) const
    {
        if (kind == Tok::Anchored || kind == Tok::Smoothed)
            return !m_options.features.extendedRangeSelectors;
        if (kind == Tok::Fill || kind == Tok::FillLeft || kind == Tok::FillRight)
            return !m_options.features.binopFillModifiers;
        return false;
    }

    std::vector<CompletionItem> best()
    {
        std::stable_sort(m_items.begin(), m_items.end(),
                         [](const CompletionItem& a, const CompletionItem& b) { return a.score > b.score; });
        if (m_items.size() > m_limit)
            m_items.resize(m_limit);
        return std::move(m_items);
    }

    const CompletionPlace& m_place;
    const CompletionSource& m_source;
    const Options& m_options;
    size_t m_limit;
    std::vector<CompletionItem> m_items;
    std::vector<std::pair<int, size_t>> m_metrics;
};

} // namespace

CompletionPlace completionPlace(std::string_view text, std::uint32_t cursor, const Options& options)
{
    return PlaceFinder(text, cursor, options).find();
}

std::vector<CompletionItem> complete(std::string_view text, std::uint32_t cursor, const CompletionSource& source,
                                     const Options& options, size_t limit)
{
    const CompletionPlace place = completionPlace(text, cursor, options);
    return Collector(place, source, options, limit).collect();
}

int fuzzyScore(std::string_view pattern, std::string_view candidate)
{
    if (pattern.empty())
        return 0;
    if (pattern.size() > candidate.size() || !inOrder(pattern, candidate))
        return -1;
    // The kind of fit decides; what follows only orders candidates that fit in the same way.
    const Fit fit = fitOf(pattern, candidate);
    return int(fit.kind) * 10000 + 5000 - int(std::min<size_t>(fit.pieces, 20)) * 150
        - int(std::min<size_t>(candidate.size(), 1000)) + (candidate.starts_with(pattern) ? 1 : 0);
}

Hover hoverAt(std::string_view text, std::uint32_t offset, const Options& options)
{
    for (const Token& token : tokenise(text, options.version)) {
        if (!token.range.contains(offset))
            continue;
        const std::string_view word = text.substr(token.range.start, token.range.end - token.range.start);
        for (const AggregatorInfo& info : allAggregators()) {
            if (info.kind == token.kind)
                return { token.range, std::string(info.signature), std::string(info.documentation) };
        }
        if (const Function* f = findFunction(word); f && token.kind != Tok::String && token.kind != Tok::Comment)
            return { token.range, std::string(f->signature), std::string(f->documentation) };
    }
    return {};
}

} // namespace Promdeck::Promql
