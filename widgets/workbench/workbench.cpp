#include "widgets/workbench/workbench.h"

#include "models/core/background.h"
#include "models/query/metriccatalogue.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/diffview.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/findbar.h"
#include "widgets/workbench/problemsview.h"
#include "widgets/workbench/workspace.h"

#include <QAction>
#include <QBoxLayout>
#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

using Config::Severity;

namespace {

constexpr int kFollowMs = 120;
constexpr int kSaidMs = 8000;
constexpr size_t kMostVisits = 50;
constexpr int kPathRole = Qt::UserRole + 1;

/// Knows nothing: without a stack.
class NoMetrics final : public Promql::CompletionSource
{
public:
    [[nodiscard]] std::span<const std::string> metricNames() const override { return {}; }
    [[nodiscard]] std::string metricType(const std::string&) const override { return {}; }
    [[nodiscard]] std::string metricHelp(const std::string&) const override { return {}; }
    [[nodiscard]] std::vector<std::string> labelNames(const std::string&) const override { return {}; }
    [[nodiscard]] std::vector<std::string> labelValues(const std::string&, const std::string&, const std::vector<Promql::Matcher>&) const override
    {
        return {};
    }
};

std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QString kindText(Config::FileKind kind)
{
    using Config::FileKind;
    switch (kind) {
    case FileKind::Prometheus: return Workbench::tr("Prometheus");
    case FileKind::ScrapeConfigs: return Workbench::tr("Scrape configurations");
    case FileKind::Rules: return Workbench::tr("Rules");
    case FileKind::RuleTest: return Workbench::tr("Rule tests");
    case FileKind::Alertmanager: return Workbench::tr("Alertmanager");
    case FileKind::FileSd: return Workbench::tr("Targets");
    case FileKind::Blackbox: return Workbench::tr("Blackbox exporter");
    case FileKind::Web: return Workbench::tr("Web server");
    case FileKind::Dashboard: return Workbench::tr("Dashboard");
    case FileKind::Workspace: return Workbench::tr("Workspace");
    case FileKind::Template: return Workbench::tr("Templates");
    case FileKind::Unknown: break;
    }
    return Workbench::tr("Text");
}

} // namespace

Workbench::Workbench(QWidget* parent)
    : QWidget(parent)
    , m_workspace(new Workspace(this))
    , m_tree(new QTreeWidget(this))
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new QWidget(this))
    , m_diff(new DiffView(this))
    , m_problems(new ProblemsView(m_workspace, this))
    , m_notices(new NoticeBar(this))
    , m_tools(new QTabWidget(this))
    , m_across(new QSplitter(Qt::Horizontal, this))
    , m_down(new QSplitter(Qt::Vertical, this))
    , m_status(new QLabel(this))
    , m_said(new QLabel(this))
    , m_versions(new QToolButton(this))
    , m_addMenu(new QMenu(this))
    , m_toolsMenu(new QMenu(this))
    , m_bar(new QWidget(this))
{
    setObjectName(u"workbench"_s);
    setupLayout();
    setupActions();
    setupToolBar();
    m_followTimer.setSingleShot(true);
    m_followTimer.setInterval(kFollowMs);
    connect(&m_followTimer, &QTimer::timeout, this, &Workbench::followCursor);
    m_saidTimer.setSingleShot(true);
    m_saidTimer.setInterval(kSaidMs);
    connect(&m_saidTimer, &QTimer::timeout, m_said, &QLabel::clear);
    connect(m_workspace, &Workspace::filesChanged, this, &Workbench::fillFiles);
    connect(&Theme::instance(), &Theme::changed, this, [this] { showFindings({}); });
    connect(m_workspace, &Workspace::findingsChanged, this, &Workbench::showFindings);
    connect(m_problems, &ProblemsView::jump, this, [this](const QString& path, std::size_t offset) { openFile(path, offset); });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        const QString path = m_tabs->tabData(index).toString();
        for (DocumentPage* page : pages()) {
            if (page->path() == path)
                showPage(page);
        }
    });
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &Workbench::closeTab);
    connect(m_diff, &DiffView::closed, this, [this] {
        if (m_tabs->currentIndex() >= 0)
            Q_EMIT m_tabs->currentChanged(m_tabs->currentIndex());
        else
            m_stack->setCurrentWidget(m_empty);
    });
    showVersions();
    updateStatus();
}

Workbench::~Workbench()
{
    for (DocumentPage* page : pages())
        page->keepDraftNow();
}

void Workbench::setupLayout()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_notices);
    m_notices->setObjectName(u"workbenchNotices"_s);
    m_tree->setObjectName(u"workbenchFiles"_s);
    m_tree->setAccessibleName(tr("Files"));
    m_tree->setHeaderHidden(true);
    m_tree->setColumnCount(2);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(14);
    const auto open = [this](QTreeWidgetItem* item) {
        const QString path = item->data(0, kPathRole).toString();
        if (!path.isEmpty())
            openFile(path);
    };
    connect(m_tree, &QTreeWidget::itemActivated, this, open);
    connect(m_tree, &QTreeWidget::itemClicked, this, open);
    m_tabs->setObjectName(u"workbenchTabs"_s);
    m_tabs->setAccessibleName(tr("Open files"));
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setExpanding(false);
    m_tabs->setElideMode(Qt::ElideMiddle);
    auto* center = new QWidget(this);
    auto* middle = new QVBoxLayout(center);
    middle->setContentsMargins(0, 0, 0, 0);
    middle->setSpacing(0);
    middle->addWidget(m_tabs);
    middle->addWidget(m_stack, 1);
    auto* emptyColumn = new QVBoxLayout(m_empty);
    auto* hint = new QLabel(tr("Open a folder with configuration, or a single file.\nEverything in it is checked as you type; nothing leaves this machine."), m_empty);
    hint->setObjectName(u"workbenchEmpty"_s);
    hint->setAlignment(Qt::AlignCenter);
    auto* folderButton = new QToolButton(m_empty);
    folderButton->setObjectName(u"emptyOpenFolder"_s);
    folderButton->setText(tr("Open folder"));
    folderButton->setIcon(themeIcon(u"folder"_s));
    folderButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(folderButton, &QToolButton::clicked, this, [this] { action(u"configOpenFolder"_s)->trigger(); });
    emptyColumn->addStretch(1);
    emptyColumn->addWidget(hint);
    emptyColumn->addWidget(folderButton, 0, Qt::AlignHCenter);
    emptyColumn->addStretch(2);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_diff);
    m_down->addWidget(center);
    m_down->addWidget(m_problems);
    m_down->setStretchFactor(0, 3);
    m_down->setStretchFactor(1, 1);
    m_down->setSizes({560, 190});
    m_tools->setObjectName(u"workbenchTools"_s);
    m_tools->setTabsClosable(true);
    m_tools->setDocumentMode(true);
    m_tools->hide();
    connect(m_tools, &QTabWidget::currentChanged, this, [this] { m_followTimer.start(0); });
    connect(m_tools, &QTabWidget::tabCloseRequested, this, [this](int index) {
        m_tools->removeTab(index);
        m_tools->setVisible(m_tools->count() > 0);
    });
    m_across->addWidget(m_tree);
    m_across->addWidget(m_down);
    m_across->addWidget(m_tools);
    m_across->setStretchFactor(0, 0);
    m_across->setStretchFactor(1, 3);
    m_across->setStretchFactor(2, 2);
    m_across->setSizes({210, 700, 420});
    m_across->setChildrenCollapsible(true);
    column->addWidget(m_across, 1);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(10, 2, 10, 2);
    m_status->setObjectName(u"workbenchStatus"_s);
    m_said->setObjectName(u"workbenchSaid"_s);
    m_said->setAccessibleName(tr("What happened"));
    m_versions->setObjectName(u"workbenchVersions"_s);
    m_versions->setAutoRaise(true);
    m_versions->setPopupMode(QToolButton::InstantPopup);
    foot->addWidget(m_status);
    foot->addStretch(1);
    foot->addWidget(m_said);
    foot->addStretch(1);
    foot->addWidget(m_versions);
    column->addLayout(foot);
}

QAction* Workbench::action(const QString& name) const
{
    for (QAction* one : actions()) {
        if (one->objectName() == name)
            return one;
    }
    return nullptr;
}

QAction* Workbench::addCommand(const QString& name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run)
{
    auto* made = new QAction(text, this);
    made->setObjectName(name);
    made->setShortcuts(keys);
    made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(made, &QAction::triggered, this, std::move(run));
    addAction(made);
    return made;
}

void Workbench::setupActions()
{
    const auto add = [this](const char* name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run) {
        return addCommand(QString::fromLatin1(name), text, keys, std::move(run));
    };
    const auto onEditor = [this](auto run) {
        return [this, run] {
            if (DocumentPage* page = current())
                run(page);
        };
    };
    add("configOpenFolder", tr("Open a configuration folder"), {QKeySequence(u"Ctrl+Shift+L"_s)}, [this] {
        Prompt::openFolder(this, tr("Open a configuration folder"), [this](const QString& path) { openFolder(path); });
    });
    add("configOpenFile", tr("Open a configuration file"), {QKeySequence(u"Ctrl+Alt+O"_s)}, [this] {
        Prompt::openFile(this, tr("Open a configuration file"), tr("Configuration (*.yml *.yaml *.json *.rules *.tmpl);;All files (*)"),
                         [this](const QString& path) { openFile(path); });
    });
    add("configQuickOpen", tr("Go to file"), {QKeySequence(u"Ctrl+E"_s)}, [this] { chooseFile(); });
    add("configSymbols", tr("Go to job, rule or receiver"), {QKeySequence(u"Ctrl+Shift+O"_s)}, [this] { chooseSymbol(); });
    add("configSave", tr("Save"), {QKeySequence::Save}, [this] { save(); });
    add("configSaveAll", tr("Save all"), {QKeySequence(u"Ctrl+Alt+S"_s)}, [this] { saveAll(); });
    add("configClose", tr("Close file"), {QKeySequence(u"Ctrl+W"_s)}, [this] { closeCurrent(); });
    add("configFind", tr("Find"), {QKeySequence::Find}, onEditor([](DocumentPage* page) { page->findBar()->open(false); }));
    add("configReplace", tr("Find and replace"), {QKeySequence(u"Ctrl+H"_s)}, onEditor([](DocumentPage* page) { page->findBar()->open(true); }));
    add("configFindNext", tr("Next match"), {QKeySequence(Qt::Key_F3)}, onEditor([](DocumentPage* page) { page->findBar()->findNext(); }));
    add("configFindPrevious", tr("Previous match"), {QKeySequence(Qt::SHIFT | Qt::Key_F3)}, onEditor([](DocumentPage* page) { page->findBar()->findPrevious(); }));
    add("configNextProblem", tr("Next problem"), {QKeySequence(Qt::Key_F8)}, onEditor([](DocumentPage* page) { page->editor()->nextFinding(1); }));
    add("configPreviousProblem", tr("Previous problem"), {QKeySequence(Qt::SHIFT | Qt::Key_F8)}, onEditor([](DocumentPage* page) { page->editor()->nextFinding(-1); }));
    add("configProblems", tr("List of problems"), {QKeySequence(u"Ctrl+Shift+M"_s)}, [this] {
        m_problems->setVisible(true);
        m_problems->list()->setFocus();
    });
    add("configFix", tr("Fix the problem here"), {QKeySequence(u"Alt+Return"_s), QKeySequence(u"Ctrl+."_s)}, [this] { applyFix(); });
    add("configDefinition", tr("Go to definition"), {QKeySequence(Qt::Key_F12)}, [this] { goToDefinition(); });
    add("configBack", tr("Back to where I was"), {QKeySequence(u"Alt+Left"_s)}, [this] { goBack(); });
    add("configHover", tr("Say what this is"), {QKeySequence(Qt::SHIFT | Qt::Key_F1)}, onEditor([](DocumentPage* page) { page->editor()->showHoverHere(); }));
    add("configComplete", tr("Complete"), {}, onEditor([](DocumentPage* page) { page->editor()->complete(); }));
    add("configComment", tr("Comment on or off"), {QKeySequence(u"Ctrl+/"_s)}, onEditor([](DocumentPage* page) { page->editor()->toggleComment(); }));
    add("configFormat", tr("Format"), {QKeySequence(u"Shift+Alt+F"_s)}, [this] { format(); });
    add("configCompareDisk", tr("Compare with the file on disk"), {QKeySequence(u"Ctrl+Shift+D"_s)}, [this] { compareWithDisk(); });
    add("configCompareSaved", tr("Compare with the last saved text"), {}, [this] { compareWithSaved(); });
    add("configNotes", tr("Messages below lines"), {}, [this] {
        const bool shown = action(u"configNotes"_s)->isChecked();
        for (DocumentPage* page : pages())
            page->editor()->setNotesShown(shown);
    })->setCheckable(true);
    action(u"configNotes"_s)->setChecked(true);
    add("configNextTab", tr("Next file"), {QKeySequence(u"Ctrl+PgDown"_s)}, [this] {
        if (m_tabs->count() > 0)
            m_tabs->setCurrentIndex((m_tabs->currentIndex() + 1) % m_tabs->count());
    });
    add("configPreviousTab", tr("Previous file"), {QKeySequence(u"Ctrl+PgUp"_s)}, [this] {
        if (m_tabs->count() > 0)
            m_tabs->setCurrentIndex((m_tabs->currentIndex() + m_tabs->count() - 1) % m_tabs->count());
    });
    add("configCheckAll", tr("Check everything again"), {}, [this] { m_workspace->checkAll(); });
    add("configCheckStack", tr("Check these rules on the stack"), {QKeySequence(u"Ctrl+Shift+R"_s)}, [this] { checkOnStack(); });
    m_toolsMenu->addAction(action(u"configCheckStack"_s));
    m_toolsMenu->addSeparator();
}

void Workbench::setupToolBar()
{
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(2);
    const auto button = [this, row](const QString& name, const QString& icon) {
        QAction* of = action(name);
        of->setIcon(themeIcon(icon));
        auto* made = new QToolButton(m_bar);
        made->setDefaultAction(of);
        made->setObjectName(name + u"Button"_s);
        made->setAutoRaise(true);
        made->setAccessibleName(of->text());
        const QString keys = of->shortcut().toString(QKeySequence::NativeText);
        made->setToolTip(plainTip(keys.isEmpty() ? of->text() : u"%1 (%2)"_s.arg(of->text(), keys)));
        row->addWidget(made);
        return made;
    };
    button(u"configOpenFolder"_s, u"folder"_s);
    button(u"configSave"_s, u"save"_s);
    button(u"configFind"_s, u"search"_s);
    button(u"configCompareDisk"_s, u"compare"_s);
    button(u"configBack"_s, u"chevron-left"_s);
    QToolButton* format = button(u"configFormat"_s, u"check"_s);
    format->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    row->addStretch(1);
    const auto menuButton = [this, row](const QString& name, const QString& text, const QString& icon, QMenu* menu) {
        auto* made = new QToolButton(m_bar);
        made->setObjectName(name);
        made->setText(text);
        made->setIcon(themeIcon(icon));
        made->setMenu(menu);
        made->setPopupMode(QToolButton::InstantPopup);
        made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        made->setAutoRaise(true);
        row->addWidget(made);
        return made;
    };
    m_addMenu->setObjectName(u"configAddMenu"_s);
    m_toolsMenu->setObjectName(u"configToolsMenu"_s);
    menuButton(u"configAddButton"_s, tr("Add"), u"plus"_s, m_addMenu);
    menuButton(u"configToolsButton"_s, tr("Views"), u"grid"_s, m_toolsMenu);
}

// --- files -----------------------------------------------------------------------------------------------

void Workbench::openFolder(const QString& folder)
{
    m_workspace->openFolder(folder);
    Q_EMIT titleChanged(tr("Configuration – %1").arg(QFileInfo(m_workspace->folder()).fileName()));
    remember();
}

QList<DocumentPage*> Workbench::pages() const
{
    QList<DocumentPage*> all;
    for (int i = 0; i < m_stack->count(); ++i) {
        if (auto* page = qobject_cast<DocumentPage*>(m_stack->widget(i)))
            all << page;
    }
    return all;
}

DocumentPage* Workbench::current() const
{
    const int index = m_tabs->currentIndex();
    const QString path = index < 0 ? QString() : m_tabs->tabData(index).toString();
    for (DocumentPage* page : pages()) {
        if (page->path() == path)
            return page;
    }
    return nullptr;
}

QStringList Workbench::openPaths() const
{
    QStringList paths;
    for (int i = 0; i < m_tabs->count(); ++i)
        paths << m_tabs->tabData(i).toString();
    return paths;
}

DocumentPage* Workbench::openFile(const QString& wanted, std::size_t offset, std::size_t end)
{
    const QString path = QDir::cleanPath(QFileInfo(wanted).absoluteFilePath());
    DocumentPage* page = nullptr;
    for (DocumentPage* one : pages()) {
        if (one->path() == path)
            page = one;
    }
    const auto go = [page = QPointer<DocumentPage>(page), offset, end](DocumentPage* made) {
        if (offset > 0 || end > 0)
            made->editor()->goTo(offset, end);
        else
            made->editor()->setFocus(Qt::OtherFocusReason);
    };
    if (page) {
        m_tabs->setCurrentIndex(int(openPaths().indexOf(path)));
        showPage(page);
        go(page);
        return page;
    }
    page = new DocumentPage(path, m_stack);
    page->editor()->setNotesShown(action(u"configNotes"_s)->isChecked());
    m_stack->addWidget(page);
    connectPage(page);
    m_workspace->addFile(path);
    const QSignalBlocker block(m_tabs);
    const int tab = m_tabs->addTab(QFileInfo(path).fileName());
    m_tabs->setTabData(tab, path);
    m_tabs->setTabToolTip(tab, plainTip(path));
    m_tabs->setCurrentIndex(tab);
    connect(page, &DocumentPage::loaded, this, [go, page] { go(page); });
    page->load();
    showPage(page);
    remember();
    return page;
}

void Workbench::connectPage(DocumentPage* page)
{
    CodeEditor* editor = page->editor();
    // The text's own menu.
    for (const char* name : {"configFix", "configDefinition", "configHover", "configFormat", "configComment", "configFind", "configCompareDisk"})
        editor->addAction(action(QString::fromLatin1(name)));
    editor->setPropose([this, page](const QByteArray& text, std::size_t offset) {
        static const NoMetrics none;
        const Promql::CompletionSource& metrics = m_catalogue ? static_cast<const Promql::CompletionSource&>(*m_catalogue) : none;
        return Config::proposalsAt(view(text), offset, page->editor()->fileKind(), m_workspace->options(), metrics, m_workspace->namesFor(page->path()));
    });
    editor->setHover([this, page](const QByteArray& text, std::size_t offset) {
        static const NoMetrics none;
        const Promql::CompletionSource& metrics = m_catalogue ? static_cast<const Promql::CompletionSource&>(*m_catalogue) : none;
        return Config::hoverAt(view(text), offset, page->editor()->fileKind(), m_workspace->options(), metrics);
    });
    connect(page, &DocumentPage::loaded, this, [this, page] {
        m_workspace->setText(page->path(), page->editor()->content(), page->editor()->revision());
        fillTabs();
        followCursor();
    });
    connect(editor, &CodeEditor::edited, this, [this, page] {
        if (!page->isLoaded())
            return;
        m_workspace->setText(page->path(), page->editor()->content(), page->editor()->revision());
        m_followTimer.start();
    });
    connect(editor, &CodeEditor::cursorMoved, this, [this] {
        updateStatus();
        m_followTimer.start();
    });
    connect(editor, &CodeEditor::definitionWanted, this, [this, page](std::size_t offset) { goToReference(page, offset); });
    connect(editor, &CodeEditor::fixesWanted, this, &Workbench::applyFix);
    connect(page, &DocumentPage::changed, this, &Workbench::fillTabs);
    connect(page, &DocumentPage::said, this, &Workbench::say);
    connect(page, &DocumentPage::saved, this, [this, page] {
        say(tr("Saved %1").arg(QFileInfo(page->path()).fileName()));
        Q_EMIT saved(page->path());
    });
    connect(page, &DocumentPage::compareWanted, this, &Workbench::compareWithDisk);
}

void Workbench::showPage(DocumentPage* page)
{
    m_stack->setCurrentWidget(page);
    fillTabs();
    updateStatus();
    m_followTimer.start();
}

void Workbench::fillTabs()
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        const QString path = m_tabs->tabData(i).toString();
        for (DocumentPage* page : pages()) {
            if (page->path() != path)
                continue;
            const QString name = QFileInfo(path).fileName();
            const QString text = page->isClean() ? name : u"● "_s + name;
            if (m_tabs->tabText(i) != text)
                m_tabs->setTabText(i, text);
        }
    }
    m_tabs->setVisible(m_tabs->count() > 0);
}

void Workbench::fillFiles()
{
    m_tree->clear();
    QHash<QString, QTreeWidgetItem*> folders;
    const QString root = m_workspace->folder();
    const std::function<QTreeWidgetItem*(const QString&)> folderItem = [&](const QString& folder) -> QTreeWidgetItem* {
        if (folder == root || root.isEmpty() || !folder.startsWith(root))
            return m_tree->invisibleRootItem();
        if (QTreeWidgetItem* known = folders.value(folder))
            return known;
        auto* item = new QTreeWidgetItem(folderItem(QFileInfo(folder).path()), {QFileInfo(folder).fileName()});
        item->setIcon(0, themeIcon(u"folder"_s, IconRole::Secondary));
        item->setExpanded(true);
        folders.insert(folder, item);
        return item;
    };
    for (const QString& path : m_workspace->files()) {
        auto* item = new QTreeWidgetItem(folderItem(QFileInfo(path).path()), {QFileInfo(path).fileName()});
        item->setData(0, kPathRole, path);
        item->setToolTip(0, plainTip(path));
    }
    showFindings({});
}

void Workbench::showFindings(const QString& path)
{
    for (DocumentPage* page : pages()) {
        if (!path.isEmpty() && page->path() != path)
            continue;
        CodeEditor* editor = page->editor();
        editor->setFileKind(m_workspace->kindOf(page->path()));
        if (m_workspace->checkedRevision(page->path()) == editor->revision())
            editor->setFindings(m_workspace->findings(page->path()));
    }
    const ThemeColors& c = Theme::instance().colors();
    for (QTreeWidgetItemIterator it(m_tree); *it; ++it) {
        const QString file = (*it)->data(0, kPathRole).toString();
        if (file.isEmpty() || (!path.isEmpty() && file != path))
            continue;
        int errors = 0;
        int warnings = 0;
        for (const Config::Diagnostic& one : m_workspace->findings(file)) {
            errors += one.severity == Severity::Error;
            warnings += one.severity == Severity::Warning;
        }
        (*it)->setText(1, errors > 0 ? QString::number(errors) : warnings > 0 ? QString::number(warnings) : QString());
        const QVariant color = errors > 0 ? QVariant(c.error) : warnings > 0 ? QVariant(c.warning) : QVariant();
        (*it)->setData(0, Qt::ForegroundRole, m_workspace->kindOf(file) == Config::FileKind::Unknown ? QVariant(c.textSecondary) : color);
        (*it)->setData(1, Qt::ForegroundRole, color);
    }
    updateStatus();
}

void Workbench::updateStatus()
{
    const DocumentPage* page = current();
    if (!page) {
        m_status->clear();
        return;
    }
    const CodeEditor* editor = page->editor();
    const auto offset = static_cast<unsigned long>(editor->cursorOffset());
    const long start = editor->SendScintilla(QsciScintillaBase::SCI_POSITIONFROMLINE, static_cast<unsigned long>(editor->cursorLine() - 1));
    const long column = editor->SendScintilla(QsciScintillaBase::SCI_COUNTCHARACTERS, static_cast<unsigned long>(start), long(offset));
    m_status->setText(tr("%1   Line %2, column %3").arg(kindText(m_workspace->kindOf(page->path()))).arg(editor->cursorLine()).arg(column + 1));
}

void Workbench::say(const QString& sentence)
{
    m_said->setText(sentence);
    m_saidTimer.start();
}

void Workbench::save()
{
    if (DocumentPage* page = current())
        page->save();
}

void Workbench::saveAll()
{
    for (DocumentPage* page : pages())
        page->save();
}

bool Workbench::isClean() const
{
    const QList<DocumentPage*> all = pages();
    return std::all_of(all.begin(), all.end(), [](const DocumentPage* page) { return page->isClean(); });
}

void Workbench::leave(std::function<void()> proceed)
{
    for (DocumentPage* page : pages()) {
        if (page->isClean())
            continue;
        m_tabs->setCurrentIndex(int(openPaths().indexOf(page->path())));
        showPage(page);
        page->leave([this, proceed] { leave(proceed); });
        return;
    }
    proceed();
}

void Workbench::closeTab(int index)
{
    const QString path = m_tabs->tabData(index).toString();
    for (DocumentPage* page : pages()) {
        if (page->path() != path)
            continue;
        m_tabs->setCurrentIndex(index);
        page->leave([this, page, path] {
            const qsizetype now = openPaths().indexOf(path);
            if (now < 0)
                return;
            m_workspace->forgetText(path);
            m_stack->removeWidget(page);
            page->deleteLater();
            m_tabs->removeTab(int(now));
            if (m_tabs->count() == 0)
                m_stack->setCurrentWidget(m_empty);
            fillTabs();
            updateStatus();
            remember();
        });
        return;
    }
}

void Workbench::closeCurrent()
{
    if (m_stack->currentWidget() == m_diff)
        Q_EMIT m_diff->closed();
    else if (m_tabs->currentIndex() >= 0)
        closeTab(m_tabs->currentIndex());
}

void Workbench::remember()
{
    Q_EMIT stateChanged();
}

// --- views beside the text -------------------------------------------------------------------------------

void Workbench::addTool(const QString& name, const QString& title, const QString& icon, std::function<WorkbenchTool*(QWidget*)> make)
{
    Tool tool {name, title, icon, std::move(make), nullptr, nullptr};
    tool.action = addCommand(name, title, {}, [this, name] { showTool(name); });
    tool.action->setIcon(themeIcon(icon));
    m_toolsMenu->addAction(tool.action);
    m_toolList.push_back(std::move(tool));
}

WorkbenchTool* Workbench::showTool(const QString& name)
{
    for (Tool& tool : m_toolList) {
        if (tool.name != name)
            continue;
        if (!tool.view) {
            tool.view = tool.make(m_tools);
            tool.view->setObjectName(name + u"View"_s);
            connect(tool.view, &WorkbenchTool::editWanted, this, [this](const Config::TextEdits& edits) {
                if (DocumentPage* page = current())
                    page->editor()->apply(edits);
            });
            connect(tool.view, &WorkbenchTool::jumpWanted, this, [this](std::size_t offset, std::size_t end) {
                if (DocumentPage* page = current())
                    page->editor()->goTo(offset, end);
            });
        }
        if (m_tools->indexOf(tool.view) < 0)
            m_tools->addTab(tool.view, themeIcon(tool.icon), tool.title);
        const bool wasHidden = m_tools->isHidden();
        m_tools->show();
        m_tools->setCurrentWidget(tool.view);
        if (wasHidden) {
            const int all = m_across->width();
            m_across->setSizes({std::min(190, all / 6), all * 9 / 20, all * 2 / 5});
        }
        followCursor();
        return tool.view;
    }
    return nullptr;
}

ToolContext Workbench::context() const
{
    ToolContext context;
    context.options = m_workspace->options();
    context.stack = m_connection;
    context.workspace = m_workspace;
    if (const DocumentPage* page = current(); page && page->isLoaded()) {
        context.path = page->path();
        context.kind = m_workspace->kindOf(page->path());
        context.text = page->editor()->content();
        context.offset = page->editor()->cursorOffset();
    }
    return context;
}

void Workbench::followCursor()
{
    auto* tool = qobject_cast<WorkbenchTool*>(m_tools->currentWidget());
    if (tool && !m_tools->isHidden())
        tool->follow(context());
}

// --- the stack -------------------------------------------------------------------------------------------

void Workbench::setStack(std::shared_ptr<StackConnection> stack)
{
    if (stack == m_connection)
        return;
    m_connection = std::move(stack);
    m_catalogue.reset();
    m_stackPrometheus = {};
    m_stackAlertmanager = {};
    if (m_connection) {
        m_catalogue = std::make_unique<MetricCatalogue>(m_connection);
        m_catalogue->load();
        connect(m_catalogue.get(), &MetricCatalogue::labelsChanged, this, [this] {
            // A list that waits for labels is made anew.
            if (DocumentPage* page = current(); page && page->editor()->isCompleting())
                page->editor()->complete();
        });
        askVersions();
    }
    showVersions();
    m_followTimer.start();
}

} // namespace Promdeck
