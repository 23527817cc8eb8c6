#include "models/config/edit/yamllines.h"
#include "models/config/filechecker.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDir>

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

PROMDECK_TEST_MAIN(TestRuleLibrary)
#include "tst_rulelibrary.moc"
