#include "models/config/edit/rulelibrary.h"
#include "models/config/edit/yamllines.h"
#include "models/config/filechecker.h"
#include "models/config/embedded.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// The rules that come along: in order for us and for promtool, and every alert has a test that promtool runs.
class TestRuleLibrary : public QObject
{
    Q_OBJECT

    QDir m_folder {QStringLiteral(PROMDECK_RULES)};

private Q_SLOTS:
    void areInOrder_data() { files(); }
    void areInOrder();
    void passTheirTests_data() { files(); }
    void passTheirTests();
    void areIndexed();
    void takeParameters();
    void goIntoFiles();

private:
    void files()
    {
        QTest::addColumn<QString>("name");
        const QStringList names = m_folder.entryList({u"*.yml"_s}, QDir::Files);
        QVERIFY(names.size() > 8);
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name.chopped(4);
    }
};

void TestRuleLibrary::areInOrder()
{
    QFETCH(QString, name);
    FileChecker checker({});
    QVERIFY_RESULT(checker.checkFile(m_folder.filePath(name + u".yml"_s)));
    for (const Diagnostic& one : checker.reports().front().diagnostics)
        QVERIFY2(one.severity == Severity::Info, qPrintable(u"%1:%2: %3"_s.arg(name).arg(one.span.start.line).arg(one.message)));
    runTool(serverBinary(u"promtool"_s), {u"check"_s, u"rules"_s, m_folder.filePath(name + u".yml"_s)});
    const std::string rules = readFile(m_folder.filePath(name + u".yml"_s)).toStdString();
    const QByteArray tests = readFile(m_folder.filePath(u"tests/"_s + name + u"_test.yml"_s));
    for (const ConfigSymbol& symbol : symbolsOf(rules, FileKind::Rules)) {
        if (symbol.kind == ConfigSymbol::Kind::Alert)
            QVERIFY2(tests.contains("alertname: " + QByteArray::fromStdString(symbol.name) + "\n        exp_alerts:"), symbol.name.c_str());
    }
}

void TestRuleLibrary::passTheirTests()
{
    QFETCH(QString, name);
    runTool(serverBinary(u"promtool"_s), {u"test"_s, u"rules"_s, name + u"_test.yml"_s}, m_folder.filePath(u"tests"_s));
}

/// The index says of every rule which metrics it reads and what can be chosen, and nothing else.
void TestRuleLibrary::areIndexed()
{
    const RuleLibrary& library = RuleLibrary::instance();
    std::size_t rules = 0;
    QStringList packs;
    for (const RulePack& pack : library.packs()) {
        packs.append(pack.name + u".yml"_s);
        QVERIFY(!pack.title.isEmpty() && !pack.exporter.isEmpty());
        std::size_t written = 0;
        for (const ConfigSymbol& symbol : symbolsOf(readFile(m_folder.filePath(pack.name + u".yml"_s)).toStdString(), FileKind::Rules))
            written += symbol.kind == ConfigSymbol::Kind::Alert || symbol.kind == ConfigSymbol::Kind::Record ? 1 : 0;
        QVERIFY2(pack.rules.size() == written, qPrintable(pack.name));
        rules += written;
        for (const ReadyRule& rule : pack.rules) {
            const YamlDocument document = YamlDocument::parse(rule.yaml);
            QVERIFY2(document.ok() && document.root()->isMapping(), rule.yaml.c_str());
            const auto parsed = Promql::parse(document.root()->find("expr")->value->value);
            QVERIFY(parsed.ok());
            std::set<QString> metrics;
            for (const Promql::SelectorData& selector : parsed.ast.selectors)
                metrics.insert(QString::fromStdString(selector.name));
            QCOMPARE((std::set<QString>(rule.metrics.begin(), rule.metrics.end())), metrics);
            QVERIFY(library.find(pack.name, rule.name) == &rule && !rule.title.isEmpty() && !rule.summary.isEmpty());
            for (const RuleParameter& parameter : rule.parameters) {
                // What is said to be the value is what is replaced.
                const QString other = parameter.name == u"threshold" ? u"123.5"_s : parameter.name == u"for" ? u"77m"_s : u"urgent"_s;
                const auto changed = RuleLibrary::text(rule, {{parameter.name, other}});
                QVERIFY_RESULT(changed);
                QVERIFY2(*changed != rule.yaml, changed->c_str());
                std::string back = *changed;
                const std::size_t at = back.rfind(other.toStdString());
                back.replace(at, std::size_t(other.size()), parameter.fallback.toStdString());
                QCOMPARE(QString::fromStdString(back), QString::fromStdString(rule.yaml));
            }
        }
    }
    QCOMPARE(packs, m_folder.entryList({u"*.yml"_s}, QDir::Files, QDir::Name));
    QVERIFY(rules > 120);
}

void TestRuleLibrary::takeParameters()
{
    const ReadyRule* rule = RuleLibrary::instance().find(u"elasticsearch"_s, u"ElasticsearchHeapFull"_s);
    QVERIFY(rule);
    const auto text = RuleLibrary::text(*rule, {{u"threshold"_s, u"0.75"_s}, {u"for"_s, u"1h"_s}, {u"severity"_s, u"page"_s}});
    QVERIFY_RESULT(text);
    QVERIFY2(text->find("> 0.75") != std::string::npos && text->find("for: 1h") != std::string::npos && text->find("severity: page") != std::string::npos, text->c_str());
    QCOMPARE(RuleLibrary::text(*rule, {{u"threshold"_s, u"many"_s}}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(RuleLibrary::text(*rule, {{u"for"_s, u"soon"_s}}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(RuleLibrary::text(*rule, {{u"colour"_s, u"red"_s}}).error().code, ErrorCode::InvalidArgument);
    const auto fitting = RuleLibrary::instance().fitting({u"redis_up"_s, u"redis_memory_used_bytes"_s});
    QCOMPARE(fitting.size(), 1U);
    QCOMPARE(fitting[0]->name, u"RedisDown"_s);
}

/// Whatever is put together still loads in promtool.
void TestRuleLibrary::goIntoFiles()
{
    const RuleLibrary& library = RuleLibrary::instance();
    std::string text;
    for (const auto& [pack, name] : {std::pair(u"redis"_s, u"RedisDown"_s), std::pair(u"node"_s, u"NodeDown"_s), std::pair(u"redis"_s, u"RedisMemoryUsedUp"_s), std::pair(u"targets"_s, u"job:up:ratio"_s)}) {
        const auto next = RuleLibrary::insert(text, *library.find(pack, name), {});
        QVERIFY_RESULT(next);
        text = *next;
    }
    QStringList names;
    for (const ConfigSymbol& symbol : symbolsOf(text, FileKind::Rules))
        if (symbol.kind == ConfigSymbol::Kind::Group || symbol.kind == ConfigSymbol::Kind::Alert || symbol.kind == ConfigSymbol::Kind::Record)
            names.append(QString::fromStdString(symbol.name));
    QCOMPARE(names, (QStringList {u"redis"_s, u"RedisDown"_s, u"RedisMemoryUsedUp"_s, u"node"_s, u"NodeDown"_s, u"targets"_s, u"job:up:ratio"_s}));
    QTemporaryDir folder;
    QFile file(folder.filePath(u"r.yml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
    file.close();
    runTool(serverBinary(u"promtool"_s), {u"check"_s, u"rules"_s, file.fileName()});
    QCOMPARE(RuleLibrary::insert("groups: [", *library.find(u"redis"_s, u"RedisDown"_s)).error().code, ErrorCode::Syntax);
}

PROMDECK_TEST_MAIN(TestRuleLibrary)
#include "tst_rulelibrary.moc"
