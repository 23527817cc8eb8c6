#include "models/panel/logsmodel.h"

#include <QHash>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

enum class Dedup { None, Exact, Numbers, Signature };

LogLevel levelOfWord(const QString& word)
{
    static const QHash<QString, LogLevel> words {
        {u"emerg"_s, LogLevel::Critical},  {u"emergency"_s, LogLevel::Critical}, {u"fatal"_s, LogLevel::Critical},
        {u"alert"_s, LogLevel::Critical},  {u"crit"_s, LogLevel::Critical},      {u"critical"_s, LogLevel::Critical},
        {u"panic"_s, LogLevel::Critical},  {u"err"_s, LogLevel::Error},          {u"eror"_s, LogLevel::Error},
        {u"error"_s, LogLevel::Error},     {u"warn"_s, LogLevel::Warning},       {u"warning"_s, LogLevel::Warning},
        {u"info"_s, LogLevel::Info},       {u"information"_s, LogLevel::Info},   {u"informational"_s, LogLevel::Info},
        {u"notice"_s, LogLevel::Info},     {u"dbug"_s, LogLevel::Debug},         {u"debug"_s, LogLevel::Debug},
        {u"trace"_s, LogLevel::Trace},     {u"0"_s, LogLevel::Critical},         {u"1"_s, LogLevel::Critical},
        {u"2"_s, LogLevel::Critical},      {u"3"_s, LogLevel::Error},            {u"4"_s, LogLevel::Warning},
        {u"5"_s, LogLevel::Info},          {u"6"_s, LogLevel::Info},             {u"7"_s, LogLevel::Debug}};
    return words.value(word.toLower(), LogLevel::Unknown);
}

Labels labelsOf(const Json& json)
{
    Labels labels;
    for (const auto& [name, value] : json.members())
        labels.insert(name, value.scalarText());
    return labels;
}

/// What makes two rows the same for a strategy.
QString dedupKey(const QString& line, Dedup strategy)
{
    static const QRegularExpression digits(u"\\d"_s);
    static const QRegularExpression words(u"\\w"_s, QRegularExpression::UseUnicodePropertiesOption);
    QString key = line;
    if (strategy == Dedup::Numbers)
        key.remove(digits);
    else if (strategy == Dedup::Signature)
        key.remove(words);
    return key;
}

QString prettified(const QString& line)
{
    const QString text = line.trimmed();
    if (!text.startsWith(u'{') && !text.startsWith(u'['))
        return line;
    const Result<Json> json = Json::parse(text.toUtf8());
    return json ? QString::fromUtf8(json->toUtf8(Json::Format::Indented)) : line;
}

void splitLabels(LogsModel& model)
{
    if (model.rows.empty())
        return;
    for (const auto& label : model.rows.front().labels) {
        const bool shared = std::all_of(model.rows.begin(), model.rows.end(), [&label](const LogRow& row) {
            const QString* other = row.labels.find(label.first);
            return other && *other == label.second;
        });
        if (shared)
            model.commonLabels.insert(label.first, label.second);
    }
    for (LogRow& row : model.rows) {
        for (const auto& [name, value] : row.labels) {
            if (!model.commonLabels.contains(name))
                row.ownLabels.insert(name, value);
        }
    }
}

void dropDuplicates(std::vector<LogRow>& rows, Dedup strategy)
{
    if (strategy == Dedup::None)
        return;
    std::vector<LogRow> kept;
    QString last;
    for (LogRow& row : rows) {
        const QString key = dedupKey(row.line, strategy);
        if (!kept.empty() && key == last) {
            ++kept.back().duplicates;
            continue;
        }
        last = key;
        kept.push_back(std::move(row));
    }
    rows = std::move(kept);
}

void collectMembers(const Json& value, const QString& name, std::vector<LogField>& fields)
{
    if (value.isObject()) {
        for (const auto& [key, member] : value.members())
            collectMembers(member, name.isEmpty() ? key : name + u'_' + key, fields);
    } else if (!value.isArray()) { // Loki's parser leaves lists out too
        fields.push_back({name, value.scalarText(), u"json"_s});
    }
}

/// Pipelines add what they read out of a line to the labels of its stream.
bool within(const Labels& some, const Labels& all)
{
    return std::all_of(some.begin(), some.end(), [&all](const Labels::Pair& pair) {
        const QString* value = all.find(pair.first);
        return value && *value == pair.second;
    });
}

bool passes(const LogRow& row, const std::vector<LogFilter>& filters)
{
    std::optional<std::vector<LogField>> fields;
    return std::all_of(filters.begin(), filters.end(), [&](const LogFilter& filter) {
        QString value = row.labels.value(filter.name);
        if (value.isNull() && !filter.parser.isEmpty()) {
            if (!fields)
                fields = logFields(row.raw);
            const auto found
                = std::find_if(fields->begin(), fields->end(), [&](const LogField& field) { return field.name == filter.name; });
            value = found == fields->end() ? QString() : found->value;
        }
        return (value == filter.value) != filter.exclude;
    });
}

} // namespace

LogLevel logLevel(const Labels& labels, const QString& line)
{
    for (const QString& name : {u"detected_level"_s, u"level"_s, u"lvl"_s, u"loglevel"_s, u"severity"_s, u"severity_text"_s}) {
        if (const QString* value = labels.find(name)) {
            const LogLevel level = levelOfWord(*value);
            if (level != LogLevel::Unknown)
                return level;
        }
    }
    static const QRegularExpression pair(u"\\b(?:level|lvl|severity|loglevel)\"?\\s*[=:]\\s*\"?([A-Za-z]+)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    if (const auto match = pair.match(line); match.hasMatch()) {
        const LogLevel level = levelOfWord(match.captured(1));
        if (level != LogLevel::Unknown)
            return level;
    }
    static const QRegularExpression word(
        u"\\b(emerg|emergency|fatal|alert|crit|critical|panic|err|eror|error|warn|warning|info|information|notice|dbug|debug|trace)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = word.match(line);
    return match.hasMatch() ? levelOfWord(match.captured(1)) : LogLevel::Unknown;
}

QString logLevelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Critical: return u"critical"_s;
    case LogLevel::Error: return u"error"_s;
    case LogLevel::Warning: return u"warning"_s;
    case LogLevel::Info: return u"info"_s;
    case LogLevel::Debug: return u"debug"_s;
    case LogLevel::Trace: return u"trace"_s;
    case LogLevel::Unknown: break;
    }
    return u"unknown"_s;
}

Rgba logLevelColor(LogLevel level, ThemeKind theme)
{
    const auto named = [theme](const QString& name) { return parseColor(name, theme).value_or(Rgba {128, 128, 128, 255}); };
    switch (level) {
    case LogLevel::Critical: return named(u"purple"_s);
    case LogLevel::Error: return named(u"red"_s);
    case LogLevel::Warning: return named(u"yellow"_s);
    case LogLevel::Info: return named(u"green"_s);
    case LogLevel::Debug: return named(u"blue"_s);
    case LogLevel::Trace: return named(u"light-blue"_s);
    case LogLevel::Unknown: break;
    }
    return {128, 128, 128, 255};
}

std::vector<LogRow> logRows(const Frames& frames, bool pretty)
{
    std::vector<LogRow> rows;
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        const Field* line = frame.firstOf(FieldType::String);
        if (!time || !line || !time->values.isTimes() || !line->values.isStrings())
            continue;
        const auto named = [&frame](const QString& name) {
            const auto found = std::find_if(frame.fields.begin(), frame.fields.end(), [&name](const Field& field) { return field.name == name; });
            return found == frame.fields.end() ? nullptr : &*found;
        };
        const Field* labels = named(u"labels"_s);
        const Field* exact = named(u"tsNs"_s);
        for (size_t row = 0; row < size_t(frame.length()); ++row) {
            LogRow one;
            one.timeMs = time->values.times()[row];
            one.timeNs = exact && exact->values.isStrings() ? exact->values.strings()[row].toLongLong() : one.timeMs * 1'000'000;
            one.raw = line->values.strings()[row];
            if (labels && labels->values.isMixed())
                one.labels = labelsOf(labels->values.mixed()[row]);
            one.level = logLevel(one.labels, one.raw);
            one.line = pretty ? prettified(one.raw) : one.raw;
            rows.push_back(std::move(one));
        }
    }
    return rows;
}

size_t mergeLogRows(std::vector<LogRow>& rows, const std::vector<LogRow>& more)
{
    QMultiHash<qint64, size_t> known;
    known.reserve(qsizetype(rows.size() + more.size()));
    for (size_t i = 0; i < rows.size(); ++i)
        known.insert(rows[i].timeNs, i);
    size_t added = 0;
    for (const LogRow& row : more) {
        const auto [first, last] = std::as_const(known).equal_range(row.timeNs);
        const bool there = std::any_of(first, last, [&](size_t index) {
            const LogRow& other = rows[index];
            return other.raw == row.raw && (within(other.labels, row.labels) || within(row.labels, other.labels));
        });
        if (there)
            continue;
        known.insert(row.timeNs, rows.size());
        rows.push_back(row);
        ++added;
    }
    return added;
}

std::vector<LogField> logFields(const QString& line)
{
    std::vector<LogField> fields;
    const QString text = line.trimmed();
    if (text.startsWith(u'{')) {
        if (const Result<Json> json = Json::parse(text.toUtf8()); json && json->isObject()) {
            collectMembers(*json, {}, fields);
            return fields;
        }
    }
    static const QRegularExpression pair(u"(?:^|\\s)([A-Za-z_][\\w.\\-/]*)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s\"]*)"_s);
    for (auto it = pair.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        QString value = match.captured(2);
        if (value.size() >= 2 && value.startsWith(u'"'))
            value = value.mid(1, value.size() - 2).replace(u"\\\""_s, u"\""_s).replace(u"\\\\"_s, u"\\"_s);
        fields.push_back({match.captured(1), value, u"logfmt"_s});
    }
    return fields;
}

int logRowAt(const LogsModel& model, qint64 timeMs)
{
    if (model.ascending) {
        const auto after = std::upper_bound(model.rows.begin(), model.rows.end(), timeMs,
                                            [](qint64 time, const LogRow& row) { return time < row.timeMs; });
        return int(after - model.rows.begin()) - 1;
    }
    const auto found = std::lower_bound(model.rows.begin(), model.rows.end(), timeMs,
                                        [](const LogRow& row, qint64 time) { return row.timeMs > time; });
    return found == model.rows.end() ? -1 : int(found - model.rows.begin());
}

QRegularExpression logTextPattern(const QString& text)
{
    const bool pattern = text.size() > 2 && text.startsWith(u'/') && text.endsWith(u'/');
    return QRegularExpression(pattern ? text.mid(1, text.size() - 2) : QRegularExpression::escape(text),
                              QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
}

LogsModel logsModel(const PanelSpec& panel, std::vector<LogRow> rows, const LogsView& view)
{
    LogsModel model;
    const Json& options = panel.options;
    model.showTime = options[u"showTime"].toBool();
    model.showLabels = options[u"showLabels"].toBool();
    model.showCommonLabels = options[u"showCommonLabels"].toBool();
    model.wrap = view.wrap.value_or(options[u"wrapLogMessage"].toBool());
    model.details = options[u"enableLogDetails"].toBool(true);
    model.ascending = view.ascending.value_or(options[u"sortOrder"].toString() == u"Ascending");
    model.dedup = view.dedup.value_or(options[u"dedupStrategy"].toString(u"none"_s));
    model.total = int(rows.size());
    const QRegularExpression pattern = logTextPattern(view.text);
    const bool searches = !view.text.isEmpty() && pattern.isValid();
    if (!view.filters.empty() || searches) {
        std::erase_if(rows, [&](const LogRow& row) {
            return !passes(row, view.filters) || (searches && !pattern.match(row.raw).hasMatch());
        });
    }
    for (const LogRow& row : rows)
        ++model.levels[row.level];
    if (!view.hidden.empty())
        std::erase_if(rows, [&](const LogRow& row) { return view.hidden.contains(row.level); });
    model.rows = std::move(rows);
    std::stable_sort(model.rows.begin(), model.rows.end(), [&](const LogRow& a, const LogRow& b) {
        return model.ascending ? a.timeNs < b.timeNs : a.timeNs > b.timeNs;
    });
    dropDuplicates(model.rows, model.dedup == u"exact"     ? Dedup::Exact
                       : model.dedup == u"numbers"         ? Dedup::Numbers
                       : model.dedup == u"signature"       ? Dedup::Signature
                                                           : Dedup::None);
    splitLabels(model);
    return model;
}

LogsModel logsModel(const PanelSpec& panel, const PanelData& data)
{
    return logsModel(panel, logRows(data.frames, panel.options[u"prettifyLogMessage"].toBool()), {});
}

} // namespace Promdeck
