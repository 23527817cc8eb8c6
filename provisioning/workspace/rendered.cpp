#include "provisioning/workspace/rendered.h"

#include "models/core/files.h"
#include "models/core/secrets.h"
#include "models/stack/optionsresolver.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxFile = 32LL << 20;
constexpr qint64 kMaxSecret = 1LL << 20;
constexpr QByteArrayView kMarkStart = "<secret:";

bool isSecretName(const QByteArray& name)
{
    return !name.isEmpty() && name.size() <= 100
        && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'; });
}

struct Found
{
    QString path;   ///< on this machine
    QString source; ///< relative to the workspace
    QString below;  ///< relative to the source when that is a folder
};

/// Editors and version control leave files behind that nobody means to deploy.
bool isLitter(const QString& name)
{
    return name.endsWith(u'~') || name.endsWith(u".swp") || name.startsWith(u".git") || name == u".DS_Store";
}

Result<std::vector<Found>> expand(const Workspace& workspace, const WorkspaceFile& file)
{
    const QString path = workspace.folder + u'/' + file.source;
    const QString root = QFileInfo(workspace.folder).canonicalFilePath() + u'/';
    const auto inside = [&root](const QString& each) { return QFileInfo(each).canonicalFilePath().startsWith(root); };
    const auto outside = [](const QString& source) {
        return makeError(ErrorCode::Io, u"%1 is a link that leads out of the workspace"_s.arg(source), {}, u"copy the file into the workspace"_s);
    };
    std::vector<Found> out;
    if (!QFileInfo(path).isDir()) {
        if (QFileInfo::exists(path) && !inside(path))
            return outside(file.source);
        out.push_back({path, file.source, {}});
        return out;
    }
    QDirIterator walk(path, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString each = walk.next();
        const QString below = each.mid(QFileInfo(path).filePath().size()).remove(0, each.mid(QFileInfo(path).filePath().size()).startsWith(u'/') ? 1 : 0);
        const QStringList parts = below.split(u'/');
        if (std::any_of(parts.begin(), parts.end(), isLitter))
            continue;
        if (!inside(each))
            return outside(QDir::cleanPath(file.source + u"/"_s + below));
        out.push_back({each, QDir::cleanPath(file.source + u'/' + below), below});
    }
    std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.below < b.below; });
    return out;
}

QString targetOf(const WorkspaceUnit& unit, const WorkspaceFile& file, const Found& found)
{
    QString target = file.target;
    if (!found.below.isEmpty())
        target += u'/' + found.below;
    else if (target.endsWith(u'/'))
        target += QFileInfo(found.source).fileName();
    if (!target.startsWith(u'/'))
        target = Workspace::liveFolder(unit) + u'/' + target;
    return QDir::cleanPath(target);
}

} // namespace

QByteArray sha256Hex(const QByteArray& bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray RenderedFile::hash() const
{
    return sha256Hex(content);
}

Result<QByteArray> insertSecrets(const QByteArray& text, const SecretValues& secrets, QStringList* used)
{
    QByteArray out;
    qsizetype done = 0;
    for (qsizetype at = text.indexOf(kMarkStart); at >= 0; at = text.indexOf(kMarkStart, at + 1)) {
        const qsizetype nameAt = at + kMarkStart.size();
        const qsizetype end = text.indexOf('>', nameAt);
        const QByteArray name = end < 0 ? QByteArray() : text.mid(nameAt, end - nameAt);
        if (!isSecretName(name))
            continue;
        const auto value = secrets.find(QString::fromUtf8(name));
        if (value == secrets.end()) {
            Error error = makeError(ErrorCode::Reference, u"There is no secret named %1"_s.arg(QString::fromUtf8(name)), {}, u"add it under secrets in promdeck.yaml"_s);
            error.where.line = int(QByteArrayView(text).first(at).count('\n')) + 1;
            return error;
        }
        out += QByteArrayView(text).sliced(done, at - done);
        out += value->second;
        done = end + 1;
        if (used)
            used->append(value->first);
    }
    return out + text.mid(done);
}

Result<std::vector<RenderedFile>> renderUnit(const Workspace& workspace, const WorkspaceUnit& unit, const SecretValues& secrets)
{
    std::vector<RenderedFile> out;
    for (const WorkspaceFile& file : unit.files) {
        const Result<std::vector<Found>> sources = expand(workspace, file);
        if (!sources)
            return sources.error();
        for (const Found& found : *sources) {
            const Result<QByteArray> text = readWholeFile(found.path, kMaxFile);
            if (!text)
                return text.error();
            RenderedFile rendered;
            QStringList used;
            Result<QByteArray> content = insertSecrets(*text, secrets, &used);
            if (!content) {
                content.error().where.file = found.source;
                return content.error();
            }
            rendered.content = *std::move(content);
            rendered.path = QFile::encodeName(targetOf(unit, file, found));
            rendered.source = found.source;
            rendered.owner = file.owner;
            rendered.group = file.group;
            rendered.mode = file.mode;
            rendered.inPlace = file.inPlace;
            rendered.hasSecrets = !used.isEmpty();
            out.push_back(std::move(rendered));
        }
    }
    std::sort(out.begin(), out.end(), [](const RenderedFile& a, const RenderedFile& b) { return a.path < b.path; });
    const auto twice = std::adjacent_find(out.begin(), out.end(), [](const RenderedFile& a, const RenderedFile& b) { return a.path == b.path; });
    if (twice != out.end())
        return makeError(ErrorCode::Reference, u"%1 and %2 go to the same place, %3"_s.arg(twice->source, (twice + 1)->source, QFile::decodeName(twice->path)));
    return out;
}

QCoro::Task<Result<SecretValues>> resolveSecrets(Workspace workspace, std::shared_ptr<SecretStore> store, std::stop_token stop)
{
    SecretValues values;
    for (const auto& [name, source] : workspace.secrets) {
        if (source.kind == SecretSource::Kind::File) {
            const QString path = QDir::isAbsolutePath(source.key) ? source.key : workspace.folder + u'/' + source.key;
            Result<QByteArray> text = readWholeFile(path, kMaxSecret);
            if (!text)
                co_return Result<SecretValues>(makeError(ErrorCode::Secret, u"The file of the secret %1 cannot be read"_s.arg(name), text.error().summary));
            while (text->endsWith('\n') || text->endsWith('\r'))
                text->chop(1);
            if (text->isEmpty())
                co_return Result<SecretValues>(makeError(ErrorCode::Secret, u"The file of the secret %1 is empty"_s.arg(name)));
            values[name] = *text;
            continue;
        }
        SecretRef reference;
        reference.key = source.key;
        reference.source = source.kind == SecretSource::Kind::Environment ? SecretRef::Source::Environment
            : source.kind == SecretSource::Kind::Command                  ? SecretRef::Source::Command
                                                                          : SecretRef::Source::Keychain;
        const Result<QString> value = co_await resolveSecret(reference, store, stop);
        if (!value) {
            Error error = value.error();
            error.detail = u"secret %1: "_s.arg(name) + error.summary;
            error.summary = u"The secret %1 cannot be had"_s.arg(name);
            co_return Result<SecretValues>(error);
        }
        values[name] = value->toUtf8();
    }
    co_return Result<SecretValues>(values);
}

} // namespace Promdeck::Deploy
