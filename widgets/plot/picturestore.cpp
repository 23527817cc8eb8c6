#include "widgets/plot/picturestore.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

namespace Promdeck {

namespace {

constexpr size_t MostKept = 8 * 1024 * 1024;

struct Buffer
{
    size_t size;
    void* memory;
};

class Store
{
public:
    /// Never destroyed: pictures may be given back after static objects have gone.
    static Store& instance()
    {
        static Store& store = *new Store;
        return store;
    }

    /// The newest that fits without waste, or a fresh one.
    Buffer* take(size_t size)
    {
        const std::lock_guard lock(m_mutex);
        for (auto it = m_free.rbegin(); it != m_free.rend(); ++it) {
            Buffer* const buffer = *it;
            if (buffer->size < size || buffer->size > size + size / 4)
                continue;
            m_free.erase(std::next(it).base());
            m_kept -= buffer->size;
            return buffer;
        }
        auto* const buffer = new Buffer{size, std::malloc(size)};
        if (buffer->memory)
            return buffer;
        delete buffer;
        return nullptr;
    }

    void give(Buffer* buffer)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(buffer);
        m_kept += buffer->size;
        while (m_kept > MostKept) {
            Buffer* const oldest = m_free.front();
            m_free.erase(m_free.begin());
            m_kept -= oldest->size;
            std::free(oldest->memory);
            delete oldest;
        }
    }

private:
    std::mutex m_mutex;
    std::vector<Buffer*> m_free; ///< oldest first
    size_t m_kept = 0;
};

void giveBack(void* buffer)
{
    Store::instance().give(static_cast<Buffer*>(buffer));
}

} // namespace

QImage transparentPicture(QSize pixels)
{
    if (pixels.isEmpty())
        return {};
    const size_t stride = size_t(pixels.width()) * sizeof(QRgb);
    const size_t size = stride * size_t(pixels.height());
    Buffer* const buffer = Store::instance().take(size);
    if (!buffer)
        return {};
    std::memset(buffer->memory, 0, size);
    return QImage(static_cast<uchar*>(buffer->memory), pixels.width(), pixels.height(), qsizetype(stride),
                  QImage::Format_ARGB32_Premultiplied, giveBack, buffer);
}

} // namespace Promdeck
