#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/assist.h"
#include "models/stack/stackconnection.h"
#include "widgets/workbench/workbenchtool.h"
#endif

#include <QIcon>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

class QAction;
class QLabel;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QTabWidget;
class QToolButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace Promdeck {

class DiffView;
class DocumentPage;
class MetricCatalogue;
class NoticeBar;
class ProblemsView;
class Workspace;

/// The configuration of a stack as text: the files of a folder, what is wrong with them, and views beside the text that
/// show what it means.
class Workbench final : public QWidget
{
    Q_OBJECT
public:
    explicit Workbench(QWidget* parent = nullptr);
    ~Workbench() override;

    void openFolder(const QString& folder);
    /// Shows a file, at a place of it when one is given.
    DocumentPage* openFile(const QString& path, std::size_t offset = 0, std::size_t end = 0);
    /// What completion, versions and views ask; may be null.
    void setStack(std::shared_ptr<StackConnection> stack);

    [[nodiscard]] Workspace* workspace() const { return m_workspace; }
    [[nodiscard]] DocumentPage* current() const;
    [[nodiscard]] QList<DocumentPage*> pages() const;
    [[nodiscard]] ProblemsView* problems() const { return m_problems; }
    [[nodiscard]] DiffView* diff() const { return m_diff; }
    [[nodiscard]] bool isClean() const;
    /// Calls `proceed` when nothing is unsaved any more, or the user gave it up.
    void leave(std::function<void()> proceed);
    [[nodiscard]] QStringList openPaths() const;

    /// Adds a view that is made when first asked for, with a command of its own.
    void addTool(const QString& name, const QString& title, const QString& icon, std::function<WorkbenchTool*(QWidget*)> make);
    WorkbenchTool* showTool(const QString& name);
    /// Where commands go that others add ("Add…").
    [[nodiscard]] QMenu* addMenu() const { return m_addMenu; }
    QAction* addCommand(const QString& name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    [[nodiscard]] ToolContext context() const;
    void say(const QString& sentence);

public Q_SLOTS:
    void save();
    void saveAll();
    void applyFix();
    void goToDefinition();
    void goBack();
    void format();
    void compareWithDisk();
    void compareWithSaved();
    void closeCurrent();
    /// Asks the connected stack about the rules that are shown: do their series exist, how often would they have fired.
    void checkOnStack();
    void chooseFile();
    void chooseSymbol();

Q_SIGNALS:
    void titleChanged(const QString& title);
    void stateChanged(); ///< open files or folder
    void saved(const QString& path);

private:
    void setupLayout();
    void setupActions();
    void setupToolBar();
    void fillFiles();
    void fillTabs();
    void showPage(DocumentPage* page);
    void connectPage(DocumentPage* page);
    void showFindings(const QString& path);
    void goToReference(DocumentPage* page, std::size_t offset);
    void compare(const QString& title, const QByteArray& other);
    void closeTab(int index);
    void followCursor();
    void updateStatus();
    void askVersions();
    void showVersions();
    void remember();
    [[nodiscard]] QAction* action(const QString& name) const;

    struct Tool
    {
        QString name;
        QString title;
        QString icon;
        std::function<WorkbenchTool*(QWidget*)> make;
        WorkbenchTool* view = nullptr;
        QAction* action = nullptr;
    };
    struct Visit
    {
        QString path;
        std::size_t offset = 0;
    };

    Workspace* m_workspace;
    QTreeWidget* m_tree;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    QWidget* m_empty;
    DiffView* m_diff;
    ProblemsView* m_problems;
    NoticeBar* m_notices;
    QTabWidget* m_tools;
    QSplitter* m_across;
    QSplitter* m_down;
    QLabel* m_status;
    QLabel* m_said;
    QToolButton* m_versions;
    QMenu* m_addMenu;
    QMenu* m_toolsMenu;
    QWidget* m_bar;
    std::vector<Tool> m_toolList;
    std::vector<Visit> m_visits;
    QTimer m_followTimer;
    QTimer m_saidTimer;
    std::shared_ptr<StackConnection> m_connection;
    std::unique_ptr<MetricCatalogue> m_catalogue;
    Config::ServerVersion m_stackPrometheus; ///< 0.0: not known
    Config::ServerVersion m_stackAlertmanager;
    bool m_newest = false; ///< checked for the newest servers, whatever runs
};

} // namespace Promdeck
