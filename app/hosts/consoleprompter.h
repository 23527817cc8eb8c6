#pragma once

#include "provisioning/ssh/sshquestion.h"

#include <memory>
#include <mutex>

namespace Promdeck::Cli {

/// Asks on the terminal, one question at a time, without echo where it is a secret. Without a terminal every question
/// is declined, so that scripts end with an error instead of waiting.
class ConsolePrompter final : public SshPrompter, public std::enable_shared_from_this<ConsolePrompter>
{
public:
    void ask(const SshQuestion& question, const Reply& reply) override;

private:
    SshAnswer answer(const SshQuestion& question);
    std::mutex m_asking;
};

/// A line from the terminal; null without one, or at its end. Blocks.
[[nodiscard]] QString askTerminal(const QString& prompt, bool echo);
[[nodiscard]] bool hasTerminal();

} // namespace Promdeck::Cli
