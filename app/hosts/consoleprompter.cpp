#include "app/hosts/consoleprompter.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <thread>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestLine = 4096;

class Terminal
{
public:
    Terminal() : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
    ~Terminal()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(Terminal)
    [[nodiscard]] bool ok() const { return m_fd >= 0; }

    void say(const QString& text) const
    {
        const QByteArray bytes = text.toUtf8();
        const ssize_t written = ::write(m_fd, bytes.constData(), size_t(bytes.size()));
        Q_UNUSED(written)
    }

    [[nodiscard]] QString line(bool echo) const
    {
        termios before {};
        const bool quiet = !echo && ::tcgetattr(m_fd, &before) == 0;
        if (quiet) {
            termios silent = before;
            silent.c_lflag &= ~tcflag_t(ECHO);
            ::tcsetattr(m_fd, TCSAFLUSH, &silent);
        }
        QByteArray text;
        char c = 0;
        ssize_t got = 0;
        while (text.size() < kLongestLine && (got = ::read(m_fd, &c, 1)) == 1 && c != '\n')
            text += c;
        if (quiet) {
            ::tcsetattr(m_fd, TCSAFLUSH, &before);
            say(u"\n"_s);
        }
        return got <= 0 && text.isEmpty() ? QString() : QString::fromUtf8(text.isNull() ? QByteArray("") : text);
    }

private:
    int m_fd;
};

/// What a server says may try to move the cursor.
QString plain(QString text)
{
    for (QChar& c : text) {
        if (c < u' ' && c != u'\n')
            c = u'?';
    }
    return text;
}

} // namespace

bool hasTerminal()
{
    return Terminal().ok();
}

QString askTerminal(const QString& prompt, bool echo)
{
    const Terminal terminal;
    if (!terminal.ok())
        return {};
    terminal.say(prompt);
    return terminal.line(echo);
}

void ConsolePrompter::ask(const SshQuestion& question, const Reply& reply)
{
    if (!hasTerminal()) {
        reply({});
        return;
    }
    // People think for as long as they like; a worker waits for the reply and can be cancelled meanwhile.
    std::thread([self = shared_from_this(), question, reply] { reply(self->answer(question)); }).detach();
}

SshAnswer ConsolePrompter::answer(const SshQuestion& question)
{
    const std::lock_guard lock(m_asking);
    using Kind = SshQuestion::Kind;
    SshAnswer out;
    if (question.kind == Kind::HostKey) {
        const QString error = plain(hostKeyError(question).toString());
        const QString typed = askTerminal(error + u"\nIs this the host's key? Type \"yes\" to keep it, \"once\" for this time: "_s, true);
        out.accepted = typed == u"yes" || typed == u"once";
        out.once = typed == u"once";
        return out;
    }
    const auto add = [&out](const QString& prompt, bool echo) {
        const QString text = askTerminal(prompt, echo);
        out.accepted = !text.isNull();
        out.texts << text;
    };
    if (question.kind == Kind::Interactive) {
        for (const SshQuestion::Field& field : question.fields)
            add(plain(question.host + u": "_s + field.prompt), field.echo);
        return out;
    }
    const QString what = question.kind == Kind::Passphrase ? u"Passphrase of %1"_s.arg(question.file) : question.kind == Kind::SudoPassword ? u"Password for sudo on %1"_s.arg(question.host) : u"Password of %1"_s.arg(question.address);
    add(plain(what) + u": "_s, false);
    return out;
}

} // namespace Promdeck::Cli
