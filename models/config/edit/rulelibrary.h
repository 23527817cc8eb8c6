#pragma once

#include "models/core/result.h"

#include <QString>
#include <QStringList>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace Promdeck::Config {

/// Something of a rule that depends on where it is used.
struct RuleParameter
{
    QString name;     ///< "threshold", "for" or "severity"
    QString fallback; ///< as it is written in the library
};

/// One ready rule.
struct ReadyRule
{
    QString pack;        ///< "node": the file, and the group it belongs to
    QString name;        ///< of the alert or the recorded series
    QString title;       ///< a few words
    QString summary;     ///< the template of its annotation; of recording rules: the expression
    bool isAlert = true;
    QStringList metrics; ///< that it reads; all of them must exist for it to say anything
    std::vector<RuleParameter> parameters;
    std::string yaml;    ///< its lines as an item of `rules`, without "- "
};

struct RulePack
{
    QString name;
    QString title;       ///< "Redis, by redis_exporter."
    QString exporter;    ///< what has to be scraped
    std::vector<ReadyRule> rules;
};

/// The rules of resources/rules with their index. Read once; const and thread-safe from then on.
class RuleLibrary
{
public:
    [[nodiscard]] static const RuleLibrary& instance();
    [[nodiscard]] const std::vector<RulePack>& packs() const { return m_packs; }
    [[nodiscard]] const ReadyRule* find(const QString& pack, const QString& name) const;
    /// Rules whose metrics are all among these: what fits a stack.
    [[nodiscard]] std::vector<const ReadyRule*> fitting(const std::set<QString>& metrics) const;

    /// A rule's lines with values for some of its parameters. Errors: InvalidArgument for a parameter it does not have, a
    /// threshold that is no number, a `for` that is no duration.
    [[nodiscard]] static Result<std::string> text(const ReadyRule& rule, const std::map<QString, QString>& values = {});
    /// A rule file with the rule behind those of its group; the group is made where there is none. Errors: those of text();
    /// Syntax when the file does not parse.
    [[nodiscard]] static Result<std::string> insert(std::string_view file, const ReadyRule& rule, const std::map<QString, QString>& values = {});

private:
    RuleLibrary();
    std::vector<RulePack> m_packs;
};

} // namespace Promdeck::Config
