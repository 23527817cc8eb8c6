#pragma once

#include <QDialog>

#include <QPointer>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace Promdeck {

class DashboardEditor;

/// The settings of a dashboard: title, time, sharing of the cursor. What is accepted is one step of the history.
class DashboardSettings final : public QDialog
{
    Q_OBJECT
public:
    DashboardSettings(DashboardEditor* editor, QWidget* parent);

private:
    void apply();
    void check();

    QPointer<DashboardEditor> m_editor;
    QLineEdit* m_title;
    QPlainTextEdit* m_description;
    QLineEdit* m_tags;
    QLineEdit* m_from;
    QLineEdit* m_to;
    QComboBox* m_refresh;
    QComboBox* m_zone;
    QComboBox* m_cursor;
    QCheckBox* m_alerts;
    QCheckBox* m_editable;
    class QPushButton* m_save;
};

} // namespace Promdeck
