#pragma once

#include "models/panel/logsmodel.h"
#include "widgets/panels/panelbody.h"

#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace Promdeck {

class LogDetails;
class LogTail;
class LogToolbar;
class LogView;
struct LogAnswer;

/// Logs panel: lines with a bar in the colour of their level, selectable and copied as text. Older lines come while
/// one scrolls to them, new ones live where that is asked for. A click on a line shows its labels and fields, and
/// its moment in every other panel; their moments are marked here.
class LogsBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit LogsBody(QWidget* parent);
    ~LogsBody() override;
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QString emptyText() const override { return tr("No log lines"); }
    [[nodiscard]] QString plainText() const override;
    void setSharedTime(std::optional<qint64> time, bool withTooltip) override;
    void setPinnedTime(std::optional<qint64> time) override;
    [[nodiscard]] QPlainTextEdit* view() const;
    [[nodiscard]] const LogsModel& model() const { return m_model; }
    /// The row that a point of the view belongs to; -1 for none.
    [[nodiscard]] int rowAt(QPoint position) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    using Rows = std::shared_ptr<const std::vector<LogRow>>;
    void arrange();
    void render(LogsModel model);
    void updateNote();
    void viewChanged();
    void askFiltered();
    void askOlder();
    void addRows(const LogAnswer& answer);
    void follow(bool on);
    void showRow(int row);
    void showContext();
    void closeDetails();
    void markRow(bool reveal); ///< of the chosen line, else of the locked moment
    [[nodiscard]] QStringList expressions() const; ///< of the queries for lines, with the reader's conditions
    [[nodiscard]] QString timeOf(const LogRow& row) const;

    PanelInput m_input;
    LogsModel m_model;
    LogsView m_shown;                ///< what m_model was made with
    Rows m_base;                     ///< of the panel's own queries
    Rows m_more;                     ///< pages, live lines, and answers to the reader's conditions
    std::vector<LogTail*> m_tails;
    std::vector<LogRow> m_arrived;   ///< live lines that are not shown yet
    std::optional<LogRow> m_picked;
    std::optional<qint64> m_pinned;  ///< the moment at which the dashboard's crosshair is locked
    QString m_problem;               ///< of pages and live lines
    quint64 m_turn = 0;              ///< of questions: answers to older ones are dropped
    int m_asking = 0;
    bool m_noOlder = false;
    QTimer m_arrival;
    QLabel* m_common;
    LogToolbar* m_toolbar;
    LogView* m_view;
    LogDetails* m_details;
    QLabel* m_note;
    QToolButton* m_older;
    QToolButton* m_all;
};

} // namespace Promdeck
