#pragma once

#include "models/config/preview/exposition.h"
#include "models/core/http.h"

#include <QCoroTask>

#include <stop_token>

namespace Promdeck::Config {

/// A page of metrics as a server would scrape it.
struct ScrapePreview
{
    ExpositionReport report;
    QByteArray text;        ///< the page
    QString contentType;
    int status = 0;
    double seconds = 0;     ///< until the last byte
};

/// Fetches a page of metrics and checks it on a worker thread; asks for OpenMetrics first, as Prometheus does. The client
/// carries the headers and certificates of the scrape configuration. Errors: the transport's (HttpClient), HttpStatus.
QCoro::Task<Result<ScrapePreview>> fetchExposition(HttpClient& client, QUrl url, std::stop_token stop = {});

} // namespace Promdeck::Config
