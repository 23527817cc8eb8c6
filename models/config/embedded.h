#pragma once

#include "models/config/checker.h"
#include "models/config/templates/gotemplate.h"
#include "models/promql/parser.h"

namespace Promdeck::Config {

// Languages inside YAML scalars, with their problems placed in the file.

/// The part [start, end) of a scalar's value as a place in the file. Ends lie behind starts, also for empty parts.
[[nodiscard]] TextSpan spanInScalar(const YamlDocument& document, const YamlNode& scalar, std::size_t start,
                                    std::size_t end);

/// How the target server parses expressions: its version and its features.
[[nodiscard]] Promql::Options promqlOptions(const CheckOptions& options);

/// Parses a PromQL expression and reports its problems; true when there are none.
bool checkExpression(const YamlNode& scalar, Checker& checker, Promql::ParseResult* parsed = nullptr);

/// Parses a template and reports its problem; true when there is none. `what` goes in front of the message.
bool checkTemplate(const YamlNode& scalar, const TemplateDialect& dialect, const char* code, const QString& what,
                   Checker& checker);

} // namespace Promdeck::Config
