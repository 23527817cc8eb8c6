#pragma once

#include "app/cli/verb.h"
#include "models/core/secrets.h"
#include "provisioning/deploy/deployrunner.h"

#include <optional>

class QSocketNotifier;

namespace Promdeck::Cli {

/// `promdeck plan|deploy|rollback|drift|adopt`: configuration to hosts, as one transaction each.
class DeployVerb final : public Verb
{
public:
    enum class Kind { Plan, Deploy, Rollback, Drift, Adopt };
    DeployVerb(Kind kind, std::shared_ptr<SecretStore> secrets);
    ~DeployVerb() override;
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString usage() const override;
    void run(const QStringList& args) override;

private:
    struct Request;
    std::optional<QString> readArguments(const QStringList& args);
    void begin(const Deploy::SecretValues& secrets);
    void planned(const Deploy::DeployPlan& plan);
    void carryOut(const Deploy::DeployPlan& plan);
    void progressed(const Deploy::DeployEvent& event);
    void deployed(const Deploy::FleetReport& report);
    void drifted(const std::vector<Deploy::UnitDrift>& drift);
    void adopt();
    void takeOver(const std::vector<Deploy::UnitDrift>& drift);
    void listenForInterrupts();

    Kind m_kind;
    std::shared_ptr<SecretStore> m_secrets;
    std::unique_ptr<Request> m_request;
    std::unique_ptr<Deploy::DeployRunner> m_runner;
    Deploy::HostFactory m_factory;
    Deploy::SecretValues m_values;
    std::unique_ptr<QSocketNotifier> m_interrupts;
    QString m_last; ///< line of progress, so that the same one is said once
};

} // namespace Promdeck::Cli
