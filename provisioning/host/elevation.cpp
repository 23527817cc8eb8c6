#include "provisioning/host/elevation.h"

#include "provisioning/host/shellquote.h"

#include <QRandomGenerator>

namespace Promdeck {

namespace {

QByteArray marker(const char* word)
{
    const quint64 number = QRandomGenerator::system()->generate64();
    return QByteArray("[promdeck ") + word + ' ' + QByteArray::number(number, 16) + ']';
}

} // namespace

SudoConversation::SudoConversation(const QByteArray& commandLine, bool mayAsk)
    : m_prompt(marker("asks"))
    , m_started(marker("starts"))
{
    // -k: a remembered password would skip the prompt for this command only sometimes.
    QList<QByteArray> words {"exec", "sudo"};
    if (mayAsk)
        words << QByteArray("-k") << QByteArray("-S") << QByteArray("-p") << m_prompt;
    else
        words << QByteArray("-n");
    words << QByteArray("--") << QByteArray("/bin/sh") << QByteArray("-c")
          << "printf %s " + shellQuote(m_started) + " >&2; " + commandLine;
    m_commandLine = "LC_ALL=C; export LC_ALL; " + shellQuote(words);
}

SudoConversation::Step SudoConversation::feed(const QByteArray& bytes)
{
    m_text += bytes;
    const qsizetype start = m_text.indexOf(m_started);
    if (start >= 0) {
        m_rest = m_text.mid(start + m_started.size());
        m_text.truncate(start);
        return Step::Started;
    }
    const qsizetype first = m_text.indexOf(m_prompt);
    if (first < 0)
        return Step::Wait;
    if (!m_asked) {
        m_asked = true;
        return Step::SendPassword;
    }
    return m_text.indexOf(m_prompt, first + m_prompt.size()) >= 0 ? Step::Refused : Step::Wait;
}

QByteArray SudoConversation::said() const
{
    QByteArray text = m_text;
    text.replace(m_prompt, QByteArray());
    return text.trimmed();
}

} // namespace Promdeck
