#include "models/config/relabel.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

RelabelRule rule(const Json& json)
{
    RelabelRule out;
    out.action = relabelActionFromName(json[u"action"].toString(u"replace"_s).toStdString()).value_or(RelabelRule::Action::Replace);
    const Json& sources = json[u"source_labels"].isArray() ? json[u"source_labels"] : json[u"source_labels"][u"_items"];
    for (const Json& name : sources.items())
        out.sourceLabels.push_back(name.toString().toStdString());
    out.separator = json[u"separator"].toString(u";"_s).toStdString();
    out.regex = json[u"regex"].toString(u"(.*)"_s).toStdString();
    out.targetLabel = json[u"target_label"].toString().toStdString();
    out.replacement = json[u"replacement"].toString(u"$1"_s).toStdString();
    out.modulus = std::uint64_t(json[u"modulus"].toInt());
    return out;
}

LabelMap labels(const Json& json)
{
    LabelMap out;
    for (const auto& [name, value] : json.members())
        out[name.toStdString()] = value.toString().toStdString();
    return out;
}

QString shown(const std::optional<LabelMap>& labels)
{
    if (!labels)
        return u"dropped"_s;
    QStringList out;
    for (const auto& [name, value] : *labels)
        out.append(QString::fromStdString(name + '=' + value));
    return out.join(u',');
}

} // namespace

class TestRelabel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void applies_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("result"); // of a=one, b=two:3
        const auto row = [](const char* text, const char* result) { QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(result); };
        row("{\"source_labels\":[\"b\"],\"regex\":\"(\\\\w+):(?P<port>\\\\d+)\",\"target_label\":\"c\",\"replacement\":\"${port}-$1-$$-$x\"}",
            "a=one,b=two:3,c=3-two-$-");
        row("{\"source_labels\":[\"a\"],\"regex\":\"on\",\"target_label\":\"c\"}", "a=one,b=two:3");
        row("{\"source_labels\":[\"a\"],\"target_label\":\"a\",\"replacement\":\"\"}", "b=two:3");
        row("{\"source_labels\":[\"a\",\"b\"],\"target_label\":\"c\"}", "a=one,b=two:3,c=one;two:3");
        row("{\"source_labels\":[\"a\"],\"action\":\"keep\",\"regex\":\"t.*\"}", "dropped");
        row("{\"source_labels\":[\"a\"],\"action\":\"drop\",\"regex\":\"o.e\"}", "dropped");
        row("{\"action\":\"labeldrop\",\"regex\":\"a|c\"}", "b=two:3");
        row("{\"action\":\"labelkeep\",\"regex\":\"a|c\"}", "a=one");
        row("{\"action\":\"labelmap\",\"regex\":\"(.)\",\"replacement\":\"x_$1\"}", "a=one,b=two:3,x_a=one,x_b=two:3");
        row("{\"source_labels\":[\"a\"],\"action\":\"uppercase\",\"target_label\":\"a\"}", "a=ONE,b=two:3");
        row("{\"source_labels\":[\"a\"],\"action\":\"keepequal\",\"target_label\":\"b\"}", "dropped");
        row("{\"source_labels\":[\"a\"],\"action\":\"dropequal\",\"target_label\":\"b\"}", "a=one,b=two:3");
    }

    void applies()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QString, result);
        RelabelRule one = ::rule(Json::parse(rule).valueOr({}));
        QVERIFY(one.compile());
        QCOMPARE(shown(relabel({{"a", "one"}, {"b", "two:3"}}, {one})), result);
    }

    /// Go changes case character by character, and "$01" is no group.
    void detailsOfGo()
    {
        const auto run = [](const char* text, LabelMap labels) {
            RelabelRule one = ::rule(Json::parse(QByteArray(text)).valueOr({}));
            return one.compile() ? shown(relabel(std::move(labels), {one})) : u"does not compile"_s;
        };
        QCOMPARE(run("{\"source_labels\":[\"a\"],\"action\":\"uppercase\",\"target_label\":\"a\"}", {{"a", "x\xC3\xA4\xC3\x9F"}}), u"a=X\u00c4\u00df"_s);
        QCOMPARE(run("{\"source_labels\":[\"a\"],\"target_label\":\"b\",\"replacement\":\"[$01$1]\"}", {{"a", "x"}}), u"a=x,b=[x]"_s);
        QCOMPARE(run("{\"source_labels\":[\"a\"],\"regex\":\"a)|(?:x\",\"target_label\":\"b\",\"replacement\":\"y\"}", {{"a", "x"}}), u"a=x,b=y"_s);
    }

    void corpus()
    {
        PROMDECK_NEED_SHARED();
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/relabel/relabel.jsonl"_s);
        int compared = 0;
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            if (!row.contains(u"relabel_configs"))
                continue;
            std::vector<RelabelRule> rules;
            for (const Json& one : row[u"relabel_configs"].items()) {
                rules.push_back(rule(one));
                QVERIFY(rules.back().compile());
            }
            const auto result = relabel(labels(row[u"input"]), rules);
            const auto expected = row[u"drop"].toBool() ? std::optional<LabelMap>() : std::optional(labels(row[u"output"]));
            QVERIFY2(result == expected, qPrintable(QString::fromUtf8(line) + u"\nfound "_s + shown(result)));
            ++compared;
        }
        QVERIFY(compared > 10);
    }
};

PROMDECK_TEST_MAIN(TestRelabel)
#include "tst_relabel.moc"
