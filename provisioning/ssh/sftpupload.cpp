#include "provisioning/ssh/sftpupload.h"

#include <QtEndian>

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr char kInit = 1;
constexpr char kVersion = 2;
constexpr char kOpen = 3;
constexpr char kClose = 4;
constexpr char kWrite = 6;
constexpr char kStatus = 101;
constexpr char kHandle = 102;
constexpr quint32 kMaxMessage = 256 << 10;
constexpr qint64 kInFlight = 4 << 20;       ///< per lane: the host's window, and as much on the way
constexpr qsizetype kLargeBlock = 128 << 10; ///< what OpenSSH takes in one message; every server takes 32 KiB

QByteArray number(quint32 value)
{
    QByteArray out(4, Qt::Uninitialized);
    qToBigEndian(value, out.data());
    return out;
}

QByteArray text(const QByteArray& bytes)
{
    return number(quint32(bytes.size())) + bytes;
}

Error statusError(const QByteArray& body)
{
    const quint32 code = body.size() >= 4 ? qFromBigEndian<quint32>(body.constData()) : 4;
    const quint32 length = body.size() >= 8 ? qFromBigEndian<quint32>(body.constData() + 4) : 0;
    const QString said = QString::fromUtf8(body.mid(8, qsizetype(std::min<quint32>(length, 500))));
    if (code == 2)
        return makeError(ErrorCode::NotFound, u"There is no such folder on the host"_s, said);
    if (code == 3)
        return makeError(ErrorCode::Forbidden, u"This user may not write there"_s, said, u"Use a user who may, or become root"_s);
    return makeError(ErrorCode::Io, u"The host could not write the file"_s, said, u"Check the space on its disk"_s);
}

} // namespace

SftpUpload::~SftpUpload() = default;

quint64 SftpUpload::generation() const
{
    const std::lock_guard lock(m_signal->mutex);
    return m_signal->generation;
}

Status SftpUpload::awaitNews(quint64 seen, std::chrono::milliseconds limit, const CancelToken& cancel) const
{
    std::unique_lock lock(m_signal->mutex);
    m_signal->changed.wait_for(lock, cancel, limit, [&] { return m_signal->generation != seen; });
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    return Done {};
}

Status SftpUpload::send(Lane& lane, char type, const QByteArray& body)
{
    QByteArray message = number(quint32(body.size() + 1));
    message.reserve(body.size() + 5);
    message += type;
    message += body;
    return lane.channel->writeBlock(std::move(message));
}

Result<std::optional<SftpUpload::Message>> SftpUpload::receive(Lane& lane)
{
    char buffer[16 << 10];
    // What the server says on standard error is not ours to interpret.
    (void)lane.channel->read(Process::Stream::Error, buffer, sizeof buffer);
    const Result<qint64> got = lane.channel->read(Process::Stream::Output, buffer, sizeof buffer);
    if (!got)
        return got.error();
    lane.input.append(buffer, *got);
    if (lane.input.size() < 4) {
        if (*got == 0 && lane.channel->atEnd(Process::Stream::Output))
            return makeError(ErrorCode::ConnectionLost, u"The host's file transfer ended early"_s);
        return std::optional<Message>();
    }
    const quint32 length = qFromBigEndian<quint32>(lane.input.constData());
    if (length < 1 || length > kMaxMessage)
        return makeError(ErrorCode::Decode, u"The host does not speak SFTP"_s, QString::fromUtf8(lane.input.left(200)),
                         u"Its shell must print nothing at login"_s);
    if (lane.input.size() < qsizetype(length) + 4)
        return std::optional<Message>();
    Message message;
    message.type = lane.input.at(4);
    const bool numbered = message.type != kVersion && length >= 5;
    if (numbered)
        message.request = qFromBigEndian<quint32>(lane.input.constData() + 5);
    message.body = lane.input.mid(numbered ? 9 : 5, qsizetype(length) - (numbered ? 5 : 1));
    lane.input.remove(0, qsizetype(length) + 4);
    return std::optional<Message>(std::move(message));
}

Result<SftpUpload::Message> SftpUpload::await(Lane& lane, const CancelToken& cancel)
{
    const Clock::time_point end = Clock::now() + 30s;
    while (Clock::now() < end) {
        const quint64 seen = generation();
        Result<std::optional<Message>> message = receive(lane);
        if (!message)
            return message.error();
        if (*message)
            return std::move(**message);
        if (const Status waited = awaitNews(seen, 1s, cancel); !waited)
            return waited.error();
    }
    return makeError(ErrorCode::Timeout, u"The host's file transfer does not answer"_s);
}

Status SftpUpload::openLane(const QByteArray& path, bool first, const CancelToken& cancel)
{
    Result<std::unique_ptr<SshChannel>> channel = m_connection.subsystem("sftp", 30s, cancel, 0, m_signal);
    if (!channel)
        return channel.error();
    Lane lane;
    lane.channel = std::move(*channel);
    if (const Status sent = send(lane, kInit, number(3)); !sent)
        return sent;
    const Result<Message> version = await(lane, cancel);
    if (!version)
        return version.error().code == ErrorCode::Decode || version.error().code == ErrorCode::ConnectionLost
            ? makeError(ErrorCode::Unsupported, u"The host has no SFTP"_s, version.error().summary)
            : version.error();
    if (version->body.contains("limits@openssh.com"))
        m_block = kLargeBlock;
    constexpr quint32 write = 0x2;
    constexpr quint32 create = 0x8;
    constexpr quint32 truncate = 0x10;
    constexpr quint32 hasMode = 0x4;
    const quint32 flags = first ? write | create | truncate : write;
    const Status sent = send(lane, kOpen, number(lane.nextRequest++) + text(path) + number(flags) + number(hasMode) + number(0600));
    if (!sent)
        return sent;
    const Result<Message> handle = await(lane, cancel);
    if (!handle)
        return handle.error();
    if (handle->type != kHandle)
        return statusError(handle->body);
    lane.handle = handle->body;
    m_open.push_back(std::move(lane));
    return Done {};
}

Status SftpUpload::open(const QByteArray& path, const CancelToken& cancel)
{
    if (const Status first = openLane(path, true, cancel); !first)
        return first;
    // The others are for speed: a server that allows fewer sessions is no reason to fail.
    while (m_open.size() < m_lanes) {
        const Status next = openLane(path, false, cancel);
        if (!next && (next.error().code == ErrorCode::Cancelled || next.error().code == ErrorCode::ConnectionLost))
            return next;
        if (!next)
            break;
    }
    return Done {};
}

Result<qint64> SftpUpload::confirmations(Lane& lane)
{
    qint64 done = 0;
    while (true) {
        const Result<std::optional<Message>> message = receive(lane);
        if (!message)
            return message.error();
        if (!*message)
            return done;
        const auto it = lane.waiting.find((*message)->request);
        const bool fine = (*message)->type == kStatus && (*message)->body.left(4) == QByteArray(4, '\0');
        if (!fine)
            return statusError((*message)->body);
        if (it == lane.waiting.end())
            continue;
        lane.inFlight -= it->second;
        done += it->second;
        lane.waiting.erase(it);
    }
}

Result<qint64> SftpUpload::write(ByteSource& source, const Progress& progress, std::chrono::milliseconds stall, const CancelToken& cancel)
{
    qint64 offset = 0;
    qint64 confirmed = 0;
    bool more = true;
    Clock::time_point lastMove = Clock::now();
    Clock::time_point lastReport = lastMove;
    while (more || confirmed < offset) {
        const quint64 seen = generation();
        bool moved = false;
        for (Lane& lane : m_open) {
            const Result<qint64> done = confirmations(lane);
            if (!done)
                return done.error();
            confirmed += *done;
            moved = moved || *done > 0;
        }
        // One block to each lane in turn, so that all of them fill.
        for (bool any = true; more && any;) {
            any = false;
            for (Lane& lane : m_open) {
                if (!more || lane.inFlight >= kInFlight)
                    continue;
                QByteArray data(m_block, Qt::Uninitialized);
                const Result<qint64> count = source.read(data.data(), data.size());
                if (!count)
                    return count.error();
                if (*count == 0) {
                    more = false;
                    break;
                }
                data.truncate(*count);
                QByteArray place(8, Qt::Uninitialized);
                qToBigEndian(quint64(offset), place.data());
                lane.waiting[lane.nextRequest] = *count;
                const Status sent = send(lane, kWrite, number(lane.nextRequest++) + lane.handle + place + text(data));
                if (!sent)
                    return sent.error();
                lane.inFlight += *count;
                offset += *count;
                any = moved = true;
                if (cancel.stop_requested())
                    return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
            }
        }
        const auto now = Clock::now();
        if (moved)
            lastMove = now;
        else if (stall > 0ms && now - lastMove > stall)
            return makeError(ErrorCode::Timeout, u"Nothing moved for %1 s"_s.arg(double(stall.count()) / 1000.0));
        if (progress && now - lastReport > 200ms) {
            lastReport = now;
            progress(confirmed, source.size());
        }
        if (more || confirmed < offset) {
            if (const Status waited = awaitNews(seen, 500ms, cancel); !waited)
                return waited.error();
        }
    }
    for (Lane& lane : m_open) {
        lane.waiting.clear();
        if (const Status sent = send(lane, kClose, number(lane.nextRequest++) + lane.handle); !sent)
            return sent.error();
        const Result<Message> closed = await(lane, cancel);
        if (!closed)
            return closed.error();
    }
    if (progress)
        progress(confirmed, source.size());
    return confirmed;
}

} // namespace Promdeck
