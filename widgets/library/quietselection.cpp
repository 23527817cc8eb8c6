#include "widgets/library/quietselection.h"

#include "widgets/common/theme.h"

#include <QWidget>

namespace Promdeck {

void useQuietSelection(QWidget* list)
{
    const auto take = [list] {
        const ThemeColors& c = Theme::instance().colors();
        QPalette look = list->palette();
        look.setColor(QPalette::Highlight, blend(c.panel, c.selected));
        look.setColor(QPalette::HighlightedText, c.text);
        list->setPalette(look);
    };
    QObject::connect(&Theme::instance(), &Theme::changed, list, take);
    take();
}

} // namespace Promdeck
