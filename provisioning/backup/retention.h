#pragma once

#include <QString>
#include <QStringList>
#include <QTimeZone>

#include <vector>

namespace Promdeck::Backup {

/// A span as "2y5m7d3h": years, months, days, hours.
struct Within
{
    int years = 0;
    int months = 0;
    int days = 0;
    int hours = 0;
    [[nodiscard]] bool isZero() const { return years == 0 && months == 0 && days == 0 && hours == 0; }
    bool operator==(const Within&) const = default;
};

/// Reads "2y5m7d3h"; false for anything else, an empty text included.
[[nodiscard]] bool parseWithin(const QString& text, Within& out);

/// What to keep. The rules are OR-ed; each counts for itself. Semantics as restic 0.14's `forget` has them (compared with
/// it in tests/data/backup): newest first, per rule the newest of each hour, day, ISO week, month or year until the
/// number is used up; "within" counts back from the newest backup that is not in the future.
struct RetentionPolicy
{
    int last = 0;
    int hourly = 0;
    int daily = 0;
    int weekly = 0;
    int monthly = 0;
    int yearly = 0;
    Within within {};
    std::vector<QStringList> tags {}; ///< a backup that has all tags of one list is kept
    [[nodiscard]] bool isEmpty() const;
    /// Last 3, daily 7, weekly 5, monthly 12.
    [[nodiscard]] static RetentionPolicy standard();
};

struct RetentionItem
{
    QString id;
    QString group;        ///< host and stack; each group is treated by itself
    qint64 timeMs = 0;
    QStringList tags {};
    bool verified = true; ///< has been read completely and found right
};

struct RetentionDecision
{
    QString id;
    bool keep = true;
    QStringList reasons; ///< why it is kept ("daily snapshot"), never empty for those
};

/// Decides about every item; the order is that of the items. Beyond the rules are kept: all in a group that the
/// policy would empty; what lies in the future of `nowMs`; and, until a newer one of the group is verified, each group's
/// newest verified backup and everything newer. An empty policy keeps all.
/// Calendar boundaries are those of `zone`.
[[nodiscard]] std::vector<RetentionDecision> decideRetention(const std::vector<RetentionItem>& items,
                                                             const RetentionPolicy& policy, qint64 nowMs,
                                                             const QTimeZone& zone);

} // namespace Promdeck::Backup
