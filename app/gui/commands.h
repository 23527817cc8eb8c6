#pragma once

#include <QKeySequence>
#include <QObject>

#include <functional>
#include <vector>

class QAction;

namespace Promdeck {

class DashboardLibrary;
class DashboardPage;
class MainWindow;
class KeyMap;
class Settings;
class StackStore;
struct PaletteEntry;

/// What the window can do, in one place: its actions with their keys, the palette over them and over everything
/// that can be opened, and the sheet of keys.
class Commands final : public QObject
{
    Q_OBJECT
public:
    Commands(MainWindow* window, DashboardLibrary* library, StackStore* stacks, Settings* settings);
    /// Actions made from now on are listed under this heading.
    void beginGroup(const QString& heading) { m_group = heading; }
    QAction* add(const QString& name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    /// The actions of a page that came have the user's keys too.
    void watch(QObject* page);
    void editKeys();
    [[nodiscard]] KeyMap* keys() const { return m_keys; }
    void showPalette();
    void showKeys();

private:
    [[nodiscard]] std::vector<PaletteEntry> foundPanels(const QString& text) const;
    [[nodiscard]] QList<QAction*> actions() const; ///< of the window and of the page that is shown

    MainWindow* m_window;
    DashboardLibrary* m_library;
    StackStore* m_stacks;
    KeyMap* m_keys;
    QString m_group;
};

} // namespace Promdeck
