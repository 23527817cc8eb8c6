#include "models/panel/alertlistmodel.h"
#include "models/panel/logsmodel.h"
#include "tests/support/panelsamples.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Field mixedColumn(const QString& name, Column::Mixed values)
{
    Field field;
    field.name = name;
    field.type = FieldType::Other;
    field.values = Column(std::move(values));
    return field;
}

Frame alerts()
{
    Frame frame;
    frame.meta.type = u"alerts"_s;
    frame.fields = {timeColumn(4), textColumn(u"alertname"_s, {u"Disk"_s, u"Disk"_s, u"Cpu"_s, u"Idle"_s}),
                    textColumn(u"state"_s, {u"pending"_s, u"firing"_s, u"firing"_s, u"normal"_s}),
                    textColumn(u"group"_s, {u"g"_s, u"g"_s, u"g"_s, u"g"_s}),
                    mixedColumn(u"labels"_s, {jsonOf("{\"alertname\":\"Disk\",\"host\":\"a\"}"), jsonOf("{\"alertname\":\"Disk\",\"host\":\"b\"}"),
                                              jsonOf("{\"alertname\":\"Cpu\",\"host\":\"a\"}"), jsonOf("{\"alertname\":\"Idle\"}")}),
                    mixedColumn(u"annotations"_s, {jsonOf("{}"), jsonOf("{\"description\":\"nearly full\"}"), jsonOf("{}"), jsonOf("{}")})};
    return frame;
}

Frame lines(Column::Strings texts, const char* labels = "{\"job\":\"web\"}")
{
    Frame frame;
    frame.meta.type = u"log-lines"_s;
    const size_t rows = texts.size();
    frame.fields = {timeColumn(rows), textColumn(u"Line"_s, std::move(texts)),
                    mixedColumn(u"labels"_s, Column::Mixed(rows, jsonOf(labels)))};
    return frame;
}

} // namespace

class TestListModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void alertsAreGroupedByRule()
    {
        const PanelSpec panel = panelOf(u"alertlist"_s, "{\"sortOrder\":3,\"stateFilter\":{\"firing\":true,\"pending\":true,\"normal\":false}}");
        const AlertListModel model = alertListModel(panel, preparedData({alerts()}, panel));
        QCOMPARE(model.total, 3);
        QCOMPARE(model.groups.size(), size_t(2));
        QCOMPARE(model.groups[0].title, u"Disk"_s);
        QCOMPARE(model.groups[0].state, u"firing"_s); // the worst of its two
        QCOMPARE(model.groups[0].sinceMs, kSampleStart);
        QCOMPARE(model.groups[0].alerts[1].labelText(), u"host=b"_s);
        QCOMPARE(model.groups[0].alerts[1].summary(), u"nearly full"_s);
    }

    void alertsAreGroupedByLabel()
    {
        const PanelSpec panel = panelOf(u"alertlist"_s,
                                        "{\"groupMode\":\"custom\",\"groupBy\":[\"host\"],\"sortOrder\":2,\"maxItems\":1,\"viewMode\":\"stat\","
                                        "\"stateFilter\":{\"firing\":true}}");
        const AlertListModel model = alertListModel(panel, preparedData({alerts()}, panel));
        QVERIFY(model.asCount);
        QCOMPARE(model.total, 2);
        QCOMPARE(model.groups.size(), size_t(1));
        QCOMPARE(model.groups[0].title, u"host=b"_s);
    }

    void normalRulesOnlyWhereAsked()
    {
        const PanelSpec panel = panelOf(u"alertlist"_s, "{\"stateFilter\":{\"normal\":true}}");
        const AlertListModel model = alertListModel(panel, preparedData({alerts()}, panel));
        QCOMPARE(model.groups.size(), size_t(1));
        QCOMPARE(model.groups[0].title, u"Idle"_s);
        const PanelSpec bare = panelOf(u"alertlist"_s, "{}");
        QCOMPARE(alertListModel(bare, preparedData({alerts()}, bare)).total, 3);
    }

    void levels_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("level");
        QTest::newRow("logfmt") << u"ts=1 level=warn msg=\"no error\""_s << u"warning"_s;
        QTest::newRow("json") << u"{\"severity\": \"ERROR\", \"msg\": \"x\"}"_s << u"error"_s;
        QTest::newRow("word") << u"2024-01-01 FATAL out of memory"_s << u"critical"_s;
        QTest::newRow("debug") << u"[debug] x"_s << u"debug"_s;
        QTest::newRow("no word inside another") << u"information_schema terrors"_s << u"unknown"_s;
        QTest::newRow("nothing") << u"GET / 200"_s << u"unknown"_s;
    }

    void levels()
    {
        QFETCH(QString, line);
        QFETCH(QString, level);
        QCOMPARE(logLevelName(logLevel({}, line)), level);
        // A label says it better than the text.
        QCOMPARE(logLevelName(logLevel({{u"level"_s, u"trace"_s}}, line)), u"trace"_s);
    }

    void logsSortAndSplitLabels()
    {
        const PanelSpec panel = panelOf(u"logs"_s, "{\"sortOrder\":\"Ascending\",\"showTime\":true,\"wrapLogMessage\":true}");
        const LogsModel model
            = logsModel(panel, preparedData({lines({u"a"_s, u"b"_s}), lines({u"c"_s}, "{\"job\":\"web\",\"pod\":\"p\"}")}, panel));
        QCOMPARE(model.rows.size(), size_t(3));
        QCOMPARE(model.rows.back().line, u"b"_s);
        QVERIFY(model.showTime && model.wrap && model.ascending);
        QCOMPARE(model.commonLabels.value(u"job"_s), u"web"_s);
        QCOMPARE(model.rows[1].ownLabels.value(u"pod"_s), u"p"_s);
        const PanelSpec newest = panelOf(u"logs"_s, "{}");
        QCOMPARE(logsModel(newest, preparedData({lines({u"a"_s, u"b"_s})}, newest)).rows[0].line, u"b"_s);
    }

    void logsDropDuplicates_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<int>("rows");
        QTest::newRow("none") << u"none"_s << 4;
        QTest::newRow("exact") << u"exact"_s << 3;
        QTest::newRow("numbers") << u"numbers"_s << 2;
        QTest::newRow("signature") << u"signature"_s << 1;
    }

    void logsDropDuplicates()
    {
        QFETCH(QString, strategy);
        QFETCH(int, rows);
        PanelSpec panel = panelOf(u"logs"_s, "{}");
        panel.options.set(u"dedupStrategy"_s, Json(strategy));
        const LogsModel model
            = logsModel(panel, preparedData({lines({u"took 1 ms"_s, u"took 1 ms"_s, u"took 2 ms"_s, u"made 2 us"_s})}, panel));
        QCOMPARE(int(model.rows.size()), rows);
        int all = 0;
        for (const LogRow& row : model.rows)
            all += 1 + row.duplicates;
        QCOMPARE(all, 4);
    }

    void logsArePrettified()
    {
        const PanelSpec panel = panelOf(u"logs"_s, "{\"prettifyLogMessage\":true}");
        const LogsModel model = logsModel(panel, preparedData({lines({u"{\"a\":1}"_s, u"{broken"_s})}, panel));
        QCOMPARE(model.rows[0].line, u"{broken"_s);
        QVERIFY(model.rows[1].line.contains(u'\n'));
    }
};

PROMDECK_TEST_MAIN(TestListModels)
#include "tst_listmodels.moc"
