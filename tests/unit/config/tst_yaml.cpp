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

    /// Every letter stands once in each text, so that its place is known.
    void everyByteOfAScalarIsFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const char* text) { QTest::newRow(name) << QByteArray(text); };
        row("plain", "a: bcd(ef) + g\n");
        row("plain over lines", "a: bcd\n  ef\n\n   g\n\n\n  h i\n");
        row("plain in flow", "a: [bcd, ef\n g]\n");
        row("single quoted", "a: 'b''c d'\n");
        row("single quoted over lines", "a: 'b''c\n   d  \n\n  e'' f'\n");
        row("double quoted", "a: \"b\\\"c\\\\d\\te\\x41f\\u00e4g\\U0001F600h\\_i\\Lj\\N k\"\n");
        row("double quoted over lines", "a: \"b\n  c\n\n\n  d\\\n   e \\ f\\n\n  g\"\n");
        row("literal", "a: |\n  bcd\n    ef\n\n  g\n");
        row("literal with indicators", "a: |2-\n    b\n  c\n");
        row("literal with comment", "a: |+ # note\n  b\n\n   c\n\n\nk: l\n");
        row("literal that begins blank", "a: |\n\n\n  b\n  c\n");
        row("literal with tabs", "a: |\n  b\tc\n  \td\n");
        row("literal in a list", "a:\n- - |\n    b\n     c\n");
        row("folded", "a: >\n  bcd\n  ef\n\n  g\n\n\n  h\n");
        row("folded with deeper lines", "a: >-\n  b\n  c\n    d\n    e\n  f\n\n    g\n\n  h\n");
        row("folded with trailing blanks", "a: >\n  b  \n  c \n   d \n");
        row("folded with indicator", "a: >1\n   b\n c\n");
        row("not ASCII", "a: |\n  b\xC3\xA4\xF0\x9F\x98\x80\n  c\n");
        row("byte order mark", "\xEF\xBB\xBF" "a: >\n  b\n  c\n");
    }

    void everyByteOfAScalarIsFound()
    {
        QFETCH(QByteArray, text);
        for (const bool carriage : {false, true}) {
            const std::string source = (carriage ? QByteArray(text).replace('\n', "\r\n") : text).toStdString();
            const YamlDocument doc = YamlDocument::parse(source);
            QVERIFY(doc.ok());
            const YamlEntry& entry = doc.root()->entries[0];
            const YamlNode* scalar = entry.value;
            while (scalar->isSequence())
                scalar = scalar->items[0].value;
            for (std::size_t i = 0; i < scalar->value.size(); ++i) {
                const char c = scalar->value[i];
                if (std::isalpha(static_cast<unsigned char>(c)) == 0 || c == 'A')
                    continue;
                // The first line holds the key "a", escapes hold letters of their own.
                std::size_t place = source.find(c, scalar->span.start.offset);
                while (source[place - 1] == '\\' && c != 'd' && c != 'e')
                    place = source.find(c, place + 1);
                const TextPos found = doc.posInScalar(*scalar, i);
                QVERIFY2(found.offset == place, qPrintable(u"%1 is at %2, not at %3"_s.arg(QLatin1Char(c)).arg(place).arg(found.offset)));
            }
        }
    }

    void byteOrderMark()
    {
        // More than one key at the top, which a mark that counted as a column would put at different depths.
        const YamlDocument doc = YamlDocument::parse("\xEF\xBB\xBF" "a: 1\nb: 2\n");
        QVERIFY(doc.ok());
        QCOMPARE(doc.root()->entries.size(), 2U);
        QCOMPARE(doc.root()->entries[0].key->span.start.column, 1);
        QCOMPARE(doc.root()->entries[1].valueSpan.start.column, 4);
        QCOMPARE(doc.root()->entries[1].valueSpan.start.offset, 11U);
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
