#include "models/panel/logsmodel.h"

#include <QHash>
#include <QRegularExpression>

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

LogsModel logsModel(const PanelSpec& panel, const PanelData& data)
{
    LogsModel model;
    const Json& options = panel.options;
    model.showTime = options[u"showTime"].toBool();
    model.showLabels = options[u"showLabels"].toBool();
    model.showCommonLabels = options[u"showCommonLabels"].toBool();
    model.wrap = options[u"wrapLogMessage"].toBool();
    model.details = options[u"enableLogDetails"].toBool(true);
    model.ascending = options[u"sortOrder"].toString() == u"Ascending";
    const bool pretty = options[u"prettifyLogMessage"].toBool();
    const QString strategy = options[u"dedupStrategy"].toString();
    for (const Frame& frame : data.frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        const Field* line = frame.firstOf(FieldType::String);
        if (!time || !line || !time->values.isTimes() || !line->values.isStrings())
            continue;
        const auto labels = std::find_if(frame.fields.begin(), frame.fields.end(), [](const Field& field) {
            return field.name == u"labels" && field.values.isMixed();
        });
        for (size_t row = 0; row < size_t(frame.length()); ++row) {
            LogRow one;
            one.timeMs = time->values.times()[row];
            one.line = line->values.strings()[row];
            if (labels != frame.fields.end())
                one.labels = labelsOf(labels->values.mixed()[row]);
            one.level = logLevel(one.labels, one.line);
            if (pretty)
                one.line = prettified(one.line);
            model.rows.push_back(std::move(one));
        }
    }
    std::stable_sort(model.rows.begin(), model.rows.end(), [&](const LogRow& a, const LogRow& b) {
        return model.ascending ? a.timeMs < b.timeMs : a.timeMs > b.timeMs;
    });
    dropDuplicates(model.rows, strategy == u"exact"     ? Dedup::Exact
                       : strategy == u"numbers"         ? Dedup::Numbers
                       : strategy == u"signature"       ? Dedup::Signature
                                                        : Dedup::None);
    splitLabels(model);
    return model;
}

} // namespace Promdeck
