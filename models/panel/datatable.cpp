#include "models/panel/datatable.h"

#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/reducers.h"

#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kPiece = 64 * 1024; // bytes handed on at once

QString isoTime(qint64 ms, const QString& timeZone)
{
    return formatMoment(double(ms), ms % 1000 ? u"YYYY-MM-DDTHH:mm:ss.SSSZ" : u"YYYY-MM-DDTHH:mm:ssZ", timeZone);
}

QString rawCell(const Field& field, qsizetype row, bool isoTimes, const QString& timeZone)
{
    const Column& values = field.values;
    const auto at = size_t(row);
    if (values.isTimes())
        return isoTimes ? isoTime(values.times()[at], timeZone) : QString::number(values.times()[at]);
    if (values.isStrings())
        return values.strings()[at];
    if (values.isNumbers()) {
        const double value = values.numbers()[at];
        if (isNull(value))
            return {};
        if (field.type == FieldType::Boolean && !std::isnan(value))
            return value != 0 ? u"true"_s : u"false"_s;
        if (field.type == FieldType::Time && isoTimes && std::isfinite(value))
            return isoTime(qint64(value), timeZone);
        return Js::numberText(value);
    }
    if (!values.isMixed())
        return {};
    const Json& cell = values.mixed()[at];
    if (cell.isNumber())
        return Js::numberText(cell.toDouble());
    return cell.isArray() || cell.isObject() ? QString::fromUtf8(cell.toUtf8()) : cell.scalarText();
}

DataColumn makeColumn(const Frame& frame, const Field& field, const Frames& frames, const PanelContext& context)
{
    DataColumn column;
    column.name = field.state.displayName.isEmpty() ? fieldDisplayName(field, frame, frames) : field.state.displayName;
    column.field = field;
    column.display = std::make_shared<const DisplayProcessor>(field, context.theme, context.timeZone);
    return column;
}

/// Place of each wanted time in a column of times; both may hold a time more than once, the first counts.
std::shared_ptr<const std::vector<qsizetype>> placesOf(const std::vector<qint64>& wanted, const std::vector<qint64>& times)
{
    auto places = std::make_shared<std::vector<qsizetype>>(wanted.size(), -1);
    const auto place = [&](qint64 time, qsizetype row) {
        const auto it = std::lower_bound(wanted.begin(), wanted.end(), time);
        qsizetype& slot = (*places)[size_t(it - wanted.begin())];
        if (slot < 0)
            slot = row;
    };
    for (size_t row = 0; row < times.size(); ++row)
        place(times[row], qsizetype(row));
    return places;
}

} // namespace

QString DataTable::text(qsizetype row, int column, Values values) const
{
    if (row < 0 || row >= rows || column < 0 || size_t(column) >= columns.size())
        return {};
    const DataColumn& from = columns[size_t(column)];
    const qsizetype place = from.rows ? (*from.rows)[size_t(row)] : row;
    if (place < 0 || place >= from.field.values.size())
        return {};
    if (values != Values::Formatted)
        return rawCell(from.field, place, values == Values::Raw, timeZone);
    const bool plainTime = from.field.type == FieldType::Time && !from.field.config.unit;
    if (plainTime && from.field.values.isTimes())
        return formatMoment(double(from.field.values.times()[size_t(place)]), u"YYYY-MM-DD HH:mm:ss", timeZone);
    return from.display->at(place).toString();
}

double DataTable::number(qsizetype row, int column) const
{
    if (row < 0 || row >= rows || column < 0 || size_t(column) >= columns.size())
        return kNull;
    const DataColumn& from = columns[size_t(column)];
    const qsizetype place = from.rows ? (*from.rows)[size_t(row)] : row;
    if (place < 0 || place >= from.field.values.size())
        return kNull;
    const Json cell = cellJson(from.field.values, place);
    return cell.isNumber() ? cell.toDouble() : kNull;
}

std::vector<DataTable> dataTables(const Frames& frames, const PanelContext& context)
{
    std::vector<DataTable> tables;
    for (size_t index = 0; index < frames.size(); ++index) {
        const Frame& frame = frames[index];
        DataTable table;
        table.name = frameDisplayName(frame, frames, int(index));
        table.timeZone = context.timeZone;
        table.rows = frame.length();
        for (const Field& field : frame.fields)
            table.columns.push_back(makeColumn(frame, field, frames, context));
        tables.push_back(std::move(table));
    }
    return tables;
}

DataTable joinedByTime(const Frames& frames, const PanelContext& context)
{
    DataTable table;
    table.timeZone = context.timeZone;
    std::vector<const Frame*> parts;
    for (const Frame& frame : frames) {
        const Field* time = frame.firstOf(FieldType::Time);
        if (time && time->values.isTimes())
            parts.push_back(&frame);
    }
    if (parts.empty())
        return table;
    const Column& first = parts.front()->firstOf(FieldType::Time)->values;
    std::vector<qint64> times = first.times();
    for (const Frame* frame : parts) {
        const Column& own = frame->firstOf(FieldType::Time)->values;
        if (own.sharesWith(first))
            continue;
        times.insert(times.end(), own.times().begin(), own.times().end());
    }
    // A single frame keeps its rows as they are: a table of log lines or samples may hold a time twice.
    const bool join = parts.size() > 1;
    if (join) {
        std::sort(times.begin(), times.end());
        times.erase(std::unique(times.begin(), times.end()), times.end());
    }
    table.rows = qsizetype(times.size());

    std::shared_ptr<const std::vector<qsizetype>> rows;
    const Column* placed = nullptr; // whose rows `rows` are: neighbours usually share their times
    for (const Frame* frame : parts) {
        const Field* time = frame->firstOf(FieldType::Time);
        if (join && (!placed || !placed->sharesWith(time->values)))
            rows = placesOf(times, time->values.times());
        placed = &time->values;
        if (table.columns.empty()) {
            DataColumn column = makeColumn(*frame, *time, frames, context);
            if (join)
                column.field.values = Column(times);
            table.columns.push_back(std::move(column));
        }
        for (const Field& field : frame->fields) {
            if (&field == time)
                continue;
            DataColumn column = makeColumn(*frame, field, frames, context);
            column.rows = rows;
            table.columns.push_back(std::move(column));
        }
    }
    return table;
}

QString markdownTable(const DataTable& table, qsizetype rows, DataTable::Values values)
{
    const auto escaped = [](QString text) {
        text.replace(u'\\', u"\\\\"_s).replace(u'|', u"\\|"_s);
        return text.replace(u"\r\n"_s, u" "_s).replace(u'\n', u' ').replace(u'\r', u' ');
    };
    QString head = u"|"_s;
    QString rule = u"|"_s;
    for (const DataColumn& column : table.columns) {
        head += u' ' + escaped(column.name) + u" |"_s;
        rule += column.field.type == FieldType::Number ? u" ---: |"_s : u" --- |"_s;
    }
    QString text = head + u'\n' + rule + u'\n';
    const qsizetype shown = std::min(rows, table.rows);
    for (qsizetype row = 0; row < shown; ++row) {
        text += u'|';
        for (int column = 0; size_t(column) < table.columns.size(); ++column)
            text += u' ' + escaped(table.text(row, column, values)) + u" |"_s;
        text += u'\n';
    }
    return text;
}

bool writeCsv(const DataTable& table, const CsvOptions& options, const std::function<bool(const QByteArray&)>& write)
{
    QByteArray piece;
    piece.reserve(kPiece + 4096);
    if (options.excel) {
        piece += "\xEF\xBB\xBF";
        piece += "sep=" + QString(options.separator).toUtf8() + "\r\n";
    }
    const auto append = [&](QString text, bool isText) {
        const bool formula = options.excel && isText && !text.isEmpty() && QStringView(u"=+-@\t\r").contains(text.front());
        if (formula)
            text.prepend(u'\'');
        const bool quoted = text.contains(options.separator) || text.contains(u'"') || text.contains(u'\n')
            || text.contains(u'\r');
        if (quoted)
            text = u'"' + text.replace(u'"', u"\"\""_s) + u'"';
        piece += text.toUtf8();
    };
    const QByteArray separator = QString(options.separator).toUtf8();
    const int columns = int(table.columns.size());
    if (options.header) {
        for (int column = 0; column < columns; ++column) {
            if (column > 0)
                piece += separator;
            append(table.columns[size_t(column)].name, true);
        }
        piece += "\r\n";
    }
    for (qsizetype row = 0; row < table.rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            if (column > 0)
                piece += separator;
            const FieldType type = table.columns[size_t(column)].field.type;
            append(table.text(row, column, options.values), type != FieldType::Number && type != FieldType::Time);
        }
        piece += "\r\n";
        if (piece.size() >= kPiece) {
            if (!write(piece))
                return false;
            piece.resize(0);
        }
    }
    return piece.isEmpty() || write(piece);
}

QByteArray csvText(const DataTable& table, const CsvOptions& options)
{
    QByteArray text;
    writeCsv(table, options, [&](const QByteArray& piece) {
        text += piece;
        return true;
    });
    return text;
}

} // namespace Promdeck
