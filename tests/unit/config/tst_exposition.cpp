#include "models/config/preview/exposition.h"
#include "models/config/preview/relabelpreview.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

class TestExposition : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void problems_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("found"); // "line:column-end code", warnings about help left out
        const auto row = [](const char* name, const char* text, const char* found) { QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(found); };
        row("fine", "# HELP a x\n# TYPE a gauge\na{b=\"c\",d=\"e\\n\\\"\"} 1 123\n\n  # comment\n  b\t 2\n", "");
        row("no line break", "a 1", "1:3-4 exposition/syntax");
        row("value", "a x\n", "1:3-4 exposition/syntax");
        row("no value", "a\n", "1:2-3 exposition/syntax");
        row("several", "a x\nb 1\n1c 2\nd{e} 1\n", "1:3-4 exposition/syntax;3:1-2 exposition/syntax;4:4-5 exposition/syntax");
        row("label twice", "a{b=\"1\",b=\"2\"} 1\n", "1:9-10 exposition/syntax");
        row("code points", "a{b=\"\xc3\xa4\",c=} 1\n", "1:11-12 exposition/syntax");
        row("open label", "a{b=\"1} 1\n", "1:5-10 exposition/syntax");
        row("escape", "a{b=\"\\x\"} 1\n", "1:6-8 exposition/syntax");
        row("timestamp", "a 1 1.5\n", "1:5-8 exposition/syntax");
        row("behind timestamp", "a 1 1 1\n", "1:7-8 exposition/syntax");
        row("type", "# TYPE a thing\na 1\n", "1:10-15 exposition/syntax");
        row("type behind samples", "a 1\n# TYPE a gauge\n", "2:8-9 exposition/syntax");
        row("help twice", "# HELP a x\n# HELP a y\n", "2:8-9 exposition/syntax");
        row("series twice", "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", "2:1-17 exposition/duplicate-series");
        row("le", "# TYPE h histogram\nh_bucket{le=\"x\"} 1\n", "2:13-16 exposition/syntax");
        row("buckets", "# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"2\"} 4\nh_bucket{le=\"+Inf\"} 6\nh_sum 1\nh_count 7\n",
            "2:1-19 exposition/histogram-count;2:1-19 exposition/buckets-shrink");
        row("no infinity", "# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_sum 1\nh_count 5\n", "2:1-19 exposition/no-inf-bucket");
        row("counter", "# TYPE a counter\na -1\n", "1:1-2 exposition/counter-total;2:1-5 exposition/counter-value");
        row("units", "# TYPE a_milliseconds gauge\na_milliseconds 1\n", "1:1-2 exposition/base-unit");
        row("names", "# TYPE some_gauge gauge\nsome_gauge{aB=\"1\"} 1\nx_ms 1\n", "1:1-2 exposition/type-in-name;1:1-2 exposition/label-camel-case;3:1-2 exposition/abbreviated-unit");
    }

    void problems()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, found);
        QStringList shown;
        for (const ExpositionProblem& one : checkExposition({text.constData(), std::size_t(text.size())}, ExpositionFormat::Text).problems) {
            const TextSpan& span = one.finding.span;
            if (one.finding.code != u"exposition/no-help")
                shown.append(u"%1:%2-%3 %4"_s.arg(span.start.line).arg(span.start.column).arg(span.end.column).arg(one.finding.code));
        }
        QCOMPARE(shown.join(u';'), found);
    }

    void openMetrics_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* name, const char* text, const char* found) { QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(found); };
        row("fine", "# TYPE a counter\n# UNIT b_seconds seconds\na_total{b=\"c\"} 1 1.5 # {t=\"x\"} 0.5 1.25\na_created 5\nb_seconds 1\n# EOF\n", "");
        row("no end", "a 1\n", "1 exposition/no-eof");
        row("behind the end", "a 1\n# EOF\nb 1\n", "3 exposition/syntax");
        row("empty line", "a 1\n\n# EOF\n", "2 exposition/syntax");
        row("comment", "# hello\n# EOF\n", "1 exposition/syntax");
        row("unit", "# UNIT a seconds\na 1\n# EOF\n", "1 exposition/syntax");
        row("untyped", "# TYPE a untyped\n# EOF\n", "1 exposition/syntax");
        row("two blanks", "a  1\n# EOF\n", "1 exposition/syntax");
        row("apart", "a 1\nb 1\na{x=\"y\"} 1\n# EOF\n", "3 exposition/interleaved");
        row("total", "# TYPE a counter\na 1\n# EOF\n", "2 exposition/counter-total");
    }

    void openMetrics()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, found);
        QStringList shown;
        for (const ExpositionProblem& one : checkExposition({text.constData(), std::size_t(text.size())}, ExpositionFormat::OpenMetrics).problems) {
            if (one.finding.code != u"exposition/no-help" && one.finding.code != u"exposition/reserved-suffix")
                shown.append(u"%1 %2"_s.arg(one.finding.span.start.line).arg(one.finding.code));
        }
        QCOMPARE(shown.join(u';'), found);
    }

    void counts()
    {
        const ExpositionReport report = checkExposition("# TYPE h histogram\nh_bucket{le=\"+Inf\",j=\"a\"} 1\nh_sum{j=\"a\"} 1\nh_count{j=\"a\"} 1\nx{j=\"b\"} 1\nx{j=\"c\"} 2\n", ExpositionFormat::Text);
        QCOMPARE(report.series, 5U);
        QCOMPARE(report.families.size(), 2U);
        QCOMPARE(report.families[0].series, 3U);
        QCOMPARE(report.families[1].labelValues.at("j"), 2U);
        QCOMPARE(report.labels[0].label, std::string("j"));
        QCOMPARE(report.labels[0].values, 3U);
        QCOMPARE(report.labels[0].series, 5U);
    }

    void tracesRelabelling()
    {
        RelabelRule host;
        host.sourceLabels = {"__address__"};
        host.regex = "([^:]+):.*";
        host.targetLabel = "host";
        RelabelRule keep;
        keep.action = RelabelRule::Action::Keep;
        keep.sourceLabels = {"env", "host"};
        keep.regex = "prod;.*";
        RelabelRule drop;
        drop.action = RelabelRule::Action::LabelDrop;
        drop.regex = "tmp_.*";
        std::vector<RelabelRule> rules {host, drop, keep};
        for (RelabelRule& one : rules)
            QVERIFY(one.compile());
        const RelabelTrace kept = traceRelabel({{"__address__", "db:9100"}, {"env", "prod"}, {"tmp_x", "1"}}, rules);
        QVERIFY(kept.output);
        QCOMPARE(kept.steps.size(), 3U);
        QVERIFY(kept.steps[0].effect == RelabelStep::Effect::Changed);
        QCOMPARE(kept.steps[0].groups, (std::vector<std::string> {"db:9100", "db"}));
        QCOMPARE(kept.steps[0].changes[0].after.value_or(""), std::string("db"));
        QVERIFY(!kept.steps[1].usesValue && kept.steps[1].changes[0].before && !kept.steps[1].changes[0].after);
        QCOMPARE(kept.steps[2].value, std::string("prod;db"));
        QVERIFY(kept.steps[2].effect == RelabelStep::Effect::Kept);
        const TargetOutcome target = targetOutcome(*kept.output);
        QCOMPARE(target.labels, (LabelMap {{"env", "prod"}, {"host", "db"}, {"instance", "db:9100"}}));
        QCOMPARE(target.scrapeUrl, u"http://db:9100/metrics"_s);
        const RelabelTrace dropped = traceRelabel({{"__address__", "x"}, {"env", "test"}}, rules);
        QVERIFY(!dropped.output);
        QVERIFY(dropped.steps[0].effect == RelabelStep::Effect::Unchanged && !dropped.steps[0].matched);
        QVERIFY(dropped.steps[2].effect == RelabelStep::Effect::Dropped);
    }

    void readsPastedLabels()
    {
        const auto sets = readLabelSets(u"up{job=\"a\", \"b.c\"=\"d\\n\"}\n{x=\"1\"}\n"_s);
        QVERIFY_RESULT(sets);
        QCOMPARE(sets->size(), 2U);
        QCOMPARE((*sets)[0], (LabelMap {{"__name__", "up"}, {"b.c", "d\n"}, {"job", "a"}}));
        QCOMPARE(readLabelSets(u"job=a\ninstance: b:1\nq=\"x y\""_s).valueOr({})[0], (LabelMap {{"instance", "b:1"}, {"job", "a"}, {"q", "x y"}}));
        QCOMPARE(readLabelSets(u"{\"a\": \"b\"}"_s).valueOr({})[0], (LabelMap {{"a", "b"}}));
        QCOMPARE(readLabelSets(u"a=1\nnonsense"_s).error().where.line, 2);
    }
};

PROMDECK_TEST_MAIN(TestExposition)
#include "tst_exposition.moc"
