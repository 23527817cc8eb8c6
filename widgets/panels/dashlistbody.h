#pragma once

#include "models/library/dashlist.h"
#include "widgets/panels/panelbody.h"

class QTreeWidget;
class QTreeWidgetItem;

namespace Promdeck {

/// A list of dashboards of the library: starred ones, recent ones, or those that fit a search. A click opens one, a click
/// on its star gives or takes it.
class DashListBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit DashListBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool needsData() const override { return false; }
    [[nodiscard]] int padding() const override { return 4; }
    [[nodiscard]] QString plainText() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fill();
    void addSection(const DashListSection& section, const QStringList& starred);
    void open(const QTreeWidgetItem* item);

    QTreeWidget* m_tree;
    PanelInput m_input;
    DashListOptions m_options;
};

} // namespace Promdeck
