#include "models/config/online/scrapepreview.h"

#include <QCoroFuture>
#include <QtConcurrent>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

QCoro::Task<Result<ScrapePreview>> fetchExposition(HttpClient& client, QUrl url, std::stop_token stop)
{
    HttpRequest request;
    request.url = std::move(url);
    request.headers = {{"Accept", "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}};
    const Result<HttpResponse> answer = co_await client.send(std::move(request), stop);
    if (!answer)
        co_return answer.error();
    if (answer->status != 200)
        co_return makeError(ErrorCode::HttpStatus, u"the target answered with status %1"_s.arg(answer->status), {}, u"a scrape takes status 200 only"_s);
    ScrapePreview out;
    out.status = answer->status;
    out.seconds = answer->seconds;
    out.text = answer->body;
    out.contentType = QString::fromLatin1(answer->header("content-type"));
    const ExpositionFormat format = expositionFormatOf(out.contentType.toStdString());
    const auto report = std::make_shared<ExpositionReport>();
    QFuture<void> future = QtConcurrent::run([report, text = out.text, format] { *report = checkExposition({text.constData(), std::size_t(text.size())}, format); });
    co_await future;
    out.report = std::move(*report);
    co_return out;
}

} // namespace Promdeck::Config
