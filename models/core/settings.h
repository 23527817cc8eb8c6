#pragma once

#include "models/core/json.h"

#include <QObject>
#include <QTimer>

namespace Promdeck {

/// What the program remembers about its user, in settings.json of the configuration folder. Each entry has one
/// name and one default, in one table. Unknown entries of the file are kept. Nothing secret belongs here.
class Settings final : public QObject
{
    Q_OBJECT
public:
    enum class Key {
        Theme,          ///< "system", "dark", "light"
        TimeZone,       ///< IANA name; "" = the system's
        WeekStart,      ///< "monday", "sunday", "saturday"
        LastStack,      ///< name of a profile or a URL
        LastDashboard,  ///< file path, or "builtin:NAME"
        RecentDashboards, ///< list of the same
        RefreshInterval,///< "5s", "" = off
        WindowGeometry, ///< base64 of QWidget::saveGeometry
        WindowState,    ///< docks: {state: base64 of QMainWindow::saveState, panels, dashboards}
        Perspectives,   ///< list of named ones of these, with the window's place and screens
        LibraryFolders,    ///< list of paths
        StarredDashboards, ///< list of references
        Configuration,  ///< the workbench: {shown, folder, files}
        DatasourceChoices, ///< by dashboard: what its data source references stand for
        RestoreSession, ///< open at the next start what is open now
        KeepLastData,   ///< keep what servers answered last, to show it at the next start
        Keys,           ///< the user's own shortcuts: {action: ["Ctrl+K", ...]}
        TextScale,      ///< 1 = as designed
        DistinctSeries, ///< colours for any colour vision, and line patterns
        SecondTimeZone, ///< IANA name; "" = none
        Playlist,       ///< {dashboards: [...], seconds: 30}
    };
    Q_ENUM(Key)

    explicit Settings(QString filePath = defaultPath(), QObject* parent = nullptr);
    /// Writes what is still waiting.
    ~Settings() override;
    [[nodiscard]] static QString defaultPath();
    [[nodiscard]] QString filePath() const { return m_path; }

    /// Reads the file. A missing one is fine; of a broken one the defaults are used and it is kept as
    /// "settings.json.broken". Errors: Io, Syntax.
    Status load();
    [[nodiscard]] Json value(Key key) const;
    [[nodiscard]] QString text(Key key) const { return value(key).toString(); }
    /// Written a moment later, several changes at once.
    void set(Key key, Json value);
    Status flush();
    [[nodiscard]] static QString name(Key key);

Q_SIGNALS:
    void changed(Promdeck::Settings::Key key);
    void saveFailed(const QString& reason);

private:
    QString m_path;
    Json m_values = Json::object();
    QTimer m_saveTimer;
};

} // namespace Promdeck
