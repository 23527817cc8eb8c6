// What the grammar's rules for series descriptions build.
#include "models/promql/gotext.h"
#include "models/promql/parserinternal.h"

#include <charconv>

namespace Promdeck::Promql {

namespace Internal {

namespace {

// clang-format off
#include "promqlactions.inc"
// clang-format on

/// A unit test that asks for more is a mistake, and would only eat memory.
constexpr double kMaxValues = 10'000'000;

std::string_view descriptorName(Tok kind)
{
    switch (kind) {
    case Tok::SumDesc:
        return "sum";
    case Tok::CountDesc:
        return "count";
    case Tok::SchemaDesc:
        return "schema";
    case Tok::OffsetDesc:
        return "offset";
    case Tok::NegativeOffsetDesc:
        return "n_offset";
    case Tok::BucketsDesc:
        return "buckets";
    case Tok::NegativeBucketsDesc:
        return "n_buckets";
    case Tok::ZeroBucketDesc:
        return "z_bucket";
    case Tok::ZeroBucketWidthDesc:
        return "z_bucket_w";
    case Tok::CustomValuesDesc:
        return "custom_values";
    default:
        return "counter_reset_hint";
    }
}

void addBuckets(std::vector<double>& to, std::int64_t& toOffset, const std::vector<double>& from,
                std::int64_t fromOffset, double sign)
{
    if (from.empty())
        return;
    if (to.empty())
        toOffset = fromOffset;
    while (toOffset > fromOffset) {
        to.insert(to.begin(), 0);
        --toOffset;
    }
    const size_t shift = size_t(fromOffset - toOffset);
    if (to.size() < shift + from.size())
        to.resize(shift + from.size());
    for (size_t i = 0; i < from.size(); ++i)
        to[shift + i] += sign * from[i];
}

} // namespace

int Parser::addValues(std::vector<SeriesValue> values)
{
    m_valueLists.push_back(std::move(values));
    return int(m_valueLists.size()) - 1;
}

Value Parser::repeated(SeriesValue value, double step, double count)
{
    if (count > kMaxValues) {
        problem(m_last.range, "too many values in series");
        count = 0;
    }
    std::vector<SeriesValue> values(size_t(count) + (value.omitted ? 0 : 1), value);
    if (step != 0) {
        double current = value.value;
        for (SeriesValue& each : values) {
            each.value = current;
            current += step;
        }
    }
    return { {}, kNoNode, addValues(std::move(values)), 0 };
}

Value Parser::histogramValues(int base, int increment, bool subtract, double count)
{
    std::vector<SeriesValue> values { { false, false, 0, base } };
    const HistogramLiteral step = m_series.histograms[size_t(increment)];
    HistogramLiteral current = m_series.histograms[size_t(base)];
    const double sign = subtract ? -1 : 1;
    if (count > kMaxValues / 100) {
        problem(m_last.range, "too many values in series");
        count = 0;
    }
    if (count > 0 && current.schema > step.schema) {
        problem(m_last.range, "error combining histograms: cannot merge from schema " + std::to_string(step.schema)
                    + " to " + std::to_string(current.schema));
        count = 0;
    }
    for (double i = 0; i < count; ++i) {
        current.sum += sign * step.sum;
        current.count += sign * step.count;
        current.zeroBucket += sign * step.zeroBucket;
        addBuckets(current.buckets, current.offset, step.buckets, step.offset, sign);
        addBuckets(current.negativeBuckets, current.negativeOffset, step.negativeBuckets, step.negativeOffset, sign);
        m_series.histograms.push_back(current);
        values.push_back({ false, false, 0, int(m_series.histograms.size()) - 1 });
    }
    return { {}, kNoNode, addValues(std::move(values)), 0 };
}

int Parser::buildHistogram(const std::vector<Descriptor>& descriptors)
{
    HistogramLiteral histogram;
    for (const Descriptor& d : descriptors) {
        const std::vector<double> buckets = d.buckets < 0 ? std::vector<double>() : m_buckets[size_t(d.buckets)];
        if (d.key == "schema")
            histogram.schema = std::int64_t(d.number);
        else if (d.key == "sum")
            histogram.sum = d.number;
        else if (d.key == "count")
            histogram.count = d.number;
        else if (d.key == "z_bucket")
            histogram.zeroBucket = d.number;
        else if (d.key == "z_bucket_w")
            histogram.zeroBucketWidth = d.number;
        else if (d.key == "custom_values")
            histogram.customValues = buckets;
        else if (d.key == "buckets")
            histogram.buckets = buckets;
        else if (d.key == "n_buckets")
            histogram.negativeBuckets = buckets;
        else if (d.key == "offset")
            histogram.offset = std::int64_t(d.number);
        else if (d.key == "n_offset")
            histogram.negativeOffset = std::int64_t(d.number);
        else
            histogram.resetHint = d.hint;
    }
    m_series.histograms.push_back(std::move(histogram));
    return int(m_series.histograms.size()) - 1;
}

Value Parser::reduceSeries(int action, Value* v)
{
    const auto listed = [](int list) { return Value { {}, kNoNode, list, 0 }; };
    const auto item = [&](SeriesValue value) { return listed(addValues({ value })); };
    const auto valueOf = [](const Value& value) {
        return SeriesValue { false, value.token.kind == Tok::Identifier, value.number, -1 };
    };
    const auto failing = [&](const Value& value, std::string_view context, std::string_view expected) {
        unexpected(context, expected);
        return value;
    };
    const auto pairList = [&](std::vector<Pair> pairs) {
        m_pairs.push_back(std::move(pairs));
        return listed(int(m_pairs.size()) - 1);
    };
    switch (Action(action)) {
    case Action::Series:
        if (v[0].list >= 0)
            m_series.labels = m_pairs[size_t(v[0].list)];
        if (v[1].list >= 0)
            m_series.values = std::move(m_valueLists[size_t(v[1].list)]);
        return {};
    case Action::MetricNamed:
        m_pairs[size_t(v[1].list)].emplace_back("__name__", text(v[0].token));
        return v[1];
    case Action::NoPairs:
        return pairList({});
    case Action::PairFirst:
        return v[0];
    case Action::PairAppend:
        if (v[0].list >= 0 && v[2].list >= 0) {
            for (Pair& pair : m_pairs[size_t(v[2].list)])
                m_pairs[size_t(v[0].list)].push_back(std::move(pair));
        }
        return v[0];
    case Action::Pair:
        return pairList({ { v[0].token.kind == Tok::String ? unquote(v[0].token) : std::string(text(v[0].token)),
                            unquote(v[2].token) } });
    case Action::PairName:
        return pairList({ { "__name__", unquote(v[0].token) } });
    case Action::ErrSetSeparator:
        return failing(v[0], "label set", "\",\" or \"}\"");
    case Action::ErrSetValue:
        return failing(pairList({}), "label set", "string");
    case Action::ErrSetEquals:
        return failing(pairList({}), "label set", "\"=\"");
    case Action::ErrSetItem:
        return failing(pairList({}), "label set", "identifier or \"}\"");
    case Action::NoValues:
        return listed(addValues({}));
    case Action::ValuesAppend: {
        std::vector<SeriesValue>& to = m_valueLists[size_t(v[0].list)];
        const std::vector<SeriesValue>& from = m_valueLists[size_t(v[2].list)];
        to.insert(to.end(), from.begin(), from.end());
        return v[0];
    }
    case Action::ErrSeriesValues:
        return failing(listed(addValues({})), "series values", {});
    case Action::Blank:
        return item({ true, false, 0, -1 });
    case Action::BlankTimes:
        return repeated({ true, false, 0, -1 }, 0, v[2].number);
    case Action::Value:
        return item(valueOf(v[0]));
    case Action::ValueTimes:
        return repeated(valueOf(v[0]), 0, v[2].number);
    case Action::ValueSteps:
        return repeated(valueOf(v[0]), v[1].number, v[3].number);
    case Action::HistogramItem:
        return item({ false, false, 0, v[0].list });
    case Action::HistogramTimes:
        return repeated({ false, false, 0, v[0].list }, 0, v[2].number);
    case Action::HistogramSteps:
        return histogramValues(v[0].list, v[2].list, v[1].token.kind == Tok::Sub, v[4].number);
    case Action::StaleValue:
        if (text(v[0].token) != "stale")
            unexpected("series values", "number or \"stale\"");
        return v[0];
    case Action::Histogram:
        return listed(buildHistogram(m_descriptors[size_t(v[1].list)]));
    case Action::HistogramEmpty:
        return listed(buildHistogram({}));
    case Action::Descriptor: {
        const Tok hint = v[2].token.kind >= Tok::UnknownCounterReset ? v[2].token.kind : Tok::End;
        m_descriptors.push_back(
            { { std::string(descriptorName(v[0].token.kind)), v[2].number, v[2].list, hint } });
        return listed(int(m_descriptors.size()) - 1);
    }
    case Action::DescriptorMerge: {
        std::vector<Descriptor>& to = m_descriptors[size_t(v[0].list)];
        for (Descriptor& added : m_descriptors[size_t(v[2].list)]) {
            bool known = false;
            for (const Descriptor& d : to)
                known = known || d.key == added.key;
            if (known)
                problem({}, "duplicate key \"" + added.key + "\" in histogram");
            else
                to.push_back(std::move(added));
        }
        return v[0];
    }
    case Action::ErrDescriptor:
        return failing(v[0], "histogram description", "histogram description key, e.g. buckets:[5 10 7]");
    case Action::BucketFirst:
        m_buckets.push_back({ v[0].number });
        return listed(int(m_buckets.size()) - 1);
    case Action::BucketAppend:
        m_buckets[size_t(v[0].list)].push_back(v[2].number);
        return v[0];
    case Action::CountValue: {
        const std::string_view digits = text(v[0].token);
        std::uint64_t count = 0;
        const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc() || rest != digits.data() + digits.size())
            problem(v[0].token.range, "invalid repetition in series values: strconv.ParseUint: parsing "
                        + goQuote(digits)
                        + (error == std::errc::result_out_of_range ? ": value out of range" : ": invalid syntax"));
        return { v[0].token, kNoNode, -1, double(count) };
    }
    default:
        return v[0];
    }
}

} // namespace Internal

SeriesDescription parseSeries(std::string_view text, const Options& options)
{
    Internal::Parser parser(text, options, true);
    parser.run(Tok::StartSeries);
    return parser.takeSeries();
}

} // namespace Promdeck::Promql
