#include "models/library/dashlist.h"
#include "models/library/datasourcerefs.h"
#include "models/library/libraryscan.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

LibraryEntryPtr entry(const QByteArray& title, const QByteArray& tags = "\"t\"", const QByteArray& folder = {})
{
    const QByteArray origin = folder.isEmpty() ? QByteArray() : ", \"promdeck\": {\"origin\": {\"uid\": \"x\", \"folderUid\": \"" + folder + "\"}}";
    return libraryEntry({u"/b/"_s + QString::fromUtf8(title), u"/b"_s, {}, 1, 1},
                        "{\"title\": \"" + title + "\", \"tags\": [" + tags + "], \"panels\": []" + origin + "}");
}

QStringList titles(const DashListSection& section)
{
    QStringList out;
    for (const LibraryEntryPtr& one : section.entries)
        out << one->digest.title;
    return out;
}

} // namespace

/// What dashboards say about other dashboards and about data sources.
class TestDashList final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsNewAndOldOptions();
    void listsWhatIsAsked();
    void filtersByFolderWhereItIsKnown();
    void collectsDatasources();
    void knowsCommonNames();
};

void TestDashList::readsNewAndOldOptions()
{
    const DashListOptions now = dashListOptions(*Json::parse(
        "{\"type\": \"dashlist\", \"options\": {\"showStarred\": false, \"showSearch\": true, \"query\": \" node \", \"tags\": [\"a\"], "
        "\"maxItems\": 3, \"showHeadings\": false, \"keepTime\": true, \"folderUID\": \"f\"}}"));
    QVERIFY(!now.starred && now.search && !now.recent && !now.headings && now.keepTime && !now.includeVars);
    QCOMPARE(now.query, u"node"_s);
    QCOMPARE(now.most, 3);
    QCOMPARE(now.folderUid, u"f"_s);
    const DashListOptions old = dashListOptions(*Json::parse(
        "{\"type\": \"dashlist\", \"starred\": false, \"search\": true, \"recent\": true, \"headings\": true, \"limit\": 5, \"tags\": [\"b\"], \"query\": \"q\"}"));
    QVERIFY(!old.starred && old.search && old.recent && old.headings);
    QCOMPARE(old.most, 5);
    QCOMPARE(old.tags, QStringList {u"b"_s});
    const DashListOptions none = dashListOptions(*Json::parse("{\"type\": \"dashlist\"}"));
    QVERIFY(none.starred && !none.search && none.most == 10);
}

void TestDashList::listsWhatIsAsked()
{
    const LibraryIndex index({entry("Zeta"), entry("Alpha", "\"t\", \"u\""), entry("Mid")}, {});
    DashListOptions options;
    options.recent = true;
    options.search = true;
    const auto all = dashList(options, index, {u"/b/Zeta"_s, u"/b/Alpha"_s, u"/b/gone"_s}, {u"/b/Zeta"_s, u"/b/Alpha"_s});
    QCOMPARE(all.size(), size_t(3));
    QCOMPARE(titles(all[0]), QStringList({u"Alpha"_s, u"Zeta"_s}));
    QCOMPARE(titles(all[1]), QStringList({u"Zeta"_s, u"Alpha"_s}));
    QCOMPARE(titles(all[2]), QStringList({u"Alpha"_s, u"Mid"_s, u"Zeta"_s}));
    options.tags = QStringList {u"u"_s};
    QCOMPARE(titles(dashList(options, index, {}, {})[2]), QStringList {u"Alpha"_s});
    options.tags.clear();
    options.query = u"ET"_s;
    QCOMPARE(titles(dashList(options, index, {}, {})[2]), QStringList {u"Zeta"_s});
    options.query.clear();
    options.most = 2;
    QCOMPARE(dashList(options, index, {}, {})[2].entries.size(), size_t(2));
}

void TestDashList::filtersByFolderWhereItIsKnown()
{
    DashListOptions options;
    options.starred = false;
    options.search = true;
    options.folderUid = u"ops"_s;
    const LibraryIndex pulled({entry("In", "\"t\"", "ops"), entry("Out")}, {});
    QCOMPARE(titles(dashList(options, pulled, {}, {})[0]), QStringList {u"In"_s});
    const LibraryIndex strangers({entry("A"), entry("B")}, {});
    QCOMPARE(dashList(options, strangers, {}, {})[0].entries.size(), size_t(2));
}

void TestDashList::collectsDatasources()
{
    const auto read = readDashboard(
        "{\"title\": \"x\", \"schemaVersion\": 39, \"__inputs\": [{\"name\": \"DS_PROM\", \"label\": \"Our Prometheus\", \"type\": \"datasource\", "
        "\"pluginId\": \"prometheus\"}], \"panels\": ["
        "{\"id\": 1, \"type\": \"stat\", \"datasource\": {\"uid\": \"${DS_PROM}\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"up\"}]},"
        "{\"id\": 2, \"type\": \"row\", \"collapsed\": true, \"panels\": [{\"id\": 3, \"type\": \"stat\", \"datasource\": {\"uid\": \"${DS_PROM}\"}, "
        "\"targets\": [{\"refId\": \"A\", \"expr\": \"up\"}]}]},"
        "{\"id\": 4, \"type\": \"logs\", \"datasource\": {\"type\": \"loki\", \"uid\": \"P8E80F\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"{}\"}]},"
        "{\"id\": 5, \"type\": \"stat\", \"datasource\": {\"uid\": \"$ds\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"up\"}]},"
        "{\"id\": 6, \"type\": \"stat\", \"datasource\": {\"uid\": \"-- Mixed --\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"up\", "
        "\"datasource\": {\"type\": \"prometheus\", \"uid\": \"other\"}}]},"
        "{\"id\": 7, \"type\": \"text\", \"datasource\": {\"uid\": \"unused\"}}],"
        "\"templating\": {\"list\": [{\"name\": \"ds\", \"type\": \"datasource\", \"query\": \"prometheus\"},"
        "{\"name\": \"job\", \"type\": \"query\", \"query\": \"label_values(job)\", \"datasource\": {\"uid\": \"${DS_PROM}\"}}]}}");
    QVERIFY_RESULT(read);
    const std::vector<DatasourceUse> uses = datasourceUses(*read);
    QCOMPARE(uses.size(), size_t(3));
    QCOMPARE(uses[0].reference, u"${DS_PROM}"_s);
    QCOMPARE(uses[0].label, u"Our Prometheus"_s);
    QCOMPARE(uses[0].type, u"prometheus"_s);
    QCOMPARE(uses[0].panels, 2);
    QVERIFY(uses[0].isInput && uses[0].inVariables);
    QCOMPARE(uses[1].reference, u"P8E80F"_s);
    QCOMPARE(uses[1].type, u"loki"_s);
    QCOMPARE(uses[2].reference, u"other"_s);
}

void TestDashList::knowsCommonNames()
{
    const auto known = [](const QString& reference) { return isKnownSource({reference, reference, {}, 1, false, false}, {u"EU"_s}); };
    QVERIFY(known(u"Prometheus"_s) && known(u"eu"_s) && known(u"default"_s));
    QVERIFY(!known(u"${DS_PROMETHEUS}"_s) && !known(u"P1809F7CD0C75ACF3"_s));
}

PROMDECK_TEST_MAIN(TestDashList)
#include "tst_dashlist.moc"
