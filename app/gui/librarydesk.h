#pragma once

#include "app/gui/services.h"

#include <QObject>

class QStackedWidget;

namespace Promdeck {

class DashboardLibrary;
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
    /// One level out, when the page is shown.
    bool escape();

public Q_SLOTS:
    void show();

Q_SIGNALS:
    void openRequested(const QString& reference, int panelId, const QString& panelTitle);
    void besideRequested(const QString& reference);
    void closed();

private:
    void saveCopy(const QString& reference);

    DashboardLibrary* m_library;
    Services m_services;
    QStackedWidget* m_pages;
    LibraryPage* m_page = nullptr;
};

} // namespace Promdeck
