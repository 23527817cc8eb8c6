#include "models/config/crossfile.h"
#include "models/config/embedded.h"
#include "models/config/gotypes.h"
#include "models/config/relabel.h"
#include "models/config/rules/notificationtemplates.h"
#include "models/config/rules/rules.h"
#include "models/config/targets.h"
#include "models/config/configtext.h"

#include <QFileInfo>

#include <set>
#include <unordered_set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

class References
{
public:
    References(const QString& path, Checker& checker, FileChecker& files)
        : m_folder(QFileInfo(path).path()), m_checker(checker), m_files(files)
    {
    }

    void prometheus()
    {
        const StructView& root = m_checker.root();
        if (!syntaxOnly())
            ruleFiles(root);
        std::set<std::string> jobs;
        for (const StructView& scrape : root.structsAt("scrape_configs")) {
            jobs.insert(scrape.string("job_name"));
            scrapeConfig(scrape);
        }
        scrapeConfigFiles(root, jobs);
        for (const StructView& alertmanager : root.structAt("alerting").structsAt("alertmanagers"))
            alertmanagerConfig(alertmanager);
        if (syntaxOnly())
            return;
        // Files that the server needs although promtool does not look for them.
        if (root.node)
            otherSecrets(*root.node);
    }

    /// What a workspace sends to its hosts has to be there.
    void workspace()
    {
        const SchemaStruct* type = Schema::instance().find("promdeck.Unit");
        const FoundValue* units = m_checker.root().find("units");
        if (syntaxOnly() || !type || !units || !units->node->isMapping())
            return;
        for (const YamlEntry& entry : MapEntries(*units->node, m_checker.dialect())) {
            for (const StructView& file : viewOf(*type, entry.value, entry.valueSpan, m_checker.dialect()).structsAt("files")) {
                const std::string source = file.string("source");
                if (!source.empty() && !m_files.source().exists(resolved(source)))
                    m_checker.error("workspace/missing-file", u"%1: no such file"_s.arg(Config::text(source)), file.spanOf("source"));
            }
        }
    }

    void scrapeConfigsOnly()
    {
        for (const StructView& scrape : m_checker.root().structsAt("scrape_configs"))
            scrapeConfig(scrape);
    }

    void alertmanager()
    {
        if (syntaxOnly())
            return;
        std::set<std::string> defined;
        bool allThere = true;
        for (const FoundValue& pattern : m_checker.root().listAt("templates")) {
            const QStringList matches = filesOf(pattern);
            allThere = allThere && !matches.isEmpty();
            for (const QString& match : matches)
                allThere = templateFile(match, pattern.span, defined) && allThere;
        }
        // Where templates are kept elsewhere nobody can tell which names exist.
        if (allThere)
            templateNames(defined);
        if (m_checker.root().node)
            otherSecrets(*m_checker.root().node);
    }

    void ruleTest()
    {
        if (syntaxOnly())
            return;
        for (const FoundValue& pattern : m_checker.root().listAt("rule_files")) {
            const QStringList matches = filesOf(pattern);
            if (matches.isEmpty())
                m_checker.warning("rule-test/missing-file",
                                  u"no file matches pattern %1"_s.arg(Config::text(pattern.node->value)), pattern.span);
            for (const QString& match : matches)
                follow(match, FileKind::Rules, pattern.span);
        }
    }

    void web()
    {
        if (syntaxOnly())
            return;
        const StructView tls = m_checker.root().structAt("tls_server_config");
        for (const char* key : {"cert_file", "key_file", "client_ca_file"})
            pemFile(tls, key);
    }

private:
    [[nodiscard]] bool syntaxOnly() const { return m_checker.options().syntaxOnly; }
    [[nodiscard]] QString resolved(const std::string& name) const { return resolvePath(m_folder, Config::text(name)); }

    QStringList filesOf(const FoundValue& pattern)
    {
        if (isGlobPattern(pattern.node->value))
            return m_files.source().glob(resolved(pattern.node->value));
        m_checker.error("config/pattern", u"syntax error in pattern"_s, pattern.span, u"close the bracket, or put a backslash in front of it"_s);
        return {};
    }

    void follow(const QString& path, FileKind kind, const TextSpan& span)
    {
        const std::optional<FileKind> before = m_files.checkedAs(path);
        if (before && *before != kind) {
            m_checker.error("config/wrong-kind", u"%1 is no file of %2"_s.arg(path, kindName(kind)), span,
                            u"the pattern finds a file that is meant for something else"_s);
            return;
        }
        const Status status = m_files.checkFile(path, kind);
        if (!status)
            m_checker.error("config/unreadable", u"%1: %2"_s.arg(path, status.error().summary), span);
    }

    /// Secrets are often absent where configuration is checked, so their absence only warns, unless asked otherwise.
    void missing(const QString& message, const TextSpan& span)
    {
        m_reported.insert(span.start.offset);
        if (m_checker.options().strict)
            m_checker.error("prometheus/missing-secret", message, span);
        else
            m_checker.warning("prometheus/missing-secret", message, span, u"fine where secrets are kept elsewhere; --strict makes it an error"_s);
    }

    void needFile(const StructView& view, const char* key, const QString& what)
    {
        const std::string name = view.string(key);
        if (!name.empty() && !m_files.source().exists(resolved(name)))
            missing(u"error checking %1 %2: no such file"_s.arg(what, Config::quoted(name)), view.spanOf(key));
    }

    void tlsFiles(const StructView& tls)
    {
        needFile(tls, "cert_file", u"client cert file"_s);
        needFile(tls, "key_file", u"client key file"_s);
        if (!readsOldHttp(m_checker))
            return; // newer servers look at the pair themselves, everywhere
        const bool cert = !tls.string("cert_file").empty();
        if (cert != !tls.string("key_file").empty())
            m_checker.error("http/tls", cert ? u"client cert file specified without client key file"_s : u"client key file specified without client cert file"_s, tls.span);
    }

    void ruleFiles(const StructView& root)
    {
        for (const FoundValue& pattern : root.listAt("rule_files")) {
            const std::string& name = pattern.node->value;
            const QStringList matches = filesOf(pattern);
            if (matches.isEmpty() && name.find('*') == std::string::npos)
                m_checker.error("prometheus/missing-file", u"%1 does not point to an existing file"_s.arg(Config::quoted(name)),
                                pattern.span);
            for (const QString& match : matches)
                follow(match, FileKind::Rules, pattern.span);
        }
    }

    void scrapeConfigFiles(const StructView& root, std::set<std::string>& jobs)
    {
        const StructView global = root.structAt("global");
        for (const FoundValue& pattern : root.listAt("scrape_config_files")) {
            for (const QString& match : filesOf(pattern)) {
                const Result<QByteArray> text = m_files.source().read(match);
                if (!text) {
                    m_checker.error("config/unreadable", u"%1: %2"_s.arg(match, text.error().summary), pattern.span);
                    continue;
                }
                m_files.checkScrapeConfigs(match, *text, global);
                const YamlDocument document = YamlDocument::parse({text->constData(), std::size_t(text->size())});
                const SchemaStruct* type = Schema::instance().find("prometheus.ScrapeConfigs");
                const StructView view = viewOf(*type, document.root(), {}, YamlDialect::V2);
                for (const StructView& scrape : view.structsAt("scrape_configs")) {
                    const std::string job = scrape.string("job_name");
                    if (!jobs.insert(job).second)
                        m_checker.error("prometheus/duplicate-name",
                                        u"found multiple scrape configs with job name %1, one of them in %2"_s.arg(Config::quoted(job), match),
                                        pattern.span);
                }
            }
        }
    }

    void scrapeConfig(const StructView& scrape)
    {
        if (!syntaxOnly()) {
            needFile(scrape.structAt("authorization"), "credentials_file", u"authorization credentials or bearer token file"_s);
            needFile(scrape, "bearer_token_file", u"authorization credentials or bearer token file"_s);
            tlsFiles(scrape.structAt("tls_config"));
            for (const StructView& kubernetes : scrape.structsAt("kubernetes_sd_configs"))
                tlsFiles(kubernetes.structAt("tls_config"));
        }
        const auto rules = relabelRulesOf(scrape, "relabel_configs");
        const auto check = [&](const TargetGroup& group, int index, bool fromFile, const TextSpan* place) {
            if (!rules)
                return;
            const ScrapeTargets targets(scrape, globalOf(m_checker), *rules, m_checker);
            for (std::size_t i = 0; i < group.targets.size(); ++i) {
                const QString problem = targets.problem(group, i);
                // Without relabelling, static targets were looked at with the section itself.
                if (!problem.isEmpty() && (fromFile || !rules->empty() || !problem.contains(u"hostname")))
                    m_checker.error("prometheus/target-address",
                                    u"instance %1 in group %2: %3"_s.arg(i).arg(index).arg(problem),
                                    place ? *place : group.targets[i].span);
            }
        };
        int index = 0;
        for (const TargetGroup& group : targetGroupsOf(scrape.structsAt("static_configs")))
            check(group, index++, false, nullptr);
        discoveryFiles(scrape, u"scrape job %1"_s.arg(Config::quoted(scrape.string("job_name"))), check);
    }

    void alertmanagerConfig(const StructView& alertmanager)
    {
        const auto rules = relabelRulesOf(alertmanager, "relabel_configs");
        const auto check = [&](const TargetGroup& group, int, bool fromFile, const TextSpan* place) {
            if (!rules)
                return;
            for (const GroupTarget& target : group.targets) {
                const QString problem = alertmanagerTargetProblem(alertmanager, group, target, *rules, m_checker);
                if (!problem.isEmpty() && (fromFile || !rules->empty()))
                    m_checker.error("prometheus/target-address", problem, place ? *place : target.span);
            }
        };
        for (const TargetGroup& group : targetGroupsOf(alertmanager.structsAt("static_configs")))
            check(group, 0, false, nullptr);
        discoveryFiles(alertmanager, u"an Alertmanager config"_s, check);
    }

    template <typename Check>
    void discoveryFiles(const StructView& owner, const QString& ownerName, const Check& check)
    {
        if (syntaxOnly())
            return;
        for (const StructView& discovery : owner.structsAt("file_sd_configs")) {
            for (const FoundValue& pattern : discovery.listAt("files")) {
                const QStringList matches = filesOf(pattern);
                if (matches.isEmpty())
                    m_checker.warning("prometheus/missing-file",
                                      u"file %1 for file_sd in %2 does not exist"_s.arg(Config::quoted(pattern.node->value), ownerName),
                                      pattern.span);
                for (const QString& match : matches) {
                    follow(match, FileKind::FileSd, pattern.span);
                    int index = 0;
                    for (const TargetGroup& group : targetGroupsIn(m_files.source().read(match).valueOr({})))
                        check(group, index++, true, &pattern.span);
                }
            }
        }
    }

    /// Every node once: aliases may multiply a small text without end.
    void otherSecrets(const YamlNode& node)
    {
        if (node.isScalar() || (m_checker.document().hasAliases() && !m_walked.insert(&node).second))
            return;
        static const std::set<std::string, std::less<>> keys {
            "password_file", "username_file", "credentials_file", "bearer_token_file", "ca_file", "cert_file", "key_file",
            "client_secret_file", "auth_token_file", "secret_key_file", "kubeconfig_file", "token_file", "api_key_file",
            "api_url_file", "webhook_url_file", "url_file", "routing_key_file", "service_key_file", "bot_token_file",
            "smtp_auth_password_file", "slack_api_url_file", "opsgenie_api_key_file", "victorops_api_key_file",
            "auth_password_file", "user_key_file", "api_secret_file", "app_token_file", "token_id_file",
            "client_certificate_key_file", "token_file_path"};
        for (const YamlEntry& entry : node.entries) {
            const std::string& key = entry.key->value;
            const bool mayBeFile = key.ends_with("_file") || key.ends_with("_file_path");
            if (mayBeFile && entry.value->isScalar() && !entry.value->value.empty() && keys.contains(key)
                && !m_reported.contains(entry.valueSpan.start.offset)
                && !m_files.source().exists(resolved(entry.value->value)))
                m_checker.warning("config/missing-file", u"%1 does not exist"_s.arg(Config::quoted(entry.value->value)),
                                  entry.valueSpan);
            otherSecrets(*entry.value);
        }
        for (const YamlItem& item : node.items)
            otherSecrets(*item.value);
    }

    /// False when the file says nothing about the names it defines.
    bool templateFile(const QString& path, const TextSpan& span, std::set<std::string>& defined)
    {
        const Result<QByteArray> text = m_files.source().read(path);
        if (!text) {
            m_checker.error("config/unreadable", u"%1: %2"_s.arg(path, text.error().summary), span);
            return false;
        }
        const ParsedTemplate parsed
            = parseTemplate({text->constData(), std::size_t(text->size())}, notificationDialect(m_checker));
        follow(path, FileKind::Template, span);
        addDefinitions(parsed, defined);
        return parsed.ok();
    }

    static void addDefinitions(const ParsedTemplate& parsed, std::set<std::string>& defined)
    {
        visitTemplate(parsed.nodes, [&defined](const TemplateNode& node) {
            if (node.kind == TemplateNode::Kind::Define || node.kind == TemplateNode::Kind::Block)
                defined.insert(node.text);
        });
    }

    void templateNames(const std::set<std::string>& defined)
    {
        for (const StructView& receiver : m_checker.root().structsAt("receivers")) {
            forEachNotificationTemplate(receiver, [&](const YamlNode& scalar) {
                const ParsedTemplate parsed = parseTemplate(scalar.value, notificationDialect(m_checker));
                std::set<std::string> known = defined;
                addDefinitions(parsed, known);
                visitTemplate(parsed.nodes, [&](const TemplateNode& node) {
                    // Alertmanager's own are named so.
                    const bool own = node.text.find(".default.") != std::string::npos || node.text.starts_with("__");
                    if (node.kind == TemplateNode::Kind::Invoke && !own && !known.contains(node.text))
                        m_checker.warning("alertmanager/undefined-template",
                                          u"no file under templates defines %1"_s.arg(Config::quoted(node.text)),
                                          spanInScalar(m_checker.document(), scalar, node.offset, node.end));
                });
            });
        }
    }

    void pemFile(const StructView& tls, const char* key)
    {
        const std::string name = tls.string(key);
        if (name.empty())
            return;
        if (!m_files.source().exists(resolved(name))) {
            missing(u"%1: no such file"_s.arg(Config::text(name)), tls.spanOf(key));
            return;
        }
        const QByteArray text = m_files.source().read(resolved(name)).valueOr({});
        const bool isKey = std::string_view(key) == "key_file";
        if (!text.contains(isKey ? "PRIVATE KEY-----" : "-----BEGIN CERTIFICATE-----"))
            m_checker.error("web/pem", isKey ? u"failed to find any PEM data in key input"_s
                                             : u"failed to find any PEM data in certificate input"_s,
                            tls.spanOf(key));
    }

    QString m_folder;
    Checker& m_checker;
    FileChecker& m_files;
    std::unordered_set<const YamlNode*> m_walked;
    std::set<std::size_t> m_reported; ///< places of missing secrets that have their finding
};

} // namespace

void checkReferences(FileKind kind, const QString& path, Checker& checker, FileChecker& files)
{
    References references(path, checker, files);
    switch (kind) {
    case FileKind::Prometheus: references.prometheus(); break;
    case FileKind::ScrapeConfigs: references.scrapeConfigsOnly(); break;
    case FileKind::Alertmanager: references.alertmanager(); break;
    case FileKind::RuleTest: references.ruleTest(); break;
    case FileKind::Web: references.web(); break;
    case FileKind::Workspace: references.workspace(); break;
    default: break;
    }
}

} // namespace Promdeck::Config
