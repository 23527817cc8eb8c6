#include "tests/support/testsupport.h"

#include "models/dashboard/dashboardeditor.h"
#include "models/dashboard/jsonrewrite.h"

#include <QDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Json parsed(const QByteArray& text)
{
    return Json::parse(text).valueOr({});
}

/// Lines that one text has and the other has not, both ways.
int changedLines(const QByteArray& before, const QByteArray& after)
{
    QMap<QByteArray, int> count;
    for (const QByteArray& line : before.split('\n'))
        ++count[line];
    for (const QByteArray& line : after.split('\n'))
        --count[line];
    int changed = 0;
    for (const int difference : std::as_const(count))
        changed += std::abs(difference);
    return changed;
}

QFileInfoList corpus()
{
    return QDir(sharedFolder() + u"/corpus/dashboards"_s).entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name);
}

// Four blanks, an escape that need not be one, a number that JavaScript would write otherwise, a schema with old panels.
const QByteArray kOdd = R"json({
    "schemaVersion": 30,
    "title": "caf\u00e9",
    "panels": [
        {"id": 1, "type": "graph", "title": "a", "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0},
         "targets": [{"expr": "up", "refId": "A"}], "lines": true, "fill": 1.0},
        {
            "id": 2,
            "type": "stat",
            "gridPos": {
                "h": 8,
                "w": 12,
                "x": 12,
                "y": 0
            }
        }
    ]
}
)json";

} // namespace

class TestDashboardWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatDidNotChange_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("nothing") << QByteArray("{ \"a\" : 1.0 }\n") << QByteArray("{\"a\":1}") << QByteArray("{ \"a\" : 1.0 }\n");
        QTest::newRow("value") << QByteArray("{ \"a\" : 1.0, \"b\":2 }") << QByteArray("{\"a\":1,\"b\":3}") << QByteArray("{ \"a\" : 1.0, \"b\":3 }");
        QTest::newRow("new member") << QByteArray("{\n    \"a\": 1\n}\n") << QByteArray("{\"a\":1,\"b\":{\"c\":[1]}}")
                                    << QByteArray("{\n    \"a\": 1,\n    \"b\": {\n        \"c\": [\n            1\n        ]\n    }\n}\n");
        QTest::newRow("gone member") << QByteArray("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}") << QByteArray("{\"a\":1,\"c\":3}")
                                     << QByteArray("{\n  \"a\": 1,\n  \"c\": 3\n}");
        QTest::newRow("first gone") << QByteArray("{\n  \"a\": 1,\n  \"b\": 2\n}") << QByteArray("{\"b\":2}") << QByteArray("{\n  \"b\": 2\n}");
        QTest::newRow("all gone") << QByteArray("{\n  \"a\": [1, 2]\n}") << QByteArray("{\"a\":[]}") << QByteArray("{\n  \"a\": []\n}");
        QTest::newRow("filled") << QByteArray("{\n  \"a\": []\n}") << QByteArray("{\"a\":[1]}") << QByteArray("{\n  \"a\": [\n    1\n  ]\n}");
        QTest::newRow("compact") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":1,\"b\":[1,{\"c\":2}]}") << QByteArray("{\"a\":1,\"b\":[1,{\"c\":2}]}");
        QTest::newRow("by id") << QByteArray("[{\"id\":1, \"x\":1}, {\"id\":2, \"x\":1}]") << QByteArray("[{\"id\":3},{\"id\":2,\"x\":1},{\"id\":1,\"x\":2}]")
                               << QByteArray("[{\"id\":3}, {\"id\":2, \"x\":1}, {\"id\":1, \"x\":2}]");
        QTest::newRow("no names") << QByteArray("[1, 2 ,3]") << QByteArray("[1,3]") << QByteArray("[1, 3]");
        QTest::newRow("another type") << QByteArray("{\"a\": [1]}") << QByteArray("{\"a\":{\"b\":1}}") << QByteArray("{\"a\": {\"b\":1}}");
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{\"a\":1}") << QByteArray("{\"a\":2}") << QByteArray("\xEF\xBB\xBF{\"a\":2}");
        QTest::newRow("no JSON") << QByteArray("nonsense") << QByteArray("{\"a\":2}") << QByteArray("{\n  \"a\": 2\n}\n");
        QTest::newRow("twice the same key") << QByteArray("{\"a\":1,\"a\":2}") << QByteArray("{\"a\":3}") << QByteArray("{\"a\":3}");
    }

    void keepsWhatDidNotChange()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, after);
        QCOMPARE(rewriteJson(before, parsed(value)), after);
    }

    // An old file stays in its schema as long as that can say the edit.
    void movingAPanelOfAnOldFileIsOneLine()
    {
        const auto dashboard = readDashboard(kOdd);
        QVERIFY_RESULT(dashboard);
        DashboardEditor editor(*dashboard);
        QVERIFY(editor.movePanel(2, {0, 0, 8}));
        QByteArray expected = kOdd;
        expected.replace("                \"x\": 12,\n                \"y\": 0\n", "                \"x\": 0,\n                \"y\": 8\n");
        QCOMPARE(rewriteDashboard(kOdd, editor.dashboard().migrated), expected);
        // what only the new schema can say: that panel alone is written anew
        Json panel = editor.panelJson(1);
        panel.setPath(u"fieldConfig.defaults.custom.lineWidth", 3);
        QVERIFY(editor.changePanel(1, panel));
        const QByteArray text = rewriteDashboard(kOdd, editor.dashboard().migrated);
        const auto again = readDashboard(text);
        QVERIFY_RESULT(again);
        QVERIFY(again->migrated == editor.dashboard().migrated);
        QVERIFY(text.contains("caf\\u00e9"));
    }

    void envelopesStay()
    {
        const QByteArray wrapped = R"({"meta": {"slug": "x"}, "dashboard": {"title": "t", "schemaVersion": 42, "panels": []}})";
        const auto dashboard = readDashboard(wrapped);
        QVERIFY_RESULT(dashboard);
        DashboardEditor editor(*dashboard);
        editor.changeMembers({{u"title"_s, u"other"_s}});
        QCOMPARE(rewriteDashboard(wrapped, editor.dashboard().migrated), QByteArray(wrapped).replace("\"t\"", "\"other\""));
    }

    void corpusStaysByteForByte()
    {
        PROMDECK_NEED_SHARED();
        for (const QFileInfo& file : corpus()) {
            const QByteArray text = readFile(file.filePath());
            const auto dashboard = readDashboard(text, file.fileName());
            QVERIFY_RESULT(dashboard);
            QVERIFY2(rewriteDashboard(text, dashboard->migrated) == text, qPrintable(file.fileName()));
        }
    }

    void editsOfTheCorpusAreSmallDifferences()
    {
        PROMDECK_NEED_SHARED();
        int inSchema = 0;
        int count = 0;
        for (const QFileInfo& file : corpus()) {
            const QByteArray text = readFile(file.filePath());
            const auto dashboard = readDashboard(text, file.fileName());
            QVERIFY_RESULT(dashboard);
            DashboardEditor editor(*dashboard);
            int id = 0;
            for (const PanelSpec& panel : dashboard->panels)
                id = panel.isRow() ? id : panel.id;
            Json json = editor.panelJson(id);
            if (!json.isObject())
                continue;
            json.set(u"title"_s, u"another title"_s);
            QVERIFY(editor.changePanel(id, json));
            const QByteArray saved = rewriteDashboard(text, editor.dashboard().migrated);
            const auto again = readDashboard(saved, file.fileName());
            QVERIFY_RESULT(again);
            QVERIFY2(again->migrated == editor.dashboard().migrated, qPrintable(file.fileName()));
            ++count;
            inSchema += changedLines(text, saved) <= 2 ? 1 : 0;
        }
        // Some need the new schema: rows of old layouts, options that are named otherwise now.
        QVERIFY2(inSchema * 10 >= count * 8, qPrintable(u"%1 of %2"_s.arg(inSchema).arg(count)));
    }
};

PROMDECK_TEST_MAIN(TestDashboardWriter)
#include "tst_dashboardwriter.moc"
