#include "models/dashboard/dashboarddocument.h"

#include "models/dashboard/readerparts.h"

#include <algorithm>
#include <array>

namespace Promdeck {

Result<DashboardDocument> readDashboardDocument(const QByteArray& utf8, const QString& fileName)
{
    const Result<Json> document = Json::parse(utf8, fileName);
    if (!document)
        return document.error();
    if (const auto wrong = Internal::checkShape(*document)) {
        Error error = wrong->error;
        error.target = fileName;
        error.where = locateJson(utf8, wrong->path, fileName);
        return error;
    }
    const auto [dashboard, path] = Internal::unwrapDashboard(*document);
    return DashboardDocument {dashboard, path.isEmpty() ? Json() : (*document)[u"meta"], !path.isEmpty()};
}

bool isMeantAsDashboard(const Json& document)
{
    static constexpr std::array<QStringView, 5> kMarks {u"panels", u"rows", u"templating", u"schemaVersion", u"elements"};
    const Json inner = Internal::unwrapDashboard(document).dashboard;
    return std::ranges::any_of(kMarks, [&inner](QStringView key) { return inner.contains(key); });
}

} // namespace Promdeck
