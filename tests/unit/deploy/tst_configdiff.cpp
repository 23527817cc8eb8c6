// What a diff shows: the fewest lines, the things that changed, and no secret.
#include "provisioning/deploy/secretmask.h"
#include "provisioning/deploy/semanticdiff.h"
#include "provisioning/deploy/textdiff.h"
#include "tests/support/testsupport.h"

#include <QRandomGenerator>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Qt::StringLiterals;

namespace {

QStringList words(const std::vector<SemanticChange>& changes)
{
    QStringList out;
    for (const SemanticChange& change : changes) {
        const QString sign = change.kind == SemanticChange::Kind::Added ? u"+"_s : change.kind == SemanticChange::Kind::Removed ? u"-"_s : u"~"_s;
        out << sign + change.what + u' ' + change.name + (change.keys.isEmpty() ? QString() : u" ("_s + change.keys.join(u", "_s) + u')');
    }
    return out;
}

} // namespace

class TestConfigDiff final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unified_data();
    void unified();
    void everyLineIsThere();
    void largeTextsDoNotHang();
    void terminalsAreSafe();
    void semantic_data();
    void semantic();
    void hidesSecretsAndShowsTheirChange();
    void hidesWithoutYaml();
    void hidesByValueEverywhere();
};

void TestConfigDiff::unified_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QByteArray>("diff");
    QTest::newRow("equal") << QByteArray("a\nb\n") << QByteArray("a\nb\n") << QByteArray();
    QTest::newRow("change") << QByteArray("a\nb\nc\n") << QByteArray("a\nx\nc\n") << QByteArray("@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    QTest::newRow("new file") << QByteArray() << QByteArray("a\n") << QByteArray("@@ -0,0 +1,1 @@\n+a\n");
    QTest::newRow("removed file") << QByteArray("a\nb\n") << QByteArray() << QByteArray("@@ -1,2 +0,0 @@\n-a\n-b\n");
    QTest::newRow("two hunks") << QByteArray("a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n") << QByteArray("A\n1\n2\n3\n4\n5\n6\n7\n8\nB\n")
                               << QByteArray("@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-b\n+B\n");
    QTest::newRow("moved line") << QByteArray("x\na\nb\n") << QByteArray("a\nb\nx\n") << QByteArray("@@ -1,3 +1,3 @@\n-x\n a\n b\n+x\n");
    QTest::newRow("line end") << QByteArray("a") << QByteArray("a\n") << QByteArray("@@ the line end at the end of the file @@\n");
}

void TestConfigDiff::unified()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QTEST(unifiedDiff(before, after), "diff");
}

void TestConfigDiff::everyLineIsThere()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 400; ++round) {
        QByteArray before, after;
        for (int i = 0; i < int(random.bounded(30)); ++i)
            before += char('a' + random.bounded(4)) + QByteArray("\n");
        for (int i = 0; i < int(random.bounded(30)); ++i)
            after += char('a' + random.bounded(4)) + QByteArray("\n");
        QByteArray back, forth;
        for (const DiffLine& line : diffLines(before, after)) {
            if (line.kind != DiffLine::Kind::Added)
                back += line.text + '\n';
            if (line.kind != DiffLine::Kind::Removed)
                forth += line.text + '\n';
        }
        QCOMPARE(back, before);
        QCOMPARE(forth, after);
    }
}

void TestConfigDiff::largeTextsDoNotHang()
{
    QByteArray before, after;
    for (int i = 0; i < 20000; ++i) {
        before += "old " + QByteArray::number(i) + '\n';
        after += "new " + QByteArray::number(i) + '\n';
    }
    QCOMPARE(diffLines(before, after).size(), std::size_t(40000));
}

void TestConfigDiff::terminalsAreSafe()
{
    const QByteArray diff = unifiedDiff("a\n", "\x1b[31mred\xff\n\xe2\x80\xaespoof\n\xf0\x9f\x98\x80 fine\n");
    QVERIFY(!diff.contains('\x1b') && !diff.contains('\xff') && !diff.contains("\xe2\x80\xae"));
    QVERIFY(diff.contains("+\xf0\x9f\x98\x80 fine"));
}

void TestConfigDiff::semantic_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QStringList>("changes");
    QTest::newRow("jobs") << QByteArray("global: {scrape_interval: 15s}\nscrape_configs:\n- job_name: a\n- {job_name: b, scrape_interval: 5s}\n")
                          << QByteArray("global: {scrape_interval: 30s}\nscrape_configs:\n- job_name: b\n  scrape_interval: 9s\n- job_name: c\n")
                          << QStringList {u"~global setting scrape_interval"_s, u"-job a"_s, u"~job b (scrape_interval)"_s, u"+job c"_s};
    QTest::newRow("only style") << QByteArray("scrape_configs: [{job_name: a, scrape_interval: 5s}]") << QByteArray("# note\nscrape_configs:\n- scrape_interval: 5s\n  job_name: a\n") << QStringList();
    QTest::newRow("rules") << QByteArray("groups: [{name: g, rules: [{alert: A, expr: up == 0, labels: {s: w}}, {alert: A, expr: up == 0, labels: {s: c}}, {record: r, expr: up}]}]")
                           << QByteArray("groups: [{name: g, rules: [{alert: A, expr: up == 0, labels: {s: w}}, {alert: A, expr: up == 1, for: 5m, labels: {s: c}}]}]")
                           << QStringList {u"~alert g/A (expr, for)"_s, u"-record g/r"_s};
    QTest::newRow("receivers and routes")
        << QByteArray("route: {receiver: a, routes: [{matchers: [x=\"1\"], receiver: a}]}\nreceivers: [{name: a}]")
        << QByteArray("route: {receiver: a, routes: [{matchers: [x=\"1\"], receiver: b}]}\nreceivers: [{name: a}, {name: b}]")
        << QStringList {u"~route root/1{x=\"1\"} (receiver)"_s, u"+receiver b"_s};
    QTest::newRow("targets") << QByteArray("- targets: [a:1, b:1]") << QByteArray("- targets: [b:1, c:1]") << QStringList {u"-target a:1"_s, u"+target c:1"_s};
    QTest::newRow("modules") << QByteArray("modules: {h: {prober: http}}") << QByteArray("modules: {h: {prober: tcp}, i: {prober: icmp}}") << QStringList {u"~module h (prober)"_s, u"+module i"_s};
    QTest::newRow("broken") << QByteArray("scrape_configs: [") << QByteArray("scrape_configs: []") << QStringList();
}

void TestConfigDiff::semantic()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QFETCH(const QStringList, changes);
    const Config::FileKind kind = kindOfContent("/etc/x.yml", after);
    QCOMPARE(words(semanticDiff(kind, before, after)), changes);
}

void TestConfigDiff::hidesSecretsAndShowsTheirChange()
{
    SecretMask mask({{u"smtp"_s, "swordfish-1"}});
    const QByteArray before = "global: {smtp_auth_password: swordfish-1}\nreceivers:\n- name: a\n  slack_configs:\n  - api_url: https://hooks/T0/B0/one\n"
                              "  webhook_configs:\n  - url: http://u:inline-pw@host/x\n    http_config: {authorization: {credentials: 'abc def'}}\n"
                              "basic_auth_users: {bob: $2y$10$hash}\npassword_file: /etc/pw\n"
                              "headers: {Authorization: Bearer zzz, X-Tenant: plain}\ntoken: |\n  line one\n  line two\nlast: kept\n";
    QByteArray after = before;
    after.replace("B0/one", "B0/two").replace("abc def", "abc ghi");
    const QByteArray a = mask.mask(before);
    const QByteArray b = mask.mask(after);
    for (const char* secret : {"swordfish", "B0/one", "B0/two", "inline-pw", "abc", "ghi", "$2y$10", "zzz", "line one", "line two"}) {
        QVERIFY2(!a.contains(secret), secret);
        QVERIFY2(!b.contains(secret), secret);
    }
    for (const char* kept : {"smtp_auth_password: <secret:smtp>", "name: a", "password_file: /etc/pw", "X-Tenant: plain", "last: kept", "http://u:<hidden", "bob: <hidden"})
        QVERIFY2(a.contains(kept), kept);
    const QByteArray diff = unifiedDiff(a, b, 0);
    QCOMPARE(diff.count('+'), 4); // two changed lines and two heads
    QVERIFY(diff.contains("api_url: <hidden"));
}

void TestConfigDiff::hidesWithoutYaml()
{
    SecretMask mask;
    const QByteArray ini = mask.mask("[database]\npassword = \"\"\"gr@fana\n[security]\nsecret_key = SW2Y\n;admin_password = admin\nhttp_port = 3000\n");
    QVERIFY(!ini.contains("gr@fana") && !ini.contains("SW2Y") && ini.contains("http_port = 3000"));
    const QByteArray broken = mask.mask("a: [\npassword: open-sesame\n");
    QVERIFY(!broken.contains("sesame"));
    const QByteArray key = mask.mask("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\n");
    QVERIFY(!key.contains("MIIabc"));
}

void TestConfigDiff::hidesByValueEverywhere()
{
    const SecretMask mask({{u"t"_s, "p@ss/word"}, {u"short"_s, "ab"}});
    QCOMPARE(mask.maskValues(u"GET /?t=p%40ss%2Fword failed for p@ss/word, ab"_s), u"GET /?t=<secret:t> failed for <secret:t>, ab"_s);
}

PROMDECK_TEST_MAIN(TestConfigDiff)
#include "tst_configdiff.moc"
