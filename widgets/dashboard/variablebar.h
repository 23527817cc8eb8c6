#pragma once

#include "models/dashboard/variables.h"
#include "widgets/dashboard/adhoceditor.h"

#include <QHash>
#include <QWidget>

class QLineEdit;

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
    [[nodiscard]] bool isEmptyBar() const { return m_names.isEmpty() && !m_hasLinks; }

Q_SIGNALS:
    void chosen(const QString& name, const QStringList& values);
    void linkChosen(const Promdeck::LinkSpec& link);

private:
    void rebuild(const std::vector<VariableState>& variables, const std::vector<LinkSpec>& links);
    QWidget* makeEditor(const VariableState& state);

    FlowLayout* m_layout;
    QStringList m_names;
    QHash<QString, VariablePicker*> m_pickers;
    QHash<QString, QLineEdit*> m_edits;
    QHash<QString, AdhocEditor*> m_filters;
    LabelSource m_labels;
    bool m_hasLinks = false;
};

} // namespace Promdeck
