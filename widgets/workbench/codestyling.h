#pragma once

#include <QColor>
#include <QtGlobal>

#include <string>
#include <string_view>

class QsciScintilla;

namespace Promdeck {

/// What a piece of configuration is, for its colour. The numbers are Scintilla's style numbers.
enum class CodeStyle : unsigned char {
    Plain, Comment, Key, String, Number, Constant, Anchor, Punctuation,
    Metric, Function, Keyword, Label, Operator, ///< PromQL
    TemplateMark, TemplateVariable, TemplateFunction,
    Count,
    // Behind Scintilla's own ones.
    NoteError = 48, NoteWarning, NoteText, Filler
};

/// Colours configuration while it is shown: YAML line by line, with PromQL in expressions and Go templates in texts.
/// What is open at the end of a line is kept with the line, so that only what changed is read again. Folding goes by
/// indentation.
class CodeStyling
{
public:
    explicit CodeStyling(QsciScintilla* editor) : m_editor(editor) {}
    /// Sets the colours of every style for the theme.
    void applyTheme();
    /// From the first line that is not coloured yet up to the one that holds a place.
    void styleUpTo(int position);
    [[nodiscard]] static QColor colorOf(CodeStyle style);

private:
    struct State;
    [[nodiscard]] std::string_view lineText(int line) const;
    void styleLine(std::string_view line, State& state);
    void styleValue(std::string_view line, std::size_t from, std::size_t to, State& state);
    void stylePromql(std::string_view line, std::size_t from, std::size_t to, State& state);
    void styleTemplates(std::string_view line, std::size_t from, std::size_t to, State& state);
    void styleFold(int line, std::string_view text, const State& before);
    void fill(std::size_t from, std::size_t to, CodeStyle style);

    QsciScintilla* m_editor;
    std::string m_styles; ///< of the line that is being coloured
    bool m_busy = false;  ///< fold levels that change make Scintilla ask for colours in the middle of it
};

} // namespace Promdeck
