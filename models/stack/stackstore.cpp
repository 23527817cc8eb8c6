#include "models/stack/stackstore.h"

#include "models/core/files.h"

#include <QFile>
#include <QFileSystemWatcher>

namespace Promdeck {

using namespace Qt::StringLiterals;

StackStore::StackStore(QString filePath, QObject* parent) : QObject(parent), m_path(std::move(filePath)) {}

QString StackStore::defaultPath()
{
    return configFolder() + u"/stacks.json"_s;
}

Status StackStore::load()
{
    watch();
    if (!QFile::exists(m_path)) {
        m_root = Json::object();
        m_stacks.clear();
        return Done {};
    }
    const auto keepIt = [this](Error error, const QStringList& jsonPath, const QByteArray& text) {
        if (error.where.line == 0 && !text.isEmpty())
            error.where = locateJson(text, jsonPath, m_path);
        error.target = m_path;
        error.hint = u"Mend the file or move it away; Promdeck leaves it as it is"_s;
        return error;
    };
    const Result<QByteArray> text = readWholeFile(m_path, 16 << 20);
    if (!text)
        return text.error();
    const Result<Json> root = Json::parse(*text, m_path);
    if (!root)
        return keepIt(root.error(), {}, {});
    if (!root->isObject() || !(*root)[u"stacks"].isArray())
        return keepIt(makeError(ErrorCode::Schema, u"This is no file of stacks: \"stacks\" has to be a list"_s), {}, *text);
    if ((*root)[u"version"].toInt(kVersion) > kVersion) {
        return keepIt(makeError(ErrorCode::Unsupported, u"The stacks were saved by a newer Promdeck"_s),
                      {u"version"_s}, *text);
    }
    std::vector<StackProfile> stacks;
    const Json& list = (*root)[u"stacks"];
    for (qsizetype i = 0; i < list.size(); ++i) {
        Result<StackProfile> profile = profileFromJson(list.at(i));
        if (!profile)
            return keepIt(profile.error(), {u"stacks"_s, QString::number(i)}, *text);
        stacks.push_back(*std::move(profile));
    }
    m_root = *root;
    m_stacks = std::move(stacks);
    return Done {};
}

std::optional<StackProfile> StackStore::find(const QString& name) const
{
    const auto found = std::find_if(m_stacks.begin(), m_stacks.end(),
                                    [&](const StackProfile& profile) { return profile.name == name; });
    return found == m_stacks.end() ? std::nullopt : std::optional(*found);
}

Status StackStore::put(StackProfile profile, const QString& replacing)
{
    if (Status valid = checkProfile(profile); !valid)
        return valid;
    if (Status fresh = load(); !fresh)
        return fresh;
    const QString place = replacing.isEmpty() ? profile.name : replacing;
    if (place != profile.name && find(profile.name)) {
        return makeError(ErrorCode::Conflict, u"There is a stack named \"%1\" already"_s.arg(profile.name), {},
                         u"Choose another name"_s);
    }
    const auto old = std::find_if(m_stacks.begin(), m_stacks.end(),
                                  [&](const StackProfile& candidate) { return candidate.name == place; });
    if (old == m_stacks.end())
        m_stacks.push_back(std::move(profile));
    else
        *old = std::move(profile);
    return save();
}

Status StackStore::remove(const QString& name)
{
    if (Status fresh = load(); !fresh)
        return fresh;
    if (std::erase_if(m_stacks, [&](const StackProfile& profile) { return profile.name == name; }) == 0)
        return makeError(ErrorCode::Reference, u"There is no stack named \"%1\""_s.arg(name));
    return save();
}

Status StackStore::save()
{
    Json root = Json::object({{u"version"_s, kVersion}});
    Json list = Json::array();
    for (const StackProfile& profile : m_stacks)
        list.append(profileToJson(profile));
    root.set(u"stacks"_s, list);
    for (const auto& [key, value] : m_root.members()) {
        if (!root.contains(key))
            root.set(key, value);
    }
    if (Status written = writeFileAtomically(m_path, root.toUtf8(Json::Format::Indented) + '\n'); !written)
        return written;
    m_root = root;
    watch();
    Q_EMIT changed();
    return Done {};
}

Result<QString> StackStore::setAside()
{
    QString away = m_path + u".broken"_s;
    for (int i = 2; QFile::exists(away); ++i)
        away = m_path + u".broken%1"_s.arg(i);
    if (!QFile::rename(m_path, away)) {
        Error error = makeError(ErrorCode::Io, u"Cannot move %1 away"_s.arg(m_path));
        error.target = m_path;
        return error;
    }
    m_root = Json::object();
    m_stacks.clear();
    Q_EMIT changed();
    return away;
}

void StackStore::watch()
{
    if (!m_watcher) {
        m_watcher = new QFileSystemWatcher(this);
        connect(m_watcher, &QFileSystemWatcher::fileChanged, this, [this] {
            // Replacing a file ends its watch; a moment later the new one is there.
            const std::vector<StackProfile> before = m_stacks;
            if (load().ok() && m_stacks != before)
                Q_EMIT changed();
        });
    }
    if (QFile::exists(m_path) && !m_watcher->files().contains(m_path))
        m_watcher->addPath(m_path);
}

} // namespace Promdeck
