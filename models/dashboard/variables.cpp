#include "models/dashboard/variables.h"

#include "models/query/interval.h"
#include "models/query/timegrammar.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kAll = u"$__all";
constexpr auto kAuto = u"$__auto";

QString allValue()
{
    return QStringView(kAll).toString();
}

bool hasOptions(const VariableSpec& spec)
{
    return spec.type == u"query" || spec.type == u"custom" || spec.type == u"datasource" || spec.type == u"interval"
        || spec.type == u"switch";
}

/// Names that Grafana has put "automatic" under over time.
bool meansAuto(const QString& value)
{
    return value == kAuto || value == u"auto" || value.startsWith(u"$__auto_interval");
}

QString normalized(const VariableSpec& spec, const QString& value)
{
    if (spec.type == u"interval" && spec.autoInterval && meansAuto(value))
        return QStringView(kAuto).toString();
    return value;
}

/// What queries of variables may name besides other variables.
void addBuiltIns(VariableScope& scope, const VariableContext& context)
{
    const qint64 span = context.range.spanMs();
    const QString interval = intervalText(context.scrapeIntervalMs);
    scope.setText(u"__interval"_s, interval);
    scope.setText(u"__interval_ms"_s, QString::number(context.scrapeIntervalMs));
    scope.setText(u"__rate_interval"_s, intervalText(std::max<qint64>(4 * context.scrapeIntervalMs, 4000)));
    scope.setText(u"__range"_s, QString::number(qRound64(double(span) / 1000)) + u's');
    scope.setText(u"__range_s"_s, QString::number(qRound64(double(span) / 1000)));
    scope.setText(u"__range_ms"_s, QString::number(span));
    scope.setText(u"__from"_s, QString::number(context.range.fromMs));
    scope.setText(u"__to"_s, QString::number(context.range.toMs));
    scope.setText(u"__searchFilter"_s, u".*"_s);
}

// --- options, by type ----------------------------------------------------------------------------------

/// Splits at commas that no backslash precedes.
QStringList splitCustom(const QString& query)
{
    QStringList out;
    QString part;
    for (qsizetype i = 0; i < query.size(); ++i) {
        if (query[i] == u'\\' && i + 1 < query.size() && query[i + 1] == u',') {
            part += u',';
            ++i;
        } else if (query[i] == u',') {
            out.append(part);
            part.clear();
        } else {
            part += query[i];
        }
    }
    out.append(part);
    out.removeIf([](const QString& text) { return text.trimmed().isEmpty(); });
    return out;
}

std::vector<VariableOption> customOptions(const QString& query)
{
    static const QRegularExpression kPair(u"^\\s*(.+)\\s:\\s(.+)$"_s, QRegularExpression::DotMatchesEverythingOption);
    std::vector<VariableOption> out;
    for (const QString& part : splitCustom(query)) {
        const auto pair = kPair.match(part);
        if (pair.hasMatch())
            out.push_back({pair.captured(1).trimmed(), pair.captured(2).trimmed()});
        else
            out.push_back({part.trimmed(), part.trimmed()});
    }
    return out;
}

std::vector<VariableOption> intervalOptions(const VariableSpec& spec)
{
    static const QRegularExpression kPart(u"\"([^\"]*)\"|'([^']*)'|([^,]+)"_s);
    std::vector<VariableOption> out;
    if (spec.autoInterval)
        out.push_back({u"auto"_s, QStringView(kAuto).toString()});
    for (auto it = kPart.globalMatch(spec.query); it.hasNext();) {
        const auto match = it.next();
        const QString text = match.captured(match.lastCapturedIndex()).trimmed();
        if (!text.isEmpty())
            out.push_back({text, text});
    }
    return out;
}

QString automaticInterval(const VariableSpec& spec, const VariableContext& context)
{
    const qint64 least = parseInterval(spec.autoMin).valueOr(10000);
    return intervalText(panelIntervalMs(context.range.spanMs(), std::max(spec.autoCount, 1), least));
}

/// The context lists sources as "type/name"; the options show the name alone.
Result<std::vector<VariableOption>> datasourceOptions(const VariableSpec& spec, const QString& regex,
                                                      const VariableContext& context)
{
    std::vector<VariableOption> ofType;
    for (const VariableOption& source : context.datasources) {
        const qsizetype slash = source.text.indexOf(u'/');
        if (slash < 0 || source.text.left(slash) == spec.query)
            ofType.push_back({source.text.mid(slash + 1), source.value});
    }
    if (regex.isEmpty())
        return ofType;
    std::vector<VariableOption> matching;
    for (const VariableOption& source : ofType) {
        const Result<std::vector<VariableOption>> matched = filterOptions({{source.text, source.text}}, regex);
        if (!matched)
            return matched.error();
        if (!matched->empty())
            matching.push_back(source);
    }
    // The names are those of somebody else's Grafana: a filter that knows none of ours is no filter.
    return matching.empty() ? ofType : matching;
}

std::vector<VariableOption> plainOptions(const QStringList& values)
{
    std::vector<VariableOption> out;
    out.reserve(size_t(values.size()));
    for (const QString& value : values)
        out.push_back({value, value});
    return out;
}

QString seriesText(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        if (name != u"__name__")
            parts.append(name + u"=\""_s + value + u"\""_s);
    }
    return labels.value(u"__name__"_s) + u"{"_s + parts.join(u',') + u"}"_s;
}

QCoro::Task<Result<QStringList>> askSource(VariableQuery query, TimeRange range, VariableSource* source)
{
    const QStringList matchers = query.selector.isEmpty() ? QStringList() : QStringList {query.selector};
    switch (query.kind) {
    case VariableQuery::Kind::LabelNames: co_return co_await source->labelNames(matchers, range);
    case VariableQuery::Kind::LabelValues: co_return co_await source->labelValues(query.label, matchers, range);
    case VariableQuery::Kind::QueryResult: co_return co_await source->queryResult(query.text, range);
    case VariableQuery::Kind::Metrics: {
        const QRegularExpression regex(query.text);
        if (!regex.isValid())
            co_return makeError(ErrorCode::Syntax, u"the variable's regular expression cannot be read"_s, regex.errorString());
        Result<QStringList> names = co_await source->labelValues(u"__name__"_s, {}, range);
        if (names)
            names->removeIf([&regex](const QString& name) { return !regex.match(name).hasMatch(); });
        co_return names;
    }
    case VariableQuery::Kind::Series: break;
    }
    const Result<std::vector<Labels>> series = co_await source->series(query.selector, range);
    if (!series)
        co_return series.error();
    QStringList texts;
    for (const Labels& labels : *series)
        texts.append(seriesText(labels));
    co_return texts;
}

/// Options of one variable, from its definition, the stack, or the server.
QCoro::Task<Result<std::vector<VariableOption>>> findOptions(VariableSpec spec, VariableScope scope,
                                                             VariableContext context, VariableSource* source)
{
    const QString regex = interpolate(spec.regex, scope, InterpolationTarget::Regex);
    if (spec.type == u"custom")
        co_return customOptions(interpolate(spec.query, scope));
    if (spec.type == u"interval")
        co_return intervalOptions(spec);
    if (spec.type == u"datasource")
        co_return datasourceOptions(spec, regex, context);
    if (spec.type == u"switch") {
        const QString on = spec.raw[u"enabledValue"].scalarText();
        const QString off = spec.raw[u"disabledValue"].scalarText();
        co_return plainOptions({on.isEmpty() ? u"true"_s : on, off.isEmpty() ? u"false"_s : off});
    }
    if (spec.type != u"query")
        co_return spec.options;
    const QString text = interpolate(spec.query, scope, InterpolationTarget::Prometheus);
    if (text.trimmed().isEmpty())
        co_return std::vector<VariableOption>();
    if (!source)
        co_return makeError(ErrorCode::Unsupported, u"there is no server to ask for variables"_s);
    const Result<QStringList> values = co_await askSource(parseVariableQuery(text), context.range, source->forType(spec.datasource.type));
    if (!values)
        co_return values.error();
    Result<std::vector<VariableOption>> options = filterOptions(plainOptions(*values), regex);
    if (options)
        sortOptions(*options, spec.sort);
    co_return options;
}

// --- the selection -------------------------------------------------------------------------------------

const VariableOption* findOption(const VariableState& state, const QString& value)
{
    const auto byValue = std::ranges::find(state.options, value, &VariableOption::value);
    if (byValue != state.options.end())
        return &*byValue;
    const auto byText = std::ranges::find(state.options, value, &VariableOption::text);
    return byText != state.options.end() ? &*byText : nullptr;
}

QStringList defaultSelection(const VariableState& state)
{
    if (state.spec.includeAll)
        return {allValue()};
    return state.options.empty() ? QStringList() : QStringList {state.options.front().value};
}

/// What the user or the command line chose; kept even when no option has it.
QStringList chosen(const VariableState& state, const QStringList& values)
{
    QStringList out;
    for (const QString& value : values) {
        const bool all = value == kAll || (value == u"All" && !findOption(state, value));
        if (all && state.spec.includeAll)
            return {allValue()};
        const QString plain = normalized(state.spec, value);
        const VariableOption* option = findOption(state, plain);
        out.append(option ? option->value : plain);
    }
    return state.spec.multi ? out : out.mid(0, 1);
}

QStringList savedSelection(const VariableState& state)
{
    if (!hasOptions(state.spec))
        return state.spec.current;
    if (state.spec.current == QStringList {allValue()})
        return state.spec.includeAll ? state.spec.current : defaultSelection(state);
    QStringList kept;
    for (const QString& value : state.spec.current) {
        if (const VariableOption* option = findOption(state, normalized(state.spec, value));
            option && !kept.contains(option->value))
            kept.append(option->value);
    }
    if (kept.isEmpty())
        return defaultSelection(state);
    return state.spec.multi ? kept : kept.mid(0, 1);
}

void select(VariableState& state, const VariableContext& context)
{
    const VariableSpec& spec = state.spec;
    if (spec.type == u"adhoc")
        state.filters = savedFilters(spec);
    const auto given = context.overrides.constFind(spec.name);
    if (spec.type == u"adhoc" && given != context.overrides.constEnd())
        choose(state, *given);
    else if (given != context.overrides.constEnd())
        state.current = spec.type == u"constant" ? QStringList {spec.query} : chosen(state, *given);
    else if (spec.type == u"constant")
        state.current = {spec.query.isEmpty() ? spec.current.value(0) : spec.query};
    else if (spec.type == u"textbox")
        state.current = {spec.current.isEmpty() ? spec.query : spec.current.first()};
    else if (spec.type == u"adhoc")
        state.current = {filterText(state.filters)};
    else
        state.current = savedSelection(state);
}

QCoro::Task<VariableState> resolveOne(VariableSpec spec, VariableScope scope, VariableContext context,
                                      VariableSource* source)
{
    VariableState state;
    state.spec = spec;
    if (spec.type == u"interval" && spec.autoInterval)
        state.autoText = automaticInterval(spec, context);
    Result<std::vector<VariableOption>> options = co_await findOptions(spec, scope, context, source);
    if (options) {
        state.options = *options;
        select(state, context);
        co_return state;
    }
    state.error = options.error();
    state.error->target = spec.name;
    state.options = spec.options;
    select(state, context);
    // Nothing was learned about the options, so a saved value is as good as before.
    if (!context.overrides.contains(spec.name) && !spec.current.isEmpty())
        state.current = spec.current;
    co_return state;
}

// --- order ---------------------------------------------------------------------------------------------

std::vector<std::vector<size_t>> dependencies(const std::vector<VariableSpec>& specs)
{
    QHash<QString, size_t> byName;
    for (size_t i = 0; i < specs.size(); ++i) {
        if (!byName.contains(specs[i].name))
            byName.insert(specs[i].name, i);
    }
    std::vector<std::vector<size_t>> out(specs.size());
    for (size_t i = 0; i < specs.size(); ++i) {
        const VariableSpec& spec = specs[i];
        if (spec.type != u"query" && spec.type != u"custom" && spec.type != u"datasource")
            continue;
        QStringList names = referencedVariables(spec.query);
        names += referencedVariables(spec.regex);
        names += referencedVariables(spec.datasource.uid);
        names.removeDuplicates();
        for (const QString& name : names) {
            if (const auto found = byName.constFind(name); found != byName.constEnd())
                out[i].push_back(*found);
        }
    }
    return out;
}

VariableState failedForCycle(const VariableSpec& spec)
{
    VariableState state;
    state.spec = spec;
    state.options = spec.options;
    state.current = spec.current;
    state.error = makeError(ErrorCode::Reference, u"the variable depends on itself"_s, spec.query,
                            u"remove the circle of variables that name each other"_s);
    state.error->target = spec.name;
    return state;
}

bool isReady(const std::vector<size_t>& needs, const std::vector<bool>& done)
{
    return std::ranges::all_of(needs, [&done](size_t index) { return done[index]; });
}

/// Where nothing is ready, the variables that are needed by themselves: members of a circle, not those that
/// merely wait for one.
std::vector<size_t> circle(const std::vector<std::vector<size_t>>& needs, const std::vector<bool>& done)
{
    std::vector<size_t> out;
    for (size_t start = 0; start < needs.size(); ++start) {
        if (done[start])
            continue;
        std::vector<bool> seen(needs.size());
        std::vector<size_t> open = needs[start];
        bool reachesItself = false;
        while (!open.empty() && !reachesItself) {
            const size_t at = open.back();
            open.pop_back();
            reachesItself = at == start;
            if (done[at] || seen[at])
                continue;
            seen[at] = true;
            open.insert(open.end(), needs[at].begin(), needs[at].end());
        }
        if (reachesItself)
            out.push_back(start);
    }
    return out;
}

} // namespace

void choose(VariableState& state, const QStringList& values)
{
    if (state.spec.type != u"adhoc") {
        state.current = values;
        return;
    }
    state.filters = filtersFromValues(values);
    state.current = {filterText(state.filters)};
}

VariableValue VariableState::value() const
{
    VariableValue out;
    out.type = spec.type;
    out.multi = spec.multi;
    out.includeAll = spec.includeAll;
    out.allValue = spec.allValue;
    out.isAll = isAll();
    if (out.isAll) {
        for (const VariableOption& option : options) {
            out.values.append(option.value);
            out.texts.append(option.text);
        }
        return out;
    }
    for (const QString& item : current) {
        const auto option = std::ranges::find(options, item, &VariableOption::value);
        out.values.append(item == kAuto && !autoText.isEmpty() ? autoText : item);
        out.texts.append(option != options.end() ? option->text : item);
    }
    return out;
}

QCoro::Task<std::vector<VariableState>> resolveVariables(std::vector<VariableSpec> specs, VariableContext context,
                                                         VariableSource* source)
{
    const std::vector<std::vector<size_t>> needs = dependencies(specs);
    std::vector<VariableState> states(specs.size());
    std::vector<bool> done(specs.size());
    VariableScope scope;
    addBuiltIns(scope, context);
    while (!std::ranges::all_of(done, std::identity())) {
        std::vector<size_t> ready;
        for (size_t i = 0; i < specs.size(); ++i) {
            if (!done[i] && isReady(needs[i], done))
                ready.push_back(i);
        }
        if (ready.empty()) {
            for (const size_t index : circle(needs, done)) {
                states[index] = failedForCycle(specs[index]);
                done[index] = true;
                addToScope(scope, {states[index]});
            }
            continue;
        }
        // Tasks start when they are made: all of them are under way before the first is awaited.
        std::vector<QCoro::Task<VariableState>> running;
        running.reserve(ready.size());
        for (const size_t index : ready)
            running.push_back(resolveOne(specs[index], scope, context, source));
        for (size_t i = 0; i < ready.size(); ++i) {
            states[ready[i]] = co_await running[i];
            done[ready[i]] = true;
        }
        for (const size_t index : ready)
            addToScope(scope, {states[index]});
    }
    co_return states;
}

void addToScope(VariableScope& scope, const std::vector<VariableState>& states)
{
    for (const VariableState& state : states) {
        scope.set(state.spec.name, state.value());
        if (!state.autoText.isEmpty())
            scope.setText(u"__auto_interval_"_s + state.spec.name, state.autoText);
    }
}

void addUrlTexts(VariableScope& scope, const QString& from, const QString& to, const std::vector<VariableState>& states)
{
    const auto encoded = [](const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); };
    scope.setText(u"__url_time_range"_s, u"from="_s + encoded(from) + u"&to="_s + encoded(to));
    QStringList parts;
    for (const VariableState& state : states) {
        const QStringList values = state.spec.type == u"adhoc" ? filterValues(state.filters) : state.current;
        for (const QString& value : values)
            parts << u"var-"_s + encoded(state.spec.name) + u'=' + encoded(value);
    }
    scope.setText(u"__all_variables"_s, parts.join(u'&'));
}

} // namespace Promdeck
