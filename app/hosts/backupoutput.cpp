#include "app/hosts/backupoutput.h"

#include "app/cli/verb.h"

#include <QDateTime>

#include <cstdio>

#include <unistd.h>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

ProgressLine::ProgressLine() : m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
    m_sinceStep.start();
    m_sinceShown.start();
}

Backup::StepReport ProgressLine::report()
{
    return [this](const QString& step, const QString& about, qint64 done, qint64 total) { show(step, about, done, total); };
}

void ProgressLine::show(const QString& step, const QString& about, qint64 done, qint64 total)
{
    const QString title = about.isEmpty() ? step : step + u' ' + about;
    const bool isNew = title != m_last;
    if (isNew) {
        finish();
        m_last = title;
        m_sinceStep.restart();
        if (!m_isTerminal)
            std::fprintf(stderr, "%s\n", qPrintable(title));
    }
    constexpr qint64 kShowEveryMs = 200;
    if (!m_isTerminal || (!isNew && m_sinceShown.elapsed() < kShowEveryMs && done != total))
        return;
    m_sinceShown.restart();
    QString line = title;
    if (done > 0) {
        line += u"  "_s + byteText(done);
        const double seconds = double(m_sinceStep.elapsed()) / 1000;
        const double rate = seconds > 0.2 ? double(done) / seconds : 0;
        if (total > 0)
            line += u" of %1 (%2 %)"_s.arg(byteText(total)).arg(done * 100 / total);
        if (rate > 0)
            line += u", %1/s"_s.arg(byteText(qint64(rate)));
        if (rate > 0 && total > done)
            line += u", %1 s left"_s.arg(qint64(double(total - done) / rate) + 1);
    }
    std::fprintf(stderr, "\r%s\x1b[K", qPrintable(line));
    std::fflush(stderr);
    m_lineOpen = true;
}

void ProgressLine::finish()
{
    if (m_lineOpen)
        std::fputc('\n', stderr);
    m_lineOpen = false;
}

QString byteText(qint64 bytes)
{
    if (bytes < 1024)
        return u"%1 B"_s.arg(bytes);
    double value = double(bytes);
    QString unit;
    for (const QString& next : {u"KiB"_s, u"MiB"_s, u"GiB"_s, u"TiB"_s}) {
        value /= 1024;
        unit = next;
        if (value < 1024)
            break;
    }
    return QString::number(value, 'f', 1) + u' ' + unit;
}

QString timeText(qint64 ms)
{
    return ms <= 0 ? u"-"_s : QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s);
}

int exitCodeFor(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
    case ErrorCode::Conflict:
    case ErrorCode::Decode:
    case ErrorCode::Query:
    case ErrorCode::Unsupported:
        return ExitFindings;
    case ErrorCode::InvalidArgument:
    case ErrorCode::Io:
    case ErrorCode::NotFound:
    case ErrorCode::Reference:
    case ErrorCode::Schema:
    case ErrorCode::Secret:
    case ErrorCode::Auth:
    case ErrorCode::Syntax:
    case ErrorCode::Internal:
        return ExitUsage;
    default:
        return ExitRemote;
    }
}

Json errorToJson(const Error& error)
{
    return Json::object({{u"code"_s, errorCodeName(error.code)}, {u"summary"_s, error.summary}, {u"detail"_s, error.detail},
                         {u"hint"_s, error.hint}, {u"target"_s, error.target}});
}

Outcome failed(const Error& error)
{
    return {exitCodeFor(error), {}, Json::object({{u"error"_s, errorToJson(error)}}), {error.toString()}};
}

Result<std::vector<Backup::BackupRecord>> loadBackups(Backup::Repository& repository, const CancelToken& cancel, const QString& stack)
{
    Result<std::vector<Backup::BackupRecord>> backups = Backup::listBackups(repository, cancel);
    if (backups && !stack.isEmpty())
        std::erase_if(*backups, [&](const Backup::BackupRecord& record) { return record.stack != stack; });
    return backups;
}

QString listText(const std::vector<Backup::BackupRecord>& backups)
{
    QString out;
    for (const Backup::BackupRecord& record : backups) {
        QStringList parts;
        for (const Backup::RecordedComponent& component : record.components)
            parts << (component.method.isEmpty() ? component.id : u"%1 (%2)"_s.arg(component.id, component.method));
        out += u"%1\n    made %2, %3, %4, %5\n    %6\n"_s.arg(
            record.name, timeText(record.createdAtMs), byteText(record.size),
            record.protection == u"none" ? u"not encrypted"_s
                : record.hasRecord       ? u"encrypted (%1)"_s.arg(record.protection)
                                         : u"without a record"_s,
            record.verifiedAtMs() > 0 ? u"verified %1"_s.arg(timeText(record.verifiedAtMs())) : u"not verified"_s,
            parts.join(u", "_s));
    }
    return out;
}

} // namespace Promdeck::Cli
