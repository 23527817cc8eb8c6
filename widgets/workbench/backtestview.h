#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/online/backtest.h"
#endif
#include "widgets/workbench/workbenchtool.h"

#include <QTimer>

#include <optional>
#include <stop_token>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;

namespace Promdeck {

/// The expression over time with the threshold as a line to drag, and below it when each series would have been pending
/// and firing.
class BacktestChart final : public QWidget
{
    Q_OBJECT
public:
    explicit BacktestChart(QWidget* parent);
    void setData(std::shared_ptr<const QueryResult> result, qint64 startMs, qint64 endMs);
    void setThreshold(std::optional<Config::BacktestRule::Threshold> threshold);
    void setPeriods(std::vector<Config::AlertPeriod> periods);
    void setMessage(const QString& message);
    [[nodiscard]] const std::vector<Config::AlertPeriod>& periods() const { return m_periods; }
    [[nodiscard]] int yOf(double value) const;
    [[nodiscard]] QSize sizeHint() const override { return {420, 340}; }

Q_SIGNALS:
    void thresholdDragged(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRect plotRect() const;
    [[nodiscard]] double valueAt(int y) const;
    [[nodiscard]] double xOf(qint64 timeMs) const;
    void rescale();
    void dragTo(int y);
    void paintCurves(QPainter& painter, const QRect& plot) const;
    void paintPeriods(QPainter& painter, const QRect& area) const;
    std::shared_ptr<const QueryResult> m_result;
    std::optional<Config::BacktestRule::Threshold> m_threshold;
    std::vector<Config::AlertPeriod> m_periods;
    QString m_message;
    qint64 m_startMs = 0;
    qint64 m_endMs = 1;
    double m_low = 0;
    double m_high = 1;
    bool m_dragging = false;
};

/// What an alerting rule would have done: asks the server once, then moves threshold and `for` without asking again.
class BacktestView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit BacktestView(QWidget* parent);
    ~BacktestView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] BacktestChart* chart() const { return m_chart; }
    [[nodiscard]] QString summary() const;
    [[nodiscard]] int queries() const { return m_queries; } ///< asked of the server so far

private:
    void ask();
    void compute();
    void writeBack();
    void setForMs(qint64 ms);

    std::shared_ptr<StackConnection> m_stack;
    QByteArray m_text;
    std::size_t m_offset = 0;
    std::optional<Config::RuleAt> m_rule;
    std::optional<Config::ThresholdParts> m_parts;
    std::string m_asked;     ///< the expression whose answer is shown
    Config::BacktestRule m_test;
    std::shared_ptr<const QueryResult> m_result;
    qint64 m_startMs = 0;
    qint64 m_endMs = 0;
    qint64 m_stepMs = 60000;
    quint64 m_turn = 0;
    int m_queries = 0;
    QTimer m_askTimer;
    QLabel* m_title;
    QLabel* m_summary;
    QComboBox* m_range;
    QSlider* m_forSlider;
    QLineEdit* m_for;
    QLineEdit* m_threshold;
    QPushButton* m_write;
    BacktestChart* m_chart;
};

} // namespace Promdeck
