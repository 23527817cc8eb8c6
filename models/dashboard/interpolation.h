#pragma once

#include "models/dashboard/dashboard.h"

#include <QHash>

#include <functional>

namespace Promdeck {

/// Current state of one variable.
struct VariableValue
{
    QString type;             ///< as VariableSpec
    QStringList values;       ///< the selected values; all options when All is selected
    QStringList texts;        ///< their texts, same length
    bool isAll = false;
    QString allValue;         ///< null = none
    bool multi = false;
    bool includeAll = false;
};

/// The values that variables stand for: dashboard variables, scoped values of a repeated panel (inner wins),
/// built-ins ($__interval, $__rate_interval, $__range, $__from, $__to, $__dashboard, ...).
class VariableScope
{
public:
    explicit VariableScope(const VariableScope* parent = nullptr) : m_parent(parent) {}
    void set(const QString& name, VariableValue value) { m_values.insert(name, std::move(value)); }
    void setText(const QString& name, const QString& text);
    [[nodiscard]] const VariableValue* find(const QString& name) const;
    [[nodiscard]] QStringList names() const;

private:
    QHash<QString, VariableValue> m_values;
    const VariableScope* m_parent;
};

/// What a bare $name becomes.
enum class InterpolationTarget {
    Text,       ///< titles, links, markdown: glob format
    Prometheus, ///< expressions: the data source's own escaping (see dashboards.md)
    Loki,
    Regex ///< inside regular expressions: the regex format
};

/// Expands $name, [[name:fmt]] and ${name.path:fmt:args} in a text. Unknown names stay verbatim.
[[nodiscard]] QString interpolate(const QString& text, const VariableScope& scope,
                                  InterpolationTarget target = InterpolationTarget::Text);
/// Names of the variables a text refers to (built-ins included), each once, in order.
[[nodiscard]] QStringList referencedVariables(const QString& text);
/// Formats one value as `${name:format}` would ("pipe", "regex", "csv", "json", "queryparam"...).
[[nodiscard]] QString formatVariable(const QString& name, const VariableValue& value, const QString& format,
                                     const QString& args = {});

} // namespace Promdeck
