#include "models/library/folderwatch.h"

#include <QFileSystemWatcher>
#include <QSet>

namespace Promdeck {

namespace {

constexpr int kDelayMs = 150;          // editors write in several steps
constexpr qsizetype kMostPaths = 8000; // systems limit them; beyond, the regular look at the folders finds changes

} // namespace

FolderWatch::FolderWatch(QObject* parent) : QObject(parent), m_watcher(new QFileSystemWatcher)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &FolderWatch::changed);
    m_watcher->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_watcher, &QObject::deleteLater);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_watcher, &QFileSystemWatcher::fileChanged, &m_delay, qOverload<>(&QTimer::start));
    m_thread.setObjectName(QStringLiteral("FolderWatch"));
    m_thread.start(QThread::LowPriority);
}

FolderWatch::~FolderWatch()
{
    m_thread.quit();
    m_thread.wait();
}

void FolderWatch::setPaths(const QStringList& paths)
{
    QMetaObject::invokeMethod(m_watcher, [watcher = m_watcher, paths = paths.mid(0, kMostPaths)] {
        const QSet<QString> wanted(paths.begin(), paths.end());
        const QStringList watched = watcher->directories() + watcher->files();
        const QSet<QString> now(watched.begin(), watched.end());
        const QSet<QString> gone = now - wanted;
        const QSet<QString> fresh = wanted - now;
        if (!gone.isEmpty())
            watcher->removePaths(QStringList(gone.begin(), gone.end()));
        if (!fresh.isEmpty())
            watcher->addPaths(QStringList(fresh.begin(), fresh.end()));
    });
}

} // namespace Promdeck
