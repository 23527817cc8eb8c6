#include "models/frame/valueformat.h"

#include "models/core/types.h"
#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/unittable.h"

#include <QDateTime>
#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

using namespace Qt::StringLiterals;

namespace Promdeck {

using Units::Kind;

struct UnitFormat::Rule
{
    Kind kind = Kind::Fixed;
    QString symbol;
    int offset = 0;
    double factor = 1000; ///< between two suffixes
    int origin = 0;       ///< index of the suffix for a factor of one
    QStringList suffixes; ///< of the scaled kinds
};

namespace {

using Rule = UnitFormat::Rule;

constexpr std::array kSiPrefixes {u"f", u"p", u"n", u"µ", u"m", u"", u"k", u"M", u"G", u"T", u"P", u"E", u"Z", u"Y"};
constexpr std::array kBinaryPrefixes {u"", u"Ki", u"Mi", u"Gi", u"Ti", u"Pi", u"Ei", u"Zi", u"Yi"};
constexpr int kSiOrigin = 5;

/// Decimals that leave about three significant digits; whole numbers get none.
int automaticDecimals(double value)
{
    if (value == std::trunc(value))
        return 0;
    const double magnitude = std::abs(value);
    int decimals = 1 - int(std::floor(std::log(magnitude) / std::log(10.0)));
    // 2.25 is where one more digit begins to be worth its place.
    if (magnitude / std::pow(10.0, -decimals) > 2.25)
        ++decimals;
    return std::max(0, decimals);
}

FormattedValue withSuffix(double value, std::optional<int> decimals, const QString& suffix)
{
    return {{}, formatNumber(value, decimals), suffix};
}

/// Units of time take an s from just above one on; "s", "ms"... do not.
FormattedValue withPlural(double value, std::optional<int> decimals, const QString& unit)
{
    return withSuffix(value, decimals, std::abs(value) > 1 ? unit + u's' : unit);
}

FormattedValue scaled(const Rule& rule, double value, std::optional<int> decimals)
{
    if (!std::isfinite(value)) {
        // A count without a scale prints JavaScript's "undefined" in Grafana; texts are kept equal to it.
        const bool count = rule.kind == Kind::Count;
        return {{}, Js::localeText(value), count ? u"undefined"_s + rule.suffixes.front() : QString()};
    }
    const int last = int(rule.suffixes.size()) - 1;
    double steps = 0;
    if (value != 0)
        steps = std::floor(std::log10(std::abs(value)) / std::log10(rule.factor));
    const double suffix = std::clamp(steps + rule.origin, 0.0, double(last));
    const double power = std::clamp(steps, double(-rule.origin), double(last - rule.origin));
    return withSuffix(value / std::pow(rule.factor, power), decimals, rule.suffixes[int(suffix)]);
}

FormattedValue currency(const Rule& rule, double value, std::optional<int> decimals)
{
    FormattedValue shown = scaled(rule, std::abs(value), decimals);
    if (rule.kind == Kind::CurrencyPrefix)
        shown.prefix = rule.symbol;
    else if (std::isfinite(value))
        shown.suffix += rule.symbol;
    if (value < 0)
        shown.prefix.prepend(u'-');
    return shown;
}

// ---- spans of time ----------------------------------------------------------------------------------

struct Scale
{
    double below; ///< use it for magnitudes below this
    double divisor;
    const char16_t* unit;
    bool plural;
};

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr std::array kNanoseconds {Scale {1e3, 1, u" ns", false}, Scale {1e6, 1e3, u" µs", false},
    Scale {1e9, 1e6, u" ms", false}, Scale {6e10, 1e9, u" s", false}, Scale {3.6e12, 6e10, u" min", true},
    Scale {8.64e13, 3.6e12, u" hour", true}, Scale {kInf, 8.64e13, u" day", true}};
constexpr std::array kMicroseconds {Scale {1e3, 1, u" µs", false}, Scale {1e6, 1e3, u" ms", false},
    Scale {kInf, 1e6, u" s", false}};
constexpr std::array kMilliseconds {Scale {1e3, 1, u" ms", false}, Scale {6e4, 1e3, u" s", false},
    Scale {3.6e6, 6e4, u" min", true}, Scale {8.64e7, 3.6e6, u" hour", true},
    Scale {3.1536e10, 8.64e7, u" day", true}, Scale {kInf, 3.1536e10, u" year", true}};
constexpr std::array kSeconds {Scale {60, 1, u" s", false}, Scale {3600, 60, u" min", true},
    Scale {86400, 3600, u" hour", true}, Scale {604800, 86400, u" day", true},
    Scale {31536000, 604800, u" week", true}, Scale {kInf, 3.15569e7, u" year", true}};
constexpr std::array kMinutes {Scale {60, 1, u" min", false}, Scale {1440, 60, u" hour", true},
    Scale {10080, 1440, u" day", true}, Scale {604800, 10080, u" week", true},
    Scale {kInf, 5.25948e5, u" year", true}};
constexpr std::array kHours {Scale {24, 1, u" hour", false}, Scale {168, 24, u" day", true},
    Scale {8760, 168, u" week", true}, Scale {kInf, 8760, u" year", true}};
constexpr std::array kDays {Scale {7, 1, u" day", true}, Scale {365, 7, u" week", true},
    Scale {kInf, 365, u" year", true}};

FormattedValue span(std::span<const Scale> scales, double value, std::optional<int> decimals)
{
    const double magnitude = std::abs(value);
    const auto fits = std::find_if(scales.begin(), scales.end() - 1,
                                   [&](const Scale& scale) { return magnitude < scale.below; });
    const QString unit = QString::fromUtf16(fits->unit);
    return fits->plural ? withPlural(value / fits->divisor, decimals, unit)
                        : withSuffix(value / fits->divisor, decimals, unit);
}

FormattedValue seconds(double value, std::optional<int> decimals)
{
    const double magnitude = std::abs(value);
    if (value == 0)
        return {{}, u"0"_s, u" s"_s};
    if (magnitude < 1e-6)
        return withSuffix(value * 1e9, decimals, u" ns"_s);
    if (magnitude < 1e-3)
        return withSuffix(value * 1e6, decimals, u" µs"_s);
    if (magnitude < 1)
        return withSuffix(value * 1e3, decimals, u" ms"_s);
    return span(kSeconds, value, decimals);
}

/// "1 hour, 2 minutes": `decimals` parts after the first.
QString duration(double value, std::optional<int> decimals, double unitMs, const QString& unitName)
{
    if (value == 0)
        return u"0 "_s + unitName + u's';
    if (value < 0)
        return duration(-value, decimals, unitMs, unitName) + u" ago"_s;
    static constexpr std::pair<double, const char16_t*> units[] = {
        {31536000e3, u"year"}, {2592000e3, u"month"}, {604800e3, u"week"}, {86400e3, u"day"},
        {3600e3, u"hour"}, {60e3, u"minute"}, {1e3, u"second"}, {1, u"millisecond"}};
    double rest = value * unitMs;
    int more = decimals.value_or(0);
    bool started = false;
    QStringList parts;
    for (const auto& [ms, name] : units) {
        if (more < 0)
            break;
        const double count = rest / ms;
        if (!started && !(count >= 1))
            continue;
        started = true;
        const double whole = std::floor(count);
        parts += Js::numberText(whole) + u' ' + QString::fromUtf16(name) + (whole != 1 ? u"s"_s : QString());
        rest = std::fmod(rest, ms);
        --more;
    }
    return parts.join(u", "_s);
}

QString twoDigits(double value)
{
    const QString text = Js::numberText(value);
    return value > 9 ? text : u'0' + text;
}

QString hoursMinutesSeconds(double value)
{
    if (value < 0)
        return hoursMinutesSeconds(-value) + u" ago"_s;
    const double rest = std::fmod(value, 3600);
    return twoDigits(std::floor(value / 3600)) + u':' + twoDigits(std::floor(rest / 60)) + u':'
        + twoDigits(std::floor(std::fmod(rest, 60)));
}

QString daysHoursMinutesSeconds(double value)
{
    if (value < 0)
        return daysHoursMinutesSeconds(-value) + u" ago"_s;
    const double days = std::floor(value / 86400);
    const double rest = std::fmod(value, 86400);
    const QString clock = twoDigits(std::floor(rest / 3600)) + u':' + twoDigits(std::floor(std::fmod(rest, 3600) / 60))
        + u':' + twoDigits(std::floor(std::fmod(std::fmod(rest, 3600), 60)));
    return days > 0 ? Js::numberText(days) + u" d "_s + clock : clock;
}

QString clock(double ms, std::optional<int> decimals)
{
    if (ms < 1000)
        return formatMoment(ms, u"SSS\\m\\s");
    if (ms < 60'000)
        return formatMoment(ms, decimals == 0 ? u"ss\\s" : u"ss\\s:SSS\\m\\s");
    if (ms < 3'600'000)
        return formatMoment(ms, decimals == 0 ? u"mm\\m" : decimals == 1 ? u"mm\\m:ss\\s" : u"mm\\m:ss\\s:SSS\\m\\s");
    const QString hours = Js::numberText(std::floor(ms / 3'600'000)) + u'h';
    if (decimals == 0)
        return hours;
    return hours + u':'
        + formatMoment(ms, decimals == 1 ? u"mm\\m" : decimals == 2 ? u"mm\\m:ss\\s" : u"mm\\m:ss\\s:SSS\\m\\s");
}

// ---- instants ---------------------------------------------------------------------------------------

QString date(const Rule& rule, double value, const QString& timeZone)
{
    const auto today = [&] {
        const double now = double(QDateTime::currentMSecsSinceEpoch());
        return formatMoment(value, u"YYYY-MM-DD", timeZone) == formatMoment(now, u"YYYY-MM-DD", timeZone);
    };
    switch (rule.kind) {
    case Kind::DateIsoToday:
        return formatMoment(value, today() ? u"HH:mm:ss" : u"YYYY-MM-DD HH:mm:ss", timeZone);
    case Kind::DateUs: return formatMoment(value, u"MM/DD/YYYY h:mm:ss a", timeZone);
    case Kind::DateUsToday:
        return formatMoment(value, today() ? u"h:mm:ss a" : u"MM/DD/YYYY h:mm:ss a", timeZone);
    case Kind::DateLocal: return formatMoment(value, u"MM/DD/YYYY, hh:mm:ss A", timeZone);
    case Kind::DateLocalToday:
        return formatMoment(value, today() ? u"hh:mm:ss A" : u"MM/DD/YYYY, hh:mm:ss A", timeZone);
    case Kind::DateFromNow: return formatFromNow(value, double(QDateTime::currentMSecsSinceEpoch()));
    case Kind::DatePattern: return formatMoment(value, rule.symbol, timeZone);
    default: return formatMoment(value, u"YYYY-MM-DD HH:mm:ss", timeZone);
    }
}

// ---- finding the rule -------------------------------------------------------------------------------

template <size_t N>
void setPrefixes(Rule& rule, const std::array<const char16_t*, N>& prefixes)
{
    for (const char16_t* prefix : prefixes)
        rule.suffixes += u' ' + QString::fromUtf16(prefix) + rule.symbol;
}

/// Fills what the scaled kinds derive from kind, symbol and offset.
void prepare(Rule& rule)
{
    switch (rule.kind) {
    case Kind::Si:
        setPrefixes(rule, kSiPrefixes);
        rule.origin = kSiOrigin + rule.offset;
        break;
    case Kind::Binary:
        setPrefixes(rule, kBinaryPrefixes);
        rule.factor = 1024;
        rule.origin = rule.offset;
        break;
    case Kind::Count: {
        const QString tail = u' ' + rule.symbol;
        rule.suffixes = {tail, u'K' + tail, u'M' + tail, u'B' + tail, u'T' + tail};
        break;
    }
    case Kind::CurrencyPrefix:
    case Kind::CurrencySuffix: rule.suffixes = {{}, u"K"_s, u"M"_s, u"B"_s, u"T"_s}; break;
    case Kind::Psi: rule.suffixes = {u"psi"_s, u"ksi"_s, u"Mpsi"_s}; break;
    case Kind::Short:
        rule.suffixes = {{}, u" K"_s, u" Mil"_s, u" Bil"_s, u" Tri"_s, u" Quadr"_s, u" Quint"_s, u" Sext"_s,
                         u" Sept"_s};
        break;
    default: break;
    }
}

using Registry = QHash<QString, std::shared_ptr<const Rule>>;

const Registry& registry()
{
    static const Registry rules = [] {
        Registry made;
        for (const Units::Category& category : Units::categories()) {
            for (const Units::Entry& entry : category.entries) {
                auto rule = std::make_shared<Rule>();
                rule->kind = entry.kind;
                rule->symbol = QString::fromUtf16(entry.symbol);
                rule->offset = entry.offset;
                prepare(*rule);
                made.insert(QString::fromUtf16(entry.id), std::move(rule));
            }
        }
        made.insert(u"farenheit"_s, made.value(u"fahrenheit"_s)); // how old dashboards spell it
        return made;
    }();
    return rules;
}

int siOffset(const QString& letter)
{
    const QString plain = letter.normalized(QString::NormalizationForm_KD);
    for (int at = 0; at < int(kSiPrefixes.size()); ++at) {
        if (QString::fromUtf16(kSiPrefixes[size_t(at)]).normalized(QString::NormalizationForm_KD) == plain)
            return at - kSiOrigin;
    }
    return 0;
}

/// "prefix:..." and its kin; a kind of Text means: none of them.
Rule customRule(const QString& unit)
{
    Rule rule {Kind::Text, {}, 0, 1000, 0, {}};
    const qsizetype colon = unit.indexOf(u':');
    if (colon <= 0)
        return rule;
    const QStringView key = QStringView(unit).left(colon);
    rule.symbol = unit.mid(colon + 1);
    if (key == u"prefix") {
        rule.kind = Kind::Prefix;
    } else if (key == u"suffix") {
        rule.kind = Kind::Fixed;
    } else if (key == u"time") {
        rule.kind = Kind::DatePattern;
    } else if (key == u"count") {
        rule.kind = Kind::Count;
    } else if (key == u"currency") {
        rule.kind = Kind::CurrencyPrefix;
    } else if (key == u"bool") {
        rule.kind = Kind::Boolean;
        if (!rule.symbol.contains(u'/'))
            rule.symbol += u"/-"_s;
    } else if (key == u"si") {
        rule.kind = Kind::Si;
        rule.offset = siOffset(rule.symbol.left(1));
        if (rule.offset != 0)
            rule.symbol.remove(0, 1);
    }
    return rule;
}

FormattedValue boolean(const QString& words, double value)
{
    const qsizetype slash = words.indexOf(u'/');
    const bool yes = value != 0 && !std::isnan(value);
    return {{}, yes ? words.left(slash) : words.mid(slash + 1), {}};
}

FormattedValue hex(double value, std::optional<int> decimals, const QString& mark)
{
    QString text = Js::hexText(Js::parseFloat(formatNumber(value, decimals))).toUpper();
    text.insert(text.startsWith(u'-') ? 1 : 0, mark);
    return {{}, text, {}};
}

FormattedValue timeSpan(const Rule& rule, double value, std::optional<int> decimals)
{
    switch (rule.kind) {
    case Kind::Nanoseconds: return span(kNanoseconds, value, decimals);
    case Kind::Microseconds: return span(kMicroseconds, value, decimals);
    case Kind::Milliseconds: return span(kMilliseconds, value, decimals);
    case Kind::Seconds: return seconds(value, decimals);
    case Kind::Minutes: return span(kMinutes, value, decimals);
    case Kind::Hours: return span(kHours, value, decimals);
    case Kind::Days: return span(kDays, value, decimals);
    case Kind::DurationMs: return {{}, duration(value, decimals, 1, u"millisecond"_s), {}};
    case Kind::DurationS: return {{}, duration(value, decimals, 1000, u"second"_s), {}};
    case Kind::DurationHms: return {{}, hoursMinutesSeconds(value), {}};
    case Kind::DurationDhms: return {{}, daysHoursMinutesSeconds(value), {}};
    case Kind::TimeTicks: return seconds(value / 100, decimals);
    case Kind::ClockMs: return {{}, clock(value, decimals), {}};
    default: return {{}, clock(value * 1000, decimals), {}}; // ClockS
    }
}

} // namespace

QString formatNumber(double value, std::optional<int> decimals)
{
    if (std::isinf(value))
        return Js::localeText(value);
    const int wanted = decimals ? *decimals : std::isnan(value) ? 0 : automaticDecimals(value);
    if (value == 0)
        return Js::fixed(0, wanted);
    const double factor = wanted > 0 ? std::pow(10.0, wanted) : 1;
    const double rounded = Js::round(value * factor) / factor;
    QString text = Js::numberText(rounded);
    if (text.contains(u'e'))
        return text;
    const qsizetype point = text.indexOf(u'.');
    const qsizetype have = point < 0 ? 0 : text.size() - point - 1;
    if (have < wanted) {
        if (have == 0)
            text += u'.';
        text += QString(wanted - have, u'0');
    }
    return text;
}

UnitFormat::UnitFormat()
{
    static const auto plain = std::make_shared<const Rule>();
    m_rule = plain;
}

UnitFormat::UnitFormat(const QString& unit) : UnitFormat()
{
    if (unit.isEmpty())
        return;
    if (const auto known = registry().constFind(unit); known != registry().cend()) {
        m_rule = *known;
        return;
    }
    Rule rule = customRule(unit);
    if (rule.kind == Kind::Text) {
        rule.kind = Kind::Fixed;
        rule.symbol = unit;
    }
    prepare(rule);
    m_rule = std::make_shared<const Rule>(std::move(rule));
}

FormattedValue UnitFormat::format(double value, std::optional<int> decimals, const QString& timeZone) const
{
    const Rule& rule = *m_rule;
    if (isNull(value) && rule.kind != Kind::Boolean)
        return {};
    switch (rule.kind) {
    case Kind::Fixed:
        return withSuffix(value, decimals, rule.symbol.isEmpty() ? QString() : u' ' + rule.symbol);
    case Kind::Prefix: return {rule.symbol, formatNumber(value, decimals), {}};
    case Kind::Si:
    case Kind::Binary:
    case Kind::Count:
    case Kind::Short:
    case Kind::Psi: return scaled(rule, value, decimals);
    case Kind::CurrencyPrefix:
    case Kind::CurrencySuffix: return currency(rule, value, decimals);
    case Kind::Boolean: return boolean(rule.symbol, value);
    case Kind::Text: return {{}, Js::numberText(value), {}};
    case Kind::Percent: return withSuffix(value, decimals, u"%"_s);
    case Kind::PercentUnit: return withSuffix(100 * value, decimals, u"%"_s);
    case Kind::Hex: return hex(value, decimals, {});
    case Kind::Hex0x: return hex(value, decimals, u"0x"_s);
    case Kind::Scientific: return {{}, Js::exponential(value, decimals), {}};
    case Kind::Locale: return {{}, Js::localeText(value, decimals.value_or(3)), {}};
    default: break;
    }
    if (isDate())
        return {{}, date(rule, value, timeZone), {}};
    return timeSpan(rule, value, decimals);
}

bool UnitFormat::isText() const
{
    return m_rule->kind == Kind::Text;
}

bool UnitFormat::isDate() const
{
    return m_rule->kind >= Kind::DateIso && m_rule->kind <= Kind::DatePattern;
}

bool UnitFormat::isBoolean() const
{
    return m_rule->kind == Kind::Boolean;
}

FormattedValue formatValue(double value, const QString& unit, std::optional<int> decimals, const QString& timeZone)
{
    return UnitFormat(unit).format(value, decimals, timeZone);
}

bool isKnownUnit(const QString& unit)
{
    return registry().contains(unit) || customRule(unit).kind != Kind::Text;
}

QList<UnitCategory> unitCatalogue()
{
    QList<UnitCategory> catalogue;
    for (const Units::Category& category : Units::categories()) {
        UnitCategory made {QString::fromUtf16(category.name), {}};
        for (const Units::Entry& entry : category.entries)
            made.ids += QString::fromUtf16(entry.id);
        catalogue += made;
    }
    return catalogue;
}

} // namespace Promdeck
