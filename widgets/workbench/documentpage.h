#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/textdraft.h"
#include "models/config/edit/textedit.h"
#endif

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QTimer>
#include <QWidget>

#include <atomic>
#include <functional>
#include <memory>

namespace Promdeck {

class CodeEditor;
class FindBar;
class NoticeBar;

/// One file in the workbench: its text, questions about it above, the find bar. Saves in one step, keeps drafts of unsaved
/// work, and brings in what others change on disk. Files are read and written on workers.
class DocumentPage final : public QWidget
{
    Q_OBJECT
public:
    DocumentPage(const QString& path, QWidget* parent);
    ~DocumentPage() override;

    void load();
    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] CodeEditor* editor() const { return m_editor; }
    [[nodiscard]] FindBar* findBar() const { return m_find; }
    [[nodiscard]] NoticeBar* notices() const { return m_notices; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] bool isClean() const;
    /// The text that was read or saved last.
    [[nodiscard]] QByteArray savedText() const { return m_known; }
    /// Calls `proceed` when all is saved, else when the user chose to save or to discard.
    void leave(std::function<void()> proceed);
    void save();
    [[nodiscard]] bool isSaving() const { return m_saving; }
    /// Writes what no draft has yet, now: the program ends.
    void keepDraftNow();

Q_SIGNALS:
    void loaded();
    void failed(const QString& why);
    void saved();
    void changed();      ///< of text or state
    void compareWanted(); ///< with what is on disk
    void said(const QString& sentence);

private:
    void take(const Config::TextFile& file);
    void written(const Config::TextFile& file, const Status& status);
    void fileChanged();
    void mergeDisk(const Config::TextFile& disk);
    void resolve(bool takeTheirs);
    void scheduleDraft();
    void keepDraft();
    void watch();
    void dropDraft();

    QString m_path;
    CodeEditor* m_editor;
    FindBar* m_find;
    NoticeBar* m_notices;
    QByteArray m_known; ///< of the file, as far as is known
    Config::TextFile m_file; ///< how it is written
    bool m_loaded = false;
    bool m_isNew = false;
    bool m_saving = false;
    std::optional<Config::TextFile> m_theirs; ///< on disk, in conflict with the text here
    Config::Merge m_conflict;
    std::function<void()> m_afterSave;
    QTimer m_draftTimer;
    QElapsedTimer m_unsavedSince;
    bool m_hasDraft = false;
    bool m_draftBusy = false;
    bool m_draftAgain = false;
    std::shared_ptr<std::atomic<bool>> m_draftUnwanted;
    QFileSystemWatcher m_watcher;
    QTimer m_watchTimer;
};

} // namespace Promdeck
