#pragma once

#include "models/config/yamldocument.h"

#include <QString>

#include <vector>

namespace Promdeck::Config {

enum class Severity { Error, Warning, Info };

/// One finding in a configuration file, with its place in that file.
struct Diagnostic
{
    Severity severity = Severity::Error;
    QString code;    ///< stable, "area/kebab-case" ("yaml/syntax", "prometheus/unknown-key")
    QString message; ///< a sentence, as the server words it where there is such a message
    QString hint;    ///< what to do; empty when there is nothing certain to say
    TextSpan span;
    QString file;    ///< set when the finding is in another file than the one checked
};

using Diagnostics = std::vector<Diagnostic>;

} // namespace Promdeck::Config
