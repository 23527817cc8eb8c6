#include "models/config/alertmanager/muting.h"
#include "models/config/configtext.h"

#include <QTimeZone>

#include <algorithm>
#include <charconv>

namespace Promdeck::Config {

namespace {

constexpr std::string_view kWeekdays[] {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
constexpr std::string_view kMonths[] {"january", "february", "march",     "april",   "may",      "june",
                                      "july",    "august",   "september", "october", "november", "december"};

int numberOf(std::string_view text)
{
    int value = 0;
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

template <std::size_t N>
int placeOf(const std::string& word, const std::string_view (&names)[N], int first)
{
    const auto found = std::find(std::begin(names), std::end(names), word);
    return found == std::end(names) ? numberOf(word) : int(found - std::begin(names)) + first;
}

/// "a:b" or "a", lower case.
std::pair<std::string, std::string> endsOf(const std::string& text)
{
    const std::string value = lower(text);
    const std::size_t colon = value.find(':');
    return {value.substr(0, colon), colon == std::string::npos ? value : value.substr(colon + 1)};
}

/// A list that is there, as ranges; nothing where the key is absent.
template <typename Range, typename Read>
std::optional<std::vector<Range>> rangesOf(const StructView& view, const char* key, const Read& read)
{
    if (!view.has(key))
        return {};
    std::vector<Range> out;
    for (const FoundValue& item : view.listAt(key)) {
        const auto [first, last] = endsOf(item.node->value);
        out.push_back({read(first), read(last)});
    }
    return out;
}

bool matchesAll(const std::vector<Matcher>& matchers, const AlertLabels& labels)
{
    return std::all_of(matchers.begin(), matchers.end(), [&labels](const Matcher& matcher) {
        const auto found = labels.find(matcher.name);
        return matcher.matches(found == labels.end() ? std::string_view() : std::string_view(found->second));
    });
}

std::vector<Matcher> matchersOf(const StructView& view, const char* list, const char* map, const char* expressions)
{
    std::vector<Matcher> out;
    for (const auto& [key, op] : {std::pair(map, Matcher::Op::Equal), std::pair(expressions, Matcher::Op::Regexp)}) {
        if (const FoundValue* found = view.find(key); found && found->node->isMapping()) {
            for (const YamlEntry& entry : MapEntries(*found->node, view.dialect)) {
                if (entry.key->isScalar() && entry.value->isScalar())
                    out.push_back({op, entry.key->value, entry.value->value});
            }
        }
    }
    for (const FoundValue& text : view.listAt(list)) {
        MatcherResult parsed = parseMatchers(text.node->value, MatcherMode::Fallback);
        std::move(parsed.matchers.begin(), parsed.matchers.end(), std::back_inserter(out));
    }
    return out;
}

} // namespace

bool TimeInterval::Part::contains(const QDateTime& time) const
{
    const QDateTime local = time.toTimeZone(zone.isEmpty() ? QTimeZone::utc() : QTimeZone(zone));
    const QDate date = local.date();
    const auto holds = [](const std::optional<Ranges>& ranges, const auto& inside) {
        return !ranges || std::any_of(ranges->begin(), ranges->end(), inside);
    };
    const int minute = local.time().hour() * 60 + local.time().minute();
    const int length = date.daysInMonth();
    return holds(minutes, [minute](const Range& one) { return minute >= one.begin && minute < one.end; })
        && holds(days,
                 [&](const Range& one) {
                     const int first = one.begin < 0 ? length + one.begin + 1 : one.begin;
                     const int last = one.end < 0 ? length + one.end + 1 : one.end;
                     return first <= length && Range {first, std::min(last, length)}.has(date.day());
                 })
        && holds(months, [&](const Range& one) { return one.has(date.month()); })
        && holds(weekdays, [&](const Range& one) { return one.has(date.dayOfWeek() % 7); })
        && holds(years, [&](const Range& one) { return one.has(date.year()); });
}

TimeInterval::Part TimeInterval::partOf(const StructView& view)
{
    Part part;
    if (view.has("times")) {
        part.minutes.emplace();
        const auto minuteOf = [](const std::string& text) { return numberOf(text.substr(0, 2)) * 60 + numberOf(text.substr(std::min<std::size_t>(3, text.size()))); };
        for (const StructView& range : view.structsAt("times"))
            part.minutes->push_back({minuteOf(range.string("start_time")), minuteOf(range.string("end_time"))});
    }
    part.weekdays = rangesOf<Range>(view, "weekdays", [](const std::string& word) { return placeOf(word, kWeekdays, 0); });
    part.months = rangesOf<Range>(view, "months", [](const std::string& word) { return placeOf(word, kMonths, 1); });
    part.days = rangesOf<Range>(view, "days_of_month", [](const std::string& word) { return numberOf(word); });
    part.years = rangesOf<Range>(view, "years", [](const std::string& word) { return numberOf(word); });
    part.zone = QByteArray::fromStdString(view.string("location"));
    if (part.zone == "UTC")
        part.zone.clear();
    else if (part.zone == "Local")
        part.zone = QTimeZone::systemTimeZoneId();
    return part;
}

TimeInterval TimeInterval::from(const StructView& view)
{
    TimeInterval interval;
    interval.m_name = view.string("name");
    for (const StructView& part : view.structsAt("time_intervals"))
        interval.m_parts.push_back(partOf(part));
    return interval;
}

bool TimeInterval::contains(const QDateTime& time) const
{
    return std::any_of(m_parts.begin(), m_parts.end(), [&time](const Part& part) { return part.contains(time); });
}

std::vector<TimeInterval> timeIntervalsOf(const StructView& config)
{
    std::vector<TimeInterval> out;
    for (const char* key : {"mute_time_intervals", "time_intervals"}) {
        for (const StructView& view : config.structsAt(key))
            out.push_back(TimeInterval::from(view));
    }
    return out;
}

RouteMute muteOf(const Route& route, const std::vector<TimeInterval>& intervals, const QDateTime& time)
{
    const auto holds = [&](const std::string& name) {
        return std::any_of(intervals.begin(), intervals.end(), [&](const TimeInterval& one) { return one.name() == name && one.contains(time); });
    };
    RouteMute mute;
    const auto& active = route.activeTimeIntervals;
    if (!active.empty() && std::none_of(active.begin(), active.end(), holds)) {
        mute.isMuted = true;
        mute.isInactive = true;
        mute.intervals = active;
        return mute;
    }
    std::copy_if(route.muteTimeIntervals.begin(), route.muteTimeIntervals.end(), std::back_inserter(mute.intervals), holds);
    mute.isMuted = !mute.intervals.empty();
    return mute;
}

const AlertLabels* InhibitRule::inhibitor(const AlertLabels& alert, const std::vector<AlertLabels>& firing) const
{
    if (!matchesAll(target, alert))
        return nullptr;
    const bool bothSides = matchesAll(source, alert);
    const auto valueOf = [](const AlertLabels& labels, const std::string& name) {
        const auto found = labels.find(name);
        return found == labels.end() ? std::string() : found->second;
    };
    for (const AlertLabels& other : firing) {
        const bool same = std::all_of(equal.begin(), equal.end(), [&](const std::string& name) { return valueOf(alert, name) == valueOf(other, name); });
        if (same && matchesAll(source, other) && !(bothSides && matchesAll(target, other)))
            return &other;
    }
    return nullptr;
}

std::vector<InhibitRule> inhibitRulesOf(const StructView& config)
{
    std::vector<InhibitRule> out;
    for (const StructView& view : config.structsAt("inhibit_rules")) {
        InhibitRule rule;
        rule.source = matchersOf(view, "source_matchers", "source_match", "source_match_re");
        rule.target = matchersOf(view, "target_matchers", "target_match", "target_match_re");
        for (const FoundValue& label : view.listAt("equal"))
            rule.equal.push_back(label.node->value);
        rule.span = view.span;
        out.push_back(std::move(rule));
    }
    return out;
}

} // namespace Promdeck::Config
