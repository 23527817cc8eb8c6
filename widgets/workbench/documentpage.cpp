#include "widgets/workbench/documentpage.h"

#include "models/core/background.h"
#include "widgets/common/errortext.h"
#include "widgets/common/noticebar.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/findbar.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kDraftDelayMs = 400;  // after the last edit
constexpr int kDraftLimitMs = 2000; // after the first that no draft has
constexpr int kWatchDelayMs = 150;  // others write in several steps

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

} // namespace

DocumentPage::DocumentPage(const QString& path, QWidget* parent)
    : QWidget(parent), m_path(path), m_editor(new CodeEditor(this)), m_find(new FindBar(m_editor, this)), m_notices(new NoticeBar(this))
{
    setObjectName(u"documentPage"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addWidget(m_find);
    column->addWidget(m_editor, 1);
    setFocusProxy(m_editor);
    m_draftTimer.setSingleShot(true);
    connect(&m_draftTimer, &QTimer::timeout, this, &DocumentPage::keepDraft);
    m_watchTimer.setSingleShot(true);
    m_watchTimer.setInterval(kWatchDelayMs);
    connect(&m_watchTimer, &QTimer::timeout, this, &DocumentPage::fileChanged);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_watchTimer, qOverload<>(&QTimer::start));
    connect(m_editor, &CodeEditor::edited, this, [this] {
        if (!m_loaded)
            return;
        scheduleDraft();
        Q_EMIT changed();
    });
    connect(m_editor, &QsciScintilla::modificationChanged, this, &DocumentPage::changed);
}

DocumentPage::~DocumentPage() = default;

bool DocumentPage::isClean() const
{
    return !m_loaded || !m_editor->isModified();
}

void DocumentPage::load()
{
    struct Read
    {
        Result<TextFile> file;
        std::optional<TextDraft> draft;
        bool isNew = false;
    };
    runInBackground(
        this,
        [path = m_path] {
            if (!QFileInfo::exists(path))
                return Read {TextFile(), readTextDraft(path), true};
            return Read {readTextFile(path), readTextDraft(path), false};
        },
        [this](const Read& read) {
            if (!read.file.ok()) {
                m_editor->setReadOnly(true);
                m_notices->post(u"unreadable"_s, NoticeBar::Tone::Error, errorText(read.file.error()), {});
                Q_EMIT failed(errorText(read.file.error()));
                return;
            }
            m_isNew = read.isNew;
            take(*read.file);
            Q_EMIT loaded();
            if (!read.draft || read.draft->text == m_known) {
                if (read.draft)
                    removeTextDraft(m_path);
                return;
            }
            m_hasDraft = true;
            const QString when = QLocale().toString(QDateTime::fromMSecsSinceEpoch(read.draft->savedMs), QLocale::ShortFormat);
            m_notices->post(u"draft"_s, NoticeBar::Tone::Warning, tr("Changes of %1 were not saved.").arg(when),
                            {{u"restoreDraft"_s, tr("Restore them"),
                              [this, draft = *read.draft] {
                                  // What others did to the file since then stays, as far as it goes together.
                                  const Merge merge = mergeTexts(view(draft.base), view(draft.text), view(m_known));
                                  const std::string text = applyEdits(view(draft.text), merge.edits);
                                  m_editor->apply(lineEdits(view(m_editor->content()), text));
                              }},
                             {u"discardDraft"_s, tr("Discard them"), [this] { dropDraft(); }}});
        });
}

void DocumentPage::take(const TextFile& file)
{
    m_loaded = false;
    m_file = file;
    m_known = file.text;
    m_editor->setContent(file.text, file.crlf);
    m_loaded = true;
    watch();
    Q_EMIT changed();
}

void DocumentPage::watch()
{
    if (!m_watcher.files().contains(m_path) && QFileInfo::exists(m_path))
        m_watcher.addPath(m_path);
}

// --- saving ----------------------------------------------------------------------------------------------

void DocumentPage::save()
{
    if (!m_loaded || m_saving || (isClean() && !m_isNew))
        return;
    if (m_theirs) {
        m_afterSave = nullptr;
        Q_EMIT said(tr("Decide first what to do with the change on disk"));
        return;
    }
    m_saving = true;
    TextFile file = m_file;
    file.text = m_editor->content();
    runInBackground(
        this, [path = m_path, file, known = m_known, isNew = m_isNew] { return std::pair(file, saveTextFile(path, file, known, isNew)); },
        [this](const std::pair<TextFile, Status>& result) { written(result.first, result.second); });
}

void DocumentPage::written(const TextFile& file, const Status& status)
{
    m_saving = false;
    if (!status.ok()) {
        m_afterSave = nullptr;
        if (status.error().code == ErrorCode::Conflict)
            fileChanged(); // brings it in, then saving works
        else
            m_notices->post(u"save"_s, NoticeBar::Tone::Error, tr("Not saved: %1").arg(errorText(status.error())), {{u"saveAgain"_s, tr("Try again"), [this] { save(); }}, {u"saveLater"_s, tr("Close"), {}}});
        return;
    }
    m_known = file.text;
    m_isNew = false;
    m_notices->withdraw(u"save"_s);
    if (m_editor->content() == file.text) {
        m_editor->SendScintilla(QsciScintillaBase::SCI_SETSAVEPOINT);
        dropDraft();
    }
    m_watchTimer.stop();
    watch();
    Q_EMIT saved();
    Q_EMIT changed();
    if (auto after = std::exchange(m_afterSave, nullptr); after && isClean())
        after();
}

void DocumentPage::leave(std::function<void()> proceed)
{
    if (isClean()) {
        proceed();
        return;
    }
    m_notices->post(u"leave"_s, NoticeBar::Tone::Warning, tr("“%1” has unsaved changes.").arg(QFileInfo(m_path).fileName()),
                    {{u"leaveSave"_s, tr("Save"),
                      [this, proceed] {
                          m_afterSave = proceed;
                          save();
                      }},
                     {u"leaveDiscard"_s, tr("Discard"),
                      [this, proceed] {
                          dropDraft();
                          m_editor->setModified(false);
                          proceed();
                      }},
                     {u"leaveStay"_s, tr("Stay"), {}}});
}

// --- others change the file ------------------------------------------------------------------------------

void DocumentPage::fileChanged()
{
    watch(); // a file that was replaced is another one
    runInBackground(this, [path = m_path] { return QFileInfo::exists(path) ? readTextFile(path) : Result<TextFile>(makeError(ErrorCode::NotFound, {})); },
                    [this](const Result<TextFile>& disk) {
                        watch();
                        if (disk.ok()) {
                            m_notices->withdraw(u"gone"_s);
                            mergeDisk(*disk);
                        } else if (disk.error().code == ErrorCode::NotFound && m_loaded) {
                            m_isNew = true;
                            m_notices->post(u"gone"_s, NoticeBar::Tone::Warning, tr("This file was deleted on disk. Saving makes it again."),
                                            {{u"goneOk"_s, tr("Close"), {}}});
                        }
                    });
}

void DocumentPage::mergeDisk(const TextFile& disk)
{
    if (!m_loaded || (disk.text == m_known && !m_theirs)) {
        m_isNew = m_isNew && !m_loaded;
        return;
    }
    m_isNew = false;
    if (m_theirs && disk.text == m_theirs->text)
        return;
    const QByteArray mine = m_editor->content();
    const QString name = QFileInfo(m_path).fileName();
    if (mine == disk.text || isClean()) {
        m_editor->apply(lineEdits(view(mine), view(disk.text)));
        m_file = disk;
        m_known = disk.text;
        m_theirs.reset();
        m_notices->withdraw(u"conflict"_s);
        m_editor->SendScintilla(QsciScintillaBase::SCI_SETSAVEPOINT);
        Q_EMIT said(tr("“%1” was changed on disk and read again").arg(name));
        Q_EMIT changed();
        return;
    }
    Merge merge = mergeTexts(view(m_known), view(mine), view(disk.text));
    m_editor->apply(merge.edits);
    if (merge.conflicts.empty()) {
        m_file = disk;
        m_known = disk.text;
        m_theirs.reset();
        m_notices->withdraw(u"conflict"_s);
        Q_EMIT said(merge.taken == 1 ? tr("A change of “%1” on disk was merged").arg(name) : tr("%1 changes of “%2” on disk were merged").arg(merge.taken).arg(name));
        Q_EMIT changed();
        return;
    }
    // What did not meet is in; the rest is asked for. Their other places are known now.
    m_theirs = disk;
    const QByteArray now = m_editor->content();
    m_conflict = mergeTexts(view(m_known), view(now), view(disk.text));
    QStringList lines;
    for (const MergeConflict& one : m_conflict.conflicts)
        lines << QString::number(one.line + 1);
    m_notices->post(u"conflict"_s, NoticeBar::Tone::Warning,
                    tr("“%1” was changed on disk in the same lines as here (%2).").arg(name, lines.mid(0, 5).join(u", ")),
                    {{u"conflictCompare"_s, tr("Compare"), [this] { // asks again afterwards
                          Q_EMIT compareWanted();
                          const TextFile theirs = *m_theirs;
                          m_theirs.reset();
                          QMetaObject::invokeMethod(this, [this, theirs] { mergeDisk(theirs); }, Qt::QueuedConnection);
                      }},
                     {u"conflictMine"_s, tr("Keep mine"), [this] { resolve(false); }},
                     {u"conflictTheirs"_s, tr("Take the disk's lines"), [this] { resolve(true); }}});
    Q_EMIT changed();
}

void DocumentPage::resolve(bool takeTheirs)
{
    if (!m_theirs)
        return;
    if (takeTheirs) {
        const QByteArray now = m_editor->content();
        const Merge merge = mergeTexts(view(m_known), view(now), view(m_theirs->text));
        const std::vector<std::string_view> lines = splitLines(view(now));
        std::vector<std::size_t> starts {0};
        for (const std::string_view line : lines)
            starts.push_back(starts.back() + line.size());
        TextEdits edits = merge.edits;
        for (const MergeConflict& one : merge.conflicts)
            edits.push_back({starts[std::min(one.line, lines.size())], starts[std::min(one.line + one.count, lines.size())], one.theirs});
        m_editor->apply(edits);
    }
    m_file = *m_theirs;
    m_known = m_theirs->text;
    m_theirs.reset();
    if (m_editor->content() == m_known)
        m_editor->SendScintilla(QsciScintillaBase::SCI_SETSAVEPOINT);
    Q_EMIT changed();
}

// --- drafts ----------------------------------------------------------------------------------------------

void DocumentPage::scheduleDraft()
{
    if (!m_unsavedSince.isValid())
        m_unsavedSince.start();
    m_draftTimer.start(int(std::clamp<qint64>(kDraftLimitMs - m_unsavedSince.elapsed(), 0, kDraftDelayMs)));
}

void DocumentPage::keepDraft()
{
    m_unsavedSince.invalidate();
    if (isClean()) {
        dropDraft();
        return;
    }
    if (m_draftBusy) { // one after the other, so that the newest is the last
        m_draftAgain = true;
        return;
    }
    m_hasDraft = true;
    m_draftBusy = true;
    m_draftUnwanted = std::make_shared<std::atomic<bool>>(false);
    runInBackground(
        this,
        [draft = TextDraft {m_path, m_known, m_editor->content(), QDateTime::currentMSecsSinceEpoch()}, unwanted = m_draftUnwanted] {
            if (*unwanted)
                return false;
            (void)writeTextDraft(draft);
            if (*unwanted)
                removeTextDraft(draft.path);
            return true;
        },
        [this](bool) {
            m_draftBusy = false;
            if (std::exchange(m_draftAgain, false))
                keepDraft();
        });
}

void DocumentPage::keepDraftNow()
{
    if (!m_draftTimer.isActive() || isClean())
        return;
    m_draftTimer.stop();
    (void)writeTextDraft({m_path, m_known, m_editor->content(), QDateTime::currentMSecsSinceEpoch()});
}

void DocumentPage::dropDraft()
{
    m_draftTimer.stop();
    m_draftAgain = false;
    m_unsavedSince.invalidate();
    if (m_draftUnwanted)
        *m_draftUnwanted = true;
    if (!m_hasDraft)
        return;
    m_hasDraft = false;
    runInBackground(this, [path = m_path] {
        removeTextDraft(path);
        return true;
    }, [](bool) {});
}

} // namespace Promdeck
