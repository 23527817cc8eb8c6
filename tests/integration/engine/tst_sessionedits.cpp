#include "models/dashboard/dashboardeditor.h"
#include "models/query/dashboardsession.h"
#include "tests/support/testsupport.h"

#include <QHttpServer>
#include <QSignalSpy>
#include <QTcpServer>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNow = 1'700'000'000'000;

// Two panels, a row that the file has open, one that it has closed.
const char kDashboard[] = R"json({
 "title": "Edits", "schemaVersion": 42, "timezone": "utc", "time": {"from": "now-1h", "to": "now"}, "panels": [
  {"id": 1, "type": "stat", "title": "one", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
   "targets": [{"refId": "A", "expr": "one", "instant": true, "range": false}]},
  {"id": 2, "type": "stat", "title": "two", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
   "targets": [{"refId": "A", "expr": "two", "instant": true, "range": false}]},
  {"id": 3, "type": "row", "title": "open", "gridPos": {"x": 0, "y": 8, "w": 24, "h": 1}, "panels": []},
  {"id": 4, "type": "stat", "title": "four", "gridPos": {"x": 0, "y": 9, "w": 12, "h": 4},
   "targets": [{"refId": "A", "expr": "four", "instant": true, "range": false}]}]})json";

} // namespace

/// What a session asks and shows while its dashboard is edited. The server is a fake that writes down what it is
/// asked: a real one does not tell.
class TestSessionEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_asked.clear();
        m_server = std::make_unique<QHttpServer>();
        m_server->route(u"/api/v1/query"_s, [this](const QHttpServerRequest& request) {
            const QUrlQuery form(QString::fromUtf8(request.body()));
            m_asked << form.queryItemValue(u"query"_s) + request.query().queryItemValue(u"query"_s);
            return QHttpServerResponse("application/json",
                                       R"({"status":"success","data":{"resultType":"scalar","result":[1,"5"]}})");
        });
        const quint16 port = m_server->listen(QHostAddress::LocalHost);
        const auto dashboard = readDashboard(kDashboard);
        QVERIFY_RESULT(dashboard);
        m_editor = std::make_unique<DashboardEditor>(*dashboard);
        m_session = std::make_unique<DashboardSession>(
            *dashboard, StackConnection::forUrl(QUrl(u"http://127.0.0.1:%1"_s.arg(port))), nullptr, m_clock);
        connect(m_editor.get(), &DashboardEditor::changed, m_session.get(),
                [this] { m_session->setDashboard(m_editor->dashboard()); });
        m_session->start();
        m_session->setAllVisible(1200);
        QVERIFY(waitIdle());
        QCOMPARE(m_asked.size(), 3);
        m_asked.clear();
    }

    void cleanup()
    {
        m_session.reset();
        m_editor.reset();
        m_server.reset();
    }

    void movingAsksNothing()
    {
        QSignalSpy shown(m_session.get(), &DashboardSession::panelChanged);
        const PanelDataPtr before = m_session->panelData(u"1"_s);
        QVERIFY(m_editor->movePanel(1, {1, 12, 0}));
        QCOMPARE(m_session->panels().back().key, u"1"_s);
        QCOMPARE(m_session->panels().back().rowId, 3);
        m_editor->undo();
        QCOMPARE(m_session->panels().front().key, u"1"_s);
        QVERIFY(waitIdle());
        QVERIFY(m_asked.isEmpty());
        QVERIFY(shown.isEmpty());
        QCOMPARE(m_session->panelData(u"1"_s), before);
    }

    // The preview of a drag is what the drop then gives.
    void previewIsWhatComes()
    {
        const DashboardGrid moved = withPanelMoved(m_session->grid(), 4, {0, 6, 3});
        const std::vector<PlacedPanel> preview = m_session->panelsWith(moved);
        QVERIFY(m_editor->changeGrid(moved, {EditStep::Kind::MovePanel, u"four"_s}));
        QCOMPARE(m_session->panels().size(), preview.size());
        for (size_t i = 0; i < preview.size(); ++i) {
            QCOMPARE(m_session->panels()[i].key, preview[i].key);
            QCOMPARE(m_session->panels()[i].panel.gridPos, preview[i].panel.gridPos);
        }
    }

    void anotherUnitAsksNothing()
    {
        QSignalSpy edited(m_session.get(), &DashboardSession::edited);
        Json panel = m_editor->panelJson(1);
        panel.setPath(u"fieldConfig.defaults.unit", u"bytes"_s);
        QVERIFY(m_editor->changePanel(1, panel));
        QCOMPARE(edited.takeFirst().at(0).toStringList(), QStringList {u"1"_s});
        QVERIFY(waitIdle());
        QVERIFY(m_asked.isEmpty());
        const PanelDataPtr data = m_session->panelData(u"1"_s);
        QCOMPARE(data->frames.at(0).fields.at(1).config.unit, u"bytes"_s);
        m_editor->undo();
        QVERIFY(waitIdle());
        QVERIFY(m_asked.isEmpty());
        QVERIFY(!m_session->panelData(u"1"_s)->frames.at(0).fields.at(1).config.unit);
    }

    void anotherQueryAsksForItself()
    {
        Json panel = m_editor->panelJson(2);
        Json targets = panel[u"targets"];
        Json target = targets.at(0);
        target.set(u"expr"_s, u"other"_s);
        targets.setAt(0, target);
        panel.set(u"targets"_s, targets);
        QVERIFY(m_editor->changePanel(2, panel));
        QVERIFY(waitIdle());
        QCOMPARE(m_asked, QStringList {u"other"_s});
    }

    void newPanelsAsk()
    {
        Json panel = m_editor->panelJson(1);
        panel.set(u"title"_s, u"copy"_s);
        const int id = m_editor->addPanel(panel);
        QVERIFY(waitIdle());
        QCOMPARE(m_session->panelData(QString::number(id))->state, PanelData::State::Done);
        m_editor->removePanel(id);
        QCOMPARE(m_session->panels().size(), 4u);
    }

    // A row that the user closed stays closed over other edits; an edit that opens or closes it is seen.
    void rowsStayAsTheUserLeftThem()
    {
        m_session->toggleRow(u"3"_s);
        QCOMPARE(m_session->panels().size(), 3u);
        m_editor->movePanel(1, {0, 0, 20});
        QCOMPARE(m_session->panels().size(), 3u);
        m_editor->setRowCollapsed(3, true);
        QCOMPARE(m_session->panels().size(), 3u);
        m_editor->undo();
        QCOMPARE(m_session->panels().size(), 4u);
        // dropped under the closed row, a panel belongs to no row, and the row stays closed
        m_session->toggleRow(u"3"_s);
        m_editor->movePanel(1, {1, 0, 0, true});
        QCOMPARE(m_session->panels().size(), 3u);
        QCOMPARE(m_session->panels().back().key, u"1"_s);
        QCOMPARE(m_session->panels().back().rowId, 0);
    }

    void otherTimeRangeIsShown()
    {
        m_editor->changeMembers({{u"time.from"_s, u"now-3h"_s}});
        QCOMPARE(m_session->rawTimeRange().from, u"now-3h"_s);
        QCOMPARE(m_session->timeRange().spanMs(), 3 * 3'600'000);
        QVERIFY(waitIdle());
        QVERIFY(!m_session->isBusy());
    }

    void otherVariablesAreResolved()
    {
        QSignalSpy changed(m_session.get(), &DashboardSession::variablesChanged);
        const Json variable = Json::object({{u"name"_s, u"x"_s}, {u"type"_s, u"custom"_s}, {u"query"_s, u"a,b"_s}});
        m_editor->changeMembers({{u"templating.list"_s, Json::array({variable})}}, EditStep::Kind::ChangeVariables);
        QTRY_COMPARE(m_session->variables().size(), 1u);
        QVERIFY(!changed.isEmpty());
        QCOMPARE(m_session->interpolate(u"$x"_s), u"a"_s);
        // another label is news too, though no value is
        Json labelled = variable;
        labelled.set(u"label"_s, u"Letter"_s);
        m_editor->changeMembers({{u"templating.list"_s, Json::array({labelled})}}, EditStep::Kind::ChangeVariables);
        QTRY_COMPARE(m_session->variables().front().spec.label, u"Letter"_s);
        m_editor->undo();
        m_editor->undo();
        QTRY_COMPARE(m_session->variables().size(), 0u);
    }

private:
    bool waitIdle()
    {
        QSignalSpy idle(m_session.get(), &DashboardSession::idle);
        return !m_session->isBusy() || idle.wait(20000);
    }

    const FakeClock m_clock {kNow};
    QStringList m_asked;
    std::unique_ptr<QHttpServer> m_server;
    std::unique_ptr<DashboardEditor> m_editor;
    std::unique_ptr<DashboardSession> m_session;
};

PROMDECK_TEST_MAIN(TestSessionEdits)
#include "tst_sessionedits.moc"
