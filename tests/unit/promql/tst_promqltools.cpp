#ifndef Q_MOC_RUN // moc cannot read the standard's concepts
#include "models/promql/completion.h"
#include "models/promql/printer.h"
#include "models/promql/rewrite.h"
#endif
#include "tests/support/testsupport.h"

#include <algorithm>


using namespace Promdeck;
using namespace Promdeck::Promql;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// A small stack: a few metrics with labels, and as many made-up names as a test wants.
class FakeSource final : public CompletionSource
{
public:
    explicit FakeSource(int more = 0)
    {
        for (int i = 0; i < more; ++i)
            m_names.push_back("aaa_" + std::to_string(i));
        for (const char* name : {"go_goroutines", "http_requests_total", "node_cpu_seconds_total", "node_filesystem_avail_bytes",
                                 "node_load1", "process_cpu_seconds_total", "up"})
            m_names.emplace_back(name);
    }

    [[nodiscard]] std::span<const std::string> metricNames() const override { return m_names; }
    [[nodiscard]] std::string metricType(const std::string& metric) const override
    {
        return metric.ends_with("_total") ? "counter" : "gauge";
    }
    [[nodiscard]] std::string metricHelp(const std::string& metric) const override { return "Help of " + metric; }
    [[nodiscard]] std::vector<std::string> labelNames(const std::string& metric) const override
    {
        if (metric == "node_cpu_seconds_total")
            return {"__name__", "cpu", "instance", "job", "mode"};
        return {"__name__", "instance", "job"};
    }
    [[nodiscard]] std::vector<std::string> labelValues(const std::string& metric, const std::string& label,
                                                       const std::vector<Matcher>& others) const override
    {
        if (metric == "node_cpu_seconds_total" && label == "mode")
            return others.empty() ? std::vector<std::string> {"idle", "system", "user"} : std::vector<std::string> {"idle"};
        return {label + "-of-" + metric, "a\"b"};
    }

private:
    std::vector<std::string> m_names;
};

/// `|` is the cursor.
struct Marked
{
    explicit Marked(const QString& marked) : text(marked.toStdString()), cursor(std::uint32_t(text.find('|')))
    {
        text.erase(cursor, 1);
    }
    std::string text;
    std::uint32_t cursor;
};

QStringList offered(const QString& marked, const FakeSource& source, size_t limit = 100)
{
    const Marked place(marked);
    QStringList out;
    for (const CompletionItem& item : complete(place.text, place.cursor, source, {}, limit))
        out << QString::fromStdString(item.text);
    return out;
}

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

Matcher matcher(MatchType type, const char* name, const char* value)
{
    Matcher out;
    out.type = type;
    out.name = name;
    out.value = value;
    return out;
}

} // namespace

Q_DECLARE_METATYPE(Promdeck::Promql::CompletionContext)

class TestPromqlTools final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void place_data();
    void place();
    void replaces_data();
    void replaces();
    void offers_data();
    void offers();
    void manyMetricsLeaveRoom();
    void ranking_data();
    void ranking();
    void doesNotFit();
    void describes();
    void hover();
    void printing_data();
    void printing();
    void splitting_data();
    void splitting();
    void formatting_data();
    void formatting();
    void rewriting_data();
    void rewriting();
    void rewriteErrors();
    void selectorsInUse();
};

void TestPromqlTools::place_data()
{
    using enum CompletionContext;
    QTest::addColumn<QString>("marked");
    QTest::addColumn<CompletionContext>("context");
    QTest::newRow("nothing yet") << u"|"_s << Expression;
    QTest::newRow("a word") << u"no|"_s << Expression;
    QTest::newRow("between parentheses of an aggregation") << u"sum(|)"_s << Expression;
    QTest::newRow("between parentheses of a function") << u"rate(|)"_s << Expression;
    QTest::newRow("between plain parentheses") << u"(|)"_s << Expression;
    QTest::newRow("in a nested call") << u"sum by (job) (rate(|))"_s << Expression;
    QTest::newRow("second argument") << u"topk(5, |)"_s << Expression;
    QTest::newRow("behind an operator") << u"up + |"_s << Expression;
    QTest::newRow("behind a comparison with bool") << u"up == bool |"_s << Expression;
    QTest::newRow("behind a finished selector") << u"up |"_s << AfterExpression;
    QTest::newRow("behind a finished call") << u"sum(up) |"_s << AfterExpression;
    QTest::newRow("in braces") << u"up{|}"_s << LabelName;
    QTest::newRow("in braces behind a comma") << u"up{job=\"a\", |}"_s << LabelName;
    QTest::newRow("behind a label") << u"up{job |}"_s << MatchOperator;
    QTest::newRow("behind a match operator") << u"up{job=|}"_s << LabelValue;
    QTest::newRow("in a label's quotes") << u"up{job=~\"pro|\"}"_s << LabelValue;
    QTest::newRow("in an open label's quotes") << u"up{job='|"_s << LabelValue;
    QTest::newRow("in by()") << u"sum by (|) (up)"_s << GroupingLabel;
    QTest::newRow("second label in without()") << u"sum without (job, |)"_s << GroupingLabel;
    QTest::newRow("in on()") << u"up * on (|) up"_s << GroupingLabel;
    QTest::newRow("in group_left()") << u"up * on (job) group_left (|) up"_s << GroupingLabel;
    QTest::newRow("in brackets") << u"rate(up[|])"_s << Duration;
    QTest::newRow("in brackets, digits typed") << u"rate(up[5|])"_s << Duration;
    QTest::newRow("behind offset") << u"up offset |"_s << Duration;
    QTest::newRow("behind offset, digits typed") << u"up offset 5|"_s << Duration;
    QTest::newRow("in a number") << u"up > 10|"_s << None;
    QTest::newRow("in a comment") << u"up # what|"_s << None;
    QTest::newRow("below a comment") << u"# note\n|"_s << Expression;
    QTest::newRow("in a string that is no label's") << u"label_replace(up, \"a|\")"_s << None;
}

void TestPromqlTools::place()
{
    QFETCH(QString, marked);
    QFETCH(CompletionContext, context);
    const Marked at(marked);
    QCOMPARE(int(completionPlace(at.text, at.cursor).context), int(context));
}

void TestPromqlTools::replaces_data()
{
    QTest::addColumn<QString>("marked");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("replaced");
    QTest::newRow("nothing") << u"sum(|)"_s << u""_s << u""_s;
    QTest::newRow("start of a word") << u"sum(nod|)"_s << u"nod"_s << u"nod"_s;
    QTest::newRow("middle of a word") << u"sum(nod|e_x)"_s << u"nod"_s << u"node_x"_s;
    QTest::newRow("name with a colon") << u"job:up|"_s << u"job:up"_s << u"job:up"_s;
    QTest::newRow("label value") << u"up{job=\"pr|om\"}"_s << u"pr"_s << u"prom"_s;
    QTest::newRow("open label value") << u"up{job=\"pr|"_s << u"pr"_s << u"pr"_s;
    QTest::newRow("duration") << u"up[5|m]"_s << u"5"_s << u"5m"_s;
}

void TestPromqlTools::replaces()
{
    QFETCH(QString, marked);
    QFETCH(QString, typed);
    QFETCH(QString, replaced);
    const Marked at(marked);
    const CompletionPlace place = completionPlace(at.text, at.cursor);
    QCOMPARE(q(place.typed), typed);
    QCOMPARE(q(at.text.substr(place.replace.start, place.replace.end - place.replace.start)), replaced);
}

void TestPromqlTools::offers_data()
{
    QTest::addColumn<QString>("marked");
    QTest::addColumn<QStringList>("some");
    QTest::addColumn<QStringList>("none");
    QTest::newRow("sum(|)") << u"sum(|)"_s << QStringList {u"up"_s, u"rate"_s, u"node_load1"_s, u"sum"_s} << QStringList {u"offset"_s};
    QTest::newRow("empty") << u"|"_s << QStringList {u"up"_s, u"rate"_s, u"sum"_s} << QStringList {};
    QTest::newRow("after") << u"up |"_s << QStringList {u"offset"_s, u"and"_s, u"+"_s} << QStringList {u"up"_s, u"rate"_s};
    QTest::newRow("labels of the metric") << u"node_cpu_seconds_total{|}"_s << QStringList {u"mode"_s, u"cpu"_s}
                                          << QStringList {u"__name__"_s, u"up"_s};
    QTest::newRow("labels of the metric behind by()") << u"sum by (|) (node_cpu_seconds_total)"_s << QStringList {u"mode"_s}
                                                      << QStringList {u"__name__"_s};
    QTest::newRow("values") << u"node_cpu_seconds_total{mode=|}"_s << QStringList {u"\"idle\""_s, u"\"user\""_s} << QStringList {};
    QTest::newRow("values in quotes") << u"node_cpu_seconds_total{mode=\"|\"}"_s << QStringList {u"idle"_s, u"user"_s} << QStringList {};
    QTest::newRow("values under other matchers") << u"node_cpu_seconds_total{cpu=\"0\",mode=\"|\"}"_s << QStringList {u"idle"_s}
                                                 << QStringList {u"user"_s};
    QTest::newRow("metric named inside the braces") << u"{__name__=\"node_cpu_seconds_total\",mode=\"|\"}"_s
                                                    << QStringList {u"idle"_s} << QStringList {};
    QTest::newRow("value that needs escaping") << u"up{job=\"|\"}"_s << QStringList {u"a\\\"b"_s} << QStringList {};
    QTest::newRow("durations") << u"rate(up[|])"_s << QStringList {u"5m"_s, u"$__rate_interval"_s} << QStringList {u"up"_s};
    QTest::newRow("durations that begin so") << u"rate(up[1|])"_s << QStringList {u"1m"_s, u"1h"_s, u"15m"_s} << QStringList {u"5m"_s};
}

void TestPromqlTools::offers()
{
    QFETCH(QString, marked);
    QFETCH(QStringList, some);
    QFETCH(QStringList, none);
    const QStringList all = offered(marked, FakeSource());
    for (const QString& text : some)
        QVERIFY2(all.contains(text), qPrintable(text + u" is missing in "_s + all.join(u' ')));
    for (const QString& text : none)
        QVERIFY2(!all.contains(text), qPrintable(text + u" is too much in "_s + all.join(u' ')));
}

void TestPromqlTools::manyMetricsLeaveRoom()
{
    // Neither side may crowd the other out when nothing is typed yet.
    const QStringList all = offered(u"sum(|)"_s, FakeSource(100000), 40);
    QCOMPARE(all.size(), 40);
    const auto metrics = std::count_if(all.begin(), all.end(), [](const QString& text) { return text.startsWith(u"aaa_"_s); });
    QVERIFY2(metrics >= 10 && metrics <= 30, qPrintable(QString::number(metrics)));
    QVERIFY(all.contains(u"rate"_s));
    QVERIFY(all.first().startsWith(u"aaa_"_s));
}

void TestPromqlTools::ranking_data()
{
    // Each row: better ... worse.
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QStringList>("order");
    QTest::newRow("whole, prefix, word, inside, scattered")
        << u"load"_s << QStringList {u"load"_s, u"load_average"_s, u"node_load1"_s, u"node_unloaded"_s, u"node_lost_header"_s};
    QTest::newRow("a long prefix beats a short word") << u"rate"_s << QStringList {u"rate_of_everything_that_ever_happened_total"_s, u"x_rate"_s};
    QTest::newRow("case does not matter, but counts a little") << u"Up"_s << QStringList {u"Up"_s, u"up"_s, u"UpTime"_s, u"uptime"_s};
    QTest::newRow("starts of words beat scattered letters") << u"ncst"_s
                                                           << QStringList {u"node_cpu_seconds_total"_s, u"incessant"_s};
    QTest::newRow("words left out") << u"node_total"_s << QStringList {u"node_total"_s, u"node_cpu_seconds_total"_s, u"xnode_total"_s};
    QTest::newRow("one run beats two") << u"cpusec"_s << QStringList {u"cpusec_total"_s, u"x_cpusec"_s, u"node_cpu_seconds_total"_s};
    QTest::newRow("of two alike the shorter") << u"node"_s << QStringList {u"node_load1"_s, u"node_cpu_seconds_total"_s};
    QTest::newRow("a jump to a later word that leads nowhere") << u"abc"_s << QStringList {u"a_bc"_s, u"ab_b_c"_s, u"xabxc"_s};
}

void TestPromqlTools::ranking()
{
    QFETCH(QString, pattern);
    QFETCH(QStringList, order);
    int before = INT_MAX;
    for (const QString& candidate : order) {
        const int score = fuzzyScore(pattern.toStdString(), candidate.toStdString());
        QVERIFY2(score > 0, qPrintable(candidate));
        QVERIFY2(score < before, qPrintable(u"%1 scores %2, the better one before it %3"_s.arg(candidate).arg(score).arg(before)));
        before = score;
    }
}

void TestPromqlTools::doesNotFit()
{
    QVERIFY(fuzzyScore("abc", "acb") < 0);
    QVERIFY(fuzzyScore("longer", "long") < 0);
    QVERIFY(fuzzyScore("x", "") < 0);
    QCOMPARE(fuzzyScore("", "anything"), 0);
    // Longer than any real name: still an answer.
    QVERIFY(fuzzyScore("ab", std::string(5000, 'x') + "a" + std::string(5000, 'x') + "b") > 0);
}

void TestPromqlTools::describes()
{
    const Marked at(u"rat|"_s);
    const auto items = complete(at.text, at.cursor, FakeSource());
    QVERIFY(!items.empty());
    QCOMPARE(q(items.front().text), u"rate"_s);
    QCOMPARE(int(items.front().kind), int(CompletionKind::Function));
    QVERIFY(q(items.front().detail).startsWith(u"rate("_s));
    QVERIFY(!items.front().documentation.empty());
    const Marked metric(u"node_cpu|"_s);
    const auto metrics = complete(metric.text, metric.cursor, FakeSource());
    QCOMPARE(q(metrics.at(0).text), u"node_cpu_seconds_total"_s);
    QCOMPARE(q(metrics.at(0).detail), u"counter"_s);
    QCOMPARE(q(metrics.at(0).documentation), u"Help of node_cpu_seconds_total"_s);
}

void TestPromqlTools::hover()
{
    const std::string text = "sum by (rate) (rate(x[5m])) # rate";
    const Hover aggregator = hoverAt(text, 1);
    QVERIFY(q(aggregator.signature).startsWith(u"sum("_s));
    QCOMPARE(aggregator.range, (ByteRange {0, 3}));
    QVERIFY(q(hoverAt(text, 16).signature).startsWith(u"rate("_s));
    QVERIFY(hoverAt(text, 31).signature.empty());
    QVERIFY(hoverAt(text, 20).signature.empty());
}

void TestPromqlTools::printing_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("printed");
    QTest::newRow("spaces") << u"  sum(  up )by(job)"_s << u"sum by (job) (up)"_s;
    QTest::newRow("operators") << u"a+b*c^d"_s << u"a + b * c ^ d"_s;
    QTest::newRow("parentheses stay") << u"((a+b))*c"_s << u"((a + b)) * c"_s;
    QTest::newRow("matchers") << u"up{ job = 'x' , instance!~\"a.*\" }"_s << u"up{instance!~\"a.*\",job=\"x\"}"_s;
    QTest::newRow("ranges") << u"rate( x [ 300s ] )"_s << u"rate(x[5m])"_s;
    QTest::newRow("subquery and offset") << u"max_over_time(up[1h:] offset 90s)"_s << u"max_over_time(up[1h:] offset 1m30s)"_s;
    QTest::newRow("matching") << u"a*on(job)group_left(x)b"_s << u"a * on (job) group_left (x) b"_s;
    QTest::newRow("comment is lost") << u"up # note"_s << u"up"_s;
    // Arithmetic behind offset reaches as far as it did.
    QTest::newRow("offset sum of a signed number") << u"x offset + -5 - 3m + 2"_s << u"x offset (-5 - 3m + 2)"_s;
    QTest::newRow("offset sum of step()") << u"x offset + +step() - 3m"_s << u"x offset (step() - 3m)"_s;
    QTest::newRow("offset product of min_of()") << u"x offset + -min_of(1, 2) * 3"_s << u"x offset (-min_of(1, 2) * 3)"_s;
    QTest::newRow("offset, then minus") << u"x offset + (5) - 2"_s << u"x offset +(5) - 2"_s;
    QTest::newRow("offset, then minus, further out") << u"a + b offset + (5) - 2"_s << u"a + b offset +(5) - 2"_s;
    QTest::newRow("offset of parentheses") << u"x offset (5) - 2"_s << u"x offset (5) - 2"_s;
}

void TestPromqlTools::printing()
{
    QFETCH(QString, text);
    QFETCH(QString, printed);
    const ParseResult result = parse(text.toStdString());
    QVERIFY2(result.ok(), result.ok() ? "" : result.problems.front().message.c_str());
    QCOMPARE(q(print(result.ast)), printed);
    QVERIFY(parse(printed.toStdString()).ast.sameTree(result.ast));
}

void TestPromqlTools::splitting_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("split");
    QTest::newRow("short enough") << u"sum(rate(x[5m]))"_s << 40 << u"sum(rate(x[5m]))"_s;
    QTest::newRow("calls") << u"sum(rate(x[5m]))"_s << 12 << u"sum(\n  rate(x[5m])\n)"_s;
    QTest::newRow("calls in calls") << u"sum(rate(x[5m]))"_s << 8 << u"sum(\n  rate(\n    x[5m]\n  )\n)"_s;
    QTest::newRow("operators") << u"first_metric + second_metric"_s << 16 << u"  first_metric\n+\n  second_metric"_s;
    QTest::newRow("grouping stays beside its aggregation") << u"sum by (job) (first_metric)"_s << 16
                                                          << u"sum by (job) (\n  first_metric\n)"_s;
}

void TestPromqlTools::splitting()
{
    QFETCH(QString, text);
    QFETCH(int, width);
    QFETCH(QString, split);
    const ParseResult result = parse(text.toStdString());
    QVERIFY(result.ok());
    QCOMPARE(q(prettify(result.ast, {width, {}})), split);
}

void TestPromqlTools::formatting_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("formatted");
    QTest::newRow("comment above") << u"# what is up\nsum( up )"_s << u"# what is up\nsum(up)"_s;
    QTest::newRow("comment behind") << u"sum( up )   # all"_s << u"sum(up) # all"_s;
    QTest::newRow("hash in a string is none") << u"up{job=\"#1\"}"_s << u"up{job=\"#1\"}"_s;
}

void TestPromqlTools::formatting()
{
    QFETCH(QString, text);
    QFETCH(QString, formatted);
    const std::string bytes = text.toStdString();
    const ParseResult result = parse(bytes);
    QVERIFY(result.ok());
    const std::string once = format(bytes, result.ast);
    QCOMPARE(q(once), formatted);
    QCOMPARE(q(format(once, parse(once).ast)), formatted);
}

void TestPromqlTools::rewriting_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rewritten");
    const QString job = u"job=\"x\""_s;
    QTest::newRow("bare name") << u"up"_s << u"up{job=\"x\"}"_s;
    QTest::newRow("empty braces") << u"up{}"_s << u"up{job=\"x\"}"_s;
    QTest::newRow("other matchers") << u"up{instance=\"a\"}"_s << u"up{instance=\"a\",job=\"x\"}"_s;
    QTest::newRow("trailing comma") << u"up{instance=\"a\",}"_s << u"up{instance=\"a\",job=\"x\",}"_s;
    QTest::newRow("already there") << u"up{job=\"x\"}"_s << u"up{job=\"x\"}"_s;
    QTest::newRow("another value stays") << u"up{job=\"y\"}"_s << u"up{job=\"y\",job=\"x\"}"_s;
    QTest::newRow("no name") << u"{__name__=~\"a.*\"}"_s << u"{__name__=~\"a.*\",job=\"x\"}"_s;
    QTest::newRow("every selector") << u"rate(a[5m]) / sum(b offset 1h)"_s
                                    << u"rate(a{job=\"x\"}[5m]) / sum(b{job=\"x\"} offset 1h)"_s;
    QTest::newRow("comments and spaces stay") << u"up   # up{job}\n + up"_s << u"up{job=\"x\"}   # up{job}\n + up{job=\"x\"}"_s;
    QTest::newRow("labels are no selectors") << u"sum by (up) (up)"_s << u"sum by (up) (up{job=\"x\"})"_s;
}

void TestPromqlTools::rewriting()
{
    QFETCH(QString, text);
    QFETCH(QString, rewritten);
    const auto result = addMatchers(text.toStdString(), {matcher(MatchType::Equal, "job", "x")});
    QVERIFY_RESULT(result);
    QCOMPARE(q(*result), rewritten);
    QVERIFY(parse(*result).ok());
}

void TestPromqlTools::rewriteErrors()
{
    const auto broken = addMatchers("sum(\n up", {matcher(MatchType::Equal, "job", "x")});
    QVERIFY(!broken.ok());
    QCOMPARE(broken.error().code, ErrorCode::Syntax);
    QCOMPARE(broken.error().where.line, 2);
    const auto regex = addMatchers("up", {matcher(MatchType::Regexp, "job", "(")});
    QVERIFY(!regex.ok());
    QCOMPARE(regex.error().code, ErrorCode::InvalidArgument);
}

void TestPromqlTools::selectorsInUse()
{
    const ParseResult result = parse("sum(rate(a{x=\"1\"}[5m])) / {__name__=\"b\"} + {__name__=~\"c.*\"}");
    QVERIFY(result.ok());
    const auto uses = selectors(result.ast);
    QCOMPARE(uses.size(), size_t(3));
    QCOMPARE(q(uses[0].metric), u"a"_s);
    QCOMPARE(uses[0].rangeNs, std::int64_t(300'000'000'000));
    QCOMPARE(q(seriesMatcher(uses[0])), u"{x=\"1\",__name__=\"a\"}"_s);
    QCOMPARE(q(uses[1].metric), u"b"_s);
    QVERIFY(uses[2].metric.empty());
    QCOMPARE(metricNames(result.ast), (std::vector<std::string> {"a", "b"}));
}

PROMDECK_TEST_MAIN(TestPromqlTools)
#include "tst_promqltools.moc"
