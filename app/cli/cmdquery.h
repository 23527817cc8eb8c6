#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// promdeck query EXPR --url U|--stack NAME: one query, as a table, JSON or CSV.
class QueryVerb final : public Verb
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString usage() const override;
    [[nodiscard]] bool needsHosts(const QStringList& args) const override;
    void run(const QStringList& args) override;
};

} // namespace Promdeck::Cli
