#pragma once

#include "widgets/workbench/scintilla.h"

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/diagnostic.h"
#include "models/config/edit/assist.h"
#include "widgets/workbench/codestyling.h"
#endif

#include <QTimer>

#include <functional>
#include <map>

class QLabel;

namespace Promdeck {

class CompletionPopup;

/// A configuration text: coloured, foldable, with what is wrong underlined and said below its line. Places are bytes of
/// the UTF-8 text. It knows nothing of files; who holds it gives the findings and answers what the cursor asks.
class CodeEditor final : public QsciScintilla
{
    Q_OBJECT
public:
    explicit CodeEditor(QWidget* parent = nullptr);
    ~CodeEditor() override;

    /// Replaces everything and forgets the history.
    void setContent(const QByteArray& text, bool crlf = false);
    [[nodiscard]] QByteArray content() const;
    /// Counts changes of the text, so that late answers can be told apart.
    [[nodiscard]] quint64 revision() const { return m_revision; }
    void setFileKind(Config::FileKind kind) { m_kind = kind; }
    [[nodiscard]] Config::FileKind fileKind() const { return m_kind; }

    /// Changes the text as one step of the history; cursor and view stay where they are.
    void apply(const Config::TextEdits& edits);
    [[nodiscard]] std::size_t cursorOffset() const;
    [[nodiscard]] int cursorLine() const; ///< 1-based
    /// Selects a place and scrolls to it; keyboard focus too.
    void goTo(std::size_t offset, std::size_t end = 0);
    /// 1-based line and column in code points.
    [[nodiscard]] std::size_t offsetOf(int line, int column) const;

    void setFindings(Config::Diagnostics findings);
    [[nodiscard]] const Config::Diagnostics& findings() const { return m_findings; }
    /// Those that touch the line of the cursor, those at the cursor first.
    [[nodiscard]] std::vector<const Config::Diagnostic*> findingsHere() const;
    [[nodiscard]] std::vector<const Config::Diagnostic*> findingsAt(std::size_t offset) const;
    void setNotesShown(bool shown);
    [[nodiscard]] QString noteBelow(int line) const; ///< 1-based
    void nextFinding(int direction);

    using Propose = std::function<Config::Proposals(const QByteArray& text, std::size_t offset)>;
    using Hover = std::function<Config::HoverInfo(const QByteArray& text, std::size_t offset)>;
    void setPropose(Propose propose) { m_propose = std::move(propose); }
    void setHover(Hover hover) { m_hover = std::move(hover); }
    void complete();
    void closeCompletion();
    [[nodiscard]] bool isCompleting() const;
    [[nodiscard]] CompletionPopup* popup() const { return m_popup; }
    /// What the mouse, or with the keyboard the cursor, is on: findings and documentation; empty for nothing.
    [[nodiscard]] QString hoverText(std::size_t offset) const;
    void showHoverHere();

    void toggleComment();
    /// Marks places with a box, as the find bar does.
    void setMatches(const std::vector<std::pair<std::size_t, std::size_t>>& matches);
    /// Marks a line as what the other views look at.
    [[nodiscard]] QRect cursorRect() const; ///< global

Q_SIGNALS:
    void edited();
    void cursorMoved();
    void definitionWanted(std::size_t offset);
    void fixesWanted();
    void findWanted();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void setup();
    void applyTheme();
    void modified(int position, int type, int length, int linesAdded, int line);
    void charAdded(int c);
    void indentNewLine();
    void accept();
    void showNotes(const std::map<int, std::string>& notes);
    void markBraces();
    [[nodiscard]] bool isCommand(const QKeySequence& keys) const;
    [[nodiscard]] bool handlePopupKey(QKeyEvent* event);
    [[nodiscard]] bool handlePair(QKeyEvent* event);
    void dwell(int position, int x, int y);
    void showTip(const QPoint& at, const QString& text);

    CodeStyling m_styling;
    Config::FileKind m_kind = Config::FileKind::Unknown;
    Config::Diagnostics m_findings;
    std::map<int, std::string> m_notes; ///< what is below which line (from 0)
    Propose m_propose;
    Hover m_hover;
    CompletionPopup* m_popup;
    QLabel* m_tip;
    QTimer m_completeTimer;
    quint64 m_revision = 0;
    bool m_loading = false;
};

} // namespace Promdeck
