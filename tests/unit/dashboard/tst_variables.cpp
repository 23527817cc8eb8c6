#include "tests/support/testsupport.h"

#include "models/dashboard/variables.h"

#include <QCoroTask>
#include <QCoroTimer>
#include <QSignalSpy>
#include <QTimer>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

/// A fake server: answers from tables, on the next turn of the event loop, and remembers what was asked.
class FakeSource final : public VariableSource
{
public:
    QHash<QString, QStringList> values; ///< "label|matcher" or "label"
    QStringList results;
    std::vector<Labels> seriesLabels;
    bool fails = false;
    QStringList asked;
    int running = 0;
    int mostRunning = 0;

    QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange) override
    {
        const QStringList names = QString(u"instance job"_s).split(u' ');
        co_return co_await answer(u"names|"_s + matchers.join(u';'), names);
    }

    QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange) override
    {
        const QString key = matchers.isEmpty() ? label : label + u'|' + matchers.join(u';');
        co_return co_await answer(key, values.value(key));
    }

    QCoro::Task<Result<std::vector<Labels>>> series(QString matcher, TimeRange) override
    {
        const Result<QStringList> done = co_await answer(u"series|"_s + matcher, QStringList());
        if (!done)
            co_return done.error();
        co_return seriesLabels;
    }

    QCoro::Task<Result<QStringList>> queryResult(QString expr, TimeRange) override
    {
        co_return co_await answer(u"query|"_s + expr, results);
    }

private:
    QCoro::Task<Result<QStringList>> answer(QString key, QStringList out)
    {
        asked.append(key);
        mostRunning = std::max(mostRunning, ++running);
        co_await QCoro::sleepFor(std::chrono::milliseconds(1));
        --running;
        if (fails)
            co_return makeError(ErrorCode::ConnectionRefused, u"nobody there"_s);
        co_return out;
    }
};

std::vector<VariableSpec> specs(const QByteArray& list)
{
    const auto dashboard = readDashboard("{\"schemaVersion\": 42, \"panels\": [], \"templating\": {\"list\": [" + list + "]}}");
    return dashboard ? dashboard->variables : std::vector<VariableSpec>();
}

std::vector<VariableState> resolve(const QByteArray& list, VariableSource* source = nullptr, VariableContext context = {})
{
    if (context.range.toMs == 0)
        context.range = {0, 3600'000};
    return QCoro::waitFor(resolveVariables(specs(list), context, source));
}

QStringList texts(const VariableState& state)
{
    QStringList out;
    for (const VariableOption& option : state.options)
        out.append(option.text == option.value ? option.text : option.text + u"="_s + option.value);
    return out;
}

std::vector<VariableOption> optionsOf(const QStringList& values)
{
    std::vector<VariableOption> out;
    for (const QString& value : values)
        out.push_back({value, value});
    return out;
}

} // namespace

class TestVariables : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void queries_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("label");
        QTest::addColumn<QString>("selector");
        QTest::addColumn<QString>("inner");
        using Kind = VariableQuery::Kind;
        const auto row = [](const QString& text, Kind kind, const QString& label, const QString& selector, const QString& inner) {
            QTest::newRow(qPrintable(text)) << text << int(kind) << label << selector << inner;
        };
        row(u"label_values(job)"_s, Kind::LabelValues, u"job"_s, {}, {});
        row(u" label_values( up , job ) "_s, Kind::LabelValues, u"job"_s, u"up"_s, {});
        row(u"label_values(up{a=\"x,y\",b=~\"(c|d)\"}, instance)"_s, Kind::LabelValues, u"instance"_s, u"up{a=\"x,y\",b=~\"(c|d)\"}"_s, {});
        row(u"label_values({a=\"b\"},job)"_s, Kind::LabelValues, u"job"_s, u"{a=\"b\"}"_s, {});
        row(u"label_values(up, \"a.b\")"_s, Kind::LabelValues, u"a.b"_s, u"up"_s, {});
        row(u"label_values(up{a=\"b\",c=\"d\"})"_s, Kind::Series, {}, u"label_values(up{a=\"b\",c=\"d\"})"_s, {});
        row(u"label_names()"_s, Kind::LabelNames, {}, {}, {});
        row(u"metrics(node_.*)"_s, Kind::Metrics, {}, {}, u"node_.*"_s);
        row(u"query_result(max(up) by (job))"_s, Kind::QueryResult, {}, {}, u"max(up) by (job)"_s);
        row(u"query_result(\nup\n)"_s, Kind::QueryResult, {}, {}, u"up"_s);
        row(u"up{a=\"b\"}"_s, Kind::Series, {}, u"up{a=\"b\"}"_s, {});
    }

    void queries()
    {
        QFETCH(QString, text);
        QFETCH(int, kind);
        QFETCH(QString, label);
        QFETCH(QString, selector);
        QFETCH(QString, inner);
        const VariableQuery query = parseVariableQuery(text);
        QCOMPARE(int(query.kind), kind);
        QCOMPARE(query.label, label);
        QCOMPARE(query.selector, selector);
        QCOMPARE(query.text, inner);
    }

    void regexes_data()
    {
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QString>("regex");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* name, const QStringList& values, const QString& regex, const QStringList& expected) {
            QTest::newRow(name) << values << regex << expected;
        };
        row("none", {u"b"_s, u"a"_s, u"b"_s}, {}, {u"b"_s, u"a"_s});
        row("group", {u"node:1"_s, u"x:2"_s, u"bad"_s}, u"/([^:]+):.*/"_s, {u"node"_s, u"x"_s});
        row("no group filters", {u"node"_s, u"nodes"_s, u"x"_s}, u"/^node/"_s, {u"node"_s, u"nodes"_s});
        row("bare is whole", {u"node"_s, u"nodes"_s}, u"node"_s, {u"node"_s});
        row("named", {u"a=1"_s, u"b=2"_s}, u"/(?<text>.)=(?<value>.)/"_s, {u"a=1"_s, u"b=2"_s});
        row("value alone", {u"a=1"_s}, u"/.=(?<value>.)/"_s, {u"1"_s});
        row("global", {u"a1b2"_s}, u"/[a-z](\\d)/g"_s, {u"1"_s, u"2"_s});
        row("global across named", {u"name=\"n\" id=\"7\""_s}, u"/name=\"(?<text>[^\"]+)|id=\"(?<value>\\d+)/g"_s, {u"n=7"_s});
        row("ignore case", {u"NODE"_s}, u"/node/i"_s, {u"NODE"_s});
        row("merged", {u"a1"_s, u"a2"_s}, u"/(.)\\d/"_s, {u"a"_s});
    }

    void regexes()
    {
        QFETCH(QStringList, values);
        QFETCH(QString, regex);
        QFETCH(QStringList, expected);
        const auto filtered = filterOptions(optionsOf(values), regex);
        QVERIFY_RESULT(filtered);
        VariableState state;
        state.options = *filtered;
        QCOMPARE(texts(state), expected);
        QCOMPARE(filterOptions({}, u"/(/"_s).ok(), false);
    }

    void sorts_data()
    {
        QTest::addColumn<int>("sort");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("0") << 0 << QStringList {u"b10"_s, u"B9"_s, u"a"_s, u"c2"_s};
        QTest::newRow("1") << 1 << QStringList {u"B9"_s, u"a"_s, u"b10"_s, u"c2"_s};
        QTest::newRow("2") << 2 << QStringList {u"c2"_s, u"b10"_s, u"a"_s, u"B9"_s};
        QTest::newRow("3") << 3 << QStringList {u"a"_s, u"c2"_s, u"B9"_s, u"b10"_s};
        QTest::newRow("4") << 4 << QStringList {u"b10"_s, u"B9"_s, u"c2"_s, u"a"_s};
        QTest::newRow("5") << 5 << QStringList {u"a"_s, u"b10"_s, u"B9"_s, u"c2"_s};
        QTest::newRow("6") << 6 << QStringList {u"c2"_s, u"B9"_s, u"b10"_s, u"a"_s};
        QTest::newRow("7") << 7 << QStringList {u"a"_s, u"B9"_s, u"b10"_s, u"c2"_s};
    }

    void sorts()
    {
        QFETCH(int, sort);
        QFETCH(QStringList, expected);
        VariableState state;
        state.options = optionsOf({u"b10"_s, u"B9"_s, u"a"_s, u"c2"_s});
        sortOptions(state.options, sort);
        QCOMPARE(texts(state), expected);
    }

    void chainsAndAsksInParallel()
    {
        FakeSource source;
        source.values = {{u"job"_s, {u"node"_s, u"db"_s}}, {u"zone"_s, {u"z"_s}},
                         {u"instance|up{job=~'(db|node)',zone='z'}"_s, {u"i1"_s, u"i2"_s}}};
        const auto states = resolve("{\"name\": \"inst\", \"type\": \"query\", \"query\": \"label_values(up{job=~'$job',zone='$zone'}, instance)\", \"current\": {\"value\": \"i2\"}},"
            "{\"name\": \"job\", \"type\": \"query\", \"query\": {\"query\": \"label_values(job)\"}, \"sort\": 1, \"multi\": true, \"current\": {\"value\": [\"db\", \"node\", \"gone\"]}},"
            "{\"name\": \"zone\", \"type\": \"query\", \"query\": \"label_values(zone)\", \"refresh\": 0}", &source);
        QCOMPARE(source.mostRunning, 2);
        QCOMPARE(texts(states[1]), (QStringList {u"db"_s, u"node"_s}));
        QCOMPARE(states[1].current, (QStringList {u"db"_s, u"node"_s}));
        QCOMPARE(texts(states[0]), (QStringList {u"i1"_s, u"i2"_s}));
        QCOMPARE(states[0].current, QStringList {u"i2"_s});
        QCOMPARE(states[2].current, QStringList {u"z"_s});
    }

    void everyKindOfQuery()
    {
        FakeSource source;
        source.values = {{u"__name__"_s, {u"node_a"_s, u"up"_s}}};
        source.results = {u"up{job=\"a\"} 1 5000"_s, u"up{job=\"b\"} 0 5000"_s};
        source.seriesLabels = {Labels {{u"__name__"_s, u"up"_s}, {u"job"_s, u"a"_s}, {u"x"_s, u"y"_s}}};
        const auto states = resolve("{\"name\": \"a\", \"type\": \"query\", \"query\": \"metrics(^node)\"},"
            "{\"name\": \"b\", \"type\": \"query\", \"query\": \"query_result(up[$__range])\", \"regex\": \"/job=.([a-z]+)/\"},"
            "{\"name\": \"c\", \"type\": \"query\", \"query\": \"up{x='y'}\"}, {\"name\": \"d\", \"type\": \"query\", \"query\": \"label_names()\"},"
            "{\"name\": \"e\", \"type\": \"query\", \"query\": \"\"}", &source);
        QCOMPARE(texts(states[0]), QStringList {u"node_a"_s});
        QCOMPARE(texts(states[1]), (QStringList {u"a"_s, u"b"_s}));
        QVERIFY(source.asked.contains(u"query|up[3600s]"_s));
        QCOMPARE(texts(states[2]), QStringList {u"up{job=\"a\",x=\"y\"}"_s});
        QCOMPARE(texts(states[3]), (QStringList {u"instance"_s, u"job"_s}));
        QVERIFY(!states[4].error && states[4].options.empty() && states[4].current.isEmpty());
    }

    void cyclesAreErrorsOfTheirMembers()
    {
        FakeSource source;
        source.values = {{u"c"_s, {u"1"_s}}};
        const auto states = resolve("{\"name\": \"a\", \"type\": \"query\", \"query\": \"label_values(x{y='$b'}, l)\", \"current\": \"kept\"},"
            "{\"name\": \"b\", \"type\": \"query\", \"query\": \"label_values(x{y='$a'}, l)\"},"
            "{\"name\": \"c\", \"type\": \"query\", \"query\": \"label_values(c)\"},"
            "{\"name\": \"d\", \"type\": \"query\", \"query\": \"label_values(x{y='$a'}, m)\"}, {\"name\": \"self\", \"type\": \"custom\", \"query\": \"$self\"}", &source);
        QCOMPARE(states[0].error->code, ErrorCode::Reference);
        QCOMPARE(states[0].current, QStringList {u"kept"_s});
        QVERIFY(states[1].error && states[4].error);
        QVERIFY(!states[2].error && !states[3].error);
        QVERIFY(source.asked.contains(u"m|x{y='kept'}"_s));
    }

    void failuresFallBackToTheFile()
    {
        FakeSource source;
        source.fails = true;
        const auto states = resolve("{\"name\": \"a\", \"type\": \"query\", \"query\": \"label_values(a)\", \"options\": [{\"text\": \"x\", \"value\": \"x\"}],"
            "\"current\": {\"value\": \"saved\"}}, {\"name\": \"b\", \"type\": \"query\", \"query\": \"label_values(b)\", \"regex\": \"/(/\"}", &source);
        QCOMPARE(states[0].error->code, ErrorCode::ConnectionRefused);
        QCOMPARE(texts(states[0]), QStringList {u"x"_s});
        QCOMPARE(states[0].current, QStringList {u"saved"_s});
        QVERIFY(resolve("{\"name\": \"a\", \"type\": \"query\", \"query\": \"label_values(a)\"}")[0].error);
    }

    void selection_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char* members, const QStringList& expected) {
            QTest::newRow(members) << QByteArray(members) << expected;
        };
        row("\"current\": {}", {u"a"_s});
        row("\"current\": {\"value\": \"b\"}", {u"b"_s});
        row("\"current\": {\"value\": \"gone\"}", {u"a"_s});
        row("\"current\": {\"value\": \"gone\"}, \"includeAll\": true", {u"$__all"_s});
        row("\"current\": {\"value\": \"$__all\"}", {u"a"_s});
        row("\"current\": {\"value\": [\"$__all\"]}, \"includeAll\": true, \"multi\": true", {u"$__all"_s});
        row("\"current\": {\"value\": [\"c\", \"a\", \"c\"]}, \"multi\": true", {u"c"_s, u"a"_s});
        row("\"current\": {\"value\": [\"c\", \"a\"]}", {u"c"_s});
        row("\"current\": \"Name\"", {u"v"_s});
    }

    void selection()
    {
        QFETCH(QByteArray, members);
        QFETCH(QStringList, expected);
        const auto states = resolve("{\"name\": \"v\", \"type\": \"custom\", \"query\": \"a, b,c, Name : v\", " + members + "}");
        QCOMPARE(states[0].current, expected);
    }

    void overridesWin()
    {
        VariableContext context;
        context.overrides = {{u"a"_s, {u"All"_s}}, {u"b"_s, {u"Name"_s}}, {u"c"_s, {u"free"_s, u"x"_s}}, {u"d"_s, {u"other"_s}},
                             {u"e"_s, {u"cannot"_s}}};
        const auto states = resolve("{\"name\": \"a\", \"type\": \"custom\", \"query\": \"x,y\", \"includeAll\": true, \"allValue\": \".*\"},"
            "{\"name\": \"b\", \"type\": \"custom\", \"query\": \"Name : v\"}, {\"name\": \"c\", \"type\": \"custom\", \"query\": \"x\", \"multi\": true},"
            "{\"name\": \"d\", \"type\": \"textbox\", \"query\": \"default\"}, {\"name\": \"e\", \"type\": \"constant\", \"query\": \"fixed\"}", nullptr, context);
        QVERIFY(states[0].isAll());
        QCOMPARE(states[0].value().values, (QStringList {u"x"_s, u"y"_s}));
        QCOMPARE(states[0].value().allValue, u".*"_s);
        QCOMPARE(states[1].current, QStringList {u"v"_s});
        QCOMPARE(states[1].value().texts, QStringList {u"Name"_s});
        QCOMPARE(states[2].current, (QStringList {u"free"_s, u"x"_s}));
        QCOMPARE(states[3].current, QStringList {u"other"_s});
        QCOMPARE(states[4].current, QStringList {u"fixed"_s});
    }

    void otherKinds()
    {
        VariableContext context;
        context.range = {0, 6 * 3600'000};
        context.datasources = {{u"prometheus/Main"_s, u"uid1"_s}, {u"loki/Logs"_s, u"uid2"_s}, {u"prometheus/Spare"_s, u"uid3"_s}};
        const auto states = resolve("{\"name\": \"i\", \"type\": \"interval\", \"query\": \"1m,10m, 1h\", \"auto\": true, \"auto_count\": 30, \"auto_min\": \"10s\", \"current\": {\"value\": \"$__auto_interval_i\"}},"
            "{\"name\": \"ds\", \"type\": \"datasource\", \"query\": \"prometheus\", \"current\": {\"value\": \"somebody-elses\"}},"
            "{\"name\": \"filtered\", \"type\": \"datasource\", \"query\": \"prometheus\", \"regex\": \"/Sp/\"},"
            "{\"name\": \"foreign\", \"type\": \"datasource\", \"query\": \"prometheus\", \"regex\": \"/Prod.*/\"},"
            "{\"name\": \"t\", \"type\": \"textbox\", \"query\": \"default\", \"current\": {}}, {\"name\": \"k\", \"type\": \"constant\", \"query\": \"c\"},"
            "{\"name\": \"f\", \"type\": \"adhoc\", \"filters\": [{\"key\": \"a\", \"operator\": \"=~\", \"value\": \"b.*\"}]},"
            "{\"name\": \"s\", \"type\": \"switch\", \"enabledValue\": \"on\", \"disabledValue\": \"off\", \"current\": {\"value\": \"off\"}},"
            "{\"name\": \"esc\", \"type\": \"custom\", \"query\": \"a" + QByteArray("\\\\,b,c\"}"), nullptr, context);
        QCOMPARE(states[0].value().values, QStringList {u"10m"_s});
        QCOMPARE(texts(states[0]).size(), 4);
        QCOMPARE(states[1].current, QStringList {u"uid1"_s});
        QCOMPARE(texts(states[1]), (QStringList {u"Main=uid1"_s, u"Spare=uid3"_s}));
        QCOMPARE(states[2].current, QStringList {u"uid3"_s});
        QCOMPARE(states[3].current, QStringList {u"uid1"_s});
        QCOMPARE(states[4].current, QStringList {u"default"_s});
        QCOMPARE(states[5].current, QStringList {u"c"_s});
        QCOMPARE(states[6].current, QStringList {u"a=~\"b.*\""_s});
        QCOMPARE(states[7].current, QStringList {u"off"_s});
        QCOMPARE(texts(states[8]), (QStringList {u"a,b"_s, u"c"_s}));
        VariableScope scope;
        addToScope(scope, states);
        QCOMPARE(interpolate(u"$i ${ds:text} $__auto_interval_i up{$f}"_s, scope, InterpolationTarget::Prometheus),
                 u"10m Main 10m up{a=~\"b.*\"}"_s);
    }

    void adhocFiltersOfTheFile()
    {
        const auto states = resolve(
            "{\"name\": \"f\", \"type\": \"adhoc\", \"filters\": [{\"key\": \"a\", \"operator\": \"=\", \"value\": \"x\\\"y\"},"
            "{\"key\": \"unfinished\", \"operator\": \"=\", \"value\": \"\"},"
            "{\"key\": \"b\", \"operator\": \"!=|\", \"value\": \"1.5\", \"values\": [\"1.5\", \"c|d\"]}]}");
        QCOMPARE(states[0].filters.size(), size_t(3));
        QCOMPARE(states[0].filters[2], (AdhocFilter {u"b"_s, u"!~"_s, u"1\\.5|c\\|d"_s}));
        QCOMPARE(states[0].current, QStringList {u"a=\"x\\\"y\",b!~\"1\\\\.5|c\\\\|d\""_s});
    }

    void adhocFiltersOfTheUser()
    {
        const std::vector<AdhocFilter> wanted {{u"job"_s, u"=~"_s, u"a|b"_s}, {u"x"_s, u"!="_s, u"1"_s}};
        const QStringList values = filterValues(wanted);
        QCOMPARE(values, (QStringList {u"job|=~|a__gfp__b"_s, u"x|!=|1"_s}));
        VariableContext context;
        context.overrides = {{u"f"_s, values + QStringList {u"no filter"_s, u"a|<|1"_s}}};
        const auto states = resolve("{\"name\": \"f\", \"type\": \"adhoc\", \"filters\": [{\"key\": \"a\", \"operator\": \"=\","
                                    " \"value\": \"b\"}]}", nullptr, context);
        QCOMPARE(states[0].filters, wanted);
        QCOMPARE(states[0].current, QStringList {u"job=~\"a|b\",x!=\"1\""_s});
        VariableState state = states[0];
        choose(state, {});
        QVERIFY(state.filters.empty());
    }
};

PROMDECK_TEST_MAIN(TestVariables)
#include "tst_variables.moc"
