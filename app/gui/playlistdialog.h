#pragma once

#include "models/core/json.h"
#include "widgets/dashboard/dashboardchooser.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace Promdeck {

/// Which dashboards follow each other, in which order and how fast.
class PlaylistDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `before` is what was played last: {dashboards, seconds, kiosk}.
    PlaylistDialog(const QList<DashboardEntry>& entries, const Json& before, QWidget* parent);

Q_SIGNALS:
    void chosen(const QStringList& dashboards, int seconds, bool kiosk);

private:
    void move(int by);
    void update();
    [[nodiscard]] QStringList dashboards() const;

    QLineEdit* m_search;
    QListWidget* m_list;
    QSpinBox* m_seconds;
    QCheckBox* m_kiosk;
    QPushButton* m_play;
};

} // namespace Promdeck
