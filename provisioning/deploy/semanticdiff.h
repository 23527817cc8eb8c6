#pragma once

#include "models/config/filekind.h"

#include <QByteArray>
#include <QStringList>

#include <vector>

namespace Promdeck::Deploy {

/// One thing of a configuration that comes, goes or changes.
struct SemanticChange
{
    enum class Kind { Added, Removed, Changed } kind = Kind::Changed;
    QString what;     ///< "job", "alert", "record", "receiver", "route", "module", "target"...
    QString name;     ///< within its file; rules as "GROUP/NAME"
    QStringList keys; ///< of a change: what differs; values stay out of it
    bool operator==(const SemanticChange&) const = default;
};

/// What changes between two versions of a file, in the terms of its kind. Nothing for kinds without such terms, and
/// for texts that do not parse.
[[nodiscard]] std::vector<SemanticChange> semanticDiff(Config::FileKind kind, const QByteArray& before, const QByteArray& after);

/// The kind of a configuration file on a host, by its content and name.
[[nodiscard]] Config::FileKind kindOfContent(const QByteArray& path, const QByteArray& content);

} // namespace Promdeck::Deploy
