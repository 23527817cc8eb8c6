#pragma once

#include "models/core/settings.h"
#include "models/library/libraryindex.h"
#include "models/library/libraryscan.h"

#include <QThreadPool>

namespace Promdeck {

class FolderWatch;

/// A dashboard inside the program.
struct BuiltinBoard
{
    QString id; ///< "linux-host"
    QByteArray text;
};

/// The operator's dashboards: folders on disk, built-in boards, stars, recents. Reads on a low-priority thread of its
/// own, only what changed, and says changed() when there is a new index. Lives on the thread of its owner.
class DashboardCatalogue final : public QObject
{
    Q_OBJECT
public:
    DashboardCatalogue(Settings* settings, std::vector<BuiltinBoard> builtins, QObject* parent = nullptr);
    ~DashboardCatalogue() override;
    Q_DISABLE_COPY_MOVE(DashboardCatalogue)

    /// The program's: lists of dashboards inside of panels know no other way to it. Null when there is none.
    [[nodiscard]] static DashboardCatalogue* current();

    /// Never null. Empty until the first look at the folders is over.
    [[nodiscard]] std::shared_ptr<const LibraryIndex> index() const { return m_index; }
    [[nodiscard]] bool isScanning() const { return m_scanning; }
    [[nodiscard]] int filesLeft() const { return int(m_toRead.size()); } ///< of the running scan

    [[nodiscard]] QStringList folders() const;
    /// Errors: Io (no such folder), Conflict (it is in the library already, perhaps below another folder).
    Status addFolder(const QString& path);
    /// Forgets the folder; its files stay where they are.
    void removeFolder(const QString& path);
    /// Looks at the folders again, now or as soon as the running scan is over.
    void rescan();

    [[nodiscard]] QStringList starred() const;
    [[nodiscard]] bool isStarred(const QString& reference) const { return starred().contains(reference); }
    void setStarred(const QString& reference, bool starred);
    [[nodiscard]] QStringList recents() const; ///< references, the newest first

Q_SIGNALS:
    void changed(); ///< index() is another one
    void scanningChanged();
    void starsChanged();
    void foldersChanged();

private:
    void listed(FolderListing listing);
    void readMore();
    void publish();
    void setScanning(bool scanning);

    Settings* m_settings;
    std::vector<BuiltinBoard> m_builtins;
    std::vector<LibraryEntryPtr> m_builtinEntries;
    std::shared_ptr<const LibraryIndex> m_index = std::make_shared<const LibraryIndex>();
    std::shared_ptr<std::atomic<bool>> m_stop = std::make_shared<std::atomic<bool>>(false);
    std::vector<LibraryEntryPtr> m_entries; ///< of the running or last scan
    std::vector<std::pair<QString, Error>> m_errors;
    std::vector<FileStamp> m_toRead; ///< the next at the end
    bool m_scanning = false;
    bool m_again = false;
    FolderWatch* m_watch;
    QTimer m_sweep;
    QThreadPool m_pool; ///< last: it ends first
};

} // namespace Promdeck
