#pragma once

#include "models/core/result.h"
#include "models/library/dashboarddigest.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace Promdeck {

/// One file of the library, or one built-in dashboard.
struct LibraryEntry
{
    QString reference; ///< path, or "builtin:ID"
    QString root;      ///< the library folder it was found in; empty for built-in ones
    QString folder;    ///< below the root, '/' between; empty: in the root itself
    qint64 modifiedMs = 0; ///< since the epoch; 0 for built-in ones
    qint64 sizeBytes = 0;
    DashboardDigest digest;
    std::optional<Error> error; ///< why it cannot be opened; `digest.title` is the file's name then
    bool isOther = false;       ///< well-formed JSON that is no dashboard and was not meant as one

    [[nodiscard]] bool isBuiltin() const { return root.isEmpty(); }

    /// Case-folded UTF-8, for searching.
    struct Folded
    {
        std::string title;
        std::string metrics; ///< a line each
        std::string expressions;
        std::string type;
    };
    std::string foldedTitle;
    std::string foldedTags; ///< a line each
    std::string foldedPlace;
    std::vector<Folded> foldedParts; ///< as digest.parts
};

using LibraryEntryPtr = std::shared_ptr<const LibraryEntry>;

/// Fills what searching needs.
[[nodiscard]] LibraryEntryPtr withSearchTexts(LibraryEntry entry);

/// A dashboard that fits a search, or a part of one.
struct LibraryHit
{
    enum class Field { None, Title, Tag, Folder, Description, PartTitle, Metric, Expression, Type };
    LibraryEntryPtr entry;
    int part = -1;  ///< index into the digest's parts; -1 = the dashboard
    Field field = Field::None; ///< what fits best; None: only parts do
    QString text;   ///< the metric, or the part of the expression that fits
    int score = 0;
    [[nodiscard]] const DigestPart* digestPart() const { return part < 0 ? nullptr : &entry->digest.parts[size_t(part)]; }
};

struct LibraryResult
{
    std::vector<LibraryHit> hits; ///< each dashboard followed by its parts, the best dashboard first
    int dashboards = 0;
    int parts = 0;
    bool cut = false; ///< there are more than the limit
};

/// Everything in the library at one moment. Immutable; cheap to share between threads.
class LibraryIndex
{
public:
    LibraryIndex() = default;
    LibraryIndex(std::vector<LibraryEntryPtr> entries, std::vector<std::pair<QString, Error>> folderErrors);

    [[nodiscard]] const std::vector<LibraryEntryPtr>& entries() const { return m_entries; } ///< by title
    [[nodiscard]] const std::vector<std::pair<QString, Error>>& folderErrors() const { return m_folderErrors; }
    [[nodiscard]] LibraryEntryPtr find(const QString& reference) const;
    /// The dashboard with that uid; files of the operator before built-in ones. Null = unknown.
    [[nodiscard]] LibraryEntryPtr withUid(const QString& uid) const;
    /// Dashboards that have all the tags, by title.
    [[nodiscard]] std::vector<LibraryEntryPtr> withTags(const QStringList& tags) const;
    /// All tags with how many dashboards have them, by name.
    [[nodiscard]] std::vector<std::pair<QString, int>> tags() const;

    using Filter = std::function<bool(const LibraryEntry&)>;
    /// Dashboards where every word is found in the title, the tags, the place or the description, and parts where every
    /// word is found in these or in the part's title, metrics or expressions, at least one of them in the part. Case
    /// does not matter. `"two words"` is one; `title:`, `tag:`, `folder:`, `panel:`, `metric:`, `expr:` and `type:`
    /// before a word say where it has to be. An empty text finds nothing.
    [[nodiscard]] LibraryResult search(const QString& text, size_t limit = 500, const Filter& filter = {}) const;

private:
    std::vector<LibraryEntryPtr> m_entries;
    std::vector<std::pair<QString, Error>> m_folderErrors;
};

} // namespace Promdeck
