#pragma once

#include <QToolButton>

namespace Promdeck {

/// Chooses one of all units: categories, a search, an example of each. Any other text is a unit too, as in Grafana.
class UnitPicker final : public QToolButton
{
    Q_OBJECT
public:
    explicit UnitPicker(QWidget* parent = nullptr);
    void setUnit(const QString& unit);
    [[nodiscard]] QString unit() const { return m_unit; }
    void openPopup();

Q_SIGNALS:
    void chosen(const QString& unit);

private:
    QString m_unit;
};

} // namespace Promdeck
