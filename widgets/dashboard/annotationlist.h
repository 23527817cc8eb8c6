#pragma once

#include "models/dashboard/ownannotations.h"

#include <QDialog>
#include <QHash>

class QTreeWidget;
class QPushButton;
class QLineEdit;

namespace Promdeck {

/// All notes of a dashboard in one list: to find one, to go there, to change or delete it without a mouse.
class AnnotationList final : public QDialog
{
    Q_OBJECT
public:
    AnnotationList(std::shared_ptr<AnnotationBook> book, QHash<int, QString> panelTitles, QString timeZone, QWidget* parent);

Q_SIGNALS:
    void editRequested(const QString& id);
    void removeRequested(const QString& id);
    void showRequested(const QString& id); ///< go to its time

private:
    void fill();
    void updateButtons();
    [[nodiscard]] QString current() const;

    std::shared_ptr<AnnotationBook> m_book;
    QHash<int, QString> m_panels;
    QString m_timeZone;
    QLineEdit* m_search;
    QTreeWidget* m_tree;
    QList<QPushButton*> m_buttons;
};

} // namespace Promdeck
