#include "provisioning/backup/manifest.h"

#include <QHash>
#include <QSet>
#include <QStringDecoder>

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostBytes = 1LL << 50; // a petabyte: more is a lie, and sums of it stay far from overflow

Error wrong(const QString& what, const QString& where = {})
{
    return makeError(ErrorCode::Decode, u"The manifest of the archive is not to be trusted"_s,
                     where.isEmpty() ? what : where + u": "_s + what, u"Use another backup"_s);
}

bool isIdentifier(const QString& text)
{
    return !text.isEmpty() && text.size() <= 100 && !text.startsWith(u'.')
        && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' || c == u'-';
           });
}

QString typeName(ManifestFile::Type type)
{
    switch (type) {
    case ManifestFile::Type::File:
        return u"file"_s;
    case ManifestFile::Type::Folder:
        return u"folder"_s;
    case ManifestFile::Type::Link:
        break;
    }
    return u"link"_s;
}

Json fileToJson(const ManifestFile& file)
{
    Json out = Json::object({{u"path"_s, bytesToText(file.path)}, {u"type"_s, typeName(file.type)},
                             {u"size"_s, file.size}, {u"mode"_s, QString::number(file.mode, 8)},
                             {u"uid"_s, file.uid}, {u"gid"_s, file.gid}, {u"mtime"_s, file.modifiedS}});
    const auto text = [&](const QString& key, const QByteArray& bytes) {
        if (!bytes.isEmpty())
            out.set(key, bytesToText(bytes));
    };
    text(u"owner"_s, file.owner);
    text(u"group"_s, file.group);
    text(u"sha256"_s, file.sha256);
    text(u"target"_s, file.linkTarget);
    return out;
}

Json componentToJson(const ManifestComponent& component)
{
    Json trees = Json::array();
    for (const ManifestTree& tree : component.trees)
        trees.append(Json::object({{u"name"_s, tree.name}, {u"root"_s, bytesToText(tree.root)}}));
    Json golden = Json::array();
    for (const GoldenQuery& query : component.golden)
        golden.append(Json::object({{u"expr"_s, query.expr}, {u"timeMs"_s, query.timeMs}, {u"result"_s, query.result}}));
    return Json::object({{u"id"_s, component.id}, {u"kind"_s, component.kind}, {u"name"_s, component.name},
                         {u"version"_s, component.version}, {u"method"_s, component.method}, {u"trees"_s, trees},
                         {u"imageDigests"_s, Json::strings(component.imageDigests)},
                         {u"startedAtMs"_s, component.startedAtMs}, {u"finishedAtMs"_s, component.finishedAtMs},
                         {u"dataFromMs"_s, component.dataFromMs}, {u"dataUntilMs"_s, component.dataUntilMs},
                         {u"golden"_s, golden}, {u"notes"_s, Json::strings(component.notes)}});
}

QStringList toStrings(const Json& json)
{
    QStringList out;
    for (const Json& item : json.items())
        out << item.toString();
    return out;
}

Result<QByteArray> bytesOf(const Json& json, const char16_t* key)
{
    return textToBytes(json[key].toString());
}

Result<ManifestFile> fileFromJson(const Json& json)
{
    ManifestFile file;
    const QString type = json[u"type"].toString();
    if (type == u"file")
        file.type = ManifestFile::Type::File;
    else if (type == u"folder")
        file.type = ManifestFile::Type::Folder;
    else if (type == u"link")
        file.type = ManifestFile::Type::Link;
    else
        return wrong(u"\"%1\" is no type of a file"_s.arg(type.left(40)));
    bool octal = false;
    file.mode = json[u"mode"].toString().toInt(&octal, 8);
    if (!octal || file.mode < 0 || file.mode > 07777)
        return wrong(u"a mode is no permission"_s);
    for (const char16_t* key : {u"size", u"uid", u"gid", u"mtime"}) {
        if (!json[key].isInteger())
            return wrong(u"\"%1\" is missing"_s.arg(QStringView(key)));
    }
    file.size = json[u"size"].toInt();
    file.uid = json[u"uid"].toInt();
    file.gid = json[u"gid"].toInt();
    file.modifiedS = json[u"mtime"].toInt();
    for (const auto& [key, field] : {std::pair(u"path", &file.path), std::pair(u"owner", &file.owner),
                                     std::pair(u"group", &file.group), std::pair(u"sha256", &file.sha256),
                                     std::pair(u"target", &file.linkTarget)}) {
        const Result<QByteArray> bytes = bytesOf(json, key);
        if (!bytes)
            return bytes.error();
        *field = *bytes;
    }
    return file;
}

Result<ManifestComponent> componentFromJson(const Json& json)
{
    ManifestComponent out;
    out.id = json[u"id"].toString();
    out.kind = json[u"kind"].toString();
    out.name = json[u"name"].toString();
    out.version = json[u"version"].toString();
    out.method = json[u"method"].toString();
    out.imageDigests = toStrings(json[u"imageDigests"]);
    out.startedAtMs = json[u"startedAtMs"].toInt();
    out.finishedAtMs = json[u"finishedAtMs"].toInt();
    out.dataFromMs = json[u"dataFromMs"].toInt();
    out.dataUntilMs = json[u"dataUntilMs"].toInt();
    out.notes = toStrings(json[u"notes"]);
    for (const Json& tree : json[u"trees"].items()) {
        const Result<QByteArray> root = bytesOf(tree, u"root");
        if (!root)
            return root.error();
        out.trees.push_back({tree[u"name"].toString(), *root});
    }
    for (const Json& query : json[u"golden"].items())
        out.golden.push_back({query[u"expr"].toString(), query[u"timeMs"].toInt(), query[u"result"]});
    return out;
}

bool isSha256(const QByteArray& text)
{
    return text.size() == 64
        && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// A clean relative path of at least two parts.
QString problemOfPath(const QByteArray& path)
{
    if (path.isEmpty())
        return u"an empty path"_s;
    if (path.startsWith('/'))
        return u"an absolute path"_s;
    if (path.size() > 4096)
        return u"a path of %1 bytes"_s.arg(path.size());
    if (path.contains('\0'))
        return u"a path with a NUL"_s;
    const QList<QByteArray> parts = path.split('/');
    for (const QByteArray& part : parts) {
        if (part == "..")
            return u"a path that leads out of its folder"_s;
        if (part.isEmpty() || part == "." || part.size() > 255)
            return u"a path that is not in its plain form"_s;
    }
    if (parts.size() < 2)
        return u"a path outside of any component"_s;
    return {};
}

Status checkFile(const ManifestFile& file)
{
    const bool isFile = file.type == ManifestFile::Type::File;
    if (file.size < 0 || file.size > kMostBytes || (!isFile && file.size != 0))
        return wrong(u"an impossible size"_s, bytesToText(file.path));
    if (isFile ? !isSha256(file.sha256) : !file.sha256.isEmpty())
        return wrong(u"no SHA-256 hash where there must be one, or one where there must not"_s, bytesToText(file.path));
    const bool isLink = file.type == ManifestFile::Type::Link;
    if (isLink == file.linkTarget.isEmpty() || file.linkTarget.size() > 4096 || file.linkTarget.contains('\0'))
        return wrong(u"a link without a target, or a target without a link"_s, bytesToText(file.path));
    if (file.uid < 0 || file.uid > 0xffffffffLL || file.gid < 0 || file.gid > 0xffffffffLL)
        return wrong(u"an impossible owner"_s, bytesToText(file.path));
    return Done {};
}

Status checkComponents(const Manifest& manifest)
{
    QSet<QString> ids;
    if (manifest.components.size() > 1000)
        return wrong(u"more than 1000 components"_s);
    for (const ManifestComponent& component : manifest.components) {
        if (!isIdentifier(component.id) || ids.contains(component.id))
            return wrong(u"a component without a name of its own"_s, component.id.left(100));
        ids.insert(component.id);
        QSet<QString> trees;
        for (const ManifestTree& tree : component.trees) {
            if (!isIdentifier(tree.name) || trees.contains(tree.name))
                return wrong(u"a folder without a name of its own"_s, component.id);
            trees.insert(tree.name);
            if (!tree.root.isEmpty()
                && (!tree.root.startsWith('/') || tree.root.contains('\0') || tree.root.split('/').contains("..")))
                return wrong(u"a folder that is not absolute"_s, component.id);
        }
    }
    return Done {};
}

} // namespace

QString bytesToText(const QByteArray& bytes)
{
    const auto escaped = [](char c) { return u'%' + QString::number(static_cast<unsigned char>(c), 16).rightJustified(2, u'0'); };
    QString out;
    for (qsizetype i = 0; i < bytes.size();) {
        const char c = bytes.at(i);
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            if (byte < 0x20 || byte == 0x7f || c == '%')
                out += escaped(c);
            else
                out += QLatin1Char(c);
            ++i;
            continue;
        }
        // The shortest valid sequence here, if there is one.
        const qsizetype length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QByteArray sequence = bytes.mid(i, length);
        const QString text = decoder(sequence);
        if (sequence.size() == length && !decoder.hasError() && text.toUtf8() == sequence) {
            out += text;
            i += length;
        } else {
            out += escaped(c);
            ++i;
        }
    }
    return out;
}

Result<QByteArray> textToBytes(const QString& text)
{
    const QByteArray utf8 = text.toUtf8();
    if (!utf8.contains('%'))
        return utf8;
    QByteArray out;
    out.reserve(utf8.size());
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        if (utf8.at(i) != '%') {
            out += utf8.at(i);
            continue;
        }
        bool hex = false;
        const int byte = utf8.mid(i + 1, 2).toInt(&hex, 16);
        if (!hex || byte < 0 || i + 2 >= utf8.size())
            return wrong(u"a name that is written wrongly"_s, text.left(80));
        out += char(byte);
        i += 2;
    }
    return out;
}

const ManifestTree* ManifestComponent::tree(QStringView wanted) const
{
    const auto it = std::find_if(trees.begin(), trees.end(), [&](const ManifestTree& tree) { return tree.name == wanted; });
    return it == trees.end() ? nullptr : &*it;
}

qint64 Manifest::totalBytes() const
{
    qint64 total = 0;
    for (const ManifestFile& file : files)
        total += file.size;
    return total;
}

const ManifestComponent* Manifest::component(QStringView wanted) const
{
    const auto it = std::find_if(components.begin(), components.end(),
                                 [&](const ManifestComponent& component) { return component.id == wanted; });
    return it == components.end() ? nullptr : &*it;
}

Manifest::Place Manifest::placeOf(const QByteArray& path) const
{
    const qsizetype first = path.indexOf('/');
    const qsizetype second = first < 0 ? -1 : path.indexOf('/', first + 1);
    Place place;
    place.component = component(QString::fromUtf8(path.left(first)));
    if (!place.component)
        return place;
    place.tree = place.component->tree(QString::fromUtf8(path.mid(first + 1, second < 0 ? -1 : second - first - 1)));
    if (second >= 0)
        place.inner = path.mid(second + 1);
    return place;
}

Status checkManifest(const Manifest& manifest)
{
    if (const Status components = checkComponents(manifest); !components)
        return components;
    if (manifest.files.size() > size_t(kMostFiles))
        return wrong(u"more than %1 files"_s.arg(kMostFiles));
    QHash<QByteArray, ManifestFile::Type> known;
    known.reserve(qsizetype(manifest.files.size()));
    qint64 total = 0;
    for (const ManifestFile& file : manifest.files) {
        if (const QString problem = problemOfPath(file.path); !problem.isEmpty())
            return wrong(problem, bytesToText(file.path.left(200)));
        if (known.contains(file.path))
            return wrong(u"the same path twice"_s, bytesToText(file.path));
        if (const Status checked = checkFile(file); !checked)
            return checked;
        if (manifest.placeOf(file.path).tree == nullptr)
            return wrong(u"a path outside of any component"_s, bytesToText(file.path));
        known.insert(file.path, file.type);
        total += file.size;
        if (total > kMostBytes)
            return wrong(u"an impossible size of all files together"_s);
    }
    // Whatever order they come in: nothing may lie below a link or a file.
    for (auto it = known.cbegin(); it != known.cend(); ++it) {
        for (qsizetype slash = it.key().indexOf('/'); slash >= 0; slash = it.key().indexOf('/', slash + 1)) {
            const auto parent = known.constFind(it.key().left(slash));
            if (parent != known.cend() && *parent != ManifestFile::Type::Folder)
                return wrong(u"a path below something that is no folder"_s, bytesToText(it.key()));
        }
    }
    return Done {};
}

QByteArray writeManifest(const Manifest& manifest)
{
    Json components = Json::array();
    for (const ManifestComponent& component : manifest.components)
        components.append(componentToJson(component));
    Json files = Json::array();
    for (const ManifestFile& file : manifest.files)
        files.append(fileToJson(file));
    return Json::object({{u"schema"_s, kManifestSchema}, {u"id"_s, manifest.id}, {u"stack"_s, manifest.stack},
                         {u"host"_s, manifest.host}, {u"madeBy"_s, manifest.madeBy},
                         {u"createdAtMs"_s, manifest.createdAtMs}, {u"hostClockMs"_s, manifest.hostClockMs},
                         {u"tags"_s, Json::strings(manifest.tags)}, {u"components"_s, components},
                         {u"fileCount"_s, qint64(manifest.files.size())}, {u"totalBytes"_s, manifest.totalBytes()},
                         {u"files"_s, files}})
        .toUtf8();
}

Result<Manifest> readManifest(const QByteArray& text)
{
    if (text.size() > kMostManifestBytes)
        return wrong(u"it is larger than any manifest"_s);
    const Result<Json> parsed = Json::parse(text);
    if (!parsed)
        return wrong(parsed.error().summary);
    const Json& json = *parsed;
    if (!json[u"schema"].isInteger())
        return wrong(u"it names no schema"_s);
    if (json[u"schema"].toInt() != kManifestSchema)
        return makeError(ErrorCode::Unsupported, u"This backup was made by a later version of Promdeck"_s,
                         u"schema %1"_s.arg(json[u"schema"].toInt()));
    Manifest out;
    out.id = json[u"id"].toString();
    out.stack = json[u"stack"].toString();
    out.host = json[u"host"].toString();
    out.madeBy = json[u"madeBy"].toString();
    out.createdAtMs = json[u"createdAtMs"].toInt();
    out.hostClockMs = json[u"hostClockMs"].toInt();
    out.tags = toStrings(json[u"tags"]);
    for (const Json& item : json[u"components"].items()) {
        Result<ManifestComponent> component = componentFromJson(item);
        if (!component)
            return component.error();
        out.components.push_back(std::move(*component));
    }
    for (const Json& item : json[u"files"].items()) {
        Result<ManifestFile> file = fileFromJson(item);
        if (!file)
            return file.error();
        out.files.push_back(std::move(*file));
    }
    if (const Status checked = checkManifest(out); !checked)
        return checked.error();
    if (json[u"fileCount"].toInt(-1) != qint64(out.files.size()) || json[u"totalBytes"].toInt(-1) != out.totalBytes())
        return wrong(u"it counts other files than it lists"_s);
    return out;
}

} // namespace Promdeck::Backup
