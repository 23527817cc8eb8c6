#include "widgets/workbench/codestyling.h"

#include "models/config/edit/yamllines.h"
#include "models/promql/functions.h"
#include "models/promql/lexer.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/scintilla.h"

#include <QFontDatabase>

#include <algorithm>

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kFoldBase = QsciScintillaBase::SC_FOLDLEVELBASE;
constexpr int kDeepest = 1000;
constexpr int kLookAhead = 50; // lines that are searched for the next text

bool isWordChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isConstant(std::string_view text)
{
    for (const char* one : {"true", "false", "null", "yes", "no", "on", "off", "~", "True", "False", "Null"}) {
        if (text == one)
            return true;
    }
    return false;
}

/// A number, a duration or a size.
bool isNumber(std::string_view text)
{
    if (text.empty() || !(text.front() == '-' || text.front() == '+' || text.front() == '.' || (text.front() >= '0' && text.front() <= '9')))
        return false;
    bool digit = false;
    for (const char c : text) {
        if (!isWordChar(c) && c != '.' && c != '-' && c != '+')
            return false;
        digit = digit || (c >= '0' && c <= '9');
    }
    return digit && (text.size() == 1 || text[1] != '-') && text.find('-', 1) == std::string_view::npos;
}

} // namespace

/// What is open at the end of a line; fits into the number that Scintilla keeps with a line.
struct CodeStyling::State
{
    YamlCarry carry;
    bool promql = false;       ///< the value is an expression
    bool braces = false;       ///< PromQL: between { and }
    bool grouping = false;     ///< PromQL: between ( and ) of by()
    bool inTemplate = false;   ///< between {{ and }}

    [[nodiscard]] int toInt() const
    {
        const unsigned quote = carry.quote == '"' ? 1U : carry.quote == '\'' ? 2U : 0U;
        const unsigned column = unsigned(std::min<std::size_t>(carry.blockColumn, 1023));
        const unsigned depth = unsigned(std::min(carry.depth, 63));
        return int(unsigned(carry.inBlock) | unsigned(carry.atRoot) << 1U | quote << 2U | depth << 4U | column << 10U | unsigned(promql) << 20U
                   | unsigned(braces) << 21U | unsigned(grouping) << 22U | unsigned(inTemplate) << 23U);
    }
    static State fromInt(int number)
    {
        const auto bits = unsigned(number);
        State state;
        state.carry.inBlock = bits & 1U;
        state.carry.atRoot = bits & 2U;
        state.carry.quote = (bits >> 2U & 3U) == 1 ? '"' : (bits >> 2U & 3U) == 2 ? '\'' : char(0);
        state.carry.depth = int(bits >> 4U & 63U);
        state.carry.blockColumn = bits >> 10U & 1023U;
        state.promql = bits & 1U << 20U;
        state.braces = bits & 1U << 21U;
        state.grouping = bits & 1U << 22U;
        state.inTemplate = bits & 1U << 23U;
        return state;
    }
};

QColor CodeStyling::colorOf(CodeStyle style)
{
    const ThemeColors& c = Theme::instance().colors();
    const bool dark = Theme::instance().isDark();
    const auto pick = [dark](QRgb onDark, QRgb onLight) { return QColor(dark ? onDark : onLight); };
    switch (style) {
    case CodeStyle::Comment: return blend(c.panel, c.textSecondary);
    case CodeStyle::Key: return pick(0xff6eb4ff, 0xff1258b8);
    case CodeStyle::String: return pick(0xff8fd074, 0xff2a711a);
    case CodeStyle::Number: return pick(0xfff29e74, 0xffa84406);
    case CodeStyle::Constant: return pick(0xffd38aea, 0xff8a2ba8);
    case CodeStyle::Anchor: return pick(0xffff8fb0, 0xffb01e5a);
    case CodeStyle::Punctuation: return blend(c.panel, c.textSecondary);
    case CodeStyle::Metric: return pick(0xff9fd0ff, 0xff0b4a9e);
    case CodeStyle::Function: return pick(0xffdcb862, 0xff8a5a00);
    case CodeStyle::Keyword: return pick(0xffd38aea, 0xff8a2ba8);
    case CodeStyle::Label: return pick(0xff7fd6c8, 0xff0b6e6a);
    case CodeStyle::Operator: return blend(c.panel, c.textSecondary);
    case CodeStyle::TemplateMark: return pick(0xffff8fb0, 0xffb01e5a);
    case CodeStyle::TemplateVariable: return pick(0xff7fd6c8, 0xff0b6e6a);
    case CodeStyle::TemplateFunction: return pick(0xffdcb862, 0xff8a5a00);
    case CodeStyle::NoteError: return c.error;
    case CodeStyle::NoteWarning: return c.warning;
    case CodeStyle::NoteText: return blend(c.panel, c.textSecondary);
    default: return blend(c.panel, c.text); // Scintilla knows no translucent colours
    }
}

void CodeStyling::applyTheme()
{
    using Base = QsciScintillaBase;
    const ThemeColors& c = Theme::instance().colors();
    QFont font(QStringLiteral("monospace"));
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(13);
    const QByteArray family = QFontInfo(font).family().toUtf8();
    const auto send = [this](unsigned message, unsigned long style, long value) { m_editor->SendScintilla(message, style, value); };
    const auto color = [this](unsigned message, unsigned long style, const QColor& value) { m_editor->SendScintilla(message, style, value); };
    m_editor->SendScintilla(Base::SCI_STYLESETFONT, static_cast<unsigned long>(Base::STYLE_DEFAULT), family.constData());
    // Points at Scintilla's fixed 72 dpi would be pixels; Qt measures fonts at the screen's.
    send(Base::SCI_STYLESETSIZEFRACTIONAL, Base::STYLE_DEFAULT, long(QFontInfo(font).pointSizeF() * int(Base::SC_FONT_SIZE_MULTIPLIER)));
    color(Base::SCI_STYLESETFORE, Base::STYLE_DEFAULT, c.text);
    color(Base::SCI_STYLESETBACK, Base::STYLE_DEFAULT, c.panel);
    m_editor->SendScintilla(Base::SCI_STYLECLEARALL);
    for (unsigned long style = 0; style < static_cast<unsigned long>(CodeStyle::Count); ++style)
        color(Base::SCI_STYLESETFORE, style, colorOf(CodeStyle(style)));
    send(Base::SCI_STYLESETITALIC, static_cast<unsigned long>(CodeStyle::Comment), 1);
    const QColor noteBack = blend(c.panel, withAlpha(c.error, Theme::instance().isDark() ? 0.12 : 0.07));
    const QColor warningBack = blend(c.panel, withAlpha(c.warning, Theme::instance().isDark() ? 0.10 : 0.08));
    for (const CodeStyle style : {CodeStyle::NoteError, CodeStyle::NoteWarning, CodeStyle::NoteText, CodeStyle::Filler}) {
        const auto number = static_cast<unsigned long>(style);
        color(Base::SCI_STYLESETFORE, number, colorOf(style));
        color(Base::SCI_STYLESETBACK, number, style == CodeStyle::NoteError ? noteBack : style == CodeStyle::NoteWarning ? warningBack : style == CodeStyle::Filler ? blend(c.panel, c.hover) : c.panel);
        send(Base::SCI_STYLESETSIZEFRACTIONAL, number, long((QFontInfo(font).pointSizeF() - 0.75) * int(Base::SC_FONT_SIZE_MULTIPLIER)));
    }
    color(Base::SCI_STYLESETFORE, Base::STYLE_LINENUMBER, blend(c.panel, c.textDisabled));
    color(Base::SCI_STYLESETBACK, Base::STYLE_LINENUMBER, c.panel);
    color(Base::SCI_STYLESETFORE, Base::STYLE_INDENTGUIDE, blend(c.panel, c.borderMedium));
    color(Base::SCI_STYLESETBACK, Base::STYLE_INDENTGUIDE, c.panel);
    color(Base::SCI_STYLESETFORE, Base::STYLE_BRACELIGHT, c.maxContrast);
    color(Base::SCI_STYLESETBACK, Base::STYLE_BRACELIGHT, blend(c.panel, c.selected));
    send(Base::SCI_STYLESETBOLD, Base::STYLE_BRACELIGHT, 1);
    color(Base::SCI_STYLESETFORE, Base::STYLE_BRACEBAD, c.error);
    m_editor->setPaper(c.panel);
    m_editor->setColor(blend(c.panel, c.text));
    m_editor->setCaretForegroundColor(c.maxContrast);
    m_editor->setCaretLineVisible(true);
    m_editor->setCaretLineBackgroundColor(blend(c.panel, c.hover));
    m_editor->setSelectionBackgroundColor(blend(c.panel, withAlpha(c.accent, 0.45)));
    m_editor->resetSelectionForegroundColor();
    m_editor->setMarginsBackgroundColor(c.panel);
    m_editor->setMarginsForegroundColor(blend(c.panel, c.textDisabled));
    m_editor->setFoldMarginColors(c.panel, c.panel);
    m_editor->setMatchedBraceBackgroundColor(blend(c.panel, c.selected));
    m_editor->setMatchedBraceForegroundColor(c.maxContrast);
    m_editor->setIndentationGuidesBackgroundColor(c.panel);
    m_editor->setIndentationGuidesForegroundColor(blend(c.panel, c.borderMedium));
}

void CodeStyling::fill(std::size_t from, std::size_t to, CodeStyle style)
{
    to = std::min(to, m_styles.size());
    for (std::size_t i = from; i < to; ++i)
        m_styles[i] = char(style);
}

std::string_view CodeStyling::lineText(int line) const
{
    using Base = QsciScintillaBase;
    const long start = m_editor->SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
    const long end = m_editor->SendScintilla(Base::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line));
    if (start < 0 || end <= start)
        return {};
    const auto* bytes = static_cast<const char*>(m_editor->SendScintillaPtrResult(Base::SCI_GETCHARACTERPOINTER));
    return {bytes + start, std::size_t(end - start)};
}

void CodeStyling::styleUpTo(int position)
{
    using Base = QsciScintillaBase;
    if (m_busy)
        return; // once per line of a long file, each inside of the other
    m_busy = true;
    const long styled = m_editor->SendScintilla(Base::SCI_GETENDSTYLED);
    int first = int(m_editor->SendScintilla(Base::SCI_LINEFROMPOSITION, static_cast<unsigned long>(styled)));
    const int last = int(m_editor->SendScintilla(Base::SCI_LINEFROMPOSITION, static_cast<unsigned long>(position)));
    // The line above may fold, or not, because of this one.
    first = std::max(0, first - 1);
    State state = first == 0 ? State() : State::fromInt(int(m_editor->SendScintilla(Base::SCI_GETLINESTATE, static_cast<unsigned long>(first - 1))));
    for (int line = first; line <= last; ++line) {
        const long start = m_editor->SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
        const long next = line + 1 < m_editor->lines() ? m_editor->SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line + 1))
                                                       : m_editor->SendScintilla(Base::SCI_GETLENGTH);
        const std::string text(lineText(line));
        m_styles.assign(text.size(), char(CodeStyle::Plain));
        const State before = state;
        styleLine(text, state);
        m_styles.resize(std::size_t(std::max(0L, next - start)), char(CodeStyle::Plain));
        m_editor->SendScintilla(Base::SCI_STARTSTYLING, static_cast<unsigned long>(start), 0L);
        if (!m_styles.empty())
            m_editor->SendScintilla(Base::SCI_SETSTYLINGEX, static_cast<unsigned long>(m_styles.size()), m_styles.data());
        m_editor->SendScintilla(Base::SCI_SETLINESTATE, static_cast<unsigned long>(line), long(state.toInt()));
        styleFold(line, text, before);
    }
    m_busy = false;
}

void CodeStyling::styleLine(std::string_view line, State& state)
{
    const YamlStep step = stepYamlLine(line, state.carry);
    const bool wasBlock = state.carry.inBlock;
    if (step.continues) {
        const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
        const std::size_t end = step.line.comment != std::string_view::npos && !wasBlock ? step.line.comment : line.size();
        if (state.promql) {
            stylePromql(line, first, end, state);
        } else {
            fill(first, end, wasBlock || state.carry.quote ? CodeStyle::String : CodeStyle::Plain);
            if (!wasBlock && !state.carry.quote)
                styleValue(line, first, end, state);
            styleTemplates(line, first, end, state);
        }
        fill(end, line.size(), CodeStyle::Comment);
        state.carry = step.next;
        return;
    }
    state.carry = step.next;
    if (step.line.comment != std::string_view::npos)
        fill(step.line.comment, line.size(), CodeStyle::Comment);
    if (step.line.isBlank)
        return;
    // A plain scalar may go on over lines that have no key.
    if (!step.line.marks.empty()) {
        state = State();
        state.carry = step.next;
    }
    for (const YamlMark& mark : step.line.marks) {
        if (mark.isItem) {
            fill(mark.column, mark.column + 1, CodeStyle::Punctuation);
        } else {
            fill(mark.column, mark.keyEnd, CodeStyle::Key);
            fill(mark.keyEnd, std::min(line.find(':', mark.keyEnd), line.size()) + 1, CodeStyle::Punctuation);
            state.promql = mark.key == "expr";
        }
    }
    const std::size_t from = step.line.value;
    const std::size_t to = step.line.valueEnd;
    if (step.line.opensBlock) {
        fill(from, to, CodeStyle::Punctuation);
    } else if (from < to && state.promql) {
        std::size_t start = from;
        std::size_t stop = to;
        if (line[start] == '"' || line[start] == '\'') {
            fill(start, start + 1, CodeStyle::Punctuation);
            if (!state.carry.quote && stop > start + 1)
                fill(--stop, to, CodeStyle::Punctuation);
            ++start;
        }
        stylePromql(line, start, stop, state);
    } else if (from < to) {
        styleValue(line, from, to, state);
        styleTemplates(line, from, to, state);
    }
}

void CodeStyling::styleValue(std::string_view line, std::size_t from, std::size_t to, State& state)
{
    Q_UNUSED(state)
    std::size_t at = from;
    // Anchors, aliases and tags.
    while (at < to && (line[at] == '&' || line[at] == '!' || line[at] == '*')) {
        std::size_t end = at;
        while (end < to && line[end] != ' ' && line[end] != ',' && line[end] != ']')
            ++end;
        fill(at, end, CodeStyle::Anchor);
        at = end;
        while (at < to && line[at] == ' ')
            ++at;
    }
    if (at >= to)
        return;
    const bool flow = line[at] == '[' || line[at] == '{';
    if (!flow) {
        const std::string_view value = line.substr(at, to - at);
        const CodeStyle style = value.front() == '"' || value.front() == '\'' ? CodeStyle::String
            : isConstant(value)                                               ? CodeStyle::Constant
            : isNumber(value)                                                 ? CodeStyle::Number
                                                                              : CodeStyle::String;
        fill(at, to, style);
        return;
    }
    while (at < to) {
        const char c = line[at];
        if (std::string_view("[]{},:").find(c) != std::string_view::npos) {
            fill(at, at + 1, CodeStyle::Punctuation);
            ++at;
        } else if (c == '"' || c == '\'') {
            const std::size_t close = line.find(c, at + 1);
            const std::size_t end = close == std::string_view::npos || close >= to ? to : close + 1;
            fill(at, end, CodeStyle::String);
            at = end;
        } else if (c == ' ') {
            ++at;
        } else {
            const std::size_t end = std::min(line.find_first_of("[]{},:\"' ", at), to);
            const std::string_view word = line.substr(at, std::max<std::size_t>(end, at + 1) - at);
            const bool key = end < to && line[end] == ':';
            fill(at, at + word.size(), key ? CodeStyle::Key : isConstant(word) ? CodeStyle::Constant : isNumber(word) ? CodeStyle::Number : CodeStyle::String);
            at += word.size();
        }
    }
}

void CodeStyling::stylePromql(std::string_view line, std::size_t from, std::size_t to, State& state)
{
    using Promql::Tok;
    if (from >= to)
        return;
    // The lexer begins outside of braces: an opening one in front keeps it right.
    const std::string text = (state.braces ? "{" : "") + std::string(line.substr(from, to - from));
    const std::size_t lead = state.braces ? 1 : 0;
    const std::vector<Promql::Token> tokens = Promql::tokenise(text);
    bool groupingNext = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Promql::Token& token = tokens[i];
        const std::string_view word = std::string_view(text).substr(token.range.start, token.range.end - token.range.start);
        CodeStyle style = CodeStyle::Plain;
        switch (token.kind) {
        case Tok::Comment: style = CodeStyle::Comment; break;
        case Tok::String: style = CodeStyle::String; break;
        case Tok::Number:
        case Tok::Duration: style = CodeStyle::Number; break;
        case Tok::LeftBrace: state.braces = true; style = CodeStyle::Punctuation; break;
        case Tok::RightBrace: state.braces = false; style = CodeStyle::Punctuation; break;
        case Tok::LeftParen: state.grouping = groupingNext; style = CodeStyle::Punctuation; break;
        case Tok::RightParen: state.grouping = false; style = CodeStyle::Punctuation; break;
        case Tok::LeftBracket:
        case Tok::RightBracket:
        case Tok::Comma: style = CodeStyle::Punctuation; break;
        case Tok::Identifier:
        case Tok::MetricIdentifier: {
            const bool call = i + 1 < tokens.size() && tokens[i + 1].kind == Tok::LeftParen;
            style = state.braces || state.grouping ? CodeStyle::Label : call && Promql::findFunction(word) ? CodeStyle::Function : CodeStyle::Metric;
            break;
        }
        default:
            if (Promql::isAggregator(token.kind))
                style = CodeStyle::Function;
            else if (Promql::isKeyword(token.kind) || Promql::isSetOperator(token.kind) || token.kind == Tok::Atan2)
                style = CodeStyle::Keyword;
            else if (Promql::isOperator(token.kind) || token.kind == Tok::Eql)
                style = CodeStyle::Operator;
        }
        groupingNext = token.kind == Tok::By || token.kind == Tok::Without || token.kind == Tok::On || token.kind == Tok::Ignoring
            || token.kind == Tok::GroupLeft || token.kind == Tok::GroupRight;
        if (token.range.end <= lead)
            continue;
        fill(from + token.range.start - std::min<std::size_t>(lead, token.range.start), from + token.range.end - lead, style);
    }
}

void CodeStyling::styleTemplates(std::string_view line, std::size_t from, std::size_t to, State& state)
{
    std::size_t at = from;
    while (at < to) {
        if (!state.inTemplate) {
            const std::size_t open = line.find("{{", at);
            if (open == std::string_view::npos || open + 1 >= to)
                return;
            fill(open, open + 2, CodeStyle::TemplateMark);
            at = open + 2;
            state.inTemplate = true;
            continue;
        }
        const char c = line[at];
        if (c == '}' && at + 1 < to && line[at + 1] == '}') {
            fill(at, at + 2, CodeStyle::TemplateMark);
            state.inTemplate = false;
            at += 2;
        } else if (c == '$' || c == '.') {
            std::size_t end = at + 1;
            while (end < to && (isWordChar(line[end]) || line[end] == '.'))
                ++end;
            fill(at, end, CodeStyle::TemplateVariable);
            at = end;
        } else if (c == '"' || c == '`') {
            const std::size_t close = line.find(c, at + 1);
            const std::size_t end = close == std::string_view::npos || close >= to ? to : close + 1;
            fill(at, end, CodeStyle::String);
            at = end;
        } else if (isWordChar(c)) {
            std::size_t end = at;
            while (end < to && isWordChar(line[end]))
                ++end;
            const std::string_view word = line.substr(at, end - at);
            const bool keyword = word == "if" || word == "else" || word == "end" || word == "range" || word == "with" || word == "define"
                || word == "template" || word == "block";
            fill(at, end, keyword ? CodeStyle::Keyword : isNumber(word) ? CodeStyle::Number : CodeStyle::TemplateFunction);
            at = end;
        } else {
            fill(at, at + 1, CodeStyle::Punctuation);
            ++at;
        }
    }
    if (!state.carry.inBlock && !state.carry.quote)
        state.inTemplate = false;
}

void CodeStyling::styleFold(int line, std::string_view text, const State& before)
{
    using Base = QsciScintillaBase;
    const auto depth = [](std::string_view of, bool plain) {
        const std::size_t indent = of.find_first_not_of(" \t");
        const bool item = !plain && of[indent] == '-' && (indent + 1 == of.size() || of[indent + 1] == ' ');
        return std::min(int(indent) * 2 + (item ? 1 : 0), kDeepest);
    };
    const auto isBlank = [](std::string_view of) { return of.find_first_not_of(" \t\r") == std::string_view::npos; };
    const int lines = m_editor->lines();
    int next = line + 1;
    while (next < lines && next < line + kLookAhead && isBlank(lineText(next)))
        ++next;
    const std::string_view below = next < lines ? lineText(next) : std::string_view();
    const bool open = before.carry.inBlock || before.carry.quote || before.carry.depth > 0;
    int level = 0;
    if (isBlank(text)) {
        level = kFoldBase + (isBlank(below) ? 0 : depth(below, open)) + Base::SC_FOLDLEVELWHITEFLAG;
    } else {
        const int own = depth(text, open);
        level = kFoldBase + own;
        if (!isBlank(below) && depth(below, false) > own)
            level += Base::SC_FOLDLEVELHEADERFLAG;
    }
    if (m_editor->SendScintilla(Base::SCI_GETFOLDLEVEL, static_cast<unsigned long>(line)) != level)
        m_editor->SendScintilla(Base::SCI_SETFOLDLEVEL, static_cast<unsigned long>(line), long(level));
}

} // namespace Promdeck
