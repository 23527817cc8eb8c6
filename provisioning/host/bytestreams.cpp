#include "provisioning/host/bytestreams.h"

#include <algorithm>
#include <cstring>

#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

Error fileError(const QFile& file, const QString& what)
{
    Error error = makeError(ErrorCode::Io, what, file.errorString());
    error.target = file.fileName();
    return error;
}

} // namespace

Result<qint64> BufferSource::read(char* data, qint64 capacity)
{
    const qint64 count = std::min(capacity, m_bytes.size() - m_done);
    std::memcpy(data, m_bytes.constData() + m_done, size_t(count));
    m_done += count;
    return count;
}

Status BufferSink::write(const char* data, qint64 size)
{
    const qint64 room = m_limit - m_bytes.size();
    m_bytes.append(data, std::min(size, room));
    if (size > room)
        return makeError(ErrorCode::ResponseTooLarge, u"More than %1 bytes came back"_s.arg(m_limit));
    return Done {};
}

Status FileSource::open()
{
    if (!m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fileError(m_file, u"The file cannot be read"_s);
    return Done {};
}

Result<qint64> FileSource::read(char* data, qint64 capacity)
{
    const qint64 count = m_file.read(data, capacity);
    if (count < 0)
        return fileError(m_file, u"The file cannot be read"_s);
    return count;
}

Status FileSink::open()
{
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered))
        return fileError(m_file, u"The file cannot be written"_s);
    return Done {};
}

Status FileSink::write(const char* data, qint64 size)
{
    if (m_file.write(data, size) != size)
        return fileError(m_file, u"The file cannot be written"_s);
    return Done {};
}

Status FileSink::finish()
{
    if (::fsync(m_file.handle()) != 0)
        return makeError(ErrorCode::Io, u"The file did not reach the disk"_s, m_file.fileName());
    m_file.close();
    return Done {};
}

} // namespace Promdeck
