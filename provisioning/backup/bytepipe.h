#pragma once

#include "provisioning/host/bytestreams.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

namespace Promdeck::Backup {

/// A bounded pipe between two threads: what one writes into the sink the other reads from the source. Whoever
/// waits wakes up when the other side closes or `stop` asks for it.
class BytePipe final
{
public:
    explicit BytePipe(std::stop_token stop = {}, qint64 capacity = 4 << 20);
    Q_DISABLE_COPY_MOVE(BytePipe)

    [[nodiscard]] ByteSink& sink() { return m_sink; }
    [[nodiscard]] ByteSource& source() { return m_source; }
    /// No more bytes: the reader gets those left and then the end, or at once the error.
    void closeWriting(const Status& how = Done {});
    /// Nobody reads any more: writers get this error.
    void closeReading(const Error& why);

private:
    struct Sink final : ByteSink
    {
        explicit Sink(BytePipe& owner) : pipe(owner) {}
        Status write(const char* data, qint64 size) override { return pipe.write(data, size); }
        BytePipe& pipe;
    };
    struct Source final : ByteSource
    {
        explicit Source(BytePipe& owner) : pipe(owner) {}
        Result<qint64> read(char* data, qint64 capacity) override { return pipe.read(data, capacity); }
        BytePipe& pipe;
    };
    Status write(const char* data, qint64 size);
    Result<qint64> read(char* data, qint64 capacity);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<QByteArray> m_chunks;
    qint64 m_front = 0; ///< bytes taken of the first chunk
    qint64 m_held = 0;
    const qint64 m_capacity;
    std::stop_token m_stop;
    std::optional<Status> m_writingEnded;
    std::optional<Error> m_readingEnded;
    Sink m_sink {*this};
    Source m_source {*this};
};

} // namespace Promdeck::Backup
