#pragma once

#include "models/query/metriccatalogue.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QListWidget;
class QPushButton;

namespace Promdeck {

class MetricListModel;

/// The metrics of a stack: a fuzzy search, type and help, labels and their values. Dragged onto the dashboard, or
/// with a click on "New panel", a metric becomes a panel with the query that fits its type.
class MetricsBrowser final : public QWidget
{
    Q_OBJECT
public:
    explicit MetricsBrowser(QWidget* parent = nullptr);
    /// Must outlive this or be reset with null.
    void setCatalogue(MetricCatalogue* catalogue);
    [[nodiscard]] QString currentMetric() const;
    /// The panel for the chosen metric, with the chosen label and value.
    [[nodiscard]] Json panelJson() const;
    void focusSearch();

    /// Drags carry the panel's JSON under this type.
    [[nodiscard]] static QString mimeType();

Q_SIGNALS:
    void panelWanted(const Promdeck::Json& panel);
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refill();
    void showMetric();
    void showValues();
    [[nodiscard]] QString matchers() const;

    MetricCatalogue* m_catalogue = nullptr;
    QLineEdit* m_search;
    QListView* m_list;
    MetricListModel* m_model;
    QLabel* m_state;
    QLabel* m_name;
    QLabel* m_help;
    QLabel* m_query;
    QComboBox* m_label;
    QListWidget* m_values;
    QPushButton* m_add;
};

} // namespace Promdeck
