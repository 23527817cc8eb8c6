#pragma once

#include "models/core/secrets.h"
#include "models/stack/stackconnection.h"

namespace Promdeck {

/// A connection for a profile, with its secrets resolved (see optionsresolver.h for the errors). It does not talk to the server yet.
QCoro::Task<Result<std::shared_ptr<StackConnection>>> openStack(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                                std::stop_token stop = {});

} // namespace Promdeck
