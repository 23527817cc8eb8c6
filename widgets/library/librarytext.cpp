#include "widgets/library/librarytext.h"

#include "widgets/common/errortext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("LibraryText", text);
}

} // namespace

QString placeText(const LibraryEntry& entry)
{
    if (entry.isBuiltin())
        return tr("Built in");
    const QString name = entry.root.section(u'/', -1);
    return entry.folder.isEmpty() ? name : name + u" / "_s + QString(entry.folder).replace(u'/', u" / "_s);
}

QString reasonText(const LibraryHit& hit)
{
    switch (hit.field) {
    case LibraryHit::Field::Metric: return tr("uses %1").arg(hit.text);
    case LibraryHit::Field::Expression:
    case LibraryHit::Field::Type:
    case LibraryHit::Field::PartTitle: return hit.text;
    default: return {};
    }
}

QString agoText(qint64 ms, qint64 nowMs)
{
    if (ms <= 0)
        return {};
    const qint64 minutes = (nowMs - ms) / 60'000;
    if (minutes < 1)
        return tr("just now");
    if (minutes < 60)
        return minutes == 1 ? tr("1 minute ago") : tr("%1 minutes ago").arg(minutes);
    if (minutes < 24 * 60)
        return minutes < 120 ? tr("1 hour ago") : tr("%1 hours ago").arg(minutes / 60);
    if (minutes < 7 * 24 * 60)
        return minutes < 2880 ? tr("yesterday") : tr("%1 days ago").arg(minutes / 1440);
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms).date(), QLocale::ShortFormat);
}

QString partTitle(const DigestPart& part)
{
    switch (part.kind) {
    case DigestPart::Kind::Variable: return tr("Variable %1").arg(part.title);
    case DigestPart::Kind::Annotation: return tr("Annotation %1").arg(part.title);
    default: return part.title.isEmpty() ? tr("Panel without a title") : part.title;
    }
}

QString problemText(const LibraryEntry& entry)
{
    if (!entry.error)
        return {};
    const SourceRange& where = entry.error->where;
    const QString place = where.line > 0 ? u"%1:%2: "_s.arg(where.line).arg(where.column) : QString();
    const QString detail = entry.error->detail;
    return place + errorTitle(*entry.error) + (detail.isEmpty() || errorTitle(*entry.error).contains(detail) ? QString() : u" – "_s + detail);
}

} // namespace Promdeck
