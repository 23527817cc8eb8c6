#include "models/config/preview/exposition.h"
#include "models/config/preview/expositionlint.h"
#include "models/config/configtext.h"
#include "models/promql/gotext.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::string_view, 5> kTextTypes {"counter", "gauge", "histogram", "summary", "untyped"};
constexpr std::array<std::string_view, 8> kOpenTypes {"counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown"};

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isNameByte(char c, bool first, bool colon)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colon && c == ':') || (!first && c >= '0' && c <= '9');
}

/// Go's ParseFloat, without hexadecimal numbers and underscores, as expfmt wants it.
bool readFloat(std::string_view text, double& out)
{
    if (text.find_first_of("pP_") != std::string_view::npos || text.empty())
        return false;
    const std::string plain = lower(text[0] == '+' || text[0] == '-' ? text.substr(1) : text);
    const double sign = text[0] == '-' ? -1 : 1;
    if (plain == "inf" || plain == "infinity") {
        out = sign * std::numeric_limits<double>::infinity();
        return true;
    }
    if (plain == "nan") {
        out = std::numeric_limits<double>::quiet_NaN();
        return text[0] != '-' && text[0] != '+';
    }
    if (plain.empty() || plain.find_first_not_of("0123456789.e+-") != std::string::npos)
        return false;
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), out);
    out *= sign;
    return end == plain.data() + plain.size() && error == std::errc() && plain.find_first_of("0123456789") < std::min(plain.find('e'), plain.size());
}

/// Thrown while one line is read; the next is tried.
struct LineFailure
{
    std::size_t offset = 0;
    std::size_t end = 0;
    std::string message;
};

struct Sample
{
    std::string name;
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
    bool hasTimestamp = false;
    std::size_t offset = 0; ///< of the line
    std::size_t end = 0;
};

class Page
{
public:
    Page(std::string_view text, ExpositionFormat format) : m_text(text), m_open(format == ExpositionFormat::OpenMetrics)
    {
        m_out.format = format;
        m_out.bytes = text.size();
    }

    ExpositionReport run()
    {
        while (m_at < m_text.size()) {
            m_lineEnd = std::min(m_text.find('\n', m_at), m_text.size());
            ++m_line;
            m_lineStart = m_at;
            try {
                line();
            } catch (const LineFailure& failure) {
                problem(Severity::Error, u"exposition/syntax"_s, failure.message, failure.offset, failure.end);
            }
            m_at = m_lineEnd + 1;
        }
        if (m_open && !m_ended)
            placed(Severity::Error, u"exposition/no-eof"_s, u"the page does not end with # EOF"_s, {m_text.size(), std::max(m_line, 1), 1}, {m_text.size(), std::max(m_line, 1), 2}, {});
        else if (!m_open && !m_text.empty() && m_text.back() != '\n' && !std::all_of(m_text.begin() + std::ptrdiff_t(m_lineStart), m_text.end(), isBlank))
            problem(Severity::Error, u"exposition/syntax"_s, "unexpected end of input: the last line has no line break", m_text.size() - 1, m_text.size());
        finish();
        return std::move(m_out);
    }

private:
    [[noreturn]] void fail(std::string message, std::size_t offset, std::size_t end) const
    {
        throw LineFailure {offset, std::max(end, offset + 1), std::move(message)};
    }
    [[noreturn]] void fail(std::string message) const { fail(std::move(message), m_at, m_at + 1); }

    [[nodiscard]] TextPos posOf(std::size_t offset) const
    {
        offset = std::min(offset, m_text.size());
        TextPos out {offset, m_line, 1};
        for (std::size_t i = m_lineStart; i < offset; ++i)
            out.column += (static_cast<unsigned char>(m_text[i]) & 0xC0) != 0x80 ? 1 : 0;
        return out;
    }
    void placed(Severity severity, const QString& code, const QString& message, TextPos start, TextPos end, const std::string& metric, const QString& hint = {})
    {
        m_out.problems.push_back({{severity, code, message, hint, {start, end}, {}}, metric});
    }
    void problem(Severity severity, const QString& code, const std::string& message, std::size_t offset, std::size_t end, const std::string& metric = {}, const QString& hint = {})
    {
        const TextPos start = posOf(offset);
        TextPos stop = posOf(std::max(end, offset + 1));
        if (stop.column <= start.column)
            stop.column = start.column + 1;
        placed(severity, code, Config::text(message), start, stop, metric, hint);
    }

    [[nodiscard]] bool atEnd() const { return m_at >= m_lineEnd; }
    [[nodiscard]] char peek() const { return atEnd() ? '\n' : m_text[m_at]; }
    void skipBlanks()
    {
        while (!atEnd() && isBlank(peek()))
            ++m_at;
    }
    std::string_view word()
    {
        const std::size_t start = m_at;
        while (!atEnd() && !isBlank(peek()))
            ++m_at;
        return m_text.substr(start, m_at - start);
    }
    std::string_view name(bool colon)
    {
        const std::size_t start = m_at;
        while (!atEnd() && isNameByte(peek(), m_at == start, colon))
            ++m_at;
        return m_text.substr(start, m_at - start);
    }
    [[nodiscard]] std::string found() const { return atEnd() ? "the end of the line" : Promql::goQuote(m_text.substr(m_at, std::max(1U, Promql::decodeUtf8(m_text, m_at).width))); }

    void line()
    {
        if (m_ended)
            fail("nothing may follow # EOF", m_lineStart, m_lineEnd);
        if (!m_open)
            skipBlanks();
        if (atEnd()) {
            if (m_open)
                fail("OpenMetrics has no empty lines", m_lineStart, m_lineStart + 1);
            return;
        }
        if (peek() == '#')
            comment();
        else
            sample();
    }

    void comment()
    {
        ++m_at;
        if (m_open && peek() != ' ')
            fail("one blank belongs behind #");
        skipBlanks();
        const std::size_t keywordAt = m_at;
        const std::string_view keyword = word();
        if (m_open && keyword == "EOF" && atEnd()) {
            m_ended = true;
            return;
        }
        const bool known = keyword == "HELP" || keyword == "TYPE" || (m_open && keyword == "UNIT");
        if (!known) {
            if (m_open)
                fail("OpenMetrics has no comments but HELP, TYPE, UNIT and EOF", keywordAt, m_lineEnd);
            return;
        }
        skipBlanks();
        if (atEnd() && !m_open)
            return;
        const std::size_t nameAt = m_at;
        const std::string metric(name(true));
        if (metric.empty() || (!atEnd() && !isBlank(peek())))
            fail("invalid metric name in comment", nameAt, std::max(m_at, nameAt + 1));
        if (atEnd() && !m_open)
            return;
        ExpositionFamily& family = familyNamed(metric, true);
        skipBlanks();
        if (atEnd() && !m_open)
            return;
        const std::size_t valueAt = m_at;
        const std::string_view value = m_text.substr(m_at, m_lineEnd - m_at);
        if (keyword == "HELP")
            help(family, value, valueAt, nameAt);
        else if (keyword == "TYPE")
            type(family, value, valueAt, nameAt);
        else
            unit(family, value, valueAt, nameAt);
        m_at = m_lineEnd;
    }

    void help(ExpositionFamily& family, std::string_view value, std::size_t valueAt, std::size_t nameAt)
    {
        if (family.hasHelp)
            fail("second HELP line for metric name " + Promql::goQuote(family.name), nameAt, nameAt + family.name.size());
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value[i] != '\\')
                continue;
            const char next = i + 1 < value.size() ? value[i + 1] : '\0';
            if (next != 'n' && next != '\\' && !(m_open && next == '"'))
                fail("invalid escape sequence in the help text", valueAt + i, valueAt + i + 2);
            ++i;
        }
        family.hasHelp = true;
        family.help = std::string(value);
    }

    void type(ExpositionFamily& family, std::string_view value, std::size_t valueAt, std::size_t nameAt)
    {
        if (family.hasType || m_sampled.contains(family.name))
            fail("second TYPE line for metric name " + Promql::goQuote(family.name) + ", or TYPE reported after samples", nameAt, nameAt + family.name.size());
        const std::string wanted = m_open ? std::string(value) : lower(value);
        const bool known = m_open ? std::find(kOpenTypes.begin(), kOpenTypes.end(), wanted) != kOpenTypes.end() : std::find(kTextTypes.begin(), kTextTypes.end(), wanted) != kTextTypes.end();
        if (!known)
            fail("unknown metric type " + Promql::goQuote(value), valueAt, m_lineEnd);
        family.hasType = true;
        family.type = wanted;
    }

    void unit(ExpositionFamily& family, std::string_view value, std::size_t valueAt, std::size_t nameAt)
    {
        if (!family.unit.empty())
            fail("second UNIT line for metric name " + Promql::goQuote(family.name), nameAt, nameAt + family.name.size());
        if (!value.empty() && !family.name.ends_with("_" + std::string(value)))
            fail("unit " + Promql::goQuote(value) + " is not a suffix of metric " + Promql::goQuote(family.name), valueAt, m_lineEnd);
        family.unit = std::string(value);
    }

    ExpositionFamily& familyNamed(const std::string& metric, bool declared)
    {
        std::string own = metric;
        if (!declared && !m_families.contains(metric)) {
            // Parts of a histogram or summary belong to it.
            static constexpr std::array<std::string_view, 8> parts {"_bucket", "_count", "_sum", "_total", "_created", "_info", "_gcount", "_gsum"};
            for (const std::string_view part : parts) {
                if (!metric.ends_with(part))
                    continue;
                const std::string base = metric.substr(0, metric.size() - part.size());
                const auto known = m_families.find(base);
                if (known == m_families.end())
                    continue;
                const std::string& type = m_out.families[known->second].type;
                const bool histogram = type == "histogram" || type == "gaugehistogram";
                const bool belongs = part == "_bucket" ? histogram
                    : part == "_count" || part == "_sum" ? histogram || type == "summary"
                    : part == "_total" ? m_open && type == "counter"
                    : part == "_created" ? m_open && (type == "counter" || histogram || type == "summary")
                    : part == "_info" ? m_open && type == "info"
                    : m_open && type == "gaugehistogram";
                if (belongs)
                    own = base;
            }
        }
        const auto [where, isNew] = m_families.try_emplace(own, m_out.families.size());
        if (isNew) {
            ExpositionFamily family;
            family.name = own;
            family.line = m_line;
            if (m_open)
                family.type = "unknown";
            m_out.families.push_back(std::move(family));
        }
        return m_out.families[where->second];
    }

    void sample()
    {
        Sample one;
        one.offset = m_at;
        const std::size_t nameAt = m_at;
        one.name = std::string(name(true));
        if (one.name.empty() && peek() != '{')
            fail("invalid metric name: found " + found());
        ExpositionFamily* family = one.name.empty() ? nullptr : &familyNamed(one.name, false);
        if (!m_open)
            skipBlanks();
        if (peek() == '{')
            labels(one, family);
        if (one.name.empty())
            fail("invalid metric name", nameAt, m_at);
        if (m_open) {
            if (peek() != ' ')
                fail("expected a blank in front of the value, found " + found());
            ++m_at;
        } else {
            skipBlanks();
        }
        const std::size_t valueAt = m_at;
        const std::string_view value = word();
        if (!readFloat(value, one.value))
            fail("expected float as value, got " + Promql::goQuote(value), valueAt, std::max(m_at, valueAt + 1));
        rest(one);
        one.end = m_lineEnd;
        m_sampled.insert(family->name);
        accept(std::move(one), *family);
    }

    void rest(Sample& one)
    {
        const bool blank = !atEnd() && isBlank(peek());
        skipBlanks();
        if (atEnd()) {
            if (blank)
                fail(m_open ? "a blank at the end of the line" : "expected integer as timestamp behind the blank", m_lineEnd - 1, m_lineEnd);
            return;
        }
        if (!(m_open && peek() == '#')) {
            const std::size_t at = m_at;
            const std::string_view time = word();
            one.hasTimestamp = true;
            m_out.hasTimestamps = true;
            if (m_open) {
                double seconds = 0;
                if (!readFloat(time, seconds) || !std::isfinite(seconds))
                    fail("expected seconds as timestamp, got " + Promql::goQuote(time), at, m_at);
            } else {
                const bool plus = time.starts_with('+');
                std::int64_t ms = 0;
                const auto [end, error] = std::from_chars(time.data() + (plus ? 1 : 0), time.data() + time.size(), ms);
                if (error != std::errc() || end != time.data() + time.size())
                    fail("expected integer as timestamp, got " + Promql::goQuote(time), at, m_at);
            }
            const bool more = !atEnd();
            skipBlanks();
            if (!m_open && !atEnd())
                fail("spurious string after timestamp: " + Promql::goQuote(m_text.substr(m_at, m_lineEnd - m_at)), m_at, m_lineEnd);
            if (m_open && more && atEnd())
                fail("a blank at the end of the line", m_lineEnd - 1, m_lineEnd);
        }
        if (m_open && !atEnd())
            exemplar();
    }

    void exemplar()
    {
        if (peek() != '#')
            fail("expected # in front of an exemplar, found " + found());
        ++m_at;
        skipBlanks();
        Sample one;
        if (peek() != '{')
            fail("expected { in front of the labels of an exemplar, found " + found());
        const std::size_t open = m_at;
        labels(one, nullptr);
        std::size_t runes = 0;
        for (const auto& [label, value] : one.labels)
            runes += std::size_t(QString::fromStdString(label + value).toUcs4().size());
        if (runes > 128)
            problem(Severity::Warning, u"exposition/exemplar"_s, "the labels of an exemplar have more than 128 characters", open, m_at);
        skipBlanks();
        const std::size_t valueAt = m_at;
        double value = 0;
        const std::string_view written = word();
        if (!readFloat(written, value))
            fail("expected float as value of the exemplar, got " + Promql::goQuote(written), valueAt, m_at);
        skipBlanks();
        if (!atEnd()) {
            const std::size_t timeAt = m_at;
            const std::string_view time = word();
            if (!readFloat(time, value) || !atEnd())
                fail("expected seconds as timestamp of the exemplar, got " + Promql::goQuote(m_text.substr(timeAt, m_lineEnd - timeAt)), timeAt, m_lineEnd);
        }
        m_out.hasExemplars = true;
    }

    void labels(Sample& one, const ExpositionFamily* family)
    {
        ++m_at;
        while (true) {
            if (!m_open)
                skipBlanks();
            if (peek() == '}')
                break;
            const std::size_t labelAt = m_at;
            std::string label(name(false));
            if (label.empty())
                fail("invalid label name for metric " + Promql::goQuote(one.name) + ": found " + found());
            if (label == "__name__")
                fail("label name \"__name__\" is reserved", labelAt, m_at);
            if (!m_open)
                skipBlanks();
            if (peek() != '=')
                fail("expected '=' after label name, found " + found());
            ++m_at;
            if (!m_open)
                skipBlanks();
            if (peek() != '"')
                fail("expected '\"' at start of label value, found " + found());
            const std::size_t valueAt = m_at;
            std::string value = labelValue();
            double bound = 0;
            const bool special = family && ((family->type == "histogram" && label == "le") || (family->type == "summary" && label == "quantile"));
            if (special && !readFloat(value, bound))
                fail("expected float as value for " + Promql::goQuote(label) + " label, got " + Promql::goQuote(value), valueAt, m_at);
            if (std::any_of(one.labels.begin(), one.labels.end(), [&label](const auto& other) { return other.first == label; }))
                fail("duplicate label names for metric " + Promql::goQuote(one.name), labelAt, labelAt + label.size());
            one.labels.emplace_back(std::move(label), std::move(value));
            if (!m_open)
                skipBlanks();
            if (peek() == '}')
                break;
            if (peek() != ',')
                fail("unexpected end of label value: expected , or }, found " + found());
            ++m_at;
        }
        ++m_at;
    }

    std::string labelValue()
    {
        const std::size_t open = m_at++;
        std::string out;
        while (!atEnd() && peek() != '"') {
            if (peek() != '\\') {
                out += m_text[m_at++];
                continue;
            }
            const char next = m_at + 1 < m_lineEnd ? m_text[m_at + 1] : '\0';
            const bool known = next == 'n' || next == '\\' || next == '"';
            if (!known && !m_open)
                fail("invalid escape sequence", m_at, m_at + 2);
            if (!known) // the server takes it as it is
                problem(Severity::Warning, u"exposition/escape"_s, "invalid escape sequence", m_at, m_at + 2);
            out += next == 'n' ? '\n' : next;
            m_at += 2;
        }
        if (atEnd())
            fail("label value contains unescaped new-line", open, m_lineEnd);
        ++m_at;
        if (!Promql::isValidUtf8(out))
            fail("invalid label value: not UTF-8", open, m_at);
        return out;
    }

    void accept(Sample one, ExpositionFamily& family)
    {
        ++m_out.samples;
        if (m_open)
            openRules(one, family);
        std::sort(one.labels.begin(), one.labels.end());
        std::string key = one.name;
        for (const auto& [label, value] : one.labels)
            key += '\xff' + label + '\xfe' + value;
        const auto [known, isNew] = m_series.try_emplace(std::move(key), m_line);
        if (!isNew) {
            problem(one.hasTimestamp ? Severity::Info : Severity::Warning, u"exposition/duplicate-series"_s, "this series was there before, in line " + std::to_string(known->second), one.offset, one.end, family.name,
                    u"the server keeps one value of a series at a time; labels that tell them apart are missing"_s);
            return;
        }
        ++m_out.series;
        ++family.series;
        for (const auto& [label, value] : one.labels) {
            Values& values = m_values[label];
            ++values.series;
            values.seen.insert(value);
            values.byFamily[family.name].insert(value);
        }
        checkValue(one, family);
    }

    /// Families stand together, and names say what a sample is.
    void openRules(const Sample& one, const ExpositionFamily& family)
    {
        if (m_current != family.name && !m_done.insert(family.name).second)
            problem(Severity::Warning, u"exposition/interleaved"_s, "the samples of " + family.name + " do not stand together", one.offset, one.end, family.name);
        m_current = family.name;
        if (family.type == "counter" && !one.name.ends_with("_total") && !one.name.ends_with("_created"))
            problem(Severity::Warning, u"exposition/counter-total"_s, "samples of counters are named with _total", one.offset, one.offset + one.name.size(), family.name);
        if (family.type == "info" && !one.name.ends_with("_info"))
            problem(Severity::Warning, u"exposition/info-suffix"_s, "samples of type info are named with _info", one.offset, one.offset + one.name.size(), family.name);
    }

    void checkValue(const Sample& one, const ExpositionFamily& family)
    {
        const bool counts = family.type == "counter" || (family.type == "histogram" && !one.name.ends_with("_sum"));
        if (counts && (std::isnan(one.value) || one.value < 0))
            problem(Severity::Warning, u"exposition/counter-value"_s, "a counter cannot be " + Promql::formatGeneral(one.value), one.offset, one.end, family.name);
        if (family.type != "histogram")
            return;
        std::string group;
        const std::string* bound = nullptr;
        for (const auto& [label, value] : one.labels) {
            if (label == "le")
                bound = &value;
            else
                group += '\xff' + label + '\xfe' + value;
        }
        if (one.name.ends_with("_bucket") && !bound) {
            problem(Severity::Warning, u"exposition/bucket-le"_s, "a bucket without the label le", one.offset, one.end, family.name);
            return;
        }
        Histogram& histogram = m_histograms[family.name + group];
        if (histogram.line == 0) {
            histogram.line = m_line;
            histogram.start = posOf(one.offset);
            histogram.end = posOf(one.end);
            histogram.metric = family.name;
        }
        if (one.name.ends_with("_bucket")) {
            double le = 0;
            if (readFloat(*bound, le))
                histogram.buckets.emplace_back(le, one.value);
        } else if (one.name.ends_with("_count")) {
            histogram.count = one.value;
        }
    }

    void finish()
    {
        for (auto& entry : m_histograms) {
            Histogram& histogram = entry.second;
            if (histogram.buckets.empty())
                continue;
            std::stable_sort(histogram.buckets.begin(), histogram.buckets.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
            const auto remark = [&](const QString& code, const QString& message) { placed(Severity::Warning, code, message, histogram.start, histogram.end, histogram.metric); };
            if (!std::isinf(histogram.buckets.back().first))
                remark(u"exposition/no-inf-bucket"_s, u"the histogram has no bucket with le=\"+Inf\""_s);
            else if (!std::isnan(histogram.count) && histogram.count != histogram.buckets.back().second)
                remark(u"exposition/histogram-count"_s, u"the count of the histogram is not that of its bucket le=\"+Inf\""_s);
            const bool grows = std::is_sorted(histogram.buckets.begin(), histogram.buckets.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
            if (!grows)
                remark(u"exposition/buckets-shrink"_s, u"buckets count what lies below their bound, so that they cannot become smaller"_s);
        }
        for (const auto& [label, values] : m_values) {
            m_out.labels.push_back({label, values.seen.size(), values.series});
            for (const auto& [family, own] : values.byFamily)
                m_out.families[m_families.at(family)].labelValues[label] = own.size();
        }
        std::sort(m_out.labels.begin(), m_out.labels.end(), [](const LabelCardinality& a, const LabelCardinality& b) { return a.values != b.values ? a.values > b.values : a.label < b.label; });
        // Names without samples are no metrics to the linter.
        lintExposition(m_out);
        std::stable_sort(m_out.problems.begin(), m_out.problems.end(), [](const ExpositionProblem& a, const ExpositionProblem& b) {
            return std::pair(a.finding.span.start.line, a.finding.span.start.column) < std::pair(b.finding.span.start.line, b.finding.span.start.column);
        });
    }

    struct Values
    {
        std::size_t series = 0;
        std::unordered_set<std::string> seen;
        std::map<std::string, std::unordered_set<std::string>> byFamily;
    };
    struct Histogram
    {
        int line = 0;
        TextPos start;
        TextPos end;
        std::string metric;
        std::vector<std::pair<double, double>> buckets;
        double count = std::numeric_limits<double>::quiet_NaN();
    };

    std::string_view m_text;
    bool m_open;
    std::size_t m_at = 0;
    std::size_t m_lineStart = 0;
    std::size_t m_lineEnd = 0;
    int m_line = 0;
    bool m_ended = false;
    std::string m_current;
    std::set<std::string> m_done;
    std::set<std::string> m_sampled;
    std::unordered_map<std::string, std::size_t> m_families;
    std::unordered_map<std::string, int> m_series;
    std::map<std::string, Values> m_values;
    std::map<std::string, Histogram> m_histograms;
    ExpositionReport m_out;
};

} // namespace

ExpositionFormat expositionFormatOf(std::string_view contentType)
{
    return lower(contentType).find("application/openmetrics-text") != std::string::npos ? ExpositionFormat::OpenMetrics : ExpositionFormat::Text;
}

std::size_t ExpositionReport::count(Severity severity) const
{
    return std::size_t(std::count_if(problems.begin(), problems.end(), [severity](const ExpositionProblem& one) { return one.finding.severity == severity; }));
}

ExpositionReport checkExposition(std::string_view text, ExpositionFormat format)
{
    return Page(text, format).run();
}

} // namespace Promdeck::Config
