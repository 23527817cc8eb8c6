#pragma once

#include <QMetaObject>
#include <QObject>

#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>

namespace Promdeck {

/// One answer that arrives later, from any thread: the bridge from callbacks and worker threads to coroutines.
/// Copies share the state. The first finish() wins, later ones are dropped. At most one coroutine awaits it, in
/// a thread with an event loop; it is resumed by that loop, never inside finish(), so that finishing is safe
/// from destructors and under locks.
///
///     Completion<Result<int>> done;
///     worker([done] { done.finish(42); });
///     const Result<int> answer = co_await done.wait();
template <typename T>
class Completion
{
    struct State
    {
        std::mutex mutex;
        std::optional<T> value;
        std::coroutine_handle<> waiter;
        QObject* receiver = nullptr; ///< lives in the awaiting thread, deleted after the resumption
    };

    class Awaiter
    {
    public:
        explicit Awaiter(std::shared_ptr<State> state) : m_state(std::move(state)) {}
        bool await_ready() const
        {
            const std::lock_guard lock(m_state->mutex);
            return m_state->value.has_value();
        }

        bool await_suspend(std::coroutine_handle<> waiter)
        {
            const std::lock_guard lock(m_state->mutex);
            if (m_state->value)
                return false;
            m_state->waiter = waiter;
            m_state->receiver = new QObject;
            return true;
        }

        T await_resume()
        {
            const std::lock_guard lock(m_state->mutex);
            return std::move(*m_state->value);
        }

    private:
        std::shared_ptr<State> m_state;
    };

public:
    Completion() : m_state(std::make_shared<State>()) {}

    /// True when this call decided the answer. Safe from any thread.
    bool finish(T value) const
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->value)
            return false;
        m_state->value.emplace(std::move(value));
        if (QObject* receiver = std::exchange(m_state->receiver, nullptr)) {
            QMetaObject::invokeMethod(
                receiver,
                [receiver, waiter = m_state->waiter] {
                    receiver->deleteLater();
                    waiter.resume();
                },
                Qt::QueuedConnection);
        }
        return true;
    }

    [[nodiscard]] bool isFinished() const
    {
        const std::lock_guard lock(m_state->mutex);
        return m_state->value.has_value();
    }

    [[nodiscard]] Awaiter wait() const { return Awaiter(m_state); }

private:
    std::shared_ptr<State> m_state;
};

} // namespace Promdeck
