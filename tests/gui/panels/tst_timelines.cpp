#include "tests/gui/panels/chartfixture.h"
#include "widgets/panels/timelinebody.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plottooltip.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kUpDown = "{\"defaults\":{\"mappings\":[{\"type\":\"value\",\"options\":{\"0\":{\"text\":\"Down\",\"color\":\"red\"},"
                                "\"1\":{\"text\":\"Up\",\"color\":\"green\"},\"2\":{\"text\":\"Degraded\",\"color\":\"orange\"}}}]}}";

Frames services(int count = 4, int samples = 60)
{
    Frames frames;
    for (int i = 0; i < count; ++i) {
        Column::Numbers values;
        for (int at = 0; at < samples; ++at) {
            const int turn = (at * (i + 3)) % 37;
            values.push_back(turn < 4 ? 0 : turn < 8 ? 2 : 1);
        }
        frames.push_back(seriesFrame(u"service-%1"_s.arg(i + 1), values));
    }
    return frames;
}

} // namespace

class TestTimelines final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void boxesLieOnTime();
    void hoverTellsStateAndDuration();
    void dragZooms();
    void crosshairIsShared();
    void manyRowsScroll();
    void legendHidesAState();
    void narrowColumnsTouch();
    void gallery_data();
    void gallery();
};

void TestTimelines::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestTimelines::boxesLieOnTime()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{\"showValue\":\"never\"}", kUpDown),
                        {seriesFrame(u"a"_s, {1, 1, 0, 0, 1})});
    auto* body = shown.body<TimelineBody>();
    QVERIFY(body);
    const QRectF area = *body->timeArea();
    const QRectF up = body->boxRect(0, 0);
    const QRectF down = body->boxRect(0, 1);
    QCOMPARE(up.left(), area.left());
    QCOMPARE(up.right(), down.left());
    QVERIFY(std::abs(up.width() - area.width() / 2) <= 1);
    const QImage picture = shown.picture();
    const QPoint at = body->canvas()->mapTo(&shown.widget(), down.center().toPoint());
    const QColor red = toColor(*parseColor(u"red"_s, ThemeKind::Dark));
    const QColor seen = picture.pixelColor(at);
    QVERIFY(seen.red() > seen.green() + 60);
    QVERIFY(seen.red() < red.red()); // the fill is translucent
}

void TestTimelines::hoverTellsStateAndDuration()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{\"tooltip\":{\"mode\":\"multi\"}}", kUpDown), services());
    auto* body = shown.body<TimelineBody>();
    QTest::mouseMove(body->canvas(), body->boxRect(1, 2).center().toPoint());
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    const TooltipContent& content = PlotTooltip::instance()->content();
    QCOMPARE(content.rows.size(), size_t(4));
    QVERIFY(content.title.contains(u"m)"));
    QCOMPARE(content.rows[1].name, u"service-2"_s);
    QCOMPARE(content.rows[1].value, body->model()->rows[1].boxes[2].text);
    body->canvas()->setFocus();
    const QString before = body->canvas()->accessibleDescription();
    QTest::keyClick(body->canvas(), Qt::Key_Right);
    QTRY_VERIFY(body->canvas()->accessibleDescription() != before);
}

void TestTimelines::dragZooms()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{}", kUpDown), services());
    auto* body = shown.body<TimelineBody>();
    QSignalSpy zoomed(body, &PanelBody::zoomed);
    const QRectF area = *body->timeArea();
    const QPoint from(int(area.left() + area.width() / 4), int(area.center().y()));
    const QPoint to(int(area.left() + area.width() / 2), int(area.center().y()));
    QTest::mousePress(body->canvas(), Qt::LeftButton, {}, from);
    QTest::mouseMove(body->canvas(), (from + to) / 2);
    QTest::mouseMove(body->canvas(), to);
    QTest::mouseRelease(body->canvas(), Qt::LeftButton, {}, to);
    QCOMPARE(zoomed.count(), 1);
    const auto range = zoomed.first().first().value<TimeRange>();
    const TimeRange whole = body->range();
    QVERIFY(std::abs(double(range.spanMs()) / double(whole.spanMs()) - 0.25) < 0.01);
}

void TestTimelines::crosshairIsShared()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{\"showValue\":\"never\"}", kUpDown), services());
    auto* body = shown.body<TimelineBody>();
    QSignalSpy hovered(body, &PanelBody::hovered);
    QTest::mouseMove(body->canvas(), body->timeArea()->center().toPoint());
    QVERIFY(!hovered.isEmpty());
    QVERIFY(hovered.last().first().value<std::optional<qint64>>().has_value());
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(body->canvas(), &leave);
    const QImage before = shown.picture();
    body->setSharedTime((body->range().fromMs + body->range().toMs) / 2, false);
    QVERIFY(shown.picture() != before);
    // With tooltips shared as well: every lane at that time, inside the panel.
    body->setSharedTime((body->range().fromMs + body->range().toMs) / 2 + 1000, true);
    auto* tooltip = body->canvas()->findChild<PlotTooltip*>(u"sharedTooltip"_s);
    QVERIFY(tooltip && tooltip->isVisible());
    QCOMPARE(int(tooltip->content().rows.size()), body->shownRows());
    QVERIFY(body->canvas()->rect().contains(tooltip->geometry()));
    body->setSharedTime(std::nullopt, true);
    QVERIFY(!tooltip->isVisible());
}

void TestTimelines::manyRowsScroll()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{}", kUpDown), services(60));
    auto* body = shown.body<TimelineBody>();
    QVERIFY(body->shownRows() < 60);
    QVERIFY(body->boxRect(59, 0).isNull());
    body->canvas()->setFocus();
    for (int i = 0; i < 12; ++i)
        QTest::keyClick(body->canvas(), Qt::Key_PageDown);
    body->grab();
    QCOMPARE(body->firstRow(), 60 - body->shownRows());
    QVERIFY(!body->boxRect(59, 0).isNull());
}

void TestTimelines::legendHidesAState()
{
    PanelOnScreen shown(panelOf(u"state-timeline"_s, "{\"showValue\":\"never\"}", kUpDown), services());
    auto* body = shown.body<TimelineBody>();
    const QPointF place = body->boxRect(0, 1).center();
    const std::optional<ChartHit> hit = body->hitAt(place);
    QVERIFY(hit);
    body->toggleEntry(hit->entry);
    body->grab();
    QVERIFY(!body->hitAt(place));
}

void TestTimelines::narrowColumnsTouch()
{
    PanelOnScreen shown(panelOf(u"status-history"_s, "{\"legend\":{\"showLegend\":false}}"), {seriesFrame(u"x"_s, Column::Numbers(200, 1))});
    auto* body = shown.body<TimelineBody>();
    for (int box = 1; box < 200; ++box)
        QVERIFY2(body->boxRect(0, box).left() <= body->boxRect(0, box - 1).right(), qPrintable(QString::number(box)));
    PanelOnScreen wide(panelOf(u"status-history"_s, "{}"), {seriesFrame(u"x"_s, Column::Numbers(20, 1))});
    QVERIFY(wide.body<TimelineBody>()->boxRect(0, 2).left() > wide.body<TimelineBody>()->boxRect(0, 1).right());
}

void TestTimelines::gallery_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::Dark;
    QTest::newRow("light") << ThemeMode::Light;
}

void TestTimelines::gallery()
{
    QFETCH(ThemeMode, mode);
    Theme::instance().setMode(mode);
    const char* limits = "{\"defaults\":{\"unit\":\"percent\",\"color\":{\"mode\":\"thresholds\"},\"thresholds\":{\"steps\":["
                         "{\"value\":null,\"color\":\"green\"},{\"value\":50,\"color\":\"yellow\"},{\"value\":80,\"color\":\"red\"}]}}}";
    const char* heat = "{\"defaults\":{\"min\":0,\"max\":100,\"unit\":\"percent\",\"color\":{\"mode\":\"continuous-GrYlRd\"}}}";
    Frames loads;
    for (int i = 0; i < 3; ++i) {
        Column::Numbers values;
        for (int at = 0; at < 24; ++at)
            values.push_back(std::round(50 + 48 * std::sin(at / 4.0 + i)));
        loads.push_back(seriesFrame(u"cpu %1"_s.arg(i), values));
    }
    Gallery gallery(2);
    gallery.add(panelOf(u"state-timeline"_s, "{}", kUpDown), services());
    gallery.add(panelOf(u"state-timeline"_s, "{\"alignValue\":\"center\",\"legend\":{\"placement\":\"right\"}}", limits), loads);
    gallery.add(panelOf(u"status-history"_s, "{}", heat), loads);
    gallery.add(panelOf(u"status-history"_s, "{\"colWidth\":0.8}", kUpDown), services(6, 40));
    gallery.add(panelOf(u"state-timeline"_s, "{\"showValue\":\"never\"}", kUpDown), services(40, 200));
    const QImage image = gallery.image();
    keepPicture(image, u"timelines-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(countColor(image, Theme::instance().colors().panel) > image.width() * image.height() / 8);
}

PROMDECK_GUI_TEST_MAIN(TestTimelines)
#include "tst_timelines.moc"
