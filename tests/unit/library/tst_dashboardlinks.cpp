#include "models/library/dashboardlinks.h"
#include "models/library/libraryscan.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestDashboardLinks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAddresses();
    void leavesOtherPagesAlone();
    void findsTheDashboard();
};

void TestDashboardLinks::readsAddresses()
{
    const QUrl grafana(u"https://grafana.example.org/sub"_s);
    const auto target = dashboardTarget(QUrl(u"/d/abc/some-page?from=now-3h&to=now-1h&var-job=node%2Bx&var-job=b+c&var-all=All&viewPanel=panel-7"_s), grafana);
    QVERIFY(target);
    QCOMPARE(target->uid, u"abc"_s);
    QCOMPARE(target->range->from, u"now-3h"_s);
    QCOMPARE(target->range->to, u"now-1h"_s);
    QCOMPARE(target->variables.value(u"job"_s), QStringList({u"node+x"_s, u"b c"_s}));
    QCOMPARE(target->variables.value(u"all"_s), QStringList {u"$__all"_s});
    QCOMPARE(target->panelId, 7);
    QCOMPARE(dashboardTarget(QUrl(u"d/abc"_s), {})->uid, u"abc"_s);
    QCOMPARE(dashboardTarget(QUrl(u"https://grafana.example.org/sub/d/abc?orgId=1"_s), grafana)->uid, u"abc"_s);
    QCOMPARE(dashboardTarget(QUrl(u"http://anywhere:3000/d/abc/x"_s), {})->uid, u"abc"_s);
    QCOMPARE(dashboardTarget(QUrl(u"dashboard/db/node-exporter?from=now-1h"_s), {})->slug, u"node-exporter"_s);
    QCOMPARE(dashboardTarget(QUrl(u"dashboard/db/x?from=now-1h"_s), {})->range->to, u"now"_s);
    QVERIFY(!dashboardTarget(QUrl(u"/d/abc"_s), {})->range);
}

void TestDashboardLinks::leavesOtherPagesAlone()
{
    const QUrl grafana(u"https://grafana.example.org"_s);
    QVERIFY(!dashboardTarget(QUrl(u"https://other.example.org/d/abc/x"_s), grafana));
    QVERIFY(!dashboardTarget(QUrl(u"https://grafana.example.org/explore?left=1"_s), grafana));
    QVERIFY(!dashboardTarget(QUrl(u"mailto:ops@example.org"_s), grafana));
    QVERIFY(!dashboardTarget(QUrl(u"/alerting/list"_s), grafana));
    QVERIFY(!dashboardTarget(QUrl(u"https://wiki.example.org/runbooks/d"_s), {}));
}

void TestDashboardLinks::findsTheDashboard()
{
    const QByteArray mine = "{\"title\": \"Node Exporter / Nodes\", \"uid\": \"same\", \"panels\": []}";
    const LibraryIndex index({libraryEntry({u"builtin:x"_s, {}, {}, 0, 1}, "{\"title\": \"B\", \"uid\": \"same\", \"panels\": []}"),
                              libraryEntry({u"/b/mine.json"_s, u"/b"_s, {}, 0, 1}, mine)}, {});
    QCOMPARE(entryFor(*dashboardTarget(QUrl(u"/d/same"_s), {}), index)->reference, u"/b/mine.json"_s);
    QCOMPARE(entryFor(*dashboardTarget(QUrl(u"/dashboard/db/node-exporter-nodes"_s), {}), index)->reference, u"/b/mine.json"_s);
    QVERIFY(!entryFor(*dashboardTarget(QUrl(u"/d/unknown"_s), {}), index));
}

PROMDECK_TEST_MAIN(TestDashboardLinks)
#include "tst_dashboardlinks.moc"
