#include "tests/support/testsupport.h"

#include "models/dashboard/layoutengine.h"

#include <QDir>
#include <QRandomGenerator>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

bool overlap(const GridPos& a, const GridPos& b)
{
    constexpr double kTouch = 1e-6;
    return a.x + kTouch < b.x + b.w && b.x + kTouch < a.x + a.w && a.y + kTouch < b.y + b.h && b.y + kTouch < a.y + a.h;
}

void checkInvariants(const std::vector<PlacedPanel>& panels)
{
    std::set<int> ids;
    std::set<QString> keys;
    for (size_t i = 0; i < panels.size(); ++i) {
        const GridPos& pos = panels[i].panel.gridPos;
        QVERIFY(pos.x >= 0 && pos.y >= 0 && pos.w > 0 && pos.h > 0 && pos.x + pos.w <= kGridColumns + 1e-6);
        QVERIFY2(ids.insert(panels[i].panel.id).second, "ids are unique");
        QVERIFY2(keys.insert(panels[i].key).second, "keys are unique");
        if (i > 0)
            QVERIFY(pos.y >= panels[i - 1].panel.gridPos.y);
        for (size_t j = 0; j < i; ++j) {
            if (overlap(pos, panels[j].panel.gridPos))
                QFAIL(qPrintable(panels[i].key + u" on "_s + panels[j].key));
        }
    }
}

VariableScope scopeWith(const QString& name, const QStringList& values)
{
    VariableScope scope;
    VariableValue value;
    value.type = u"query"_s;
    value.multi = true;
    value.values = values;
    value.texts = values;
    scope.set(name, value);
    return scope;
}

Dashboard read(const QByteArray& panels)
{
    const auto dashboard = readDashboard("{\"schemaVersion\": 42, \"panels\": [" + panels + "]}");
    return dashboard ? *dashboard : Dashboard();
}

/// "key x,y wxh" per panel.
QStringList describe(const std::vector<PlacedPanel>& panels)
{
    QStringList out;
    for (const PlacedPanel& item : panels) {
        const GridPos& pos = item.panel.gridPos;
        out.append(u"%1 %2,%3 %4x%5"_s.arg(item.key).arg(pos.x).arg(pos.y).arg(pos.w).arg(pos.h));
    }
    return out;
}

} // namespace

class TestLayoutEngine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void compacts()
    {
        const Dashboard dashboard = read(R"({"id": 1, "gridPos": {"x": 0, "y": 5, "w": 12, "h": 4}},
            {"id": 2, "gridPos": {"x": 12, "y": 9, "w": 12, "h": 2.2}}, {"id": 3, "gridPos": {"x": 6, "y": 20, "w": 12, "h": 3}})");
        QCOMPARE(describe(layoutPanels(dashboard, VariableScope())), (QStringList {u"1 0,0 12x4"_s, u"2 12,0 12x2.2"_s, u"3 6,4 12x3"_s}));
    }

    void overlapsPushDown()
    {
        std::vector<GridPos> items {{0, 0, 12, 4}, {6, 2, 12, 4}, {0, 4, 6, 1}};
        compactGrid(items);
        QCOMPARE(items[1].y, 4.);
        QCOMPARE(items[2].y, 4.);
    }

    void movedItemKeepsItsPlace()
    {
        std::vector<GridPos> items {{0, 0, 12, 4}, {0, 4, 12, 4}};
        items[1].y = 0;
        compactGrid(items, 1);
        QCOMPARE(items[1].y, 0.);
        QCOMPARE(items[0].y, 4.);
    }

    void rowsOwnWhatFollows()
    {
        const Dashboard dashboard = read(R"({"id": 1, "type": "row", "title": "R $x", "gridPos": {"y": 0}},
            {"id": 2, "gridPos": {"y": 1, "h": 5}},
            {"id": 3, "type": "row", "collapsed": true, "gridPos": {"y": 6}, "panels": [{"id": 4, "gridPos": {"y": 7, "h": 3}}]},
            {"id": 5, "type": "row", "gridPos": {"y": 7}}, {"id": 6, "gridPos": {"y": 8}})");
        const auto panels = layoutPanels(dashboard, VariableScope());
        QCOMPARE(describe(panels), (QStringList {u"1 0,0 24x1"_s, u"2 0,1 4x5"_s, u"3 0,6 24x1"_s, u"5 0,7 24x1"_s, u"6 0,8 4x4"_s}));
        QCOMPARE(panels[1].rowId, 1);
        QCOMPARE(panels[1].rowTitle, u"R $x"_s);
        QCOMPARE(panels[4].rowId, 5);
        // Opening a row makes room below it; closing takes it away.
        QCOMPARE(describe(layoutPanels(dashboard, VariableScope(), {u"3"_s})),
                 (QStringList {u"1 0,0 24x1"_s, u"2 0,1 4x5"_s, u"3 0,6 24x1"_s, u"4 0,7 4x3"_s, u"5 0,10 24x1"_s, u"6 0,11 4x4"_s}));
        QCOMPARE(describe(layoutPanels(dashboard, VariableScope(), {u"1"_s})).first(2), (QStringList {u"1 0,0 24x1"_s, u"3 0,1 24x1"_s}));
        const auto everything = layoutPanels(dashboard, VariableScope(), {}, true);
        QCOMPARE(everything.size(), size_t(6));
        QVERIFY(everything[3].inCollapsedRow);
    }

    void repeatsHorizontally()
    {
        const Dashboard dashboard = read(R"({"id": 1, "repeat": "h", "maxPerRow": 3, "gridPos": {"w": 6, "h": 4}},
            {"id": 2, "gridPos": {"y": 4, "w": 24}})");
        const auto panels = layoutPanels(dashboard, scopeWith(u"h"_s, {u"a"_s, u"b"_s, u"c"_s, u"d"_s}));
        QCOMPARE(describe(panels), (QStringList {u"1;h=a 0,0 8x4"_s, u"1;h=b 8,0 8x4"_s, u"1;h=c 16,0 8x4"_s,
                                                 u"1;h=d 0,4 8x4"_s, u"2 0,8 24x4"_s}));
        QCOMPARE(panels[1].panel.repeatSourceId, 1);
        QCOMPARE(panels[1].panel.scopedVars.front().second, u"b"_s);
        QCOMPARE(layoutPanels(dashboard, scopeWith(u"h"_s, {})).size(), size_t(2));
        QCOMPARE(describe(layoutPanels(dashboard, VariableScope())).first(), u"1 0,0 6x4"_s);
        const auto five = layoutPanels(read(R"({"id": 1, "repeat": "h", "maxPerRow": 12})"),
                                       scopeWith(u"h"_s, {u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s}));
        QCOMPARE(five.back().panel.gridPos.x, 4 * 4.8);
        checkInvariants(five);
    }

    void repeatsVertically()
    {
        const Dashboard dashboard = read(R"({"id": 1, "repeat": "h", "repeatDirection": "v", "gridPos": {"x": 6, "w": 6, "h": 4}},
            {"id": 2, "gridPos": {"x": 12, "y": 0, "w": 12, "h": 4}}, {"id": 3, "gridPos": {"x": 0, "y": 4, "w": 12, "h": 4}})");
        QCOMPARE(describe(layoutPanels(dashboard, scopeWith(u"h"_s, {u"a"_s, u"b"_s}))),
                 (QStringList {u"1;h=a 6,0 6x4"_s, u"2 12,0 12x4"_s, u"1;h=b 6,4 6x4"_s, u"3 0,8 12x4"_s}));
    }

    void repeatsRowsWithTheirPanels()
    {
        const Dashboard dashboard = read(R"({"id": 1, "type": "row", "repeat": "h", "gridPos": {"y": 0}},
            {"id": 2, "gridPos": {"y": 1, "w": 12, "h": 4}}, {"id": 3, "repeat": "h", "gridPos": {"x": 12, "y": 5, "w": 12, "h": 2}})");
        const auto panels = layoutPanels(dashboard, scopeWith(u"h"_s, {u"a"_s, u"b"_s}));
        QCOMPARE(describe(panels), (QStringList {u"1;h=a 0,0 24x1"_s, u"2;h=a 0,1 12x4"_s, u"3;h=a 0,5 24x2"_s,
                                                 u"1;h=b 0,7 24x1"_s, u"2;h=b 0,8 12x4"_s, u"3;h=b 0,12 24x2"_s}));
        checkInvariants(panels);
        QCOMPARE(panels[4].rowId, panels[3].panel.id);
    }

    void scopedValuesKeepTheirKind()
    {
        const VariableScope outer = scopeWith(u"h"_s, {u"a.b"_s, u"c"_s});
        PanelSpec panel;
        panel.scopedVars = {{u"h"_s, u"a.b"_s}};
        VariableScope scope(&outer);
        addScopedVars(scope, panel);
        QCOMPARE(interpolate(u"$h"_s, scope, InterpolationTarget::Prometheus), u"a\\\\.b"_s);
        QCOMPARE(interpolate(u"$h"_s, scope), u"a.b"_s);
    }

    void pixels()
    {
        for (const int width : {768, 1000, 1600, 1921}) {
            const PixelRect left = gridRect({0, 0, 12, 8}, width);
            const PixelRect right = gridRect({12, 0, 12, 8}, width);
            QCOMPARE(left.height, 8 * 30 + 7 * 8);
            QCOMPARE(right.x - (left.x + left.width), kGridGapPx);
            QVERIFY(std::abs(right.x + right.width - width) <= 1);
            QCOMPARE(gridRect({0, 3, 1, 1}, width).y, 3 * 38);
        }
        QCOMPARE(gridRect({12, 2, 6, 2}, 700), (PixelRect {0, 76, 700, 68}));
        const auto stacked = gridRects({{0, 0, 12, 2}, {12, 0, 12, 2}, {0, 2, 24, 1}}, 500);
        QCOMPARE(stacked[0].y, 0);
        QCOMPARE(stacked[1].y, 76);
        QCOMPARE(stacked[2].y, 152);
        QCOMPARE(stacked[1].x, 0);
    }

    void corpus_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(Testing::sharedFolder() + u"/corpus/dashboards"_s);
        for (const QFileInfo& file : folder.entryInfoList({u"*.json"_s}, QDir::Files))
            QTest::newRow(qPrintable(file.baseName())) << file.filePath();
    }

    /// Every file, with three values for every variable, rows as saved and all open.
    void corpus()
    {
        PROMDECK_NEED_SHARED();
        QFETCH(QString, path);
        const auto dashboard = readDashboard(Testing::readFile(path), path);
        QVERIFY_RESULT(dashboard);
        VariableScope scope;
        for (const VariableSpec& variable : dashboard->variables) {
            VariableValue value;
            value.type = variable.type;
            value.values = {u"one"_s, u"two"_s, u"three"_s};
            value.texts = value.values;
            scope.set(variable.name, value);
        }
        checkInvariants(layoutPanels(*dashboard, scope));
        std::set<QString> closed;
        for (const PlacedPanel& item : layoutPanels(*dashboard, scope)) {
            if (item.panel.isRow() && item.panel.collapsed)
                closed.insert(item.key);
        }
        const auto open = layoutPanels(*dashboard, scope, closed);
        checkInvariants(open);
        QVERIFY(std::ranges::none_of(open, [](const PlacedPanel& item) { return item.panel.isRow() && item.panel.collapsed; }));
    }

    void anyGridCompactsWithoutOverlap()
    {
        QRandomGenerator random(11);
        for (int round = 0; round < 60; ++round) {
            std::vector<GridPos> items;
            for (int i = random.bounded(30); i >= 0; --i) {
                const int w = 1 + random.bounded(24);
                items.push_back({double(random.bounded(25 - w)), double(random.bounded(30)), double(w), 1 + random.bounded(8) / 2.});
            }
            compactGrid(items, round % 2 == 0 ? -1 : random.bounded(int(items.size())));
            for (size_t i = 0; i < items.size(); ++i) {
                for (size_t j = 0; j < i; ++j)
                    QVERIFY(!overlap(items[i], items[j]));
            }
            const auto once = items;
            compactGrid(items);
            QVERIFY(items == once);
        }
    }
};

PROMDECK_TEST_MAIN(TestLayoutEngine)
#include "tst_layoutengine.moc"
