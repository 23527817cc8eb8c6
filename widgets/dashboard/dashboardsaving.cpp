#include "widgets/dashboard/dashboardsaving.h"

#include "models/core/background.h"
#include "widgets/common/errortext.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"

#include <QAction>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QWidget>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kDraftDelayMs = 300;    // after the last edit
constexpr int kDraftLimitMs = 1500;   // after the first one that no draft has
constexpr int kWatchDelayMs = 150;    // editors write in several steps
constexpr qint64 kMaxBytes = 64 << 20;

QString fileNameFor(const QString& title)
{
    static const QRegularExpression odd(u"[^A-Za-z0-9._-]+"_s);
    QString name = title.toLower();
    name.replace(odd, u"-"_s);
    while (name.startsWith(u'-') || name.startsWith(u'.'))
        name.remove(0, 1);
    return (name.isEmpty() ? u"dashboard"_s : name) + u".json"_s;
}

QString randomUid()
{
    return QString::number(QRandomGenerator::global()->generate64(), 36);
}

/// What else was left by an earlier run goes aside, where a person can still find it.
void putAside(const DashboardDraft& draft)
{
    const QString path = draftPath(draft.reference);
    QFile::rename(path, path + u'.' + QString::number(draft.savedMs));
}

} // namespace

DashboardSaving::DashboardSaving(QWidget* page, NoticeBar* bar) : QObject(page), m_page(page), m_bar(bar)
{
    const auto add = [this](const QString& name, const QString& text, const QKeySequence& keys, void (DashboardSaving::*run)()) {
        auto* action = new QAction(text, m_page);
        action->setObjectName(name);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        m_page->addAction(action);
        return action;
    };
    m_save = add(u"saveDashboard"_s, tr("Save"), QKeySequence(u"Ctrl+S"_s), &DashboardSaving::save);
    m_saveAs = add(u"saveDashboardAs"_s, tr("Save as…"), QKeySequence(u"Ctrl+Shift+S"_s), &DashboardSaving::saveAs);
    m_draftTimer.setSingleShot(true);
    connect(&m_draftTimer, &QTimer::timeout, this, &DashboardSaving::keepDraft);
    m_watchTimer.setSingleShot(true);
    m_watchTimer.setInterval(kWatchDelayMs);
    connect(&m_watchTimer, &QTimer::timeout, this, &DashboardSaving::fileChanged);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_watchTimer, qOverload<>(&QTimer::start));
    updateActions();
}

DashboardSaving::~DashboardSaving() = default;

void DashboardSaving::open(const OpenedDashboard& opened, DashboardEditor* editor)
{
    close();
    m_editor = editor;
    m_reference = opened.reference;
    m_text = opened.text;
    m_discarded = std::make_shared<std::atomic<bool>>(false);
    connect(editor, &DashboardEditor::historyChanged, this, &DashboardSaving::scheduleDraft);
    if (opened.draft)
        offer(*opened.draft);
    watch();
    updateActions();
}

void DashboardSaving::close()
{
    // The last edits, when the timer did not come to them.
    if (m_draftTimer.isActive())
        keepDraft();
    m_draftTimer.stop();
    if (m_editor)
        disconnect(m_editor, nullptr, this, nullptr);
    m_editor = nullptr;
    m_reference.clear();
    m_text.clear();
    m_offered.reset();
    m_afterSave = nullptr;
    m_unsavedSince.invalidate();
    m_draftAgain = false;
    m_hasDraft = false;
    if (!m_watcher.files().isEmpty())
        m_watcher.removePaths(m_watcher.files());
    m_bar->clear();
    updateActions();
}

bool DashboardSaving::isFile() const
{
    return !m_reference.isEmpty() && !m_reference.startsWith(u"builtin:");
}

void DashboardSaving::updateActions()
{
    m_save->setEnabled(m_editor && !m_saving);
    m_save->setText(m_editor && !isFile() ? tr("Save a copy…") : tr("Save"));
    m_saveAs->setEnabled(m_editor && !m_saving);
}

// --- saving ----------------------------------------------------------------------------------------------

void DashboardSaving::save()
{
    if (!m_editor || m_saving)
        return;
    m_afterSave = nullptr;
    if (!isFile())
        saveAs();
    else
        write(m_reference, m_text, false);
}

void DashboardSaving::saveAs()
{
    if (!m_editor || m_saving)
        return;
    m_afterSave = nullptr;
    const QString folder = isFile() ? QFileInfo(m_reference).absolutePath() + u'/' : QString();
    Prompt::saveFile(m_page, tr("Save the dashboard"), folder + fileNameFor(m_editor->dashboard().title),
                     tr("Dashboards (*.json);;All files (*)"), [this](const QString& path) {
                         if (!m_editor || path.isEmpty())
                             return;
                         // A copy is another dashboard: links by uid go to the one they meant.
                         if (path != m_reference && !m_editor->dashboard().uid.isEmpty())
                             m_editor->changeMembers({{u"uid"_s, randomUid()}, {u"id"_s, Json()}});
                         write(path, m_text, path != m_reference);
                     });
}

void DashboardSaving::write(const QString& path, const QByteArray& over, bool overwrite)
{
    m_saving = true;
    updateActions();
    const Json migrated = m_editor->dashboard().migrated;
    runInBackground(
        this, [=] { return saveDashboard(path, over, migrated, overwrite); },
        [this, path, migrated, editor = m_editor](const Result<QByteArray>& text) {
            m_saving = false;
            updateActions();
            if (editor && editor == m_editor)
                written(path, migrated, text);
        });
}

void DashboardSaving::written(const QString& path, const Json& migrated, const Result<QByteArray>& text)
{
    const std::function<void()> after = std::exchange(m_afterSave, nullptr);
    if (!text) {
        const NoticeBar::Choice elsewhere {u"saveElsewhere"_s, tr("Save as…"), [this] { saveAs(); }};
        const NoticeBar::Choice cancel {u"cancelSave"_s, tr("Cancel"), {}};
        if (text.error().code == ErrorCode::Conflict) {
            m_bar->post(u"save"_s, NoticeBar::Tone::Warning,
                        tr("“%1” was changed by something else since it was opened.").arg(QFileInfo(path).fileName()),
                        {{u"overwriteFile"_s, tr("Overwrite"), [this, path] { write(path, m_text, true); }}, elsewhere, cancel});
        } else {
            m_bar->post(u"save"_s, NoticeBar::Tone::Error, errorText(text.error()), {elsewhere, cancel});
        }
        return;
    }
    const QString before = m_reference;
    m_text = *text;
    m_bar->withdraw(u"save"_s);
    m_bar->withdraw(u"fileChanged"_s);
    if (path != before) {
        if (!before.isEmpty())
            runInBackground(this, [before] { removeDraft(before); return true; }, [](bool) {});
        m_reference = path;
        m_hasDraft = false;
        watch();
        updateActions();
        Q_EMIT referenceChanged(path);
    }
    m_editor->setSaved(migrated);
    Q_EMIT saved();
    if (after)
        after();
}

void DashboardSaving::leave(std::function<void()> proceed)
{
    if (isClean()) {
        proceed();
        return;
    }
    m_bar->post(u"leave"_s, NoticeBar::Tone::Warning, tr("“%1” has changes that are not saved.").arg(m_editor->dashboard().title),
                {{u"leaveSave"_s, isFile() ? tr("Save") : tr("Save a copy…"),
                  [this, proceed] {
                      save();
                      m_afterSave = proceed;
                  }},
                 {u"leaveDiscard"_s, tr("Discard"),
                  [this, proceed] {
                      discard();
                      proceed();
                  }},
                 {u"leaveCancel"_s, tr("Stay"), {}}});
}

void DashboardSaving::discard()
{
    if (m_discarded)
        m_discarded->store(true); // a draft that is being written goes again
    m_discarded = std::make_shared<std::atomic<bool>>(false);
    if (!m_reference.isEmpty())
        removeDraft(m_reference);
    m_hasDraft = false;
    if (m_editor)
        m_editor->setClean();
}

// --- drafts ----------------------------------------------------------------------------------------------

void DashboardSaving::offer(const DashboardDraft& draft)
{
    m_offered = draft;
    const QString when = QLocale().toString(QDateTime::fromMSecsSinceEpoch(draft.savedMs), QLocale::ShortFormat);
    QString text = tr("There are unsaved changes of this dashboard from %1.").arg(when);
    if (draft.base != fingerprint(m_text))
        text += u' ' + tr("Its file has changed since then.");
    m_bar->post(u"draft"_s, NoticeBar::Tone::Info, text,
                {{u"restoreDraft"_s, tr("Restore"), [this, draft] { restore(draft); }},
                 {u"discardDraft"_s, tr("Discard"), [this] {
                      m_offered.reset();
                      runInBackground(this, [reference = m_reference] { removeDraft(reference); return true; }, [](bool) {});
                  }}});
}

void DashboardSaving::restore(const DashboardDraft& draft)
{
    m_offered.reset();
    m_hasDraft = true;
    m_bar->withdraw(u"draft"_s);
    if (m_editor)
        m_editor->changeDocument(draft.migrated, {EditStep::Kind::ChangeDashboard, {}});
}

void DashboardSaving::scheduleDraft()
{
    if (m_reference.isEmpty())
        return;
    if (isClean()) {
        m_unsavedSince.invalidate();
        m_draftTimer.start(0);
        return;
    }
    if (!m_unsavedSince.isValid())
        m_unsavedSince.start();
    const auto left = kDraftLimitMs - m_unsavedSince.elapsed();
    m_draftTimer.start(int(std::clamp<qint64>(left, 0, kDraftDelayMs)));
}

void DashboardSaving::keepDraft()
{
    m_unsavedSince.invalidate();
    if (!m_editor || m_reference.isEmpty())
        return;
    if (m_draftBusy) {
        m_draftAgain = true;
        return;
    }
    const bool clean = isClean();
    if (clean && !m_hasDraft)
        return;
    const std::optional<DashboardDraft> aside = std::exchange(m_offered, std::nullopt);
    if (aside)
        m_bar->withdraw(u"draft"_s);
    m_hasDraft = !clean;
    m_draftBusy = true;
    const DashboardDraft draft {m_reference, m_editor->dashboard().title, QDateTime::currentMSecsSinceEpoch(), fingerprint(m_text),
                                m_editor->dashboard().migrated};
    runInBackground(
        this,
        [draft, clean, aside, discarded = m_discarded]() -> Status {
            if (aside)
                putAside(*aside);
            Status done = clean || *discarded ? Status(Done {}) : writeDraft(draft);
            if (clean || *discarded)
                removeDraft(draft.reference);
            return done;
        },
        [this](const Status& kept) {
            m_draftBusy = false;
            if (!kept.ok())
                m_bar->post(u"draftFailed"_s, NoticeBar::Tone::Warning,
                            tr("Unsaved changes cannot be kept: %1").arg(errorText(kept.error())),
                            {{u"closeNotice"_s, tr("Close"), {}}});
            if (std::exchange(m_draftAgain, false))
                keepDraft();
        });
}

// --- the file --------------------------------------------------------------------------------------------

void DashboardSaving::watch()
{
    if (!m_watcher.files().isEmpty())
        m_watcher.removePaths(m_watcher.files());
    if (isFile() && QFileInfo::exists(m_reference))
        m_watcher.addPath(m_reference);
}

void DashboardSaving::fileChanged()
{
    if (!isFile())
        return;
    watch(); // who replaces a file leaves the watcher with the old one
    runInBackground(
        this,
        [path = m_reference] {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.read(kMaxBytes) : QByteArray();
        },
        [this, path = m_reference](const QByteArray& text) {
            if (path != m_reference || m_saving || text.isEmpty() || text == m_text)
                return;
            m_bar->post(u"fileChanged"_s, NoticeBar::Tone::Info,
                        tr("“%1” was changed on the disk.").arg(QFileInfo(path).fileName()),
                        {{u"reloadFile"_s, tr("Reload"), [this, text] { takeFile(text); }},
                         {u"keepMine"_s, tr("Keep what is shown"), {}}});
        });
}

/// The file's new content becomes a step, so that undo goes back to what was shown.
void DashboardSaving::takeFile(const QByteArray& text)
{
    if (!m_editor)
        return;
    const Result<Dashboard> dashboard = readDashboard(text, m_reference);
    if (!dashboard) {
        m_bar->post(u"fileChanged"_s, NoticeBar::Tone::Error, errorText(dashboard.error()), {{u"closeNotice"_s, tr("Close"), {}}});
        return;
    }
    m_text = text;
    m_editor->changeDocument(dashboard->migrated, {EditStep::Kind::ChangeDashboard, {}});
    m_editor->setSaved(dashboard->migrated);
}

} // namespace Promdeck
