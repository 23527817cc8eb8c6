#pragma once

#include "widgets/panels/panelbody.h"

class QTableView;

namespace Promdeck {

class DataTableModel;

/// Any panel's data as a table: series joined by time (the newest first), else the panel's first table. For reading what a
/// chart shows without seeing it.
class AsTableBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit AsTableBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return m_empty; }
    [[nodiscard]] QString plainText() const override { return m_text; }
    [[nodiscard]] int padding() const override { return 0; }
    [[nodiscard]] QTableView* table() const { return m_view; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    DataTableModel* m_model;
    QTableView* m_view;
    QString m_text;
    bool m_empty = true;
    bool m_fitted = false;
};

} // namespace Promdeck
