#pragma once

#include "app/gui/services.h"
#include "models/library/datasourcerefs.h"
#include "models/query/queryplanner.h"

#include <QHash>
#include <QObject>

#include <stop_token>

namespace Promdeck {

class DashboardPage;
class SourceBanner;
class StackConnection;

/// Asks once what stands for data sources that a page's dashboard names and nobody knows, and remembers the answer. The
/// answers are kept in the settings and not in the file: they name stacks of this person, dashboards are shared, and
/// looking at one must not change it.
class SourceDesk final : public QObject
{
    Q_OBJECT
public:
    SourceDesk(DashboardPage* page, const Services& services);
    ~SourceDesk() override;
    [[nodiscard]] SourceBanner* banner() const { return m_banner; }
    /// Asks again, with what was chosen before selected; false when the dashboard names nothing unknown.
    bool ask();

private:
    void opened();
    void accept(const QStringList& values);
    void apply(const QHash<QString, QString>& choices, bool waiting);
    [[nodiscard]] QString dashboardKey() const;
    [[nodiscard]] QHash<QString, QString> remembered() const;
    void remember(const QHash<QString, QString>& choices);
    [[nodiscard]] QString guess(const DatasourceUse& use) const;

    DashboardPage* m_page;
    Services m_services;
    SourceBanner* m_banner;
    std::vector<DatasourceUse> m_unknown;
    std::stop_source m_stop;
    quint64 m_turn = 0;
};

} // namespace Promdeck
