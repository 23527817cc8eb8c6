#include "models/frame/reducers.h"

#include "models/frame/jsnumber.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

enum class Reducer {
    LastNotNull, Last, FirstNotNull, First, Min, Max, Mean, Median, Variance, StdDev, Sum, Count, Range, Delta,
    Step, Diff, LogMin, AllIsZero, AllIsNull, ChangeCount, DistinctCount, DiffPercent, AllValues, UniqueValues,
    Percentile, Unknown
};

struct Named
{
    Reducer reducer;
    const char16_t* id;
    const char16_t* label;
};

constexpr Named kReducers[] = {
    {Reducer::LastNotNull, u"lastNotNull", u"Last *"},
    {Reducer::Last, u"last", u"Last"},
    {Reducer::FirstNotNull, u"firstNotNull", u"First *"},
    {Reducer::First, u"first", u"First"},
    {Reducer::Min, u"min", u"Min"},
    {Reducer::Max, u"max", u"Max"},
    {Reducer::Mean, u"mean", u"Mean"},
    {Reducer::Median, u"median", u"Median"},
    {Reducer::Variance, u"variance", u"Variance"},
    {Reducer::StdDev, u"stdDev", u"StdDev"},
    {Reducer::Sum, u"sum", u"Total"},
    {Reducer::Count, u"count", u"Count"},
    {Reducer::Range, u"range", u"Range"},
    {Reducer::Delta, u"delta", u"Delta"},
    {Reducer::Step, u"step", u"Step"},
    {Reducer::Diff, u"diff", u"Difference"},
    {Reducer::LogMin, u"logmin", u"Min (above zero)"},
    {Reducer::AllIsZero, u"allIsZero", u"All zeros"},
    {Reducer::AllIsNull, u"allIsNull", u"All nulls"},
    {Reducer::ChangeCount, u"changeCount", u"Change count"},
    {Reducer::DistinctCount, u"distinctCount", u"Distinct count"},
    {Reducer::DiffPercent, u"diffperc", u"Difference percent"},
    {Reducer::AllValues, u"allValues", u"All values"},
    {Reducer::UniqueValues, u"uniqueValues", u"All unique values"},
};

int percentileOf(const QString& id)
{
    if (id.size() < 2 || id[0] != u'p')
        return 0;
    bool ok = false;
    const int percent = QStringView(id).mid(1).toInt(&ok);
    return ok && percent >= 1 && percent <= 99 ? percent : 0;
}

struct Lookup
{
    Reducer reducer = Reducer::Unknown;
    int percentile = 0;
};

Lookup find(const QString& id)
{
    static const QHash<QString, Reducer> table = [] {
        QHash<QString, Reducer> made;
        for (const Named& named : kReducers)
            made.insert(QString::fromUtf16(named.id), named.reducer);
        made.insert(u"current"_s, Reducer::LastNotNull);
        made.insert(u"avg"_s, Reducer::Mean);
        made.insert(u"total"_s, Reducer::Sum);
        return made;
    }();
    const auto it = table.constFind(id);
    if (it != table.cend())
        return {*it, 0};
    const int percent = percentileOf(id);
    return percent ? Lookup {Reducer::Percentile, percent} : Lookup {};
}

/// The numbers of a column, in order, nulls left out; NaN kept. Text has none.
template <typename F>
void forEachNumber(const Column& column, F&& f)
{
    if (column.isNumbers()) {
        for (const double value : column.numbers()) {
            if (!isNull(value))
                f(value);
        }
    } else if (column.isTimes()) {
        for (const qint64 value : column.times())
            f(double(value));
    } else if (column.isMixed()) {
        for (const Json& value : column.mixed()) {
            if (value.isNumber() && !Promdeck::isNull(value.toDouble()))
                f(value.toDouble());
        }
    }
}

bool cellIsNull(const Column& column, qsizetype row)
{
    const size_t at = size_t(row);
    if (column.isNumbers())
        return isNull(column.numbers()[at]);
    if (column.isStrings())
        return column.strings()[at].isNull();
    return column.isMixed() && column.mixed()[at].isNull();
}

bool cellIsNaN(const Column& column, qsizetype row)
{
    if (column.isNumbers())
        return std::isnan(column.numbers()[size_t(row)]);
    if (column.isMixed()) {
        const Json& cell = column.mixed()[size_t(row)];
        return cell.type() == Json::Type::Double && std::isnan(cell.toDouble());
    }
    return false;
}

Json firstWhere(const Column& column, bool backwards)
{
    const qsizetype count = column.size();
    for (qsizetype at = 0; at < count; ++at) {
        const qsizetype row = backwards ? count - 1 - at : at;
        if (!cellIsNull(column, row) && !cellIsNaN(column, row))
            return cellJson(column, row);
    }
    return {};
}

/// What one pass over the numbers tells.
struct Pass
{
    qint64 present = 0; ///< not null, NaN included
    qint64 numbers = 0; ///< NaN left out
    double sum = 0;
    double min = std::numeric_limits<double>::max();
    double max = std::numeric_limits<double>::lowest();
    double logMin = std::numeric_limits<double>::max();
    double step = std::numeric_limits<double>::max();
    double delta = 0;
    double first = kNull;
    double last = kNull;
    bool allZero = true;
};

Pass scan(const Column& column)
{
    Pass pass;
    bool previousUp = true;
    // A counter that fell in its very last row counts what it has since: Grafana's rule for "delta".
    const qsizetype length = column.size();
    const bool endsWithNull = length > 0 && cellIsNull(column, length - 1);
    double fell = 0;
    forEachNumber(column, [&](double value) {
        ++pass.present;
        fell = 0;
        if (std::isnan(value))
            return;
        if (pass.numbers == 0) {
            pass.first = value;
        } else {
            const double step = value - pass.last;
            pass.step = std::min(pass.step, step);
            if (pass.last > value) {
                previousUp = false;
                fell = value;
            } else {
                pass.delta += previousUp ? step : value;
                previousUp = true;
            }
        }
        ++pass.numbers;
        pass.sum += value;
        pass.min = std::min(pass.min, value);
        pass.max = std::max(pass.max, value);
        if (value > 0)
            pass.logMin = std::min(pass.logMin, value);
        if (value != 0)
            pass.allZero = false;
        pass.last = value;
    });
    if (!endsWithNull)
        pass.delta += fell;
    return pass;
}

struct Spread
{
    double variance = 0;
    double deviation = 0;
};

/// Welford's running variance: of the population, not of a sample.
Spread spread(const Column& column)
{
    double mean = 0;
    double squares = 0;
    qint64 count = 0;
    forEachNumber(column, [&](double value) {
        ++count;
        const double before = mean;
        mean += (value - before) / double(count);
        squares += (value - before) * (value - mean);
    });
    if (count == 0)
        return {};
    const double variance = squares / double(count);
    return {variance, std::sqrt(variance)};
}

std::vector<double> sortedNumbers(const Column& column)
{
    std::vector<double> numbers;
    numbers.reserve(size_t(column.size()));
    forEachNumber(column, [&](double value) { numbers.push_back(value); });
    // NaN compares as equal, as in JavaScript: it stays about where it was.
    std::stable_sort(numbers.begin(), numbers.end(), [](double a, double b) { return a < b; });
    return numbers;
}

Json median(const Column& column)
{
    const std::vector<double> numbers = sortedNumbers(column);
    if (numbers.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const size_t middle = numbers.size() / 2;
    return numbers.size() % 2 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

Json percentile(const Column& column, int percent)
{
    const std::vector<double> numbers = sortedNumbers(column);
    if (numbers.empty())
        return {};
    return numbers[size_t(Js::round(double(numbers.size() - 1) * (percent / 100.0)))];
}

/// A text that is equal exactly when JavaScript's Set would call two cells the same.
QString identity(const Json& cell)
{
    if (cell.isString())
        return u's' + cell.toString();
    if (cell.isNumber())
        return u'n' + Js::numberText(cell.toDouble());
    return QString::fromUtf8(cell.toUtf8());
}

Json changes(const Column& column)
{
    qint64 count = 0;
    bool any = false;
    QString last;
    for (qsizetype row = 0; row < column.size(); ++row) {
        if (cellIsNull(column, row))
            continue;
        // NaN differs from itself.
        const bool nan = cellIsNaN(column, row);
        const QString current = nan ? QString() : identity(cellJson(column, row));
        if (any && (nan || last.isNull() || current != last))
            ++count;
        any = true;
        last = current;
    }
    return count;
}

Json distinct(const Column& column, bool withValues)
{
    QSet<QString> seen;
    Json values = Json::array();
    for (qsizetype row = 0; row < column.size(); ++row) {
        if (!withValues && cellIsNull(column, row))
            continue;
        const Json cell = cellJson(column, row);
        const QString key = identity(cell);
        if (seen.contains(key))
            continue;
        seen.insert(key);
        if (withValues)
            values.append(cell);
    }
    return withValues ? values : Json(qint64(seen.size()));
}

Json allValues(const Column& column)
{
    Json::Array values;
    values.reserve(size_t(column.size()));
    for (qsizetype row = 0; row < column.size(); ++row)
        values.push_back(cellJson(column, row));
    return Json::array(std::move(values));
}

qint64 countPresent(const Column& column)
{
    qint64 count = 0;
    for (qsizetype row = 0; row < column.size(); ++row)
        count += cellIsNull(column, row) ? 0 : 1;
    return count;
}

bool everyIsZero(const Column& column, const Pass& pass)
{
    return pass.numbers > 0 && pass.allZero && !column.isStrings();
}

Json fromPass(const Column& column, Reducer reducer)
{
    const Pass pass = scan(column);
    const bool any = pass.numbers > 0;
    switch (reducer) {
    case Reducer::Sum: return pass.sum;
    case Reducer::Min: return any ? Json(pass.min) : Json();
    case Reducer::Max: return any ? Json(pass.max) : Json();
    case Reducer::LogMin: return column.size() > 0 ? Json(pass.logMin) : Json();
    case Reducer::Mean: return any ? Json(pass.sum / double(pass.numbers)) : Json();
    case Reducer::Range: return any ? Json(pass.max - pass.min) : Json();
    case Reducer::Diff: return any ? Json(pass.last - pass.first) : Json();
    case Reducer::DiffPercent: return any ? Json((pass.last - pass.first) / pass.first * 100) : Json(0);
    case Reducer::Delta: return column.size() > 0 ? Json(pass.delta) : Json();
    case Reducer::Step: return pass.numbers > 1 ? Json(pass.step) : Json();
    case Reducer::AllIsZero: return everyIsZero(column, pass);
    default: return {};
    }
}

Json reduce(const Column& column, const Lookup& found)
{
    const qsizetype length = column.size();
    switch (found.reducer) {
    case Reducer::LastNotNull: return firstWhere(column, true);
    case Reducer::FirstNotNull: return firstWhere(column, false);
    case Reducer::Last: return length > 0 ? cellJson(column, length - 1) : Json();
    case Reducer::First: return length > 0 ? cellJson(column, 0) : Json();
    case Reducer::Count: return countPresent(column);
    case Reducer::AllIsNull: return firstWhere(column, false).isNull();
    case Reducer::Median: return length > 0 ? median(column) : Json();
    case Reducer::Variance: return length > 0 ? Json(spread(column).variance) : Json();
    case Reducer::StdDev: return length > 0 ? Json(spread(column).deviation) : Json();
    case Reducer::ChangeCount: return changes(column);
    case Reducer::DistinctCount: return distinct(column, false);
    case Reducer::UniqueValues: return distinct(column, true);
    case Reducer::AllValues: return allValues(column);
    case Reducer::Percentile: return percentile(column, found.percentile);
    case Reducer::Unknown: return {};
    default: return fromPass(column, found.reducer);
    }
}

QString ordinalPercent(int percent)
{
    const int tail = percent % 10;
    const bool teen = percent / 10 == 1;
    const QString suffix = teen ? u"th"_s : tail == 1 ? u"st"_s : tail == 2 ? u"nd"_s : tail == 3 ? u"rd"_s : u"th"_s;
    return QString::number(percent) + suffix + u" %"_s;
}

} // namespace

QString canonicalReducer(const QString& id)
{
    const Lookup found = find(id);
    if (found.reducer == Reducer::Percentile)
        return id;
    for (const Named& named : kReducers) {
        if (named.reducer == found.reducer)
            return QString::fromUtf16(named.id);
    }
    return {};
}

QString reducerLabel(const QString& id)
{
    const Lookup found = find(id);
    if (found.reducer == Reducer::Percentile)
        return ordinalPercent(found.percentile);
    for (const Named& named : kReducers) {
        if (named.reducer == found.reducer)
            return QString::fromUtf16(named.label);
    }
    return id;
}

QList<ReducerInfo> allReducers()
{
    QList<ReducerInfo> list;
    for (const Named& named : kReducers)
        list += {QString::fromUtf16(named.id), QString::fromUtf16(named.label)};
    for (int percent = 1; percent < 100; ++percent)
        list += {u'p' + QString::number(percent), ordinalPercent(percent)};
    return list;
}

Json reduceColumn(const Column& values, const QString& reducer)
{
    return reduce(values, find(reducer));
}

double reduceNumber(const Column& values, const QString& reducer)
{
    const Json result = reduceColumn(values, reducer);
    if (result.isBool())
        return result.toBool() ? 1 : 0;
    return result.isNumber() ? result.toDouble() : kNull;
}

std::optional<NumberRange> numberRange(const Column& values)
{
    bool any = false;
    NumberRange range {std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    forEachNumber(values, [&](double value) {
        if (std::isnan(value))
            return;
        any = true;
        range.min = std::min(range.min, value);
        range.max = std::max(range.max, value);
    });
    return any ? std::optional(range) : std::nullopt;
}

Json cellJson(const Column& values, qsizetype row)
{
    const size_t at = size_t(row);
    if (values.isNumbers())
        return isNull(values.numbers()[at]) ? Json() : Json(values.numbers()[at]);
    if (values.isTimes())
        return values.times()[at];
    if (values.isStrings())
        return values.strings()[at].isNull() ? Json() : Json(values.strings()[at]);
    return values.isMixed() ? values.mixed()[at] : Json();
}

} // namespace Promdeck
