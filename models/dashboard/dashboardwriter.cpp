#include "models/dashboard/readerparts.h"

namespace Promdeck {

QByteArray writeDashboard(const Dashboard& dashboard)
{
    const auto [source, path] = Internal::unwrapDashboard(dashboard.original);
    Json document = dashboard.original;
    if (document.isNull() || !(dashboard.migrated == migrateDashboard(source))) {
        document = dashboard.migrated;
        // What came wrapped goes back wrapped, with the envelope as it was.
        if (!path.isEmpty()) {
            document = dashboard.original;
            document.set(path.first(), dashboard.migrated);
        }
    }
    return document.toUtf8(Json::Format::Indented);
}

} // namespace Promdeck
