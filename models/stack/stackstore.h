#pragma once

#include "models/stack/stackprofile.h"

#include <QObject>

#include <vector>

class QFileSystemWatcher;

namespace Promdeck {

/// The user's stack profiles, in stacks.json of the configuration folder (mode 0600, replaced in one step).
/// A file that cannot be read is never overwritten: put() and remove() refuse until it is mended or setAside()
/// was called. Every change reads the file first, so that two running Promdecks do not lose each other's stacks.
class StackStore final : public QObject
{
    Q_OBJECT
public:
    static constexpr int kVersion = 1;

    explicit StackStore(QString filePath = defaultPath(), QObject* parent = nullptr);
    [[nodiscard]] static QString defaultPath();
    [[nodiscard]] QString filePath() const { return m_path; }

    /// Reads the file; a missing one means no stacks. Errors: Io, Syntax and Schema (with the place), Unsupported
    /// (written by a newer Promdeck).
    Status load();
    [[nodiscard]] const std::vector<StackProfile>& stacks() const { return m_stacks; }
    [[nodiscard]] std::optional<StackProfile> find(const QString& name) const;

    /// Adds the profile, or replaces the one named `replacing` (default: of the same name), which may rename it.
    /// Errors: those of load() and checkProfile(), Conflict when another stack has the name.
    Status put(StackProfile profile, const QString& replacing = {});
    /// Errors: Reference when there is no such stack.
    Status remove(const QString& name);
    /// Moves a broken file to "stacks.json.broken" (numbered when that exists) and starts anew; its new path.
    Result<QString> setAside();

Q_SIGNALS:
    /// After a change, by this object or by another program.
    void changed();

private:
    Status save();
    void watch();

    QString m_path;
    Json m_root = Json::object();
    std::vector<StackProfile> m_stacks;
    QFileSystemWatcher* m_watcher = nullptr;
};

} // namespace Promdeck
