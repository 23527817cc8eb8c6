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
