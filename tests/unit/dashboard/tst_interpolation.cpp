#include "tests/support/testsupport.h"

#include "models/dashboard/interpolation.h"

#include <QRandomGenerator>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

VariableValue single(const QString& value, const QString& type = u"query"_s)
{
    VariableValue out;
    out.type = type;
    out.values = {value};
    out.texts = {value};
    return out;
}

VariableValue multi(const QStringList& values)
{
    VariableValue out;
    out.type = u"query"_s;
    out.values = values;
    out.texts = values;
    out.multi = true;
    return out;
}

VariableScope scope()
{
    VariableScope out;
    out.set(u"job"_s, single(u"node"_s));
    out.set(u"path"_s, single(u"C:\\it's"_s));
    out.set(u"hosts"_s, multi({u"a.b"_s, u"c|d"_s}));
    out.set(u"one"_s, multi({u"x/y.z"_s}));
    out.set(u"quoted"_s, multi({u"it's"_s, u"say \"hi\""_s}));
    VariableValue all = multi({u"a"_s, u"b"_s});
    all.isAll = true;
    all.includeAll = true;
    out.set(u"all"_s, all);
    all.allValue = u".*$job"_s;
    out.set(u"every"_s, all);
    VariableValue loop = all;
    loop.allValue = u"$loop!"_s;
    out.set(u"loop"_s, loop);
    out.set(u"named"_s, [] {
        VariableValue value = multi({u"1"_s, u"2"_s});
        value.texts = {u"One"_s, u"Two"_s};
        return value;
    }());
    out.setText(u"__from"_s, u"1594671549254"_s);
    out.setText(u"__interval"_s, u"15s"_s);
    out.setText(u"__field.labels.job"_s, u"deep"_s);
    return out;
}

} // namespace

class TestInterpolation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("plain", "plain");
        row("$job", "node");
        row("[[job]]", "node");
        row("${job}", "node");
        row("$job-$job.$job", "node-node.node");
        row("$jobs $unknown ${unknown} [[unknown]] ${unknown:csv}", "$jobs $unknown ${unknown} [[unknown]] ${unknown:csv}");
        row("$ $$ $$job ${} ${job [[job]", "$ $$ $node ${} ${job [[job]");
        row("$hosts", "{a.b,c|d}");
        row("$one", "x/y.z");
        row("${hosts:raw}", "a.b,c|d");
        row("${hosts:csv}", "a.b,c|d");
        row("[[hosts:pipe]]", "a.b|c|d");
        row("${hosts:regex}", "(a\\.b|c\\|d)");
        row("${one:regex}", "x\\/y\\.z");
        row("${hosts:glob}", "{a.b,c|d}");
        row("${hosts:json}", "[\"a.b\",\"c|d\"]");
        row("${job:json}", "node");
        row("${one:json}", "[\"x/y.z\"]");
        row("${quoted:html}", "it&#39;s, say &quot;hi&quot;");
        row("${hosts:percentencode}", "%7Ba.b%2Cc%7Cd%7D");
        row("${path:percentencode}", "C%3A%5Cit%27s");
        row("${path:uriencode}", "C:%5Cit%27s");
        row("${quoted:singlequote}", "'it\\'s','say \"hi\"'");
        row("${quoted:doublequote}", "\"it's\",\"say \\\"hi\\\"\"");
        row("${quoted:sqlstring}", "'it''s','say \\\"hi\\\"'");
        row("${hosts:join}", "a.b,c|d");
        row("${hosts:join: or }", "a.b or c|d");
        row("${hosts:distributed}", "a.b,hosts=c|d");
        row("${hosts:lucene}", "(\"a.b\" OR \"c\\|d\")");
        row("${job:lucene}", "node");
        row("${named:text}", "One + Two");
        row("${named.text}", "One + Two");
        row("${named.value}", "{1,2}");
        row("$named", "{1,2}");
        row("${all:text}", "All");
        row("$all", "{a,b}");
        row("${hosts:queryparam}", "var-hosts=a.b&var-hosts=c%7Cd");
        row("${all:queryparam}", "var-all=$__all");
        row("${hosts:customqueryparam:p:x-}", "p=x-a.b&p=x-c%7Cd");
        row("${hosts:nosuchformat}", "{a.b,c|d}");
        row("$every", ".*node");
        row("${every:text}", "All");
        row("${__from}", "1594671549254");
        row("${__from:date}", "2020-07-13T20:19:09.254Z");
        row("${__from:date:iso}", "2020-07-13T20:19:09.254Z");
        row("${__from:date:seconds}", "1594671549");
        row("${__from:date:YYYY-MM}", "2020-07");
        row("${__from:date:HH:mm:ss [at] DD}", "20:19:09 at 13");
        row("${job:date}", "NaN");
        row("${__field.labels.job} ${__field.labels.x}", "deep ${__field.labels.x}");
        row("rate(x[$__interval])", "rate(x[15s])");
    }

    void texts()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(interpolate(text, scope()), expected);
    }

    void prometheus_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("up{job=\"$job\"}", "up{job=\"node\"}");
        row("$path", "C:\\\\it\\\\'s");
        row("$hosts", "(a\\\\.b|c\\\\|d)");
        row("$one", "x/y\\\\.z");
        row("${hosts:pipe}", "a.b|c|d");
        row("$all", "(a|b)");
        row("$every", ".*node");
        row("x[$__interval]", "x[15s]");
    }

    void prometheus()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(interpolate(text, scope(), InterpolationTarget::Prometheus), expected);
    }

    void backslashesCountTwice()
    {
        VariableScope values;
        values.set(u"v"_s, multi({u"a\\b"_s}));
        QCOMPARE(interpolate(u"$v"_s, values, InterpolationTarget::Prometheus), u"a\\\\\\\\b"_s);
    }

    void innerScopesWin()
    {
        const VariableScope outer = scope();
        VariableScope inner(&outer);
        inner.set(u"job"_s, single(u"inner"_s));
        QCOMPARE(interpolate(u"$job $one"_s, inner), u"inner x/y.z"_s);
        QCOMPARE(inner.names().count(u"job"_s), 1);
    }

    void circlesEnd()
    {
        QVERIFY(interpolate(u"$loop"_s, scope()).endsWith(u"!"));
    }

    void namesReferences()
    {
        QCOMPARE(referencedVariables(u"$a [[b:csv]] ${c.d:text} $a $__interval $ ${x y}"_s),
                 (QStringList {u"a"_s, u"b"_s, u"c"_s, u"__interval"_s}));
    }

    /// Whatever the text, expanding with an empty scope changes nothing, and references found are in the text.
    void unknownNamesNeverChangeText()
    {
        QRandomGenerator random(7);
        const QString alphabet = u"$[]{}:.ab_1 \"\\"_s;
        for (int round = 0; round < 5000; ++round) {
            QString text;
            for (int i = random.bounded(30); i > 0; --i)
                text += alphabet[random.bounded(int(alphabet.size()))];
            QCOMPARE(interpolate(text, VariableScope()), text);
            for (const QString& name : referencedVariables(text))
                QVERIFY(text.contains(name));
        }
    }
};

PROMDECK_TEST_MAIN(TestInterpolation)
#include "tst_interpolation.moc"
