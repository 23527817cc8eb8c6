#pragma once

#include <QByteArray>

#include <algorithm>
#include <cstring>
#include <deque>

namespace Promdeck {

/// Bytes in the order they came, without moving them about.
class BlockQueue final
{
public:
    void append(QByteArray block)
    {
        m_size += block.size();
        if (!block.isEmpty())
            m_blocks.push_back(std::move(block));
    }

    qsizetype take(char* data, qsizetype capacity)
    {
        qsizetype done = 0;
        while (done < capacity && !m_blocks.empty()) {
            const qsizetype count = std::min(capacity - done, m_blocks.front().size() - m_offset);
            std::memcpy(data + done, frontData(), size_t(count));
            done += count;
            drop(count);
        }
        return done;
    }

    [[nodiscard]] const char* frontData() const { return m_blocks.front().constData() + m_offset; }
    [[nodiscard]] qsizetype frontSize() const { return m_blocks.empty() ? 0 : m_blocks.front().size() - m_offset; }

    /// Not more than the front block has.
    void drop(qsizetype count)
    {
        m_offset += count;
        m_size -= count;
        if (m_offset == m_blocks.front().size()) {
            m_blocks.pop_front();
            m_offset = 0;
        }
    }

    [[nodiscard]] qsizetype size() const { return m_size; }
    [[nodiscard]] bool isEmpty() const { return m_size == 0; }

private:
    std::deque<QByteArray> m_blocks;
    qsizetype m_offset = 0; ///< in the front block
    qsizetype m_size = 0;
};

} // namespace Promdeck
