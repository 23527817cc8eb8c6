#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/assist.h"
#include "models/stack/stackconnection.h"
#endif

#include <QDialog>
#include <QHash>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace Promdeck {

class Workbench;

/// A common edit as a form: what to ask, and the YAML that comes of the answers.
struct AddForm
{
    struct Field
    {
        QString name;
        QString label;
        QString value;
        QString hint;
        QStringList choices; ///< not empty: one of these
    };
    using Answers = QHash<QString, QString>;
    QString name;
    QString title;
    Config::FileKind kind = Config::FileKind::Prometheus;
    std::vector<Field> fields;
    std::function<std::string(const Answers&)> item; ///< lines of the list item, without "- "
    std::vector<std::string> path;                   ///< of the list
    bool isRule = false;                             ///< goes into a group of the file
};
[[nodiscard]] std::vector<AddForm> commonForms();

/// Asks for the values of a form with the YAML in view as it will be, and puts it into a text as one step of its history.
/// For alerts it says what the stack answers to the expression now.
class AddDialog final : public QDialog
{
    Q_OBJECT
public:
    AddDialog(AddForm form, Workbench* workbench);
    [[nodiscard]] QString preview() const;

private:
    void update();
    void askStack();
    void insert();
    [[nodiscard]] AddForm::Answers answers() const;

    AddForm m_form;
    Workbench* m_workbench;
    std::vector<std::pair<QString, QWidget*>> m_widgets;
    QComboBox* m_file;
    QComboBox* m_group = nullptr;
    QPlainTextEdit* m_preview;
    QLabel* m_live;
    QPushButton* m_ok;
    QTimer m_askTimer;
    quint64 m_turn = 0;
};

} // namespace Promdeck
