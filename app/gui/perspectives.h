#pragma once

#include "models/core/settings.h"

#include <QObject>
#include <QStringList>

class QMainWindow;
class QMenu;

namespace Promdeck {

class DockDesk;
class NoticeBar;

/// Named arrangements of the window: its place, its dashboard, the docks. One may belong to a set of screens; when
/// those are connected, it is offered.
class Perspectives final : public QObject
{
    Q_OBJECT
public:
    Perspectives(QMainWindow* window, DockDesk* docks, Settings* settings, NoticeBar* notices);

    [[nodiscard]] QStringList names() const;
    /// Keeps what is there now under a name, for all screens or for those connected now.
    void store(const QString& name, bool forTheseScreens = false);
    /// Asks about unsaved work first.
    void apply(const QString& name);
    void remove(const QString& name);
    void fillMenu(QMenu* menu);
    /// The screens connected now, as kept with an arrangement.
    [[nodiscard]] static QString screensNow();
    /// Offers the arrangement that belongs to these screens, if there is one.
    void offerFor(const QString& screens);

private:
    void askName(bool forTheseScreens);
    [[nodiscard]] Json find(const QString& name) const;

    QMainWindow* m_window;
    DockDesk* m_docks;
    Settings* m_settings;
    NoticeBar* m_notices;
};

} // namespace Promdeck
