#pragma once

#include <QWidget>

namespace Promdeck {

/// One line of text that shortens itself with an ellipsis; the whole text is its tooltip then.
class ElidedLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    void setSecondary(bool secondary);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_text;
    bool m_secondary = false;
};

} // namespace Promdeck
