#include "models/config/online/expressionrun.h"
#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/promql/parser.h"
#endif
#include "tests/integration/config/differential/dice.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QSignalSpy>

#include <cmath>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Promql;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNow = 1700000060000;

/// A few metrics with label sets that overlap in part.
QByteArray randomSamples(Dice& dice)
{
    QByteArray out;
    for (const char* metric : {"a", "b", "c"}) {
        out += QByteArray("# TYPE ") + metric + " gauge\n";
        QByteArrayList seen;
        for (int i = 0; i < 9; ++i) {
            QByteArray labels = "x=\"" + QByteArray::number(qlonglong(dice.below(3))) + '"';
            if (dice.chance(60))
                labels += ",y=\"" + QByteArray::number(qlonglong(dice.below(2))) + '"';
            if (dice.chance(40))
                labels += ",z=\"" + QByteArray::number(qlonglong(dice.below(2))) + '"';
            if (seen.contains(labels))
                continue;
            seen.append(labels);
            out += QByteArray(metric) + '{' + labels + "} " + QByteArray::number(qlonglong(dice.below(4))) + " 1700000000\n";
        }
    }
    return out + "# EOF\n";
}

std::string randomExpression(Dice& dice)
{
    const std::string op = dice.pick({"+", "-", "*", ">", "<=", "==", "!=", "> bool", "and", "or", "unless"});
    std::string out = dice.pick({"a", "b", "a{x!=\"0\"}"}) + " " + op;
    if (dice.chance(70))
        out += " " + dice.pick({"on", "ignoring"}) + dice.pick({"(x)", "(x, y)", "(y)", "()", "(z)"});
    const bool set = op == "and" || op == "or" || op == "unless";
    if (!set && out.back() == ')' && dice.chance(50))
        out += " " + dice.pick({"group_left", "group_right"}) + dice.pick({"()", "(w)"});
    return out + " " + dice.pick({"b", "c", "c{x=\"1\"}", "b{y=\"\"}"});
}

QStringList linesOf(const std::vector<std::pair<Labels, double>>& series)
{
    QStringList out;
    for (const auto& [labels, value] : series) {
        QString line;
        for (const auto& [name, text] : labels)
            line += name + u'=' + text + u' ';
        out.append(line + QString::number(value));
    }
    out.sort();
    return out;
}

} // namespace

class TestExpressionRun : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksEveryPart()
    {
        const auto server = TestServer::prometheus({.samples = "# TYPE m gauge\nm{job=\"a\",i=\"1\"} 1 1700000000\nm{job=\"a\",i=\"2\"} 2 1700000000\nm{job=\"b\",i=\"3\"} 3 1700000000\n# EOF\n"});
        QVERIFY(server);
        PrometheusClient client(server->url(), {});
        const ParseResult parsed = parse("sum by (job) (m) / on(job) (count by (job) (m)) + 2 * scalar(vector(4)) + sum(max_over_time(m[2m]))");
        QVERIFY(parsed.ok());
        ExpressionRun run(client, parsed.ast, {.timeMs = kNow, .maxConcurrent = 2});
        QSignalSpy finished(&run, &ExpressionRun::finished);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20000);
        QStringList shown;
        for (const NodeId id : run.nodes()) {
            const NodeResult& one = run.result(id);
            QVERIFY2(one.state == NodeResult::State::Done || one.state == NodeResult::State::Literal, qPrintable(one.expression + one.error.toString()));
            shown.append(u"%1: %2%3"_s.arg(one.expression).arg(one.seriesCount).arg(one.text.isEmpty() ? QString() : u" "_s + one.text));
        }
        QVERIFY(shown.contains(u"m: 3"_s));
        QVERIFY(shown.contains(u"sum by (job) (m): 2"_s));
        QVERIFY(shown.contains(u"last_over_time(m[2m]): 3"_s));
        QVERIFY(shown.contains(u"scalar(vector(4)): 0 4"_s));
        for (const NodeId id : run.nodes()) {
            if (run.result(id).expression != u"m")
                continue;
            const std::vector<LabelSummary>& labels = run.result(id).labels;
            QCOMPARE(labels[0].name, u"i"_s);
            QCOMPARE(labels[0].distinct, 3);
            QCOMPARE(labels[1].name, u"job"_s);
            QCOMPARE(labels[1].top[0].value, u"a"_s);
            QCOMPARE(labels[1].top[0].count, 2);
        }
    }

    void tellsWhichPartFails()
    {
        const auto server = TestServer::prometheus({.samples = "# TYPE m gauge\nm{i=\"1\",g=\"x\"} 1 1700000000\nm{i=\"2\",g=\"x\"} 2 1700000000\n# EOF\n"});
        QVERIFY(server);
        PrometheusClient client(server->url(), {});
        const ParseResult parsed = parse("1 + (m * on(g) m)");
        ExpressionRun run(client, parsed.ast, {.timeMs = kNow});
        QSignalSpy finished(&run, &ExpressionRun::finished);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20000);
        int failed = 0;
        for (const NodeId id : run.nodes()) {
            failed += run.result(id).state == NodeResult::State::Failed ? 1 : 0;
            if (run.ast().at(id).kind != NodeKind::Binary || !run.ast().matching(run.ast().at(id)).hasMatching)
                continue;
            QVERIFY(run.result(id).error.summary.contains(u"many-to-many"_s));
            const MatchExplanation why = run.explain(id);
            QVERIFY(why.isRefused);
            QVERIFY(why.notes[0].code == MatchNote::Code::DuplicateOnOneSide);
        }
        QCOMPARE(failed, 3); // the product, its parentheses, the sum
    }

    void endsWhenCancelledOrGone()
    {
        FakeHttpServer slow([](const FakeHttpServer::Request&) { return FakeHttpServer::Reply {}; });
        PrometheusClient client(slow.url(), {});
        const ParseResult parsed = parse("a + b * c");
        ExpressionRun run(client, parsed.ast, {.timeMs = kNow, .maxConcurrent = 2});
        QSignalSpy finished(&run, &ExpressionRun::finished);
        run.start();
        QTRY_VERIFY(run.result(run.ast().root).state == NodeResult::State::Running);
        run.cancel();
        QTRY_COMPARE(finished.count(), 1);
        for (const NodeId id : run.nodes())
            QCOMPARE(run.result(id).error.code, ErrorCode::Cancelled);
        auto gone = std::make_unique<ExpressionRun>(client, parsed.ast, ExpressionRun::Options {.timeMs = kNow});
        gone->start();
        gone.reset();
    }

    /// What we say a match gives is what the server gives, for random vectors and rules.
    void explainsWhatTheServerDoes_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (const unsigned seed : {1U, 2U, 3U})
            QTest::addRow("seed %u", seed) << seed;
    }

    void explainsWhatTheServerDoes()
    {
        QFETCH(unsigned, seed);
        Dice dice(seed);
        const auto server = TestServer::prometheus({.samples = randomSamples(dice)});
        QVERIFY(server);
        PrometheusClient client(server->url(), {});
        int refused = 0;
        for (int i = 0; i < 120; ++i) {
            const std::string expression = randomExpression(dice);
            const ParseResult parsed = parse(expression);
            if (!parsed.ok())
                continue; // group_left(w) with on(w) and the like
            const auto ask = [&](NodeId id) { return QCoro::waitFor(client.queryInstant(QString::fromStdString(print(parsed.ast, id)), kNow)); };
            const Node& root = parsed.ast.at(parsed.ast.root);
            const auto whole = ask(parsed.ast.root);
            const auto left = ask(root.lhs);
            const auto right = ask(root.rhs);
            QVERIFY_RESULT(left);
            QVERIFY_RESULT(right);
            const MatchExplanation found = explainMatching(parsed.ast, parsed.ast.root, instantSeries(left->result), instantSeries(right->result));
            QVERIFY2(found.isRefused == !whole.ok(), (expression + (whole.ok() ? std::string(" is said to fail") : " fails: " + whole.error().summary.toStdString())).c_str());
            refused += found.isRefused ? 1 : 0;
            if (found.isRefused)
                continue;
            std::vector<std::pair<Labels, double>> ours;
            std::vector<std::pair<Labels, double>> theirs;
            for (const MatchGroup& group : found.groups) {
                for (const MatchGroup::Output& one : group.outputs) {
                    if (one.isKept)
                        ours.emplace_back(one.labels, one.value);
                }
            }
            for (const InstantSeries& one : instantSeries(whole->result))
                theirs.emplace_back(one.labels, one.value);
            QVERIFY2(linesOf(ours) == linesOf(theirs), (expression + "\nours:\n" + linesOf(ours).join(u'\n').toStdString() + "\nserver:\n" + linesOf(theirs).join(u'\n').toStdString()).c_str());
            QCOMPARE(found.resultCount, theirs.size());
        }
        QVERIFY(refused > 5);
    }
};

PROMDECK_TEST_MAIN(TestExpressionRun)
#include "tst_expressionrun.moc"
