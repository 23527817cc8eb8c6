#pragma once

#include "widgets/library/librarymodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace Promdeck {

class ElidedLabel;
class LibrarySections;
class NoticeBar;

/// The operator's dashboards: folders at the side, a search over titles, tags, panels, metrics and expressions on top,
/// the list of what fits. Opens a dashboard, or a dashboard at the panel that was found.
class LibraryPage final : public QWidget
{
    Q_OBJECT
public:
    explicit LibraryPage(DashboardCatalogue* catalogue, QWidget* parent = nullptr);
    ~LibraryPage() override;
    /// Shown again: what was typed stays, and is selected for typing anew.
    void enter();
    void search(const QString& text);
    /// One level out: the pane, then the search; false when there is nothing to leave.
    bool escape();
    [[nodiscard]] LibraryModel* model() const { return m_model; }
    [[nodiscard]] NoticeBar* notices() const { return m_notices; }
    /// Panes that take the list's place for a while, such as that of imports.
    void showPane(QWidget* pane);
    void closePane();

Q_SIGNALS:
    /// panelId 0: the dashboard as it opens.
    void openRequested(const QString& reference, int panelId, const QString& panelTitle);
    void openBesideRequested(const QString& reference);
    void copyRequested(const QString& reference);
    void pushRequested(const QString& reference);
    void importRequested();
    void grafanaRequested();
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeList();
    void refresh();
    void updateState();
    void updateDetail();
    void activate(const QModelIndex& index);
    void toggleStar(const QModelIndex& index);
    void showMenu(const QPoint& globalPosition);
    void askFolder();
    void removeFolder(const QString& root);
    bool listKey(int key);

    DashboardCatalogue* m_catalogue;
    LibraryModel* m_model;
    LibrarySections* m_sections;
    NoticeBar* m_notices;
    QLineEdit* m_search;
    QLabel* m_count;
    QStackedWidget* m_middle;
    QWidget* m_listPage;
    QTreeView* m_list;
    QWidget* m_empty;
    QLabel* m_emptyText;
    QPushButton* m_emptyAdd;
    ElidedLabel* m_detail;
    QTimer m_typing;
};

} // namespace Promdeck
