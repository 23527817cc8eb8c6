#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/online/expressionrun.h"
#include "models/promql/parser.h"
#endif
#include "widgets/workbench/workbenchtool.h"

#include <QHash>
#include <QTimer>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace Promdeck {

/// The expression at the cursor as a tree, every part of it run on the stack: how many series, how long it took, which
/// labels; for an operation between series, which of them met and why others did not.
class ExpressionView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit ExpressionView(QWidget* parent);
    ~ExpressionView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] QTreeWidget* tree() const { return m_tree; }
    [[nodiscard]] QString explanation() const;
    [[nodiscard]] bool isSettled() const { return (!m_run || m_run->isFinished()) && !m_runTimer.isActive(); }

private:
    enum Column { Part, Series, Time, Values };
    void build();
    QTreeWidgetItem* addNode(Promql::NodeId id, QTreeWidgetItem* parent);
    void runAll();
    void show(Promql::NodeId id);
    void explain();
    [[nodiscard]] QString explainOperation(Promql::NodeId id) const;
    [[nodiscard]] QString headOf(const Promql::Node& node, Promql::NodeId id) const;

    std::shared_ptr<StackConnection> m_stack;
    std::string m_expression;
    Promql::ParseResult m_parsed;
    Config::YamlPlace m_place; ///< of the expression in the text
    QHash<int, QTreeWidgetItem*> m_items;
    std::unique_ptr<Config::ExpressionRun> m_run; 
    QTimer m_runTimer;
    QLabel* m_head;
    QTreeWidget* m_tree;
    QPlainTextEdit* m_explain;
};

} // namespace Promdeck
