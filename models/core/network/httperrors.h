#pragma once

#include "models/core/result.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslError>
#include <QUrl>

#include <chrono>

namespace Promdeck::Internal {

/// The URL as errors may show it: without user, password, query and fragment.
[[nodiscard]] QString shownUrl(const QUrl& url);

/// What is known about a transfer that failed.
struct FailedTransfer
{
    QNetworkReply::NetworkError code;
    QString text; ///< Qt's or OpenSSL's words
    QUrl url;
    QList<QSslError> sslErrors;
    QNetworkProxy proxy;
    bool clientCertificate = false; ///< one was offered
};

/// What a failed transfer was, in words of what to do about it.
[[nodiscard]] Error transferError(const FailedTransfer& failed);
/// The certificate problem that matters most among what OpenSSL reports.
[[nodiscard]] Error certificateError(const QUrl& url, const QList<QSslError>& sslErrors);
/// `received` decoded bytes had arrived, or -1 when not even the status line had.
[[nodiscard]] Error timeoutError(const QUrl& url, std::chrono::milliseconds limit, qsizetype received);
[[nodiscard]] Error tooLargeError(const QUrl& url, qsizetype limit);

} // namespace Promdeck::Internal
