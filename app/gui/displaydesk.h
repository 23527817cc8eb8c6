#pragma once

#include "models/core/settings.h"

#include <QObject>

class QMenu;
class QWidget;

namespace Promdeck {

class Commands;

/// How the person at the desk reads: size of the text, colours and patterns of series, a second time zone. Kept in the
/// settings, changed by menu, keys and Ctrl+wheel.
class DisplayDesk final : public QObject
{
    Q_OBJECT
public:
    DisplayDesk(QWidget* window, Settings* settings);
    void addKeys(Commands* commands);
    void fillMenu(QMenu* menu);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void keep();
    void scaleBy(double step);
    void askZone();

    QWidget* m_window;
    Settings* m_settings;
    int m_turned = 0; ///< of the wheel, since the last step
};

} // namespace Promdeck
