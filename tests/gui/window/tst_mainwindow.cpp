#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/adhoceditor.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/rowheader.h"
#include "widgets/dashboard/timerangepicker.h"
#include "widgets/dashboard/variablepicker.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/panels/tablebody.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/panels/valuebodies.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plottooltip.h"
#include "widgets/plot/timeseriesview.h"
#include "widgets/stack/stackcard.h"
#include "widgets/stack/welcomepage.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;
constexpr int kStep = 15;
constexpr int kSamples = 200;

// demo_value{instance="a"} counts 0, 1, 2...; instance "b" is ten times that.
QByteArray knownSamples(qint64 endSeconds)
{
    QByteArray text = "# TYPE demo_value gauge\n";
    for (const auto& [instance, factor] : {std::pair {"a", 1}, std::pair {"b", 10}}) {
        for (int i = 0; i < kSamples; ++i)
            text += QByteArray("demo_value{instance=\"") + instance + "\"} " + QByteArray::number(i * factor) + ' '
                + QByteArray::number(endSeconds - qint64(kSamples - 1 - i) * kStep) + '\n';
    }
    return text + "# EOF\n";
}


} // namespace

class TestMainWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsKnownValues();
    void saysWhatIsWrong();
    void textIsSafe();
    void legendIsolates();
    void zoomRequeries();
    void variableChanges();
    void adhocFilterNarrows();
    void sharedTooltips();
    void annotationsSwitch();
    void seriesAndValuesHaveLinks();
    void tableSorts();
    void rowExpands();
    void timePickerChecksItsFields();
    void timeShiftsByKey();
    void maximisesAndReturns();
    void themeSwitches();
    void themeFromTheMenu_data();
    void themeFromTheMenu();
    void firstPageOpensWithOneClick();
    void addressIsProbedWhileTyping();
    void serverGoesAway();
    void closesMidRequest();

private:
    void openKnown();
    void openBoard(const Json& board, const QString& plot); ///< until the plot of that title shows something
    [[nodiscard]] PanelWidget* panel(const QString& title) const;
    [[nodiscard]] DashboardView* view() const { return m_window->dashboardPage()->view(); }
    template <typename Body>
    [[nodiscard]] Body* body(const QString& title) const
    {
        PanelWidget* widget = panel(title);
        return widget ? qobject_cast<Body*>(widget->body()) : nullptr;
    }
    [[nodiscard]] QString statText(const QString& title) const;
    void keepPicture(const QString& name, QWidget* widget = nullptr) const;

    std::unique_ptr<TestServer> m_server;
    QTemporaryDir m_folder;
    QString m_file;
    qint64 m_end = 0;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<StackStore> m_stacks;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_end = QDateTime::currentSecsSinceEpoch() / kStep * kStep - 60;
    m_server = TestServer::prometheus({.samples = knownSamples(m_end)});
    QVERIFY(m_server);
    m_file = m_folder.filePath(u"known.json"_s);
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(readFile(dataFile(u"dashboards/known-values.json"_s)));
}

void TestMainWindow::init()
{
    m_settings = std::make_unique<Settings>(m_folder.filePath(u"settings.json"_s));
    m_stacks = std::make_unique<StackStore>(m_folder.filePath(u"stacks.json"_s));
    m_window = std::make_unique<MainWindow>(Services {m_settings.get(), m_stacks.get(), noSecretStore()});
    m_window->welcomePage()->setPlaces({});
    m_window->resize(1300, 800);
    m_window->show();
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_stacks.reset();
    m_settings.reset();
}

void TestMainWindow::openKnown()
{
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = m_file;
    QSignalSpy settled(m_window.get(), &MainWindow::settled);
    m_window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(panel(u"Both"_s) && view()->isSettled() && body<TimeSeriesBody>(u"Both"_s)
                                 && !body<TimeSeriesBody>(u"Both"_s)->isEmpty(),
                             kPatienceMs);
}

void TestMainWindow::openBoard(const Json& board, const QString& plot)
{
    const QString file = m_folder.filePath(u"board.json"_s);
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(board.toUtf8());
    out.close();
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = file;
    m_window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(panel(plot) && view()->isSettled() && body<TimeSeriesBody>(plot)
                                 && !body<TimeSeriesBody>(plot)->isEmpty(),
                             kPatienceMs);
}

PanelWidget* TestMainWindow::panel(const QString& title) const
{
    return view()->panelTitled(title);
}

QString TestMainWindow::statText(const QString& title) const
{
    const auto* stat = body<StatBody>(title);
    return stat && !stat->model().values.empty() ? stat->model().values.front().display.toString() : QString();
}

void TestMainWindow::keepPicture(const QString& name, QWidget* widget) const
{
    const QString folder = qEnvironmentVariable("PROMDECK_SHOTS");
    if (!folder.isEmpty())
        (widget ? widget : m_window.get())->grab().save(QDir(folder).filePath(name + u".png"_s));
}

void TestMainWindow::showsKnownValues()
{
    openKnown();
    QTRY_COMPARE_WITH_TIMEOUT(statText(u"Last of a"_s), QString::number(kSamples - 1), kPatienceMs);
    const auto model = body<TimeSeriesBody>(u"Both"_s)->view()->model();
    QCOMPARE(model->series.size(), 2u);
    QCOMPARE(model->series[0].name, u"a"_s);
    QCOMPARE(model->series[1].calcs.at(0).value, double((kSamples - 1) * 10));
    auto* table = body<TableBody>(u"Now"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, kPatienceMs);
    keepPicture(u"window-known"_s);
}

void TestMainWindow::saysWhatIsWrong()
{
    openKnown();
    // The server's own message, inside the panel.
    QTRY_VERIFY_WITH_TIMEOUT(panel(u"Wrong"_s)->stateText().contains(u"parse error"_s), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(panel(u"Nothing"_s)->stateText(), u"No data"_s, kPatienceMs);
}

void TestMainWindow::textIsSafe()
{
    openKnown();
    const QString text = panel(u"Words"_s)->body()->plainText();
    QVERIFY2(text.contains(u"Instances"_s), qPrintable(text));
    QVERIFY(!text.contains(u"alert"_s));
    QVERIFY(!text.contains(u"$instance"_s));
}

void TestMainWindow::legendIsolates()
{
    openKnown();
    TimeSeriesView* plot = body<TimeSeriesBody>(u"Both"_s)->view();
    const QPoint place = plot->legend()->entryRect(0).center().toPoint();
    QTest::mouseClick(plot->legend(), Qt::LeftButton, {}, place);
    QTRY_COMPARE(plot->hiddenSeries(), QStringList {u"b"_s});
    QTest::mouseClick(plot->legend(), Qt::LeftButton, {}, place);
    QTRY_VERIFY(plot->hiddenSeries().isEmpty());
}

void TestMainWindow::zoomRequeries()
{
    openKnown();
    const TimeRange before = m_window->dashboardPage()->session()->timeRange();
    const TimeRange half {before.fromMs + before.spanMs() / 2, before.toMs};
    Q_EMIT panel(u"Both"_s)->zoomed(half);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->dashboardPage()->session()->timeRange(), half, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(body<TimeSeriesBody>(u"Both"_s)->view()->model()->range == half, kPatienceMs);
    m_window->dashboardPage()->zoomOut();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->dashboardPage()->session()->timeRange().spanMs(), before.spanMs(), kPatienceMs);
}

void TestMainWindow::variableChanges()
{
    openKnown();
    auto* picker = m_window->findChild<VariablePicker*>(u"variable:instance"_s);
    QVERIFY(picker);
    QTRY_COMPARE_WITH_TIMEOUT(picker->text(), u"All"_s, kPatienceMs);
    QTest::mouseClick(picker, Qt::LeftButton);
    auto* popup = picker->findChild<VariablePopup*>();
    QVERIFY(popup);
    auto* search = popup->findChild<QLineEdit*>(u"variableSearch"_s);
    QTest::keyClicks(search, u"b"_s);
    auto* list = popup->findChild<QListView*>(u"variableList"_s);
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(search, Qt::Key_Return);
    popup->close();
    QTRY_COMPARE_WITH_TIMEOUT(picker->text(), u"b"_s, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(body<TimeSeriesBody>(u"Both"_s)->view()->model()->series.size() == 1, kPatienceMs);
    QCOMPARE(body<TimeSeriesBody>(u"Both"_s)->view()->model()->series[0].name, u"b"_s);
}

void TestMainWindow::adhocFilterNarrows()
{
    openKnown();
    auto* editor = m_window->findChild<AdhocEditor*>(u"variable:Filters"_s);
    QVERIFY(editor);
    QTest::mouseClick(editor->findChild<QToolButton*>(u"adhocAdd"_s), Qt::LeftButton);
    auto* popup = editor->findChild<AdhocPopup*>();
    QVERIFY(popup);
    // The server's own labels, then the values of the chosen one.
    auto* key = popup->findChild<QLineEdit*>(u"adhocKey"_s);
    auto* value = popup->findChild<QLineEdit*>(u"adhocValue"_s);
    auto* list = popup->findChild<QListView*>(u"adhocList"_s);
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 0, kPatienceMs);
    QTest::keyClicks(key, u"inst"_s);
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(key, Qt::Key_Down);
    QTest::keyClick(key, Qt::Key_Return);
    QCOMPARE(key->text(), u"instance"_s);
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 2, kPatienceMs);
    keepPicture(u"adhoc"_s, popup);
    QTest::keyClick(value, Qt::Key_Down);
    QTest::keyClick(value, Qt::Key_Down);
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_VERIFY(!editor->findChild<AdhocPopup*>());
    const auto series = [this] { return body<TimeSeriesBody>(u"Both"_s)->view()->model()->series; };
    QTRY_COMPARE_WITH_TIMEOUT(series().size(), size_t(1), kPatienceMs);
    QCOMPARE(series()[0].name, u"b"_s);
    QVERIFY(panel(u"Both"_s)->input().data->queries.front().expr.contains(u"instance=\"b\""_s));
    QTRY_COMPARE_WITH_TIMEOUT(panel(u"Last of a"_s)->stateText(), u"No data"_s, kPatienceMs);
    keepPicture(u"window-adhoc"_s);
    // Changed to what the other one is, and taken away.
    const auto filter = [editor] { return editor->findChildren<QToolButton*>(u"adhocFilter"_s).last(); };
    QTest::mouseClick(filter(), Qt::LeftButton);
    popup = editor->findChild<AdhocPopup*>();
    popup->findChild<QComboBox*>(u"adhocOperator"_s)->setCurrentText(u"!~"_s);
    QTest::mouseClick(popup->findChild<QPushButton*>(u"adhocApply"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(series().size() == 1 && series()[0].name == u"a", kPatienceMs);
    QTRY_VERIFY(!editor->findChild<AdhocPopup*>());
    QTest::mouseClick(filter(), Qt::LeftButton);
    popup = editor->findChild<AdhocPopup*>();
    QTest::mouseClick(popup->findChild<QPushButton*>(u"adhocRemove"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(series().size(), size_t(2), kPatienceMs);
}

void TestMainWindow::annotationsSwitch()
{
    const Json query = Json::object({{u"name"_s, u"marks"_s}, {u"enable"_s, true}, {u"iconColor"_s, u"#ff00ff"_s}, {u"expr"_s, u"vector(1)"_s}});
    const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"vector(1)"_s}});
    const Json plot = Json::object({{u"id"_s, 1}, {u"type"_s, u"timeseries"_s}, {u"title"_s, u"Marked"_s},
                                    {u"gridPos"_s, Json::object({{u"x"_s, 0}, {u"y"_s, 0}, {u"w"_s, 24}, {u"h"_s, 8}})},
                                    {u"targets"_s, Json::array({target})}});
    openBoard(Json::object({{u"title"_s, u"Marks"_s}, {u"schemaVersion"_s, 41},
                            {u"annotations"_s, Json::object({{u"list"_s, Json::array({query})}})},
                            {u"panels"_s, Json::array({plot})}}),
              u"Marked"_s);
    const auto marks = [this] {
        const auto& model = body<TimeSeriesBody>(u"Marked"_s)->view()->model();
        return model && model->annotations ? model->annotations->size() : size_t(0);
    };
    QTRY_COMPARE_WITH_TIMEOUT(marks(), size_t(1), kPatienceMs);
    auto* button = m_window->findChild<QToolButton*>(u"annotation:marks"_s);
    QVERIFY(button && button->isVisible() && button->isChecked());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(marks(), size_t(0), kPatienceMs);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(marks(), size_t(1), kPatienceMs);
}

void TestMainWindow::sharedTooltips()
{
    // A second plot, and tooltips that are shared as in Grafana's mode 2.
    Json board = readJson(dataFile(u"dashboards/known-values.json"_s));
    board.set(u"graphTooltip"_s, Json(2));
    Json panels = board[u"panels"];
    Json copy = panels.at(1);
    copy.set(u"id"_s, Json(20));
    copy.set(u"title"_s, Json(u"Again"_s));
    panels.append(copy);
    board.set(u"panels"_s, panels);
    m_window->resize(1300, 1200);
    openBoard(board, u"Again"_s);
    PlotCanvas* hovered = body<TimeSeriesBody>(u"Both"_s)->view()->canvas();
    PlotCanvas* other = body<TimeSeriesBody>(u"Again"_s)->view()->canvas();
    QTRY_VERIFY_WITH_TIMEOUT(!hovered->rendered().image.isNull() && !other->rendered().image.isNull(), kPatienceMs);
    QTest::mouseMove(hovered, hovered->rendered().layout.area.center().toPoint());
    auto* tooltip = other->findChild<PlotTooltip*>(u"sharedTooltip"_s);
    QVERIFY(tooltip && tooltip->isVisible());
    QCOMPARE(tooltip->content().rows.size(), size_t(2));
    QCOMPARE(other->hover()->timeMs, hovered->hover()->timeMs);
    QVERIFY(!hovered->findChild<PlotTooltip*>(u"sharedTooltip"_s));
    keepPicture(u"window-tooltips"_s);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(hovered, &leave);
    QVERIFY(!tooltip->isVisible());
}

void TestMainWindow::seriesAndValuesHaveLinks()
{
    QList<QUrl> opened;
    Prompt::setUrlOpener([&opened](const QUrl& url) { opened << url; });
    Json board = readJson(dataFile(u"dashboards/known-values.json"_s));
    Json panels = board[u"panels"];
    const auto link = [](const QString& title, const QString& url) {
        return Json::object({{u"title"_s, Json(title)}, {u"url"_s, Json(url)}});
    };
    Json stat = panels.at(0);
    stat.setPath(u"fieldConfig.defaults.links", Json::array({link(u"Host"_s, u"http://h/${__field.labels.instance}?v=${__value.raw}"_s)}));
    panels.setAt(0, stat);
    Json plot = panels.at(1);
    plot.setPath(u"fieldConfig.defaults.links", Json::array({link(u"About ${__series.name}"_s, u"http://s/${__field.labels.instance}?${__url_time_range}"_s),
                                                             link(u"Elsewhere"_s, u"/d/abc?var-i=${__field.labels.instance}"_s)}));
    panels.setAt(1, plot);
    board.set(u"panels"_s, panels);
    openBoard(board, u"Both"_s);
    QTRY_COMPARE_WITH_TIMEOUT(statText(u"Last of a"_s), QString::number(kSamples - 1), kPatienceMs);
    QTest::mouseClick(panel(u"Last of a"_s)->body(), Qt::LeftButton);
    QCOMPARE(opened, QList<QUrl> {QUrl(u"http://h/a?v=199"_s)});

    TimeSeriesView* both = body<TimeSeriesBody>(u"Both"_s)->view();
    QTRY_VERIFY_WITH_TIMEOUT(!both->canvas()->rendered().image.isNull(), kPatienceMs);
    const auto follow = [&](int index) {
        // Near the lower edge: series "a".
        const QRectF area = both->canvas()->rendered().layout.area;
        const QPoint place(int(area.right() - 60 - 40 * index), int(area.bottom() - 4)); // a move to where it is moves nothing
        QTest::mouseMove(both->canvas(), place);
        QTest::mouseClick(both->canvas(), Qt::LeftButton, {}, place);
        auto* menu = both->parentWidget()->findChild<QMenu*>(u"dataLinks"_s);
        QVERIFY(menu && menu->isVisible());
        QList<QAction*> entries;
        for (QAction* action : menu->actions()) {
            if (!action->isSeparator())
                entries << action;
        }
        QCOMPARE(entries.size(), 2);
        QCOMPARE(entries[0]->text(), u"About a"_s);
        keepPicture(u"datalinks"_s, menu);
        entries[index]->trigger();
        menu->close();
        QTRY_VERIFY(!both->parentWidget()->findChild<QMenu*>(u"dataLinks"_s));
    };
    follow(0);
    QCOMPARE(opened.last(), QUrl(u"http://s/a?from=now-1h&to=now"_s));
    // A page of a Grafana nobody knows the address of: said, not opened.
    follow(1);
    QCOMPARE(opened.size(), 2);
    auto* notice = m_window->findChild<QLabel*>(u"dashboardNotice"_s);
    QVERIFY2(notice->isVisible() && notice->text().contains(u"/d/abc?var-i=a"_s), qPrintable(notice->text()));
    Prompt::setUrlOpener({});
}

void TestMainWindow::tableSorts()
{
    openKnown();
    auto* table = body<TableBody>(u"Now"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, kPatienceMs);
    const QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto* header = table->view()->horizontalHeader();
    int value = 0;
    while (value < table->model()->columnCount() && !table->model()->column(value).name.startsWith(u"Value"_s))
        ++value;
    const auto top = [table, value] { return table->model()->index(0, value).data(TableItemModel::NumberRole).toDouble(); };
    const double received = top();
    const QPoint place(header->sectionViewportPosition(value) + header->sectionSize(value) / 2, header->height() / 2);
    QVERIFY2(header->viewport()->rect().contains(place), "the column is out of sight");
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE_WITH_TIMEOUT(top(), double(kSamples - 1), kPatienceMs);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE_WITH_TIMEOUT(top(), double((kSamples - 1) * 10), kPatienceMs);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE_WITH_TIMEOUT(top(), received, kPatienceMs);
}

void TestMainWindow::rowExpands()
{
    openKnown();
    QVERIFY(!panel(u"Hidden at first"_s));
    auto* row = view()->findChild<RowHeader*>();
    QVERIFY(row);
    QTest::mouseClick(row, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(statText(u"Hidden at first"_s), u"2"_s, kPatienceMs);
}

void TestMainWindow::timePickerChecksItsFields()
{
    openKnown();
    auto* picker = m_window->findChild<TimeRangePicker*>(u"timeRangePicker"_s);
    QCOMPARE(picker->text(), u"Last 1 hour"_s);
    picker->openPopup();
    auto* popup = picker->findChild<TimeRangePopup*>();
    auto* from = popup->findChild<QLineEdit*>(u"timeFrom"_s);
    auto* error = popup->findChild<QLabel*>(u"timeFromError"_s);
    from->selectAll();
    QTest::keyClicks(from, u"now-6x"_s);
    QVERIFY(!error->text().isEmpty());
    from->selectAll();
    QTest::keyClicks(from, u"now-30m"_s);
    QVERIFY(error->text().isEmpty());
    QTest::keyClick(from, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(picker->text(), u"Last 30 minutes"_s, kPatienceMs);
}

void TestMainWindow::timeShiftsByKey()
{
    openKnown();
    const TimeRange before = m_window->dashboardPage()->session()->timeRange();
    view()->setFocus();
    QTest::keyClick(m_window.get(), Qt::Key_T);
    QTest::keyClick(m_window.get(), Qt::Key_Left);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->dashboardPage()->session()->timeRange().fromMs, before.fromMs - before.spanMs() / 2,
                              kPatienceMs);
}

void TestMainWindow::maximisesAndReturns()
{
    openKnown();
    const QSize before = panel(u"Both"_s)->size();
    Q_EMIT panel(u"Both"_s)->maximiseRequested();
    QVERIFY(panel(u"Both"_s)->height() > before.height());
    QVERIFY(!panel(u"Last of a"_s)->isVisible());
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QCOMPARE(panel(u"Both"_s)->size(), before);
    QVERIFY(panel(u"Last of a"_s)->isVisible());
}

void TestMainWindow::themeSwitches()
{
    Theme::instance().setMode(ThemeMode::Dark);
    openKnown();
    const QColor dark = Theme::instance().colors().canvas;
    QCOMPARE(view()->grab().toImage().pixelColor(2, 200), dark);
    QTest::keyClick(m_window.get(), Qt::Key_C);
    QTest::keyClick(m_window.get(), Qt::Key_T);
    QTRY_COMPARE(Theme::instance().kind(), ThemeKind::Light);
    QCOMPARE(view()->grab().toImage().pixelColor(2, 200), Theme::instance().colors().canvas);
    QTRY_VERIFY_WITH_TIMEOUT(view()->isSettled(), kPatienceMs);
    keepPicture(u"window-light"_s);
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestMainWindow::themeFromTheMenu_data()
{
    QTest::addColumn<bool>("onDashboard");
    QTest::newRow("first page") << false;
    QTest::newRow("dashboard") << true;
}

void TestMainWindow::themeFromTheMenu()
{
    QFETCH(bool, onDashboard);
    Theme::instance().setMode(ThemeMode::Dark);
    if (onDashboard)
        openKnown();
    else
        m_window->start({});
    const auto choose = [this](const QString& name) {
        QToolButton* button = nullptr;
        for (auto* candidate : m_window->findChildren<QToolButton*>(u"mainMenu"_s))
            button = candidate->isVisible() ? candidate : button;
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        auto* menu = m_window->findChild<QMenu*>(u"mainMenuPopup"_s);
        QVERIFY(menu && menu->isVisible());
        keepPicture(u"menu-"_s + name, menu);
        auto* action = menu->findChild<QAction*>(name);
        QVERIFY(action);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        QTRY_VERIFY(!m_window->findChild<QMenu*>(u"mainMenuPopup"_s));
    };
    choose(u"themeLight"_s);
    QCOMPARE(Theme::instance().mode(), ThemeMode::Light);
    QCOMPARE(m_settings->text(Settings::Key::Theme), u"light"_s);
    choose(u"themeSystem"_s);
    QCOMPARE(Theme::instance().mode(), ThemeMode::System);
    QCOMPARE(m_settings->text(Settings::Key::Theme), u"system"_s);
    // By key, on whatever page.
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_F10);
    auto* menu = m_window->findChild<QMenu*>(u"mainMenuPopup"_s);
    QVERIFY(menu && menu->isVisible());
    QVERIFY(menu->findChild<QAction*>(u"themeSystem"_s)->isChecked());
    menu->close();
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestMainWindow::firstPageOpensWithOneClick()
{
    m_window->welcomePage()->setPlaces({{quint16(m_server->port()), QString()}});
    m_window->start({});
    StackCard* card = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((card = m_window->welcomePage()->findChild<StackCard*>()), kPatienceMs);
    keepPicture(u"window-welcome"_s);
    QTest::mouseClick(card, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dashboardPage()->session(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!view()->panels().isEmpty(), kPatienceMs);
}

void TestMainWindow::addressIsProbedWhileTyping()
{
    m_window->start({});
    auto* address = m_window->welcomePage()->findChild<QLineEdit*>(u"stackAddress"_s);
    auto* state = m_window->welcomePage()->findChild<QLabel*>(u"addressState"_s);
    QTest::keyClicks(address, m_server->hostPort());
    QTRY_VERIFY_WITH_TIMEOUT(state->text().contains(u"Prometheus"_s), kPatienceMs);
    address->clear();
    QTest::keyClicks(address, u"127.0.0.1:%1"_s.arg(freePort()));
    QTRY_VERIFY_WITH_TIMEOUT(!state->text().isEmpty() && !state->text().startsWith(u"Asking"_s), kPatienceMs);
    QVERIFY(!state->text().contains(u"Prometheus 2"_s));
}

void TestMainWindow::serverGoesAway()
{
    auto other = TestServer::prometheus({.samples = knownSamples(m_end)});
    QVERIFY(other);
    WindowRequest request;
    request.url = other->url();
    request.dashboard = m_file;
    m_window->start(request);
    QTRY_COMPARE_WITH_TIMEOUT(statText(u"Last of a"_s), QString::number(kSamples - 1), kPatienceMs);
    other->stop();
    m_window->dashboardPage()->session()->setTimeRange({u"now-2h"_s, u"now"_s});
    // The panel says so itself; the window stays usable.
    QTRY_VERIFY_WITH_TIMEOUT(panel(u"Last of a"_s)->input().data->error.has_value(), kPatienceMs);
    QVERIFY(m_window->isEnabled());
}

void TestMainWindow::closesMidRequest()
{
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = m_file;
    m_window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dashboardPage()->session(), kPatienceMs);
    m_window.reset();
    QTest::qWait(300);
}

PROMDECK_GUI_TEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
