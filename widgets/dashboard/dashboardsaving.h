#pragma once

#include "models/dashboard/dashboardeditor.h"
#include "models/dashboard/dashboardfile.h"

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>

class QAction;
class QWidget;

namespace Promdeck {

class NoticeBar;

/// Where the dashboard of a page is kept: saving it, drafts of unsaved work, the file that somebody else changes.
/// All files are read and written on workers. Questions appear in the page's notice bar.
class DashboardSaving final : public QObject
{
    Q_OBJECT
public:
    DashboardSaving(QWidget* page, NoticeBar* bar);
    ~DashboardSaving() override;

    /// `opened` says where the dashboard came from; without a reference it can only be saved as a new file.
    void open(const OpenedDashboard& opened, DashboardEditor* editor);
    void close();
    [[nodiscard]] QAction* saveAction() const { return m_save; }
    [[nodiscard]] QAction* saveAsAction() const { return m_saveAs; }
    [[nodiscard]] QString reference() const { return m_reference; }
    /// There is a file of its own that can be written.
    [[nodiscard]] bool isFile() const;
    [[nodiscard]] bool isClean() const { return !m_editor || m_editor->isClean(); }
    /// Calls `proceed` at once when all is saved, else when the user chose to save or to discard.
    void leave(std::function<void()> proceed);
    /// Takes the changes of a draft over, as a step that can be undone.
    void restore(const DashboardDraft& draft);

public Q_SLOTS:
    void save();
    void saveAs();

Q_SIGNALS:
    /// It is kept under another path now.
    void referenceChanged(const QString& path);
    void saved();

private:
    void write(const QString& path, const QByteArray& over, bool overwrite);
    void written(const QString& path, const Json& migrated, const Result<QByteArray>& text);
    void discard();
    void offer(const DashboardDraft& draft);
    void scheduleDraft();
    void keepDraft();
    void fileChanged();
    void takeFile(const QByteArray& text);
    void watch();
    void updateActions();

    QWidget* m_page;
    NoticeBar* m_bar;
    QAction* m_save;
    QAction* m_saveAs;
    QPointer<DashboardEditor> m_editor;
    QString m_reference;
    QByteArray m_text; ///< of the file, as far as is known
    std::optional<DashboardDraft> m_offered;
    std::function<void()> m_afterSave;
    bool m_saving = false;
    // drafts
    QTimer m_draftTimer;
    QElapsedTimer m_unsavedSince;
    bool m_draftBusy = false;
    bool m_draftAgain = false;
    bool m_hasDraft = false;
    std::shared_ptr<std::atomic<bool>> m_discarded; ///< a draft being written is not wanted any more
    // the file
    QFileSystemWatcher m_watcher;
    QTimer m_watchTimer;
};

} // namespace Promdeck
