#pragma once

#include "models/query/paneldata.h"
#include "widgets/editor/editorparts.h"
#include "widgets/editor/paneldraft.h"
#include "widgets/editor/promqledit.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace Promdeck {

class MetricCatalogue;

/// One query of a panel: its expression with what is wrong with it, and its options.
class QueryRow final : public EditorCard
{
    Q_OBJECT
public:
    QueryRow(PanelDraft* draft, int index, QWidget* parent);
    void update();
    /// What the last answer said about this query.
    void setOutcome(const PanelData& data);
    [[nodiscard]] PromqlEdit* edit() const { return m_edit; }
    [[nodiscard]] QString diagnostics() const;

private:
    QWidget* makeHead();
    QWidget* makeOptions();
    void showDiagnostics();
    [[nodiscard]] Json target() const;
    void setMember(const QString& key, const Json& value, bool typing);

    PanelDraft* m_draft;
    const int m_index;
    QLabel* m_refId;
    QLabel* m_source;
    QLabel* m_cost;
    QToolButton* m_hide;
    QToolButton* m_up;
    QToolButton* m_down;
    PromqlEdit* m_edit;
    QLabel* m_problem;
    QComboBox* m_legend;
    QComboBox* m_format;
    QComboBox* m_kind;
    QLineEdit* m_step;
    QCheckBox* m_exemplars;
    QString m_serverError;
};

/// The queries of a panel, one below the other, and what holds for all of them.
class QueryRows final : public QWidget
{
    Q_OBJECT
public:
    explicit QueryRows(QWidget* parent = nullptr);
    void setDraft(PanelDraft* draft);
    void setCatalogue(MetricCatalogue* catalogue);
    void setVariables(const PromqlEdit::Expand& expand, const QStringList& names);
    void setData(const PanelDataPtr& data);
    [[nodiscard]] QList<QueryRow*> rows() const { return m_rows; }
    /// Puts the keyboard into an expression.
    void focusRow(int index);

private:
    void update();
    void rebuild();
    void addQuery();
    QWidget* makePanelOptions();
    [[nodiscard]] QString shape() const;

    QPointer<PanelDraft> m_draft;
    MetricCatalogue* m_catalogue = nullptr;
    PromqlEdit::Expand m_expand;
    QStringList m_variables;
    PanelDataPtr m_data;
    QVBoxLayout* m_rowLayout;
    QList<QueryRow*> m_rows;
    QComboBox* m_source;
    QList<QPair<QString, QLineEdit*>> m_fields; ///< options of the whole panel, by path
    QString m_shape;
};

} // namespace Promdeck
