#pragma once

#include "models/core/settings.h"
#include "models/dashboard/dashboardfile.h"
#include "widgets/dashboard/dashboardchooser.h"

#include <functional>

namespace Promdeck {

class DashboardCatalogue;

/// The dashboards this program can open: built-in ones, those of the operator's folders, recently used files.
class DashboardLibrary final : public QObject
{
    Q_OBJECT
public:
    explicit DashboardLibrary(Settings* settings, QObject* parent = nullptr);
    /// Recently used ones first.
    [[nodiscard]] QList<DashboardEntry> entries() const;
    /// What of them is known, for searching.
    [[nodiscard]] DashboardCatalogue* catalogue() const { return m_catalogue; }
    /// Reads and migrates on a worker; `done` is not called when `context` is gone.
    void load(const QString& reference, QObject* context, std::function<void(Result<OpenedDashboard>)> done) const;
    void remember(const QString& reference);

private:
    Settings* m_settings;
    DashboardCatalogue* m_catalogue;
};

} // namespace Promdeck
