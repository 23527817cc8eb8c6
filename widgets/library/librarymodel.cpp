#include "widgets/library/librarymodel.h"

#include "widgets/common/plaintip.h"
#include "widgets/library/librarytext.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

LibraryModel::LibraryModel(const DashboardCatalogue* catalogue, QObject* parent) : QAbstractTableModel(parent), m_catalogue(catalogue) {}

bool LibraryModel::belongs(const LibraryEntry& entry, const LibrarySection& section, const QSet<QString>& starred, const QStringList& recents)
{
    using Kind = LibrarySection::Kind;
    if (section.kind == Kind::Problems)
        return entry.error.has_value();
    if (entry.isOther)
        return false;
    switch (section.kind) {
    case Kind::Starred: return starred.contains(entry.reference);
    case Kind::Recent: return recents.contains(entry.reference);
    case Kind::Builtin: return entry.isBuiltin();
    case Kind::Folder:
        return entry.root == section.root
            && (section.folder.isEmpty() || entry.folder == section.folder || entry.folder.startsWith(section.folder + u'/'));
    default: return true;
    }
}

void LibraryModel::show(const LibrarySection& section, const QString& search)
{
    beginResetModel();
    m_section = section;
    m_search = search;
    fill();
    endResetModel();
}

void LibraryModel::fill()
{
    const QStringList starred = m_catalogue->starred();
    m_starred = QSet<QString>(starred.begin(), starred.end());
    const QStringList recents = m_catalogue->recents();
    const auto filter = [this, &recents](const LibraryEntry& entry) { return belongs(entry, m_section, m_starred, recents); };
    m_hits.clear();
    m_parts = 0;
    m_cut = false;
    const std::shared_ptr<const LibraryIndex> index = m_catalogue->index();
    if (isSearch()) {
        LibraryResult result = index->search(m_search, 500, filter);
        m_hits = std::move(result.hits);
        m_dashboards = result.dashboards;
        m_parts = result.parts;
        m_cut = result.cut;
        return;
    }
    for (const LibraryEntryPtr& entry : index->entries()) {
        if (filter(*entry))
            m_hits.push_back({entry, -1, LibraryHit::Field::None, {}, 0});
    }
    if (m_section.kind == LibrarySection::Kind::Recent) {
        std::ranges::stable_sort(m_hits, {}, [&recents](const LibraryHit& hit) { return recents.indexOf(hit.entry->reference); });
        // Files that are in no folder of the library were opened as well.
        for (const QString& reference : recents) {
            if (index->find(reference) || reference.isEmpty())
                continue;
            LibraryEntry entry;
            entry.reference = reference;
            entry.root = reference.section(u'/', 0, -2);
            entry.digest.title = reference.section(u'/', -1);
            m_hits.push_back({withSearchTexts(std::move(entry)), -1, LibraryHit::Field::None, {}, 0});
        }
    }
    m_dashboards = int(m_hits.size());
    order();
}

void LibraryModel::order()
{
    if (m_sortColumn < 0 || isSearch())
        return;
    const auto less = [this](const LibraryHit& a, const LibraryHit& b) {
        if (m_sortColumn == ModifiedColumn)
            return a.entry->modifiedMs < b.entry->modifiedMs;
        if (m_sortColumn == TitleColumn)
            return a.entry->digest.title.compare(b.entry->digest.title, Qt::CaseInsensitive) < 0;
        const auto text = [this](const LibraryHit& hit) {
            return m_sortColumn == FolderColumn ? placeText(*hit.entry) : hit.entry->digest.tags.join(u' ');
        };
        return text(a).compare(text(b), Qt::CaseInsensitive) < 0;
    };
    std::ranges::stable_sort(m_hits, [&](const LibraryHit& a, const LibraryHit& b) {
        return m_sortOrder == Qt::AscendingOrder ? less(a, b) : less(b, a);
    });
}

void LibraryModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    if (isSearch())
        return; // the best stays first
    beginResetModel();
    fill();
    endResetModel();
}

const LibraryHit* LibraryModel::hit(const QModelIndex& index) const
{
    return index.isValid() && index.row() < int(m_hits.size()) ? &m_hits[size_t(index.row())] : nullptr;
}

int LibraryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_hits.size());
}

int LibraryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LibraryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TitleColumn: return tr("Title");
    case TagsColumn: return isSearch() ? tr("Found in") : tr("Tags");
    case FolderColumn: return tr("Folder");
    case ModifiedColumn: return tr("Modified");
    default: return {};
    }
}

QVariant LibraryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LibraryHit& hit = m_hits[size_t(index.row())];
    switch (role) {
    case ReferenceRole: return hit.entry->reference;
    case IsPartRole: return hit.part >= 0;
    case StarredRole: return m_starred.contains(hit.entry->reference);
    case ProblemRole: return hit.entry->error.has_value();
    default: return hit.part >= 0 ? partData(hit, index.column(), role) : entryData(hit, index.column(), role);
    }
}

QVariant LibraryModel::partData(const LibraryHit& hit, int column, int role) const
{
    const DigestPart& part = *hit.digestPart();
    if (role == IconRole)
        return part.kind == DigestPart::Kind::Panel ? u"grid"_s : part.kind == DigestPart::Kind::Variable ? u"filter"_s : u"info"_s;
    if (role == DetailRole)
        return column == TitleColumn ? part.row : QString();
    if (role == Qt::ToolTipRole)
        return plainTip(part.expressions.join(u"\n\n"_s));
    if (role == Qt::AccessibleTextRole && column == TitleColumn)
        return tr("%1, in %2, %3").arg(partTitle(part), hit.entry->digest.title, reasonText(hit));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case TitleColumn: return partTitle(part);
    case TagsColumn: return reasonText(hit);
    case FolderColumn: return part.type;
    default: return {};
    }
}

QVariant LibraryModel::entryData(const LibraryHit& hit, int column, int role) const
{
    const LibraryEntry& entry = *hit.entry;
    if (role == IconRole)
        return entry.error ? u"warning"_s : u"grid"_s;
    if (role == TagsRole)
        return entry.digest.tags;
    if (role == Qt::ToolTipRole) {
        if (column == ModifiedColumn && entry.modifiedMs > 0)
            return plainTip(QLocale().toString(QDateTime::fromMSecsSinceEpoch(entry.modifiedMs), QLocale::LongFormat));
        return plainTip(entry.error ? problemText(entry) : entry.digest.description.isEmpty() ? entry.reference : entry.digest.description);
    }
    if (role == Qt::AccessibleTextRole && column == TitleColumn) {
        return QStringList {entry.digest.title, placeText(entry), entry.digest.tags.join(u' '), problemText(entry),
                            m_starred.contains(entry.reference) ? tr("starred") : QString()}
            .filter(QRegularExpression(u"."_s))
            .join(u", "_s);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case TitleColumn: return entry.digest.title;
    case TagsColumn: return entry.error ? problemText(entry) : entry.digest.tags.join(u", "_s);
    case FolderColumn: return placeText(entry);
    case ModifiedColumn: return agoText(entry.modifiedMs, QDateTime::currentMSecsSinceEpoch());
    default: return {};
    }
}

} // namespace Promdeck
