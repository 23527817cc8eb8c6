#pragma once

#include <QFrame>
#include <QList>

class QLineEdit;
class QListWidget;

namespace Promdeck {

/// A dashboard one can open: "builtin:linux-host" or the path of a file.
struct DashboardEntry
{
    QString reference;
    QString title;
    QString detail; ///< tags or folder
};

/// Search over the dashboards there are; Enter opens the first hit, a path typed in full opens that file.
class DashboardChooser final : public QFrame
{
    Q_OBJECT
public:
    DashboardChooser(QList<DashboardEntry> entries, QWidget* parent);
    void popup(const QPoint& globalPosition);

Q_SIGNALS:
    void chosen(const QString& reference);
    void openFileRequested();
    void libraryRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void choose();
    QList<DashboardEntry> m_entries;
    QLineEdit* m_search;
    QListWidget* m_list;
};

} // namespace Promdeck
