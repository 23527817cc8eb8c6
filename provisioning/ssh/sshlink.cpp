#include "provisioning/ssh/sshlink.h"

#include "provisioning/ssh/agentbridge.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

/// AES-GCM first: with the processor's help it is 1.4 times as fast as ChaCha20.
constexpr const char* kCiphers = "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"
                                 "aes256-ctr,aes192-ctr,aes128-ctr";
constexpr const char* kHostKeys = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
                                  "rsa-sha2-512,rsa-sha2-256";

/// The algorithms that show a key of a type.
QStringList algorithmsFor(const QString& type)
{
    if (type == u"ssh-rsa")
        return {u"rsa-sha2-512"_s, u"rsa-sha2-256"_s};
    return {type};
}

QByteArray blobOf(ssh_key key)
{
    char* base64 = nullptr;
    QByteArray blob;
    if (key && ssh_pki_export_pubkey_base64(key, &base64) == SSH_OK)
        blob = QByteArray::fromBase64(base64);
    ssh_string_free_char(base64);
    return blob;
}

/// The rest after a string with its length in front.
QByteArray afterString(const QByteArray& bytes)
{
    if (bytes.size() < 4)
        return {};
    const quint32 length = qFromBigEndian<quint32>(bytes.constData());
    return length > quint32(bytes.size() - 4) ? QByteArray() : bytes.mid(4 + qsizetype(length));
}

/// A certificate is its type, a nonce, and then the numbers of the key as the key itself has them after its type.
/// (ssh_key_cmp of libssh 0.10 calls a key and its certificate different.)
bool certifies(const QByteArray& certificate, const QByteArray& key)
{
    const QByteArray numbers = afterString(key);
    return !numbers.isEmpty() && afterString(afterString(certificate)).startsWith(numbers);
}

} // namespace

SshLink::SshLink(const SshTarget& target, SshPrompter* prompter, Memory& memory, CancelToken cancel)
    : m_target(target)
    , m_prompter(prompter)
    , m_memory(memory)
    , m_cancel(std::move(cancel))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_session(ssh_new())
{
}

SshLink::~SshLink()
{
    hangUp();
    ::close(m_wake);
}

/// Not by ssh_disconnect(), which leaves a socket open that it was given.
void SshLink::hangUp()
{
    if (m_session)
        ssh_free(m_session);
    m_session = nullptr;
}

Error SshLink::lost(const QString& what)
{
    m_lost = true;
    const QString said = QString::fromUtf8(ssh_get_error(m_session));
    const char* goodbye = ssh_get_disconnect_message(m_session);
    const QString last = goodbye ? QString::fromUtf8(goodbye) : QString();
    return makeError(ErrorCode::ConnectionLost, what, last.isEmpty() ? said : last);
}

template <typename Step>
Result<int> SshLink::drive(Step step, int again, milliseconds limit)
{
    const std::stop_callback onCancel(m_cancel, [wake = m_wake] { (void)::eventfd_write(wake, 1); });
    const Clock::time_point end = Clock::now() + limit;
    while (true) {
        if (m_cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        const int code = step();
        if (code != again)
            return code;
        // libssh may go on asking for patience after the server has hung up.
        if (ssh_get_status(m_session) & (SSH_CLOSED | SSH_CLOSED_ERROR))
            return SSH_ERROR;
        const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
        if (left <= 0ms)
            return makeError(ErrorCode::Timeout, u"%1 does not go on"_s.arg(m_target.name), {}, u"Check that sshd is well on that host"_s);
        const int flags = ssh_get_poll_flags(m_session);
        pollfd list[] = {{ssh_get_fd(m_session), short(POLLIN | ((flags & SSH_WRITE_PENDING) ? POLLOUT : 0)), 0},
                         {m_wake, POLLIN, 0}};
        ::poll(list, 2, int(std::min<qint64>(left.count(), 60000)));
    }
}

Status SshLink::prepare(int socket)
{
    const SshOptions& opts = m_target.options;
    const bool off = false;
    const QByteArray host = opts.host.toUtf8();
    const QByteArray user = opts.user.toUtf8();
    ssh_set_blocking(m_session, 0);
    ssh_options_set(m_session, SSH_OPTIONS_PROCESS_CONFIG, &off);
    ssh_options_set(m_session, SSH_OPTIONS_HOST, host.constData());
    ssh_options_set(m_session, SSH_OPTIONS_USER, user.constData());
    // Our own reader decides; libssh must not find files of its own.
    ssh_options_set(m_session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(m_session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    if (opts.compression)
        ssh_options_set(m_session, SSH_OPTIONS_COMPRESSION, "yes");
    const auto algorithms = [&](ssh_options_e option, const QString& list) {
        return list.isEmpty() || ssh_options_set(m_session, option, list.toLatin1().constData()) == 0;
    };
    const QString ciphers = opts.ciphers.isEmpty() ? QString::fromLatin1(kCiphers) : opts.ciphers;
    if (!algorithms(SSH_OPTIONS_CIPHERS_C_S, ciphers) || !algorithms(SSH_OPTIONS_CIPHERS_S_C, ciphers)
        || !algorithms(SSH_OPTIONS_HMAC_C_S, opts.macs) || !algorithms(SSH_OPTIONS_HMAC_S_C, opts.macs)
        || !algorithms(SSH_OPTIONS_KEY_EXCHANGE, opts.keyExchange)) {
        return makeError(ErrorCode::Ssh, u"The SSH configuration allows no algorithm that Promdeck has"_s,
                         QString::fromUtf8(ssh_get_error(m_session)));
    }
    // A key of a known type first, else a known host would show one that cannot be compared.
    const KnownHosts known(m_target.userKnownHosts, m_target.globalKnownHosts);
    QStringList wanted;
    for (const QString& type : known.knownTypes(m_target.hostKeyName))
        wanted << algorithmsFor(type);
    const bool plain = !opts.hostKeyAlgorithms.isEmpty() && !QStringLiteral("+-^").contains(opts.hostKeyAlgorithms.at(0));
    wanted << (plain ? opts.hostKeyAlgorithms : QString::fromLatin1(kHostKeys)).split(u',');
    wanted.removeDuplicates();
    if (!algorithms(SSH_OPTIONS_HOSTKEYS, wanted.join(u',')))
        algorithms(SSH_OPTIONS_HOSTKEYS, QString::fromLatin1(kHostKeys));
    return ssh_options_set(m_session, SSH_OPTIONS_FD, &socket) == 0
        ? Status(Done {})
        : Status(makeError(ErrorCode::Ssh, u"The session could not be set up"_s));
}

Status SshLink::open(int socket, milliseconds limit)
{
    if (const Status ready = prepare(socket); !ready) {
        ::close(socket);
        return ready;
    }
    const Result<int> connected = drive([&] { return ssh_connect(m_session); }, SSH_AGAIN, limit);
    if (!connected)
        return connected.error();
    if (*connected != SSH_OK) {
        const QString said = QString::fromUtf8(ssh_get_error(m_session));
        if (said.contains(u"kex error"_s) || said.contains(u"no match for method"_s)) {
            return makeError(ErrorCode::Ssh, u"%1 and Promdeck have no algorithm in common"_s.arg(m_target.name), said,
                             u"Bring the SSH server up to date"_s);
        }
        return makeError(ErrorCode::ConnectionLost, u"%1 port %2 does not speak SSH"_s.arg(m_target.options.host).arg(m_target.options.port),
                         said, u"Check the port"_s);
    }
    // libssh has made the socket block; a peer that reads nothing must not hold this thread.
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    return checkHostKey();
}

Status SshLink::checkHostKey()
{
    ssh_key key = nullptr;
    ssh_get_server_publickey(m_session, &key);
    const HostKey offered {blobOf(key)};
    ssh_key_free(key);
    if (offered.isNull())
        return makeError(ErrorCode::Ssh, u"%1 shows no key that can be read"_s.arg(m_target.name));
    const KnownHosts known(m_target.userKnownHosts, m_target.globalKnownHosts);
    const HostKeyVerdict verdict = known.check(m_target.hostKeyName, offered);
    if (verdict.state == HostKeyVerdict::State::Known)
        return Done {};
    if (verdict.state != HostKeyVerdict::State::Revoked && m_memory.acceptedOnce == offered)
        return Done {};
    return decideHostKey(verdict, offered);
}

Status SshLink::decideHostKey(const HostKeyVerdict& verdict, const HostKey& key)
{
    using State = HostKeyVerdict::State;
    SshQuestion asked = question(SshQuestion::Kind::HostKey);
    asked.key = key;
    asked.verdict = verdict;
    asked.command = hostKeyCommand(key);
    KnownHosts known(m_target.userKnownHosts, m_target.globalKnownHosts);
    const SshOptions::StrictHostKey strict = m_target.options.strictHostKey;
    const bool unknown = verdict.state == State::Unknown;
    if (verdict.state == State::Revoked || (unknown && strict == SshOptions::StrictHostKey::Yes))
        return hostKeyError(asked);
    // The user's own file says that new hosts are added. What is known and differs always blocks.
    if (unknown && (strict == SshOptions::StrictHostKey::AcceptNew || strict == SshOptions::StrictHostKey::Off))
        return known.add(m_target.hostKeyName, key, m_target.options.hashKnownHosts);
    if (m_target.options.batchMode)
        return hostKeyError(asked);
    // Nothing stays open while a person compares; a server would hang up in the middle.
    hangUp();
    const Result<SshAnswer> answer = askAndWait(m_prompter, asked, m_cancel);
    if (!answer)
        return answer.error();
    if (answer->once) {
        m_memory.acceptedOnce = key;
    } else {
        QStringList otherTypes;
        for (const KnownHost& line : verdict.known)
            otherTypes << line.key.type();
        const Status written = unknown ? known.add(m_target.hostKeyName, key, m_target.options.hashKnownHosts)
                                       : known.replace(m_target.hostKeyName, key, m_target.options.hashKnownHosts, otherTypes);
        if (!written)
            return written;
    }
    m_lost = true;
    m_asked = true;
    return makeError(ErrorCode::ConnectionLost, u"The connection was closed while the key was being compared"_s);
}

SshQuestion SshLink::question(SshQuestion::Kind kind) const
{
    SshQuestion out;
    out.kind = kind;
    out.host = m_target.name;
    out.address = m_target.address();
    return out;
}

Result<SshAnswer> SshLink::ask(SshQuestion question)
{
    const QString key = QString::number(int(question.kind)) + question.file + QString::number(question.attempt)
        + (question.fields.empty() ? QString() : question.fields.front().prompt);
    if (const auto it = m_memory.answers.find(key); it != m_memory.answers.end())
        return it->second.second;
    if (m_target.options.batchMode)
        return askAndWait(nullptr, question, m_cancel);
    m_asked = true;
    Result<SshAnswer> answer = askAndWait(m_prompter, question, m_cancel);
    if (answer)
        m_memory.answers[key] = {question, *answer};
    return answer;
}

void SshLink::settle(const SshQuestion& question, const SshAnswer& answer, bool worked)
{
    if (m_prompter)
        m_prompter->settled(question, answer, worked);
}

Result<SshLink::Outcome> SshLink::outcome(Result<int> code)
{
    if (!code)
        return code.error();
    switch (*code) {
    case SSH_AUTH_SUCCESS: return Outcome::Success;
    case SSH_AUTH_PARTIAL: return Outcome::Partial;
    case SSH_AUTH_DENIED: return Outcome::Denied;
    default: break;
    }
    if (ssh_is_connected(m_session) && (ssh_get_status(m_session) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0)
        return Outcome::Denied;
    Error error = lost(u"%1 hung up during the login"_s.arg(m_target.name));
    if (!m_tried.isEmpty())
        error.hint = u"Tried: %1. Where an agent holds many keys, IdentitiesOnly in ~/.ssh/config helps"_s.arg(m_tried.join(u", "_s));
    return error;
}

Status SshLink::authenticate()
{
    const Result<Outcome> none
        = outcome(drive([&] { return ssh_userauth_none(m_session, nullptr); }, SSH_AUTH_AGAIN, 30s));
    if (!none)
        return none.error();
    if (*none == Outcome::Success)
        return Done {};
    struct Method
    {
        QString name;
        int flag;
        bool allowed;
        Result<Outcome> (SshLink::*run)();
    };
    const SshOptions& opts = m_target.options;
    const Method methods[] = {
        {u"publickey"_s, int(SSH_AUTH_METHOD_PUBLICKEY), opts.publicKey, &SshLink::tryPublicKeys},
        {u"keyboard-interactive"_s, int(SSH_AUTH_METHOD_INTERACTIVE), opts.keyboardInteractive, &SshLink::tryInteractive},
        {u"password"_s, int(SSH_AUTH_METHOD_PASSWORD), opts.password, &SshLink::tryPassword}};
    QStringList offered;
    // After a partial success the server names what it wants besides; three factors are more than anybody has.
    for (int factor = 0; factor < 4; ++factor) {
        const int list = ssh_userauth_list(m_session, nullptr);
        offered.clear();
        bool partial = false;
        for (const Method& method : methods)
            if (list & method.flag)
                offered << method.name;
        for (const QString& name : opts.preferredAuthentications) {
            const auto* method = std::find_if(std::begin(methods), std::end(methods), [&](const Method& m) { return m.name == name; });
            if (method == std::end(methods) || !method->allowed || !(list & method->flag))
                continue;
            const Result<Outcome> result = (this->*method->run)();
            if (!result)
                return result.error();
            if (*result == Outcome::Success)
                return Done {};
            if (*result == Outcome::Partial) {
                partial = true;
                break;
            }
        }
        if (!partial)
            break;
    }
    m_tried.removeDuplicates();
    return makeError(ErrorCode::Auth, u"%1 did not let %2 in"_s.arg(m_target.name, opts.user),
                     u"tried %1; the host takes %2"_s.arg(m_tried.isEmpty() ? u"nothing"_s : m_tried.join(u", "_s),
                                                          offered.isEmpty() ? u"something else"_s : offered.join(u", "_s)),
                     u"Check the user, and that one of your keys is in ~/.ssh/authorized_keys there"_s);
}

Result<SshLink::Outcome> SshLink::tryPublicKeys()
{
    QByteArrayList preferred;
    for (const QString& path : m_target.identityFiles) {
        ssh_key key = nullptr;
        for (const QString& name : {QString(path + u".pub"_s), path}) {
            if (!key)
                ssh_pki_import_pubkey_file(name.toLocal8Bit().constData(), &key);
        }
        if (key)
            preferred << blobOf(key);
        ssh_key_free(key);
    }
    if (!m_target.agentSocket.isEmpty()) {
        const Result<Outcome> byAgent = tryAgent(preferred);
        if (!byAgent || *byAgent != Outcome::Denied)
            return byAgent;
    }
    for (const QString& path : m_target.identityFiles) {
        const Result<Outcome> byFile = tryKeyFile(path);
        if (!byFile || *byFile != Outcome::Denied)
            return byFile;
    }
    return Outcome::Denied;
}

Result<SshLink::Outcome> SshLink::tryAgent(const QByteArrayList& preferred)
{
    Result<std::unique_ptr<AgentBridge>> bridge = AgentBridge::connect(m_target.agentSocket, m_cancel);
    if (!bridge)
        return Outcome::Denied; // the variable outlives many an agent
    (*bridge)->prefer(preferred, m_target.options.identitiesOnly);
    ssh_set_agent_socket(m_session, (*bridge)->takeSocket());
    const Result<int> code = drive([&] { return ssh_userauth_agent(m_session, nullptr); }, SSH_AUTH_AGAIN, 60s);
    m_offered = (*bridge)->offered();
    if (!m_offered.isEmpty())
        m_tried << u"%1 keys of the agent"_s.arg(m_offered.size());
    return outcome(code);
}

void SshLink::attachCertificate(const QString& keyPath, ssh_key key) const
{
    const QByteArray plain = blobOf(key);
    const QStringList candidates = QStringList {keyPath + u"-cert.pub"_s} + m_target.certificateFiles;
    for (const QString& path : candidates) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly) || !certifies(QByteArray::fromBase64(file.readAll().simplified().split(' ').value(1)), plain))
            continue;
        ssh_key certificate = nullptr;
        const bool attached = ssh_pki_import_cert_file(path.toLocal8Bit().constData(), &certificate) == SSH_OK
            && ssh_pki_copy_cert_to_privkey(certificate, key) == SSH_OK;
        ssh_key_free(certificate);
        if (attached)
            return;
    }
}

Result<SshLink::Outcome> SshLink::tryKeyFile(const QString& path)
{
    const QByteArray name = path.toLocal8Bit();
    if (::access(name.constData(), R_OK) != 0)
        return Outcome::Denied;
    struct Key
    {
        ssh_key key = nullptr;
        ~Key() { ssh_key_free(key); }
    } publicKey, privateKey;
    for (const QString& file : {QString(path + u".pub"_s), path}) {
        if (!publicKey.key)
            ssh_pki_import_pubkey_file(file.toLocal8Bit().constData(), &publicKey.key);
    }
    // A server counts: a key that it has refused from the agent is not shown again, unless with a certificate.
    const bool certified = ::access((path + u"-cert.pub"_s).toLocal8Bit().constData(), R_OK) == 0 || !m_target.certificateFiles.isEmpty();
    if (!certified && publicKey.key && m_offered.contains(blobOf(publicKey.key)))
        return Outcome::Denied;
    m_tried << path;
    bool accepted = true;
    if (publicKey.key) {
        const Result<Outcome> offer = outcome(
            drive([&] { return ssh_userauth_try_publickey(m_session, nullptr, publicKey.key); }, SSH_AUTH_AGAIN, 30s));
        if (!offer)
            return offer.error();
        accepted = *offer == Outcome::Success;
    }
    // A server may know the certificate and not the key. Only then is a refused key worth more.
    if (!accepted && !certified)
        return Outcome::Denied;
    int rc = ssh_pki_import_privkey_file(name.constData(), "", nullptr, nullptr, &privateKey.key);
    SshQuestion asked = question(SshQuestion::Kind::Passphrase);
    asked.file = path;
    asked.fields = {{QString(), false}};
    asked.secretKey = u"ssh/key/"_s + path;
    std::optional<SshAnswer> given;
    for (int attempt = 0; rc != SSH_OK && attempt < 3; ++attempt) {
        asked.attempt = attempt;
        const Result<SshAnswer> answer = ask(asked);
        if (!answer) {
            // Without an answer the other ways in are still open, unless the whole was given up.
            if (answer.error().code == ErrorCode::Cancelled)
                return answer.error();
            return Outcome::Denied;
        }
        const QByteArray secret = answer->texts.value(0).toUtf8();
        rc = ssh_pki_import_privkey_file(name.constData(), secret.constData(), nullptr, nullptr, &privateKey.key);
        settle(asked, *answer, rc == SSH_OK);
    }
    if (rc != SSH_OK)
        return Outcome::Denied;
    attachCertificate(path, privateKey.key);
    return outcome(drive([&] { return ssh_userauth_publickey(m_session, nullptr, privateKey.key); }, SSH_AUTH_AGAIN, 30s));
}

Result<SshLink::Outcome> SshLink::tryPassword()
{
    m_tried << u"a password"_s;
    SshQuestion asked = question(SshQuestion::Kind::Password);
    asked.fields = {{QString(), false}};
    asked.secretKey = u"ssh/password/"_s + m_target.address();
    for (int attempt = 0; attempt < std::max(1, m_target.options.passwordPrompts); ++attempt) {
        asked.attempt = attempt;
        const Result<SshAnswer> answer = ask(asked);
        if (!answer)
            return answer.error();
        const QByteArray secret = answer->texts.value(0).toUtf8();
        const Result<Outcome> result = outcome(
            drive([&] { return ssh_userauth_password(m_session, nullptr, secret.constData()); }, SSH_AUTH_AGAIN, 60s));
        if (!result)
            return result.error();
        settle(asked, *answer, *result != Outcome::Denied);
        if (*result != Outcome::Denied)
            return result;
    }
    return Outcome::Denied;
}

Result<SshLink::Outcome> SshLink::tryInteractive()
{
    m_tried << u"keyboard-interactive"_s;
    std::optional<std::pair<SshQuestion, SshAnswer>> last;
    int attempt = 0;
    // Servers may ask several times, also without a single question in between.
    for (int round = 0; round < 20; ++round) {
        const Result<int> code = drive([&] { return ssh_userauth_kbdint(m_session, nullptr, nullptr); }, SSH_AUTH_AGAIN, 60s);
        if (!code || *code != SSH_AUTH_INFO) {
            const Result<Outcome> result = outcome(code);
            const bool worked = result && *result != Outcome::Denied;
            if (last)
                settle(last->first, last->second, worked);
            if (!result || worked || ++attempt >= std::max(1, m_target.options.passwordPrompts) || !last)
                return result;
            last.reset();
            continue;
        }
        const int count = ssh_userauth_kbdint_getnprompts(m_session);
        if (count <= 0)
            continue;
        SshQuestion asked = question(SshQuestion::Kind::Interactive);
        asked.title = QString::fromUtf8(ssh_userauth_kbdint_getname(m_session));
        asked.instruction = QString::fromUtf8(ssh_userauth_kbdint_getinstruction(m_session));
        asked.attempt = attempt;
        for (int i = 0; i < count; ++i) {
            char echo = 0;
            const char* prompt = ssh_userauth_kbdint_getprompt(m_session, unsigned(i), &echo);
            asked.fields.push_back({QString::fromUtf8(prompt).trimmed(), echo != 0});
        }
        // A single hidden question in the first round is nearly always the password; a second one is a code.
        if (count == 1 && !asked.fields[0].echo && !last)
            asked.secretKey = u"ssh/password/"_s + m_target.address();
        const Result<SshAnswer> answer = ask(asked);
        if (!answer)
            return answer.error();
        if (last)
            settle(last->first, last->second, true); // it was asked on
        last = {asked, *answer};
        for (int i = 0; i < count; ++i)
            ssh_userauth_kbdint_setanswer(m_session, unsigned(i), answer->texts.value(i).toUtf8().constData());
    }
    return Outcome::Denied;
}

} // namespace Promdeck
