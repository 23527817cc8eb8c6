#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/assist.h"
#include "models/config/filechecker.h"
#endif

#include <QFileSystemWatcher>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <memory>

namespace Promdeck {

/// The files a workbench works on: those of a folder, and single ones. Checks them on worker threads, unsaved texts in
/// place of what is on disk, and knows what is defined where.
class Workspace final : public QObject
{
    Q_OBJECT
public:
    explicit Workspace(QObject* parent = nullptr);
    ~Workspace() override;

    /// Reads what is in a folder; files opened singly stay.
    void openFolder(const QString& folder);
    [[nodiscard]] QString folder() const { return m_folder; }
    void addFile(const QString& path);
    [[nodiscard]] QStringList files() const; ///< sorted; absolute
    /// files(), and what they refer to elsewhere as far as there is something to tell about it.
    [[nodiscard]] QStringList reported() const;
    [[nodiscard]] Config::FileKind kindOf(const QString& path) const;
    [[nodiscard]] QString shortName(const QString& path) const; ///< within the folder

    void setOptions(const Config::CheckOptions& options);
    [[nodiscard]] const Config::CheckOptions& options() const { return m_options; }

    /// The text of an open file, with its revision; an empty text means that the disk's counts again.
    void setText(const QString& path, const QByteArray& text, quint64 revision);
    void forgetText(const QString& path);
    [[nodiscard]] QByteArray textOf(const QString& path) const; ///< of open files
    /// Checks everything again.
    void checkAll();

    [[nodiscard]] const Config::Diagnostics& findings(const QString& path) const;
    /// Of findings(): the revision of the text they are about.
    [[nodiscard]] quint64 checkedRevision(const QString& path) const { return m_checkedRevision.value(path); }
    [[nodiscard]] int count(Config::Severity severity) const;
    /// Findings of others than the checks (unit tests, the server), shown beside them until the text changes.
    void setExtraFindings(const QString& path, const QString& source, Config::Diagnostics findings);

    [[nodiscard]] std::vector<Config::ConfigSymbol> symbols() const;
    [[nodiscard]] std::vector<Config::ConfigSymbol> symbolsOf(const QString& path) const { return m_symbols.value(path); }
    struct Place
    {
        QString path;
        std::size_t offset = 0;
        std::size_t end = 0;
        [[nodiscard]] bool isValid() const { return !path.isEmpty(); }
    };
    [[nodiscard]] Place find(const Config::Reference& reference, const QString& from) const;
    [[nodiscard]] Config::KnownNames namesFor(const QString& path) const;
    [[nodiscard]] bool isBusy() const { return m_running || m_again; }

Q_SIGNALS:
    void filesChanged();
    void findingsChanged(const QString& path); ///< empty: of all
    void checked(); ///< nothing is waiting to be checked

private:
    struct Request;
    struct Outcome;
    void scan();
    void schedule(const QString& path);
    void run();
    void take(const Outcome& outcome);

    QString m_folder;
    QStringList m_single;
    QStringList m_files;
    QHash<QString, Config::FileKind> m_kinds;
    QHash<QString, QByteArray> m_texts;
    QHash<QString, quint64> m_revisions;
    QHash<QString, quint64> m_checkedRevision;
    QHash<QString, Config::Diagnostics> m_findings;
    QHash<QString, QHash<QString, Config::Diagnostics>> m_extra;
    QHash<QString, std::vector<Config::ConfigSymbol>> m_symbols;
    QHash<QString, Config::Diagnostics> m_shown; ///< both kinds of findings together
    Config::CheckOptions m_options;
    QStringList m_waiting; ///< to be checked singly
    bool m_all = false;    ///< everything is to be checked
    bool m_running = false;
    bool m_again = false;
    QTimer m_timer;
    QTimer m_allTimer;
    QFileSystemWatcher m_watcher;
    QTimer m_scanTimer;
};

} // namespace Promdeck
