#include "widgets/library/librarysections.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/library/quietselection.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMap>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kRow = 30;
constexpr int kKind = Qt::UserRole;
constexpr int kRoot = Qt::UserRole + 1;
constexpr int kFolder = Qt::UserRole + 2;

LibrarySection sectionOf(const QTreeWidgetItem* item)
{
    if (!item)
        return {};
    return {LibrarySection::Kind(item->data(0, kKind).toInt()), item->data(0, kRoot).toString(), item->data(0, kFolder).toString()};
}

} // namespace

LibrarySections::LibrarySections(DashboardCatalogue* catalogue, QWidget* parent) : QTreeWidget(parent), m_catalogue(catalogue)
{
    setObjectName(u"librarySections"_s);
    setAccessibleName(tr("Folders"));
    setColumnCount(2);
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(16);
    setUniformRowHeights(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item)
            Q_EMIT chosen();
    });
    connect(m_catalogue, &DashboardCatalogue::starsChanged, this, &LibrarySections::refresh);
    useQuietSelection(this);
    refresh();
}

LibrarySection LibrarySections::current() const
{
    return sectionOf(currentItem());
}

QTreeWidgetItem* LibrarySections::add(QTreeWidgetItem* parent, const QString& text, const QString& icon, const LibrarySection& section, int count)
{
    auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(this);
    item->setText(0, text);
    item->setIcon(0, themeIcon(icon, section.kind == LibrarySection::Kind::Problems ? IconRole::Warning : IconRole::Secondary));
    if (count >= 0) {
        item->setText(1, QString::number(count) + u' ');
        item->setForeground(1, Theme::instance().colors().textSecondary);
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    }
    item->setData(0, kKind, int(section.kind));
    item->setData(0, kRoot, section.root);
    item->setData(0, kFolder, section.folder);
    item->setSizeHint(0, {0, kRow});
    return item;
}

void LibrarySections::refresh()
{
    using Kind = LibrarySection::Kind;
    const LibrarySection before = current();
    const int scroll = verticalScrollBar()->value();
    const QSignalBlocker blocker(this);
    clear();
    const std::shared_ptr<const LibraryIndex> index = m_catalogue->index();
    const QStringList starredList = m_catalogue->starred();
    const QSet<QString> starred(starredList.begin(), starredList.end());
    const QStringList recents = m_catalogue->recents();
    const auto count = [&](Kind kind) {
        return int(std::ranges::count_if(index->entries(), [&](const LibraryEntryPtr& entry) {
            return LibraryModel::belongs(*entry, {kind, {}, {}}, starred, recents);
        }));
    };
    setCurrentItem(add(nullptr, tr("All dashboards"), u"library"_s, {Kind::All, {}, {}}, count(Kind::All)));
    const auto plain = [&](Kind kind, const QString& text, const QString& icon, int number) {
        QTreeWidgetItem* item = add(nullptr, text, icon, {kind, {}, {}}, number);
        if (before.kind == kind)
            setCurrentItem(item);
    };
    plain(Kind::Starred, tr("Starred"), u"star"_s, count(Kind::Starred));
    plain(Kind::Recent, tr("Recent"), u"clock"_s, int(recents.size()));
    plain(Kind::Builtin, tr("Built in"), u"grid"_s, count(Kind::Builtin));
    addFolders(*index, before);
    const int problems = count(Kind::Problems) + int(index->folderErrors().size());
    if (problems > 0)
        plain(Kind::Problems, tr("Problems"), u"warning"_s, problems);
    verticalScrollBar()->setValue(scroll);
}

void LibrarySections::addFolders(const LibraryIndex& index, const LibrarySection& selected)
{
    using Kind = LibrarySection::Kind;
    QMap<QString, QMap<QString, int>> counts; // root -> folder -> dashboards below
    for (const LibraryEntryPtr& entry : index.entries()) {
        if (entry->isBuiltin() || entry->isOther)
            continue;
        QMap<QString, int>& folders = counts[entry->root];
        ++folders[QString()];
        for (QString folder = entry->folder; !folder.isEmpty(); folder = folder.contains(u'/') ? folder.section(u'/', 0, -2) : QString())
            ++folders[folder];
    }
    for (const QString& root : m_catalogue->folders()) {
        const QMap<QString, int> folders = counts.value(root);
        const bool broken = std::ranges::any_of(index.folderErrors(), [&](const auto& error) { return error.first == root; });
        QTreeWidgetItem* top = add(nullptr, root.section(u'/', -1), broken ? u"warning"_s : u"folder"_s, {Kind::Folder, root, {}},
                                   folders.value(QString()));
        top->setToolTip(0, plainTip(root));
        QMap<QString, QTreeWidgetItem*> items {{QString(), top}};
        // Names in order: a folder comes before what is in it.
        for (auto it = folders.begin(); it != folders.end(); ++it) {
            if (!it.key().isEmpty()) {
                const QString parent = it.key().contains(u'/') ? it.key().section(u'/', 0, -2) : QString();
                items[it.key()] = add(items.value(parent, top), it.key().section(u'/', -1), u"folder"_s, {Kind::Folder, root, it.key()}, it.value());
            }
            if (selected == LibrarySection {Kind::Folder, root, it.key()})
                setCurrentItem(items.value(it.key()));
        }
        top->setExpanded(true);
    }
}

void LibrarySections::contextMenuEvent(QContextMenuEvent* event)
{
    const QTreeWidgetItem* item = event->reason() == QContextMenuEvent::Keyboard ? currentItem() : itemAt(event->pos());
    const LibrarySection section = sectionOf(item);
    if (section.kind != LibrarySection::Kind::Folder || !section.folder.isEmpty())
        return;
    auto* menu = new QMenu(this);
    menu->setObjectName(u"librarySectionMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(themeIcon(u"trash"_s), tr("Remove from the library (files stay)"), this, [this, root = section.root] { Q_EMIT removeRequested(root); })
        ->setObjectName(u"libraryRemoveFolder"_s);
    menu->popup(event->reason() == QContextMenuEvent::Keyboard ? viewport()->mapToGlobal(visualItemRect(item).center()) : event->globalPos());
}

void LibrarySections::keyPressEvent(QKeyEvent* event)
{
    const LibrarySection section = current();
    if (event->key() == Qt::Key_Delete && section.kind == LibrarySection::Kind::Folder && section.folder.isEmpty()) {
        Q_EMIT removeRequested(section.root);
        return;
    }
    QTreeWidget::keyPressEvent(event);
}

} // namespace Promdeck
