#pragma once

#include "widgets/panels/panelbody.h"
#include "widgets/panels/tableitemmodel.h"

class QComboBox;
class QLineEdit;
class QTableView;

namespace Promdeck {

class TableHeader;
class TableFooter;

/// Table panel: typed cells, sorting by header click (or S on a cell), a filter per column, footer, frame
/// selector, a search over all columns. Rows are formatted while they are looked at, so 100,000 of them scroll as ten do.
class TableBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit TableBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] int padding() const override { return 0; }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] TableItemModel* model() const { return m_model; }
    [[nodiscard]] QTableView* view() const { return m_view; }
    void setFilter(const QString& column, const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Computed
    {
        std::shared_ptr<const TableModelData> table;
        std::vector<qsizetype> rows;
    };
    void recompute();
    void show(const Computed& computed);
    void sortBy(int section);
    void fitColumns();
    void askFilter(int section, const QPoint& globalPosition);
    void activate(const QModelIndex& index);
    void copySelection();
    void layoutChildren();
    void applyTheme();

    PanelInput m_input;
    QTableView* m_view;
    TableItemModel* m_model;
    TableHeader* m_header;
    TableFooter* m_footer;
    QComboBox* m_frames;
    QLineEdit* m_search;
    int m_frame = 0;
    bool m_userSorted = false; ///< from the first click on; before it the panel's own order holds
    QString m_sortColumn;      ///< empty = as received
    bool m_sortDesc = false;
    QHash<QString, QString> m_filters;
};

} // namespace Promdeck
