#include "models/config/alertmanager/muting.h"
#include "models/config/alertmanager/routes.h"
#include "models/config/rules/rules.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

struct Tree
{
    YamlDocument document;
    std::unique_ptr<Route> root;
};

Tree treeOf(const QByteArray& text)
{
    Tree out {YamlDocument::parse({text.constData(), size_t(text.size())}), {}};
    out.root = routingTree(viewOf(*Schema::instance().find("alertmanager.Config"), out.document.root(), {}, YamlDialect::V2));
    return out;
}

std::string receiverNames(const std::vector<const Route*>& routes)
{
    std::string out;
    for (const Route* route : routes)
        out += (out.empty() ? "" : ",") + route->receiver;
    return out;
}

const char* const kTree = "route:\n"
                          "  receiver: all\n"
                          "  group_by: [alertname]\n"
                          "  routes:\n"
                          "  - matchers: ['team=\"db\"']\n"
                          "    receiver: db\n"
                          "    group_wait: 1m\n"
                          "    mute_time_intervals: [night]\n"
                          "    routes:\n"
                          "    - {match: {severity: page}, receiver: pager, continue: true, group_by: ['...']}\n"
                          "    - {match_re: {severity: 'pa.*'}}\n"
                          "  - {matchers: [a=b, c!~\"x|y\"], receiver: web, continue: true}\n"
                          "  - {receiver: rest}\n";

} // namespace

class TestRoutes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QByteArray>("team");
        QTest::addColumn<QByteArray>("severity");
        QTest::addColumn<QByteArray>("receivers");
        QTest::newRow("own route") << QByteArray("db") << QByteArray("info") << QByteArray("db");
        QTest::newRow("continue goes on") << QByteArray("db") << QByteArray("page") << QByteArray("pager,db");
        QTest::newRow("anchored") << QByteArray("db") << QByteArray("spam") << QByteArray("db");
        QTest::newRow("catch all") << QByteArray("x") << QByteArray("page") << QByteArray("rest");
    }

    void matches()
    {
        QFETCH(QByteArray, team);
        QFETCH(QByteArray, severity);
        QFETCH(QByteArray, receivers);
        const Tree tree = treeOf(kTree);
        QCOMPARE(QByteArray::fromStdString(receiverNames(tree.root->match({{"team", team.toStdString()}, {"severity", severity.toStdString()}}))),
                 receivers);
    }

    void inherits()
    {
        const Tree tree = treeOf(kTree);
        const Route& database = *tree.root->children[0];
        const Route& pager = *database.children[0];
        QCOMPARE(pager.groupWaitMs, qint64(60000));
        QCOMPARE(pager.groupIntervalMs, qint64(300000));
        QVERIFY(pager.groupByAll && pager.muteTimeIntervals.empty());
        QCOMPARE(database.groupBy, std::set<std::string> {"alertname"});
        QCOMPARE(database.children[1]->receiver, std::string("db"));
        QCOMPARE(pager.key(), std::string("{}/{team=\"db\"}/{severity=\"page\"}"));
        QCOMPARE(tree.root->children[1]->key(), std::string("{}/{a=\"b\",c!~\"x|y\"}"));
        QCOMPARE(pager.span.start.line, 10);
    }

    void absentLabelsAreEmpty()
    {
        const Tree tree = treeOf("route:\n  receiver: a\n  routes:\n  - {receiver: b, matchers: [x=\"\"]}\n");
        QCOMPARE(receiverNames(tree.root->match({})), std::string("b"));
        QCOMPARE(receiverNames(tree.root->match({{"x", "1"}})), std::string("a"));
    }

    void timeIntervals_data()
    {
        QTest::addColumn<QByteArray>("part");
        QTest::addColumn<QString>("time");
        QTest::addColumn<bool>("holds");
        const auto row = [](const char* part, const char* time, bool holds) {
            QTest::addRow("%s at %s", part, time) << QByteArray(part) << QString::fromLatin1(time) << holds;
        };
        row("{}", "2026-11-21T12:00:00Z", true);
        row("{times: [{start_time: '08:00', end_time: '17:00'}]}", "2026-11-21T08:00:00Z", true);
        row("{times: [{start_time: '08:00', end_time: '17:00'}]}", "2026-11-21T16:59:59Z", true);
        row("{times: [{start_time: '08:00', end_time: '17:00'}]}", "2026-11-21T17:00:00Z", false);
        row("{times: [{start_time: '23:00', end_time: '24:00'}]}", "2026-11-21T23:59:59Z", true);
        row("{times: []}", "2026-11-21T12:00:00Z", false);
        row("{times: [{start_time: '08:00', end_time: '17:00'}], location: Europe/Berlin}", "2026-11-21T07:30:00Z", true);
        row("{times: [{start_time: '08:00', end_time: '17:00'}], location: Europe/Berlin}", "2026-07-21T06:30:00Z", true);
        row("{times: [{start_time: '08:00', end_time: '17:00'}], location: Europe/Berlin}", "2026-11-21T16:30:00Z", false);
        row("{weekdays: [saturday]}", "2026-11-21T12:00:00Z", true);
        row("{weekdays: ['Monday:friday']}", "2026-11-21T12:00:00Z", false);
        row("{weekdays: [sunday]}", "2026-11-22T00:00:00Z", true);
        row("{weekdays: ['saturday'], location: Asia/Tokyo}", "2026-11-21T16:00:00Z", false);
        row("{days_of_month: ['1:5', '21']}", "2026-11-21T12:00:00Z", true);
        row("{days_of_month: ['-1']}", "2026-02-28T12:00:00Z", true);
        row("{days_of_month: ['-3:-1']}", "2028-02-27T12:00:00Z", true);
        row("{days_of_month: ['-3:-1']}", "2028-02-26T12:00:00Z", false);
        row("{days_of_month: ['29:31']}", "2026-02-28T12:00:00Z", false);
        row("{days_of_month: ['25:31']}", "2026-02-28T12:00:00Z", true);
        row("{months: [november]}", "2026-11-21T12:00:00Z", true);
        row("{months: ['1:3', 'may:august']}", "2026-11-21T12:00:00Z", false);
        row("{years: ['2020:2026']}", "2026-11-21T12:00:00Z", true);
        row("{years: ['2027']}", "2026-11-21T12:00:00Z", false);
        row("{weekdays: [saturday], months: [december]}", "2026-11-21T12:00:00Z", false);
    }

    void timeIntervals()
    {
        QFETCH(QByteArray, part);
        QFETCH(QString, time);
        QFETCH(bool, holds);
        const QByteArray text = "time_intervals: [{name: a, time_intervals: [" + part + "]}]\n";
        const YamlDocument document = YamlDocument::parse({text.constData(), size_t(text.size())});
        const auto intervals = timeIntervalsOf(viewOf(*Schema::instance().find("alertmanager.Config"), document.root(), {}, YamlDialect::V2));
        QCOMPARE(intervals.size(), 1U);
        QCOMPARE(intervals.front().contains(QDateTime::fromString(time, Qt::ISODate)), holds);
    }

    void routesAreMuted()
    {
        const QByteArray text = "time_intervals:\n- {name: weekend, time_intervals: [{weekdays: ['saturday', 'sunday']}]}\n"
                                "- {name: office, time_intervals: [{times: [{start_time: '08:00', end_time: '17:00'}]}]}\n"
                                "route:\n  receiver: a\n  routes:\n  - {mute_time_intervals: [weekend, office]}\n  - {active_time_intervals: [office]}\n";
        const YamlDocument document = YamlDocument::parse({text.constData(), size_t(text.size())});
        const StructView config = viewOf(*Schema::instance().find("alertmanager.Config"), document.root(), {}, YamlDialect::V2);
        const auto tree = routingTree(config);
        const auto intervals = timeIntervalsOf(config);
        const auto saturdayNight = QDateTime::fromString(u"2026-11-21T03:00:00Z"_s, Qt::ISODate);
        const RouteMute muted = muteOf(*tree->children[0], intervals, saturdayNight);
        QVERIFY(muted.isMuted && !muted.isInactive);
        QCOMPARE(muted.intervals, std::vector<std::string> {"weekend"});
        const RouteMute inactive = muteOf(*tree->children[1], intervals, saturdayNight);
        QVERIFY(inactive.isMuted && inactive.isInactive);
        QVERIFY(!muteOf(*tree->children[1], intervals, saturdayNight.addSecs(6 * 3600)).isMuted);
        QVERIFY(!muteOf(*tree, intervals, saturdayNight).isMuted);
    }

    void corpus()
    {
        PROMDECK_NEED_SHARED();
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/alertmanager/routing.jsonl"_s);
        int compared = 0;
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            if (!row[u"config"].isString())
                continue;
            const Tree tree = treeOf(row[u"config"].toString().toUtf8());
            QVERIFY(tree.root);
            std::map<std::string, std::string> labels;
            for (const auto& [name, value] : row[u"labels"].members())
                labels[name.toStdString()] = value.toString().toStdString();
            QStringList found;
            QStringList keys;
            for (const Route* route : tree.root->match(labels)) {
                found.append(QString::fromStdString(route->receiver));
                // Old regular expressions are shown anchored, the cases hold them as written.
                keys.append(QString::fromStdString(route->key()).replace(u"\"^(?:"_s, u"\""_s).replace(u")$\""_s, u"\""_s));
            }
            QStringList expected;
            for (const Json& one : row[u"receivers"].items())
                expected.append(one.toString());
            QCOMPARE(found, expected);
            if (row.contains(u"keys")) {
                QStringList expectedKeys;
                for (const Json& one : row[u"keys"].items())
                    expectedKeys.append(one.toString());
                QCOMPARE(keys, expectedKeys);
            }
            ++compared;
        }
        QVERIFY(compared > 5);
    }
};

PROMDECK_TEST_MAIN(TestRoutes)
#include "tst_routes.moc"
