#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/query/expressiontext.h"
#endif

#include <QPlainTextEdit>
#include <QTimer>

class QFrame;
class QLabel;
class QListView;
class QStandardItemModel;

namespace Promdeck {

class MetricCatalogue;
class PromqlHighlighter;

/// A PromQL expression, as high as its text: highlighting, brackets that close and match, completion from the stack,
/// problems underlined, the signature of the function at the cursor. Enter runs, Shift+Enter breaks the line,
/// Ctrl+Enter runs too, Ctrl+Space completes, Esc closes the list.
class PromqlEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    using Expand = std::function<QString(const QString& reference)>;
    explicit PromqlEdit(QWidget* parent = nullptr);
    ~PromqlEdit() override;

    /// May be null: then only the language itself is completed. Must outlive this or be reset.
    void setCatalogue(MetricCatalogue* catalogue);
    /// What a variable stands for, so that expressions with variables can be checked; `names` are offered after "$".
    void setVariables(Expand expand, const QStringList& names);
    /// Off for expressions of other languages (Loki's): these are neither coloured nor checked nor completed.
    void setPromql(bool on);
    /// Puts a text in place without moving the cursor when it is the same.
    void setExpression(const QString& text);
    [[nodiscard]] QString expression() const { return toPlainText(); }
    [[nodiscard]] const std::vector<ExpressionProblem>& problems() const { return m_problems; }
    /// The first problem in one line ("1:8: ..."); empty when there is none.
    [[nodiscard]] QString problemText() const;
    /// The signature and sentence of what is at the cursor; empty mostly.
    [[nodiscard]] QString hoverText() const;
    void complete();
    [[nodiscard]] bool isCompleting() const;
    [[nodiscard]] QListView* completionList() const { return m_list; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void edited();  ///< by the person, a moment after the last key
    void run();     ///< Enter, or the focus went away after an edit
    void checked(); ///< problems() or hoverText() are other ones

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void check();
    void markProblems();
    void fit();
    void accept(const QModelIndex& index);
    void closeList();
    [[nodiscard]] bool handleListKey(QKeyEvent* event);
    [[nodiscard]] bool handleBracket(QKeyEvent* event);
    void showList(const std::vector<Promql::CompletionItem>& items, qsizetype from, qsizetype to);
    [[nodiscard]] ExpressionText text() const;

    MetricCatalogue* m_catalogue = nullptr;
    PromqlHighlighter* m_highlighter;
    bool m_promql = true;
    Expand m_expand;
    QStringList m_variables;
    std::vector<ExpressionProblem> m_problems;
    QTimer m_checkTimer;
    QFrame* m_popup;
    QListView* m_list;
    QLabel* m_help;
    QStandardItemModel* m_items;
    qsizetype m_from = 0; ///< what an accepted proposal replaces
    qsizetype m_to = 0;
    bool m_unsent = false;
    bool m_waiting = false; ///< the list is wanted again when labels arrive
};

} // namespace Promdeck
