#pragma once

#include "models/dashboard/variables.h"
#include "models/query/annotations.h"
#include "widgets/dashboard/adhoceditor.h"

#include <QHash>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace Promdeck {

class FlowLayout;
class VariablePicker;

/// The line of variables above a dashboard: pickers, text fields and ad-hoc filters.
class VariableBar final : public QWidget
{
    Q_OBJECT
public:
    explicit VariableBar(QWidget* parent = nullptr);
    /// For the ad-hoc filters of the variables set next.
    void setLabelSource(LabelSource source);
    void setVariables(const std::vector<VariableState>& variables, const std::vector<LinkSpec>& links);
    /// A switch for each annotation query that the file does not hide.
    void setAnnotations(const std::vector<AnnotationLayer>& layers);
    [[nodiscard]] bool isEmptyBar() const { return m_names.isEmpty() && m_switches.isEmpty() && !m_hasLinks; }

Q_SIGNALS:
    void chosen(const QString& name, const QStringList& values);
    void linkChosen(const Promdeck::LinkSpec& link);
    void annotationToggled(const QString& name, bool enabled);

private:
    void rebuild(const std::vector<VariableState>& variables, const std::vector<LinkSpec>& links);
    void showLayer(QToolButton* button, const AnnotationLayer& layer);
    QWidget* makeEditor(const VariableState& state);

    FlowLayout* m_layout;
    QStringList m_names;
    QHash<QString, VariablePicker*> m_pickers;
    QHash<QString, QLineEdit*> m_edits;
    QHash<QString, AdhocEditor*> m_filters;
    QList<QToolButton*> m_switches; ///< of annotations, in their order
    LabelSource m_labels;
    bool m_hasLinks = false;
};

} // namespace Promdeck
