#include "models/config/alertmanager/routes.h"
#include "models/config/filechecker.h"
#include "models/config/relabel.h"
#include "models/promql/parser.h"
#include "tests/integration/config/differential/generate.h"
#include "tests/integration/config/differential/mutate.h"
#include "tests/integration/config/differential/peers.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Cases for each kind of file. A few seconds' worth, unless PROMDECK_DIFFERENTIAL asks for more.
std::size_t caseCount()
{
    const int wanted = qEnvironmentVariableIntValue("PROMDECK_DIFFERENTIAL");
    return wanted > 0 ? std::size_t(wanted) : 150;
}

unsigned seed()
{
    return unsigned(qEnvironmentVariableIntValue("PROMDECK_DIFFERENTIAL_SEED")) + 1;
}

CheckOptions debianOptions()
{
    CheckOptions options;
    options.prometheus = {2, 42};
    options.alertmanager = {0, 25};
    options.debian = true;
    options.strict = true;
    options.lint = false;
    return options;
}

struct OurVerdict
{
    bool accepts = true;
    QStringList words;
};

OurVerdict ourVerdict(const QString& path, FileKind kind)
{
    FileChecker checker(debianOptions());
    const Status status = checker.checkFile(path, kind);
    OurVerdict verdict;
    if (!status)
        return {false, {status.error().summary}};
    for (const FileReport& report : checker.reports()) {
        for (const Diagnostic& one : report.diagnostics) {
            // amtool does not look into the templates of receivers.
            // Blackbox 0.23 does not look at the name of a prober.
            if (one.severity != Severity::Error || one.code == u"alertmanager/notification-template" || one.code == u"blackbox/prober")
                continue;
            verdict.accepts = false;
            verdict.words.append(u"%1:%2: %3 [%4]"_s.arg(one.span.start.line).arg(one.span.start.column).arg(one.message, one.code));
        }
    }
    return verdict;
}

} // namespace

/// Mutated and invented files through Debian's tools and through our engine with those versions as its target: the
/// verdicts must agree. The same seed makes the same cases; the tests' own files are the material, and the shared
/// cases where there are any.
///
///     PROMDECK_DIFFERENTIAL       cases per kind (150)
///     PROMDECK_DIFFERENTIAL_SEED  another seed
///     PROMDECK_DIFFERENTIAL_OUT   a folder that gets every file on which the verdicts differ
class TestConfigDifferential : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void rules()
    {
        const auto keys = keysOf({"rules.RuleGroups"});
        mutateFiles(FileKind::Rules, u"rules"_s, {"rules.jsonl", "config_mutants_242.jsonl"}, "rules", keys);
    }

    void prometheus()
    {
        const auto keys = keysOf({"prometheus.Config"});
        mutateFiles(FileKind::Prometheus, u"prometheus"_s, {"prometheus_config.jsonl", "http_config.jsonl", "tls_config.jsonl", "config_mutants_242.jsonl"}, "prometheus", keys);
    }

    void alertmanager()
    {
        const auto keys = keysOf({"alertmanager.Config"});
        mutateFiles(FileKind::Alertmanager, u"alertmanager"_s, {"alertmanager_config.jsonl", "alertmanager_fragment.jsonl", "config_mutants_242.jsonl"}, "alertmanager", keys);
    }

    void web() { mutateFiles(FileKind::Web, u"web"_s, {"web_config.jsonl"}, "web", keysOf({"web.Config"})); }

    void blackbox()
    {
        auto keys = keysOf({"blackbox.Config"});
        // Newer than Debian's 0.23; blackbox has no version to check for.
        static const std::set<std::string> newer {"labels", "enable_http3", "expect_bytes", "fail_if_body_json_matches_cel",
                                                  "fail_if_body_json_not_matches_cel", "http_headers", "websocket", "unix", "reject_revoked"};
        std::erase_if(keys, [](const std::string& key) { return newer.contains(key); });
        mutateFiles(FileKind::Blackbox, u"blackbox"_s, {"blackbox_config.jsonl"}, "blackbox", keys, std::max(std::size_t(25), caseCount() / 6));
    }

    void fileSd()
    {
        Dice dice(seed() + 60);
        const auto seeds = materialFor(u"file-sd"_s, {"file_sd.jsonl"}, "file_sd");
        QVERIFY(!seeds.empty());
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount() / 2; ++i)
            cases.push_back(QByteArray::fromStdString(mutateYaml(dice.pick(seeds), {"targets", "labels", "a"}, dice)));
        // The file itself, and a prometheus.yml that names it.
        compare(FileKind::Prometheus, u"file-sd"_s, cases, [](const QString& name) {
            return u"scrape_configs:\n- job_name: a\n  file_sd_configs:\n  - files: ['%1']\n"_s.arg(name).toUtf8();
        });
    }

    void inventedPrometheus() { invent(FileKind::Prometheus, "prometheus.Config"); }
    void inventedAlertmanager() { invent(FileKind::Alertmanager, "alertmanager.Config"); }
    void inventedRules() { invent(FileKind::Rules, "rules.RuleGroups"); }
    void inventedSections()
    {
        Dice dice(seed() + 200);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i)
            cases.push_back(QByteArray::fromStdString(prometheusSection(dice)));
        compare(FileKind::Prometheus, u"section"_s, cases);
    }

    void inventedReceivers()
    {
        Dice dice(seed() + 210);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i)
            cases.push_back(QByteArray::fromStdString(alertmanagerSection(dice)));
        compare(FileKind::Alertmanager, u"receiver"_s, cases);
    }

    void inventedWeb() { invent(FileKind::Web, "web.Config"); }

    void expressions()
    {
        Dice dice(seed() + 10);
        const auto seeds = corpusTexts({"promql/exprs.jsonl", "promql/real_exprs.jsonl"}, u"input"_s);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount() * 2; ++i) {
            std::string text = seeds.empty() || dice.chance(50) ? randomExpression(dice) : seeds[dice.below(seeds.size())];
            if (dice.chance(60))
                text = mutateTokens(text, expressionWords(), dice);
            cases.push_back(QByteArray::fromStdString("groups:\n- name: a\n  rules:\n  - record: x\n    expr: " + asScalar(text, 6, dice) + '\n'));
        }
        compare(FileKind::Rules, u"expressions"_s, cases);
    }

    void templates()
    {
        Dice dice(seed() + 20);
        const auto seeds = corpusTexts({"templates/templates.jsonl"}, u"text"_s);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i) {
            std::string text = seeds.empty() || dice.chance(60) ? randomTemplate(dice) : seeds[dice.below(seeds.size())];
            if (dice.chance(50))
                text = mutateTokens(text, templateWords(), dice);
            cases.push_back(QByteArray::fromStdString("groups:\n- name: a\n  rules:\n  - alert: x\n    expr: up\n    "
                                                      + dice.pick({"annotations", "labels"}) + ":\n      a: " + asScalar(text, 8, dice) + '\n'));
        }
        compare(FileKind::Rules, u"templates"_s, cases);
    }

    void regexps()
    {
        Dice dice(seed() + 30);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i) {
            const std::string text = inQuotes(randomRegexp(dice));
            const bool relabel = dice.chance(50);
            cases.push_back(QByteArray::fromStdString(relabel
                ? "scrape_configs:\n- job_name: a\n  relabel_configs:\n  - {action: keep, source_labels: [a], regex: " + text + "}\n"
                : "alerting:\n  alert_relabel_configs:\n  - {target_label: b, source_labels: [a], regex: " + text + "}\n"));
        }
        compare(FileKind::Prometheus, u"regexps"_s, cases);
    }

    void matchers()
    {
        Dice dice(seed() + 40);
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i) {
            std::string text = randomMatcher(dice);
            if (dice.chance(50))
                text = mutateTokens(text, matcherWords(), dice);
            const std::string where = dice.pick({"route:\n  receiver: a\n  routes:\n  - matchers: [", "inhibit_rules:\n- source_matchers: ["});
            cases.push_back(QByteArray::fromStdString((where.starts_with("route") ? "" : "route: {receiver: a}\n") + where + inQuotes(text) + "]\nreceivers: [{name: a}]\n"));
        }
        compare(FileKind::Alertmanager, u"matchers"_s, cases);
    }

    /// `amtool config routes test` on random trees with random labels.
    void routes()
    {
        Dice dice(seed() + 50);
        const QString amtool = serverBinary(u"amtool"_s);
        QVERIFY(!amtool.isEmpty());
        QStringList differences;
        const std::size_t count = std::max(std::size_t(30), caseCount() / 5);
        for (std::size_t i = 0; i < count; ++i) {
            const QByteArray config = QByteArray::fromStdString(randomRouting(dice));
            const QString path = write(u"routes%1.yml"_s.arg(i), config);
            const YamlDocument document = YamlDocument::parse({config.constData(), size_t(config.size())});
            const auto tree = routingTree(viewOf(*Schema::instance().find("alertmanager.Config"), document.root(), {}, YamlDialect::V2));
            QVERIFY2(tree, config.constData());
            const LabelSet labels = randomLabels(dice);
            QStringList words;
            for (const auto& [name, value] : labels)
                words.append(QString::fromStdString(name + '=' + inQuotes(value)));
            QStringList ours;
            for (const Route* route : tree->match(labels))
                ours.append(QString::fromStdString(route->receiver));
            const PeerOutput theirs = runPeer(amtool, QStringList {u"config"_s, u"routes"_s, u"test"_s, u"--config.file"_s, path} + words);
            const QString receivers = QString::fromUtf8(theirs.text).section(u'\n', -2, -2).trimmed();
            ++m_cases;
            if (ours.join(u',') != receivers)
                differences.append(u"%1: %2\nours: %3\namtool: %4"_s.arg(keep(u"routes"_s, i, config), words.join(u' '), ours.join(u','), QString::fromUtf8(theirs.text)));
        }
        report(differences, count);
    }

    /// `promtool check service-discovery` applies the rules of a job to its targets.
    void relabelling()
    {
        Dice dice(seed() + 70);
        const QString promtool = serverBinary(u"promtool"_s);
        QVERIFY(!promtool.isEmpty());
        QStringList differences;
        const std::size_t runs = std::max(std::size_t(10), caseCount() / 15);
        std::size_t cases = 0;
        for (std::size_t i = 0; i < runs; ++i) {
            std::string text = "scrape_configs:\n- job_name: j\n  static_configs:\n";
            std::vector<LabelMap> targets;
            for (int target = 0; target < 20; ++target) {
                LabelMap& labels = targets.emplace_back(LabelMap {{"__meta_id", std::to_string(target)}, {"__address__", "a:1"}, {"job", "j"},
                                                                  {"__scheme__", "http"}, {"__metrics_path__", "/metrics"},
                                                                  {"__scrape_interval__", "1m"}, {"__scrape_timeout__", "10s"}});
                text += "  - targets: ['a:1']\n    labels:\n      __meta_id: \"" + std::to_string(target) + "\"\n";
                for (const char* name : {"a", "b", "c"}) {
                    if (!dice.chance(75))
                        continue;
                    // No line feeds: 2.42 does not match them with a dot, which is the newer behaviour.
                    labels[name] = dice.pick({"x", "a", "b", "foo", "foo-12", "a b", "A\xC3\x84", "a;b", "", "x=y", "1", "abcdefghijkl", "\xC3\xA4\xC3\x9F", "a-1"});
                    text += std::string("      ") + name + ": " + inQuotes(labels[name]) + '\n';
                    if (labels[name].empty())
                        labels.erase(name);
                }
            }
            text += "  relabel_configs:\n" + randomRelabelling(dice);
            const QByteArray config = QByteArray::fromStdString(text);
            const QString path = write(u"relabel%1.yml"_s.arg(i), config);
            const PeerOutput theirs = runPeer(promtool, {u"check"_s, u"service-discovery"_s, u"--timeout=100ms"_s, path, u"j"_s});
            const Result<Json> answer = Json::parse(theirs.text);
            if (!answer) {
                if (ourVerdict(path, FileKind::Prometheus).accepts)
                    differences.append(keep(u"relabelling"_s, i, config) + u": refused: "_s + QString::fromUtf8(theirs.text));
                continue;
            }
            const QString difference = compareTargets(config, targets, *answer, cases);
            if (!difference.isEmpty())
                differences.append(keep(u"relabelling"_s, i, config) + u": "_s + difference);
        }
        m_cases += cases;
        report(differences, cases);
    }

    void cleanupTestCase() { qInfo("%zu cases", m_cases); }

private:
    using Texts = std::vector<std::string>;
    static Texts corpusTexts(std::initializer_list<const char*> files, const QString& field)
    {
        Texts texts;
        if (sharedFolder().isEmpty())
            return texts;
        for (const char* file : files) {
            for (const QByteArray& line : readFile(sharedFolder() + u"/corpus/config/"_s + QString::fromLatin1(file)).split('\n')) {
                const Json row = Json::parse(line).valueOr({});
                if (row[field].isString() && row[field].toString().size() < 2000)
                    texts.push_back(row[field].toString().toStdString());
            }
        }
        return texts;
    }

    /// Files of the tests' own data, and those of the shared cases of one kind that need no other file.
    static Texts materialFor(const QString& folder, std::initializer_list<const char*> files, const char* kind)
    {
        Texts texts;
        QDirIterator walk(dataFile(u"config"_s) + u'/' + folder, {u"*.yml"_s, u"*.json"_s}, QDir::Files);
        QStringList own;
        while (walk.hasNext())
            own.append(walk.next());
        own.sort();
        for (const QString& path : own)
            texts.push_back(readFile(path).toStdString());
        if (sharedFolder().isEmpty())
            return texts;
        for (const char* file : files) {
            for (const QByteArray& line : readFile(sharedFolder() + u"/corpus/config/cases/"_s + QString::fromLatin1(file)).split('\n')) {
                const Json row = Json::parse(line).valueOr({});
                const Json& content = row[u"files"][row[u"files"].contains(u"wrapped-prometheus.yml") ? u"wrapped-prometheus.yml"_s : row[u"main"].toString()];
                if (content.isString() && content.toString().size() < 6000 && row[u"kind"].toString().startsWith(QString::fromLatin1(kind).left(5)))
                    texts.push_back(content.toString().toStdString());
            }
        }
        return texts;
    }

    void mutateFiles(FileKind kind, const QString& folder, std::initializer_list<const char*> files, const char* corpusKind,
                     const std::vector<std::string>& keys, std::size_t count = caseCount())
    {
        Dice dice(seed() + unsigned(kind));
        // What is refused already mostly stays so: most cases begin with a valid file.
        Texts valid;
        Texts refused;
        const Texts material = materialFor(folder, files, corpusKind);
        QStringList paths;
        for (std::size_t i = 0; i < material.size(); ++i)
            paths.append(write(u"%1-seed-%2.yml"_s.arg(folder).arg(i), QByteArray::fromStdString(material[i])));
        const std::vector<PeerVerdict> verdicts = peerVerdicts(kind, paths);
        for (std::size_t i = 0; i < material.size(); ++i) {
            const bool accepts = verdicts[i].outcome == PeerVerdict::Outcome::Accepts;
            // Blackbox has no version to check for: what only newer ones read is no material.
            if (accepts || !ourVerdict(paths[qsizetype(i)], kind).accepts)
                (accepts ? valid : refused).push_back(material[i]);
        }
        QVERIFY(!valid.empty());
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string& text = refused.empty() || dice.chance(85) ? dice.pick(valid) : dice.pick(refused);
            cases.push_back(QByteArray::fromStdString(mutateYaml(text, keys, dice)));
        }
        compare(kind, folder, cases);
    }

    void invent(FileKind kind, const std::string& structName)
    {
        Dice dice(seed() + 100 + unsigned(kind));
        std::vector<QByteArray> cases;
        for (std::size_t i = 0; i < caseCount(); ++i)
            cases.push_back(QByteArray::fromStdString(configFor(structName, dice)));
        compare(kind, u"invented-"_s + kindName(kind), cases);
    }

    /// Each case in a folder of its own: the patterns of one must not find the others.
    QString write(const QString& name, const QByteArray& content) const
    {
        const QString folder = m_folder.filePath(name.section(u'.', 0, 0));
        QDir().mkpath(folder);
        const QString path = folder + u'/' + name;
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return path;
    }

    /// Keeps a case whose verdicts differ, where somebody wants to look at it.
    static QString keep(const QString& what, std::size_t index, const QByteArray& content)
    {
        const QString name = u"%1-%2"_s.arg(what).arg(index);
        const QString folder = qEnvironmentVariable("PROMDECK_DIFFERENTIAL_OUT");
        if (!folder.isEmpty()) {
            QFile file(folder + u'/' + name + u".yml"_s);
            if (file.open(QIODevice::WriteOnly))
                file.write(content);
        }
        return name;
    }

    static void report(const QStringList& differences, std::size_t cases)
    {
        qInfo("%zu cases, %d differ", cases, int(differences.size()));
        const QString folder = qEnvironmentVariable("PROMDECK_DIFFERENTIAL_OUT");
        if (!folder.isEmpty() && !differences.isEmpty()) {
            QFile file(folder + u'/' + QString::fromUtf8(QTest::currentTestFunction()) + u".txt"_s);
            if (file.open(QIODevice::WriteOnly))
                file.write(differences.join(u"\n\n"_s).toUtf8());
        }
        QVERIFY2(differences.isEmpty(), qPrintable(differences.mid(0, 5).join(u"\n\n"_s)));
    }

    /// The verdicts on every case, many files to a process. `wrap` makes the file that names the case's own.
    void compare(FileKind kind, const QString& what, const std::vector<QByteArray>& cases,
                 const std::function<QByteArray(const QString&)>& wrap = {})
    {
        constexpr std::size_t kBatch = 250;
        QStringList differences;
        std::size_t accepted = 0;
        for (std::size_t begin = 0; begin < cases.size(); begin += kBatch) {
            QStringList paths;
            for (std::size_t i = begin; i < std::min(cases.size(), begin + kBatch); ++i) {
                paths.append(write(u"%1-%2.yml"_s.arg(what).arg(i), cases[i]));
                if (wrap)
                    paths.back() = write(u"main-%1-%2.yml"_s.arg(what).arg(i), wrap(paths.back()));
            }
            const std::vector<PeerVerdict> theirs = peerVerdicts(kind, paths);
            for (std::size_t i = 0; i < theirs.size(); ++i) {
                const OurVerdict ours = ourVerdict(paths[qsizetype(i)], kind);
                accepted += theirs[i].outcome == PeerVerdict::Outcome::Accepts;
                // Where a tool crashes we must have something to say.
                if (ours.accepts != (theirs[i].outcome == PeerVerdict::Outcome::Accepts))
                    differences.append(u"%1: theirs: %2\nours: %3"_s.arg(keep(what, begin + i, cases[begin + i]), theirs[i].outcome == PeerVerdict::Outcome::Accepts ? u"accepts"_s : theirs[i].words, ours.words.join(u'\n')));
                else
                    notePlace(kind, cases[begin + i], theirs[i], ours);
            }
        }
        m_cases += cases.size();
        qInfo("%zu of %zu accepted", accepted, cases.size());
        report(differences, cases.size());
    }

    /// Refusals for another reason than the tool's: worth a look, no failure.
    static void notePlace(FileKind, const QByteArray& content, const PeerVerdict& theirs, const OurVerdict& ours)
    {
        const QString folder = qEnvironmentVariable("PROMDECK_DIFFERENTIAL_OUT");
        if (folder.isEmpty() || theirs.outcome != PeerVerdict::Outcome::Refuses)
            return;
        const QString last = theirs.words.section(u": "_s, -1).section(u'\n', 0, 0).trimmed();
        if (ours.words.join(u'\n').contains(last) || last.isEmpty())
            return;
        QFile file(folder + u'/' + QString::fromUtf8(QTest::currentTestFunction()) + u"-words.txt"_s);
        if (file.open(QIODevice::Append))
            file.write(u"theirs: %1\nours: %2\n---\n"_s.arg(theirs.words, ours.words.join(u'\n')).toUtf8() + content + "=====\n");
    }

    static QString compareTargets(const QByteArray& config, const std::vector<LabelMap>& targets, const Json& answer, std::size_t& cases)
    {
        const YamlDocument document = YamlDocument::parse({config.constData(), size_t(config.size())});
        const StructView root = viewOf(*Schema::instance().find("prometheus.Config"), document.root(), {}, YamlDialect::V2);
        const auto rules = relabelRulesOf(root.structsAt("scrape_configs").front(), "relabel_configs");
        if (!rules)
            return u"our rules are not valid"_s;
        for (const Json& target : answer.items()) {
            // What promtool shows as discovered was relabelled in place: the target's number finds what it was.
            if (!target[u"discoveredLabels"].contains(u"__meta_id"))
                continue;
            const std::size_t number = target[u"discoveredLabels"][u"__meta_id"].toString().toUInt();
            ++cases;
            const auto after = relabel(targets[number], *rules, true);
            const QString error = target[u"error"].toString();
            QStringList ours;
            QStringList theirs;
            const LabelMap shown = after.value_or(LabelMap {});
            for (const auto& [name, value] : shown) {
                if (!name.starts_with("__meta_") && name != "__address__" && name != "instance")
                    ours.append(QString::fromStdString(name + '=' + value));
            }
            for (const auto& [name, value] : target[u"labels"].members()) {
                if (name != u"__address__" && name != u"instance")
                    theirs.append(name + u'=' + value.toString());
            }
            ours.sort();
            theirs.sort();
            if (error.isEmpty() && ours != theirs)
                return u"%1\nours: %2\ntheirs: %3"_s.arg(QString::fromUtf8(target[u"discoveredLabels"].toUtf8()), ours.join(u' '), theirs.join(u' '));
        }
        return {};
    }

    QTemporaryDir m_folder;
    std::size_t m_cases = 0;
};

PROMDECK_TEST_MAIN(TestConfigDifferential)
#include "tst_configdifferential.moc"
