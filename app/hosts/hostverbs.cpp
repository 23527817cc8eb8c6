#include "app/hosts/hostverbs.h"

#include "app/hosts/cmdbackup.h"
#include "app/hosts/cmddeploy.h"
#include "app/keychain/keychainstore.h"

namespace Promdeck::Cli {

std::vector<std::unique_ptr<Verb>> hostVerbs()
{
    std::vector<std::unique_ptr<Verb>> verbs;
    verbs.push_back(std::make_unique<BackupVerb>(keychainSecretStore()));
    for (const DeployVerb::Kind kind : {DeployVerb::Kind::Plan, DeployVerb::Kind::Deploy, DeployVerb::Kind::Rollback, DeployVerb::Kind::Drift, DeployVerb::Kind::Adopt})
        verbs.push_back(std::make_unique<DeployVerb>(kind, keychainSecretStore()));
    return verbs;
}

} // namespace Promdeck::Cli
