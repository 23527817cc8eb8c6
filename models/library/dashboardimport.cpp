#include "models/library/dashboardimport.h"

#include "models/core/files.h"
#include "models/dashboard/dashboarddocument.h"
#include "models/library/libraryscan.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxDashboardBytes = 64 << 20;
constexpr QFileDevice::Permissions kNewFile = kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther;

DashboardOrigin originFromMeta(const Json& dashboard, const Json& meta)
{
    DashboardOrigin origin;
    origin.uid = dashboard[u"uid"].toString();
    origin.version = meta[u"version"].isNumber() ? meta[u"version"].toInt() : dashboard[u"version"].toInt();
    origin.folderUid = meta[u"folderUid"].toString();
    origin.content = contentFingerprint(dashboard);
    return origin;
}

ImportItem failed(ImportItem item, const Error& error)
{
    item.outcome = ImportItem::Outcome::Failed;
    item.error = error;
    return item;
}

/// Writes, unless something else is there.
ImportItem put(ImportItem item, const QByteArray& bytes, const ImportOptions& options)
{
    bool exists = QFileInfo::exists(item.target);
    if (exists) {
        const Result<QByteArray> there = readWholeFile(item.target, kMaxDashboardBytes);
        if (there && *there == bytes) {
            item.outcome = ImportItem::Outcome::Skipped;
            item.reason = ImportItem::Reason::Same;
            return item;
        }
        if (!options.replace) {
            item.outcome = ImportItem::Outcome::Skipped;
            item.reason = ImportItem::Reason::OtherContent;
            return item;
        }
    }
    if (const Status written = writeFileAtomically(item.target, bytes, kNewFile); !written)
        return failed(std::move(item), written.error());
    item.outcome = exists ? ImportItem::Outcome::Replaced : ImportItem::Outcome::Imported;
    return item;
}

} // namespace

int ImportReport::count(ImportItem::Outcome outcome) const
{
    return int(std::ranges::count(items, outcome, &ImportItem::outcome));
}

QString dashboardFileName(const QString& title)
{
    static const QRegularExpression odd(u"[^a-z0-9._]+"_s);
    QString name = title.toLower().normalized(QString::NormalizationForm_KD);
    name.replace(odd, u"-"_s);
    static const QRegularExpression ends(u"^[-.]+|[-.]+$"_s);
    name.remove(ends);
    return (name.isEmpty() ? u"dashboard"_s : name.left(120)) + u".json"_s;
}

ImportItem importText(const QByteArray& text, const QString& relativePath, const ImportOptions& options)
{
    ImportItem item;
    item.source = relativePath;
    const Result<DashboardDocument> document = readDashboardDocument(text, relativePath);
    if (!document) {
        const Result<Json> json = Json::parse(text);
        if (!json || isMeantAsDashboard(*json) || relativePath.isEmpty())
            return failed(std::move(item), document.error());
        item.outcome = ImportItem::Outcome::Skipped;
        item.reason = ImportItem::Reason::NotADashboard;
        return item;
    }
    const Json& dashboard = document->dashboard;
    if (!relativePath.isEmpty() && !isMeantAsDashboard(dashboard)) {
        item.outcome = ImportItem::Outcome::Skipped;
        item.reason = ImportItem::Reason::NotADashboard;
        return item;
    }
    item.title = dashboard[u"title"].scalarText();
    item.wrapped = document->wrapped;
    item.target = options.folder + u'/' + (relativePath.isEmpty() ? dashboardFileName(item.title) : relativePath);
    QByteArray bytes = text;
    if (document->wrapped) {
        const bool known = document->meta.isObject() && !dashboard[u"uid"].toString().isEmpty();
        const Json alone = known ? withOrigin(dashboard, originFromMeta(dashboard, document->meta)) : dashboard;
        bytes = alone.toUtf8(Json::Format::Indented) + '\n';
    }
    return put(std::move(item), bytes, options);
}

ImportItem importFile(const QString& path, const ImportOptions& options)
{
    const Result<QByteArray> text = readWholeFile(path, kMaxDashboardBytes);
    if (text)
        return importText(*text, QFileInfo(path).fileName(), options);
    ImportItem item;
    item.source = QFileInfo(path).fileName();
    return failed(std::move(item), text.error());
}

Result<ImportReport> importFolder(const QString& path, const ImportOptions& options, const std::atomic<bool>& stop,
                                  const std::function<void(int)>& progress)
{
    const FolderListing listing = listDashboardFiles({path}, stop);
    if (!listing.errors.empty() && listing.files.empty())
        return listing.errors.front().second;
    ImportReport report;
    for (const FileStamp& file : listing.files) {
        if (stop)
            break;
        const QString relative = file.folder.isEmpty() ? QFileInfo(file.path).fileName()
                                                       : file.folder + u'/' + QFileInfo(file.path).fileName();
        const Result<QByteArray> text = readWholeFile(file.path, kMaxDashboardBytes);
        ImportItem item;
        item.source = relative;
        report.items.push_back(text ? importText(*text, relative, options) : failed(std::move(item), text.error()));
        if (progress)
            progress(int(report.items.size()));
    }
    return report;
}

} // namespace Promdeck
