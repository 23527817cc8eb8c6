#pragma once

#include "models/panel/alertlistmodel.h"
#include "widgets/panels/panelbody.h"

class QLabel;
class QTreeWidget;

namespace Promdeck {

/// Alert list panel: a line per rule (or group of labels) with its state and age, its alerts below it.
class AlertListBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit AlertListBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return m_model.groups.empty() && !m_model.asCount; }
    [[nodiscard]] QString emptyText() const override { return tr("No alerts match"); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] QTreeWidget* tree() const { return m_tree; }
    [[nodiscard]] QLabel* count() const { return m_count; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showModel(AlertListModel model, qint64 nowMs);
    void applyTheme();

    AlertListModel m_model;
    qint64 m_nowMs = 0;
    QTreeWidget* m_tree;
    QLabel* m_count;
};

} // namespace Promdeck
