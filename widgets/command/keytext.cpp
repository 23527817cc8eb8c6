#include "widgets/command/keytext.h"

#include <QAction>
#include <QStringList>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr auto kGroup = "promdeckKeyGroup";

}

QString keyText(const QKeySequence& keys)
{
    QStringList parts;
    for (int i = 0; i < keys.count(); ++i) {
        const QString text = QKeySequence(keys[uint(i)]).toString(QKeySequence::NativeText);
        // A bare letter is typed without Shift: that is how it is written.
        parts << (text.size() == 1 ? text.toLower() : text);
    }
    return parts.join(u' ');
}

QString keyText(const QAction* action)
{
    QStringList all;
    const QList<QKeySequence> shortcuts = action->shortcuts();
    for (const QKeySequence& keys : shortcuts) {
        if (const QString text = keyText(keys); !all.contains(text))
            all << text;
    }
    return all.join(u", "_s);
}

void setKeyGroup(QAction* action, const QString& group)
{
    action->setProperty(kGroup, group);
}

QString keyGroup(const QAction* action)
{
    return action->property(kGroup).toString();
}

} // namespace Promdeck
