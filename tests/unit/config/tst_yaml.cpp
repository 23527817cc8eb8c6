#include "models/config/yamlscalar.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

QByteArray tagOf(const YamlDocument& doc, YamlDialect dialect)
{
    return doc.root() ? QByteArray(shortTag(*doc.root(), dialect).data()) : QByteArray("none");
}

} // namespace

class TestYaml : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void positionsCountCodePoints()
    {
        const YamlDocument doc = YamlDocument::parse("größe: [ä, b]\nnext:\n  deep: 'x'\n");
        QVERIFY(doc.ok());
        QCOMPARE(doc.root()->entries[0].value->items[1].span.start.column, 12);
        const YamlEntry& deep = doc.root()->find("next")->value->entries[0];
        QCOMPARE(deep.valueSpan.start.line, 3);
        QCOMPARE(deep.valueSpan.start.column, 9);
        QCOMPARE(deep.valueSpan.end.column, 12);
    }

    void aliasesShareTheNodeAndKeepTheirPlace()
    {
        const YamlDocument doc = YamlDocument::parse("a: &x {k: 1}\nb: *x\n");
        QVERIFY(doc.ok());
        QCOMPARE(doc.root()->entries[0].value, doc.root()->entries[1].value);
        QCOMPARE(doc.root()->entries[1].valueSpan.start.line, 2);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("tab indentation") << QByteArray("a:\n\tb: 1\n");
        QTest::newRow("unknown anchor") << QByteArray("a: *nope\n");
        QTest::newRow("cycle") << QByteArray("a: &x\n  b: *x\n");
        QTest::newRow("unterminated quote") << QByteArray("a: 1\nb: 'x\n");
        QTest::newRow("yaml 1.2 directive") << QByteArray("%YAML 1.2\n---\na: 1\n");
        QTest::newRow("not UTF-8") << QByteArray("a: \xff\xfe\n");
        QTest::newRow("depth") << QByteArray(100000, '[');
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        const YamlDocument doc = YamlDocument::parse({text.constData(), size_t(text.size())});
        QVERIFY(!doc.ok());
        QVERIFY(!doc.errors().front().message.empty());
    }

    void placesInsideScalars()
    {
        const YamlDocument doc = YamlDocument::parse(
            "a: sum(x)\nb: |\n    rate(\n      y[5m])\nc: \"q\\\"uote\"\nd: >-\n  one\n  two\ne: 'it''s x'\n");
        QVERIFY(doc.ok());
        const auto place = [&doc](const char* key, size_t offset) {
            const TextPos pos = doc.posInScalar(*doc.root()->find(key)->value, offset);
            return u"%1:%2"_s.arg(pos.line).arg(pos.column);
        };
        QCOMPARE(place("a", 4), u"1:8"_s);
        QCOMPARE(place("b", 0), u"3:5"_s);
        QCOMPARE(place("b", 8), u"4:7"_s); // two of the blanks belong to the value
        QCOMPARE(place("c", 2), u"5:8"_s);
        QCOMPARE(place("d", 4), u"8:3"_s);
        QCOMPARE(place("e", 5), u"9:11"_s);
    }

    void typesScalarsAsGoYaml_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("v2");
        QTest::addColumn<QByteArray>("v3");
        const auto row = [](const char* text, const char* v2, const char* v3 = nullptr) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(v2) << QByteArray(v3 ? v3 : v2);
        };
        row("yes", "!!bool", "!!str");
        row("'yes'", "!!str");
        row("true", "!!bool");
        row("0x10", "!!int");
        row("1_000", "!!int");
        row("010", "!!int");
        row("1e3", "!!float");
        row("3.0", "!!float");
        row("1m", "!!str");
        row("~", "!!null");
        row("2001-01-01", "!!timestamp");
        row("- x", "!!seq");
        row(".inf", "!!float");
        row("10.0.0.1", "!!str");
        row("18446744073709551615", "!!int");
        row("!!str 5", "!!str");
    }

    void typesScalarsAsGoYaml()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, v2);
        QFETCH(QByteArray, v3);
        const YamlDocument doc = YamlDocument::parse(text.toStdString());
        QCOMPARE(tagOf(doc, YamlDialect::V2), v2);
        QCOMPARE(tagOf(doc, YamlDialect::V3), v3);
    }

    void numbersAsGoFieldsTakeThem()
    {
        const auto uint = [](const char* text) { return asUint(*YamlDocument::parse(text).root(), YamlDialect::V2); };
        QVERIFY(!uint("-5"));
        QVERIFY(!uint("'5'"));
        QCOMPARE(*uint("1e3"), 1000U);
        QCOMPARE(*uint("010"), 8U);
        QVERIFY(!asBool(*YamlDocument::parse("1").root(), YamlDialect::V2));
        QVERIFY(*asBool(*YamlDocument::parse("on").root(), YamlDialect::V3));
    }
};

PROMDECK_TEST_MAIN(TestYaml)
#include "tst_yaml.moc"
