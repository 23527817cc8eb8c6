#pragma once

#include "models/core/secrets.h"
#include "models/stack/stackconnection.h"

#include <QObject>

#include <functional>
#include <stop_token>

namespace Promdeck {

/// Opens stacks for the window: secrets, the server's scrape interval, and which built-in board shows most.
class StackLauncher final : public QObject
{
    Q_OBJECT
public:
    explicit StackLauncher(std::shared_ptr<SecretStore> secrets, QObject* parent = nullptr);
    ~StackLauncher() override;

    struct Opened
    {
        std::shared_ptr<StackConnection> stack;
        QStringList boards;          ///< suggested built-in boards, best first
        std::optional<Error> problem; ///< the server does not answer (the connection can still be used)
    };
    /// AtOnce: the stack itself, while the server is still being asked what it is; `boards` and `problem` stay empty.
    enum class Haste { None, AtOnce };
    /// A later call replaces an earlier one that has not answered yet. Errors: those of openStack().
    void open(const StackProfile& profile, std::function<void(Result<Opened>)> done, Haste haste = Haste::None);

private:
    struct Attempt;
    void ask(const std::shared_ptr<Attempt>& attempt);
    void finish(const std::shared_ptr<Attempt>& attempt);

    std::shared_ptr<SecretStore> m_secrets;
    std::stop_source m_stop;
    quint64 m_turn = 0;
};

} // namespace Promdeck
