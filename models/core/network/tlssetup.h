#pragma once

#include "models/core/http.h"

#include <QSslConfiguration>

namespace Promdeck::Internal {

/// Certificates of the options as Qt wants them. Errors: TlsFailure, when a PEM text holds nothing usable, the
/// key is encrypted, or key and certificate do not come together.
[[nodiscard]] Result<QSslConfiguration> tlsConfiguration(const HttpOptions& options);

} // namespace Promdeck::Internal
