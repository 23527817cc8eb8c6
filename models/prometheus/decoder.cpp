#include "models/prometheus/decoder.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace Promdeck {

using namespace Qt::StringLiterals;
namespace ondemand = simdjson::ondemand;

namespace {

/// Leaves the reader from any depth; never crosses decodeQueryResult().
struct Malformed
{
    const char* what;
    const char* at;
};

/// Powers of ten that a double holds exactly.
constexpr double kExactPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t kExactMantissa = std::uint64_t(1) << 53;

/// A decimal that is exactly mantissa / 10^n: one division gives the correctly rounded double, which spares
/// most samples the general conversion. Returns the end, or nullptr when the text needs the general one.
const char* parseShortDecimal(const char* at, double& value)
{
    const bool negative = *at == '-';
    at += negative;
    std::uint64_t mantissa = 0;
    const char* const digits = at;
    while (unsigned(*at - '0') < 10)
        mantissa = mantissa * 10 + unsigned(*at++ - '0');
    const auto whole = at - digits;
    std::ptrdiff_t fraction = 0;
    if (*at == '.') {
        const char* const point = ++at;
        while (unsigned(*at - '0') < 10)
            mantissa = mantissa * 10 + unsigned(*at++ - '0');
        fraction = at - point;
        if (fraction == 0)
            return nullptr;
    }
    // 18 digits cannot overflow the mantissa.
    if (whole == 0 || whole + fraction > 18 || mantissa > kExactMantissa || *at == 'e' || *at == 'E')
        return nullptr;
    value = double(mantissa) / kExactPowers[fraction];
    if (negative)
        value = -value;
    return at;
}

/// Reads the number at the front of a text; nullptr when there is none. from_chars knows NaN and Inf but no leading plus.
const char* parseNumber(const char* at, const char* end, double& value)
{
    if (const char* stop = parseShortDecimal(at, value))
        return stop;
    if (*at == '+')
        ++at;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value alone; what was meant is zero or infinity.
        const std::string_view text(at, std::size_t(stop - at));
        const bool tiny = text.find("e-") != text.npos || text.find("E-") != text.npos || text.starts_with("0.")
            || text.starts_with("-0.");
        value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
        if (text.starts_with('-'))
            value = -value;
        return stop;
    }
    return error == std::errc() ? stop : nullptr;
}

QString toText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

/// Label names and values repeat from series to series: each distinct text becomes one shared QString.
class TextPool
{
public:
    const QString& operator()(std::string_view utf8)
    {
        auto it = m_texts.find(utf8);
        if (it == m_texts.end())
            it = m_texts.emplace(utf8, toText(utf8)).first;
        return it->second;
    }

private:
    std::unordered_map<std::string_view, QString> m_texts;
};

/// Reads one response. Decides by the shape of what it meets rather than by resultType, because members may
/// come in any order and the text can only be walked once.
class ResponseReader
{
public:
    explicit ResponseReader(const char* end) : m_end(end) {}

    Result<QueryResult> read(ondemand::document& document)
    {
        for (auto field : document.get_object()) {
            const std::string_view key = field.unescaped_key();
            if (key == "status")
                m_status = toText(field.value().get_string());
            else if (key == "data")
                readData(field.value());
            else if (key == "error")
                m_error = text(field.value());
            else if (key == "errorType")
                m_errorType = text(field.value());
            else if (key == "warnings")
                m_result.warnings = texts(field.value());
            else if (key == "infos")
                m_result.infos = texts(field.value());
            else if (key == "isPartial")
                m_result.partial = flag(field.value());
        }
        if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
            throw Malformed {"text after the end of the answer", nullptr};
        return finish();
    }

private:
    enum class Shape { Unknown, Empty, Matrix, Vector, Pair };

    Result<QueryResult> finish()
    {
        if (m_status != "success"_L1) {
            if (m_status != "error"_L1 && m_error.isEmpty())
                throw Malformed {"no status", nullptr};
            const bool timedOut = m_errorType == "timeout"_L1 || m_errorType == "canceled"_L1;
            return makeError(timedOut ? ErrorCode::QueryTimeout : ErrorCode::Query,
                             m_error.isEmpty() ? u"The server refused the query"_s : m_error, m_errorType);
        }
        if (m_shape == Shape::Unknown)
            throw Malformed {"no result", nullptr};
        settleType();
        return std::move(m_result);
    }

    void settleType()
    {
        using Type = QueryResult::Type;
        switch (m_shape) {
        case Shape::Vector:
            m_result.type = Type::Vector;
            break;
        case Shape::Pair:
            settlePair();
            break;
        case Shape::Empty:
            m_result.type = m_resultType == "vector"_L1 ? Type::Vector : Type::Matrix;
            break;
        default:
            m_result.type = Type::Matrix;
        }
        const bool known = m_resultType.isEmpty() || m_resultType == "matrix"_L1 || m_resultType == "vector"_L1
            || m_resultType == "scalar"_L1 || m_resultType == "string"_L1;
        if (!known)
            throw Malformed {"unknown resultType", nullptr};
    }

    void settlePair()
    {
        if (m_resultType == "string"_L1) {
            m_result.type = QueryResult::Type::String;
            m_result.text = toText(m_pairText);
            return;
        }
        double value = 0;
        // The text lies in the parser's string buffer, which is padded: reading one past it is defined.
        const std::string copy(m_pairText);
        const char* stop = parseNumber(copy.c_str(), copy.c_str() + copy.size(), value);
        if (stop != copy.c_str() + copy.size())
            throw Malformed {"a scalar that is no number", nullptr};
        m_result.type = QueryResult::Type::Scalar;
        SeriesData series;
        series.times = Column(Column::Times {m_pairTime});
        series.values = Column(Column::Numbers {value});
        m_result.series.push_back(std::move(series));
    }

    static QString text(ondemand::value value)
    {
        return value.type() == ondemand::json_type::string ? toText(value.get_string()) : QString();
    }

    static bool flag(ondemand::value value)
    {
        return value.type() == ondemand::json_type::boolean && value.get_bool();
    }

    static QStringList texts(ondemand::value value)
    {
        QStringList list;
        if (value.type() != ondemand::json_type::array)
            return list;
        for (auto item : value.get_array())
            list.append(text(item.value()));
        return list;
    }

    void readData(ondemand::value value)
    {
        if (value.type() != ondemand::json_type::object)
            return; // an error answer may have "data": null
        for (auto field : value.get_object()) {
            const std::string_view key = field.unescaped_key();
            if (key == "resultType")
                m_resultType = text(field.value());
            else if (key == "result")
                readResult(field.value());
            else if (key == "isPartial")
                m_result.partial = flag(field.value());
        }
    }

    void readResult(ondemand::value value)
    {
        if (m_shape != Shape::Unknown)
            throw Malformed {"two results", nullptr};
        m_shape = Shape::Empty;
        if (value.type() == ondemand::json_type::null)
            return;
        bool first = true;
        for (auto item : value.get_array()) {
            ondemand::value element = item.value();
            if (m_shape == Shape::Pair || element.type() != ondemand::json_type::object)
                readPairElement(element, first);
            else
                readSeries(element.get_object());
            first = false;
        }
    }

    void readPairElement(ondemand::value element, bool first)
    {
        if (first) {
            m_shape = Shape::Pair;
            m_pairTime = milliseconds(element);
        } else if (m_shape == Shape::Pair && m_pairText.data() == nullptr) {
            m_pairText = element.get_string();
            if (m_pairText.data() == nullptr)
                m_pairText = "";
        } else {
            throw Malformed {"a result of mixed shape", nullptr};
        }
    }

    void readSeries(ondemand::object object)
    {
        SeriesData series;
        for (auto field : object) {
            const std::string_view key = field.unescaped_key();
            if (key == "metric")
                readLabels(field.value(), series.labels);
            else if (key == "values")
                readSamples(field.value(), series);
            else if (key == "value")
                readSingle(field.value(), series);
            else if (key == "histograms")
                readHistograms(field.value(), series);
            else if (key == "histogram")
                readSingleHistogram(field.value(), series);
        }
        m_result.series.push_back(std::move(series));
    }

    void setShape(Shape shape)
    {
        if (m_shape != Shape::Empty && m_shape != shape)
            throw Malformed {"a result of mixed shape", nullptr};
        m_shape = shape;
    }

    void readLabels(ondemand::value value, Labels& labels)
    {
        for (auto field : value.get_object()) {
            const QString name = pooled(field.key());
            labels.insert(name, pooled(field.value().get_raw_json_string()));
        }
    }

    QString pooled(ondemand::raw_json_string string)
    {
        const char* begin = string.raw();
        const char* end = static_cast<const char*>(std::memchr(begin, '"', std::size_t(m_end - begin)));
        if (!end)
            throw Malformed {"an unfinished text", begin};
        const std::string_view raw(begin, std::size_t(end - begin));
        // An escaped quote ends the scan early, always behind a backslash.
        if (raw.find('\\') != std::string_view::npos)
            return unescape(string);
        return m_pool(raw);
    }

    QString unescape(ondemand::raw_json_string string)
    {
        // The parser's own unescaping wants its string buffer; a label with escapes is rare enough for this.
        const char* at = string.raw();
        const char* stop = at;
        while (stop < m_end && *stop != '"')
            stop += *stop == '\\' ? 2 : 1;
        if (stop >= m_end)
            throw Malformed {"an unfinished text", at};
        simdjson::padded_string document(std::string_view(at - 1, std::size_t(stop - at) + 2));
        ondemand::parser parser;
        ondemand::document quoted = parser.iterate(document);
        return toText(quoted.get_string());
    }

    /// Seconds as a JSON number -> ms. Integers and up to three decimals need no floating point.
    qint64 milliseconds(ondemand::value value)
    {
        const char* at = value.raw_json_token().data();
        std::uint64_t time = 0;
        int digits = 0;
        // As JSON has it: no zero in front. Everything unusual is left to the parser.
        if (*at != '0') {
            for (; digits < 14 && unsigned(*at - '0') < 10; ++at, ++digits)
                time = time * 10 + unsigned(*at - '0');
        }
        int decimals = 0;
        if (digits > 0 && *at == '.') {
            for (++at; decimals < 3 && unsigned(*at - '0') < 10; ++at, ++decimals)
                time = time * 10 + unsigned(*at - '0');
            digits = decimals > 0 ? digits : 0;
        }
        if (digits > 0 && (*at == ',' || *at == ']')) {
            static constexpr qint64 ToMilliseconds[] = {1000, 100, 10, 1};
            return qint64(time) * ToMilliseconds[decimals];
        }
        const double seconds = value.get_double();
        if (!(std::abs(seconds) < 9.2e15))
            throw Malformed {"a timestamp out of range", nullptr};
        return std::llround(seconds * 1000.0);
    }

    double sampleValue(ondemand::value value)
    {
        double number = 0;
        const char* begin = ondemand::raw_json_string(value.get_raw_json_string()).raw();
        const char* stop = parseNumber(begin, m_end, number);
        if (!stop || *stop != '"')
            throw Malformed {"a sample that is no number", begin};
        return number;
    }

    void readSamples(ondemand::value value, SeriesData& series)
    {
        setShape(Shape::Matrix);
        m_numbers.clear();
        // Series of one answer mostly share their timestamps: follow the previous column as long as it fits.
        const Column::Times* follow = m_sharedTimes.get();
        std::size_t count = 0;
        m_times.clear();
        for (auto item : value.get_array()) {
            auto pair = item.value().get_array().value();
            auto it = pair.begin().value();
            const auto end = pair.end().value();
            if (!(it != end))
                throw Malformed {"a sample without a time", nullptr};
            const qint64 time = milliseconds((*it).value());
            ++it;
            if (!(it != end))
                throw Malformed {"a sample without a value", nullptr};
            m_numbers.push_back(sampleValue((*it).value()));
            ++it;
            if (it != end)
                throw Malformed {"a sample of more than two parts", nullptr};
            if (follow && (count >= follow->size() || (*follow)[count] != time)) {
                m_times.assign(follow->begin(), follow->begin() + std::ptrdiff_t(count));
                follow = nullptr;
            }
            if (!follow)
                m_times.push_back(time);
            ++count;
        }
        if (follow && count != follow->size()) {
            m_times.assign(follow->begin(), follow->begin() + std::ptrdiff_t(count));
            follow = nullptr;
        }
        if (!follow)
            m_sharedTimes = std::make_shared<const Column::Times>(m_times.begin(), m_times.end());
        series.times = Column(m_sharedTimes);
        series.values = Column(std::make_shared<const Column::Numbers>(m_numbers.begin(), m_numbers.end()));
    }

    void readSingle(ondemand::value value, SeriesData& series)
    {
        setShape(Shape::Vector);
        std::size_t part = 0;
        qint64 time = 0;
        double number = 0;
        for (auto item : value.get_array()) {
            if (part == 0)
                time = milliseconds(item.value());
            else if (part == 1)
                number = sampleValue(item.value());
            else
                throw Malformed {"a sample of more than two parts", nullptr};
            ++part;
        }
        if (part != 2)
            throw Malformed {"a sample without a value", nullptr};
        if (!m_sharedTimes || m_sharedTimes->size() != 1 || m_sharedTimes->front() != time)
            m_sharedTimes = std::make_shared<const Column::Times>(1, time);
        series.times = Column(m_sharedTimes);
        series.values = Column(Column::Numbers {number});
    }

    void readHistograms(ondemand::value value, SeriesData& series)
    {
        setShape(Shape::Matrix);
        for (auto item : value.get_array())
            series.histograms.push_back(readHistogram(item.value()));
    }

    void readSingleHistogram(ondemand::value value, SeriesData& series)
    {
        setShape(Shape::Vector);
        series.histograms.push_back(readHistogram(value));
    }

    HistogramSample readHistogram(ondemand::value value)
    {
        HistogramSample sample;
        std::size_t part = 0;
        for (auto item : value.get_array()) {
            if (part == 0)
                sample.timeMs = milliseconds(item.value());
            else if (part == 1)
                readHistogramBody(item.value(), sample);
            else
                throw Malformed {"a histogram of more than two parts", nullptr};
            ++part;
        }
        if (part != 2)
            throw Malformed {"a histogram without a value", nullptr};
        return sample;
    }

    void readHistogramBody(ondemand::value value, HistogramSample& sample)
    {
        for (auto field : value.get_object()) {
            const std::string_view key = field.unescaped_key();
            if (key == "count")
                sample.count = sampleValue(field.value());
            else if (key == "sum")
                sample.sum = sampleValue(field.value());
            else if (key == "buckets")
                readBuckets(field.value(), sample);
        }
    }

    void readBuckets(ondemand::value value, HistogramSample& sample)
    {
        for (auto item : value.get_array()) {
            HistogramSample::Bucket bucket;
            std::size_t part = 0;
            for (auto element : item.value().get_array()) {
                switch (part++) {
                case 0:
                    bucket.boundaries = int(std::int64_t(element.value().get_int64()) & 3);
                    break;
                case 1:
                    bucket.lower = sampleValue(element.value());
                    break;
                case 2:
                    bucket.upper = sampleValue(element.value());
                    break;
                case 3:
                    bucket.count = sampleValue(element.value());
                    break;
                default:
                    throw Malformed {"a bucket of more than four parts", nullptr};
                }
            }
            if (part != 4)
                throw Malformed {"a bucket of fewer than four parts", nullptr};
            sample.buckets.push_back(bucket);
        }
    }

    const char* m_end; ///< of the response text
    QueryResult m_result;
    QString m_status;
    QString m_error;
    QString m_errorType;
    QString m_resultType;
    Shape m_shape = Shape::Unknown;
    qint64 m_pairTime = 0;
    std::string_view m_pairText;
    TextPool m_pool;
    std::shared_ptr<const Column::Times> m_sharedTimes;
    Column::Times m_times;     // scratch of the series being read
    Column::Numbers m_numbers; // scratch
};

Error malformed(const QString& what, std::ptrdiff_t offset)
{
    const QString place = offset >= 0 ? u"at byte %1: "_s.arg(offset) : QString();
    return makeError(ErrorCode::Decode, u"The answer is not what the Prometheus API promises"_s, place + what,
                     u"Check that the URL points at a Prometheus-compatible API"_s);
}

/// Small answers reuse their thread's parser; a large one would leave its buffers behind.
constexpr std::size_t kReusedParserLimit = 1 << 20;

Result<QueryResult> decodePadded(simdjson::padded_string_view text)
{
    thread_local ondemand::parser reused(kReusedParserLimit);
    ondemand::parser large;
    ondemand::parser& parser = text.length() <= kReusedParserLimit ? reused : large;
    ondemand::document document;
    const auto offset = [&](const char* at) { return at ? at - text.data() : std::ptrdiff_t(-1); };
    if (const auto error = parser.iterate(text).get(document))
        return malformed(QString::fromLatin1(simdjson::error_message(error)), -1);
    try {
        return ResponseReader(text.data() + text.length()).read(document);
    } catch (const Malformed& problem) {
        return malformed(QString::fromLatin1(problem.what), offset(problem.at));
    } catch (const simdjson::simdjson_error& problem) {
        const char* at = nullptr;
        if (document.current_location().get(at))
            at = nullptr;
        return malformed(QString::fromLatin1(problem.what()), offset(at));
    }
}

} // namespace

qsizetype QueryResult::sampleCount() const
{
    qsizetype count = 0;
    for (const SeriesData& one : series)
        count += one.values.size() + qsizetype(one.histograms.size());
    return count;
}

Result<QueryResult> decodeQueryResult(const QByteArray& body)
{
    if (body.isEmpty())
        return malformed(u"the answer is empty"_s, -1);
    const auto length = std::size_t(body.size());
    // capacity() counts room in front as well; only the room behind is padding.
    QByteArray shared = body;
    const auto spare = std::size_t(std::max<qsizetype>(0, shared.data_ptr().freeSpaceAtEnd()));
    if (spare >= simdjson::SIMDJSON_PADDING)
        return decodePadded(simdjson::padded_string_view(body.constData(), length, length + spare));
    const simdjson::padded_string copy(body.constData(), length);
    return decodePadded(copy);
}

} // namespace Promdeck
