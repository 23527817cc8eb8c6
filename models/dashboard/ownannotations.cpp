#include "models/dashboard/ownannotations.h"

#include "models/core/background.h"
#include "models/core/files.h"
#include "models/dashboard/dashboardfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QLockFile>
#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostBytes = 16 << 20;
constexpr int kLockMs = 5000;
constexpr QFileDevice::Permissions kShared = kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther;

QString dataFolder()
{
    const QString given = qEnvironmentVariable("XDG_DATA_HOME");
    return (given.startsWith(u'/') ? given : QDir::homePath() + u"/.local/share"_s) + u"/promdeck/annotations"_s;
}

QString inDataFolder(const QString& reference)
{
    return dataFolder() + u'/' + QString::fromLatin1(fingerprint(reference.toUtf8()).left(24)) + u".json"_s;
}

QString besideFile(const QString& reference)
{
    const QFileInfo info(reference);
    return info.absolutePath() + u'/' + info.completeBaseName() + u".promdeck-annotations"_s;
}

/// Where there are some already, else where new ones go.
QString pathToRead(const QString& reference)
{
    if (!reference.startsWith(u"builtin:") && QFileInfo::exists(besideFile(reference)))
        return besideFile(reference);
    return QFileInfo::exists(inDataFolder(reference)) ? inDataFolder(reference) : ownAnnotationsPath(reference);
}

Json toJson(const OwnAnnotation& one)
{
    Json json = Json::object({{u"id"_s, one.id}, {u"time"_s, one.fromMs}, {u"timeEnd"_s, one.toMs}, {u"text"_s, one.text}});
    if (!one.tags.isEmpty())
        json.set(u"tags"_s, Json::strings(one.tags));
    if (one.panelId != 0)
        json.set(u"panelId"_s, one.panelId);
    return json;
}

void sortByTime(std::vector<OwnAnnotation>& all)
{
    std::ranges::stable_sort(all, {}, [](const OwnAnnotation& one) { return one.fromMs; });
}

Result<std::vector<OwnAnnotation>> readFrom(const QString& path)
{
    if (!QFile::exists(path))
        return std::vector<OwnAnnotation> {};
    const Result<QByteArray> text = readWholeFile(path, kMostBytes);
    const Result<Json> json = text ? Json::parse(*text, path) : Result<Json>(text.error());
    if (!json)
        return json.error();
    if (!(*json)[u"annotations"].isArray())
        return makeError(ErrorCode::Schema, u"There is no list of annotations in this file"_s, path);
    std::vector<OwnAnnotation> all;
    for (const Json& item : (*json)[u"annotations"].items()) {
        OwnAnnotation one;
        one.id = item[u"id"].scalarText();
        one.fromMs = item[u"time"].toInt();
        one.toMs = std::max(one.fromMs, item[u"timeEnd"].toInt(one.fromMs));
        one.text = item[u"text"].toString();
        for (const Json& tag : item[u"tags"].items())
            one.tags << tag.toString();
        one.panelId = int(item[u"panelId"].toInt());
        if (one.id.isEmpty())
            one.id = u"%1-%2"_s.arg(one.fromMs).arg(all.size());
        all.push_back(std::move(one));
    }
    sortByTime(all);
    return all;
}

template <typename Change>
Result<std::vector<OwnAnnotation>> rewrite(const QString& reference, Change change)
{
    const QString path = pathToRead(reference);
    QDir().mkpath(QFileInfo(path).absolutePath());
    QLockFile lock(path + u".lock"_s);
    lock.setStaleLockTime(kLockMs);
    if (!lock.tryLock(kLockMs))
        return makeError(ErrorCode::Io, u"Another program is writing the annotations of this dashboard"_s, path);
    Result<std::vector<OwnAnnotation>> all = readFrom(path);
    if (!all)
        return all;
    change(*all);
    sortByTime(*all);
    Json list = Json::array();
    for (const OwnAnnotation& one : *all)
        list.append(toJson(one));
    const Json document = Json::object({{u"promdeckAnnotations"_s, 1}, {u"annotations"_s, list}});
    const bool exists = QFile::exists(path);
    const bool isPrivate = path.startsWith(dataFolder());
    const Status written = writeFileAtomically(path, document.toUtf8(Json::Format::Indented) + '\n',
                                               exists ? QFile::permissions(path) : isPrivate ? kPrivateFile : kShared);
    if (!written)
        return written.error();
    return all;
}

void putInto(std::vector<OwnAnnotation>& all, const OwnAnnotation& annotation)
{
    const auto known = std::ranges::find(all, annotation.id, &OwnAnnotation::id);
    if (known == all.end())
        all.push_back(annotation);
    else
        *known = annotation;
}

} // namespace

QString ownAnnotationsPath(const QString& reference)
{
    if (!reference.isEmpty() && !reference.startsWith(u"builtin:") && QFileInfo(QFileInfo(reference).absolutePath()).isWritable())
        return besideFile(reference);
    return inDataFolder(reference);
}

Result<std::vector<OwnAnnotation>> readOwnAnnotations(const QString& reference)
{
    return readFrom(pathToRead(reference));
}

Result<std::vector<OwnAnnotation>> putOwnAnnotation(const QString& reference, const OwnAnnotation& annotation)
{
    return rewrite(reference, [&](std::vector<OwnAnnotation>& all) { putInto(all, annotation); });
}

Result<std::vector<OwnAnnotation>> removeOwnAnnotation(const QString& reference, const QString& id)
{
    return rewrite(reference, [&](std::vector<OwnAnnotation>& all) {
        std::erase_if(all, [&id](const OwnAnnotation& one) { return one.id == id; });
    });
}

std::shared_ptr<AnnotationBook> AnnotationBook::of(const QString& reference)
{
    static QHash<QString, std::weak_ptr<AnnotationBook>> books;
    std::shared_ptr<AnnotationBook> book = books.value(reference).lock();
    if (!book) {
        // Whoever lets go last may be answering one of its signals.
        book = std::shared_ptr<AnnotationBook>(new AnnotationBook(reference), [](AnnotationBook* gone) { gone->deleteLater(); });
        books.insert(reference, book);
        book->reload();
    }
    return book;
}

AnnotationBook::AnnotationBook(QString reference) : m_reference(std::move(reference)) {}

QString AnnotationBook::newId()
{
    return QString::number(QRandomGenerator::global()->generate64(), 36);
}

std::optional<OwnAnnotation> AnnotationBook::find(const QString& id) const
{
    const auto known = std::ranges::find(m_all, id, &OwnAnnotation::id);
    return known == m_all.end() ? std::nullopt : std::optional(*known);
}

void AnnotationBook::put(const OwnAnnotation& annotation)
{
    putInto(m_all, annotation);
    sortByTime(m_all);
    enqueue([reference = m_reference, annotation] { return putOwnAnnotation(reference, annotation); });
    Q_EMIT changed();
}

void AnnotationBook::remove(const QString& id)
{
    std::erase_if(m_all, [&id](const OwnAnnotation& one) { return one.id == id; });
    enqueue([reference = m_reference, id] { return removeOwnAnnotation(reference, id); });
    Q_EMIT changed();
}

void AnnotationBook::reload()
{
    enqueue([reference = m_reference] { return readOwnAnnotations(reference); });
}

void AnnotationBook::enqueue(std::function<Listed()> work)
{
    m_waiting.push_back(std::move(work));
    next();
}

void AnnotationBook::next()
{
    if (m_busy || m_waiting.empty())
        return;
    m_busy = true;
    std::function<Listed()> work = std::move(m_waiting.front());
    m_waiting.pop_front();
    runInBackground(this, std::move(work), [this](const Listed& all) {
        m_busy = false;
        if (!all)
            Q_EMIT failed(all.error());
        // What waits is in the list already, and not yet in the file.
        else if (m_waiting.empty() && m_all != *all) {
            m_all = *all;
            Q_EMIT changed();
        }
        next();
    });
}

} // namespace Promdeck
