#pragma once

#include "models/config/checker.h"
#include "models/config/filekind.h"
#include "models/core/result.h"

#include <QByteArray>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace Promdeck::Config {

/// Where files come from. The default reads the disk; an editor answers with its unsaved texts first.
class FileSource
{
public:
    virtual ~FileSource() = default;
    /// Errors: Io.
    [[nodiscard]] virtual Result<QByteArray> read(const QString& path) const;
    [[nodiscard]] virtual bool exists(const QString& path) const;
    /// Files that match a pattern with *, ? and [], in order of their names, as Go's filepath.Glob.
    [[nodiscard]] virtual QStringList glob(const QString& pattern) const;
};

/// What was found in one file.
struct FileReport
{
    QString path;      ///< as the caller or the referring file named it, resolved
    FileKind kind = FileKind::Unknown;
    QByteArray text;
    Diagnostics diagnostics; ///< in order of their places
    [[nodiscard]] int count(Severity severity) const;
};

/// Checks files and what they refer to: every file once, however often it is named.
class FileChecker
{
public:
    explicit FileChecker(CheckOptions options, const FileSource* source = nullptr);
    ~FileChecker();
    Q_DISABLE_COPY_MOVE(FileChecker)

    /// Reads and checks a file, and the files it names. Errors: Io when it cannot be read, Parse when its kind is
    /// neither given nor to be guessed.
    Status checkFile(const QString& path, std::optional<FileKind> kind = {});
    /// Checks a text that `path` names.
    void checkText(const QString& path, const QByteArray& text, FileKind kind);

    /// Checks a file that scrape_config_files names, with the global section of the file that names it. Replaces
    /// what was found in it before without that.
    void checkScrapeConfigs(const QString& path, const QByteArray& text, const StructView& global);

    /// Adds findings to those of a file that was checked, in order of their places.
    void addFindings(const QString& path, Diagnostics findings);

    /// In the order of checking: a file, then what it refers to.
    [[nodiscard]] const std::vector<FileReport>& reports() const { return m_reports; }
    [[nodiscard]] const CheckOptions& options() const { return m_options; }
    [[nodiscard]] const FileSource& source() const { return *m_source; }
    [[nodiscard]] bool wasChecked(const QString& path) const;
    /// As what a file was checked, or is being checked.
    [[nodiscard]] std::optional<FileKind> checkedAs(const QString& path) const;

private:
    void add(const QString& path, const QByteArray& text, FileKind kind, const YamlDocument& document);
    Diagnostics run(const QString& path, const QByteArray& text, const YamlDocument& document, FileKind kind,
                    const CheckOptions& options);

    CheckOptions m_options;
    FileSource m_disk;
    const FileSource* m_source;
    std::vector<FileReport> m_reports;
    std::map<QString, std::size_t> m_checked; ///< canonical path to report
};

/// Whether Go's filepath.Glob takes the pattern: brackets closed and not empty, nothing behind the last backslash missing.
[[nodiscard]] bool isGlobPattern(std::string_view pattern);

/// Path of `name` as a file in `folder` would be found by the servers: absolute, or relative to the folder.
[[nodiscard]] QString resolvePath(const QString& folder, const QString& name);

} // namespace Promdeck::Config
