#pragma once

#include <QString>

#include <functional>

/// What the interpolator shares with the variable formats.
namespace Promdeck::Internal {

/// Escapes what has a meaning in a regular expression.
[[nodiscard]] QString regexEscaped(const QString& text);

/// One reference to a variable in a text.
struct VariableReference
{
    qsizetype start = 0; ///< of the whole reference
    qsizetype length = 0;
    QString name;
    QString path;   ///< after the first dot: "field.labels.job"
    QString format; ///< null = none given
    QString args;
};
/// Finds the next reference at or after `from`: $name, [[name:format]], ${name.path:format:args}.
[[nodiscard]] bool nextReference(const QString& text, qsizetype from, VariableReference& found);

} // namespace Promdeck::Internal
