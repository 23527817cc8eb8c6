#pragma once

#include <QtGlobal>

namespace Promdeck {

/// The time source of everything that says "now", so that tests can hold it still.
class Clock
{
public:
    virtual ~Clock() = default;
    /// Milliseconds since the epoch, UTC.
    [[nodiscard]] virtual qint64 nowMs() const = 0;
    /// The real time.
    [[nodiscard]] static const Clock& system();
};

} // namespace Promdeck
