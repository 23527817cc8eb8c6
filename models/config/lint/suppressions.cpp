#include "models/config/lint/rulelint.h"
#include "models/config/configtext.h"

#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

struct Lines
{
    int first = 0;
    int last = 0;
};

/// Part of the file, or all of it, in which a check is off. "*" stands for every lint.
struct Suppression
{
    QString check;
    Lines lines;
};

/// Lines of the rules: from the item of the list to its end.
std::vector<Lines> ruleLines(const YamlDocument& document)
{
    std::vector<Lines> out;
    const auto add = [&out](const YamlNode& list) {
        for (const YamlItem& item : list.items)
            out.push_back({item.span.start.line, item.span.end.line});
    };
    const YamlNode* root = document.root();
    if (root && root->isSequence())
        add(*root);
    const YamlEntry* groups = root ? root->find("groups") : nullptr;
    if (!groups)
        return out;
    for (const YamlItem& group : groups->value->items) {
        if (const YamlEntry* rules = group.value->find("rules"))
            add(*rules->value);
    }
    return out;
}

class Comments
{
public:
    explicit Comments(const YamlDocument& document)
        : m_lines(Config::text(document.text()).split(u'\n')), m_rules(ruleLines(document))
    {
    }

    std::vector<Suppression> read()
    {
        static const QRegularExpression comment(u"#\\s*pint\\s+(\\S+)\\s*(.*)$"_s);
        for (int i = 0; i < m_lines.size(); ++i) {
            const QRegularExpressionMatch match = comment.match(m_lines[i]);
            if (match.hasMatch())
                take(match.captured(1), match.captured(2).trimmed(), i + 1);
        }
        if (m_ignoredFrom > 0)
            m_out.push_back({u"*"_s, {m_ignoredFrom, int(m_lines.size())}});
        return std::move(m_out);
    }

private:
    void take(const QString& command, const QString& argument, int line)
    {
        const Lines whole {1, int(m_lines.size())};
        if (command == u"disable")
            m_out.push_back({argument, scopeOf(line)});
        else if (command == u"file/disable")
            m_out.push_back({argument, whole});
        else if (command == u"snooze")
            snooze(argument, scopeOf(line));
        else if (command == u"file/snooze")
            snooze(argument, whole);
        else if (command == u"ignore/file")
            m_out.push_back({u"*"_s, whole});
        else if (command == u"ignore/line")
            m_out.push_back({u"*"_s, {line, line}});
        else if (command == u"ignore/next-line")
            m_out.push_back({u"*"_s, {line + 1, line + 1}});
        else if (command == u"ignore/begin" && m_ignoredFrom == 0)
            m_ignoredFrom = line;
        else if (command == u"ignore/end" && m_ignoredFrom > 0)
            m_out.push_back({u"*"_s, {std::exchange(m_ignoredFrom, 0), line}});
    }

    /// "2026-12-31 promql/series" or a full time: off until then.
    void snooze(const QString& argument, Lines lines)
    {
        const qsizetype blank = argument.indexOf(u' ');
        const QString until = argument.left(blank);
        QDateTime time = QDateTime::fromString(until, Qt::ISODate);
        time.setTimeSpec(Qt::UTC);
        if (blank > 0 && time.isValid() && time > QDateTime::currentDateTimeUtc())
            m_out.push_back({argument.mid(blank + 1).trimmed(), lines});
    }

    /// The rule that a comment is inside of, or stands above.
    [[nodiscard]] Lines scopeOf(int line) const
    {
        for (const Lines& rule : m_rules) {
            if (rule.first <= line && line <= rule.last)
                return rule;
        }
        int next = line;
        while (next < m_lines.size() && (m_lines[next].trimmed().isEmpty() || m_lines[next].trimmed().startsWith(u'#')))
            ++next;
        for (const Lines& rule : m_rules) {
            if (rule.first == next + 1)
                return rule;
        }
        return {line, line};
    }

    QStringList m_lines;
    std::vector<Lines> m_rules;
    std::vector<Suppression> m_out;
    int m_ignoredFrom = 0;
};

/// Errors stay: a comment cannot make a file load.
bool isOff(const Diagnostic& one, const std::vector<Suppression>& suppressions)
{
    if (one.severity == Severity::Error)
        return false;
    return std::any_of(suppressions.begin(), suppressions.end(), [&one](const Suppression& off) {
        const bool here = off.lines.first <= one.span.start.line && one.span.start.line <= off.lines.last;
        const QString code = one.code == u"lint/duplicate-rules" ? u"rule/duplicate"_s : one.code;
        return here && (off.check == u"*" || off.check == code || off.check == one.code);
    });
}

} // namespace

void applySuppressions(const YamlDocument& document, Diagnostics& diagnostics)
{
    if (document.text().find("pint ") == std::string::npos)
        return;
    const std::vector<Suppression> suppressions = Comments(document).read();
    std::erase_if(diagnostics, [&](const Diagnostic& one) { return isOff(one, suppressions); });
}

} // namespace Promdeck::Config
