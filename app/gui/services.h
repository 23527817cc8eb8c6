#pragma once

#include "models/core/secrets.h"
#include "models/core/settings.h"
#include "models/stack/stackstore.h"

#include <memory>

namespace Promdeck {

/// What lives as long as the window does.
struct Services
{
    Settings* settings = nullptr;
    StackStore* stacks = nullptr;
    std::shared_ptr<SecretStore> secrets;
};

} // namespace Promdeck
