// A configuration file of any bytes: the YAML tree's places lie inside of the text, and the checks of every kind of file
// end with findings that have a place. What a configuration does is done: alerts find their routes, labels are rewritten.

#include "models/config/alertmanager/routes.h"
#include "models/config/filechecker.h"
#include "models/config/relabel.h"
#include "models/config/rules/rules.h"
#include "models/config/targets.h"
#include "models/config/templates/celsyntax.h"
#include "models/config/templates/gotemplate.h"

#include <cstdint>
#include <cstdlib>

using namespace Promdeck::Config;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void requirePlace(const TextSpan& span, std::size_t size)
{
    require(span.start.offset <= span.end.offset && span.end.offset <= size);
    require(span.start.line >= 1 && span.start.column >= 1);
}

void walk(const YamlDocument& document, const YamlNode* node, int& budget)
{
    // Aliases make a small text a large tree; the nodes themselves are few.
    if (!node || --budget < 0)
        return;
    requirePlace(node->span, document.text().size());
    if (node->isScalar()) {
        for (const YamlDialect dialect : {YamlDialect::V2, YamlDialect::V3}) {
            (void)resolveScalar(*node, dialect);
            (void)shortTag(*node, dialect);
            (void)asInt(*node, dialect);
            (void)asUint(*node, dialect);
            (void)asFloat(*node, dialect);
            (void)asBool(*node, dialect);
        }
        if (const auto problem = celProblem(node->value))
            require(problem->offset <= node->value.size());
        for (const std::size_t offset : {std::size_t(0), node->value.size() / 2, node->value.size()})
            require(document.posInScalar(*node, offset).offset <= document.text().size());
    }
    for (const YamlItem& item : node->items)
        walk(document, item.value, budget);
    for (const YamlEntry& entry : node->entries) {
        walk(document, entry.key, budget);
        walk(document, entry.value, budget);
    }
}

/// Every name is the text at hand, so that files refer to themselves.
class SameFile final : public FileSource
{
public:
    explicit SameFile(const QByteArray& text) : m_text(text) {}
    [[nodiscard]] Promdeck::Result<QByteArray> read(const QString&) const override { return m_text; }
    [[nodiscard]] bool exists(const QString& path) const override { return path.size() % 2 == 0; }
    [[nodiscard]] QStringList glob(const QString& pattern) const override { return {pattern, pattern + pattern}; }

private:
    QByteArray m_text;
};

void check(const QByteArray& text, FileKind kind, const CheckOptions& options)
{
    const SameFile source(text);
    FileChecker files(options, &source);
    files.checkText(QStringLiteral("/nowhere/file.yml"), text, kind);
    for (const FileReport& report : files.reports()) {
        for (const Diagnostic& one : report.diagnostics) {
            require(!one.code.isEmpty() && !one.message.isEmpty());
            requirePlace(one.span, std::size_t(report.text.size()));
        }
    }
}

void routeAlerts(const YamlDocument& document)
{
    Checker checker(document, YamlDialect::V2, alertmanagerRules());
    checker.checkRoot("alertmanager.Config");
    const std::unique_ptr<Route> tree = routingTree(checker.root());
    if (checker.hasErrors() || !tree)
        return;
    for (const std::map<std::string, std::string>& labels :
         {std::map<std::string, std::string> {}, {{"alertname", "Down"}, {"severity", "page"}, {"team", "a"}}}) {
        // An alert always ends somewhere.
        const std::vector<const Route*> routes = tree->match(labels);
        require(!routes.empty());
        for (const Route* route : routes)
            require(!route->key().empty());
    }
}

void rewriteLabels(const YamlDocument& document)
{
    Checker checker(document, YamlDialect::V2, prometheusRules());
    checker.checkRoot("prometheus.Config");
    if (checker.hasErrors())
        return;
    for (const StructView& scrape : checker.root().structsAt("scrape_configs")) {
        for (const char* key : {"relabel_configs", "metric_relabel_configs"}) {
            const auto rules = relabelRulesOf(scrape, key);
            if (!rules)
                continue;
            for (const bool legacyNames : {false, true}) {
                const auto labels = relabel({{"__address__", "a:1"}, {"job", "node"}, {"__meta_x", "Caf\xc3\xa9"}, {"le", "+Inf"}},
                                            *rules, legacyNames);
                require(!labels || labels->count({}) == 0);
            }
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const YamlDocument document = YamlDocument::parse(text);
    for (const YamlError& error : document.errors())
        requirePlace(error.span, size);
    int budget = 20000;
    for (std::size_t i = 0; i < document.documentCount(); ++i)
        walk(document, document.root(i), budget);
    const QByteArray bytes(text.data(), qsizetype(size));
    for (const FileKind kind : {FileKind::Prometheus, FileKind::Rules, FileKind::RuleTest, FileKind::Alertmanager, FileKind::FileSd,
                                FileKind::Blackbox, FileKind::Web, FileKind::ScrapeConfigs})
        check(bytes, kind, {});
    routeAlerts(document);
    rewriteLabels(document);
    (void)targetGroupsIn(bytes);
    CheckOptions old;
    old.prometheus = {2, 42};
    old.alertmanager = {0, 25};
    old.agent = true;
    check(bytes, guessKind(u"file.yml", document), old);
    if (size < 4096) {
        for (const MatcherMode mode : {MatcherMode::Classic, MatcherMode::Utf8, MatcherMode::Fallback}) {
            const MatcherResult result = parseMatchers(text, mode);
            require(result.ok() || result.errorOffset <= size);
            (void)parseMatcher(text, mode);
        }
        (void)parseTemplate(text, ruleTemplateDialect(3014));
        (void)parseTemplate(text, notificationTemplateDialect(25));
    }
    return 0;
}
