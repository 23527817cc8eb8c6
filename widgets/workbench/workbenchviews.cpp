#include "widgets/workbench/workbenchviews.h"

#include "widgets/workbench/workbench.h"

namespace Promdeck {

void addWorkbenchViews(Workbench* workbench)
{
    Q_UNUSED(workbench)
}

} // namespace Promdeck
