#pragma once

#include "models/loki/lokiclient.h"
#include "models/panel/logsmodel.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace Promdeck {

class LogView;

/// What one stream says before and after a line, in the order of time; more of it on request.
class LogContext final : public QDialog
{
    Q_OBJECT
public:
    LogContext(std::shared_ptr<LokiClient> loki, LogRow row, QString timeZone, QWidget* parent);
    [[nodiscard]] LogView* view() const { return m_view; }

private:
    void askSelector();
    void ask(bool before);
    void take(bool before, const Result<LogAnswer>& answer);
    void render();

    std::shared_ptr<LokiClient> m_loki;
    LogRow m_row;
    QString m_timeZone;
    QString m_selector;
    std::vector<LogRow> m_rows;
    LogView* m_view;
    QLabel* m_note;
    QPushButton* m_earlier;
    QPushButton* m_later;
    int m_answers = 0; ///< the line is brought into view until both sides of it are there
};

} // namespace Promdeck
