#include "provisioning/host/tarstream.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kRecord = 512;

void putOctal(QByteArray& header, qsizetype at, qsizetype width, qint64 value)
{
    const QByteArray digits = QByteArray::number(value, 8).rightJustified(width - 1, '0');
    std::memcpy(header.data() + at, digits.constData(), size_t(width - 1));
}

QByteArray record(const QByteArray& name, char type, int mode, qint64 size)
{
    QByteArray header(kRecord, '\0');
    std::memcpy(header.data(), name.constData(), size_t(std::min<qsizetype>(name.size(), 100)));
    putOctal(header, 100, 8, mode);
    putOctal(header, 108, 8, 0);
    putOctal(header, 116, 8, 0);
    putOctal(header, 124, 12, size);
    putOctal(header, 136, 12, 0);
    header[156] = type;
    std::memcpy(header.data() + 257, "ustar\0" "00", 8);
    // The sum is made with blanks in its own field.
    std::memset(header.data() + 148, ' ', 8);
    int sum = 0;
    for (const char c : header)
        sum += uchar(c);
    putOctal(header, 148, 7, sum);
    header[154] = '\0';
    return header;
}

qint64 padded(qint64 size)
{
    return (size + kRecord - 1) / kRecord * kRecord;
}

QByteArray member(const QByteArray& name, char type, int mode, qint64 size)
{
    QByteArray out;
    if (name.size() > 100) {
        out += record("././@LongLink", 'L', 0644, name.size() + 1);
        out += name;
        out.append(padded(name.size() + 1) - name.size(), '\0');
    }
    return out + record(name, type, mode, size);
}

/// Octal digits, or GNU's base 256 for large sizes.
qint64 number(const QByteArray& field)
{
    qint64 value = 0;
    if (uchar(field.at(0)) & 0x80U) {
        for (qsizetype i = 1; i < field.size(); ++i)
            value = qint64(quint64(value) << 8U) | uchar(field.at(i));
        return value;
    }
    for (const char c : field) {
        if (c >= '0' && c <= '7')
            value = value * 8 + (c - '0');
        else if (c != ' ')
            break;
    }
    return value;
}

QByteArray text(const QByteArray& header, qsizetype at, qsizetype width)
{
    const QByteArray field = header.mid(at, width);
    return field.left(qsizetype(qstrnlen(field.constData(), size_t(field.size()))));
}

/// The path of a pax header: lines of "LENGTH KEY=VALUE\n".
QByteArray paxPath(const QByteArray& content)
{
    for (qsizetype at = 0; at < content.size();) {
        const qsizetype blank = content.indexOf(' ', at);
        const qsizetype length = blank < 0 ? 0 : content.mid(at, blank - at).toLongLong();
        if (length <= blank - at || at + length > content.size())
            return {};
        const QByteArray line = content.mid(blank + 1, at + length - blank - 2);
        if (line.startsWith("path="))
            return line.mid(5);
        at += length;
    }
    return {};
}

} // namespace

bool isInnerPath(const QByteArray& path)
{
    if (path.isEmpty() || path.startsWith('/') || path.contains('\0'))
        return false;
    const QList<QByteArray> parts = path.split('/');
    return std::none_of(parts.begin(), parts.end(), [](const QByteArray& part) { return part.isEmpty() || part == "." || part == ".."; });
}

TarSource::TarSource(const std::vector<FileEntry>& files)
    : m_files(files)
{
    std::set<QByteArray> folders;
    for (const FileEntry& file : files) {
        for (qsizetype slash = file.path.indexOf('/'); slash > 0; slash = file.path.indexOf('/', slash + 1))
            folders.insert(file.path.left(slash) + '/');
        m_size += member(file.path, '0', 0, 0).size() + padded(file.content.size());
    }
    for (const QByteArray& folder : folders) { // sorted: parents first
        m_folders << folder;
        m_size += member(folder, '5', 0, 0).size();
    }
    m_size += 2 * kRecord;
}

void TarSource::next()
{
    m_sent = 0;
    m_block.clear();
    if (m_nextFolder < m_folders.size()) {
        m_block = member(m_folders.at(m_nextFolder++), '5', 0700, 0);
        return;
    }
    // Many small members at once: a block for each would be a packet for each.
    while (m_nextFile < m_files.size() && m_block.size() < (64 << 10)) {
        const FileEntry& file = m_files[m_nextFile++];
        m_block += member(file.path, '0', file.mode & 07777, file.content.size());
        m_block += file.content;
        m_block.append(padded(file.content.size()) - file.content.size(), '\0');
    }
    if (m_block.isEmpty() && !m_trailer) {
        m_trailer = true;
        m_block = QByteArray(2 * kRecord, '\0');
    }
}

Result<qint64> TarSource::read(char* data, qint64 capacity)
{
    if (m_sent == m_block.size())
        next();
    const qint64 count = std::min<qint64>(capacity, m_block.size() - m_sent);
    std::memcpy(data, m_block.constData() + m_sent, size_t(count));
    m_sent += count;
    return count;
}

Status TarSink::write(const char* data, qint64 size)
{
    m_pending.append(data, size);
    while (true) {
        if (m_left > 0 || m_padding > 0) {
            const qsizetype before = m_pending.size();
            if (const Status status = body(); !status)
                return status;
            if (m_left > 0 || m_padding > 0 || before == 0)
                return Done {};
        } else {
            if (m_pending.size() < kRecord)
                return Done {};
            if (const Status status = header(); !status)
                return status;
        }
    }
}

Status TarSink::header()
{
    const QByteArray head = m_pending.left(kRecord);
    m_pending.remove(0, kRecord);
    if (head.count('\0') == kRecord) {
        m_ended = true;
        return Done {};
    }
    if (m_ended || head.mid(257, 5) != "ustar")
        return makeError(ErrorCode::Decode, u"What came back is no tar archive"_s);
    m_type = head.at(156);
    m_left = number(head.mid(124, 12));
    m_padding = padded(m_left) - m_left;
    if (m_left < 0 || m_left > m_limit - m_total)
        return makeError(ErrorCode::ResponseTooLarge, u"The files are larger than %1 bytes together"_s.arg(m_limit));
    m_total += m_left;
    m_special.clear();
    if (m_type == '0' || m_type == '\0') {
        QByteArray name = text(head, 0, 100);
        const QByteArray prefix = head.mid(257, 6) == QByteArray("ustar\0", 6) ? text(head, 345, 155) : QByteArray();
        if (!prefix.isEmpty())
            name = prefix + '/' + name;
        if (!m_longName.isEmpty())
            name = m_longName;
        while (name.startsWith("./"))
            name.remove(0, 2);
        m_files.push_back({name, {}, int(number(head.mid(100, 8)) & 07777)});
    }
    if (m_type != 'L' && m_type != 'x')
        m_longName.clear();
    return Done {};
}

Status TarSink::body()
{
    const qsizetype take = std::min<qsizetype>(m_pending.size(), m_left);
    if (take > 0) {
        if (m_type == '0' || m_type == '\0')
            m_files.back().content += m_pending.left(take);
        else if (m_type == 'L' || m_type == 'x')
            m_special += m_pending.left(take);
        m_left -= take;
        m_pending.remove(0, take);
    }
    if (m_left > 0)
        return Done {};
    const qsizetype skip = std::min<qsizetype>(m_pending.size(), m_padding);
    m_padding -= skip;
    m_pending.remove(0, skip);
    if (m_padding == 0) {
        if (m_type == 'L')
            m_longName = m_special.left(qsizetype(qstrnlen(m_special.constData(), size_t(m_special.size()))));
        else if (m_type == 'x')
            m_longName = paxPath(m_special);
    }
    return Done {};
}

Result<std::vector<FileEntry>> TarSink::finish()
{
    if (!m_ended)
        return makeError(ErrorCode::Decode, u"The archive of the files was cut off"_s);
    return std::move(m_files);
}

} // namespace Promdeck
