#include "app/hosts/terminalprompts.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// A server's words must not move the cursor or colour the terminal.
QString harmless(const QString& text)
{
    QString out;
    for (const QChar c : text)
        out += c.isPrint() || c == u'\n' ? c : QChar(u'?');
    return out;
}

QString heading(const SshQuestion& question)
{
    switch (question.kind) {
    case SshQuestion::Kind::HostKey: {
        const bool known = question.verdict.state != HostKeyVerdict::State::Unknown;
        QString text = known ? u"WARNING: the key of %1 is not the one that is known of it.\n"_s.arg(question.host)
                             : u"The key of %1 is not known yet.\n"_s.arg(question.host);
        for (const KnownHost& line : question.verdict.known)
            text += u"  known:   %1 %2 (%3:%4)\n"_s.arg(line.key.shortType(), line.key.fingerprint(), line.file).arg(line.line);
        text += u"  offered: %1 %2\n"_s.arg(question.key.shortType(), question.key.fingerprint());
        text += u"On the server itself, \"%1\" shows it.\n"_s.arg(question.command);
        return text
            + (known ? u"Paste the new fingerprint to replace the known key, anything else refuses: "_s
                     : u"\"yes\" keeps it, a pasted fingerprint compares and keeps it, anything else refuses: "_s);
    }
    case SshQuestion::Kind::Passphrase: return u"Passphrase of %1: "_s.arg(question.file);
    case SshQuestion::Kind::Password: return u"Password of %1: "_s.arg(question.address);
    case SshQuestion::Kind::SudoPassword: return u"sudo password of %1: "_s.arg(question.address);
    case SshQuestion::Kind::Interactive: break;
    }
    QStringList lines {u"%1 asks:"_s.arg(question.address)};
    for (const QString& text : {question.title, question.instruction}) {
        if (!text.isEmpty())
            lines << text;
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace

TerminalPrompts::TerminalPrompts(PromptDesk& desk, QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC))
{
    if (m_terminal >= 0) {
        m_notifier = new QSocketNotifier(m_terminal, QSocketNotifier::Read, this);
        m_notifier->setEnabled(false);
        connect(m_notifier, &QSocketNotifier::activated, this, &TerminalPrompts::readLine);
    }
    connect(&m_desk, &PromptDesk::asked, this, &TerminalPrompts::next);
    connect(&m_desk, &PromptDesk::withdrawn, this, [this](quint64 id) {
        if (id != m_id)
            return;
        setEcho(true);
        say(u"\n"_s);
        m_id = 0;
        next();
    });
}

TerminalPrompts::~TerminalPrompts()
{
    if (m_terminal < 0)
        return;
    setEcho(true);
    ::close(m_terminal);
}

void TerminalPrompts::say(const QString& text) const
{
    const QByteArray bytes = text.toLocal8Bit();
    (void)!::write(m_terminal, bytes.constData(), size_t(bytes.size()));
}

void TerminalPrompts::setEcho(bool on) const
{
    termios settings {};
    if (::tcgetattr(m_terminal, &settings) != 0)
        return;
    settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & ~tcflag_t(ECHO);
    ::tcsetattr(m_terminal, TCSAFLUSH, &settings);
}

void TerminalPrompts::next()
{
    if (m_id != 0)
        return;
    const auto waiting = m_desk.waiting();
    if (waiting.empty()) {
        if (m_notifier)
            m_notifier->setEnabled(false);
        return;
    }
    if (m_terminal < 0) {
        m_desk.answer(waiting.begin()->first, {});
        next();
        return;
    }
    m_id = waiting.begin()->first;
    m_question = waiting.begin()->second;
    m_texts.clear();
    say(harmless(heading(m_question)));
    showField();
    m_notifier->setEnabled(true);
}

void TerminalPrompts::showField()
{
    const bool key = m_question.kind == SshQuestion::Kind::HostKey;
    const auto index = std::size_t(m_texts.size());
    setEcho(key || (index < m_question.fields.size() && m_question.fields[index].echo));
    if (m_question.kind == SshQuestion::Kind::Interactive && index < m_question.fields.size())
        say(harmless(m_question.fields[index].prompt) + u' ');
}

void TerminalPrompts::readLine()
{
    // A terminal gives whole lines.
    QByteArray line(4096, Qt::Uninitialized);
    const ssize_t count = ::read(m_terminal, line.data(), size_t(line.size()));
    if (m_id == 0)
        return;
    if (count <= 0) {
        finish(false);
        return;
    }
    line.truncate(count);
    if (line.endsWith('\n'))
        line.chop(1);
    m_texts << QString::fromLocal8Bit(line);
    if (m_question.kind == SshQuestion::Kind::HostKey) {
        const bool unknown = m_question.verdict.state == HostKeyVerdict::State::Unknown;
        const bool same = pastedKeyMatches(m_texts.first(), m_question.key).valueOr(false);
        finish(same || (unknown && m_texts.first().trimmed() == u"yes"));
        return;
    }
    setEcho(true);
    if (std::size_t(m_texts.size()) < m_question.fields.size()) {
        showField();
        return;
    }
    finish(true);
}

void TerminalPrompts::finish(bool accepted)
{
    setEcho(true);
    if (m_question.kind != SshQuestion::Kind::HostKey)
        say(u"\n"_s);
    SshAnswer answer;
    answer.accepted = accepted;
    answer.texts = m_texts;
    m_texts.clear();
    const quint64 id = std::exchange(m_id, 0);
    m_desk.answer(id, answer);
    next();
}

} // namespace Promdeck
