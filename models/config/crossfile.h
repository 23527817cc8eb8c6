#pragma once

#include "models/config/filechecker.h"

namespace Promdeck::Config {

/// Checks what a file refers to: rule files, discovery files, scrape configuration files, templates, and the
/// files that hold credentials, certificates and keys. `checker` has checked the file itself; findings about a
/// reference go to it, findings inside of another file make a report of their own.
void checkReferences(FileKind kind, const QString& path, Checker& checker, FileChecker& files);

} // namespace Promdeck::Config
