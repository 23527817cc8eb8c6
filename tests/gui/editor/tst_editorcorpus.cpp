// Real dashboards in the editor: opening and closing it is no edit, whatever the panel holds.
#include "tests/gui/editor/windowfixture.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/editor/optionspane.h"
#include "widgets/editor/overridesediting.h"
#include "widgets/editor/paneleditor.h"
#include "widgets/editor/queryrows.h"
#include "widgets/editor/transformationlist.h"

#include <QElapsedTimer>
#include <QTabWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestEditorCorpus final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_fixture.startServer()); }
    void init() { m_fixture.makeWindow(); }
    void cleanup() { m_fixture.closeWindow(); }
    void openingIsNoEdit_data();
    void openingIsNoEdit();

private:
    WindowFixture m_fixture;
};

void TestEditorCorpus::openingIsNoEdit_data()
{
    QTest::addColumn<QString>("file");
    for (const QString& name : {u"node-exporter-full"_s, u"node-exporter-full-old"_s, u"node-exporter-starsliao"_s, u"mysql-overview"_s,
                                u"rabbitmq-overview"_s, u"k8s-views-global"_s, u"redis-old"_s, u"nginx-logs-loki"_s})
        QTest::newRow(qPrintable(name)) << name;
}

void TestEditorCorpus::openingIsNoEdit()
{
    PROMDECK_NEED_SHARED();
    QFETCH(QString, file);
    m_fixture.open(readJson(sharedFolder() + u"/corpus/dashboards/"_s + file + u".json"_s));
    DashboardPage* page = m_fixture.page();
    page->editing()->setLocked(false); // some files say that they are not to be edited
    page->view()->setRowsCollapsed(false);
    const int before = page->editing()->editor()->stepCount();
    QStringList keys;
    for (const PlacedPanel& placed : page->session()->panels()) {
        if (!placed.panel.isRow())
            keys << placed.key;
    }
    QVERIFY(!keys.isEmpty());
    qint64 slowest = 0;
    for (const QString& key : std::as_const(keys)) {
        QElapsedTimer opening;
        opening.start();
        page->tools()->edit(key);
        slowest = std::max(slowest, opening.elapsed());
        PanelEditor* editor = page->tools()->editor();
        QVERIFY2(editor, qPrintable(key));
        // Everything that could be made is made.
        const Json panel = editor->draft()->json();
        for (const OptionSpec& spec : optionsFor(panel[u"type"].toString()))
            QVERIFY2(editor->options()->editor(spec.path), qPrintable(spec.path));
        auto* tabs = editor->findChild<QTabWidget*>(u"panelEditorTabs"_s);
        for (int tab = tabs->count() - 1; tab >= 0; --tab) {
            tabs->setCurrentIndex(tab);
            QTest::qWait(1);
        }
        QCOMPARE(qsizetype(editor->queries()->rows().size()), panel[u"targets"].size());
        QCOMPARE(qsizetype(editor->transformations()->steps().size()), panel[u"transformations"].size());
        QCOMPARE(qsizetype(editor->options()->overrides()->ruleCount()), panel.path(u"fieldConfig.overrides").size());
        page->tools()->closeEditor();
        QVERIFY2(page->editing()->editor()->stepCount() == before, qPrintable(u"edited by looking at it: "_s + key));
    }
    qInfo("%lld panels, the slowest opened in %lld ms", qint64(keys.size()), slowest);
}

PROMDECK_GUI_TEST_MAIN(TestEditorCorpus)
#include "tst_editorcorpus.moc"
