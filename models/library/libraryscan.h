#pragma once

#include "models/library/libraryindex.h"

#include <QStringList>

#include <atomic>

namespace Promdeck {

/// A file as the file system tells it, without opening it.
struct FileStamp
{
    QString path;
    QString root;
    QString folder;
    qint64 modifiedMs = 0;
    qint64 sizeBytes = 0;
};

struct FolderListing
{
    std::vector<FileStamp> files;
    QStringList folders; ///< with their subfolders, for watching
    std::vector<std::pair<QString, Error>> errors; ///< folders that cannot be read, or have too many files
};

/// All JSON files below the folders, each once even when folders overlap. Hidden files and folders (.git) and symbolic
/// links to folders are left out. Blocks; for workers. Stops early when `stop` becomes true.
[[nodiscard]] FolderListing listDashboardFiles(const QStringList& roots, const std::atomic<bool>& stop);

/// Reads one file into an entry; one that cannot be used has its error. Blocks; for workers.
[[nodiscard]] LibraryEntryPtr readLibraryFile(const FileStamp& file);
/// The same of a text that is already here.
[[nodiscard]] LibraryEntryPtr libraryEntry(const FileStamp& file, const QByteArray& text);

} // namespace Promdeck
