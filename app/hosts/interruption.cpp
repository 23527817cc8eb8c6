#include "app/hosts/interruption.h"

#include <array>
#include <cerrno>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Promdeck::Cli {

namespace {

// A handler may do next to nothing; it wakes the thread that waits.
std::array<int, 2> wakeUp {-1, -1};

extern "C" void onSignal(int number)
{
    const char byte = 's';
    const ssize_t written = ::write(wakeUp[1], &byte, 1);
    static_cast<void>(written);
    std::signal(number, SIG_DFL);
}

} // namespace

Interruption::Interruption()
{
    if (::pipe2(wakeUp.data(), O_CLOEXEC) != 0)
        return;
    std::signal(SIGINT, &onSignal);
    std::signal(SIGTERM, &onSignal);
    m_waiting = std::thread([this] {
        char byte = 0;
        ssize_t got = 0;
        do
            got = ::read(wakeUp[0], &byte, 1);
        while (got < 0 && errno == EINTR);
        if (got == 1 && byte == 's')
            m_stop.request_stop();
    });
}

Interruption::~Interruption()
{
    if (!m_waiting.joinable())
        return;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    const char byte = 'q';
    const ssize_t written = ::write(wakeUp[1], &byte, 1);
    static_cast<void>(written);
    m_waiting.join();
    ::close(wakeUp[0]);
    ::close(wakeUp[1]);
}

} // namespace Promdeck::Cli
