#pragma once

#include "models/library/dashboardimport.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;

namespace Promdeck {

class DashboardCatalogue;
class FolderPicker;

/// Brings dashboards into the library: files, whole folders, a pasted text; also dropped onto it. Says of every file what
/// became of it.
class ImportPane final : public QWidget
{
    Q_OBJECT
public:
    explicit ImportPane(DashboardCatalogue* catalogue, QWidget* parent = nullptr);
    ~ImportPane() override;
    void enter();
    [[nodiscard]] FolderPicker* target() const { return m_target; }

Q_SIGNALS:
    void closed();
    void openRequested(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeSources();
    void importPaths(const QStringList& paths);
    void importPasted();
    void run(std::function<Result<ImportReport>()> work);
    void showReport(const Result<ImportReport>& report);
    void update();
    void say(const QString& text, bool isError);

    DashboardCatalogue* m_catalogue;
    FolderPicker* m_target;
    QCheckBox* m_replace;
    QPlainTextEdit* m_text;
    QPushButton* m_paste;
    std::vector<QPushButton*> m_buttons;
    QLabel* m_summary;
    QTreeWidget* m_report;
    QTimer m_progress;
    std::shared_ptr<std::atomic<bool>> m_stop = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<std::atomic<int>> m_done = std::make_shared<std::atomic<int>>(0);
    bool m_running = false;
};

} // namespace Promdeck
