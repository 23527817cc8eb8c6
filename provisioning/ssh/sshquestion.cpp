#include "provisioning/ssh/sshquestion.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

struct Pending
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<SshAnswer> answer;
};

QString knownKeys(const HostKeyVerdict& verdict)
{
    QStringList lines;
    for (const KnownHost& known : verdict.known) {
        if (known.marker == KnownHost::Marker::None)
            lines << u"%1 %2 (%3:%4)"_s.arg(known.key.shortType(), known.key.fingerprint(), known.file).arg(known.line);
    }
    return lines.join(u", "_s);
}

} // namespace

Error hostKeyError(const SshQuestion& question)
{
    const QString offered = u"%1 %2"_s.arg(question.key.shortType(), question.key.fingerprint());
    Error error = makeError(ErrorCode::HostKey, {});
    error.target = question.host;
    switch (question.verdict.state) {
    case HostKeyVerdict::State::Changed:
        error.summary = u"The key of %1 has changed"_s.arg(question.host);
        error.detail = u"offered %1, known %2"_s.arg(offered, knownKeys(question.verdict));
        error.hint = u"Somebody may be listening in. Compare with what \"%1\" says on the server itself before you "
                     "replace the known key"_s.arg(question.command);
        break;
    case HostKeyVerdict::State::OtherType:
        error.summary = u"%1 shows a key of a type that is not known of it"_s.arg(question.host);
        error.detail = u"offered %1, known %2"_s.arg(offered, knownKeys(question.verdict));
        error.hint = u"Somebody may be listening in. Compare with what \"%1\" says on the server itself"_s.arg(
            question.command);
        break;
    case HostKeyVerdict::State::Revoked:
        error.summary = u"The key of %1 has been revoked"_s.arg(question.host);
        error.detail = offered;
        error.hint = u"Do not use this host before its owner has explained it"_s;
        break;
    default:
        error.summary = u"The key of %1 is not known"_s.arg(question.host);
        error.detail = offered;
        error.hint = u"Compare it with what \"%1\" says on the server, then accept it: in the window, or by connecting "
                     "once with ssh"_s.arg(question.command);
        if (question.verdict.certified)
            error.hint += u"; known_hosts has an authority for this host, and Promdeck cannot check certificates of hosts"_s;
        break;
    }
    return error;
}

Result<SshAnswer> askAndWait(SshPrompter* prompter, const SshQuestion& question, const CancelToken& cancel)
{
    const bool key = question.kind == SshQuestion::Kind::HostKey;
    const auto declined = [&](const QString& why) {
        if (key)
            return hostKeyError(question);
        Error error = makeError(ErrorCode::Auth, why, {},
                                u"Use a key that needs no passphrase, an agent, or a stored secret"_s);
        error.target = question.host;
        return error;
    };
    if (!prompter)
        return declined(u"%1 asks for a secret, and there is nobody to ask"_s.arg(question.host));
    const auto pending = std::make_shared<Pending>();
    prompter->ask(question, [pending](const SshAnswer& answer) {
        const std::lock_guard lock(pending->mutex);
        if (!pending->answer)
            pending->answer = answer;
        pending->changed.notify_all();
    });
    std::unique_lock lock(pending->mutex);
    if (!pending->changed.wait(lock, cancel, [&] { return pending->answer.has_value(); })) {
        lock.unlock();
        prompter->withdraw(question);
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    }
    if (!pending->answer->accepted)
        return declined(u"The question of %1 was not answered"_s.arg(question.host));
    return *pending->answer;
}

} // namespace Promdeck
