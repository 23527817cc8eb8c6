#pragma once

#include <QtGlobal>

#include <stop_token>
#include <thread>

namespace Promdeck::Cli {

/// Ctrl+C and SIGTERM as a request to stop, while it lives: work ends tidily. The second one ends the program at once. One
/// at a time.
class Interruption final
{
public:
    Interruption();
    ~Interruption();
    Q_DISABLE_COPY_MOVE(Interruption)
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::thread m_waiting;
};

} // namespace Promdeck::Cli
