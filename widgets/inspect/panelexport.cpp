#include "widgets/inspect/panelexport.h"

#include "models/core/background.h"
#include "widgets/panels/panelwidget.h"

#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

Error writeError(const QString& path, const QString& detail)
{
    Error error = makeError(ErrorCode::Io, u"The file cannot be written"_s, detail);
    error.target = path;
    return error;
}

/// "1700000000", "1700000000.5"
QString secondsText(qint64 ms)
{
    return ms % 1000 == 0 ? QString::number(ms / 1000) : QString::number(double(ms) / 1000, 'f', 3);
}

} // namespace

void saveTable(QObject* context, std::shared_ptr<const DataTable> table, const CsvOptions& options, const QString& path,
               std::function<void(const Status&)> done)
{
    runInBackground(
        context,
        [table = std::move(table), options, path]() -> Status {
            QSaveFile file(path);
            if (!file.open(QIODevice::WriteOnly))
                return writeError(path, file.errorString());
            const bool written = writeCsv(*table, options, [&file](const QByteArray& piece) {
                return file.write(piece) == piece.size();
            });
            if (!written || !file.commit())
                return writeError(path, file.errorString());
            return Done {};
        },
        std::move(done));
}

QPixmap panelPicture(PanelWidget& panel, double scale)
{
    QPixmap picture(panel.size() * scale);
    picture.setDevicePixelRatio(scale);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    panel.paintFor(&painter);
    return picture;
}

Status savePanelPng(PanelWidget& panel, const QString& path, double scale)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return writeError(path, file.errorString());
    if (!panelPicture(panel, scale).save(&file, "PNG") || !file.commit())
        return writeError(path, file.errorString());
    return Done {};
}

Status savePanelSvg(PanelWidget& panel, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return writeError(path, file.errorString());
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setSize(panel.size());
    svg.setViewBox(panel.rect());
    svg.setTitle(panel.title());
    svg.setResolution(panel.logicalDpiX());
    QPainter painter;
    if (!painter.begin(&svg))
        return writeError(path, {});
    panel.paintFor(&painter);
    painter.end();
    return file.commit() ? Status(Done {}) : Status(writeError(path, file.errorString()));
}

QUrl queryUrl(const QUrl& server, const SentQuery& query)
{
    if (server.isEmpty() || query.apiPath.isEmpty())
        return {};
    QUrl url = server.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    url.setPath(url.path() + (url.path().endsWith(u'/') ? QString() : u"/"_s) + query.apiPath);
    QUrlQuery parameters;
    // "+" is a blank in a query: QUrlQuery would leave it as it is.
    parameters.addQueryItem(u"query"_s, QString::fromLatin1(QUrl::toPercentEncoding(query.expr)));
    if (query.instant) {
        parameters.addQueryItem(u"time"_s, secondsText(query.endMs));
    } else {
        parameters.addQueryItem(u"start"_s, secondsText(query.startMs));
        parameters.addQueryItem(u"end"_s, secondsText(query.endMs));
        parameters.addQueryItem(u"step"_s, secondsText(query.stepMs));
    }
    url.setQuery(parameters);
    return url;
}

QString fileNameFor(const QString& title, const QString& suffix)
{
    QString name;
    for (const QChar c : title.isEmpty() ? u"panel"_s : title)
        name += c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u'.' ? c : c.isSpace() ? QChar(u' ') : QChar(u'_');
    return name.simplified() + suffix;
}

} // namespace Promdeck
