// Three versions of a file, chains of audit lines, the order of a rollout.
#include "models/core/json.h"
#include "provisioning/deploy/audit.h"
#include "provisioning/deploy/drift.h"
#include "provisioning/deploy/fleet.h"
#include "tests/support/testsupport.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <thread>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Qt::StringLiterals;

class TestDrift final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void merges_data();
    void merges();
    void mergeOfOneSideIsThatSide();
    void auditChainShowsEveryChange();
    void auditTakesManyWriters();
    void batches_data();
    void batches();
    void secretsComeOutOfAdoptedFiles();
};

void TestDrift::merges_data()
{
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QByteArray>("mine");
    QTest::addColumn<QByteArray>("theirs");
    QTest::addColumn<QByteArray>("merged");
    QTest::addColumn<int>("conflicts");
    QTest::newRow("both, apart") << QByteArray("a\nb\nc\nd\n") << QByteArray("A\nb\nc\nd\n") << QByteArray("a\nb\nc\nD\n") << QByteArray("A\nb\nc\nD\n") << 0;
    QTest::newRow("the same") << QByteArray("a\nb\n") << QByteArray("x\nb\n") << QByteArray("x\nb\n") << QByteArray("x\nb\n") << 0;
    QTest::newRow("the same line") << QByteArray("a\nb\nc\n") << QByteArray("a\nM\nc\n") << QByteArray("a\nT\nc\n")
                                   << QByteArray("a\n<<<<<<< workspace\nM\n=======\nT\n>>>>>>> host\nc\n") << 1;
    QTest::newRow("added at both ends") << QByteArray("a\n") << QByteArray("m\na\n") << QByteArray("a\nt\n") << QByteArray("m\na\nt\n") << 0;
    QTest::newRow("removed and kept") << QByteArray("a\nb\nc\n") << QByteArray("a\nc\n") << QByteArray("a\nb\nc\nd\n") << QByteArray("a\nc\nd\n") << 0;
    QTest::newRow("no common past") << QByteArray() << QByteArray("m\n") << QByteArray("t\n") << QByteArray("<<<<<<< workspace\nm\n=======\nt\n>>>>>>> host\n") << 1;
    QTest::newRow("no line end") << QByteArray("a\nb") << QByteArray("a\nb") << QByteArray("a\nc") << QByteArray("a\nc") << 0;
}

void TestDrift::merges()
{
    QFETCH(const QByteArray, base);
    QFETCH(const QByteArray, mine);
    QFETCH(const QByteArray, theirs);
    QFETCH(const int, conflicts);
    const Merged merged = mergeThreeWay(base, mine, theirs);
    QTEST(merged.text, "merged");
    QCOMPARE(merged.conflicts, conflicts);
}

void TestDrift::mergeOfOneSideIsThatSide()
{
    QRandomGenerator random(11);
    const auto text = [&random] {
        QByteArray out;
        for (int i = 0; i < int(random.bounded(25)); ++i)
            out += char('a' + random.bounded(5)) + QByteArray("\n");
        return out;
    };
    for (int i = 0; i < 300; ++i) {
        const QByteArray base = text();
        const QByteArray other = text();
        QCOMPARE(mergeThreeWay(base, other, base).text, other);
        QCOMPARE(mergeThreeWay(base, base, other).text, other);
        QCOMPARE(mergeThreeWay(base, other, other).text, other);
    }
}

void TestDrift::auditChainShowsEveryChange()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"audit/log.jsonl"_s);
    for (int i = 0; i < 6; ++i)
        QVERIFY_RESULT(appendAudit(path, Json::object({{u"what"_s, u"entry %1 \"quoted\"\n"_s.arg(i)}}), 1700000000 + i));
    const QByteArray log = Testing::readFile(path);
    const AuditVerdict whole = verifyAudit(log);
    QVERIFY2(whole.ok(), qPrintable(whole.reason));
    QCOMPARE(whole.entries, 6);
    QRandomGenerator random(3);
    for (int round = 0; round < 200; ++round) {
        QByteArray changed = log;
        const qsizetype at = qsizetype(random.bounded(quint32(changed.lastIndexOf('\n', -2)))); // not of the last line, which nothing follows
        changed[at] = char(changed[at] ^ (1 << random.bounded(7)));
        QVERIFY(!verifyAudit(changed).ok());
    }
    const QList<QByteArray> lines = log.split('\n');
    QByteArray shorter = lines.mid(0, 2).join('\n') + '\n' + lines.mid(3).join('\n');
    QVERIFY(!verifyAudit(shorter).ok());
    // Lines missing at the end show only by what was seen before.
    shorter = lines.mid(0, 4).join('\n') + '\n';
    QVERIFY(verifyAudit(shorter).ok());
    QVERIFY(!verifyAudit(shorter, whole.head).ok());
    QVERIFY(verifyAudit(log, verifyAudit(shorter).head).ok());
}

void TestDrift::auditTakesManyWriters()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"log.jsonl"_s);
    {
        std::vector<std::jthread> writers;
        for (int w = 0; w < 4; ++w) {
            writers.emplace_back([&path, w] {
                for (int i = 0; i < 10; ++i)
                    (void)appendAudit(path, Json::object({{u"writer"_s, w}}), 1);
            });
        }
    }
    const AuditVerdict verdict = verifyAudit(Testing::readFile(path));
    QVERIFY2(verdict.ok(), qPrintable(verdict.reason));
    QCOMPARE(verdict.entries, 40);
}

void TestDrift::batches_data()
{
    QTest::addColumn<QStringList>("hosts");
    QTest::addColumn<QStringList>("canary");
    QTest::addColumn<int>("percent");
    QTest::addColumn<int>("size");
    QTest::addColumn<QStringList>("pairs");
    QTest::addColumn<QString>("expected");
    const QStringList eight {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s, u"f"_s, u"g"_s, u"h"_s};
    QTest::newRow("alone") << QStringList {u"a"_s} << QStringList() << 0 << 0 << QStringList() << u"a"_s;
    QTest::newRow("canary, a quarter, the rest") << eight << QStringList() << 0 << 0 << QStringList() << u"a|bc|defgh"_s;
    QTest::newRow("given share") << eight << QStringList() << 50 << 0 << QStringList() << u"a|bcde|fgh"_s;
    QTest::newRow("given number, canary") << eight << QStringList {u"c"_s, u"d"_s} << 0 << 3 << QStringList() << u"cd|abe|fgh"_s;
    QTest::newRow("pairs apart") << eight << QStringList() << 100 << 0 << QStringList {u"bc"_s, u"gh"_s} << u"a|bdefg|ch"_s;
    QTest::newRow("pair as canaries") << QStringList {u"a"_s, u"b"_s} << QStringList {u"a"_s, u"b"_s} << 100 << 0 << QStringList {u"ab"_s} << u"a|b"_s;
}

void TestDrift::batches()
{
    QFETCH(const QStringList, hosts);
    QFETCH(const QStringList, canary);
    QFETCH(const int, percent);
    QFETCH(const int, size);
    QFETCH(const QStringList, pairs);
    Workspace workspace;
    workspace.rollout.canary = canary;
    workspace.rollout.batchPercent = percent;
    workspace.rollout.batchHosts = size;
    for (const QString& pair : pairs)
        workspace.haPairs.push_back({pair.left(1), pair.mid(1)});
    QStringList words;
    for (const QStringList& batch : rolloutBatches(workspace, hosts))
        words << batch.join(QString());
    QTEST(words.join(u'|'), "expected");
}

void TestDrift::secretsComeOutOfAdoptedFiles()
{
    const QByteArray original = "global:\n  smtp_auth_password: 'it is \"mine\"'\nreceivers:\n- name: a\n  slack_configs:\n  - api_url: https://hooks/x\n  - api_url: https://hooks/x\n"
                                "  webhook_configs:\n  - http_config: {basic_auth: {username: u, password: \"a\\tb\"}}\n";
    QByteArray text = original;
    SecretValues secrets;
    QCOMPARE(extractSecrets(text, u"am"_s, secrets), 1); // the escaped one
    QVERIFY(text.contains("smtp_auth_password: '<secret:am_smtp_auth_password>'"));
    QCOMPARE(text.count("<secret:am_api_url>"), 2); // the same value has one name
    QCOMPARE(secrets.size(), std::size_t(2));
    const Result<QByteArray> back = insertSecrets(text, secrets);
    QVERIFY_RESULT(back);
    QCOMPARE(*back, original);
}

PROMDECK_TEST_MAIN(TestDrift)
#include "tst_drift.moc"
