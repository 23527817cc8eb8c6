#pragma once

#include <QRegularExpression>
#include <QString>

#include <optional>

namespace Promdeck {

/// A pattern as Grafana reads it: "/.../flags" is a regular expression, anything else must match the whole
/// text. Compiled once. Source of semantics: Grafana stringToJsRegex, String.prototype.replace.
class JsRegex
{
public:
    /// Nothing when the text is no valid pattern.
    [[nodiscard]] static std::optional<JsRegex> parse(const QString& text);

    [[nodiscard]] bool test(const QString& text) const { return m_expression.match(text).hasMatch(); }
    [[nodiscard]] QRegularExpressionMatch match(const QString& text) const { return m_expression.match(text); }
    /// Replaces the first match, or all with the flag g; knows $1, $&, $<name> and $$.
    [[nodiscard]] QString replace(const QString& text, const QString& replacement) const;
    [[nodiscard]] bool isGlobal() const { return m_global; }
    [[nodiscard]] const QRegularExpression& expression() const { return m_expression; }

private:
    [[nodiscard]] static std::optional<JsRegex> compile(const QString& text);
    QRegularExpression m_expression;
    bool m_global = false;
};

} // namespace Promdeck
