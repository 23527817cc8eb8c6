#pragma once

#include "app/cli/verb.h"

#include "models/core/secrets.h"

namespace Promdeck::Cli {

/// `promdeck stacks [list|add|probe|remove]`: the saved stack profiles, and what a probe finds.
class StacksVerb final : public Verb
{
public:
    explicit StacksVerb(std::shared_ptr<SecretStore> secrets = noSecretStore());
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString usage() const override;
    [[nodiscard]] bool ownsHelp() const override { return true; }
    [[nodiscard]] bool needsHosts(const QStringList& args) const override;
    void run(const QStringList& args) override;

private:
    int list(const QStringList& args);
    int add(const QStringList& args);
    int remove(const QStringList& args);
    void probe(const QStringList& args);
    static int fail(const QString& text);

    std::shared_ptr<SecretStore> m_secrets;
};

} // namespace Promdeck::Cli
