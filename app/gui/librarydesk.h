#pragma once

#include "app/gui/services.h"

#include <QObject>

class QStackedWidget;

namespace Promdeck {

class DashboardLibrary;
class GrafanaPane;
class ImportPane;
class LibraryPage;

/// The library page of a window and what its buttons do. The page is made when it is first shown.
class LibraryDesk final : public QObject
{
    Q_OBJECT
public:
    LibraryDesk(DashboardLibrary* library, const Services& services, QStackedWidget* pages);
    /// Null until show().
    [[nodiscard]] LibraryPage* page() const { return m_page; }
    [[nodiscard]] bool isShown() const;
    [[nodiscard]] ImportPane* importPane() const { return m_import; }   ///< null until it is first shown
    [[nodiscard]] GrafanaPane* grafanaPane() const { return m_grafana; } ///< the same
    /// Whose Grafana is asked first.
    void setStack(const QString& name) { m_stack = name; }
    /// One level out, when the page is shown.
    bool escape();

public Q_SLOTS:
    void show();
    void showImport();
    void showGrafana();
    /// Offers to push a file of the library.
    void push(const QString& path);

Q_SIGNALS:
    void openRequested(const QString& reference, int panelId, const QString& panelTitle);
    void besideRequested(const QString& reference);
    void manageStacksRequested();
    void closed();

private:
    void saveCopy(const QString& reference);

    DashboardLibrary* m_library;
    Services m_services;
    QStackedWidget* m_pages;
    QString m_stack;
    LibraryPage* m_page = nullptr;
    ImportPane* m_import = nullptr;
    GrafanaPane* m_grafana = nullptr;
};

} // namespace Promdeck
