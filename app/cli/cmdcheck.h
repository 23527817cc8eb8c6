#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// `promdeck check PATH... [--kind K] [--server-version V] [--no-lint] [--syntax-only] [--agent]
/// [--enable-feature F]... [--strict] [--json]`: configuration files, and every file they refer to. Folders are
/// walked. Nothing is asked over the network.
class CheckVerb final : public Verb
{
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("check"); }
    [[nodiscard]] QString summary() const override
    {
        return QStringLiteral("check configuration, rule, discovery and test files");
    }
    [[nodiscard]] QString usage() const override
    {
        return QStringLiteral("promdeck check PATH... [--kind K] [--server-version V] [--no-lint] [--syntax-only] [--agent] "
                              "[--enable-feature F]... [--strict] [--json]");
    }
    void run(const QStringList& args) override;
};

} // namespace Promdeck::Cli
