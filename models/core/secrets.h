#pragma once

#include "models/core/result.h"

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <stop_token>

namespace Promdeck {

/// Where secrets are kept: the desktop's keychain in the program, something simpler in tests. Keys are names
/// such as "stack/production/password". All errors are Secret (or Cancelled).
class SecretStore
{
public:
    virtual ~SecretStore() = default;
    /// Errors: there is no such entry, the keychain is locked or absent.
    virtual QCoro::Task<Result<QString>> read(QString key) = 0;
    virtual QCoro::Task<Status> write(QString key, QString secret) = 0;
    /// Removing what is not there succeeds.
    virtual QCoro::Task<Status> remove(QString key) = 0;
};

/// For systems and builds without a keychain: refuses everything and says what to use instead.
[[nodiscard]] std::shared_ptr<SecretStore> noSecretStore();

/// The value of an environment variable. Errors: Secret when it is not set or empty.
[[nodiscard]] Result<QString> environmentSecret(const QString& variable);

/// What a command prints, without the line end ("pass show monitoring/prod"). The command line is split as a
/// shell would split it, quotes included, but no shell runs: no expansion, no pipes. Standard input is empty.
/// Errors: Secret (does not start, exits with an error, prints nothing or too much, takes longer than `limit`).
/// What it printed never appears in the error.
QCoro::Task<Result<QString>> commandSecret(QString commandLine,
                                           std::chrono::milliseconds limit = std::chrono::seconds(30),
                                           std::stop_token stop = {});

} // namespace Promdeck
