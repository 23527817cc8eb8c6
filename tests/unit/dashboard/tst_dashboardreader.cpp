#include "tests/support/testsupport.h"

#include "models/dashboard/dashboard.h"

#include <QDir>

#include <set>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

template <typename F>
void forEachPanel(const Dashboard& dashboard, F&& f)
{
    for (const PanelSpec& panel : dashboard.panels) {
        f(panel);
        for (const PanelSpec& child : panel.children)
            f(child);
    }
}

/// Panels of a document as written, rows' panels included.
void collectRaw(const Json& owner, std::vector<Json>& out)
{
    for (const Json& panel : owner[u"panels"].items()) {
        out.push_back(panel);
        collectRaw(panel, out);
    }
    for (const Json& row : owner[u"rows"].items())
        collectRaw(row, out);
}

/// Type and expressions of a panel as written.
QString summary(const Json& panel)
{
    QStringList parts {panel[u"type"].toString()};
    for (const Json& target : panel[u"targets"].items())
        parts.append(target[u"expr"].toString());
    return parts.join(u'\n');
}

QByteArray minimal(const QByteArray& members)
{
    return "{\"title\": \"t\", \"schemaVersion\": 42, " + members + "}";
}

} // namespace

class TestDashboardReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void libraryPanels()
    {
        const QByteArray text = QByteArray("{'title':'x','schemaVersion':41,'panels':["
                                           "{'id':4,'gridPos':{'x':0,'y':0,'w':6,'h':4},'libraryPanel':{'uid':'u1','name':'Shared'}},"
                                           "{'id':5,'gridPos':{'x':6,'y':0,'w':6,'h':4},'libraryPanel':{'uid':'gone','name':'Elsewhere'}},"
                                           "{'id':6,'type':'stat','title':'Own','gridPos':{'x':12,'y':0,'w':6,'h':4},'libraryPanel':{'uid':'u1','name':'Shared'}}],"
                                           "'__elements':{'u1':{'uid':'u1','name':'Shared','kind':1,'model':{'type':'timeseries','title':'Requests',"
                                           "'id':99,'gridPos':{'x':9,'y':9,'w':9,'h':9},'targets':[{'refId':'A','expr':'up'}]}}}}")
                                    .replace('\'', '"');
        const auto dashboard = readDashboard(text);
        QVERIFY_RESULT(dashboard);
        QCOMPARE(dashboard->panels.size(), size_t(3));
        const PanelSpec& shared = dashboard->panels[0];
        QCOMPARE(shared.type, u"timeseries"_s);
        QCOMPARE(shared.title, u"Requests"_s);
        QCOMPARE(shared.id, 4);
        QCOMPARE(shared.gridPos.w, 6.0);
        QCOMPARE(shared.targets.size(), size_t(1));
        QCOMPARE(dashboard->panels[1].title, u"Elsewhere"_s);
        QCOMPARE(dashboard->panels[1].type, u"library-panel-ref"_s);
        QCOMPARE(dashboard->panels[2].title, u"Own"_s);
        // The file stays as it is: what was taken from the library is not written into the panel.
        QVERIFY(*Json::parse(writeDashboard(*dashboard)) == *Json::parse(text));
    }

    void corpus_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(Testing::sharedFolder() + u"/corpus/dashboards"_s);
        for (const QFileInfo& file : folder.entryInfoList({u"*.json"_s}, QDir::Files))
            QTest::newRow(qPrintable(file.baseName())) << file.filePath();
    }

    void corpus()
    {
        PROMDECK_NEED_SHARED();
        QFETCH(QString, path);
        const QByteArray text = Testing::readFile(path);
        const auto dashboard = readDashboard(text, path);
        QVERIFY_RESULT(dashboard);
        const Json source = Testing::readJson(path);

        const Json once = migrateDashboard(source);
        QVERIFY(migrateDashboard(once) == once);
        QCOMPARE(once[u"schemaVersion"].toInt(), 42);
        QVERIFY(!once.toUtf8().contains("originalType"));
        QVERIFY(*Json::parse(writeDashboard(*dashboard)) == source);

        // Every panel arrives, with its queries, under today's type. (Files repeat ids, hence no look-up by id.)
        QStringList before;
        std::vector<Json> raw;
        collectRaw(source, raw);
        for (const Json& panel : raw) {
            if (panel[u"type"].toString() != u"row")
                before.append(summary(panel));
        }
        std::set<int> ids;
        QStringList after;
        forEachPanel(*dashboard, [&](const PanelSpec& panel) {
            QVERIFY2(ids.insert(panel.id).second, "panel ids are unique");
            if (panel.isRow())
                return;
            QVERIFY(panel.type != u"graph" && panel.type != u"singlestat" && panel.type != u"table-old");
            if (panel.originalType == u"graph")
                QCOMPARE(panel.type, u"timeseries"_s);
            QVERIFY(panel.gridPos.x >= 0 && panel.gridPos.x + panel.gridPos.w <= 24 && panel.gridPos.h > 0);
            QStringList parts {panel.originalType};
            for (const Target& target : panel.targets) {
                parts.append(target.expr);
                QVERIFY(!target.refId.isEmpty());
            }
            after.append(parts.join(u'\n'));
        });
        before.sort();
        after.sort();
        QCOMPARE(after, before);
    }

    void keepsBytesOfOurOwnFiles()
    {
        const auto json = Json::parse(minimal(R"("panels": [{"id": 1, "type": "graph", "x": {"z": 1, "a": [1.5]}}], "odd": [])"));
        QVERIFY_RESULT(json);
        const QByteArray bytes = json->toUtf8(Json::Format::Indented);
        const auto dashboard = readDashboard(bytes);
        QVERIFY_RESULT(dashboard);
        QCOMPARE(writeDashboard(*dashboard), bytes);
    }

    void savesEditsInsideTheWrapper()
    {
        const auto dashboard = readDashboard(R"({"dashboard": {"title": "a", "panels": []}, "meta": {"slug": "s"}})");
        QVERIFY_RESULT(dashboard);
        QCOMPARE(dashboard->title, u"a"_s);
        Json changed = dashboard->migrated;
        changed.set(u"title"_s, u"b"_s);
        const Dashboard edited = withMigrated(*dashboard, changed);
        const Json saved = *Json::parse(writeDashboard(edited));
        QCOMPARE(saved.path(u"dashboard.title").toString(), u"b"_s);
        QCOMPARE(saved.path(u"meta.slug").toString(), u"s"_s);
        QCOMPARE(edited.title, u"b"_s);
    }

    void remembersOriginalTypesThroughEdits()
    {
        const auto dashboard = readDashboard(minimal(R"("panels": [{"id": 7, "type": "graph"}])"));
        QVERIFY_RESULT(dashboard);
        QCOMPARE(dashboard->panels.front().type, u"timeseries"_s);
        QCOMPARE(withMigrated(*dashboard, dashboard->migrated).panels.front().originalType, u"graph"_s);
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("line");
        const auto row = [](const char* name, const QByteArray& text, ErrorCode code, const QString& path, int line) {
            QTest::newRow(name) << text << int(code) << path << line;
        };
        row("syntax", "{\n\"title\": oops}", ErrorCode::Syntax, u"illegal value"_s, 2);
        row("empty", "", ErrorCode::Syntax, {}, 1);
        row("list", "[]", ErrorCode::Schema, {}, 1);
        row("unrelated", "{\"a\": 1}", ErrorCode::Schema, {}, 1);
        row("panels", "{\"title\": \"x\",\n \"panels\": 5}", ErrorCode::Schema, u"panels"_s, 2);
        row("panel", "{\"panels\": [\n{},\n7]}", ErrorCode::Schema, u"panels.1"_s, 3);
        row("child", "{\"panels\": [{\"type\": \"row\",\n\"panels\": [\n\"x\"]}]}", ErrorCode::Schema, u"panels.0.panels.0"_s, 3);
        row("targets", "{\"panels\": [{\n\"targets\": \"x\"}]}", ErrorCode::Schema, u"panels.0.targets"_s, 2);
        row("row", "{\"rows\": [{},\n{\"panels\": {}}]}", ErrorCode::Schema, u"rows.1.panels"_s, 2);
        row("variables", "{\"panels\": [], \"templating\":\n{\"list\": {}}}", ErrorCode::Schema, u"templating.list"_s, 2);
        row("wrapped", "{\"dashboard\": {\n\"panels\": 1}}", ErrorCode::Schema, u"dashboard.panels"_s, 2);
        row("v2", R"({"apiVersion": "dashboard.grafana.app/v2beta1", "spec": {"elements": {}, "layout": {}}})",
            ErrorCode::Unsupported, u"spec"_s, 1);
    }

    void errors()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        QFETCH(QString, path);
        QFETCH(int, line);
        const auto dashboard = readDashboard(text, u"d.json"_s);
        QVERIFY(!dashboard);
        QCOMPARE(int(dashboard.error().code), code);
        QCOMPARE(dashboard.error().where.line, line);
        QCOMPARE(dashboard.error().where.file, u"d.json"_s);
        if (code != int(ErrorCode::Syntax))
            QCOMPARE(dashboard.error().detail, path);
    }

    void variables_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("query");
        QTest::addColumn<QStringList>("current");
        const auto row = [](const char* name, const QByteArray& json, const QString& query, const QStringList& current) {
            QTest::newRow(name) << json << query << current;
        };
        row("text", R"J("query": "label_values(up, job)", "current": {"text": "a", "value": "a"})J", u"label_values(up, job)"_s, {u"a"_s});
        row("object", R"J("query": {"query": "label_values(job)", "refId": "x"}, "current": {"value": ["a", "b"]})J",
            u"label_values(job)"_s, {u"a"_s, u"b"_s});
        row("builder", R"J("query": {"qryType": 1, "label": "job", "metric": "up", "labelFilters": [{"label": "a", "op": "=~", "value": )J"
            + QByteArray("\"b\\\"c\"}]}, \"current\": {}"),
            u"label_values(up{a=~\"b\\\"c\"},job)"_s, {});
        row("builder metrics", R"J("query": {"qryType": 2, "metric": "node_.*"}, "current": "x")J", u"metrics(node_.*)"_s, {u"x"_s});
        row("builder result", R"J("query": {"qryType": 3, "varQuery": "up == 1"}, "current": {"value": "$__all"})J",
            u"query_result(up == 1)"_s, {u"$__all"_s});
        row("definition", R"J("query": {}, "definition": "metrics(x)", "current": {"text": "All", "value": ["$__all"]})J",
            u"metrics(x)"_s, {u"$__all"_s});
        row("loki", R"J("query": {"type": 1, "label": "job", "stream": "{a=~'b'}"}, "current": null)J",
            u"label_values({a=~'b'},job)"_s, {});
        row("all by name", R"J("query": "q", "includeAll": true, "current": {"text": "All", "value": ""})J", u"q"_s, {u"$__all"_s});
        row("all as text", R"J("query": "q", "includeAll": true, "current": {"text": ["All"], "value": ["All"]})J", u"q"_s, {u"$__all"_s});
        row("a value named All", R"J("query": "q", "current": {"text": "All", "value": "All"})J", u"q"_s, {u"All"_s});
        row("number", R"J("query": "q", "current": {"text": "5", "value": 5})J", u"q"_s, {u"5"_s});
    }

    void variables()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, query);
        QFETCH(QStringList, current);
        const auto dashboard = readDashboard(minimal(R"("templating": {"list": [{"name": "v", "type": "query", )" + json + "}]}"));
        QVERIFY_RESULT(dashboard);
        QCOMPARE(dashboard->variables.size(), size_t(1));
        QCOMPARE(dashboard->variables.front().query, query);
        QCOMPARE(dashboard->variables.front().current, current);
    }

    void targetsInheritTheirSource()
    {
        const auto dashboard = readDashboard(minimal(R"("panels": [{"type": "stat", "datasource": {"type": "prometheus", "uid": "p"},
            "targets": [{"expr": "a"}, {"expr": "b", "datasource": {"uid": "q"}, "instant": true, "intervalFactor": 0}]},
            {"type": "stat", "datasource": "-- Mixed --", "targets": [{"expr": "c"}]}])"));
        QVERIFY_RESULT(dashboard);
        const PanelSpec& panel = dashboard->panels.front();
        QCOMPARE(panel.targets[0].datasource.uid, u"p"_s);
        QVERIFY(panel.targets[0].range && !panel.targets[0].instant);
        QCOMPARE(panel.targets[1].datasource.uid, u"q"_s);
        QVERIFY(panel.targets[1].instant && !panel.targets[1].range);
        QCOMPARE(panel.targets[1].intervalFactor, 1.);
        QCOMPARE(panel.targets[0].refId, u"A"_s);
        QCOMPARE(panel.targets[1].refId, u"B"_s);
        QVERIFY(dashboard->panels[1].targets[0].datasource.uid.isEmpty());
    }
};

PROMDECK_TEST_MAIN(TestDashboardReader)
#include "tst_dashboardreader.moc"
