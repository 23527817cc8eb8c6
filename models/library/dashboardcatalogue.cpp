#include "models/library/dashboardcatalogue.h"

#include "models/library/folderwatch.h"

#include <QDir>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QHash>
#include <QPointer>
#include <QtConcurrent>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t kBatch = 64;       // files between two looks at what the window shows
constexpr int kSweepMs = 15'000;    // network folders tell nobody about changes

template <typename Work, typename Done>
void runIn(QThreadPool* pool, QObject* context, Work work, Done done)
{
    using Value = std::invoke_result_t<Work>;
    auto* watcher = new QFutureWatcher<Value>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done = std::move(done)]() mutable {
        watcher->deleteLater();
        done(watcher->future().takeResult());
    });
    watcher->setFuture(QtConcurrent::run(pool, std::move(work)));
}

QStringList texts(const Json& list)
{
    QStringList out;
    for (const Json& item : list.items())
        out << item.toString();
    return out;
}

QPointer<DashboardCatalogue>& newest()
{
    static QPointer<DashboardCatalogue> catalogue;
    return catalogue;
}

bool isInside(const QString& path, const QString& folder)
{
    return path == folder || path.startsWith(folder + u'/');
}

} // namespace

DashboardCatalogue::DashboardCatalogue(Settings* settings, std::vector<BuiltinBoard> builtins, QObject* parent)
    : QObject(parent), m_settings(settings), m_builtins(std::move(builtins)), m_watch(new FolderWatch(this))
{
    newest() = this;
    m_pool.setMaxThreadCount(1);
    m_pool.setThreadPriority(QThread::LowPriority);
    m_sweep.setInterval(kSweepMs);
    connect(&m_sweep, &QTimer::timeout, this, &DashboardCatalogue::rescan);
    connect(m_watch, &FolderWatch::changed, this, &DashboardCatalogue::rescan);
    rescan();
}

DashboardCatalogue::~DashboardCatalogue()
{
    *m_stop = true;
}

DashboardCatalogue* DashboardCatalogue::current()
{
    return newest();
}

QStringList DashboardCatalogue::folders() const
{
    return texts(m_settings->value(Settings::Key::LibraryFolders));
}

Status DashboardCatalogue::addFolder(const QString& path)
{
    const QFileInfo info(path);
    const QString folder = QDir::cleanPath(info.absoluteFilePath());
    if (!info.isDir()) {
        Error error = makeError(ErrorCode::Io, u"There is no such folder"_s);
        error.target = folder;
        return error;
    }
    QStringList all = folders();
    for (const QString& known : std::as_const(all)) {
        if (isInside(folder, known)) {
            Error error = makeError(ErrorCode::Conflict, folder == known ? u"The folder is in the library already"_s
                                                                        : u"The folder is in the library already, below another one"_s);
            error.target = known;
            return error;
        }
    }
    all.removeIf([&folder](const QString& known) { return isInside(known, folder); });
    all << folder;
    m_settings->set(Settings::Key::LibraryFolders, Json::strings(all));
    Q_EMIT foldersChanged();
    rescan();
    return Done {};
}

void DashboardCatalogue::removeFolder(const QString& path)
{
    QStringList all = folders();
    all.removeAll(path);
    m_settings->set(Settings::Key::LibraryFolders, Json::strings(all));
    Q_EMIT foldersChanged();
    rescan();
}

void DashboardCatalogue::rescan()
{
    if (m_scanning) {
        m_again = true;
        return;
    }
    setScanning(true);
    struct Look
    {
        FolderListing listing;
        std::vector<LibraryEntryPtr> builtins;
    };
    const bool first = m_builtinEntries.empty();
    runIn(
        &m_pool, this,
        [roots = folders(), stop = m_stop, builtins = first ? m_builtins : std::vector<BuiltinBoard>()] {
            Look look;
            look.listing = listDashboardFiles(roots, *stop);
            for (const BuiltinBoard& board : builtins)
                look.builtins.push_back(libraryEntry({u"builtin:"_s + board.id, {}, {}, 0, board.text.size()}, board.text));
            return look;
        },
        [this, first](Look look) {
            if (first)
                m_builtinEntries = std::move(look.builtins);
            listed(std::move(look.listing));
        });
}

void DashboardCatalogue::listed(FolderListing listing)
{
    QHash<QString, LibraryEntryPtr> known;
    for (const LibraryEntryPtr& entry : std::as_const(m_entries))
        known.insert(entry->reference, entry);
    const size_t before = m_entries.size();
    m_entries.clear();
    QStringList paths = listing.folders;
    for (FileStamp& file : listing.files) {
        paths << file.path;
        const LibraryEntryPtr entry = known.value(file.path);
        const bool same = entry && entry->modifiedMs == file.modifiedMs && entry->sizeBytes == file.sizeBytes && entry->root == file.root;
        if (same)
            m_entries.push_back(entry);
        else
            m_toRead.push_back(std::move(file));
    }
    std::ranges::reverse(m_toRead);
    const bool sameErrors = std::ranges::equal(m_errors, listing.errors, [](const auto& a, const auto& b) { return a.first == b.first; });
    m_errors = std::move(listing.errors);
    m_watch->setPaths(paths);
    if (listing.folders.isEmpty() && m_errors.empty())
        m_sweep.stop();
    else
        m_sweep.start();
    const bool news = before != m_entries.size() || !sameErrors || m_index->entries().empty();
    if (news && m_toRead.empty())
        publish();
    readMore();
}

void DashboardCatalogue::readMore()
{
    if (m_toRead.empty()) {
        setScanning(false);
        if (std::exchange(m_again, false))
            rescan();
        return;
    }
    const size_t count = std::min(kBatch, m_toRead.size());
    std::vector<FileStamp> batch(m_toRead.rbegin(), m_toRead.rbegin() + std::ptrdiff_t(count));
    runIn(
        &m_pool, this,
        [batch = std::move(batch), stop = m_stop] {
            std::vector<LibraryEntryPtr> read;
            for (const FileStamp& file : batch) {
                if (*stop)
                    break;
                read.push_back(readLibraryFile(file));
            }
            return read;
        },
        [this, count](const std::vector<LibraryEntryPtr>& read) {
            m_toRead.resize(m_toRead.size() - count);
            m_entries.insert(m_entries.end(), read.begin(), read.end());
            publish();
            readMore();
        });
}

void DashboardCatalogue::publish()
{
    std::vector<LibraryEntryPtr> all = m_builtinEntries;
    all.insert(all.end(), m_entries.begin(), m_entries.end());
    m_index = std::make_shared<const LibraryIndex>(std::move(all), m_errors);
    Q_EMIT changed();
}

void DashboardCatalogue::setScanning(bool scanning)
{
    if (m_scanning == scanning)
        return;
    m_scanning = scanning;
    Q_EMIT scanningChanged();
}

QStringList DashboardCatalogue::starred() const
{
    return texts(m_settings->value(Settings::Key::StarredDashboards));
}

void DashboardCatalogue::setStarred(const QString& reference, bool starred)
{
    QStringList all = this->starred();
    if (all.contains(reference) == starred)
        return;
    if (starred)
        all << reference;
    else
        all.removeAll(reference);
    m_settings->set(Settings::Key::StarredDashboards, Json::strings(all));
    Q_EMIT starsChanged();
}

QStringList DashboardCatalogue::recents() const
{
    return texts(m_settings->value(Settings::Key::RecentDashboards));
}

} // namespace Promdeck
