#include "models/promql/gotext.h"
#include "models/promql/lexer.h"
#include "models/promql/parser.h"
#include "models/promql/printer.h"
#include "models/promql/series.h"
#include "tests/support/testsupport.h"

#include <QFile>

using namespace Promdeck;
using namespace Promdeck::Promql;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

std::vector<Json> readLines(const QString& path)
{
    std::vector<Json> rows;
    for (const QByteArray& line : readFile(path).split('\n')) {
        if (!line.isEmpty())
            rows.push_back(*Json::parse(line));
    }
    return rows;
}

std::string inputOf(const Json& row)
{
    if (row[u"input_b64"].isString())
        return QByteArray::fromBase64(row[u"input_b64"].toString().toLatin1()).toStdString();
    return row[u"input"].toString().toStdString();
}

Options optionsFor(const Json& features, ServerVersion version = {})
{
    Options options { version, {} };
    for (const Json& feature : features.items())
        (void)options.features.enable(feature.toString().toStdString());
    return options;
}

QString promqlCorpus(const QString& name)
{
    return sharedFolder() + u"/corpus/config/promql/"_s + name;
}

QString firstProblem(const std::string& text, const ParseResult& result)
{
    return result.ok() ? QString() : QString::fromStdString(formatProblem(text, result.problems.front()));
}

/// Collects disagreements, so that a run shows them all.
struct Tally
{
    QStringList failures;
    int count = 0;
    void check(bool fine, const QString& message)
    {
        ++count;
        if (!fine)
            failures.append(message);
    }
    [[nodiscard]] QByteArray report() const { return failures.mid(0, 20).join(u'\n').toUtf8(); }
};

} // namespace

class TestPromqlParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expressions();
    void corpusVerdictsAndErrors();
    void corpusPrinting();
    void corpusOfOldServers_data();
    void corpusOfOldServers();
    void corpusSeries();
    void corpusStress();
    void deepNesting();
    void numbersAndDurations();
};

void TestPromqlParser::expressions()
{
    const Json rows = readJson(dataFile(u"promql/expressions.json"_s));
    for (const Json& row : rows.items()) {
        const std::string text = row[u"expr"].toString().toStdString();
        Options options;
        if (row[u"version"].isString())
            QVERIFY(ServerVersion::parse(row[u"version"].toString().toStdString(), options.version));
        const ParseResult result = parse(text, options);
        QCOMPARE(firstProblem(text, result), row[u"error"].toString());
        if (row[u"hint"].isString())
            QCOMPARE(QString::fromStdString(result.problems.front().hint), row[u"hint"].toString());
        if (!result.ok())
            continue;
        QCOMPARE(QString::fromStdString(print(result.ast)), row[u"printed"].toString());
        QCOMPARE(QString::fromStdString(std::string(documentedType(result.type()))), row[u"type"].toString());
    }
}

void TestPromqlParser::corpusVerdictsAndErrors()
{
    PROMDECK_NEED_SHARED();
    Tally tally;
    for (const Json& row : readLines(promqlCorpus(u"exprs.jsonl"_s))) {
        const std::string text = inputOf(row);
        const Json& features = row[u"test_options"].isArray() ? row[u"test_options"] : row[u"features"];
        const ParseResult result = parse(text, optionsFor(features));
        const QString shown = QString::fromStdString(text).left(80);
        tally.check(result.ok() == row[u"ok"].toBool(), u"verdict: "_s + shown + firstProblem(text, result));
        if (!row[u"ok_promtool_314_default_flags"].isNull())
            tally.check(parse(text).ok() == row[u"ok_promtool_314_default_flags"].toBool(),
                        u"default flags: "_s + shown);
        if (result.ok() || row[u"ok"].toBool())
            continue;
        tally.check(firstProblem(text, result) == row[u"error"].toString(), u"error: "_s + shown);
        const auto& expected = row[u"errors"].items();
        tally.check(expected.size() == result.problems.size(), u"number of errors: "_s + shown);
        for (size_t i = 0; i < std::min(expected.size(), result.problems.size()); ++i) {
            const Problem& problem = result.problems[i];
            tally.check(problem.range.start == expected[i][u"start"].toInt()
                            && problem.range.end == expected[i][u"end"].toInt()
                            && QString::fromStdString(problem.message) == expected[i][u"msg"].toString(),
                        u"error list: "_s + shown);
        }
    }
    QVERIFY2(tally.failures.isEmpty(), tally.report().constData());
    QVERIFY(tally.count > 2000);
}

void TestPromqlParser::corpusPrinting()
{
    PROMDECK_NEED_SHARED();
    Tally tally;
    for (const Json& row : readLines(promqlCorpus(u"exprs.jsonl"_s))) {
        const std::string text = inputOf(row);
        const Options options = optionsFor(row[u"features"]);
        const ParseResult result = parse(text, options);
        if (!result.ok())
            continue;
        const std::string printed = print(result.ast);
        if (row[u"formatted"].isString())
            tally.check(QString::fromStdString(printed) == row[u"formatted"].toString(),
                        QString::fromStdString("printed: " + printed));
        if (row[u"pretty10"].isString()) {
            const std::string pretty = prettify(result.ast, { 10, {} });
            tally.check(QString::fromStdString(pretty) == row[u"pretty10"].toString(),
                        QString::fromStdString("pretty: " + pretty));
        }
        const ParseResult again = parse(printed, options);
        tally.check(again.ok() && again.ast.sameTree(result.ast), QString::fromStdString("round trip: " + printed));
        const std::string formatted = format(text, result.ast);
        const ParseResult reread = parse(formatted, options);
        tally.check(reread.ok() && reread.ast.sameTree(result.ast) && format(formatted, reread.ast) == formatted,
                    QString::fromStdString("format: " + formatted));
    }
    QVERIFY2(tally.failures.isEmpty(), tally.report().constData());
}

void TestPromqlParser::corpusOfOldServers_data()
{
    QTest::addColumn<QString>("file");
    for (const char* name : { "exprs.jsonl", "real_exprs.jsonl", "mutants_242.jsonl" })
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestPromqlParser::corpusOfOldServers()
{
    PROMDECK_NEED_SHARED();
    QFETCH(QString, file);
    Tally tally;
    for (const Json& row : readLines(promqlCorpus(file))) {
        if (!row[u"ok_242"].isBool() || inputOf(row).empty())
            continue;
        const std::string text = inputOf(row);
        const Options options { { 2, 42 }, {} };
        const ParseResult result = parse(text, options);
        const QString shown = QString::fromStdString(text).left(80);
        tally.check(result.ok() == row[u"ok_242"].toBool(), u"verdict: "_s + shown + firstProblem(text, result));
        if (result.ok() != row[u"ok_242"].toBool())
            continue;
        if (!result.ok())
            tally.check(firstProblem(text, result) == row[u"error_242"].toString(),
                        firstProblem(text, result) + u" / "_s + row[u"error_242"].toString());
        else if (row[u"pretty_242"].isString())
            tally.check(QString::fromStdString(prettify(result.ast, { 100, { 2, 42 } }))
                            == row[u"pretty_242"].toString(),
                        u"pretty: "_s + shown);
    }
    QVERIFY2(tally.failures.isEmpty(), tally.report().constData());
}

void TestPromqlParser::corpusSeries()
{
    PROMDECK_NEED_SHARED();
    Tally tally;
    for (const Json& row : readLines(promqlCorpus(u"series_desc.jsonl"_s))) {
        const std::string text = inputOf(row);
        const SeriesDescription series = parseSeries(text);
        const QString shown = QString::fromStdString(text);
        tally.check(series.ok() == row[u"ok"].toBool(), u"verdict: "_s + shown);
        if (!series.ok() && row[u"error"].isString())
            tally.check(QString::fromStdString(formatProblem(text, series.problems.front()))
                            .endsWith(row[u"error"].toString()),
                        u"error: "_s + shown);
        if (series.ok() && row[u"values"].isArray())
            tally.check(series.values.size() == row[u"values"].items().size(), u"values: "_s + shown);
    }
    QVERIFY2(tally.failures.isEmpty(), tally.report().constData());
}

void TestPromqlParser::corpusStress()
{
    std::string text = "(";
    for (int i = 0; i < 10000; ++i)
        text += "-{}-1";
    text += ')';
    for (int i = 0; i < 1000; ++i)
        text += "[1m:]";
    const ParseResult result = parse(text);
    QCOMPARE(result.problems.size(), size_t(10999));
    QCOMPARE(result.problems.front().range, (ByteRange { 2, 4 }));
    QCOMPARE(QString::fromStdString(result.problems.back().message),
             u"subquery is only allowed on instant vector, got matrix instead"_s);
}

void TestPromqlParser::deepNesting()
{
    constexpr int depth = 100000;
    const std::string text = std::string(depth, '(') + "a" + std::string(depth, ')');
    const ParseResult result = parse(text);
    QVERIFY(result.ok());
    QCOMPARE(print(result.ast), text);
    QVERIFY(result.ast.sameTree(parse(text).ast));
    std::string sums = "a";
    for (int i = 0; i < depth; ++i)
        sums += " + a";
    QVERIFY(parse(sums).ok());
    QVERIFY(!parse(std::string(depth, '(')).ok());
    QVERIFY(parse(std::string(depth, '-') + "a").ok());
}

void TestPromqlParser::numbersAndDurations()
{
    QCOMPARE(parseNumber("0x1_F").value, 31.0);
    QCOMPARE(parseNumber("017").value, 15.0);
    QCOMPARE(parseNumber("089").value, 89.0);
    QCOMPARE(parseNumber("1_000").value, 1000.0);
    QVERIFY(!parseNumber("1_0.5").error.empty());
    QVERIFY(!parseNumber("1e999").error.empty());
    QVERIFY(parseNumber("1e-999").error.empty());
    QVERIFY(qIsInf(parseNumber("iNf").value));
    QCOMPARE(formatGeneral(1000000), std::string("1e+06"));
    QCOMPARE(formatPlain(1e6), std::string("1000000"));
    QCOMPARE(formatDuration(parseDuration("90d").nanoseconds), std::string("90d"));
    QCOMPARE(formatDuration(parseDuration("1w2d").nanoseconds), std::string("9d"));
    QCOMPARE(QString::fromStdString(parseDuration("5m1h").error), u"not a valid duration string: \"5m1h\""_s);
}

PROMDECK_TEST_MAIN(TestPromqlParser)
#include "tst_promqlparser.moc"
