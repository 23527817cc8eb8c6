#include "models/query/lastdata.h"

#include "models/core/files.h"
#include "models/prometheus/decoder.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QtEndian>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 kMagic = 0x50444c44; // "PDLD"
constexpr quint16 kVersion = 1;
constexpr qint64 kMostFile = 64 << 20;
constexpr qint64 kMostCount = 50'000'000; // a count beyond is no count
constexpr int kQuick = 1;                 // of zlib's levels: samples hardly get smaller with more effort

bool plausible(QDataStream& in, quint32 count)
{
    if (in.status() == QDataStream::Ok && qint64(count) <= kMostCount && qint64(count) <= in.device()->bytesAvailable() + 1)
        return true;
    in.setStatus(QDataStream::ReadCorruptData);
    return false;
}

void writeSeries(QDataStream& out, const SeriesData& series, QHash<const void*, quint32>& columns)
{
    out << quint32(series.labels.size());
    for (const auto& [name, value] : series.labels)
        out << name << value;
    // Series of one query share their times.
    const Column::Times& times = series.times.times();
    const void* address = times.data();
    const quint32 known = times.empty() ? 0 : columns.value(address, 0);
    out << known;
    if (known == 0) {
        if (!times.empty())
            columns.insert(address, quint32(columns.size()) + 1);
        out << quint32(times.size());
        qint64 before = 0;
        for (const qint64 time : times) {
            out << time - before; // differences are alike, so that they pack well
            before = time;
        }
    }
    const Column::Numbers& values = series.values.numbers();
    out << quint32(values.size());
    for (const double value : values)
        out << value;
    out << quint32(series.histograms.size());
    for (const HistogramSample& sample : series.histograms) {
        out << sample.timeMs << sample.count << sample.sum << quint32(sample.buckets.size());
        for (const HistogramSample::Bucket& bucket : sample.buckets)
            out << qint32(bucket.boundaries) << bucket.lower << bucket.upper << bucket.count;
    }
}

bool readSeries(QDataStream& in, SeriesData& series, std::vector<Column>& columns)
{
    quint32 count = 0;
    in >> count;
    if (!plausible(in, count))
        return false;
    for (quint32 i = 0; i < count; ++i) {
        QString name;
        QString value;
        in >> name >> value;
        series.labels.insert(name, value);
    }
    quint32 known = 0;
    in >> known;
    if (known > columns.size())
        return false;
    if (known > 0) {
        series.times = columns[known - 1];
    } else {
        in >> count;
        if (!plausible(in, count))
            return false;
        Column::Times times(count);
        qint64 before = 0;
        for (qint64& time : times) {
            in >> time;
            time += before;
            before = time;
        }
        series.times = Column(std::move(times));
        if (count > 0)
            columns.push_back(series.times);
    }
    in >> count;
    if (!plausible(in, count))
        return false;
    Column::Numbers values(count);
    for (double& value : values)
        in >> value;
    series.values = Column(std::move(values));
    in >> count;
    if (!plausible(in, count))
        return false;
    for (quint32 i = 0; i < count; ++i) {
        HistogramSample sample;
        quint32 buckets = 0;
        in >> sample.timeMs >> sample.count >> sample.sum >> buckets;
        if (!plausible(in, buckets))
            return false;
        for (quint32 b = 0; b < buckets; ++b) {
            HistogramSample::Bucket bucket;
            qint32 boundaries = 0;
            in >> boundaries >> bucket.lower >> bucket.upper >> bucket.count;
            bucket.boundaries = boundaries;
            sample.buckets.push_back(bucket);
        }
        series.histograms.push_back(std::move(sample));
    }
    // Half a series would be another one.
    return in.status() == QDataStream::Ok && (series.histograms.empty() ? series.times.size() == series.values.size() : true);
}

qint64 weightOf(const LastData::Panel& panel)
{
    qint64 bytes = 0;
    for (const LastData::Answer& answer : panel.answers) {
        for (const SeriesData& series : answer.result->series) {
            bytes += 64 + series.values.size() * qint64(sizeof(double)) + series.times.size() * 2;
            for (const HistogramSample& sample : series.histograms)
                bytes += 32 + qint64(sample.buckets.size() * sizeof(HistogramSample::Bucket));
        }
    }
    return bytes;
}

void writeResult(QDataStream& out, const QueryResult& result, QHash<const void*, quint32>& columns)
{
    out << quint8(result.type) << result.text << quint32(result.series.size());
    for (const SeriesData& series : result.series)
        writeSeries(out, series, columns);
}

} // namespace

QByteArray packLastData(const LastData& data, qint64 maxBytes)
{
    QByteArray body;
    QDataStream out(&body, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_0);
    out << quint32(data.variables.size());
    for (const LastData::Variable& variable : data.variables) {
        out << variable.name << variable.current << quint32(variable.options.size());
        for (const VariableOption& option : variable.options)
            out << option.text << option.value;
    }
    std::vector<const LastData::Panel*> kept;
    qint64 bytes = 0;
    for (const LastData::Panel& panel : data.panels) {
        const qint64 weight = weightOf(panel);
        if (bytes + weight > maxBytes)
            continue; // smaller ones after it may still fit
        bytes += weight;
        kept.push_back(&panel);
    }
    out << quint32(kept.size());
    QHash<const void*, quint32> columns;
    for (const LastData::Panel* panel : kept) {
        out << panel->key << panel->queries << panel->answeredMs << panel->range.fromMs << panel->range.toMs << panel->intervalMs
            << quint32(panel->answers.size());
        for (const LastData::Answer& answer : panel->answers) {
            out << answer.refId << answer.instant << answer.startMs << answer.endMs << answer.stepMs;
            writeResult(out, *answer.result, columns);
        }
    }
    QByteArray file;
    QDataStream head(&file, QIODevice::WriteOnly);
    head.setVersion(QDataStream::Qt_6_0);
    const QByteArray packed = qCompress(body, kQuick);
    head << kMagic << kVersion << qChecksum(packed) << packed;
    return file;
}

Result<LastData> unpackLastData(const QByteArray& bytes)
{
    const Error odd = makeError(ErrorCode::Decode, u"These are no answers of an earlier run"_s);
    QDataStream head(bytes);
    head.setVersion(QDataStream::Qt_6_0);
    quint32 magic = 0;
    quint16 version = 0;
    quint16 checksum = 0;
    QByteArray packed;
    head >> magic >> version;
    if (magic != kMagic || version != kVersion)
        return odd;
    head >> checksum >> packed;
    // qUncompress takes the size it allocates from the first four bytes.
    if (head.status() != QDataStream::Ok || packed.size() < 4 || qChecksum(packed) != checksum || qFromBigEndian<quint32>(packed.constData()) > 4 * kMostFile)
        return odd;
    const QByteArray body = qUncompress(packed);
    QDataStream in(body);
    in.setVersion(QDataStream::Qt_6_0);
    LastData data;
    quint32 count = 0;
    in >> count;
    if (!plausible(in, count))
        return odd;
    for (quint32 i = 0; i < count; ++i) {
        LastData::Variable variable;
        quint32 options = 0;
        in >> variable.name >> variable.current >> options;
        if (!plausible(in, options))
            return odd;
        variable.options.resize(options);
        for (VariableOption& option : variable.options)
            in >> option.text >> option.value;
        data.variables.push_back(std::move(variable));
    }
    in >> count;
    if (!plausible(in, count))
        return odd;
    std::vector<Column> columns;
    for (quint32 i = 0; i < count; ++i) {
        LastData::Panel panel;
        quint32 answers = 0;
        in >> panel.key >> panel.queries >> panel.answeredMs >> panel.range.fromMs >> panel.range.toMs >> panel.intervalMs >> answers;
        if (!plausible(in, answers))
            return odd;
        for (quint32 a = 0; a < answers; ++a) {
            LastData::Answer answer;
            auto result = std::make_shared<QueryResult>();
            quint8 type = 0;
            quint32 series = 0;
            in >> answer.refId >> answer.instant >> answer.startMs >> answer.endMs >> answer.stepMs >> type >> result->text >> series;
            if (!plausible(in, series) || type > quint8(QueryResult::Type::String))
                return odd;
            result->type = QueryResult::Type(type);
            result->series.resize(series);
            for (SeriesData& one : result->series) {
                if (!readSeries(in, one, columns))
                    return odd;
            }
            answer.result = std::move(result);
            panel.answers.push_back(std::move(answer));
        }
        data.panels.push_back(std::move(panel));
    }
    if (in.status() != QDataStream::Ok)
        return odd;
    return data;
}

LastDataStore::LastDataStore(QString folder, qint64 maxTotalBytes) : m_folder(std::move(folder)), m_maxTotalBytes(maxTotalBytes) {}

QString LastDataStore::defaultFolder()
{
    const QString given = qEnvironmentVariable("XDG_CACHE_HOME");
    return (given.startsWith(u'/') ? given : QDir::homePath() + u"/.cache"_s) + u"/promdeck/last-data"_s;
}

QString LastDataStore::path(const QString& stack, const QString& dashboard) const
{
    const QByteArray name = QCryptographicHash::hash((stack + u'\n' + dashboard).toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    return m_folder + u'/' + QString::fromLatin1(name) + u".data"_s;
}

Status LastDataStore::keep(const QString& stack, const QString& dashboard, const LastData& data) const
{
    const Status written = writeFileAtomically(path(stack, dashboard), packLastData(data), kPrivateFile);
    if (!written)
        return written;
    QFileInfoList files = QDir(m_folder).entryInfoList({u"*.data"_s}, QDir::Files, QDir::Time); // the newest first
    qint64 total = 0;
    for (const QFileInfo& file : files) {
        total += file.size();
        if (total > m_maxTotalBytes)
            QFile::remove(file.filePath());
    }
    return Done {};
}

Result<LastData> LastDataStore::read(const QString& stack, const QString& dashboard) const
{
    const Result<QByteArray> bytes = readWholeFile(path(stack, dashboard), kMostFile);
    if (!bytes)
        return bytes.error();
    return unpackLastData(*bytes);
}

void LastDataStore::clear() const
{
    for (const QFileInfo& file : QDir(m_folder).entryInfoList({u"*.data"_s}, QDir::Files))
        QFile::remove(file.filePath());
}

} // namespace Promdeck
