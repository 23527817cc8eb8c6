#include "models/dashboard/layoutengine.h"

#include <cstdlib>

using namespace Promdeck;

/// Any bytes: reading must not crash, migrating twice must change nothing more, saving what was not edited must
/// give the same value, and a layout must come out.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    const Result<Dashboard> dashboard = readDashboard(text);
    if (!dashboard)
        return 0;
    if (!(migrateDashboard(dashboard->migrated) == dashboard->migrated))
        std::abort();
    const Result<Json> saved = Json::parse(writeDashboard(*dashboard));
    if (!saved || !(*saved == dashboard->original))
        std::abort();
    VariableScope scope;
    for (const VariableSpec& variable : dashboard->variables) {
        VariableValue value;
        value.type = variable.type;
        value.multi = variable.multi;
        value.values = {variable.query, variable.regex};
        value.texts = value.values;
        scope.set(variable.name, value);
        (void)interpolate(variable.query, scope, InterpolationTarget::Prometheus);
    }
    for (const PlacedPanel& item : layoutPanels(*dashboard, scope, {}, true))
        (void)interpolate(item.panel.title, scope);
    return 0;
}
