// The built-in dashboards against the demo's own stack: every expression must parse, run and return data.
#include "models/query/dashboardsession.h"
#include "resources/dashboards/builtindashboards.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QUrlQuery>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// An expression that may return nothing, and when. `unless` is a query: where it returns something, so must
/// the expression.
struct MayBeEmpty
{
    QString part;
    QString unless;
    const char* reason;
};

const std::vector<MayBeEmpty>& mayBeEmpty()
{
    static const std::vector<MayBeEmpty> list {
        {u"probe_ssl_earliest_cert_expiry"_s, u"probe_ssl_earliest_cert_expiry"_s, "the demo probes no TLS target"},
        {u"node_pressure_"_s, u"node_pressure_cpu_waiting_seconds_total"_s, "a kernel without pressure information"},
        {u"node_disk_"_s, u"node_disk_io_now{device!~\"loop.*|ram.*|sr.*|fd.*\"}"_s, "a machine without disks"},
        {u"node_network_"_s, u"node_network_info{device!~\"veth.*|cali.*|cni.*|lo\"}"_s, "only the loopback interface"},
        {u"node_filesystem_"_s, u"node_filesystem_size_bytes{fstype!~\"tmpfs|ramfs\"}"_s, "no filesystem with storage"},
        {u"node_filesystem_files"_s, u"node_filesystem_files{fstype!~\"tmpfs|ramfs\"} > 0"_s, "filesystems that count no inodes"},
    };
    return list;
}

QJsonArray array(const QJsonValue& value, const QString& key)
{
    return value.toObject().value(key).toArray();
}

QString text(const QJsonValue& value, const QString& key)
{
    return value.toObject().value(key).toString();
}

QJsonObject document(const QString& id)
{
    return QJsonDocument::fromJson(builtinDashboard(id)).object();
}

} // namespace

class TestBuiltinDashboards final : public QObject
{
    Q_OBJECT

private:
    QJsonObject ask(const QString& path, const QUrlQuery& query);
    QJsonArray series(const QString& expr);
    QString pick(const QJsonObject& variable, const QHash<QString, QString>& values);
    QHash<QString, QString> variableValues(const QJsonObject& dashboard);
    bool excused(const QString& expr);
    void checkTarget(const QString& panel, const QJsonObject& target, const QHash<QString, QString>& values);
    static QString interpolated(QString expr, const QHash<QString, QString>& values);

    QNetworkAccessManager m_network;
    std::unique_ptr<TestServer> m_node;
    std::unique_ptr<TestServer> m_blackbox;
    std::unique_ptr<TestServer> m_alertmanager;
    std::unique_ptr<TestServer> m_prometheus;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void listsWhatItHolds();
    void isWellFormed_data();
    void isWellFormed();
    void returnsData_data();
    void returnsData();
    void runsThroughTheEngine_data();
    void runsThroughTheEngine();
    void firesTheDemosAlerts();
    void recordsTheDemosRules();
};

QJsonObject TestBuiltinDashboards::ask(const QString& path, const QUrlQuery& query)
{
    QUrl url = m_prometheus->url().resolved(QUrl(u"api/v1/"_s + path));
    // QUrlQuery leaves "+" as it is, which a server reads as a blank.
    url.setQuery(query.toString(QUrl::FullyEncoded).replace(u'+', u"%2B"_s));
    const std::unique_ptr<QNetworkReply> reply(m_network.get(QNetworkRequest(url)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20000))
        return {};
    return QJsonDocument::fromJson(reply->readAll()).object();
}

QJsonArray TestBuiltinDashboards::series(const QString& expr)
{
    return array(ask(u"query"_s, {{u"query"_s, expr}}).value(u"data"), u"result"_s);
}

void TestBuiltinDashboards::initTestCase()
{
    const QString folder = QStringLiteral(PROMDECK_SOURCE_DIR "/installer/demo/");
    m_node = TestServer::nodeExporter();
    m_blackbox = TestServer::blackboxExporter(readFile(folder + u"blackbox.yml"_s));
    m_alertmanager = TestServer::alertmanager(readFile(folder + u"alertmanager.yml"_s));
    m_prometheus = TestServer::prometheus({.files = {{u"rules.yml"_s, readFile(folder + u"rules.yml"_s)}}});
    QVERIFY(m_node && m_blackbox && m_alertmanager && m_prometheus);

    QByteArray config = readFile(folder + u"prometheus.yml"_s);
    config.replace("@PROMETHEUS@", m_prometheus->hostPort().toUtf8());
    config.replace("@ALERTMANAGER@", m_alertmanager->hostPort().toUtf8());
    config.replace("@NODE@", m_node->hostPort().toUtf8());
    config.replace("@BLACKBOX@", m_blackbox->hostPort().toUtf8());
    config.replace("@DEAD@", "127.0.0.1:" + QByteArray::number(freePort()));
    config.replace("_interval: 5s", "_interval: 1s");
    QFile file(m_prometheus->path(u"prometheus.yml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(config) == config.size());
    file.close();
    // Its own address is known only now, so the configuration reaches it by a reload.
    const QUrl reload = m_prometheus->url().resolved(QUrl(u"-/reload"_s));
    const std::unique_ptr<QNetworkReply> reply(m_network.post(QNetworkRequest(reload), QByteArray()));
    QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, 20000));
    QCOMPARE(reply->error(), QNetworkReply::NoError);

    const auto filled = [this] {
        return !series(u"rate(node_cpu_seconds_total[5s])"_s).isEmpty()
            && !series(u"rate(prometheus_tsdb_head_samples_appended_total[5s])"_s).isEmpty()
            && !series(u"rate(alertmanager_alerts_received_total[5s])"_s).isEmpty()
            && !series(u"ALERTS{alertname=\"TargetDown\", alertstate=\"firing\"}"_s).isEmpty()
            && series(u"count_over_time(probe_success[5m]) > 3"_s).size() == 5;
    };
    QVERIFY2(QTest::qWaitFor(filled, 60000), "the demo's stack has no data after a minute");
}

void TestBuiltinDashboards::cleanupTestCase()
{
    for (std::unique_ptr<TestServer>* server : {&m_prometheus, &m_alertmanager, &m_blackbox, &m_node})
        server->reset();
}

/// What a variable of the form label_values(selector, label) is set to: its first value; all of them when
/// several can be chosen.
QString TestBuiltinDashboards::pick(const QJsonObject& variable, const QHash<QString, QString>& values)
{
    static const QRegularExpression form(u"^label_values\\((.*), *(\\w+)\\)$"_s);
    const QRegularExpressionMatch match = form.match(text(variable, u"definition"_s));
    if (!match.hasMatch())
        return {};
    const QString selector = interpolated(match.captured(1), values);
    const QJsonArray found
        = ask(u"label/%1/values"_s.arg(match.captured(2)), {{u"match[]"_s, selector}}).value(u"data").toArray();
    QStringList all;
    for (const QJsonValue& value : found)
        all << value.toString();
    if (all.isEmpty())
        return {};
    return variable.value(u"multi").toBool() ? u'(' + all.join(u'|') + u')' : all.first();
}

QHash<QString, QString> TestBuiltinDashboards::variableValues(const QJsonObject& dashboard)
{
    QHash<QString, QString> values {
        {u"__rate_interval"_s, u"5s"_s}, {u"__interval"_s, u"1s"_s}, {u"__range"_s, u"60s"_s}};
    for (const QJsonValue& variable : array(dashboard.value(u"templating"), u"list"_s)) {
        if (text(variable, u"type"_s) == u"query")
            values.insert(text(variable, u"name"_s), pick(variable.toObject(), values));
    }
    return values;
}

QString TestBuiltinDashboards::interpolated(QString expr, const QHash<QString, QString>& values)
{
    // A repeated row sets its variable to one value, so "=" meets a list of choices only there.
    for (auto it = values.begin(); it != values.end(); ++it) {
        expr.replace(u"=\"$%1\""_s.arg(it.key()),
                     (it->startsWith(u'(') ? u"=~\"%1\""_s : u"=\"%1\""_s).arg(*it));
        expr.replace(u'$' + it.key(), *it);
    }
    return expr;
}

bool TestBuiltinDashboards::excused(const QString& expr)
{
    for (const MayBeEmpty& entry : mayBeEmpty()) {
        if (expr.contains(entry.part) && series(entry.unless).isEmpty()) {
            qInfo("empty, as it may be (%s): %s", entry.reason, qPrintable(expr));
            return true;
        }
    }
    return false;
}

void TestBuiltinDashboards::checkTarget(const QString& panel, const QJsonObject& target,
                                        const QHash<QString, QString>& values)
{
    const QString expr = interpolated(text(target, u"expr"_s), values);
    // "$1" belongs to label_replace.
    static const QRegularExpression leftOver(u"\\$[A-Za-z_{]"_s);
    QVERIFY2(!expr.contains(leftOver), qPrintable(u"%1: unknown variable in %2"_s.arg(panel, expr)));
    const bool instant = target.value(u"instant").toBool();
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QUrlQuery query {{u"query"_s, expr}};
    if (!instant) {
        query.addQueryItem(u"start"_s, QString::number(now - 10));
        query.addQueryItem(u"end"_s, QString::number(now));
        query.addQueryItem(u"step"_s, u"1"_s);
    }
    const QJsonObject answer = ask(instant ? u"query"_s : u"query_range"_s, query);
    QVERIFY2(text(answer, u"status"_s) == u"success",
             qPrintable(u"%1: %2: %3"_s.arg(panel, expr, text(answer, u"error"_s))));
    if (array(answer.value(u"data"), u"result"_s).isEmpty())
        QVERIFY2(excused(expr), qPrintable(u"%1: no data for %2"_s.arg(panel, expr)));
}

void TestBuiltinDashboards::listsWhatItHolds()
{
    for (const QString& id : builtinDashboardIds()) {
        QVERIFY2(!builtinDashboard(id).isEmpty(), qPrintable(id));
        QCOMPARE(builtinDashboard(u"builtin:"_s + id), builtinDashboard(id));
    }
    QVERIFY(isBuiltinDashboard(u"builtin:linux-host"_s));
    QVERIFY(!isBuiltinDashboard(u"linux-host.json"_s));
    QVERIFY(builtinDashboard(u"../linux-host"_s).isEmpty());
    QVERIFY(builtinDashboard(u"builtin:none"_s).isEmpty());
}

void TestBuiltinDashboards::isWellFormed_data()
{
    QTest::addColumn<QString>("id");
    for (const QString& id : builtinDashboardIds())
        QTest::newRow(qPrintable(id)) << id;
}

void TestBuiltinDashboards::isWellFormed()
{
    QFETCH(QString, id);
    const QJsonObject dashboard = document(id);
    QVERIFY(dashboard.value(u"schemaVersion").toInt() >= 39);
    QCOMPARE(text(dashboard, u"uid"_s), u"promdeck-"_s + id);
    QSet<int> ids;
    std::vector<QRect> places;
    for (const QJsonValue& value : array(dashboard, u"panels"_s)) {
        const QJsonObject panel = value.toObject();
        const QString title = text(panel, u"title"_s);
        const QJsonObject grid = panel.value(u"gridPos").toObject();
        const QRect place(grid.value(u"x").toInt(), grid.value(u"y").toInt(), grid.value(u"w").toInt(), grid.value(u"h").toInt());
        QVERIFY2(!title.isEmpty() && !ids.contains(panel.value(u"id").toInt()), qPrintable(title));
        ids << panel.value(u"id").toInt();
        QVERIFY2(place.right() < 24 && !place.isEmpty(), qPrintable(title));
        for (const QRect& other : places)
            QVERIFY2(!place.intersects(other), qPrintable(title + u" covers another panel"_s));
        places.push_back(place);
    }
}

void TestBuiltinDashboards::returnsData_data()
{
    isWellFormed_data();
}

void TestBuiltinDashboards::returnsData()
{
    QFETCH(QString, id);
    const QJsonObject dashboard = document(id);
    const QHash<QString, QString> values = variableValues(dashboard);
    for (auto it = values.begin(); it != values.end(); ++it)
        QVERIFY2(!it->isEmpty(), qPrintable(it.key() + u" has no values"_s));
    for (const QJsonValue& panel : array(dashboard, u"panels"_s)) {
        for (const QJsonValue& target : array(panel, u"targets"_s))
            checkTarget(text(panel, u"title"_s), target.toObject(), values);
    }
}

void TestBuiltinDashboards::runsThroughTheEngine_data()
{
    isWellFormed_data();
}

/// The same as above, but with our own variables, planning, transformations and field configuration.
void TestBuiltinDashboards::runsThroughTheEngine()
{
    QFETCH(QString, id);
    const Result<Dashboard> dashboard = readDashboard(builtinDashboard(id), id);
    QVERIFY_RESULT(dashboard);
    const std::shared_ptr<StackConnection> connection = StackConnection::forUrl(m_prometheus->url());
    // As a probe would find it. With the default of 15 s the last step, aligned, could lie before the first sample.
    connection->setServerScrapeIntervalMs(1000);
    DashboardSession session(*dashboard, connection);
    session.setTimeRange({u"now-1m"_s, u"now"_s});
    session.setAllVisible(1600);
    QSignalSpy idle(&session, &DashboardSession::idle);
    session.start();
    QVERIFY(QTest::qWaitFor([&] { return !idle.isEmpty() && !session.isBusy(); }, 30000));
    int asked = 0;
    int shown = 0;
    QStringList empty;
    for (const PlacedPanel& placed : session.panels()) {
        if (placed.panel.isRow())
            continue;
        const PanelDataPtr data = session.panelData(placed.key);
        const QString title = session.interpolate(placed.panel.title, &placed);
        QVERIFY2(!data->error, qPrintable(title + u": "_s + (data->error ? data->error->toString() : QString())));
        QVERIFY2(data->transformErrors.empty() && data->unsupported.isEmpty(), qPrintable(title));
        QVERIFY2(data->warnings.isEmpty(), qPrintable(title + u": "_s + data->warnings.join(u"; ")));
        asked += !data->queries.empty();
        shown += !data->frames.empty();
        if (!data->queries.empty() && data->frames.empty())
            empty << title;
    }
    QVERIFY(asked >= 5);
    // One panel may have nothing to show on a stack without TLS targets.
    QVERIFY2(shown >= asked - 1, qPrintable(u"%1 of %2 panels show data, not: %3"_s.arg(shown).arg(asked).arg(empty.join(u", "_s))));
}

void TestBuiltinDashboards::firesTheDemosAlerts()
{
    for (const QString& alert : {u"Watchdog"_s, u"TargetDown"_s, u"ProbeFails"_s}) {
        const QString firing = u"ALERTS{alertname=\"%1\", alertstate=\"firing\"}"_s.arg(alert);
        QVERIFY2(QTest::qWaitFor([&] { return !series(firing).isEmpty(); }, 30000), qPrintable(alert));
    }
    const QString received = u"alertmanager_alerts{state=\"active\"} > 0"_s;
    QVERIFY(QTest::qWaitFor([&] { return !series(received).isEmpty(); }, 30000));
}

void TestBuiltinDashboards::recordsTheDemosRules()
{
    const QString recorded = u"count by (__name__) ({__name__=~\".+:.+\"})"_s;
    QVERIFY(QTest::qWaitFor([&] { return series(recorded).size() >= 3; }, 30000));
}

PROMDECK_TEST_MAIN(TestBuiltinDashboards)
#include "tst_builtindashboards.moc"
