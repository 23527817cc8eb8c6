#pragma once

#include "app/cli/verb.h"

#include <memory>

namespace Promdeck::Cli {

/// `promdeck check PATH... [--kind K] [--server-version V] [--no-lint] [--syntax-only] [--agent]
/// [--enable-feature F]... [--strict] [--run] [--url URL] [--json]`: configuration files, and every file they refer to.
/// Folders are walked. --run has promtool run unit tests, where it is installed. Nothing is asked over the network
/// unless --url names a Prometheus: then rules are held against what it has.
class CheckVerb final : public Verb
{
public:
    CheckVerb();
    ~CheckVerb() override;
    Q_DISABLE_COPY_MOVE(CheckVerb)
    [[nodiscard]] QString name() const override { return QStringLiteral("check"); }
    [[nodiscard]] QString summary() const override
    {
        return QStringLiteral("check configuration, rule, discovery and test files");
    }
    [[nodiscard]] QString usage() const override
    {
        return QStringLiteral("promdeck check PATH... [--kind K] [--server-version V] [--no-lint] [--syntax-only] [--agent] "
                              "[--enable-feature F]... [--strict] [--run] [--url URL] [--json]");
    }
    void run(const QStringList& args) override;

private:
    void runTests();
    void askServer();
    void report();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck::Cli
