#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// `promdeck promql check|format|tree [EXPR|-] [--jsonl] [--server-version V] [--enable-feature F]... [--width N]`.
/// With --jsonl, standard input is read line by line and answered line by line, so that a program can keep it open.
class PromqlVerb final : public Verb
{
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("promql"); }
    [[nodiscard]] QString summary() const override
    {
        return QStringLiteral("check, format or show the tree of PromQL expressions");
    }
    [[nodiscard]] QString usage() const override
    {
        return QStringLiteral("promdeck promql check|format|tree [EXPR|-] [--jsonl] [--json] [--width N] "
                              "[--server-version V] [--enable-feature F]...");
    }
    void run(const QStringList& args) override;
};

} // namespace Promdeck::Cli
