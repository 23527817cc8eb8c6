#pragma once

#include "models/frame/transform.h"
#include "models/panel/panelmodels.h"
#include "widgets/editor/editorparts.h"
#include "widgets/editor/optioneditors.h"
#include "widgets/editor/paneldraft.h"

class QLabel;
class QPlainTextEdit;
class QTableView;
class QToolButton;
class QVBoxLayout;

namespace Promdeck {

class DataTableModel;

/// One transformation: its options as a form where there is one, as JSON always, and the frames before and after.
class TransformationStep final : public EditorCard
{
    Q_OBJECT
public:
    TransformationStep(PanelDraft* draft, int index, QWidget* parent);
    void update();
    void setFrames(const Frames& before, const Frames& after, const std::optional<Error>& error, const PanelContext& context);
    [[nodiscard]] QString problem() const;
    [[nodiscard]] bool isDebugging() const;
    [[nodiscard]] DataTableModel* before() const { return m_before; }
    [[nodiscard]] DataTableModel* after() const { return m_after; }

Q_SIGNALS:
    void debugChanged();

private:
    QWidget* makeHead();
    QWidget* makeDebug();
    void makeForm(QVBoxLayout* layout);
    [[nodiscard]] Json step() const;
    void setOptions(const Json& options, const QString& mergeKey);

    PanelDraft* m_draft;
    const int m_index;
    QLabel* m_title;
    QToolButton* m_enabled;
    QToolButton* m_debug;
    QToolButton* m_json;
    QLabel* m_problem;
    QLabel* m_counts;
    QPlainTextEdit* m_text;
    QLabel* m_textProblem;
    bool m_settingText = false;
    QWidget* m_debugPane;
    DataTableModel* m_before;
    DataTableModel* m_after;
    QList<QPair<QString, OptionEditor*>> m_editors; ///< by path below "options"; an empty path is all of it
};

/// The transformations of a panel, in order.
class TransformationList final : public QWidget
{
    Q_OBJECT
public:
    explicit TransformationList(QWidget* parent = nullptr);
    void setDraft(PanelDraft* draft);
    void setData(const PanelDataPtr& data, const PanelContext& context);
    void add(const QString& id);
    [[nodiscard]] QList<TransformationStep*> steps() const { return m_steps; }

private:
    void update();
    void rebuild();
    void trace();
    [[nodiscard]] QString shape() const;

    QPointer<PanelDraft> m_draft;
    PanelDataPtr m_data;
    PanelContext m_context;
    QVBoxLayout* m_stepLayout;
    QLabel* m_empty;
    QList<TransformationStep*> m_steps;
    QString m_shape;
    quint64 m_turn = 0;
};

} // namespace Promdeck
