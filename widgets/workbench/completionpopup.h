#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/assist.h"
#endif

#include <QFrame>

class QLabel;
class QListView;
class QStandardItemModel;

namespace Promdeck {

/// The list of proposals below the cursor, with the documentation of the chosen one beside it. Never takes the keyboard.
class CompletionPopup final : public QFrame
{
    Q_OBJECT
public:
    explicit CompletionPopup(QWidget* editor);
    /// Shows proposals at a place of the screen (the line's rectangle); none hides it.
    void show(Config::Proposals proposals, const QRect& line);
    [[nodiscard]] const Config::Proposals& proposals() const { return m_proposals; }
    [[nodiscard]] const Config::Proposal* current() const;
    [[nodiscard]] QListView* list() const { return m_list; }
    void move(int rows);
    [[nodiscard]] int pageRows() const;

Q_SIGNALS:
    void accepted();

private:
    void fit();
    void showHelp();
    Config::Proposals m_proposals;
    QListView* m_list;
    QLabel* m_help;
    QStandardItemModel* m_items;
    QRect m_line;
};

} // namespace Promdeck
