#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/alertmanager/routing.h"
#endif
#include "widgets/workbench/workbenchtool.h"

#include <QAbstractScrollArea>
#include <QTimer>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace Promdeck {

class AlertmanagerClient;

/// The routing tree, drawn: one card per route, what an alert passes through lit up.
class RouteTree final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit RouteTree(QWidget* parent);
    void show(std::shared_ptr<const Config::RoutingPlan> plan);
    void light(const Config::RoutingPlan::Outcome& outcome);
    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] int rowCount() const { return int(m_rows.size()); }
    [[nodiscard]] QString rowText(int row) const;
    [[nodiscard]] bool isOnPath(int row) const;

Q_SIGNALS:
    void activated(std::size_t offset);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row
    {
        const Config::Route* route = nullptr;
        int depth = 0;
        bool onPath = false;
        bool isEnd = false;
        bool muted = false;
        QString mutedBy;
        int parent = -1;
    };
    void add(const Config::Route& route, int depth, int parent);
    void fit();
    void setCurrent(int row);
    [[nodiscard]] int rowAt(int y) const;
    void paintRow(QPainter& painter, int row, const QRect& rect) const;

    std::shared_ptr<const Config::RoutingPlan> m_plan;
    std::vector<Row> m_rows;
    int m_current = -1;
};

/// What becomes of an alert: type its labels, a time and what else fires, or take a live alert.
class RouteView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit RouteView(QWidget* parent);
    ~RouteView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] RouteTree* tree() const { return m_tree; }
    [[nodiscard]] QString outcomeText() const;

private:
    void route();
    void loadAlerts();
    QByteArray m_text;
    QString m_path;
    std::shared_ptr<const Config::RoutingPlan> m_plan;
    std::shared_ptr<StackConnection> m_stack;
    std::shared_ptr<AlertmanagerClient> m_client;
    std::vector<Config::AlertLabels> m_firing;
    QLineEdit* m_labels;
    QLineEdit* m_time;
    QLineEdit* m_others;
    QComboBox* m_alerts;
    QLabel* m_outcome;
    RouteTree* m_tree;
};

} // namespace Promdeck
