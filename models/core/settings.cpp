#include "models/core/settings.h"

#include "models/core/files.h"

#include <QFile>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSaveDelayMs = 2000;

struct Entry
{
    Settings::Key key;
    const char16_t* name;
    Json fallback;
};

const std::vector<Entry>& entries()
{
    using Key = Settings::Key;
    static const std::vector<Entry> table {
        {Key::Theme, u"theme", u"system"_s},
        {Key::TimeZone, u"timeZone", u""_s},
        {Key::WeekStart, u"weekStart", u"monday"_s},
        {Key::LastStack, u"lastStack", u""_s},
        {Key::LastDashboard, u"lastDashboard", u""_s},
        {Key::RecentDashboards, u"recentDashboards", Json::array()},
        {Key::RefreshInterval, u"refreshInterval", u"5s"_s},
        {Key::WindowGeometry, u"windowGeometry", u""_s},
        {Key::WindowState, u"windowState", Json::object()},
        {Key::Perspectives, u"perspectives", Json::array()},
        {Key::LibraryFolders, u"libraryFolders", Json::array()},
        {Key::StarredDashboards, u"starredDashboards", Json::array()},
        {Key::Configuration, u"configuration", Json::object()},
        {Key::DatasourceChoices, u"datasourceChoices", Json::object()},
        {Key::RestoreSession, u"restoreSession", true},
        {Key::KeepLastData, u"keepLastData", true},
        {Key::Keys, u"keys", Json::object()},
        {Key::TextScale, u"textScale", 1.0},
        {Key::DistinctSeries, u"distinctSeries", false},
        {Key::SecondTimeZone, u"secondTimeZone", u""_s},
        {Key::Playlist, u"playlist", Json::object()},
    };
    return table;
}

const Entry& entry(Settings::Key key)
{
    const auto& table = entries();
    return *std::find_if(table.begin(), table.end(), [key](const Entry& candidate) { return candidate.key == key; });
}

} // namespace

Settings::Settings(QString filePath, QObject* parent) : QObject(parent), m_path(std::move(filePath))
{
    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(kSaveDelayMs);
    connect(&m_saveTimer, &QTimer::timeout, this, [this] {
        if (const Status saved = flush(); !saved)
            Q_EMIT saveFailed(saved.error().toString());
    });
}

Settings::~Settings()
{
    if (m_saveTimer.isActive())
        (void)flush();
}

QString Settings::defaultPath()
{
    return configFolder() + u"/settings.json"_s;
}

QString Settings::name(Key key)
{
    return QString::fromUtf16(entry(key).name);
}

Status Settings::load()
{
    if (!QFile::exists(m_path))
        return Done {};
    const Result<QByteArray> text = readWholeFile(m_path, 16 << 20);
    if (!text)
        return text.error();
    const Result<Json> json = Json::parse(*text, m_path);
    if (json && json->isObject()) {
        m_values = *json;
        return Done {};
    }
    QFile::remove(m_path + u".broken"_s);
    QFile::copy(m_path, m_path + u".broken"_s);
    return json ? makeError(ErrorCode::Schema, u"The settings are not a JSON object"_s, m_path) : json.error();
}

Json Settings::value(Key key) const
{
    const Entry& known = entry(key);
    const Json& stored = m_values[QStringView(known.name)];
    // A value of another type was not written by us.
    return stored.type() == known.fallback.type() ? stored : known.fallback;
}

void Settings::set(Key key, Json value)
{
    if (this->value(key) == value)
        return;
    m_values.set(name(key), std::move(value));
    m_saveTimer.start();
    Q_EMIT changed(key);
}

Status Settings::flush()
{
    m_saveTimer.stop();
    return writeFileAtomically(m_path, m_values.toUtf8(Json::Format::Indented) + '\n');
}

} // namespace Promdeck
