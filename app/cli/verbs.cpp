#include "app/cli/cmdcheck.h"
#include "app/cli/cmdpromql.h"
#include "app/cli/cmdquery.h"
#include "app/cli/cmdrender.h"
#include "app/cli/cmdroutes.h"
#include "app/cli/cmdstacks.h"
#include "app/cli/handedverb.h"
#include "app/cli/verb.h"
#include "app/keychain/keychainstore.h"

// The one list of verbs: include the verb's header and add one line.

namespace Promdeck::Cli {

std::vector<std::unique_ptr<Verb>> allVerbs()
{
    std::vector<std::unique_ptr<Verb>> verbs;
    const auto handed = [&verbs](const char* name, const char* summary) {
        verbs.push_back(std::make_unique<HandedVerb>(QString::fromLatin1(name), QString::fromLatin1(summary)));
    };
    handed("adopt", "a workspace from a running host");
    handed("backup", "make, list, verify, prune and restore backups");
    verbs.push_back(std::make_unique<CheckVerb>());
    handed("deploy", "configuration to hosts, verified, or back as it was");
    handed("drift", "what hosts have, run and should have");
    handed("plan", "what a deployment would change, validated, with nothing touched");
    verbs.push_back(std::make_unique<PromqlVerb>());
    verbs.push_back(std::make_unique<QueryVerb>());
    verbs.push_back(std::make_unique<RenderVerb>());
    handed("rollback", "back to an earlier release of a host");
    verbs.push_back(std::make_unique<RoutesVerb>());
    verbs.push_back(std::make_unique<StacksVerb>(keychainSecretStore()));
    return verbs;
}

} // namespace Promdeck::Cli
