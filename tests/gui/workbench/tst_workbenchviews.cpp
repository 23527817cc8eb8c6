#include "tests/gui/workbench/workbenchfixture.h"
#include "tests/support/servers.h"
#include "widgets/workbench/addforms.h"
#include "widgets/workbench/backtestview.h"
#include "widgets/workbench/expressionview.h"
#include "widgets/workbench/relabelview.h"
#include "widgets/workbench/routeview.h"
#include "widgets/workbench/rulelibrary.h"
#include "widgets/workbench/ruletests.h"
#include "widgets/workbench/templateview.h"
#include "widgets/workbench/workbenchviews.h"

#include <QAction>
#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const char* const kAlertmanager = "route:\n  receiver: everyone\n  group_by: [alertname]\n  routes:\n    - matchers: [severity=\"page\"]\n      receiver: pager\n      group_wait: 10s\n      routes:\n"
                                  "        - matchers: [team=\"db\"]\n          receiver: db-pager\n          mute_time_intervals: [nights]\n"
                                  "    - matchers: [severity=~\"warning|info\"]\n      receiver: chat\n      continue: true\n    - matchers: [team=\"web\"]\n      receiver: web\n"
                                  "receivers:\n  - name: everyone\n  - name: pager\n  - name: db-pager\n  - name: chat\n  - name: web\n"
                                  "inhibit_rules:\n  - source_matchers: [severity=\"critical\"]\n    target_matchers: [severity=\"page\"]\n    equal: [cluster]\n"
                                  "time_intervals:\n  - name: nights\n    time_intervals:\n      - times:\n          - start_time: 00:00\n            end_time: 06:00\n";
const char* const kRules = "groups:\n  - name: demo\n    rules:\n      - alert: TooMuch # watched closely\n        expr: demo_value > 150\n        for: 1m\n      - record: demo:ratio\n"
                           "        expr: sum by (instance) (demo_value) / on (instance) demo_limit\n";
const char* const kPrometheus = "scrape_configs:\n  - job_name: hosts\n    static_configs:\n      - targets: [a.example:9100, skip.example:9100]\n        labels: {rack: r7}\n"
                                "    relabel_configs:\n      - source_labels: [__address__]\n        regex: skip.*\n        action: drop\n      - source_labels: [__address__]\n"
                                "        regex: '([^.]+).*'\n        target_label: host\n      - regex: rack\n        action: labeldrop\n";

} // namespace

class TestWorkbenchViews : public QObject
{
    Q_OBJECT

    std::unique_ptr<WorkbenchFixture> f;
    std::unique_ptr<TestServer> m_prometheus;
    std::unique_ptr<TestServer> m_alertmanager;

    void start(bool connected = true)
    {
        f->start();
        addWorkbenchViews(f->bench.get());
        if (connected) {
            StackProfile profile = profileForUrl(m_prometheus->url());
            profile.alertmanagers = {m_alertmanager->url()};
            f->bench->setStack(std::make_shared<StackConnection>(profile, HttpOptions()));
        }
    }
    template <typename View>
    View* show(const char* name)
    {
        return qobject_cast<View*>(f->bench->showTool(QString::fromLatin1(name)));
    }

private Q_SLOTS:
    void initTestCase();
    void init() { f = std::make_unique<WorkbenchFixture>(); }
    void cleanup() { f.reset(); }
    void drawsRoutes();
    void routesLiveAlerts();
    void testsRulesOnThePast();
    void runsTheTree();
    void relabelsInSteps();
    void scrapes();
    void checksForTheStack();
    void asksTheStack();
    void rendersTemplates();
    void addsByForms();
    void addsLibraryRules();
    void runsUnitTests();
};

void TestWorkbenchViews::initTestCase()
{
    const qint64 end = QDateTime::currentSecsSinceEpoch() / 15 * 15 - 30;
    QByteArray samples = "# TYPE demo_value gauge\n";
    for (int i = 0; i < 240; ++i) {
        for (const auto& [instance, scale] : {std::pair("a", 1), std::pair("b", 2), std::pair("c", 0)})
            samples += "demo_value{instance=\"" + QByteArray(instance) + "\"} " + QByteArray::number(scale * (100 + (i % 60) * 2 - 40)) + ' ' + QByteArray::number(end - (239 - i) * 15) + '\n';
    }
    samples += "# TYPE demo_limit gauge\n";
    for (int i = 0; i < 240; ++i) {
        for (const char* instance : {"a", "x"})
            samples += "demo_limit{instance=\"" + QByteArray(instance) + "\"} 200 " + QByteArray::number(end - (239 - i) * 15) + '\n';
    }
    samples += "# EOF\n";
    m_prometheus = TestServer::prometheus({.samples = samples});
    QVERIFY(m_prometheus);
    m_alertmanager = TestServer::alertmanager();
    QVERIFY(m_alertmanager);
    runTool(serverBinary(u"amtool"_s), {u"--alertmanager.url="_s + m_alertmanager->url().toString(), u"alert"_s, u"add"_s, u"DiskFull"_s, u"severity=page"_s, u"team=db"_s, u"cluster=a"_s});
}

void TestWorkbenchViews::drawsRoutes()
{
    start(false);
    QVERIFY(f->open(f->write(u"alertmanager.yml"_s, kAlertmanager)));
    auto* view = show<RouteView>("configRoutes");
    RouteTree* tree = view->tree();
    QTRY_COMPARE(tree->rowCount(), 5);
    auto* labels = view->findChild<QLineEdit*>(u"routeLabels"_s);
    auto* time = view->findChild<QLineEdit*>(u"routeTime"_s);
    time->setText(u"2026-11-21T12:00:00Z"_s);
    QTest::keyClicks(labels, u"severity=page team=db cluster=a"_s);
    QVERIFY2(view->outcomeText().contains(u"db-pager") && !view->outcomeText().contains(u"muted"), qPrintable(view->outcomeText()));
    QVERIFY(tree->isOnPath(0) && tree->isOnPath(1) && tree->isOnPath(2) && !tree->isOnPath(3));
    time->setText(u"2026-11-21T03:00:00Z"_s);
    QVERIFY2(view->outcomeText().contains(u"muted by nights"), qPrintable(view->outcomeText()));
    view->findChild<QLineEdit*>(u"routeOthers"_s)->setText(u"severity=critical cluster=a"_s);
    QVERIFY2(view->outcomeText().contains(u"Inhibited by the rule in line"), qPrintable(view->outcomeText()));
    for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
        Theme::instance().setMode(mode);
        QTest::qWait(30);
        f->keepPicture(mode == ThemeMode::Dark ? u"routes-dark"_s : u"routes-light"_s);
    }
    labels->setText(u"severity=warning team=web"_s);
    QVERIFY(view->outcomeText().contains(u"chat") && view->outcomeText().contains(u"web"));
    labels->setText(u"nonsense"_s);
    QVERIFY(view->outcomeText().contains(u"name=value"));
    // Enter shows the route in the text; edits are seen at once.
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Home);
    QTest::keyClick(tree, Qt::Key_Down);
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(f->editor()->cursorLine(), 5);
    labels->setText(u"severity=page"_s);
    f->cursorBehind("receiver: pager");
    QTest::keyClicks(f->editor(), u"x"_s);
    QTRY_VERIFY2(view->outcomeText().contains(u"pagerx") || view->outcomeText().contains(u"undefined"), qPrintable(view->outcomeText()));
}

void TestWorkbenchViews::routesLiveAlerts()
{
    start();
    QVERIFY(f->open(f->write(u"alertmanager.yml"_s, kAlertmanager)));
    auto* view = show<RouteView>("configRoutes");
    auto* alerts = view->findChild<QComboBox*>(u"routeAlerts"_s);
    QTRY_COMPARE(alerts->count(), 2);
    QTRY_COMPARE(view->tree()->rowCount(), 5);
    view->findChild<QLineEdit*>(u"routeTime"_s)->setText(u"2026-11-21T12:00:00Z"_s);
    alerts->setFocus();
    QTest::keyClick(alerts, Qt::Key_Down);
    Q_EMIT alerts->activated(1);
    QVERIFY2(view->outcomeText().contains(u"db-pager"), qPrintable(view->outcomeText()));
}

void TestWorkbenchViews::testsRulesOnThePast()
{
    start();
    QVERIFY(f->open(f->write(u"rules.yml"_s, kRules)));
    f->cursorBehind("demo_val");
    auto* view = show<BacktestView>("configBacktest");
    QTRY_VERIFY_WITH_TIMEOUT(!view->chart()->periods().empty(), WorkbenchFixture::kPatienceMs);
    view->findChild<QComboBox*>(u"backtestRange"_s)->setCurrentIndex(0);
    QTRY_VERIFY(view->queries() == 2 && view->summary().contains(u"fired"));
    const int asked = view->queries();
    const QString before = view->summary();
    const size_t periods = view->chart()->periods().size();
    for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
        Theme::instance().setMode(mode);
        QTest::qWait(30);
        f->keepPicture(mode == ThemeMode::Dark ? u"backtest-dark"_s : u"backtest-light"_s);
    }
    // Dragging asks nothing: the line goes above everything, so that nothing would have fired.
    BacktestChart* chart = view->chart();
    const int line = chart->yOf(150);
    QTest::mousePress(chart, Qt::LeftButton, Qt::NoModifier, QPoint(120, line));
    QTest::mouseMove(chart, QPoint(120, line - 40));
    QTest::mouseMove(chart, QPoint(120, 12));
    QTest::mouseRelease(chart, Qt::LeftButton, Qt::NoModifier, QPoint(120, 12));
    QVERIFY2(view->summary().contains(u"Would not have fired"), qPrintable(view->summary()));
    QVERIFY(view->chart()->periods().size() < periods);
    view->findChild<QLineEdit*>(u"backtestThreshold"_s)->setText({});
    QTest::keyClicks(view->findChild<QLineEdit*>(u"backtestThreshold"_s), u"120"_s);
    view->findChild<QSlider*>(u"backtestForSlider"_s)->setValue(4);
    QCOMPARE(view->findChild<QLineEdit*>(u"backtestFor"_s)->text(), u"5m"_s);
    QVERIFY(view->summary() != before);
    QCOMPARE(view->queries(), asked);
    // Written back: two numbers, nothing else, one step of the history.
    QTest::mouseClick(view->findChild<QPushButton*>(u"backtestWrite"_s), Qt::LeftButton);
    QByteArray wanted = kRules;
    wanted.replace("> 150", "> 120").replace("for: 1m", "for: 5m");
    QCOMPARE(f->text(), wanted);
    QTest::qWait(300);
    QCOMPARE(view->queries(), asked);
    QTest::keyClick(f->editor(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f->text(), QByteArray(kRules));
}

void TestWorkbenchViews::runsTheTree()
{
    start();
    QVERIFY(f->open(f->write(u"rules.yml"_s, kRules)));
    f->cursorBehind("sum by (inst");
    auto* view = show<ExpressionView>("configExpression");
    QTRY_VERIFY_WITH_TIMEOUT(view->isSettled() && view->tree()->topLevelItemCount() == 1 && !view->tree()->topLevelItem(0)->text(1).isEmpty(), WorkbenchFixture::kPatienceMs);
    QTreeWidgetItem* root = view->tree()->topLevelItem(0);
    QCOMPARE(root->text(0), u"/ on (instance)"_s);
    QCOMPARE(root->text(1), u"1"_s);
    QCOMPARE(root->child(0)->text(0), u"sum by (instance)"_s);
    QCOMPARE(root->child(0)->text(1), u"3"_s);
    QCOMPARE(root->child(1)->text(1), u"2"_s);
    QVERIFY2(view->explanation().contains(u"1 results; 2 of 3 on the left"), qPrintable(view->explanation()));
    QVERIFY(view->explanation().contains(u"nearest there"));
    for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
        Theme::instance().setMode(mode);
        QTest::qWait(30);
        f->keepPicture(mode == ThemeMode::Dark ? u"tree-dark"_s : u"tree-light"_s);
    }
    // Enter selects the part in the text.
    view->tree()->setCurrentItem(root->child(1));
    view->tree()->setFocus();
    QTest::keyClick(view->tree(), Qt::Key_Return);
    QCOMPARE(f->editor()->selectedText(), u"demo_limit"_s);
    QVERIFY(view->explanation().contains(u"instance=\"x\""));
}

void TestWorkbenchViews::relabelsInSteps()
{
    start(false);
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, kPrometheus)));
    f->cursorBehind("job_name: hosts");
    auto* view = show<RelabelView>("configRelabel");
    QTreeWidget* steps = view->steps();
    QTRY_COMPARE(steps->topLevelItemCount(), 5);
    QVERIFY2(steps->topLevelItem(0)->text(1).contains(u"__address__=\"a.example:9100\""), qPrintable(steps->topLevelItem(0)->text(1)));
    QVERIFY(steps->topLevelItem(0)->text(1).contains(u"job=\"hosts\""));
    QCOMPARE(steps->topLevelItem(1)->text(1), u"no effect"_s);
    QCOMPARE(steps->topLevelItem(2)->text(1), u"+ host=\"a\""_s);
    QCOMPARE(steps->topLevelItem(3)->text(1), u"− rack"_s);
    QVERIFY(!steps->topLevelItem(4)->text(1).contains(u"__address__"));
    view->findChild<QComboBox*>(u"relabelTarget"_s)->setCurrentIndex(1);
    QCOMPARE(steps->topLevelItemCount(), 2);
    QCOMPARE(steps->topLevelItem(1)->text(1), u"dropped here"_s);
    QTest::keyClicks(view->findChild<QLineEdit*>(u"relabelPasted"_s), u"__address__=b.example rack=r1"_s);
    QCOMPARE(steps->topLevelItem(2)->text(1), u"+ host=\"b\""_s);
    f->keepPicture(u"relabel"_s);
}

void TestWorkbenchViews::scrapes()
{
    start(false);
    const QString address = m_prometheus->hostPort();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, "scrape_configs:\n  - job_name: self\n    static_configs:\n      - targets: ['" + address.toLatin1() + "']\n")));
    f->cursorBehind("job_name: self");
    auto* view = show<ScrapeView>("configScrape");
    QTRY_COMPARE(view->findChild<QComboBox*>(u"scrapeUrl"_s)->currentText(), u"http://%1/metrics"_s.arg(address));
    QTest::mouseClick(view->findChild<QPushButton*>(u"scrapeFetch"_s), Qt::LeftButton);
    QTRY_VERIFY2(view->summary().contains(u"in order"), qPrintable(view->summary()));
    QVERIFY(view->families()->topLevelItemCount() > 50);
    f->keepPicture(u"scrape"_s);
}

void TestWorkbenchViews::checksForTheStack()
{
    // The server is Debian's 2.42: what a later one brought is an error for it.
    start();
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, "global:\n  scrape_interval: 15s\nscrape_config_files: []\n")));
    QTRY_VERIFY_WITH_TIMEOUT(f->codes().contains(u"yaml/unknown-key"_s), WorkbenchFixture::kPatienceMs);
    QVERIFY(f->bench->findChild<QAbstractButton*>(u"workbenchVersions"_s)->text().contains(u"2.42"));
    // And its metrics are completed.
    QVERIFY(f->open(f->write(u"rules.yml"_s, kRules)));
    f->cursorBehind("(demo_value");
    QTest::keyClick(f->editor(), Qt::Key_Backspace);
    QTest::keyClick(f->editor(), Qt::Key_Backspace);
    QTest::keyClick(f->editor(), Qt::Key_U);
    QTRY_VERIFY(f->proposals().contains(u"demo_value"_s));
}

void TestWorkbenchViews::asksTheStack()
{
    start();
    QVERIFY(f->open(f->write(u"rules.yml"_s, "groups:\n  - name: x\n    rules:\n      - alert: Nothing\n        expr: no_such_metric > 1\n        for: 1m\n")));
    QVERIFY(!f->codes().contains(u"promql/series"_s));
    QTest::keyClick(f->editor(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(f->codes().contains(u"promql/series"_s), WorkbenchFixture::kPatienceMs);
    // What was found was about another text once that changes.
    f->cursorBehind("no_such");
    QTest::keyClicks(f->editor(), u"x"_s);
    QTRY_VERIFY(!f->codes().contains(u"promql/series"_s));
}

void TestWorkbenchViews::rendersTemplates()
{
    start();
    QByteArray rules = kRules;
    rules.replace("        for: 1m\n", "        for: 1m\n        annotations:\n          summary: '{{ $labels.instance }} is at {{ $value | printf \"%.1f\" }}'\n          limit: '{{ with query \"max(demo_limit)\" }}{{ . | first | value }}{{ end }}'\n          wrong: '{{ $labels.instance | nope }}'\n");
    QVERIFY(f->open(f->write(u"rules.yml"_s, rules)));
    f->cursorBehind("alert: TooM");
    auto* view = show<TemplateView>("configTemplates");
    QTRY_VERIFY_WITH_TIMEOUT(view->output().contains(u"is at"), WorkbenchFixture::kPatienceMs);
    QTRY_VERIFY2(view->output().contains(u"limit:\n    200"), qPrintable(view->output()));
    QVERIFY2(view->output().contains(u"nope"), "says what is wrong");
    f->keepPicture(u"templates"_s);
    f->write(u"own.tmpl"_s, "{{ define \"own.text\" }}{{ .Status | toUpper }}: {{ range .Alerts }}{{ .Labels.alertname }} {{ end }}{{ end }}\n");
    f->bench->openFolder(f->folder.path());
    QTRY_VERIFY(f->bench->workspace()->files().size() == 2);
    QVERIFY(f->open(f->write(u"alertmanager.yml"_s, "route:\n  receiver: chat\nreceivers:\n  - name: chat\n    slack_configs:\n      - api_url: http://x/\n        text: '{{ template \"own.text\" . }}'\ntemplates: ['*.tmpl']\n")));
    f->cursorBehind("own.te");
    QTRY_VERIFY_WITH_TIMEOUT(view->output().contains(u"FIRING: DiskFull"), WorkbenchFixture::kPatienceMs);
    view->findChild<QComboBox*>(u"templateData"_s)->setCurrentIndex(0);
    QTRY_VERIFY2(view->output().contains(u"FIRING") && !view->output().contains(u"DiskFull "), qPrintable(view->output()));
}

void TestWorkbenchViews::addsByForms()
{
    start();
    const QByteArray before = "# kept\nscrape_configs:\n  - job_name: &a first # kept too\n    static_configs: []\n\nrule_files: []\n";
    QVERIFY(f->open(f->write(u"prometheus.yml"_s, before)));
    f->bench->findChild<QAction*>(u"addScrapeJob"_s)->trigger();
    auto* dialog = f->bench->findChild<AddDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    auto* targets = dialog->findChild<QLineEdit*>(u"form:targets"_s);
    targets->clear();
    QTest::keyClicks(targets, u"a:9100, b:9100"_s);
    QTest::keyClicks(dialog->findChild<QLineEdit*>(u"form:labels"_s), u"env=prod"_s);
    QVERIFY2(dialog->preview().contains(u"targets: ['a:9100', 'b:9100']") || dialog->preview().contains(u"targets: [a:9100, b:9100]"), qPrintable(dialog->preview()));
    f->keepPicture(u"form"_s, dialog);
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"formInsert"_s), Qt::LeftButton);
    QByteArray text = f->text();
    QVERIFY2(text.startsWith("# kept\nscrape_configs:\n  - job_name: &a first # kept too\n    static_configs: []\n  - job_name: node\n    static_configs:\n      - targets: ["), text.constData());
    QVERIFY2(text.endsWith("          env: prod\n\nrule_files: []\n"), text.constData());
    QTRY_VERIFY(f->isChecked());
    QVERIFY2(f->codes().isEmpty(), qPrintable(f->codes().join(u' ')));
    // Undone together with what was typed before and after, step by step.
    QTest::keyClick(f->editor(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f->text(), before);
    // An alert says what it would do now.
    QVERIFY(f->open(f->write(u"rules.yml"_s, kRules)));
    f->bench->findChild<QAction*>(u"addAlertThreshold"_s)->trigger();
    AddDialog* alert = nullptr;
    QTRY_VERIFY((alert = f->bench->findChild<AddDialog*>(u"addAlertThresholdDialog"_s)));
    alert->findChild<QLineEdit*>(u"form:expression"_s)->setText(u"demo_value"_s);
    alert->findChild<QLineEdit*>(u"form:threshold"_s)->setText(u"-1"_s);
    QTRY_VERIFY2(alert->findChild<QLabel*>(u"formLive"_s)->text().contains(u"for 3 series"), qPrintable(alert->findChild<QLabel*>(u"formLive"_s)->text()));
    QCOMPARE(alert->findChild<QComboBox*>(u"formGroup"_s)->currentText(), u"demo"_s);
    QTest::keyClick(alert, Qt::Key_Return);
    QVERIFY2(f->text().contains("        expr: sum by (instance) (demo_value) / on (instance) demo_limit\n      - alert: HighLoad\n        expr: demo_value > -1\n"), f->text().constData());
    QTRY_VERIFY(f->isChecked());
    QVERIFY(f->bench->workspace()->count(Config::Severity::Error) == 0);
}

void TestWorkbenchViews::addsLibraryRules()
{
    start(false);
    QVERIFY(f->open(f->write(u"rules.yml"_s, kRules)));
    int groups = 0;
    for (const LibraryRule& rule : libraryRules()) {
        // Whatever is inserted is in order where it lands.
        const QByteArray before = f->text();
        insertLibraryRule(f->bench.get(), rule);
        QVERIFY2(f->text().size() > before.size(), qPrintable(rule.file + rule.name));
        Config::FileChecker checker({});
        checker.checkText(u"x.yml"_s, f->text(), Config::FileKind::Rules);
        QVERIFY2(checker.reports().front().count(Config::Severity::Error) == 0, qPrintable(rule.file + u' ' + rule.name));
        groups += rule.name.isEmpty();
        QTest::keyClick(f->editor(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f->text(), before);
    }
    QVERIFY(groups > 8);
}

void TestWorkbenchViews::runsUnitTests()
{
    start(false);
    f->bench->findChild<RuleTests*>(u"ruleTests"_s)->setPromtool(serverBinary(u"promtool"_s));
    f->write(u"rules.yml"_s, "groups:\n  - name: x\n    rules:\n      - alert: Down\n        expr: up == 0\n");
    QVERIFY(f->open(f->write(u"rules_test.yml"_s, "rule_files: [rules.yml]\ntests:\n  - interval: 1m\n    input_series:\n      - series: up{job=\"a\"}\n        values: 0x5\n    alert_rule_test:\n      - eval_time: 2m\n        alertname: Down\n        exp_alerts: []\n")));
    QTest::keyClick(f->editor(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!f->codes().isEmpty(), WorkbenchFixture::kPatienceMs);
    QVERIFY(f->editor()->findings().front().span.start.line >= 8);
    QVERIFY(f->bench->findChild<QLabel*>(u"workbenchSaid"_s)->text().contains(u"fails"));
    f->keepPicture(u"unittests"_s);
    // Mended and saved: they run again by themselves.
    f->cursorBehind("exp_alerts: ");
    const std::string text = f->text().toStdString();
    const std::size_t at = text.find("[]");
    f->editor()->apply({{at, at + 2, "[{exp_labels: {job: a}}]"}});
    QTest::keyClick(f->editor(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(f->bench->findChild<QLabel*>(u"workbenchSaid"_s)->text().contains(u"pass"), WorkbenchFixture::kPatienceMs);
    QTRY_VERIFY2(f->codes().isEmpty(), qPrintable(f->codes().join(u' ')));
}

PROMDECK_GUI_TEST_MAIN(TestWorkbenchViews)
#include "tst_workbenchviews.moc"
