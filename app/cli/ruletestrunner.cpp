#include "app/cli/ruletestrunner.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

namespace Promdeck::Cli {

namespace {

// A unit test that takes longer has a range that no one meant.
constexpr int kPatienceMs = 120000;

} // namespace

QString RuleTestRunner::findPromtool()
{
    return QStandardPaths::findExecutable(QStringLiteral("promtool"));
}

RuleTestRunner::RuleTestRunner(QString promtool, QStringList files, FileDone fileDone, std::function<void()> done)
    : m_promtool(std::move(promtool)), m_files(std::move(files)), m_fileDone(std::move(fileDone)), m_done(std::move(done))
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::finished, this, &RuleTestRunner::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finished();
    });
}

void RuleTestRunner::start()
{
    QTimer::singleShot(0, this, &RuleTestRunner::next);
}

void RuleTestRunner::next()
{
    if (m_files.isEmpty())
        return m_done();
    // Rule files are named relative to the test.
    const QFileInfo file(m_files.front());
    m_process.setWorkingDirectory(file.absolutePath());
    m_process.start(m_promtool, {QStringLiteral("test"), QStringLiteral("rules"), file.fileName()});
    QTimer::singleShot(kPatienceMs, &m_process, [this, pid = m_process.processId()] {
        if (m_process.processId() == pid)
            m_process.kill();
    });
}

void RuleTestRunner::finished()
{
    const bool ran = m_process.error() == QProcess::UnknownError;
    m_fileDone(m_files.takeFirst(), m_process.readAll(), ran ? QString() : m_process.errorString());
    next();
}

} // namespace Promdeck::Cli
