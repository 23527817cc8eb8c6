#include "models/library/libraryscan.h"

#include "models/core/files.h"
#include "models/dashboard/dashboarddocument.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSet>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxDashboardBytes = 64 << 20;
constexpr size_t kMostFiles = 20'000;

class Walk
{
public:
    Walk(FolderListing& out, const std::atomic<bool>& stop) : m_out(out), m_stop(stop) {}

    void root(const QString& path)
    {
        const QFileInfo info(path);
        if (!info.isDir() || !info.isReadable()) {
            Error error = makeError(ErrorCode::Io, info.exists() ? u"The folder cannot be read"_s : u"The folder does not exist"_s, {},
                                    u"Make it readable, or remove it from the library"_s);
            error.target = path;
            m_out.errors.emplace_back(path, error);
            return;
        }
        m_root = path;
        folder(path, {});
    }

private:
    void folder(const QString& path, const QString& below)
    {
        const QString canonical = QFileInfo(path).canonicalFilePath();
        if (m_stop || m_seen.contains(canonical))
            return;
        m_seen.insert(canonical);
        m_out.folders << path;
        const QFileInfoList found = QDir(path).entryInfoList(QDir::Dirs | QDir::Files | QDir::NoDotAndDotDot, QDir::Name);
        for (const QFileInfo& info : found) {
            if (info.isDir()) {
                if (!info.isSymLink() && info.fileName() != u"node_modules")
                    folder(info.filePath(), below.isEmpty() ? info.fileName() : below + u'/' + info.fileName());
                continue;
            }
            if (info.suffix().compare(u"json"_s, Qt::CaseInsensitive) != 0)
                continue;
            if (m_out.files.size() >= kMostFiles) {
                if (m_out.errors.empty() || m_out.errors.back().first != m_root)
                    m_out.errors.emplace_back(m_root, makeError(ErrorCode::Unsupported,
                                                                u"Only the first %1 files of the library are read"_s.arg(kMostFiles)));
                return;
            }
            m_out.files.push_back({info.filePath(), m_root, below, info.lastModified().toMSecsSinceEpoch(), info.size()});
        }
    }

    FolderListing& m_out;
    const std::atomic<bool>& m_stop;
    QString m_root;
    QSet<QString> m_seen;
};

} // namespace

FolderListing listDashboardFiles(const QStringList& roots, const std::atomic<bool>& stop)
{
    FolderListing listing;
    Walk walk(listing, stop);
    for (const QString& root : roots)
        walk.root(root);
    return listing;
}

LibraryEntryPtr libraryEntry(const FileStamp& file, const QByteArray& text)
{
    LibraryEntry entry {file.path, file.root, file.folder, file.modifiedMs, file.sizeBytes, {}, {}, false, {}, {}, {}, {}};
    const Result<DashboardDocument> document = readDashboardDocument(text, file.path);
    if (document) {
        entry.digest = digestOf(document->dashboard);
        if (entry.digest.title.isEmpty())
            entry.digest.title = QFileInfo(file.path).completeBaseName();
    } else {
        entry.digest.title = QFileInfo(file.path).fileName();
        entry.error = document.error();
    }
    // A title alone is no sign: JSON schemas have one, and lists of packages.
    const Result<Json> json = !document || document->dashboard[u"title"].isNull() || entry.digest.panelCount == 0 ? Json::parse(text)
                                                                                                              : Result<Json>(Json());
    if (json && !json->isNull() && !isMeantAsDashboard(*json)) {
        entry.isOther = true;
        if (!entry.error)
            entry.error = makeError(ErrorCode::Schema, u"This is not a Grafana dashboard"_s);
    }
    return withSearchTexts(std::move(entry));
}

LibraryEntryPtr readLibraryFile(const FileStamp& file)
{
    const Result<QByteArray> text = readWholeFile(file.path, kMaxDashboardBytes);
    if (text)
        return libraryEntry(file, *text);
    LibraryEntry entry {file.path, file.root, file.folder, file.modifiedMs, file.sizeBytes, {}, {}, false, {}, {}, {}, {}};
    entry.digest.title = QFileInfo(file.path).fileName();
    entry.error = text.error();
    return withSearchTexts(std::move(entry));
}

} // namespace Promdeck
