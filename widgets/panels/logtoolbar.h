#pragma once

#include "models/panel/logsmodel.h"

#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QMenu;
class QToolButton;

namespace Promdeck {

/// Above log lines: what the reader wants to see of them. Conditions that were added stand below as buttons that
/// take them away again.
class LogToolbar final : public QWidget
{
    Q_OBJECT
    Q_MOC_INCLUDE(<QMenu>)
public:
    explicit LogToolbar(QWidget* parent);
    [[nodiscard]] const LogsView& view() const { return m_view; }
    /// What the model made of it: marks, counts per level, whether lines can be followed live.
    void setModel(const LogsModel& model, bool canFollow);
    void setFollowing(bool following);
    void addFilter(const LogFilter& filter);
    void clear(); ///< shows everything again; order, wrapping and duplicates stay

Q_SIGNALS:
    void changed();
    void followRequested(bool follow);

private:
    void rebuildFilters();
    void fillLevels();
    void fillDedup();
    void setText(const QString& text);
    QToolButton* addButton(const QString& name, const QString& text, const QString& icon, const QString& tip);

    LogsView m_view;
    LogsModel m_model; ///< without its rows
    QHBoxLayout* m_row;
    QWidget* m_filters;
    QLineEdit* m_text;
    QToolButton* m_levels;
    QToolButton* m_dedup;
    QToolButton* m_order;
    QToolButton* m_wrap;
    QToolButton* m_follow;
    QTimer m_typing;
};

} // namespace Promdeck
