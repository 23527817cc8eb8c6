#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// A verb that promdeck lists and promdeck-hosts runs (app/hosts).
class HandedVerb final : public Verb
{
public:
    HandedVerb(QString name, QString summary) : m_name(std::move(name)), m_summary(std::move(summary)) {}
    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] QString summary() const override { return m_summary; }
    [[nodiscard]] QString usage() const override { return QStringLiteral("promdeck %1 --help").arg(m_name); }
    [[nodiscard]] bool isHandedOver() const override { return true; }
    /// Only when the other program is missing.
    void run(const QStringList&) override { finish(ExitUsage); }

private:
    QString m_name;
    QString m_summary;
};

} // namespace Promdeck::Cli
