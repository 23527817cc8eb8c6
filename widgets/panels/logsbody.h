#pragma once

#include "models/panel/logsmodel.h"
#include "widgets/panels/panelbody.h"

class QLabel;
class QPlainTextEdit;

namespace Promdeck {

/// Logs panel: lines with a mark in the colour of their level, selectable and copied as text. The labels of a
/// line are in its tooltip.
class LogsBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit LogsBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return m_model.rows.empty(); }
    [[nodiscard]] QString emptyText() const override { return tr("No log lines"); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] QPlainTextEdit* view() const { return m_view; }
    /// The row that a block of text belongs to; -1 for none.
    [[nodiscard]] int rowAt(QPoint position) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void render();

    LogsModel m_model;
    QString m_timeZone;
    QLabel* m_common;
    QPlainTextEdit* m_view;
};

} // namespace Promdeck
