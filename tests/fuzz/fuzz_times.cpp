// The texts of a dashboard that have a grammar of their own: times, intervals, variables in expressions, a variable's
// query and regular expression, data links. The first byte chooses the zone and the moment, NULs part the rest.

#include "models/dashboard/variables.h"
#include "models/panel/datalinks.h"
#include "models/query/interval.h"

#include <cstdint>
#include <cstdlib>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

VariableValue valueOf(const QString& type, const QStringList& values)
{
    VariableValue value;
    value.type = type;
    value.values = values;
    value.texts = values;
    value.multi = values.size() > 1;
    return value;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static const QStringList zones {QString(), u"utc"_s, u"Europe/Berlin"_s, u"America/St_Johns"_s, u"Pacific/Apia"_s};
    const QString& zone = zones[data[0] % zones.size()];
    const qint64 now = 1700000000000 + qint64(data[0]) * 3600000 * 24 * 37;
    const QByteArray text(reinterpret_cast<const char*>(data) + 1, qsizetype(size) - 1);
    QStringList parts;
    for (const QByteArray& part : text.split('\0'))
        parts.append(QString::fromUtf8(part));
    const QString& first = parts.front();
    const QString second = parts.size() > 1 ? parts[1] : first;
    const QString third = parts.size() > 2 ? parts[2] : second;

    const Result<qint64> start = parseTime(first, now, false, zone, data[0] % 8, data[0] % 12);
    const Result<qint64> end = parseTime(first, now, true, zone, data[0] % 8, data[0] % 12);
    require(start.ok() == end.ok());
    const RawTimeRange raw {first, second};
    if (const Result<TimeRange> range = parseTimeRange(raw, now, zone)) {
        const TimeRange panel = panelTimeRange(raw, *range, second, third, now, zone);
        (void)alignToStep(panel.fromMs, 15000, utcOffsetSeconds(panel.fromMs, zone));
        if (panel.toMs > panel.fromMs)
            (void)panelIntervalMs(panel.toMs - panel.fromMs, 1000, 1000);
    }
    (void)describeRange(raw);
    if (const Result<qint64> interval = parseInterval(first)) {
        (void)intervalText(*interval);
        (void)goDurationText(*interval);
    }
    StepRequest request;
    request.rangeMs = 6 * 3600000;
    request.minStep = first;
    require(calculateStep(request).stepMs > 0);

    VariableScope scope;
    scope.set(u"one"_s, valueOf(u"query"_s, {second}));
    scope.set(u"many"_s, valueOf(u"query"_s, {second, third, u"a.b|c"_s}));
    scope.set(u"own"_s, valueOf(u"constant"_s, {third}));
    scope.setText(u"__interval"_s, u"1m"_s);
    for (const InterpolationTarget target : {InterpolationTarget::Text, InterpolationTarget::Prometheus,
                                             InterpolationTarget::Loki, InterpolationTarget::Regex})
        (void)interpolate(first, scope, target);
    (void)referencedVariables(first);
    const DataLinkContext link {second, third, {{u"job"_s, second}}, 1.5, third, now, {{u"a"_s, second}, {third, third}}};
    for (const bool isAddress : {false, true})
        (void)expandDataLink(first, link, isAddress);
    (void)formatVariable(u"many"_s, *scope.find(u"many"_s), first, second);
    (void)parseVariableQuery(first);
    std::vector<VariableOption> options;
    for (const QString& part : parts)
        options.push_back({part, part});
    // A regular expression may backtrack for as long as its engine allows; short ones are what is looked at here.
    if (second.size() < 64) {
        if (Result<std::vector<VariableOption>> filtered = filterOptions(options, second))
            options = std::move(*filtered);
    }
    for (int sort = -1; sort < 9; ++sort)
        sortOptions(options, sort);
    return 0;
}
