#pragma once

#include "models/config/yamldocument.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace Promdeck::Config {

/// Kinds of files that the engine checks. Dashboards are recognised, and checked elsewhere.
enum class FileKind {
    Unknown,
    Prometheus,
    Rules,
    RuleTest,
    Alertmanager,
    FileSd,
    Blackbox,
    Web,
    ScrapeConfigs, ///< a file named by scrape_config_files
    Dashboard,
    Workspace,
    Template ///< definitions for notifications, named by an alertmanager.yml under templates
};

/// The name on the command line ("rule-test").
[[nodiscard]] QString kindName(FileKind kind);
[[nodiscard]] std::optional<FileKind> kindFromName(QStringView name);
/// Every name that --kind takes.
[[nodiscard]] QStringList kindNames();

/// What a file is, by the keys at its root; where they leave it open, by its name. A text with a syntax error is
/// judged by what was read before the error.
[[nodiscard]] FileKind guessKind(QStringView fileName, const YamlDocument& document);

/// Whether a file found in a folder may be a configuration at all, by its extension.
[[nodiscard]] bool mayBeConfig(QStringView fileName);

} // namespace Promdeck::Config
