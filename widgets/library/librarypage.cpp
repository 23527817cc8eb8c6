#include "widgets/library/librarypage.h"

#include "widgets/common/elidedlabel.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/library/librarypainter.h"
#include "widgets/library/librarysections.h"
#include "widgets/library/librarytext.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kTypingMs = 60;   // a search is a few milliseconds; the pause spares the ones nobody sees
constexpr int kSideWidth = 240;

/// A frame in the panel's colour around what scrolls.
QWidget* framed(QWidget* inner, QWidget* parent)
{
    auto* frame = new QFrame(parent);
    frame->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(inner);
    return frame;
}

} // namespace

LibraryPage::LibraryPage(DashboardCatalogue* catalogue, QWidget* parent)
    : QWidget(parent)
    , m_catalogue(catalogue)
    , m_model(new LibraryModel(catalogue, this))
    , m_sections(new LibrarySections(catalogue, this))
    , m_notices(new NoticeBar(this))
{
    setObjectName(u"libraryPage"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(makeHead());
    m_notices->setObjectName(u"libraryNotices"_s);
    layout->addWidget(m_notices);
    auto* split = new QSplitter(this);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(10);
    split->addWidget(framed(m_sections, split));
    m_middle = new QStackedWidget(split);
    m_listPage = makeList();
    m_middle->addWidget(m_listPage);
    split->addWidget(m_middle);
    split->setSizes({kSideWidth, 1000});
    split->setStretchFactor(1, 1);
    layout->addWidget(split, 1);
    m_detail = new ElidedLabel({}, this);
    m_detail->setObjectName(u"libraryDetail"_s);
    m_detail->setSecondary(true);
    layout->addWidget(m_detail);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &LibraryPage::refresh);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_sections, &LibrarySections::chosen, this, [this] {
        closePane();
        refresh();
    });
    connect(m_sections, &LibrarySections::removeRequested, this, &LibraryPage::removeFolder);
    const auto renew = [this] {
        m_sections->refresh();
        if (isVisible())
            refresh();
    };
    connect(m_catalogue, &DashboardCatalogue::changed, this, renew);
    connect(m_catalogue, &DashboardCatalogue::foldersChanged, this, renew);
    connect(m_catalogue, &DashboardCatalogue::scanningChanged, this, &LibraryPage::updateState);
    connect(m_catalogue, &DashboardCatalogue::starsChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    refresh();
}

LibraryPage::~LibraryPage() = default;

QWidget* LibraryPage::makeHead()
{
    auto* head = new QWidget(this);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    const auto button = [&](const QString& icon, const QString& text, const QString& name, auto slot) {
        auto* made = new QPushButton(themeIcon(icon), text, head);
        made->setObjectName(name);
        connect(made, &QPushButton::clicked, this, slot);
        return made;
    };
    layout->addWidget(button(u"chevron-left"_s, tr("&Back"), u"libraryBack"_s, [this] { Q_EMIT closed(); }));
    m_search = new QLineEdit(head);
    m_search->setObjectName(u"librarySearch"_s);
    m_search->setPlaceholderText(tr("Search titles, tags, panels, metrics and expressions (metric:up, tag:linux, panel:load)"));
    m_search->setAccessibleName(tr("Search the library"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(32);
    m_search->addAction(themeIcon(u"search"_s, IconRole::Secondary), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    layout->addWidget(m_search, 1);
    layout->addWidget(button(u"folder"_s, tr("Add a &folder…"), u"libraryAddFolder"_s, [this] { askFolder(); }));
    layout->addWidget(button(u"import"_s, tr("&Import…"), u"libraryImport"_s, [this] { Q_EMIT importRequested(); }));
    layout->addWidget(button(u"server"_s, tr("&Grafana…"), u"libraryGrafana"_s, [this] { Q_EMIT grafanaRequested(); }));
    return head;
}

QWidget* LibraryPage::makeList()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_list = new QTreeView(page);
    m_list->setObjectName(u"libraryList"_s);
    m_list->setAccessibleName(tr("Dashboards"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setMouseTracking(true);
    m_list->setExpandsOnDoubleClick(false);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new LibraryPainter(m_list));
    m_list->setModel(m_model);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setMinimumSectionSize(90);
    m_list->header()->setSectionResizeMode(LibraryModel::TitleColumn, QHeaderView::Stretch);
    m_list->header()->setSortIndicator(-1, Qt::AscendingOrder);
    m_list->setSortingEnabled(true);
    m_list->header()->resizeSection(LibraryModel::TagsColumn, 300);
    m_list->header()->resizeSection(LibraryModel::FolderColumn, 180);
    m_list->header()->resizeSection(LibraryModel::ModifiedColumn, 130);
    m_list->installEventFilter(this);
    m_list->viewport()->installEventFilter(this);
    connect(m_list, &QTreeView::doubleClicked, this, &LibraryPage::activate);
    connect(m_list, &QTreeView::customContextMenuRequested, this,
            [this](const QPoint& at) { showMenu(m_list->viewport()->mapToGlobal(at)); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &LibraryPage::updateDetail);
    layout->addWidget(framed(m_list, page), 1);
    m_empty = new QWidget(page);
    m_empty->setObjectName(u"libraryEmpty"_s);
    auto* hint = new QVBoxLayout(m_empty);
    hint->setContentsMargins(24, 20, 24, 20);
    m_emptyText = new QLabel(m_empty);
    m_emptyText->setObjectName(u"libraryEmptyText"_s);
    m_emptyText->setTextFormat(Qt::PlainText);
    m_emptyText->setWordWrap(true);
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyAdd = new QPushButton(themeIcon(u"folder"_s), tr("Add a folder…"), m_empty);
    m_emptyAdd->setObjectName(u"libraryEmptyAdd"_s);
    connect(m_emptyAdd, &QPushButton::clicked, this, &LibraryPage::askFolder);
    hint->addWidget(m_emptyText);
    hint->addWidget(m_emptyAdd, 0, Qt::AlignHCenter);
    layout->addWidget(m_empty);
    m_count = new QLabel(page);
    m_count->setObjectName(u"libraryCount"_s);
    m_count->setTextFormat(Qt::PlainText);
    layout->addWidget(m_count);
    return page;
}

void LibraryPage::enter()
{
    m_sections->refresh();
    refresh();
    m_search->setFocus(Qt::OtherFocusReason);
    m_search->selectAll();
}

void LibraryPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_catalogue->rescan();
}

void LibraryPage::search(const QString& text)
{
    closePane();
    m_search->setText(text);
    m_typing.stop();
    refresh();
}

bool LibraryPage::escape()
{
    if (m_middle->currentWidget() != m_listPage) {
        closePane();
        return true;
    }
    if (m_search->text().isEmpty())
        return false;
    m_search->clear();
    m_search->setFocus();
    return true;
}

void LibraryPage::showPane(QWidget* pane)
{
    if (m_middle->indexOf(pane) < 0)
        m_middle->addWidget(pane);
    m_middle->setCurrentWidget(pane);
    updateDetail();
}

void LibraryPage::closePane()
{
    m_middle->setCurrentWidget(m_listPage);
    updateDetail();
}

void LibraryPage::refresh()
{
    const LibraryHit* before = m_model->hit(m_list->currentIndex());
    const QString reference = before ? before->entry->reference : QString();
    const int part = before ? before->part : -1;
    const int scroll = m_list->verticalScrollBar()->value();
    const bool wasSearch = m_model->isSearch();
    m_model->show(m_sections->current(), m_search->text());
    m_list->header()->setSortIndicatorShown(!m_model->isSearch());
    int row = 0;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const LibraryHit* hit = m_model->hit(m_model->index(i, 0));
        if (hit->entry->reference == reference && hit->part == part)
            row = i;
    }
    if (m_model->isSearch() && m_search->hasFocus())
        row = 0; // Enter opens the best
    m_list->setCurrentIndex(m_model->index(row, 0));
    m_list->verticalScrollBar()->setValue(wasSearch == m_model->isSearch() && row > 0 ? scroll : 0);
    updateState();
    updateDetail();
}

void LibraryPage::updateState()
{
    const LibrarySection section = m_sections->current();
    const bool noFolders = m_catalogue->folders().isEmpty();
    const int rows = m_model->rowCount();
    QString text;
    if (m_model->isSearch()) {
        if (rows == 0)
            text = tr("Nothing here fits “%1”. Fewer words find more; metric:, panel:, tag: and expr: say where to look.").arg(m_search->text().trimmed());
    } else if (section.kind == LibrarySection::Kind::Starred && rows == 0) {
        text = tr("No dashboard is starred yet. Click the star before a title, or press Space.");
    } else if (section.kind == LibrarySection::Kind::Problems) {
        QStringList errors;
        for (const auto& [folder, error] : m_catalogue->index()->folderErrors())
            errors << folder + u": "_s + errorText(error);
        text = errors.join(u'\n');
    } else if (noFolders && section.kind != LibrarySection::Kind::Recent) {
        text = tr("Your own dashboards appear here once you add the folder that holds their files: a git checkout, a folder of "
                  "Grafana exports. Promdeck watches it, searches every panel in it, and writes only what you save.");
    } else if (rows == 0) {
        text = m_catalogue->isScanning() ? tr("Reading the folders…") : tr("There are no dashboards here.");
    }
    m_emptyText->setText(text);
    m_empty->setVisible(!text.isEmpty());
    m_emptyAdd->setVisible(noFolders && !m_model->isSearch());
    QString count = m_model->dashboards() == 1 ? tr("1 dashboard") : tr("%1 dashboards").arg(m_model->dashboards());
    if (m_model->isSearch())
        count += m_model->parts() == 1 ? tr(", 1 panel or variable") : tr(", %1 panels and variables").arg(m_model->parts());
    if (m_model->isCut())
        count += tr("; the first %1 are shown").arg(rows);
    if (m_catalogue->isScanning() && m_catalogue->filesLeft() > 0)
        count += tr("; reading %1 more files…").arg(m_catalogue->filesLeft());
    m_count->setText(count);
}

void LibraryPage::updateDetail()
{
    const LibraryHit* hit = m_middle->currentWidget() == m_listPage ? m_model->hit(m_list->currentIndex()) : nullptr;
    if (!hit) {
        m_detail->setText({});
        return;
    }
    const LibraryEntry& entry = *hit->entry;
    if (entry.error)
        m_detail->setText(entry.reference + u':' + problemText(entry));
    else if (const DigestPart* part = hit->digestPart())
        m_detail->setText(part->expressions.join(u"   "_s).simplified());
    else
        m_detail->setText((entry.isBuiltin() ? tr("Inside the program, cannot be changed; save a copy to have your own") : entry.reference)
                          + tr(" · %1 panels").arg(entry.digest.panelCount)
                          + (entry.digest.description.isEmpty() ? QString() : u" · "_s + entry.digest.description.simplified()));
}

void LibraryPage::activate(const QModelIndex& index)
{
    const LibraryHit* hit = m_model->hit(index);
    if (!hit)
        return;
    if (hit->entry->error) {
        m_notices->post(u"problem"_s, NoticeBar::Tone::Warning, hit->entry->reference + u':' + problemText(*hit->entry),
                        {{u"libraryCopyProblem"_s, tr("Copy"), [text = hit->entry->reference + u':' + problemText(*hit->entry)] {
                              QApplication::clipboard()->setText(text);
                          }},
                         {u"libraryCloseProblem"_s, tr("Close"), {}}});
        return;
    }
    const DigestPart* part = hit->digestPart();
    const bool panel = part && part->kind == DigestPart::Kind::Panel;
    Q_EMIT openRequested(hit->entry->reference, panel ? part->panelId : 0, panel ? part->title : QString());
}

void LibraryPage::toggleStar(const QModelIndex& index)
{
    const LibraryHit* hit = m_model->hit(index);
    if (hit && !hit->entry->error)
        m_catalogue->setStarred(hit->entry->reference, !m_catalogue->isStarred(hit->entry->reference));
}

void LibraryPage::showMenu(const QPoint& globalPosition)
{
    const QModelIndex index = m_list->currentIndex();
    const LibraryHit* hit = m_model->hit(index);
    if (!hit)
        return;
    const QString reference = hit->entry->reference;
    const bool usable = !hit->entry->error;
    auto* menu = new QMenu(this);
    menu->setObjectName(u"libraryMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString& icon, const QString& text, const QString& name, bool enabled, auto run) {
        QAction* action = menu->addAction(themeIcon(icon), text, this, run);
        action->setObjectName(name);
        action->setEnabled(enabled);
    };
    add(u"grid"_s, tr("&Open"), u"libraryOpen"_s, true, [this, index = QPersistentModelIndex(index)] { activate(index); });
    add(u"popout"_s, tr("Open &beside"), u"libraryOpenBeside"_s, usable, [this, reference] { Q_EMIT openBesideRequested(reference); });
    add(u"star"_s, m_catalogue->isStarred(reference) ? tr("Remove the &star") : tr("&Star"), u"libraryStar"_s, usable,
        [this, index = QPersistentModelIndex(index)] { toggleStar(index); });
    add(u"copy"_s, tr("Save a &copy…"), u"libraryCopy"_s, usable, [this, reference] { Q_EMIT copyRequested(reference); });
    if (!hit->entry->isBuiltin()) {
        add(u"upload"_s, tr("&Push to Grafana…"), u"libraryPush"_s, usable, [this, reference] { Q_EMIT pushRequested(reference); });
        add(u"link"_s, tr("Copy the &path"), u"libraryCopyPath"_s, true, [reference] { QApplication::clipboard()->setText(reference); });
    }
    menu->popup(globalPosition);
}

void LibraryPage::askFolder()
{
    Prompt::openFolder(this, tr("Add a folder of dashboards"), [this](const QString& path) {
        const Status added = m_catalogue->addFolder(path);
        if (!added.ok())
            m_notices->post(u"folder"_s, NoticeBar::Tone::Warning, errorText(added.error()), {{u"libraryCloseNotice"_s, tr("Close"), {}}});
    });
}

void LibraryPage::removeFolder(const QString& root)
{
    m_catalogue->removeFolder(root);
    m_notices->post(u"removed"_s, NoticeBar::Tone::Info, tr("“%1” is no longer in the library. Its files are where they were.").arg(root),
                    {{u"libraryUndoRemove"_s, tr("Undo"), [this, root] { (void)m_catalogue->addFolder(root); }},
                     {u"libraryCloseNotice"_s, tr("Close"), {}}});
}

bool LibraryPage::listKey(int key)
{
    const QModelIndex current = m_list->currentIndex();
    const int page = std::max(1, m_list->viewport()->height() / LibraryPainter::kRow - 1);
    const auto go = [&](int by) {
        const int rows = m_model->rowCount();
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index(std::clamp(current.row() + by, 0, rows - 1), 0));
        return true;
    };
    switch (key) {
    case Qt::Key_Down: return go(1);
    case Qt::Key_Up: return go(-1);
    case Qt::Key_PageDown: return go(page);
    case Qt::Key_PageUp: return go(-page);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_typing.isActive()) {
            m_typing.stop();
            refresh();
        }
        activate(m_list->currentIndex());
        return true;
    default: return false;
    }
}

bool LibraryPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const QPoint at = static_cast<QMouseEvent*>(event)->pos();
        const QModelIndex index = m_list->indexAt(at);
        if (index.isValid() && index.column() == LibraryModel::TitleColumn && !index.data(LibraryModel::IsPartRole).toBool()
            && LibraryPainter::starRect(m_list->visualRect(index)).contains(at))
            toggleStar(index);
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto* key = static_cast<QKeyEvent*>(event);
    if (watched == m_search)
        return listKey(key->key());
    if (watched != m_list)
        return false;
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: activate(m_list->currentIndex()); return true;
    case Qt::Key_Space: toggleStar(m_list->currentIndex()); return true;
    case Qt::Key_Menu: showMenu(m_list->viewport()->mapToGlobal(m_list->visualRect(m_list->currentIndex()).center())); return true;
    case Qt::Key_Slash: m_search->setFocus(); m_search->selectAll(); return true;
    default: return false;
    }
}

} // namespace Promdeck
