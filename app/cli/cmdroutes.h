#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

struct Routing;

/// `promdeck routes show|test CONFIG [label=value...] [--at TIME] [--firing LABELS]... [--tests FILE] [--json]`: the
/// routing tree of an alertmanager.yml, and where an alert with the given labels goes, as `amtool config routes`. With a
/// time, which time intervals keep a receiver silent; with other firing alerts, which of them inhibits this one. FILE
/// holds many such tests with what they should find.
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
        return QStringLiteral("promdeck routes show|test CONFIG [label=value...] [--at TIME] [--firing LABELS]... [--tests FILE] [--json]");
    }
    void run(const QStringList& args) override;

private:
    static void runTests(const Routing& routing, const QString& path, bool json);
};

} // namespace Promdeck::Cli
