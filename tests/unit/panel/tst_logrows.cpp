#include "models/panel/logsmodel.h"
#include "models/loki/lokiclient.h"
#include "tests/support/panelsamples.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// What readers do with log lines, and what becomes of a query by it.
class TestLogRows final : public QObject
{
    Q_OBJECT

    static LogRow row(qint64 ms, const QString& text, const Labels& labels = {})
    {
        LogRow one;
        one.timeMs = ms;
        one.timeNs = ms * 1'000'000;
        one.raw = one.line = text;
        one.labels = labels;
        one.level = logLevel(labels, text);
        return one;
    }

private Q_SLOTS:
    void conditionsEndThePipeline()
    {
        QCOMPARE(withLogFilters(u"{a=\"b\"}"_s, {}), u"{a=\"b\"}"_s);
        QCOMPARE(withLogFilters(u"{a=\"b\"} # x"_s, {{u"pod"_s, u"p\"1"_s, true, {}}}), u"{a=\"b\"} # x\n| pod != \"p\\\"1\""_s);
        QCOMPARE(withLogFilters(u"{a=\"b\"} | json"_s, {{u"http.code"_s, u"200"_s, false, u"json"_s}}), u"{a=\"b\"} | json\n| http_code = \"200\""_s);
        QCOMPARE(withLogFilters(u"{a=\"b\"}"_s, {{u"x"_s, u"1"_s, false, u"logfmt"_s}, {u"y"_s, u"2"_s, false, u"logfmt"_s}}),
                 u"{a=\"b\"}\n| logfmt\n| x = \"1\"\n| y = \"2\""_s);
        QCOMPARE(streamSelector({{u"job"_s, u"a\\b"_s}, {u"pod"_s, u"c"_s}}), u"{job=\"a\\\\b\", pod=\"c\"}"_s);
    }

    void searchedTextsStandOut()
    {
        QCOMPARE(searchedTexts(u"{a=\"|= x\"} |= \"1.5\" or `b` != \"no\" |~ \"e.r\" !~ `no` # |= \"no\""_s),
                 (QStringList {u"1\\.5"_s, u"b"_s, u"e.r"_s}));
    }

    void fieldsOfLines()
    {
        const auto logfmt = logFields(u"ts=1 level=warn msg=\"a \\\"b\\\" c\" empty= x"_s);
        QCOMPARE(logfmt.size(), size_t(4));
        QCOMPARE(logfmt[2].value, u"a \"b\" c"_s);
        QCOMPARE(logfmt[3].name, u"empty"_s);
        const auto json = logFields(u" {\"a\": {\"b\": 1.5}, \"list\": [1], \"c\": true}"_s);
        QCOMPARE(json.size(), size_t(2));
        QCOMPARE(json[0].name, u"a_b"_s);
        QCOMPARE(json[0].parser, u"json"_s);
        QVERIFY(logFields(u"plain words"_s).empty());
    }

    void pagesOverlap()
    {
        std::vector<LogRow> rows {row(2, u"b"_s, {{u"pod"_s, u"1"_s}}), row(1, u"a"_s)};
        // The same line with what a parser added to its labels is no other line; another pod's is.
        QCOMPARE(mergeLogRows(rows, {row(2, u"b"_s, {{u"pod"_s, u"1"_s}, {u"msg"_s, u"x"_s}}), row(2, u"b"_s, {{u"pod"_s, u"2"_s}}), row(0, u"z"_s)}), size_t(2));
        QCOMPARE(rows.size(), size_t(4));
    }

    void readersFilter()
    {
        const PanelSpec panel = panelOf(u"logs"_s, "{\"sortOrder\": \"Ascending\"}");
        const std::vector<LogRow> rows {row(1, u"level=info a=1"_s), row(2, u"level=error a=2"_s), row(3, u"level=info a=2"_s)};
        LogsView view;
        view.hidden = {LogLevel::Info};
        LogsModel model = logsModel(panel, rows, view);
        QCOMPARE(model.rows.size(), size_t(1));
        QCOMPARE(model.levels.at(LogLevel::Info), 2); // still counted
        QCOMPARE(model.total, 3);
        view = {};
        view.filters = {{u"a"_s, u"2"_s, false, u"logfmt"_s}};
        view.ascending = false;
        model = logsModel(panel, rows, view);
        QCOMPARE(model.rows.size(), size_t(2));
        QCOMPARE(model.rows[0].timeMs, 3);
        view.text = u"/ERR/"_s;
        QCOMPARE(logsModel(panel, rows, view).rows.size(), size_t(1));
        view.text = u"/(/"_s; // not complete yet: hides nothing
        QCOMPARE(logsModel(panel, rows, view).rows.size(), size_t(2));
    }

    void rowOfAMoment()
    {
        const std::vector<LogRow> rows {row(10, u"a"_s), row(20, u"b"_s), row(30, u"c"_s)};
        LogsView view;
        for (const bool ascending : {true, false}) {
            view.ascending = ascending;
            const LogsModel model = logsModel(panelOf(u"logs"_s, "{}"), rows, view);
            QCOMPARE(logRowAt(model, 9), -1);
            QCOMPARE(logRowAt(model, 20), 1);
            QCOMPARE(logRowAt(model, 29), 1);
            QCOMPARE(logRowAt(model, 99), ascending ? 2 : 0);
        }
        QCOMPARE(logRowAt({}, 1), -1);
    }

    void liveMessages()
    {
        int dropped = 0;
        const auto answer = decodeTail(jsonOf("{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"2\",\"y\"],[\"1\",\"x\"]]}],"
                                              "\"dropped_entries\":[{\"labels\":{},\"timestamp\":\"3\"}]}"),
                                       &dropped);
        QVERIFY(answer);
        QCOMPARE(answer->lines[0].line, u"x"_s);
        QCOMPARE(dropped, 1);
        QVERIFY(decodeTail(jsonOf("{\"dropped_entries\":[]}")));
        QCOMPARE(decodeTail(jsonOf("[]")).error().code, ErrorCode::Decode);
        QCOMPARE(decodeTail(jsonOf("{\"streams\":[{\"stream\":{},\"values\":[[1,\"x\"]]}]}")).error().code, ErrorCode::Decode);
    }
};

PROMDECK_TEST_MAIN(TestLogRows)
#include "tst_logrows.moc"
