#include "tests/support/testsupport.h"

#include "models/dashboard/dashboardeditor.h"

#include <QDir>
#include <QRandomGenerator>
#include <QSignalSpy>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRandomEdits = 240;

Dashboard read(const QByteArray& panels)
{
    const auto dashboard = readDashboard("{\"schemaVersion\": 42, \"panels\": [" + panels + "]}");
    return dashboard ? *dashboard : Dashboard();
}

QByteArray panel(int id, int x, int y, int w, int h, const QByteArray& more = {})
{
    return "{\"id\": " + QByteArray::number(id) + R"(, "type": "stat", "title": "p)" + QByteArray::number(id)
        + R"(", "gridPos": {"h": )" + QByteArray::number(h) + R"(, "w": )" + QByteArray::number(w) + R"(, "x": )"
        + QByteArray::number(x) + R"(, "y": )" + QByteArray::number(y) + "}" + more + "}";
}

QByteArray row(int id, int y, const QByteArray& children = {}, bool collapsed = false)
{
    return "{\"id\": " + QByteArray::number(id) + R"(, "type": "row", "title": "r)" + QByteArray::number(id)
        + R"(", "collapsed": )" + (collapsed ? "true" : "false") + R"(, "gridPos": {"h": 1, "w": 24, "x": 0, "y": )"
        + QByteArray::number(y) + R"(}, "panels": [)" + children + "]}";
}

/// "id x,y wxh" per panel from top to bottom, a closed row's panels in brackets behind it.
QString describe(const Dashboard& dashboard)
{
    QStringList out;
    std::vector<PanelSpec> sorted = dashboard.panels;
    const auto byPlace = [](const PanelSpec& a, const PanelSpec& b) {
        return a.gridPos.y != b.gridPos.y ? a.gridPos.y < b.gridPos.y : a.gridPos.x < b.gridPos.x;
    };
    std::ranges::stable_sort(sorted, byPlace);
    for (const PanelSpec& spec : sorted) {
        const GridPos& pos = spec.gridPos;
        QString text = u"%1 %2,%3 %4x%5"_s.arg(spec.id).arg(pos.x).arg(pos.y).arg(pos.w).arg(pos.h);
        if (spec.collapsed) {
            QStringList inside;
            for (const PanelSpec& child : spec.children)
                inside << QString::number(child.id);
            text += u" [%1]"_s.arg(inside.join(u' '));
        }
        out << text;
    }
    return out.join(u" | ");
}

/// All panels of a dashboard, those in rows too, by id.
QMap<int, QString> panelsById(const Dashboard& dashboard)
{
    QMap<int, QString> all;
    for (const PanelSpec& spec : dashboard.panels) {
        all.insert(spec.id, spec.title);
        for (const PanelSpec& child : spec.children)
            all.insert(child.id, child.title);
    }
    return all;
}

/// What is seen of a layout, to compare two.
QStringList seen(const Dashboard& dashboard)
{
    QStringList out;
    for (const PlacedPanel& placed : layoutPanels(dashboard, VariableScope(), {}, true)) {
        const GridPos& pos = placed.panel.gridPos;
        out << u"%1 in %2 %3,%4 %5x%6"_s.arg(placed.key).arg(placed.rowId).arg(pos.x).arg(pos.y).arg(pos.w).arg(pos.h);
    }
    return out;
}

QFileInfoList corpus()
{
    return QDir(sharedFolder() + u"/corpus/dashboards"_s).entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name);
}

/// One edit of any kind, chosen by chance.
void editAtRandom(DashboardEditor& editor, QRandomGenerator& chance)
{
    const QList<int> ids = panelsById(editor.dashboard()).keys();
    const int id = ids.isEmpty() ? 0 : ids[chance.bounded(int(ids.size()))];
    const DashboardGrid grid = editor.grid();
    const int section = chance.bounded(int(grid.sections.size()));
    const GridPlace place {section, double(chance.bounded(24)), double(chance.bounded(40)), chance.bounded(4) == 0};
    const GridPos size {double(chance.bounded(24)), double(chance.bounded(30)), double(1 + chance.bounded(24)), double(1 + chance.bounded(12))};
    switch (chance.bounded(14)) {
    case 0:
    case 1:
    case 2: editor.movePanel(id, place); break;
    case 3:
    case 4: editor.resizePanel(id, size); break;
    case 5: editor.addPanel(Json::object({{u"type"_s, u"timeseries"_s}, {u"title"_s, u"new"_s}}), place); break;
    case 6: editor.duplicatePanel(id); break;
    case 7: editor.removePanel(id); break;
    case 8: {
        Json json = editor.panelJson(id);
        json.set(u"title"_s, u"title %1"_s.arg(chance.bounded(1000)));
        editor.changePanel(id, json);
        break;
    }
    case 9: editor.addRow(u"row"_s); break;
    case 10: editor.removeRow(id, chance.bounded(3) == 0); break;
    case 11: editor.moveRow(id, section); break;
    case 12: editor.setRowCollapsed(id, chance.bounded(2) == 0); break;
    default:
        editor.changeMembers({{u"title"_s, u"board %1"_s.arg(chance.bounded(1000))}, {u"time.from"_s, u"now-3h"_s}});
        break;
    }
}

} // namespace

class TestDashboardEditor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void movesAndPushesDown()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8) + "," + panel(2, 12, 0, 12, 8) + "," + panel(3, 0, 8, 12, 4)));
        QVERIFY(editor.movePanel(2, {0, 0, 0}));
        QCOMPARE(describe(editor.dashboard()), u"2 0,0 12x8 | 1 0,8 12x8 | 3 0,16 12x4"_s);
        QCOMPARE(editor.undoStep(), (EditStep {EditStep::Kind::MovePanel, u"p2"_s}));
    }

    // Dragged down past the whole of the panel below, the two change places; not far enough, nothing happens.
    void swapsDownward()
    {
        const QByteArray board = panel(1, 0, 0, 12, 8) + "," + panel(2, 0, 8, 12, 4);
        DashboardEditor editor(read(board));
        QVERIFY(!editor.movePanel(1, {0, 0, 3}));
        QVERIFY(editor.movePanel(1, {0, 0, 4}));
        QCOMPARE(describe(editor.dashboard()), u"2 0,0 12x4 | 1 0,4 12x8"_s);
    }

    void moveDependsOnThePlaceOnly()
    {
        const Dashboard board = read(panel(1, 0, 0, 6, 8) + "," + panel(2, 6, 0, 6, 8) + "," + panel(3, 12, 0, 12, 3) + ","
                                     + panel(4, 12, 3, 12, 5) + "," + panel(5, 0, 8, 24, 4));
        DashboardGrid walked = gridOf(board);
        const DashboardGrid start = walked;
        for (int x = 0; x <= 18; ++x)
            walked = withPanelMoved(start, 1, {0, double(x), 4});
        QCOMPARE(walked, withPanelMoved(start, 1, {0, 18, 4}));
        QCOMPARE(withPanelMoved(start, 1, {0, 0, 0}), start);
    }

    void resizes()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8) + "," + panel(2, 12, 0, 12, 8)));
        QVERIFY(editor.resizePanel(1, {0, 0, 16, 6}));
        QCOMPARE(describe(editor.dashboard()), u"1 0,0 16x6 | 2 12,6 12x8"_s);
        QVERIFY(editor.resizePanel(1, {0, 0, 100, 0}));
        QCOMPARE(editor.panelSpec(1)->gridPos, (GridPos {0, 0, 24, 1}));
    }

    void rowsTakeAndGivePanels()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8) + "," + row(2, 8) + "," + panel(3, 0, 9, 12, 8) + ","
                                    + row(4, 17, panel(5, 0, 18, 12, 8), true)));
        // into the closed row and out again
        QVERIFY(editor.movePanel(1, {2, 12, 0}));
        QCOMPARE(describe(editor.dashboard()), u"2 0,0 24x1 | 3 0,1 12x8 | 4 0,9 24x1 [1 5]"_s);
        QVERIFY(editor.movePanel(5, {0, 0, 0}));
        QCOMPARE(describe(editor.dashboard()), u"5 0,0 12x8 | 2 0,8 24x1 | 3 0,9 12x8 | 4 0,17 24x1 [1]"_s);
        // under a closed row: of no row
        QVERIFY(editor.movePanel(3, {2, 0, 0, true}));
        QCOMPARE(describe(editor.dashboard()), u"5 0,0 12x8 | 2 0,8 24x1 | 4 0,9 24x1 [1] | 3 0,10 12x8"_s);
        for (int i = 0; i < 3; ++i)
            editor.undo();
        QVERIFY(editor.isClean());
        QCOMPARE(describe(editor.dashboard()), u"1 0,0 12x8 | 2 0,8 24x1 | 3 0,9 12x8 | 4 0,17 24x1 [5]"_s);
    }

    void rowsMoveAndCollapse()
    {
        DashboardEditor editor(read(row(1, 0) + "," + panel(2, 0, 1, 12, 8) + "," + row(3, 9) + "," + panel(4, 0, 10, 12, 4)));
        QVERIFY(editor.moveRow(3, 1));
        QCOMPARE(describe(editor.dashboard()), u"3 0,0 24x1 | 4 0,1 12x4 | 1 0,5 24x1 | 2 0,6 12x8"_s);
        QVERIFY(editor.setRowCollapsed(3, true));
        QCOMPARE(describe(editor.dashboard()), u"3 0,0 24x1 [4] | 1 0,1 24x1 | 2 0,2 12x8"_s);
        QVERIFY(!editor.setRowCollapsed(3, true));
        QCOMPARE(editor.undoStep().kind, EditStep::Kind::CollapseRow);
        QVERIFY(editor.removeRow(3, false));
        QCOMPARE(describe(editor.dashboard()), u"4 0,0 12x4 | 1 0,4 24x1 | 2 0,5 12x8"_s);
        QVERIFY(editor.removeRow(1, true));
        QCOMPARE(describe(editor.dashboard()), u"4 0,0 12x4"_s);
        const int id = editor.addRow(u"end"_s);
        QCOMPARE(describe(editor.dashboard()), u"4 0,0 12x4 | %1 0,4 24x1"_s.arg(id));
    }

    void addsAndDuplicates()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8) + "," + panel(2, 0, 8, 24, 4)));
        QCOMPARE(editor.duplicatePanel(1), 3);
        QCOMPARE(describe(editor.dashboard()), u"1 0,0 12x8 | 3 12,0 12x8 | 2 0,8 24x4"_s);
        QCOMPARE(editor.duplicatePanel(2), 4);
        QCOMPARE(editor.panelSpec(4)->gridPos, (GridPos {0, 12, 24, 4}));
        // an old type is migrated, as a file with it would be
        const int added = editor.addPanel(Json::object({{u"type"_s, u"graph"_s}, {u"title"_s, u"old"_s}, {u"id"_s, 1}}));
        QCOMPARE(added, 5);
        QCOMPARE(editor.panelSpec(5)->type, u"timeseries"_s);
        QCOMPARE(editor.panelSpec(5)->gridPos, (GridPos {0, 0, 12, 8}));
        QCOMPARE(editor.addPanel(Json(1)), 0);
    }

    void changesAPanelAndKeepsItsPlace()
    {
        DashboardEditor editor(read(row(9, 0, panel(1, 3, 1, 12, 8, R"(, "odd": {"kept": 1})"), true)));
        Json json = editor.panelJson(1);
        json.set(u"title"_s, u"other"_s);
        json.set(u"id"_s, 77);
        json.remove(u"gridPos");
        QVERIFY(editor.changePanel(1, json));
        QCOMPARE(editor.panelSpec(1)->title, u"other"_s);
        QCOMPARE(editor.panelSpec(1)->gridPos.x, 3.);
        QCOMPARE(editor.panelJson(1).path(u"odd.kept").toInt(), 1);
        QVERIFY(!editor.changePanel(1, editor.panelJson(1)));
        QVERIFY(!editor.changePanel(42, json));
        QVERIFY(!editor.changePanel(9, json)); // a row stays a row
        QCOMPARE(editor.stepCount(), 1);
    }

    void historyKeepsAtLeast100Steps()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8)));
        const QString opened = describe(editor.dashboard());
        for (int i = 0; i < DashboardEditor::kMaxSteps; ++i)
            editor.changeMembers({{u"title"_s, QString::number(i)}});
        QCOMPARE(editor.stepCount(), DashboardEditor::kMaxSteps);
        QVERIFY(DashboardEditor::kMaxSteps >= 100);
        for (int i = 0; i < DashboardEditor::kMaxSteps; ++i)
            editor.undo();
        QVERIFY(editor.isClean());
        QVERIFY(!editor.canUndo());
        QCOMPARE(describe(editor.dashboard()), opened);
        for (int i = 0; i < DashboardEditor::kMaxSteps + 3; ++i)
            editor.redo();
        QCOMPARE(editor.dashboard().title, QString::number(DashboardEditor::kMaxSteps - 1));
        // one more forgets the first
        editor.changeMembers({{u"title"_s, u"last"_s}});
        while (editor.canUndo())
            editor.undo();
        QCOMPARE(editor.dashboard().title, u"0"_s);
        QVERIFY(!editor.isClean());
    }

    void cleanFollowsTheSavedValue()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8)));
        QSignalSpy changed(&editor, &DashboardEditor::changed);
        editor.changeMembers({{u"title"_s, u"a"_s}});
        QVERIFY(!editor.isClean());
        editor.setClean();
        QVERIFY(editor.isClean());
        editor.undo();
        QVERIFY(!editor.isClean());
        editor.redo();
        QVERIFY(editor.isClean());
        editor.undo();
        editor.changeMembers({{u"title"_s, u"b"_s}}); // the saved state cannot come back
        QVERIFY(!editor.isClean());
        editor.undo();
        QVERIFY(!editor.isClean());
        QCOMPARE(changed.size(), 6);
        // saved while edits went on
        const Json written = editor.dashboard().migrated;
        editor.changeMembers({{u"title"_s, u"c"_s}});
        editor.setSaved(written);
        QVERIFY(!editor.isClean());
        editor.undo();
        QVERIFY(editor.isClean());
    }

    void mergesRuns()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8)));
        for (const QString& title : {u"n"_s, u"ne"_s, u"new"_s})
            editor.changeMembers({{u"title"_s, title}}, EditStep::Kind::ChangeSettings, u"title"_s);
        QCOMPARE(editor.stepCount(), 1);
        editor.endMerge();
        editor.changeMembers({{u"title"_s, u"newer"_s}}, EditStep::Kind::ChangeSettings, u"title"_s);
        QCOMPARE(editor.stepCount(), 2);
        editor.undo();
        QCOMPARE(editor.dashboard().title, u"new"_s);
        editor.undo();
        QVERIFY(editor.isClean());
    }

    // Typing on after a pause is another step.
    void pausesEndRuns()
    {
        FakeClock clock(1'700'000'000'000);
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8)), nullptr, clock);
        const auto type = [&](const QString& title) {
            editor.changeMembers({{u"title"_s, title}}, EditStep::Kind::ChangeSettings, u"title"_s);
        };
        type(u"n"_s);
        clock.advance(999);
        type(u"ne"_s);
        clock.advance(999); // since the last key, not since the first
        type(u"new"_s);
        QCOMPARE(editor.stepCount(), 1);
        clock.advance(1000);
        type(u"newe"_s);
        QCOMPARE(editor.stepCount(), 2);
        editor.undo();
        QCOMPARE(editor.dashboard().title, u"new"_s);
    }

    void outsideStepsShareTheHistory()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8)));
        QSignalSpy changes(&editor, &DashboardEditor::changed);
        int notes = 1;
        editor.addOutsideStep({EditStep::Kind::AddMark, u"note"_s}, [&] { --notes; }, [&] { ++notes; });
        QVERIFY(editor.isClean() && editor.canUndo());
        editor.changeMembers({{u"title"_s, u"new"_s}});
        QVERIFY(!editor.isClean());
        editor.undo();
        QVERIFY(editor.isClean());
        QCOMPARE(notes, 1);
        editor.undo();
        QCOMPARE(notes, 0);
        QVERIFY(editor.isClean() && !editor.canUndo());
        QCOMPARE(changes.count(), 2); // the dashboard is as it was
        editor.redo();
        QCOMPARE(notes, 1);
        editor.redo();
        QCOMPARE(editor.dashboard().title, u"new"_s);
        QCOMPARE(notes, 1);
    }

    // A repeated panel moves as one block, and only its own place is written.
    void repeatsMoveAsOne()
    {
        VariableScope scope;
        VariableValue value;
        value.multi = true;
        value.values = {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s};
        value.texts = value.values;
        scope.set(u"v"_s, value);
        DashboardEditor editor(read(panel(1, 0, 0, 6, 4, R"(, "repeat": "v", "maxPerRow": 3)") + "," + panel(2, 0, 8, 24, 5)));
        editor.setGridSource([&] { return gridOf(editor.dashboard(), scope); });
        QCOMPARE(editor.grid().block(1)->pos, (GridPos {0, 0, 24, 8}));
        QVERIFY(editor.movePanel(1, {0, 0, 5}));
        QCOMPARE(editor.panelSpec(1)->gridPos, (GridPos {0, 5, 6, 4}));
        QCOMPARE(editor.panelSpec(2)->gridPos.y, 0.);
        // five clones in two lines: the size of all is twice the size of one
        QVERIFY(editor.resizePanel(1, {0, 5, 24, 12}));
        QCOMPARE(editor.panelSpec(1)->gridPos, (GridPos {0, 5, 6, 6}));
    }

    void untouchedPanelsStayAsWritten()
    {
        DashboardEditor editor(read(panel(1, 0, 0, 12, 8) + "," + panel(2, 12, 0, 12, 8) + R"(, {"id": 3, "type": "text",
            "gridPos": {"y": 8, "x": 0, "w": 24, "h": 2.2}})"));
        const Json before = editor.panelJson(3);
        QVERIFY(editor.movePanel(1, {0, 12, 0})); // 1 goes over 2, which goes below; 3 follows
        QCOMPARE(editor.panelJson(3).path(u"gridPos.h").toDouble(), 2.2);
        editor.undo();
        QCOMPARE(editor.panelJson(3).toUtf8(), before.toUtf8());
    }

    void everyEditSurvivesSavingAndComesBack()
    {
        PROMDECK_NEED_SHARED();
        const QFileInfoList files = corpus();
        QVERIFY(files.size() > 20);
        QRandomGenerator chance(7);
        for (const QFileInfo& file : files) {
            const auto dashboard = readDashboard(readFile(file.filePath()), file.fileName());
            QVERIFY_RESULT(dashboard);
            DashboardEditor editor(*dashboard);
            const Json opened = editor.dashboard().migrated;
            const QStringList shown = seen(editor.dashboard());
            const int edits = kRandomEdits / int(files.size()) + 1;
            std::vector<Json> values {opened};
            for (int i = 0; i < edits; ++i) {
                const int steps = editor.stepCount();
                editAtRandom(editor, chance);
                if (editor.stepCount() > steps)
                    values.push_back(editor.dashboard().migrated);
                const auto again = readDashboard(writeDashboard(editor.dashboard()));
                QVERIFY_RESULT(again);
                QVERIFY2(again->migrated == editor.dashboard().migrated, qPrintable(file.fileName()));
                QCOMPARE(seen(*again), seen(editor.dashboard()));
                // an arrangement that was settled once moves nothing more
                const Json settled = documentWithGrid(again->migrated, gridOf(*again));
                QVERIFY2(documentWithGrid(settled, gridOf(withMigrated(*again, settled))) == settled, qPrintable(file.fileName()));
            }
            for (size_t i = values.size(); i-- > 1;) {
                QVERIFY(editor.dashboard().migrated == values[i]);
                editor.undo();
            }
            QVERIFY(editor.dashboard().migrated == opened);
            QCOMPARE(seen(editor.dashboard()), shown);
            for (size_t i = 1; i < values.size(); ++i) {
                editor.redo();
                QVERIFY(editor.dashboard().migrated == values[i]);
            }
        }
    }

    // Panels appear and vanish by their own edits only, whatever moves.
    void layoutEditsLoseNoPanel()
    {
        PROMDECK_NEED_SHARED();
        QRandomGenerator chance(11);
        for (const QFileInfo& file : corpus()) {
            const auto dashboard = readDashboard(readFile(file.filePath()), file.fileName());
            QVERIFY_RESULT(dashboard);
            DashboardEditor editor(*dashboard);
            const QMap<int, QString> before = panelsById(editor.dashboard());
            const QList<int> ids = before.keys();
            for (int i = 0; i < 12 && !ids.isEmpty(); ++i) {
                const int id = ids[chance.bounded(int(ids.size()))];
                const int section = chance.bounded(int(editor.grid().sections.size()));
                editor.movePanel(id, {section, double(chance.bounded(24)), double(chance.bounded(30)), chance.bounded(3) == 0});
                editor.moveRow(id, section);
                editor.setRowCollapsed(id, chance.bounded(2) == 0);
                QCOMPARE(panelsById(editor.dashboard()), before);
            }
        }
    }
};

PROMDECK_TEST_MAIN(TestDashboardEditor)
#include "tst_dashboardeditor.moc"
