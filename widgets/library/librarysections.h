#pragma once

#include "widgets/library/librarymodel.h"

#include <QTreeWidget>

namespace Promdeck {

/// The side of the library: all, starred, recent, built-in, the folders with their subfolders, problems; each with how
/// many dashboards it has.
class LibrarySections final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit LibrarySections(DashboardCatalogue* catalogue, QWidget* parent = nullptr);
    [[nodiscard]] LibrarySection current() const;
    /// Builds the tree anew, and stays where it was.
    void refresh();

Q_SIGNALS:
    void chosen();
    void removeRequested(const QString& root);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QTreeWidgetItem* add(QTreeWidgetItem* parent, const QString& text, const QString& icon, const LibrarySection& section, int count);
    void addFolders(const LibraryIndex& index, const LibrarySection& selected);

    DashboardCatalogue* m_catalogue;
};

} // namespace Promdeck
