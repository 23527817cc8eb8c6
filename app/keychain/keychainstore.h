#pragma once

#include "models/core/secrets.h"

namespace Promdeck {

/// The desktop's keychain (Secret Service or KWallet), entries of the service "promdeck". The user may be asked
/// to unlock it, so an answer can take a while; after two minutes it is an error.
[[nodiscard]] std::shared_ptr<SecretStore> keychainSecretStore();

} // namespace Promdeck
