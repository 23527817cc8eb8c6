#include "models/core/secrets.h"

#include "models/core/completion.h"

#include <QPointer>
#include <QProcess>
#include <QTimer>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaxSecret = 64 << 10;

Error secretError(const QString& summary, const QString& detail, const QString& hint)
{
    return makeError(ErrorCode::Secret, summary, detail, hint);
}

class NoSecretStore final : public SecretStore
{
public:
    QCoro::Task<Result<QString>> read(QString) override { co_return Result<QString>(refusal()); }
    QCoro::Task<Status> write(QString, QString) override { co_return Status(refusal()); }
    QCoro::Task<Status> remove(QString) override { co_return Status(refusal()); }

private:
    static Error refusal()
    {
        return secretError(u"There is no keychain here"_s, {},
                           u"Let the stack take the secret from an environment variable or a command"_s);
    }
};

/// Runs the command and finishes `done`; owns itself.
class SecretProcess final : public QProcess
{
public:
    SecretProcess(QString program, Completion<Result<QString>> done) : m_program(std::move(program)), m_done(std::move(done))
    {
        setStandardInputFile(QProcess::nullDevice());
        m_limit.setSingleShot(true);
        connect(&m_limit, &QTimer::timeout, this, [this] {
            fail(u"did not finish within %1 s"_s.arg(double(m_limit.interval()) / 1000),
                 u"It may be waiting for an answer: use a command that asks nothing"_s);
        });
        connect(this, &QProcess::readyReadStandardOutput, this, [this] {
            m_out += readAllStandardOutput();
            if (m_out.size() > kMaxSecret)
                fail(u"prints too much to be a secret"_s, u"It has to print the secret alone"_s);
        });
        connect(this, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) {
                fail(u"does not start"_s, u"Check the path of the program; no shell is involved"_s);
                deleteLater();
            }
        });
        connect(this, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
            ended(exitCode, status);
            deleteLater();
        });
    }

    void run(const QStringList& arguments, std::chrono::milliseconds limit)
    {
        m_limit.start(limit);
        start(m_program, arguments);
    }

    void abandon() { kill(); }

private:
    void fail(const QString& what, const QString& hint, const QString& detail = {})
    {
        m_done.finish(secretError(u"The command %1 for the secret %2"_s.arg(m_program, what), detail, hint));
        kill();
    }

    void ended(int exitCode, QProcess::ExitStatus status)
    {
        m_limit.stop();
        m_out += readAllStandardOutput();
        while (m_out.endsWith('\n') || m_out.endsWith('\r'))
            m_out.chop(1);
        if (status != QProcess::NormalExit || exitCode != 0) {
            const QString words = QString::fromUtf8(readAllStandardError()).section(u'\n', 0, 0).left(200);
            fail(status == QProcess::NormalExit ? u"failed with exit code %1"_s.arg(exitCode) : u"crashed"_s,
                 u"Run it in a terminal to see why"_s, words);
        } else if (m_out.isEmpty()) {
            fail(u"printed nothing"_s, u"It has to print the secret to standard output"_s);
        } else {
            m_done.finish(QString::fromUtf8(m_out));
        }
    }

    QString m_program;
    Completion<Result<QString>> m_done;
    QTimer m_limit;
    QByteArray m_out;
};

} // namespace

std::shared_ptr<SecretStore> noSecretStore()
{
    return std::make_shared<NoSecretStore>();
}

Result<QString> environmentSecret(const QString& variable)
{
    const QString value = qEnvironmentVariable(variable.toLocal8Bit().constData());
    if (!value.isEmpty())
        return value;
    return secretError(u"The environment variable %1 holds no secret"_s.arg(variable), {},
                       u"Set it before Promdeck starts"_s);
}

QCoro::Task<Result<QString>> commandSecret(QString commandLine, std::chrono::milliseconds limit, std::stop_token stop)
{
    QStringList parts = QProcess::splitCommand(commandLine);
    if (parts.isEmpty())
        co_return Result<QString>(secretError(u"The command for the secret is empty"_s, {}, {}));
    const QString program = parts.takeFirst();
    const Completion<Result<QString>> done;
    QPointer<SecretProcess> process = new SecretProcess(program, done);
    process->run(parts, limit);
    const std::stop_callback onStop(stop, [done, process] {
        done.finish(makeError(ErrorCode::Cancelled, u"The command for the secret was cancelled"_s));
        // The token may be stopped from another thread; the process belongs to the one that started it.
        if (process)
            QMetaObject::invokeMethod(process.data(), [process] { process->abandon(); }, Qt::QueuedConnection);
    });
    co_return co_await done.wait();
}

} // namespace Promdeck
