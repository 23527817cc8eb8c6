#include "widgets/workbench/workspace.h"

#include "models/core/background.h"
#include "models/core/files.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kCheckDelayMs = 40;   // after the last key
constexpr int kAllDelayMs = 700;    // files that refer to each other
constexpr int kScanDelayMs = 300;
constexpr int kMostFiles = 4000;

/// The disk, with unsaved texts in place of their files.
class OverlaySource final : public FileSource
{
public:
    explicit OverlaySource(QHash<QString, QByteArray> texts) : m_texts(std::move(texts)) {}
    [[nodiscard]] Result<QByteArray> read(const QString& path) const override
    {
        const auto found = m_texts.constFind(QDir::cleanPath(path));
        return found == m_texts.constEnd() ? FileSource::read(path) : Result<QByteArray>(*found);
    }
    [[nodiscard]] bool exists(const QString& path) const override
    {
        return m_texts.contains(QDir::cleanPath(path)) || FileSource::exists(path);
    }

private:
    QHash<QString, QByteArray> m_texts;
};

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QByteArray withoutBom(QByteArray text)
{
    return text.startsWith("\xef\xbb\xbf") ? text.mid(3) : text;
}

} // namespace

struct Workspace::Request
{
    QStringList files; ///< to check
    bool all = false;
    QHash<QString, QByteArray> texts;
    QHash<QString, quint64> revisions;
    CheckOptions options;
};

struct Workspace::Outcome
{
    struct File
    {
        QString path;
        FileKind kind = FileKind::Unknown;
        Diagnostics findings;
        std::vector<ConfigSymbol> symbols;
    };
    std::vector<File> files;
    QHash<QString, quint64> revisions;
    bool all = false;
};

Workspace::Workspace(QObject* parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kCheckDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &Workspace::run);
    m_allTimer.setSingleShot(true);
    m_allTimer.setInterval(kAllDelayMs);
    connect(&m_allTimer, &QTimer::timeout, this, &Workspace::checkAll);
    m_scanTimer.setSingleShot(true);
    m_scanTimer.setInterval(kScanDelayMs);
    connect(&m_scanTimer, &QTimer::timeout, this, &Workspace::scan);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_scanTimer, qOverload<>(&QTimer::start));
}

Workspace::~Workspace() = default;

void Workspace::openFolder(const QString& folder)
{
    m_folder = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    scan();
}

void Workspace::addFile(const QString& path)
{
    const QString file = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    if (m_files.contains(file) || m_single.contains(file))
        return;
    m_single << file;
    Q_EMIT filesChanged();
    schedule(file);
}

QStringList Workspace::files() const
{
    QStringList all = m_files + m_single;
    all.removeDuplicates();
    all.sort();
    return all;
}

QStringList Workspace::reported() const
{
    QStringList all = files();
    for (auto it = m_findings.cbegin(); it != m_findings.cend(); ++it) {
        if (!it->empty() && !all.contains(it.key()))
            all << it.key();
    }
    all.sort();
    return all;
}

void Workspace::scan()
{
    if (m_folder.isEmpty())
        return;
    struct Found
    {
        QStringList files;
        QStringList folders;
    };
    runInBackground(
        this,
        [folder = m_folder] {
            Found found;
            found.folders << folder;
            QDirIterator walk(folder, QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
            while (walk.hasNext() && found.files.size() < kMostFiles) {
                const QFileInfo info(walk.next());
                const QString path = info.filePath();
                if (path.mid(folder.size()).contains(u"/."_s) || path.contains(u"/node_modules/"_s))
                    continue;
                if (info.isDir())
                    found.folders << path;
                else if (mayBeConfig(path) || path.endsWith(u".tmpl"_s) || path.endsWith(u".rules"_s))
                    found.files << QDir::cleanPath(path);
            }
            found.files.sort();
            return found;
        },
        [this, folder = m_folder](const Found& found) {
            if (folder != m_folder)
                return;
            const bool changed = found.files != m_files;
            m_files = found.files;
            const QStringList watched = m_watcher.directories();
            if (!watched.isEmpty())
                m_watcher.removePaths(watched);
            m_watcher.addPaths(found.folders.mid(0, 500));
            if (changed)
                Q_EMIT filesChanged();
            checkAll();
        });
}

FileKind Workspace::kindOf(const QString& path) const
{
    return m_kinds.value(path, FileKind::Unknown);
}

QString Workspace::shortName(const QString& path) const
{
    if (!m_folder.isEmpty() && path.startsWith(m_folder + u'/'))
        return path.mid(m_folder.size() + 1);
    return QFileInfo(path).fileName();
}

void Workspace::setOptions(const CheckOptions& options)
{
    m_options = options;
    checkAll();
}

void Workspace::setText(const QString& path, const QByteArray& text, quint64 revision)
{
    m_texts.insert(path, text);
    m_revisions.insert(path, revision);
    // What others found was about another text.
    if (m_extra.remove(path) > 0)
        m_shown.remove(path);
    schedule(path);
    m_allTimer.start();
}

void Workspace::forgetText(const QString& path)
{
    m_texts.remove(path);
    m_revisions.remove(path);
    schedule(path);
}

QByteArray Workspace::textOf(const QString& path) const
{
    return m_texts.value(path);
}

void Workspace::schedule(const QString& path)
{
    if (!m_waiting.contains(path))
        m_waiting << path;
    if (m_running)
        m_again = true;
    else
        m_timer.start();
}

void Workspace::checkAll()
{
    m_all = true;
    if (m_running)
        m_again = true;
    else
        m_timer.start();
}

void Workspace::run()
{
    if (m_running)
        return;
    m_running = true;
    m_again = false;
    Request request;
    // What is being typed is checked first, alone.
    request.all = m_waiting.isEmpty() && m_all;
    request.files = request.all ? files() : m_waiting;
    if (request.all)
        m_all = false;
    else
        m_again = m_all;
    m_waiting.clear();
    request.texts = m_texts;
    request.revisions = m_revisions;
    request.options = m_options;
    runInBackground(
        this,
        [request = std::move(request)] {
            Outcome outcome;
            outcome.all = request.all;
            outcome.revisions = request.revisions;
            const OverlaySource source(request.texts);
            FileChecker checker(request.options, &source);
            QHash<QString, FileKind> kinds;
            for (const QString& path : request.files) {
                const Result<QByteArray> read = source.read(path);
                if (!read || read->size() > (16 << 20))
                    continue;
                const QByteArray text = withoutBom(*read);
                const bool json = path.endsWith(u".json"_s, Qt::CaseInsensitive);
                const bool templates = path.endsWith(u".tmpl"_s);
                FileKind kind = templates ? FileKind::Unknown : guessKind(path, YamlDocument::parse(view(text)));
                kinds.insert(path, kind);
                if (kind == FileKind::Unknown || kind == FileKind::Dashboard || kind == FileKind::Workspace || (json && kind != FileKind::FileSd)) {
                    outcome.files.push_back({path, kind, {}, {}});
                    continue;
                }
                (void)checker.checkFile(path, kind);
            }
            for (const FileReport& report : checker.reports()) {
                Outcome::File file {QDir::cleanPath(QFileInfo(report.path).absoluteFilePath()), report.kind, report.diagnostics, {}};
                file.symbols = Config::symbolsOf(view(withoutBom(report.text)), report.kind);
                outcome.files.push_back(std::move(file));
            }
            return outcome;
        },
        [this](const Outcome& outcome) { take(outcome); });
}

void Workspace::take(const Outcome& outcome)
{
    m_running = false;
    if (outcome.all) {
        // Files may be gone, or no longer referred to. What is answered late keeps what it had until its turn comes.
        QHash<QString, Diagnostics> kept;
        for (const Outcome::File& file : outcome.files) {
            if (m_revisions.value(file.path) != outcome.revisions.value(file.path) && m_findings.contains(file.path))
                kept.insert(file.path, m_findings.value(file.path));
        }
        m_findings = kept;
        m_shown.clear();
    }
    QStringList changed;
    for (const Outcome::File& file : outcome.files) {
        // Answers to a text that is gone are dropped; there is another question under way.
        if (m_revisions.value(file.path) != outcome.revisions.value(file.path))
            continue;
        m_kinds.insert(file.path, file.kind);
        m_findings.insert(file.path, file.findings);
        m_symbols.insert(file.path, file.symbols);
        m_checkedRevision.insert(file.path, outcome.revisions.value(file.path));
        m_shown.remove(file.path);
        changed << file.path;
    }
    if (outcome.all) {
        Q_EMIT findingsChanged({});
    } else {
        for (const QString& path : changed)
            Q_EMIT findingsChanged(path);
    }
    if (m_again || !m_waiting.isEmpty() || m_all)
        m_waiting.isEmpty() ? m_timer.start() : run();
    else
        Q_EMIT checked();
}

const Diagnostics& Workspace::findings(const QString& path) const
{
    const auto extra = m_extra.constFind(path);
    if (extra == m_extra.constEnd()) {
        static const Diagnostics none;
        const auto found = m_findings.constFind(path);
        return found == m_findings.constEnd() ? none : *found;
    }
    auto shown = m_shown.constFind(path);
    if (shown == m_shown.constEnd()) {
        Diagnostics all = m_findings.value(path);
        for (const Diagnostics& more : *extra)
            all.insert(all.end(), more.begin(), more.end());
        std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.span.start.offset < b.span.start.offset; });
        const_cast<Workspace*>(this)->m_shown.insert(path, std::move(all));
        shown = m_shown.constFind(path);
    }
    return *shown;
}

int Workspace::count(Severity severity) const
{
    int number = 0;
    for (const QString& path : reported()) {
        const Diagnostics& all = findings(path);
        number += int(std::count_if(all.begin(), all.end(), [severity](const Diagnostic& one) { return one.severity == severity; }));
    }
    return number;
}

void Workspace::setExtraFindings(const QString& path, const QString& source, Diagnostics findings)
{
    m_extra[path].insert(source, std::move(findings));
    m_shown.remove(path);
    Q_EMIT findingsChanged(path);
}

std::vector<ConfigSymbol> Workspace::symbols() const
{
    std::vector<ConfigSymbol> all;
    for (const auto& symbols : m_symbols)
        all.insert(all.end(), symbols.begin(), symbols.end());
    return all;
}

Workspace::Place Workspace::find(const Reference& reference, const QString& from) const
{
    if (reference.kind == Reference::Kind::File) {
        const QString pattern = resolvePath(QFileInfo(from).path(), QString::fromStdString(reference.name));
        const QStringList found = FileSource().glob(pattern);
        return found.isEmpty() ? Place() : Place {QDir::cleanPath(found.first()), 0, 0};
    }
    if (reference.kind == Reference::Kind::Template) {
        const QByteArray wanted = "define \"" + QByteArray::fromStdString(reference.name) + '"';
        for (const QString& path : files()) {
            if (!path.endsWith(u".tmpl"_s))
                continue;
            const QByteArray text = m_texts.contains(path) ? m_texts.value(path) : readWholeFile(path, 4 << 20).valueOr({});
            const qsizetype at = text.indexOf(wanted);
            if (at >= 0)
                return {path, std::size_t(at), std::size_t(at + wanted.size())};
        }
        return {};
    }
    if (reference.kind != Reference::Kind::Symbol)
        return {};
    QStringList order {from};
    order += files();
    for (const QString& path : order) {
        for (const ConfigSymbol& symbol : m_symbols.value(path)) {
            if (symbol.kind == reference.symbol && symbol.name == reference.name)
                return {path, symbol.offset, symbol.end};
        }
    }
    return {};
}

KnownNames Workspace::namesFor(const QString& path) const
{
    KnownNames names;
    names.symbols = symbols();
    const QDir folder(QFileInfo(path).path());
    for (const QString& file : files()) {
        if (file != path)
            names.files << folder.relativeFilePath(file);
    }
    return names;
}

} // namespace Promdeck
