#include "provisioning/backup/bytepipe.h"

#include <algorithm>
#include <cstring>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

Error cancelled()
{
    return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
}

} // namespace

BytePipe::BytePipe(std::stop_token stop, qint64 capacity) : m_capacity(capacity), m_stop(std::move(stop)) {}

void BytePipe::closeWriting(const Status& how)
{
    const std::lock_guard lock(m_mutex);
    if (!m_writingEnded)
        m_writingEnded = how;
    m_changed.notify_all();
}

void BytePipe::closeReading(const Error& why)
{
    const std::lock_guard lock(m_mutex);
    if (!m_readingEnded)
        m_readingEnded = why;
    m_chunks.clear();
    m_held = 0;
    m_changed.notify_all();
}

Status BytePipe::write(const char* data, qint64 size)
{
    while (size > 0) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, m_stop, [&] { return m_held < m_capacity || m_readingEnded; });
        if (m_readingEnded)
            return *m_readingEnded;
        if (m_stop.stop_requested())
            return cancelled();
        const qint64 part = std::min(size, m_capacity - m_held);
        m_chunks.emplace_back(data, part);
        m_held += part;
        data += part;
        size -= part;
        m_changed.notify_all();
    }
    return Done {};
}

Result<qint64> BytePipe::read(char* data, qint64 capacity)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, m_stop, [&] { return m_held > 0 || m_writingEnded || m_readingEnded; });
    if (m_stop.stop_requested())
        return cancelled();
    if (m_readingEnded)
        return *m_readingEnded;
    if (m_writingEnded && !m_writingEnded->ok())
        return m_writingEnded->error();
    qint64 done = 0;
    while (done < capacity && !m_chunks.empty()) {
        const QByteArray& chunk = m_chunks.front();
        const qint64 part = std::min<qint64>(capacity - done, chunk.size() - m_front);
        std::memcpy(data + done, chunk.constData() + m_front, size_t(part));
        done += part;
        m_front += part;
        if (m_front == chunk.size()) {
            m_chunks.pop_front();
            m_front = 0;
        }
    }
    m_held -= done;
    m_changed.notify_all();
    return done;
}

} // namespace Promdeck::Backup
