#pragma once

#include "models/core/http.h"
#include "models/core/secrets.h"
#include "models/stack/stackprofile.h"

namespace Promdeck {

/// The secret itself. Errors: Secret, Cancelled.
QCoro::Task<Result<QString>> resolveSecret(SecretRef secret, std::shared_ptr<SecretStore> store,
                                           std::stop_token stop = {});

/// Everything a profile says about connecting, with secrets fetched and certificate files read (on a worker
/// thread). Errors: Secret, Io, InvalidArgument (an auth type without its secret), Cancelled; of tunnelTo() where the stack has a host.
QCoro::Task<Result<HttpOptions>> resolveOptions(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                std::stop_token stop = {});

/// The same for the stack's Grafana: with its own token where the profile names one, and then without the credentials of
/// Prometheus.
QCoro::Task<Result<HttpOptions>> resolveGrafanaOptions(StackProfile profile, std::shared_ptr<SecretStore> store,
                                                       std::stop_token stop = {});

} // namespace Promdeck
