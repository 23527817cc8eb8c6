#include "models/config/templates/templatefunctions.h"

#include <cstdlib>

namespace Promdeck::Config {

namespace {

using Args = std::vector<GoValue>;
using Functions = std::map<std::string, GoFunction, std::less<>>;

GoValue text(std::string value)
{
    return GoValue::string(std::move(value));
}

GoValue pairsOf(const GoValue& kv)
{
    GoValue::Items items;
    for (auto& [name, value] : sortedPairsOf(kv))
        items.push_back(GoValue::record({{"Name", text(name)}, {"Value", text(value)}}, "template.Pair"));
    return GoValue::list(std::move(items), "template.Pair", "template.Pairs");
}

GoValue column(const GoValue& pairs, const char* field)
{
    GoValue::Items items;
    for (const GoValue& pair : pairs.items())
        items.push_back(*pair.field(field));
    return GoValue::list(std::move(items), "string");
}

GoValue removed(const Args& args, const GoCall&)
{
    GoValue::Map map = args[0].entries();
    for (const GoValue& name : args[1].items())
        map.erase(name.toString());
    return GoValue::map(std::move(map), "string", "template.KV");
}

GoValue alertsWith(const GoValue& alerts, const char* status)
{
    GoValue::Items items;
    for (const GoValue& alert : alerts.items()) {
        const GoValue* own = alert.field("Status");
        if (own && own->toString() == status)
            items.push_back(alert);
    }
    return GoValue::list(std::move(items), "template.Alert");
}

const GoFunction* methodIn(const Functions& methods, std::string_view name)
{
    const auto found = methods.find(name);
    return found == methods.end() ? nullptr : &found->second;
}

template <typename Get>
GoFunction timePart(Get get)
{
    return {{}, false, [get](const Args& a, const GoCall&) { return GoValue::integer(get(civilOf(a[0].toTime()))); }};
}

Functions timeMethods()
{
    using P = GoParam;
    Functions all;
    all["Format"] = {{P::String}, false, [](const Args& a, const GoCall&) { return text(formatTime(a[0].toTime(), a[1].toString())); }};
    all["String"] = {{}, false, [](const Args& a, const GoCall&) { return text(printTime(a[0].toTime())); }};
    all["Unix"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(a[0].toTime().seconds, "int64"); }};
    all["UnixMilli"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(a[0].toTime().toMs(), "int64"); }};
    all["UnixMicro"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(a[0].toTime().seconds * 1000000 + a[0].toTime().nanoseconds / 1000, "int64"); }};
    all["UnixNano"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(a[0].toTime().minus(GoTime::fromMs(0)), "int64"); }};
    all["Nanosecond"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(a[0].toTime().nanoseconds); }};
    all["Year"] = timePart([](const GoCivil& c) { return c.year; });
    all["Day"] = timePart([](const GoCivil& c) { return c.day; });
    all["Hour"] = timePart([](const GoCivil& c) { return c.hour; });
    all["Minute"] = timePart([](const GoCivil& c) { return c.minute; });
    all["Second"] = timePart([](const GoCivil& c) { return c.second; });
    all["YearDay"] = timePart([](const GoCivil& c) { return c.yearDay; });
    all["Month"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(civilOf(a[0].toTime()).month, "time.Month"); }};
    all["Weekday"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::integer(civilOf(a[0].toTime()).weekday, "time.Weekday"); }};
    all["UTC"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::time(a[0].toTime().utc()); }};
    all["Local"] = {{}, false, [](const Args& a, const GoCall&) { return a[0]; }};
    all["IsZero"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(a[0].toTime().isZero()); }};
    all["Add"] = {{P::Duration}, false, [](const Args& a, const GoCall&) { return GoValue::time(a[0].toTime().plus(a[1].toInt())); }};
    all["Sub"] = {{P::Time}, false, [](const Args& a, const GoCall&) { return GoValue::duration(a[0].toTime().minus(a[1].toTime())); }};
    all["Before"] = {{P::Time}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(a[0].toTime().minus(a[1].toTime()) < 0); }};
    all["After"] = {{P::Time}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(a[0].toTime().minus(a[1].toTime()) > 0); }};
    all["Equal"] = {{P::Time}, false, [](const Args& a, const GoCall&) { return GoValue::boolean(a[0].toTime().minus(a[1].toTime()) == 0); }};
    all["AddDate"] = {{P::Int, P::Int, P::Int}, false, [](const Args& a, const GoCall&) {
        GoTime time = a[0].toTime();
        const GoCivil c = civilOf(time);
        time.seconds = secondsOf(c.year + a[1].toInt(), int(c.month + a[2].toInt()), int(c.day + a[3].toInt()), c.hour, c.minute, c.second) - time.offset;
        return GoValue::time(time);
    }};
    all["Truncate"] = {{P::Duration}, false, [](const Args& a, const GoCall&) {
        GoTime time = a[0].toTime();
        const std::int64_t unit = a[1].toInt();
        if (unit <= 0)
            return a[0];
        // Counted from Go's zero time.
        constexpr std::int64_t second = 1000000000;
        std::int64_t rest = 0;
        if (unit % second == 0)
            rest = (time.seconds + 62135596800) % (unit / second) * second + time.nanoseconds;
        else if (second % unit == 0)
            rest = time.nanoseconds % unit;
        return GoValue::time(time.plus(-rest));
    }};
    return all;
}

Functions durationMethods()
{
    Functions all;
    const auto real = [](double unit) {
        return GoFunction {{}, false, [unit](const Args& a, const GoCall&) { return GoValue::number(double(a[0].toInt()) / unit); }};
    };
    const auto whole = [](std::int64_t unit) {
        return GoFunction {{}, false, [unit](const Args& a, const GoCall&) { return GoValue::integer(a[0].toInt() / unit, "int64"); }};
    };
    all["String"] = {{}, false, [](const Args& a, const GoCall&) { return text(printDuration(a[0].toInt())); }};
    all["Seconds"] = real(1e9);
    all["Minutes"] = real(60e9);
    all["Hours"] = real(3600e9);
    all["Milliseconds"] = whole(1000000);
    all["Microseconds"] = whole(1000);
    all["Nanoseconds"] = whole(1);
    all["Abs"] = {{}, false, [](const Args& a, const GoCall&) { return GoValue::duration(std::abs(a[0].toInt())); }};
    all["Truncate"] = {{GoParam::Duration}, false, [](const Args& a, const GoCall&) {
        const std::int64_t unit = a[1].toInt();
        return unit <= 0 ? a[0] : GoValue::duration(a[0].toInt() - a[0].toInt() % unit);
    }};
    all["Round"] = {{GoParam::Duration}, false, [](const Args& a, const GoCall&) {
        const std::int64_t unit = a[1].toInt();
        if (unit <= 0)
            return a[0];
        const std::int64_t rest = a[0].toInt() % unit;
        const std::int64_t size = std::abs(rest);
        const std::int64_t cut = a[0].toInt() - rest;
        return GoValue::duration(size >= unit - size ? cut + (rest < 0 ? -unit : unit) : cut);
    }};
    return all;
}

} // namespace

const GoFunction* findMethod(const std::string& type, std::string_view name)
{
    using P = GoParam;
    static const std::map<std::string, Functions, std::less<>> types = [] {
        std::map<std::string, Functions, std::less<>> all;
        Functions& kv = all["template.KV"];
        kv["SortedPairs"] = {{}, false, [](const Args& a, const GoCall&) { return pairsOf(a[0]); }};
        kv["Names"] = {{}, false, [](const Args& a, const GoCall&) { return column(pairsOf(a[0]), "Name"); }};
        kv["Values"] = {{}, false, [](const Args& a, const GoCall&) { return column(pairsOf(a[0]), "Value"); }};
        kv["Remove"] = {{P::Strings}, false, removed};
        kv["String"] = {{}, false, [](const Args& a, const GoCall&) { return text(GoFormat(true).print(a[0])); }};
        Functions& pairs = all["template.Pairs"];
        pairs["Names"] = {{}, false, [](const Args& a, const GoCall&) { return column(a[0], "Name"); }};
        pairs["Values"] = {{}, false, [](const Args& a, const GoCall&) { return column(a[0], "Value"); }};
        pairs["String"] = kv["String"];
        Functions& alerts = all["template.Alerts"];
        alerts["Firing"] = {{}, false, [](const Args& a, const GoCall&) { return alertsWith(a[0], "firing"); }};
        alerts["Resolved"] = {{}, false, [](const Args& a, const GoCall&) { return alertsWith(a[0], "resolved"); }};
        all["time.Time"] = timeMethods();
        all["time.Duration"] = durationMethods();
        const GoFunction printed {{}, false, [](const Args& a, const GoCall& c) { return text(c.format.print(a[0])); }};
        all["time.Month"]["String"] = printed;
        all["time.Weekday"]["String"] = printed;
        return all;
    }();
    const auto found = types.find(type);
    return found == types.end() ? nullptr : methodIn(found->second, name);
}

} // namespace Promdeck::Config
