#include "tests/gui/editor/windowfixture.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/editor/metricsbrowser.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/plot/timeseriesview.h"

#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestMetricsBrowser final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_fixture.startServer()); }
    void init() { m_fixture.makeWindow(); }
    void cleanup() { m_fixture.closeWindow(); }
    void makesPanelsFromMetrics();
    void dropsMetrics();

private:
    [[nodiscard]] DashboardTools* tools() const { return m_fixture.page()->tools(); }
    [[nodiscard]] DashboardEditor* history() const { return m_fixture.page()->editing()->editor(); }

    WindowFixture m_fixture;
};

void TestMetricsBrowser::makesPanelsFromMetrics()
{
    m_fixture.openKnown();
    QTest::keyClick(m_fixture.window.get(), Qt::Key_M, Qt::ControlModifier);
    MetricsBrowser* browser = tools()->metrics();
    QVERIFY(browser && browser->isVisible());
    auto* search = browser->findChild<QLineEdit*>(u"metricSearch"_s);
    auto* list = browser->findChild<QListView*>(u"metricList"_s);
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() >= 3, kPatienceMs);
    QTest::keyClicks(search, u"dem tot"_s); // letters in order are enough
    QCOMPARE(browser->currentMetric(), u"demo_total"_s);
    auto* label = browser->findChild<QComboBox*>(u"metricLabel"_s);
    QTRY_COMPARE_WITH_TIMEOUT(label->currentText(), u"instance"_s, kPatienceMs);
    auto* values = browser->findChild<QListWidget*>(u"metricValues"_s);
    QTRY_COMPARE_WITH_TIMEOUT(values->count(), 1, kPatienceMs);
    QCOMPARE(browser->findChild<QLabel*>(u"metricQuery"_s)->text(), u"rate(demo_total[$__rate_interval])"_s);
    values->setCurrentRow(0);
    QCOMPARE(browser->findChild<QLabel*>(u"metricQuery"_s)->text(), u"rate(demo_total{instance=\"a\"}[$__rate_interval])"_s);
    m_fixture.keepPicture(u"metrics-browser"_s);
    QTest::mouseClick(browser->findChild<QPushButton*>(u"metricAdd"_s), Qt::LeftButton);
    const QString title = u"demo_total rate"_s;
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.panel(title) && m_fixture.view()->isSettled(), kPatienceMs);
    const auto* body = qobject_cast<TimeSeriesBody*>(m_fixture.panel(title)->body());
    QTRY_VERIFY_WITH_TIMEOUT(body->view()->model() && body->view()->model()->series.size() == 1, kPatienceMs);
    // 30 every 15 s
    const auto& numbers = body->view()->model()->series[0].values.numbers();
    QVERIFY(std::abs(numbers[numbers.size() / 2] - 2) < 0.01);
    // A histogram gives quantiles.
    search->clear();
    QTest::keyClicks(search, u"demo_seconds_bucket"_s);
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.panel(u"demo_seconds quantiles"_s), kPatienceMs);
    QCOMPARE(m_fixture.panel(u"demo_seconds quantiles"_s)->input().spec.targets.size(), size_t(3));
    history()->undo();
    history()->undo();
    QVERIFY(history()->isClean());
    QTest::mouseClick(browser->findChild<QToolButton*>(u"metricsClose"_s), Qt::LeftButton);
    QVERIFY(!tools()->metrics());
}

void TestMetricsBrowser::dropsMetrics()
{
    m_fixture.openKnown();
    tools()->toggleMetrics();
    auto* list = tools()->metrics()->findChild<QListView*>(u"metricList"_s);
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() >= 3, kPatienceMs);
    int row = 0;
    while (list->model()->index(row, 0).data().toString() != u"demo_value")
        ++row;
    const std::unique_ptr<QMimeData> mime(list->model()->mimeData({list->model()->index(row, 0)}));
    QVERIFY(mime);
    QWidget* viewport = m_fixture.view()->viewport();
    const QPoint place = m_fixture.panel(u"Wrong"_s)->geometry().center();
    QDragEnterEvent enter(place, Qt::CopyAction, mime.get(), Qt::LeftButton, {});
    QApplication::sendEvent(viewport, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(place), Qt::CopyAction, mime.get(), Qt::LeftButton, {});
    QApplication::sendEvent(viewport, &drop);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.panel(u"demo_value"_s), kPatienceMs);
    // In front of the panel it fell on.
    QTRY_VERIFY(m_fixture.panel(u"Wrong"_s)->y() > m_fixture.panel(u"demo_value"_s)->y());
    QCOMPARE(history()->stepCount(), 1);
}

PROMDECK_GUI_TEST_MAIN(TestMetricsBrowser)
#include "tst_metricsbrowser.moc"
