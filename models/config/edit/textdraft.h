#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace Promdeck::Config {

/// A text file as an editor holds it: UTF-8 without byte order mark, line breaks as they are.
struct TextFile
{
    QByteArray text;
    bool bom = false;
    bool crlf = false; ///< most of its lines end in \r\n: new ones do as well
};
/// Errors: Io, Unsupported (no UTF-8: saving would spoil it).
[[nodiscard]] Result<TextFile> readTextFile(const QString& path);
/// Replaces the file in one step, keeping its permissions, when it still holds `known`. Errors: Conflict, Io.
Status saveTextFile(const QString& path, const TextFile& file, const QByteArray& known, bool isNew);

/// Unsaved work on a file, kept in the state folder (private to the user: configuration holds secrets) until it is
/// saved or given up.
struct TextDraft
{
    QString path;
    QByteArray base; ///< text of the file that was edited
    QByteArray text;
    qint64 savedMs = 0; ///< since the epoch
};
/// Errors: Io.
Status writeTextDraft(const TextDraft& draft);
[[nodiscard]] std::optional<TextDraft> readTextDraft(const QString& path);
void removeTextDraft(const QString& path);
/// Paths that have one.
[[nodiscard]] QStringList textDrafts();

} // namespace Promdeck::Config
