#pragma once

#include <QToolButton>

namespace Promdeck {

/// Shows a colour and lets the person choose another: from the palette dashboards name ("green",
/// "semi-dark-red") or any as "#rrggbb".
class ColorButton final : public QToolButton
{
    Q_OBJECT
public:
    explicit ColorButton(QWidget* parent = nullptr);
    void setColorName(const QString& name);
    [[nodiscard]] QString colorName() const { return m_name; }
    [[nodiscard]] QSize sizeHint() const override { return {28, 24}; }

Q_SIGNALS:
    void chosen(const QString& color);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void openPopup();

    QString m_name;
};

} // namespace Promdeck
