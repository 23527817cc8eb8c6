#include "app/cli/cmdcheck.h"
#include "app/cli/cmdpromql.h"
#include "app/cli/cmdquery.h"
#include "app/cli/cmdrender.h"
#include "app/cli/cmdroutes.h"
#include "app/cli/cmdstacks.h"
#include "app/cli/verb.h"
#include "app/keychain/keychainstore.h"

// The one list of verbs: include the verb's header and add one line.

namespace Promdeck::Cli {

std::vector<std::unique_ptr<Verb>> allVerbs()
{
    std::vector<std::unique_ptr<Verb>> verbs;
    verbs.push_back(std::make_unique<CheckVerb>());
    verbs.push_back(std::make_unique<PromqlVerb>());
    verbs.push_back(std::make_unique<QueryVerb>());
    verbs.push_back(std::make_unique<RenderVerb>());
    verbs.push_back(std::make_unique<RoutesVerb>());
    verbs.push_back(std::make_unique<StacksVerb>(keychainSecretStore()));
    return verbs;
}

} // namespace Promdeck::Cli
