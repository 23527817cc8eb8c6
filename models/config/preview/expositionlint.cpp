#include "models/config/preview/expositionlint.h"
#include "models/config/configtext.h"

#include <algorithm>
#include <array>
#include <map>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

// More values than this of one label in one metric are a cost worth a word.
constexpr std::size_t kManyValues = 1000;

constexpr std::array<std::string_view, 19> kPrefixes {"pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mibi", "giga", "gibi", "tera", "tebi", "peta", "pebi", ""};

const std::map<std::string_view, std::string_view>& units()
{
    static const std::map<std::string_view, std::string_view> all {
        {"amperes", "amperes"}, {"bytes", "bytes"},   {"celsius", "celsius"}, {"grams", "grams"},       {"joules", "joules"},   {"kelvin", "kelvin"},
        {"meters", "meters"},   {"metres", "metres"}, {"moles", "moles"},     {"seconds", "seconds"},   {"volts", "volts"},     {"minutes", "seconds"},
        {"hours", "seconds"},   {"days", "seconds"},  {"weeks", "seconds"},   {"kelvins", "kelvin"},    {"fahrenheit", "celsius"}, {"rankine", "celsius"},
        {"inches", "meters"},   {"yards", "meters"},  {"miles", "meters"},    {"bits", "bytes"},        {"calories", "joules"}, {"pounds", "grams"},
        {"ounces", "grams"}};
    return all;
}

std::vector<std::string_view> wordsOf(std::string_view name)
{
    std::vector<std::string_view> out;
    while (true) {
        const std::size_t at = name.find('_');
        out.push_back(name.substr(0, at));
        if (at == std::string_view::npos)
            return out;
        name.remove_prefix(at + 1);
    }
}

bool isCamelCase(std::string_view name)
{
    for (std::size_t i = 1; i < name.size(); ++i) {
        if (name[i - 1] >= 'a' && name[i - 1] <= 'z' && name[i] >= 'A' && name[i] <= 'Z')
            return true;
    }
    return false;
}

bool hasWord(const std::string& name, std::string_view word)
{
    const std::string between = "_" + std::string(word) + "_";
    return name.find(between) != std::string::npos || name.ends_with(between.substr(0, between.size() - 1));
}

class FamilyLint
{
public:
    FamilyLint(ExpositionReport& report, const ExpositionFamily& family) : m_report(report), m_family(family), m_lower(lower(family.name)) {}

    void run()
    {
        const std::string& name = m_family.name;
        const std::string& type = m_family.type;
        if (!m_family.hasHelp)
            add("exposition/no-help", u"no help text"_s, u"# HELP %1 says what it measures"_s.arg(Config::text(name)));
        unit();
        const bool untyped = type == "untyped" || type == "unknown";
        const bool counter = type == "counter";
        const bool open = m_report.format == ExpositionFormat::OpenMetrics;
        if (counter && !name.ends_with("_total") && !open)
            add("exposition/counter-total", u"counter metrics should have \"_total\" suffix"_s);
        if (!counter && !untyped && name.ends_with("_total"))
            add("exposition/not-a-counter", u"non-counter metrics should not have \"_total\" suffix"_s);
        if (!untyped)
            reserved(type == "histogram" || type == "gaugehistogram", type == "summary");
        for (const char* word : {"counter", "gauge", "summary", "histogram"}) {
            if (hasWord(m_lower, word))
                add("exposition/type-in-name", u"metric name should not include type '%1'"_s.arg(QLatin1String(word)));
        }
        if (name.find(':') != std::string::npos)
            add("exposition/colon", u"metric names should not contain ':', which is for recording rules"_s);
        if (isCamelCase(name))
            add("exposition/camel-case", u"metric names should be written in 'snake_case' not 'camelCase'"_s);
        for (const auto& [label, count] : m_family.labelValues) {
            if (isCamelCase(label))
                add("exposition/label-camel-case", u"label names should be written in 'snake_case' not 'camelCase': %1"_s.arg(Config::text(label)));
            if (count > kManyValues)
                add("exposition/cardinality", u"label %1 has %2 different values"_s.arg(Config::text(label)).arg(count), u"each of them is a series of its own; what grows without end does not belong into labels"_s);
        }
        for (const char* word : {"s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"}) {
            if (hasWord(m_lower, word)) {
                add("exposition/abbreviated-unit", u"metric names should not contain abbreviated units"_s);
                break;
            }
        }
    }

private:
    void unit()
    {
        const std::vector<std::string_view> words = wordsOf(m_family.name);
        for (const auto& [name, base] : units()) {
            for (const std::string_view prefix : kPrefixes) {
                const std::string whole = std::string(prefix) + std::string(name);
                if (std::find(words.begin(), words.end(), whole) == words.end())
                    continue;
                if (whole != base)
                    add("exposition/base-unit", u"use base unit \"%1\" instead of \"%2\""_s.arg(Config::text(base), Config::text(whole)));
                return;
            }
        }
    }

    void reserved(bool histogram, bool summary)
    {
        const std::string& name = m_family.name;
        const auto suffix = [&](const char* ending, bool allowed, const char* kinds) {
            if (!allowed && name.ends_with(ending))
                add("exposition/reserved-suffix", u"%1 metrics should not have \"%2\" suffix"_s.arg(QLatin1String(kinds), QLatin1String(ending)));
        };
        suffix("_bucket", histogram, "non-histogram");
        suffix("_count", histogram || summary, "non-histogram and non-summary");
        suffix("_sum", histogram || summary, "non-histogram and non-summary");
        if (!histogram && m_family.labelValues.contains("le"))
            add("exposition/reserved-label", u"non-histogram metrics should not have \"le\" label"_s);
        if (!summary && m_family.labelValues.contains("quantile"))
            add("exposition/reserved-label", u"non-summary metrics should not have \"quantile\" label"_s);
    }

    void add(const char* code, const QString& message, const QString& hint = {})
    {
        const TextPos start {0, m_family.line, 1};
        m_report.problems.push_back({{Severity::Warning, QString::fromLatin1(code), Config::text(m_family.name) + u": "_s + message, hint, {start, {0, m_family.line, 2}}, {}}, m_family.name});
    }

    ExpositionReport& m_report;
    const ExpositionFamily& m_family;
    std::string m_lower;
};

} // namespace

void lintExposition(ExpositionReport& report)
{
    for (const ExpositionFamily& family : report.families) {
        if (family.series > 0)
            FamilyLint(report, family).run();
    }
}

} // namespace Promdeck::Config
