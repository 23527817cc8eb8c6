#include "resources/dashboards/builtindashboards.h"

#include <QFile>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView kPrefix = u"builtin:";

} // namespace

QStringList builtinDashboardIds()
{
    return {u"stack-overview"_s, u"linux-host"_s, u"prometheus"_s, u"alertmanager"_s, u"blackbox"_s};
}

QByteArray builtinDashboard(const QString& id)
{
    const QString name = isBuiltinDashboard(id) ? id.mid(kPrefix.size()) : id;
    QFile file(u":/promdeck/dashboards/%1.json"_s.arg(name));
    return builtinDashboardIds().contains(name) && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isBuiltinDashboard(const QString& argument)
{
    return argument.startsWith(kPrefix);
}

} // namespace Promdeck
