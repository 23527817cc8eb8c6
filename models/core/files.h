#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QFileDevice>

namespace Promdeck {

inline constexpr QFileDevice::Permissions kPrivateFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

/// Replaces a file in one step: readers see the old content or the new one, also after a crash. Missing folders
/// are made, private to the user. Symbolic links are followed, their target is replaced. Errors: Io.
Status writeFileAtomically(const QString& path, const QByteArray& content,
                           QFileDevice::Permissions permissions = kPrivateFile);

/// A whole file. Errors: Io (missing, unreadable, larger than `maxBytes`).
Result<QByteArray> readWholeFile(const QString& path, qint64 maxBytes = 256LL << 20);

/// The user's configuration folder of Promdeck ("~/.config/promdeck").
[[nodiscard]] QString configFolder();

} // namespace Promdeck
