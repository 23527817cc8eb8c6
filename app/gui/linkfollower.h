#pragma once

#include "app/gui/dashboardvisit.h"
#include "models/stack/stackprofile.h"

#include <QObject>
#include <QUrl>

#include <functional>

namespace Promdeck {

class DashboardLibrary;
class DashboardPage;
struct LinkSpec;

/// Follows the links of a page's dashboard: those to dashboards of the library open here, with the range and the
/// variables they carry; others go to the browser, pages of Grafana to that of the stack.
class LinkFollower final : public QObject
{
    Q_OBJECT
public:
    using Open = std::function<void(const QString& reference, const DashboardVisit& visit)>;
    LinkFollower(DashboardLibrary* library, DashboardPage* page, std::function<StackProfile()> profile, Open open);
    void follow(const QUrl& url);
    /// A link of the dashboard itself; one to all dashboards of some tags offers them in a menu.
    void choose(const LinkSpec& link);

private:
    [[nodiscard]] QString withContext(const QString& url, const LinkSpec& link) const;
    void offerTagged(const LinkSpec& link);
    bool openHere(const QUrl& url);
    void stayHere(const DashboardVisit& visit);
    void browse(const QUrl& url);

    DashboardLibrary* m_library;
    DashboardPage* m_page;
    std::function<StackProfile()> m_profile;
    Open m_open;
};

} // namespace Promdeck
