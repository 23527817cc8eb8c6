#pragma once

#include "models/core/json.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace Promdeck {

/// Two versions of a dashboard beside each other: which panels differ in one sentence, and the JSON with what differs
/// marked, scrolling together.
class ComparisonView final : public QWidget
{
    Q_OBJECT
public:
    explicit ComparisonView(QWidget* parent = nullptr);
    void show(const QString& leftTitle, const Json& left, const QString& rightTitle, const Json& right);
    /// "Panel “CPU” differs, panel “Load” is only here…"
    [[nodiscard]] static QString summary(const Json& left, const Json& right);

private:
    void fill();
    QPlainTextEdit* makeText(const QString& name);

    QLabel* m_summary;
    QLabel* m_titles[2];
    QPlainTextEdit* m_texts[2];
    Json m_left;
    Json m_right;
};

} // namespace Promdeck
