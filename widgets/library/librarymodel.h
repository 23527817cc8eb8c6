#pragma once

#include "models/library/dashboardcatalogue.h"

#include <QAbstractTableModel>
#include <QSet>

namespace Promdeck {

/// What the list is about.
struct LibrarySection
{
    enum class Kind { All, Starred, Recent, Builtin, Folder, Problems };
    Kind kind = Kind::All;
    QString root;   ///< of Folder
    QString folder; ///< below it; with its subfolders
    bool operator==(const LibrarySection&) const = default;
};

/// Dashboards of a section, or what a search finds in it: each dashboard followed by the panels that fit.
class LibraryModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { TitleColumn, TagsColumn, FolderColumn, ModifiedColumn, ColumnCount };
    enum Role { ReferenceRole = Qt::UserRole + 1, IsPartRole, TagsRole, StarredRole, DetailRole, ProblemRole, IconRole };

    explicit LibraryModel(const DashboardCatalogue* catalogue, QObject* parent = nullptr);
    void show(const LibrarySection& section, const QString& search);
    [[nodiscard]] bool isSearch() const { return !m_search.trimmed().isEmpty(); }
    [[nodiscard]] const LibraryHit* hit(const QModelIndex& index) const; ///< null for an invalid index
    [[nodiscard]] int dashboards() const { return m_dashboards; }
    [[nodiscard]] int parts() const { return m_parts; }
    [[nodiscard]] bool isCut() const { return m_cut; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

    /// Whether a section has an entry.
    [[nodiscard]] static bool belongs(const LibraryEntry& entry, const LibrarySection& section, const QSet<QString>& starred,
                                      const QStringList& recents);

private:
    void fill();
    void order();
    [[nodiscard]] QVariant partData(const LibraryHit& hit, int column, int role) const;
    [[nodiscard]] QVariant entryData(const LibraryHit& hit, int column, int role) const;

    const DashboardCatalogue* m_catalogue;
    LibrarySection m_section;
    QString m_search;
    std::vector<LibraryHit> m_hits;
    QSet<QString> m_starred;
    int m_dashboards = 0;
    int m_parts = 0;
    bool m_cut = false;
    int m_sortColumn = -1; ///< -1: as the section has them
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace Promdeck
