#include "models/library/dashboardlinks.h"

#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QString decoded(QString text)
{
    // What browsers send for a blank.
    return QUrl::fromPercentEncoding(text.replace(u'+', u' ').toUtf8());
}

/// "panel-3", "3" or "3$region$eu".
int panelNumber(QString text)
{
    if (text.startsWith(u"panel-"))
        text.remove(0, 6);
    static const QRegularExpression digits(u"^\\d{1,9}"_s);
    return digits.match(text).captured().toInt();
}

} // namespace

std::optional<DashboardTarget> dashboardTarget(const QUrl& url, const QUrl& grafana)
{
    const bool web = url.scheme() == u"http" || url.scheme() == u"https";
    if (!url.isRelative() && !web)
        return std::nullopt;
    if (!url.host().isEmpty() && !grafana.isEmpty()
        && (url.host() != grafana.host() || url.port(web && url.scheme() == u"https" ? 443 : 80) != grafana.port(grafana.scheme() == u"https" ? 443 : 80)))
        return std::nullopt;
    static const QRegularExpression byUid(u"(?:^|/)d(?:-solo)?/([^/]+)(?:/([^/]*))?$"_s);
    static const QRegularExpression bySlug(u"(?:^|/)dashboard(?:-solo)?/db/([^/]+)$"_s);
    DashboardTarget target;
    if (const auto uid = byUid.match(url.path()); uid.hasMatch()) {
        target.uid = uid.captured(1);
        target.slug = uid.captured(2);
    } else if (const auto slug = bySlug.match(url.path()); slug.hasMatch()) {
        target.slug = slug.captured(1);
    } else {
        return std::nullopt;
    }
    RawTimeRange range;
    const QUrlQuery query(url.query(QUrl::FullyEncoded));
    for (const auto& [rawName, rawValue] : query.queryItems(QUrl::FullyEncoded)) {
        const QString name = decoded(rawName);
        const QString value = decoded(rawValue);
        if (name == u"from")
            range.from = value;
        else if (name == u"to")
            range.to = value;
        else if (name == u"viewPanel" || name == u"panelId")
            target.panelId = panelNumber(value);
        else if (name.startsWith(u"var-") && name.size() > 4)
            target.variables[name.mid(4)] << (value == u"All" ? u"$__all"_s : value);
    }
    if (!range.from.isEmpty() || !range.to.isEmpty()) {
        if (range.to.isEmpty())
            range.to = u"now"_s;
        if (!range.from.isEmpty())
            target.range = range;
    }
    return target;
}

LibraryEntryPtr entryFor(const DashboardTarget& target, const LibraryIndex& index)
{
    if (!target.uid.isEmpty())
        return index.withUid(target.uid);
    for (const LibraryEntryPtr& entry : index.entries()) {
        if (!entry->error && dashboardSlug(entry->digest.title) == target.slug)
            return entry;
    }
    return nullptr;
}

QString dashboardSlug(const QString& title)
{
    static const QRegularExpression odd(u"[^a-z0-9]+"_s);
    static const QRegularExpression ends(u"^-+|-+$"_s);
    QString slug = title.toLower();
    slug.replace(odd, u"-"_s);
    slug.remove(ends);
    return slug;
}

} // namespace Promdeck
