#pragma once

#include <QFrame>
#include <QList>

class QAction;
class QLineEdit;
class QTreeWidget;

namespace Promdeck {

/// The keys that work right now, by group, made from the actions themselves. Typing narrows them down.
class KeySheet final : public QFrame
{
    Q_OBJECT
public:
    /// A key that no action has, because a widget handles it itself.
    struct Fixed
    {
        QString group;
        QString text;
        QString keys;
    };
    KeySheet(const QList<QAction*>& actions, const QList<Fixed>& fixed, QWidget* window);
    void popup();

Q_SIGNALS:
    void editRequested();

private:
    void search(const QString& text);

    QLineEdit* m_search;
    QTreeWidget* m_tree;
};

} // namespace Promdeck
