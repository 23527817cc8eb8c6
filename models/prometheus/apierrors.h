#pragma once

#include "models/core/http.h"

namespace Promdeck::Internal {

/// Scheme, host, port and path: what an error may say about where a request went.
[[nodiscard]] QString shownTarget(const QUrl& url);

/// What an answer outside 2xx, or one that is no API answer at all, means. Prometheus puts its own sentence into
/// the body ({"errorType", "error"}); proxies and login pages answer HTML.
[[nodiscard]] Error errorFromAnswer(const HttpResponse& response, const QUrl& url);

/// True when the body is a web page.
[[nodiscard]] bool looksLikeHtml(const HttpResponse& response);

} // namespace Promdeck::Internal
