#include "provisioning/backup/retention.h"

#include <QDateTime>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

/// One "keep the newest of each X" rule while it is being applied.
struct Bucket
{
    int left = 0;
    int (*keyOf)(const QDateTime&, int number) = nullptr;
    QString reason;
    int last = -1;
};

int weekKey(const QDateTime& time, int)
{
    int year = 0;
    const int week = time.date().weekNumber(&year);
    return year * 100 + week;
}

std::array<Bucket, 6> bucketsOf(const RetentionPolicy& policy)
{
    return {Bucket {policy.last, [](const QDateTime&, int number) { return number; }, u"last"_s},
            Bucket {policy.hourly, [](const QDateTime& t, int) { return int(t.date().toJulianDay() - 2000000) * 24 + t.time().hour(); }, u"hourly"_s},
            Bucket {policy.daily, [](const QDateTime& t, int) { return int(t.date().toJulianDay()); }, u"daily"_s},
            Bucket {policy.weekly, &weekKey, u"weekly"_s},
            Bucket {policy.monthly, [](const QDateTime& t, int) { return t.date().year() * 100 + t.date().month(); }, u"monthly"_s},
            Bucket {policy.yearly, [](const QDateTime& t, int) { return t.date().year(); }, u"yearly"_s}};
}

QDateTime before(const QDateTime& time, const Within& span)
{
    // All of the calendar at once, and what lies outside of a month runs over into the next (the 31st of April is the
    // first of May).
    const QDate date = time.date();
    int month = date.month() - 1 - span.months;
    int year = date.year() - span.years;
    while (month < 0) {
        month += 12;
        --year;
    }
    const QDate first(year, month + 1, 1);
    return QDateTime(first.addDays(date.day() - 1 - span.days), time.time(), time.timeZone()).addSecs(-3600LL * span.hours);
}

bool hasTags(const QStringList& has, const QStringList& wanted)
{
    return !wanted.isEmpty() && std::all_of(wanted.begin(), wanted.end(), [&](const QString& tag) { return has.contains(tag); });
}

struct Entry
{
    const RetentionItem* item = nullptr;
    RetentionDecision* decision = nullptr;
};

void keep(const Entry& entry, const QString& reason)
{
    entry.decision->keep = true;
    entry.decision->reasons << reason;
}

void applyRules(const std::vector<Entry>& newestFirst, const RetentionPolicy& policy, qint64 nowMs, const QTimeZone& zone)
{
    std::array<Bucket, 6> buckets = bucketsOf(policy);
    const auto latest = std::find_if(newestFirst.begin(), newestFirst.end(), [&](const Entry& entry) { return entry.item->timeMs < nowMs; });
    int number = 0;
    for (const Entry& entry : newestFirst) {
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(entry.item->timeMs, zone);
        for (const QStringList& tags : policy.tags) {
            if (hasTags(entry.item->tags, tags))
                keep(entry, u"has tags "_s + tags.join(u", "_s));
        }
        if (!policy.within.isZero() && latest != newestFirst.end()
            && time > before(QDateTime::fromMSecsSinceEpoch(latest->item->timeMs, zone), policy.within))
            keep(entry, u"within the span"_s);
        for (Bucket& bucket : buckets) {
            const int key = bucket.left > 0 ? bucket.keyOf(time, number) : bucket.last;
            if (key == bucket.last)
                continue;
            bucket.last = key;
            --bucket.left;
            keep(entry, bucket.reason);
        }
        ++number;
    }
}

/// What the rules do not know: backups are kept for the day on which one is needed.
void protect(const std::vector<Entry>& newestFirst, qint64 nowMs)
{
    for (const Entry& entry : newestFirst) {
        if (!entry.decision->keep && entry.item->timeMs > nowMs)
            keep(entry, u"dated in the future"_s);
    }
    // Everything from the newest verified one on.
    for (const Entry& entry : newestFirst) {
        if (!entry.decision->keep)
            keep(entry, entry.item->verified ? u"newest verified backup"_s : u"no newer one is verified"_s);
        if (entry.item->verified)
            break;
    }
}

void decideGroup(const std::vector<Entry>& newestFirst, const RetentionPolicy& policy, qint64 nowMs, const QTimeZone& zone)
{
    for (const Entry& entry : newestFirst)
        entry.decision->keep = false;
    applyRules(newestFirst, policy, nowMs, zone);
    if (std::none_of(newestFirst.begin(), newestFirst.end(), [](const Entry& entry) { return entry.decision->keep; })) {
        for (const Entry& entry : newestFirst)
            keep(entry, u"the rules would empty the group"_s);
    }
    protect(newestFirst, nowMs);
}

} // namespace

bool parseWithin(const QString& text, Within& out)
{
    static const QRegularExpression form(u"^(?:(\\d{1,4})y)?(?:(\\d{1,5})m)?(?:(\\d{1,6})d)?(?:(\\d{1,7})h)?$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (text.isEmpty() || !match.hasMatch())
        return false;
    out = {match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt(), match.captured(4).toInt()};
    return true;
}

bool RetentionPolicy::isEmpty() const
{
    return last <= 0 && hourly <= 0 && daily <= 0 && weekly <= 0 && monthly <= 0 && yearly <= 0 && within.isZero() && tags.empty();
}

RetentionPolicy RetentionPolicy::standard()
{
    RetentionPolicy policy;
    policy.last = 3;
    policy.daily = 7;
    policy.weekly = 5;
    policy.monthly = 12;
    return policy;
}

std::vector<RetentionDecision> decideRetention(const std::vector<RetentionItem>& items, const RetentionPolicy& policy,
                                               qint64 nowMs, const QTimeZone& zone)
{
    std::vector<RetentionDecision> decisions;
    decisions.reserve(items.size());
    for (const RetentionItem& item : items)
        decisions.push_back({item.id, true, {}});
    if (policy.isEmpty()) {
        for (RetentionDecision& decision : decisions)
            decision.reasons << u"there are no rules"_s;
        return decisions;
    }
    QMap<QString, std::vector<Entry>> groups;
    for (size_t i = 0; i < items.size(); ++i)
        groups[items[i].group].push_back({&items[i], &decisions[i]});
    for (std::vector<Entry>& group : groups) {
        std::stable_sort(group.begin(), group.end(), [](const Entry& a, const Entry& b) { return a.item->timeMs > b.item->timeMs; });
        decideGroup(group, policy, nowMs, zone);
    }
    return decisions;
}

} // namespace Promdeck::Backup
