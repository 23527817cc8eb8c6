#pragma once

#include <QSyntaxHighlighter>

namespace Promdeck {

/// Colours PromQL: functions, aggregators, keywords, metrics, labels, strings, numbers, durations, comments and
/// dashboard variables, in the theme's colours. Reads the whole text at every change, as a string may span lines.
class PromqlHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    explicit PromqlHighlighter(QTextDocument* document);

    enum class Role { None, Function, Aggregator, Keyword, Metric, Label, String, Number, Operator, Comment, Variable };
    /// Off: the text is in another language.
    void setOn(bool on);
    /// One role per UTF-16 unit of the text.
    [[nodiscard]] static std::vector<Role> rolesOf(const QString& text);

protected:
    void highlightBlock(const QString& text) override;

private:
    bool m_on = true;
    QString m_text; ///< the roles are of this one
    std::vector<Role> m_roles;
};

} // namespace Promdeck
