#pragma once

#include <QObject>
#include <QStringList>
#include <QThread>
#include <QTimer>

class QFileSystemWatcher;

namespace Promdeck {

/// Says when something below watched folders or in watched files changed. Thousands of paths: the watching happens on a
/// thread of its own, so that adding them stops nobody.
class FolderWatch final : public QObject
{
    Q_OBJECT
public:
    explicit FolderWatch(QObject* parent = nullptr);
    ~FolderWatch() override;
    /// Watches these and no others any more.
    void setPaths(const QStringList& paths);

Q_SIGNALS:
    /// Once for what changed within a moment.
    void changed();

private:
    QThread m_thread;
    QFileSystemWatcher* m_watcher; ///< lives on the thread
    QTimer m_delay;
};

} // namespace Promdeck
