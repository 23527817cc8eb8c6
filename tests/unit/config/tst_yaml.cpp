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

namespace {

bool sameTree(const YamlNode& a, const YamlNode& b)
{
    if (a.kind != b.kind || a.style != b.style || a.tag != b.tag || a.value != b.value || a.span != b.span || a.items.size() != b.items.size()
        || a.entries.size() != b.entries.size())
        return false;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (a.items[i].span != b.items[i].span || !sameTree(*a.items[i].value, *b.items[i].value))
            return false;
    }
    for (std::size_t i = 0; i < a.entries.size(); ++i) {
        if (a.entries[i].valueSpan != b.entries[i].valueSpan || !sameTree(*a.entries[i].key, *b.entries[i].key)
            || !sameTree(*a.entries[i].value, *b.entries[i].value))
            return false;
    }
    return true;
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

    /// Large texts are read in parts. A key behind the list has the same text read in one go: both must agree in all.
    void partsMakeTheSameTree_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("item"); // %1 is its number
        const auto row = [](const char* name, const char* head, const char* item) { QTest::newRow(name) << QByteArray(head) << QByteArray(item); };
        row("rules", "groups:\n", "- name: g%1\n  rules:\n  - alert: A\n    expr: |\n      sum(up) by (a)\n        > %1\n\n");
        row("indented", "# head\ngroups:\n  # first\n", "  - name: g%1\n    rules:\n    - {alert: A, expr: 'up'}\n# at the margin\n");
        row("not ASCII", "x: \xC3\xA4\ngroups:\n", "- name: \"\xF0\x9F\x98\x80%1\"\n  labels: {a: \xC3\xB6}\n");
        row("carriage returns", "groups:\r\n", "- name: g%1\r\n  x: >\r\n    a\r\n    b\r\n");
        row("items inside of texts", "groups:\n", "- name: \"g%1\n- name: no\n- name: item\"\n  x: 'a\n- b\n- c'\n");
        row("items inside of brackets", "groups:\n", "- [a,\n  b%1,\n\n  c\n  ]\n- x: {a: 1,\n  b: 2}\n");
        row("texts that end a part", "groups:\n", "- |+\n  a%1\n\n\n- >-\n  b\n  c\n- plain\n  goes on\n");
        row("anchors from the first", "groups:\n- &a {x: 1}\n", "- *a\n- y%1: *a\n");
        row("anchors of their own", "groups:\n", "- &a {x: %1}\n- *a\n");
        row("lists of lists", "groups:\n", "- - - a\n    - b%1\n  - c\n- d\n");
        row("values that are absent", "groups:\n", "-\n- a:\n- ? b%1\n");
        row("two keys", "other:\n- a\n- b\ngroups:\n", "- a: %1\n");
        row("flow list in front", "other: [a,\n- b]\ngroups:\n", "- a: %1\n");
        row("byte order mark", "\xEF\xBB\xBF" "groups:\n", "- a: %1\n");
        row("tags", "groups:\n", "- !!str %1\n- !x {a: 1}\n");
    }

    void partsMakeTheSameTree()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, item);
        QByteArray text = head;
        for (int i = 0; text.size() < 260000; ++i)
            text += QByteArray(item).replace("%1", QByteArray::number(i));
        const QByteArray whole = text + "zz: end\n";
        const YamlDocument parts = YamlDocument::parse({text.constData(), size_t(text.size())});
        const YamlDocument one = YamlDocument::parse({whole.constData(), size_t(whole.size())});
        QCOMPARE(parts.ok(), one.ok());
        if (!one.ok()) {
            QCOMPARE(parts.errors().front().span, one.errors().front().span);
            return;
        }
        QCOMPARE(parts.documentCount(), 1U);
        QCOMPARE(parts.hasAliases(), one.hasAliases());
        const YamlEntry& list = *parts.root()->find("groups");
        QCOMPARE(list.value->items.size(), one.root()->find("groups")->value->items.size());
        QCOMPARE(list.valueSpan, one.root()->find("groups")->valueSpan);
        QCOMPARE(parts.root()->span.end, list.valueSpan.end);
        QVERIFY(sameTree(*list.value, *one.root()->find("groups")->value));
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

    /// go-yaml knows \' in double quotes; elsewhere a backslash is one.
    void readsEscapedApostrophes()
    {
        const std::string text = "a: \"it\\'s \\a \\x07 \\'x\\'\"\nb: 'c:\\'\nc: d\\'e # \\'\n\"k\\'\": [\"\\'\", \"Ã¤\\'\"]\nd: |\n  \\'\n";
        const YamlDocument document = YamlDocument::parse(text);
        QVERIFY2(document.ok(), text.c_str());
        const auto value = [&document](std::string_view key) { return document.root()->find(key)->value; };
        QCOMPARE(value("a")->value, std::string("it's \a \a 'x'"));
        QCOMPARE(value("b")->value, std::string("c:\\"));
        QCOMPARE(value("c")->value, std::string("d\\'e"));
        QCOMPARE(value("k'")->items[0].value->value, std::string("'"));
        QCOMPARE(value("k'")->items[1].value->value, std::string("Ã¤'"));
        QCOMPARE(value("d")->value, std::string("\\'\n"));
        const TextPos place = document.posInScalar(*value("a"), 3);
        QCOMPARE(place.column, 9);
        QVERIFY(!YamlDocument::parse("a: \"\\'\\q\"\n").ok());
    }
};

PROMDECK_TEST_MAIN(TestYaml)
#include "tst_yaml.moc"
