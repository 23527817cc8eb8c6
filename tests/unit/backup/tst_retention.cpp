#include "provisioning/backup/retention.h"
#include "tests/support/testsupport.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QSet>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kDay = 86400000;

qint64 at(const QString& iso)
{
    return QDateTime::fromString(iso, Qt::ISODate).toMSecsSinceEpoch();
}

RetentionPolicy policyFrom(const Json& words)
{
    RetentionPolicy policy;
    for (qsizetype i = 0; i + 1 < words.size(); i += 2) {
        const QString name = words.at(i).toString().mid(7);
        const QString value = words.at(i + 1).toString();
        const std::map<QString, int*> counts {{u"last"_s, &policy.last}, {u"hourly"_s, &policy.hourly}, {u"daily"_s, &policy.daily},
                                              {u"weekly"_s, &policy.weekly}, {u"monthly"_s, &policy.monthly}, {u"yearly"_s, &policy.yearly}};
        if (const auto count = counts.find(name); count != counts.end())
            *count->second = value.toInt();
        else if (name == u"tag")
            policy.tags.push_back(value.split(u','));
        else if (!parseWithin(value, policy.within))
            QTest::qFail("unknown policy", __FILE__, __LINE__);
    }
    return policy;
}

std::vector<RetentionDecision> decide(const std::vector<RetentionItem>& items, const RetentionPolicy& policy, qint64 nowMs)
{
    return decideRetention(items, policy, nowMs, QTimeZone::utc());
}

QStringList kept(const std::vector<RetentionDecision>& decisions)
{
    QStringList ids;
    for (const RetentionDecision& decision : decisions) {
        if (decision.keep)
            ids << decision.id;
    }
    return ids;
}

} // namespace

class TestRetention final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatResticKeeps();
    void neverEmptiesAGroup();
    void waitsForAVerifiedOne();
    void leavesTheFutureAlone();
    void treatsGroupsByThemselves();
    void saysWhy();
    void holdsItsProperties();
    void readsSpans();
};

/// The answers of restic itself (tests/data/backup/make_restic_forget.py).
void TestRetention::keepsWhatResticKeeps()
{
    const Json data = readJson(dataFile(u"backup/restic-forget.json"_s));
    std::vector<RetentionItem> items;
    for (const Json& snapshot : data[u"snapshots"].items()) {
        QStringList tags;
        for (const Json& tag : snapshot[u"tags"].items())
            tags << tag.toString();
        const QString time = snapshot[u"time"].toString();
        items.push_back({time, u"h"_s, at(time), tags, true});
    }
    QVERIFY(items.size() > 50 && data[u"cases"].size() > 20);
    for (const Json& test : data[u"cases"].items()) {
        QStringList expected;
        for (const Json& time : test[u"keep"].items())
            expected << time.toString();
        QStringList ours;
        for (const RetentionDecision& decision : decide(items, policyFrom(test[u"policy"]), at(u"2026-11-01T00:00:00Z"_s))) {
            // What we keep for safety beyond the rules is said as such.
            if (decision.keep && decision.reasons != QStringList {u"newest verified backup"_s})
                ours << decision.id;
        }
        ours.sort();
        QVERIFY2(ours == expected, qPrintable(QString::fromUtf8(test[u"policy"].toUtf8()) + u"\nours   "_s + ours.join(u' ') + u"\nrestic "_s + expected.join(u' ')));
    }
}

void TestRetention::neverEmptiesAGroup()
{
    const std::vector<RetentionItem> items {{u"a"_s, u"g"_s, 1 * kDay, {}, true}, {u"b"_s, u"g"_s, 2 * kDay, {}, true}};
    RetentionPolicy policy;
    policy.tags = {{u"gold"_s}};
    QCOMPARE(kept(decide(items, policy, 9 * kDay)), QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(kept(decide(items, {}, 9 * kDay)), QStringList({u"a"_s, u"b"_s}));
    QVERIFY(decide({}, policy, 0).empty());
}

void TestRetention::waitsForAVerifiedOne()
{
    RetentionPolicy policy;
    policy.last = 1;
    std::vector<RetentionItem> items {{u"old"_s, u"g"_s, 1 * kDay, {}, true}, {u"good"_s, u"g"_s, 2 * kDay, {}, true},
                                      {u"new"_s, u"g"_s, 3 * kDay, {}, false}, {u"newest"_s, u"g"_s, 4 * kDay, {}, false}};
    QCOMPARE(kept(decide(items, policy, 9 * kDay)), QStringList({u"good"_s, u"new"_s, u"newest"_s}));
    items[3].verified = true;
    QCOMPARE(kept(decide(items, policy, 9 * kDay)), QStringList({u"newest"_s}));
    for (RetentionItem& item : items)
        item.verified = false;
    QCOMPARE(kept(decide(items, policy, 9 * kDay)).size(), 4);
}

void TestRetention::leavesTheFutureAlone()
{
    RetentionPolicy policy;
    policy.within.days = 2;
    const std::vector<RetentionItem> items {{u"old"_s, u"g"_s, 1 * kDay, {}, true}, {u"now"_s, u"g"_s, 10 * kDay, {}, true},
                                            {u"future"_s, u"g"_s, 400 * kDay, {}, true}};
    // The wrong clock of one backup does not make the others old; and it is not removed for it.
    QCOMPARE(kept(decide(items, policy, 11 * kDay)), QStringList({u"now"_s, u"future"_s}));
    policy = {};
    policy.tags = {{u"gold"_s}};
    QCOMPARE(kept(decide(items, policy, 11 * kDay)).size(), 3);
}

void TestRetention::treatsGroupsByThemselves()
{
    RetentionPolicy policy;
    policy.last = 1;
    const std::vector<RetentionItem> items {{u"a1"_s, u"a"_s, 1 * kDay, {}, true}, {u"a2"_s, u"a"_s, 2 * kDay, {}, true},
                                            {u"b1"_s, u"b"_s, 1 * kDay, {}, true}, {u"b2"_s, u"b"_s, 3 * kDay, {}, true}};
    QCOMPARE(kept(decide(items, policy, 9 * kDay)), QStringList({u"a2"_s, u"b2"_s}));
}

void TestRetention::saysWhy()
{
    RetentionPolicy policy;
    policy.last = 1;
    policy.daily = 1;
    const std::vector<RetentionItem> items {{u"a"_s, u"g"_s, 1 * kDay, {}, true}, {u"b"_s, u"g"_s, 2 * kDay, {}, true}};
    const auto decisions = decide(items, policy, 9 * kDay);
    QVERIFY(!decisions[0].keep && decisions[0].reasons.isEmpty());
    QCOMPARE(decisions[1].reasons, QStringList({u"last"_s, u"daily"_s}));
}

/// For any backups and any rules: more rules never keep less, nothing newer than the newest verified one goes, the
/// order of the items does not matter.
void TestRetention::holdsItsProperties()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<RetentionItem> items;
        const int count = random.bounded(1, 40);
        for (int i = 0; i < count; ++i)
            items.push_back({QString::number(i), random.bounded(2) ? u"a"_s : u"b"_s, qint64(random.bounded(400 * 24)) * 3600000 + i,
                             random.bounded(5) ? QStringList() : QStringList {u"gold"_s}, random.bounded(4) != 0});
        RetentionPolicy small;
        small.last = random.bounded(4);
        small.daily = random.bounded(8);
        small.monthly = random.bounded(3);
        small.hourly = small.isEmpty() ? 1 : 0;
        RetentionPolicy large = small;
        large.last += random.bounded(3);
        large.weekly = random.bounded(5);
        large.yearly = random.bounded(3);
        large.tags = {{u"gold"_s}};
        const qint64 now = 500 * kDay;
        const QStringList few = kept(decide(items, small, now));
        const QStringList many = kept(decide(items, large, now));
        for (const QString& id : few)
            QVERIFY2(many.contains(id), qPrintable(id));
        std::vector<RetentionItem> shuffled = items;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        QStringList again = kept(decide(shuffled, small, now));
        QStringList sorted = few;
        again.sort();
        sorted.sort();
        QCOMPARE(again, sorted);
        for (const QString& group : {u"a"_s, u"b"_s}) {
            qint64 newestVerified = -1;
            for (const RetentionItem& item : items) {
                if (item.group == group && item.verified)
                    newestVerified = std::max(newestVerified, item.timeMs);
            }
            for (const RetentionItem& item : items) {
                if (item.group == group && item.timeMs >= newestVerified)
                    QVERIFY(few.contains(item.id));
            }
        }
    }
}

void TestRetention::readsSpans()
{
    Within span;
    QVERIFY(parseWithin(u"1y5m7d3h"_s, span));
    QCOMPARE(span, (Within {1, 5, 7, 3}));
    QVERIFY(parseWithin(u"36h"_s, span));
    QCOMPARE(span, (Within {0, 0, 0, 36}));
    for (const QString& wrong : {u""_s, u"5"_s, u"d"_s, u"5d1y"_s, u"-5d"_s, u"5 d"_s, u"5w"_s})
        QVERIFY2(!parseWithin(wrong, span), qPrintable(wrong));
}

PROMDECK_TEST_MAIN(TestRetention)
#include "tst_retention.moc"
