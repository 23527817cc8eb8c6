#include "models/library/dashboardimport.h"

#include "models/core/files.h"
#include "models/dashboard/dashboarddocument.h"
#include "models/library/libraryscan.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxDashboardBytes = 64 << 20;
constexpr QFileDevice::Permissions kNewFile = kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther;

/// Members in the order of their names, all the way down.
Json sorted(const Json& value)
{
    if (value.isArray()) {
        Json out = Json::array();
        for (const Json& item : value.items())
            out.append(sorted(item));
        return out;
    }
    if (!value.isObject())
        return value;
    std::vector<Json::Member> members = value.members();
    std::ranges::sort(members, {}, [](const Json::Member& member) { return member.first; });
    Json out = Json::object();
    for (const auto& [name, member] : members)
        out.set(name, sorted(member));
    return out;
}

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

std::optional<DashboardOrigin> originOf(const Json& dashboard)
{
    const Json& json = dashboard[u"promdeck"][u"origin"];
    if (json[u"uid"].toString().isEmpty())
        return std::nullopt;
    return DashboardOrigin {QUrl(json[u"server"].toString()), json[u"uid"].toString(), json[u"version"].toInt(),
                            json[u"folderUid"].toString(), json[u"content"].toString().toLatin1()};
}

Json withOrigin(Json dashboard, const DashboardOrigin& origin)
{
    Json json = Json::object();
    if (!origin.server.isEmpty())
        json.set(u"server"_s, origin.server.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash));
    json.set(u"uid"_s, origin.uid);
    json.set(u"version"_s, origin.version);
    if (!origin.folderUid.isEmpty())
        json.set(u"folderUid"_s, origin.folderUid);
    json.set(u"content"_s, QString::fromLatin1(origin.content));
    Json own = dashboard[u"promdeck"].isObject() ? dashboard[u"promdeck"] : Json::object();
    own.set(u"origin"_s, json);
    dashboard.set(u"promdeck"_s, own);
    return dashboard;
}

Json forServer(Json dashboard)
{
    dashboard.remove(u"promdeck");
    if (dashboard.contains(u"id"))
        dashboard.set(u"id"_s, Json());
    return dashboard;
}

QByteArray contentFingerprint(const Json& dashboard)
{
    Json content = dashboard;
    for (const char16_t* member : {u"promdeck", u"id", u"version", u"iteration"})
        content.remove(QStringView(member));
    return QCryptographicHash::hash(sorted(content).toUtf8(), QCryptographicHash::Sha256).toHex();
}

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
