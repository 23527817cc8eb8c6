#pragma once

#include <QKeySequence>
#include <QList>
#include <QMap>
#include <QObject>
#include <QPointer>
#include <QString>

class QAction;

namespace Promdeck {

/// The keys of all actions: as they were made, or as the user wants them. Actions of the same name in several pages
/// have the same keys.
class KeyMap final : public QObject
{
    Q_OBJECT
public:
    using Keys = QList<QKeySequence>;
    explicit KeyMap(QObject* parent = nullptr);

    /// What the user changed: action name -> keys; an empty list takes all away.
    void setChanges(const QMap<QString, Keys>& changes);
    [[nodiscard]] const QMap<QString, Keys>& changes() const { return m_changes; }

    /// Gives a new action its keys, and others later when the user changes them.
    void add(QAction* action);
    /// The same for every named action below an object.
    void addAll(QObject* root);
    void setKeys(const QString& name, const Keys& keys);
    void reset(const QString& name);
    void resetAll();
    [[nodiscard]] Keys keys(const QString& name) const;
    [[nodiscard]] Keys defaults(const QString& name) const { return m_defaults.value(name); }
    [[nodiscard]] bool isChanged(const QString& name) const { return m_changes.contains(name); }

Q_SIGNALS:
    void changed();

private:
    void apply();

    QMap<QString, Keys> m_defaults;
    QMap<QString, Keys> m_changes;
    QList<QPointer<QAction>> m_actions;
};

/// Whether both cannot be told apart while they are typed: they are equal, or one begins the other.
[[nodiscard]] bool keysConflict(const QKeySequence& one, const QKeySequence& other);

} // namespace Promdeck
