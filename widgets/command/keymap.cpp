#include "widgets/command/keymap.h"

#include <QAction>

#include <algorithm>

namespace Promdeck {

KeyMap::KeyMap(QObject* parent) : QObject(parent) {}

bool keysConflict(const QKeySequence& one, const QKeySequence& other)
{
    const int common = std::min(one.count(), other.count());
    for (int i = 0; i < common; ++i) {
        if (one[uint(i)] != other[uint(i)])
            return false;
    }
    return common > 0;
}

void KeyMap::setChanges(const QMap<QString, Keys>& changes)
{
    m_changes = changes;
    apply();
}

KeyMap::Keys KeyMap::keys(const QString& name) const
{
    const auto own = m_changes.constFind(name);
    return own == m_changes.constEnd() ? m_defaults.value(name) : *own;
}

void KeyMap::add(QAction* action)
{
    const QString name = action->objectName();
    if (name.isEmpty() || m_actions.contains(action))
        return;
    if (!m_defaults.contains(name))
        m_defaults.insert(name, action->shortcuts());
    m_actions.removeAll(nullptr);
    m_actions.append(action);
    if (m_changes.contains(name))
        action->setShortcuts(m_changes.value(name));
}

void KeyMap::addAll(QObject* root)
{
    for (QAction* action : root->findChildren<QAction*>()) {
        if (!action->shortcuts().isEmpty() && !action->objectName().isEmpty())
            add(action);
    }
}

void KeyMap::setKeys(const QString& name, const Keys& keys)
{
    if (keys == m_defaults.value(name))
        m_changes.remove(name);
    else
        m_changes.insert(name, keys);
    apply();
    Q_EMIT changed();
}

void KeyMap::reset(const QString& name)
{
    if (m_changes.remove(name) == 0)
        return;
    apply();
    Q_EMIT changed();
}

void KeyMap::resetAll()
{
    if (m_changes.isEmpty())
        return;
    m_changes.clear();
    apply();
    Q_EMIT changed();
}

void KeyMap::apply()
{
    for (const QPointer<QAction>& action : std::as_const(m_actions)) {
        if (action && action->shortcuts() != keys(action->objectName()))
            action->setShortcuts(keys(action->objectName()));
    }
}

} // namespace Promdeck
