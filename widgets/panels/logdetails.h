#pragma once

#include "models/panel/logsmodel.h"

#include <QWidget>

class QLabel;
class QToolButton;
class QTreeWidget;

namespace Promdeck {

/// Labels and fields of one log line, with what can be done with them: see only lines with a value, or those
/// without it, copy it, or look at what its stream says around it.
class LogDetails final : public QWidget
{
    Q_OBJECT
public:
    explicit LogDetails(QWidget* parent);
    void setRow(const LogRow& row, const QString& time, bool hasContext);

Q_SIGNALS:
    void filterRequested(const Promdeck::LogFilter& filter);
    void contextRequested();
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool takeKey(const QKeyEvent& event);
    void addGroup(const QString& title, const std::vector<LogField>& fields);
    void filter(bool exclude);
    void updateButtons();
    QToolButton* addButton(const QString& name, const QString& text, const QString& tip);

    LogRow m_row;
    QLabel* m_title;
    QTreeWidget* m_tree;
    QToolButton* m_only;
    QToolButton* m_without;
    QToolButton* m_context;
};

} // namespace Promdeck
