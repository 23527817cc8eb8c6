#include "widgets/common/plaintip.h"

#include <QTextDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

QString plainTip(const QString& text)
{
    constexpr int kLongLine = 90;
    const auto lines = QStringView(text).split(u'\n');
    const bool isShort = std::all_of(lines.cbegin(), lines.cend(), [](QStringView line) { return line.size() <= kLongLine; });
    if (isShort && !Qt::mightBeRichText(text))
        return text;
    return u"<div style=\"white-space: pre-wrap\">"_s + text.toHtmlEscaped() + u"</div>"_s;
}

} // namespace Promdeck
