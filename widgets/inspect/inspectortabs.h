#pragma once

#include "models/panel/datatable.h"
#include "widgets/inspect/inspectorpane.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;
class QTextBrowser;
class QTreeWidget;

namespace Promdeck {

class DataTableModel;

/// The data as a table: of one frame or of all series joined by time, before or after the transformations, as
/// shown or in full precision; and ways out of here as CSV and Markdown.
class InspectData final : public QWidget
{
    Q_OBJECT
public:
    explicit InspectData(QWidget* parent = nullptr);
    void setInput(const InspectInput& input);
    /// The table on screen; null while the first one is being made.
    [[nodiscard]] std::shared_ptr<const DataTable> table() const;

Q_SIGNALS:
    void notice(const QString& text, bool isError);

private:
    void rebuild();
    void show(const std::vector<std::shared_ptr<const DataTable>>& tables);
    void showTable();
    void saveCsv(bool excel);
    void copyMarkdown();
    [[nodiscard]] DataTable::Values values() const;

    InspectInput m_input;
    QComboBox* m_frame;
    QCheckBox* m_transform;
    QCheckBox* m_formatted;
    QTableView* m_view;
    DataTableModel* m_model;
    QLabel* m_state;
    QPushButton* m_csv;
    QPushButton* m_excel;
    QPushButton* m_markdown;
    std::vector<std::shared_ptr<const DataTable>> m_tables; ///< as listed in m_frame
    quint64 m_turn = 0;
};

/// Times and counts: of the panel, then of each query.
class InspectStatistics final : public QWidget
{
    Q_OBJECT
public:
    explicit InspectStatistics(QWidget* parent = nullptr);
    void setInput(const InspectInput& input);

private:
    QTreeWidget* m_list;
};

/// The queries as they were sent, or what went wrong with them.
class InspectQueries final : public QWidget
{
    Q_OBJECT
public:
    enum class Show { Queries, Problems };
    InspectQueries(Show show, QWidget* parent = nullptr);
    void setInput(const InspectInput& input);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void refreshRequested();

private:
    [[nodiscard]] QString queriesHtml(const InspectInput& input) const;
    [[nodiscard]] QString problemsHtml(const InspectInput& input) const;

    const Show m_show;
    QTextBrowser* m_text;
    QString m_html;
};

/// The panel's JSON or its data's.
class InspectText final : public QWidget
{
    Q_OBJECT
public:
    explicit InspectText(QWidget* parent = nullptr);
    void setInput(const InspectInput& input);

private:
    void rebuild();

    InspectInput m_input;
    QComboBox* m_what;
    QPlainTextEdit* m_text;
    quint64 m_turn = 0;
};

/// Number of problems of a panel: failed queries, transformations, warnings.
[[nodiscard]] int problemCount(const PanelData& data);

} // namespace Promdeck
