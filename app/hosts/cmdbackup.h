#pragma once

#include "app/cli/verb.h"
#include "models/core/secrets.h"

#include <QObject>

#include <functional>
#include <stop_token>

class QCommandLineParser;

namespace Promdeck::Cli {

/// `promdeck backup`: create, list, verify, prune, restore, drill, schedule, keygen. Work happens
/// on a worker thread; Ctrl+C cancels it, which leaves nothing behind.
class BackupVerb final : public Verb
{
public:
    explicit BackupVerb(std::shared_ptr<SecretStore> secrets);
    ~BackupVerb() override;
    Q_DISABLE_COPY_MOVE(BackupVerb)

    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString usage() const override;
    [[nodiscard]] bool ownsHelp() const override { return true; }
    void run(const QStringList& args) override;

private:
    struct Action;
    static const std::vector<Action>& actions();
    std::shared_ptr<SecretStore> m_secrets;
    QObject m_context;
};

} // namespace Promdeck::Cli
