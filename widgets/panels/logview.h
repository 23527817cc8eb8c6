#pragma once

#include "models/panel/logsmodel.h"

#include <QPlainTextEdit>

namespace Promdeck {

/// Log lines as text that can be selected, each with a bar in the colour of its level. New lines at either end
/// move nothing that is being read. Only lines in view are coloured.
class LogView final : public QPlainTextEdit
{
    Q_OBJECT
public:
    struct Line
    {
        QString text;      ///< one row; line breaks are line separators
        int weak = 0;      ///< characters at the beginning that are not the line itself
        int tail = 0;      ///< characters at the end that are not
        LogLevel level = LogLevel::Unknown;
        bool operator==(const Line&) const = default;
    };

    explicit LogView(QWidget* parent);
    /// `newestLast`: a view that shows the newest line goes on doing so.
    void setLines(std::vector<Line> lines, bool newestLast);
    [[nodiscard]] const std::vector<Line>& lines() const { return m_lines; }
    /// What stands out in the lines.
    void setSearched(const QList<QRegularExpression>& patterns);
    /// The row of a moment; -1 for none. `reveal` scrolls to it when it is out of view.
    void setMarked(int row, bool reveal);
    [[nodiscard]] int marked() const { return m_marked; }
    /// The row that is at a point of the viewport; -1 for none.
    [[nodiscard]] int rowAt(QPoint position) const;
    [[nodiscard]] int currentRow() const { return textCursor().blockNumber(); }
    void setWrapped(bool wrapped);
    /// One row as text, without the bar: time and labels where they are shown.
    static Line lineOf(const LogRow& row, const LogsModel& model, const QString& time);

Q_SIGNALS:
    void rowHovered(int row);  ///< -1: none any more
    void rowPicked(int row);   ///< by a click or the arrow keys with Return
    void escaped();
    void endReached(bool bottom); ///< the user scrolled to an end

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void replaceLines(size_t first, size_t oldCount, const std::vector<Line>& lines, size_t newCount);
    void formatVisible();
    void formatBlock(const QTextBlock& block, const Line& line) const;
    void showMark();

    std::vector<Line> m_lines;
    QList<QRegularExpression> m_patterns;
    QPoint m_pressed;
    int m_hovered = -1;
    int m_marked = -1;
    int m_round = 0; ///< of colouring; blocks keep theirs as their state
};

} // namespace Promdeck
