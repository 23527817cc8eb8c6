#include "app/cli/verb.h"

#include <QCoreApplication>

#include <cstdio>

namespace Promdeck::Cli {

void Verb::finish(int exitCode)
{
    std::fflush(stdout);
    // Queued: a verb may finish before the event loop has started.
    QMetaObject::invokeMethod(
        qApp, [exitCode] { QCoreApplication::exit(exitCode); }, Qt::QueuedConnection);
}

void Verb::finishWrongUsage(const QString& why) const
{
    if (!why.isEmpty())
        err(QStringLiteral("promdeck %1: %2").arg(name(), why));
    err(QStringLiteral("usage: ") + usage());
    finish(ExitUsage);
}

void Verb::out(const QString& text)
{
    outBytes(text.toUtf8() + '\n');
}

void Verb::err(const QString& text)
{
    const QByteArray bytes = text.toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stderr);
}

void Verb::outBytes(const QByteArray& bytes)
{
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
}

std::optional<int> timeoutFrom(const QString& text)
{
    constexpr double kMostSeconds = 3600;
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    // Not a number fails both comparisons.
    if (!isNumber || !(seconds >= 0.001) || !(seconds <= kMostSeconds))
        return {};
    return int(seconds * 1000);
}

} // namespace Promdeck::Cli
