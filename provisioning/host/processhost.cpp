#include "provisioning/host/processhost.h"

#include "provisioning/host/elevation.h"
#include "provisioning/host/shellquote.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

using Clock = std::chrono::steady_clock;

constexpr qint64 kBlock = 256 << 10;
constexpr auto kProgressEvery = 200ms;

/// What remains of a limit; a day when there is none.
class Deadline
{
public:
    explicit Deadline(milliseconds limit)
        : m_end(limit > 0ms ? Clock::now() + limit : Clock::time_point::max())
        , m_limit(limit)
    {
    }

    [[nodiscard]] milliseconds left() const
    {
        if (m_end == Clock::time_point::max())
            return 24h;
        return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(m_end - Clock::now()));
    }

    [[nodiscard]] bool passed() const { return Clock::now() >= m_end; }
    [[nodiscard]] milliseconds limit() const { return m_limit; }

private:
    Clock::time_point m_end;
    milliseconds m_limit;
};

Error timeout(milliseconds limit)
{
    return makeError(ErrorCode::Timeout, u"The command did not end within %1 s"_s.arg(double(limit.count()) / 1000.0),
                     {}, u"Try again, or allow more time"_s);
}

/// Collects up to a limit and drops the rest.
class TailDropper final : public ByteSink
{
public:
    TailDropper(QByteArray* into, qint64 limit) : m_into(into), m_limit(limit) {}

    Status write(const char* data, qint64 size) override
    {
        if (m_into)
            m_into->append(data, std::clamp<qint64>(m_limit - m_into->size(), 0, size));
        return Done {};
    }

private:
    QByteArray* m_into;
    qint64 m_limit;
};

/// Counts bytes and reports them, not too often.
class Reporter
{
public:
    Reporter(Progress report, qint64 total) : m_report(std::move(report)), m_total(total) {}

    void add(qint64 bytes)
    {
        m_done += bytes;
        if (!m_report || bytes == 0)
            return;
        const auto now = Clock::now();
        if (now - m_last < kProgressEvery)
            return;
        m_last = now;
        m_report(m_done, m_total);
    }

    void finish() const
    {
        if (m_report)
            m_report(m_done, m_total);
    }

private:
    Progress m_report;
    qint64 m_total;
    qint64 m_done = 0;
    Clock::time_point m_last = Clock::now();
};

/// What is to be sent: a buffer first, then a source.
class InputQueue
{
public:
    InputQueue(QByteArray first, ByteSource* source) : m_block(std::move(first)), m_source(source) {}

    /// True when there are bytes in hand. Reads the source when there are none.
    Result<bool> fill()
    {
        if (m_sent < m_block.size())
            return true;
        if (!m_source)
            return false;
        m_block.resize(kBlock);
        const Result<qint64> count = m_source->read(m_block.data(), kBlock);
        if (!count)
            return count.error();
        m_block.resize(*count);
        m_sent = 0;
        if (*count == 0)
            m_source = nullptr;
        return *count > 0;
    }

    [[nodiscard]] const char* data() const { return m_block.constData() + m_sent; }
    [[nodiscard]] qint64 size() const { return m_block.size() - m_sent; }
    void took(qint64 bytes) { m_sent += bytes; }

private:
    QByteArray m_block;
    qsizetype m_sent = 0;
    ByteSource* m_source;
};

QByteArray commandLineOf(const QList<QByteArray>& argv)
{
    return "LC_ALL=C; export LC_ALL; exec " + shellQuote(argv);
}

/// $(cat) reads everything before the first line runs, and leaves standard input at its end.
const QByteArray kRunner = "umask 077; LC_ALL=C; export LC_ALL; p=$(cat) && exec 0</dev/null && eval \"$p\"";

} // namespace

Error ProcessHost::withTarget(Error error) const
{
    if (error.target.isEmpty())
        error.target = name();
    return error;
}

Result<ProcessHost::Started> ProcessHost::launch(const QByteArray& commandLine, bool asRoot, milliseconds limit,
                                                 const CancelToken& cancel)
{
    if (asRoot)
        return launchAsRoot(commandLine, limit, cancel);
    Result<std::unique_ptr<Process>> process = start(commandLine, limit, cancel);
    if (!process)
        return process.error();
    return Started {std::move(*process), {}};
}

Result<ProcessHost::Started> ProcessHost::launchAsRoot(const QByteArray& commandLine, milliseconds limit,
                                                       const CancelToken& cancel)
{
    const Result<HostFacts> known = facts(cancel);
    if (!known)
        return known.error();
    if (known->root == HostFacts::Root::IsRoot)
        return launch(commandLine, false, limit, cancel);
    if (known->root == HostFacts::Root::None) {
        return makeError(ErrorCode::Auth, u"This needs root, and there is no sudo on the host"_s, {},
                         u"Log in as root, or install sudo and allow it for %1"_s.arg(QString::fromUtf8(known->user)));
    }
    const bool mayAsk = known->root == HostFacts::Root::SudoPassword;
    QByteArray password;
    if (mayAsk) {
        {
            const std::lock_guard lock(m_mutex);
            password = m_sudoPassword;
        }
        if (password.isNull()) {
            // Asked before the command starts: people think longer than a prompt of sudo waits.
            Result<QByteArray> given = askSudoPassword(cancel);
            if (!given)
                return given.error();
            password = *given;
        }
    }
    SudoConversation sudo(commandLine, mayAsk);
    Result<std::unique_ptr<Process>> started = start(sudo.commandLine(), limit, cancel);
    if (!started)
        return started.error();
    Process& process = **started;
    const Deadline deadline(limit);
    char buffer[4096];
    QByteArray toSend;
    while (true) {
        const Result<qint64> got = process.read(Process::Stream::Error, buffer, sizeof buffer);
        if (!got)
            return got.error();
        SudoConversation::Step step = SudoConversation::Step::Wait;
        if (*got > 0)
            step = sudo.feed(QByteArray(buffer, *got));
        if (step == SudoConversation::Step::SendPassword)
            toSend = password + '\n';
        if (step == SudoConversation::Step::Started) {
            if (mayAsk) {
                sudoPasswordWorked(true);
                const std::lock_guard lock(m_mutex);
                m_sudoPassword = password;
            }
            return Started {std::move(*started), sudo.rest()};
        }
        const bool ended = *got == 0 && process.atEnd(Process::Stream::Error);
        if (step == SudoConversation::Step::Refused || ended) {
            if (mayAsk)
                sudoPasswordWorked(false);
            const std::lock_guard lock(m_mutex);
            m_sudoPassword = QByteArray();
            return makeError(ErrorCode::Auth, u"sudo did not let %1 become root"_s.arg(QString::fromUtf8(known->user)),
                             QString::fromUtf8(sudo.said().right(500)),
                             mayAsk ? u"Check the password; it is tried only once, so that no account gets locked"_s
                                    : u"Check what sudo allows this user"_s);
        }
        if (!toSend.isEmpty()) {
            const Result<qint64> sent = process.write(toSend.constData(), toSend.size());
            if (!sent)
                return sent.error();
            toSend.remove(0, *sent);
        }
        if (*got > 0)
            continue;
        if (deadline.passed())
            return timeout(limit);
        const Status waited = process.wait(!toSend.isEmpty(), deadline.left(), cancel);
        if (!waited)
            return waited.error();
    }
}

Result<int> ProcessHost::drive(const QByteArray& commandLine, const Command& command, ByteSource* in, ByteSink* out,
                               ByteSink* err, const StreamOptions& options, const CancelToken& cancel)
{
    const Deadline deadline(command.deadline);
    Result<Started> started = launch(commandLine, command.asRoot, command.deadline, cancel);
    if (!started)
        return started.error();
    Process& process = *started->process;
    Reporter sent(options.sent, in ? in->size() : -1);
    Reporter received(options.received, -1);
    InputQueue input(command.input, in);
    bool inputOpen = true;
    if (err && !started->standardError.isEmpty()) {
        const Status taken = err->write(started->standardError.constData(), started->standardError.size());
        if (!taken)
            return taken.error();
    }
    QByteArray buffer(kBlock, Qt::Uninitialized);
    Clock::time_point lastMove = Clock::now();
    while (true) {
        bool moved = false;
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        if (inputOpen) {
            const Result<bool> more = input.fill();
            if (!more)
                return more.error();
            if (!*more) {
                process.closeInput();
                inputOpen = false;
            } else {
                const Result<qint64> taken = process.write(input.data(), input.size());
                if (!taken)
                    return taken.error();
                input.took(*taken);
                sent.add(*taken);
                moved = *taken > 0;
            }
        }
        for (const auto& [stream, sink] : {std::pair(Process::Stream::Output, out), std::pair(Process::Stream::Error, err)}) {
            const Result<qint64> got = process.read(stream, buffer.data(), buffer.size());
            if (!got)
                return got.error();
            if (*got == 0)
                continue;
            moved = true;
            if (stream == Process::Stream::Output)
                received.add(*got);
            if (sink) {
                const Status taken = sink->write(buffer.constData(), *got);
                if (!taken)
                    return taken.error();
            }
        }
        if (!moved && process.atEnd(Process::Stream::Output) && process.atEnd(Process::Stream::Error)) {
            if (const std::optional<int> code = process.exitCode()) {
                sent.finish();
                received.finish();
                return *code;
            }
        }
        const auto now = Clock::now();
        if (moved)
            lastMove = now;
        if (deadline.passed())
            return timeout(deadline.limit());
        milliseconds patience = deadline.left();
        if (options.stall > 0ms) {
            const auto idle = std::chrono::duration_cast<milliseconds>(now - lastMove);
            if (idle >= options.stall)
                return makeError(ErrorCode::Timeout, u"Nothing moved for %1 s"_s.arg(double(options.stall.count()) / 1000.0));
            patience = std::min(patience, options.stall - idle);
        }
        if (moved)
            continue;
        const Status waited = process.wait(inputOpen, patience, cancel);
        if (!waited)
            return waited.error();
    }
}

Result<CommandOutput> ProcessHost::run(const Command& command, const CancelToken& cancel)
{
    if (const Status valid = checkArguments(command.argv); !valid)
        return withTarget(valid.error());
    BufferSink out(command.outputLimit);
    BufferSink err(command.outputLimit);
    StreamOptions options;
    options.stall = 0ms;
    const Result<int> code = drive(commandLineOf(command.argv), command, nullptr, &out, &err, options, cancel);
    if (!code)
        return withTarget(code.error());
    return CommandOutput {*code, out.take(), err.take()};
}

Result<CommandOutput> ProcessHost::runScript(const QByteArray& script, const QList<QByteArray>& args,
                                             const Command& how, const CancelToken& cancel)
{
    if (script.contains('\0'))
        return withTarget(makeError(ErrorCode::InvalidArgument, u"The script holds a NUL byte"_s));
    Command command = how;
    command.argv = QList<QByteArray> {"/bin/sh", "-c", kRunner, "promdeck"} + args;
    command.input = script;
    return run(command, cancel);
}

Result<int> ProcessHost::stream(const Command& command, ByteSource* in, ByteSink* out, const StreamOptions& options,
                                const CancelToken& cancel, QByteArray* standardError)
{
    if (const Status valid = checkArguments(command.argv); !valid)
        return withTarget(valid.error());
    TailDropper err(standardError, command.outputLimit);
    const Result<int> code = drive(commandLineOf(command.argv), command, in, out, &err, options, cancel);
    if (!code)
        return withTarget(code.error());
    return *code;
}

Result<HostFacts> ProcessHost::facts(const CancelToken& cancel)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_facts)
            return *m_facts;
    }
    static const QByteArray script = R"sh(
PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin
uname -s; uname -m; uname -n
id -u; id -un
printf '%s\n' "$HOME"
date +%s
if [ "$(id -u)" = 0 ]; then echo root
elif ! command -v sudo >/dev/null 2>&1; then echo none
elif sudo -n true >/dev/null 2>&1; then echo free
else echo password
fi
for tool in tar sha256sum dd sync mktemp mv ln chcon setsid nohup unshare sudo curl wget gzip zstd python3 \
    promtool amtool systemctl systemd-run docker podman
do
    command -v "$tool" >/dev/null 2>&1 && echo "$tool"
done
:
)sh";
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    Command how;
    how.outputLimit = 64 << 10;
    const Result<CommandOutput> answer = runScript(script, {}, how, cancel);
    if (!answer)
        return answer.error();
    const qint64 now = (before + QDateTime::currentMSecsSinceEpoch()) / 2;
    const QList<QByteArray> lines = answer->standardOutput.split('\n');
    if (!answer->ok() || lines.size() < 8) {
        return withTarget(makeError(ErrorCode::Unsupported, u"The host does not run commands in a POSIX shell"_s,
                                    QString::fromUtf8((answer->standardOutput + answer->standardError).left(500)),
                                    u"Give the user a shell such as /bin/sh"_s));
    }
    HostFacts facts;
    facts.system = lines.at(0);
    facts.machine = lines.at(1);
    facts.hostName = lines.at(2);
    facts.uid = lines.at(3).toLongLong();
    facts.user = lines.at(4);
    facts.home = lines.at(5);
    // A clock that says whole seconds is half a second behind on average.
    facts.clockAheadMs = lines.at(6).toLongLong() * 1000 + 500 - now;
    facts.root = lines.at(7) == "root"   ? HostFacts::Root::IsRoot
        : lines.at(7) == "free"          ? HostFacts::Root::SudoFree
        : lines.at(7) == "password"      ? HostFacts::Root::SudoPassword
                                         : HostFacts::Root::None;
    facts.tools = lines.mid(8);
    facts.tools.removeAll(QByteArray());
    const std::lock_guard lock(m_mutex);
    m_facts = facts;
    return facts;
}

} // namespace Promdeck
