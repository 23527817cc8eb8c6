#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace Promdeck {

/// Above a dashboard: the data sources it names that nobody here knows, each once, with a choice of what stands for it.
class SourceBanner final : public QWidget
{
    Q_OBJECT
public:
    struct Choice
    {
        QString text;
        QString value;
    };
    struct Row
    {
        QString reference;
        QString label;  ///< with kind and count: "Our Prometheus (Prometheus, 12 panels)"
        std::vector<Choice> choices;
        QString chosen; ///< a value
    };
    explicit SourceBanner(QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }

Q_SIGNALS:
    /// Every choice at once, in the order of the rows.
    void accepted(const QStringList& values);

private:
    void applyTheme();

    std::vector<Row> m_rows;
    std::vector<QComboBox*> m_boxes;
    QLabel* m_text;
    QWidget* m_grid;
    QPushButton* m_use;
};

} // namespace Promdeck
