#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// `promdeck routes show|test CONFIG [label=value...] [--json]`: the routing tree of an alertmanager.yml, and where an
/// alert with the given labels goes, as `amtool config routes`.
class RoutesVerb final : public Verb
{
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("routes"); }
    [[nodiscard]] QString summary() const override
    {
        return QStringLiteral("show Alertmanager's routing tree, or test where an alert goes");
    }
    [[nodiscard]] QString usage() const override
    {
        return QStringLiteral("promdeck routes show|test CONFIG [label=value...] [--json]");
    }
    void run(const QStringList& args) override;
};

} // namespace Promdeck::Cli
