#pragma once

#include "widgets/command/keymap.h"

#include <QDialog>

class QAction;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace Promdeck {

/// The dialog that changes keys. What is pressed is compared with all other keys at once; taking a key from another
/// action is one button.
class KeyEditor final : public QDialog
{
    Q_OBJECT
public:
    KeyEditor(KeyMap* keys, const QList<QAction*>& actions, QWidget* parent);
    void choose(const QString& actionName);

private:
    struct Row
    {
        QString name;
        QString text;
        QTreeWidgetItem* item = nullptr;
    };
    void fill();
    void search(const QString& text);
    void take();
    void update();
    [[nodiscard]] const Row* current() const;
    /// Actions whose keys cannot be told apart from these.
    [[nodiscard]] QList<const Row*> conflicts(const QKeySequence& keys) const;

    KeyMap* m_keys;
    QList<Row> m_rows;
    QLineEdit* m_search;
    QTreeWidget* m_tree;
    QKeySequenceEdit* m_edit;
    QLabel* m_message;
    QPushButton* m_set;
    QPushButton* m_add;
    QPushButton* m_clear;
    QPushButton* m_default;
};

} // namespace Promdeck
