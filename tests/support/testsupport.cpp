#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

void prepareEnvironment()
{
    // One home per process, removed with it: tests never see or touch the user's files.
    static const QTemporaryDir home;
    qputenv("HOME", QFile::encodeName(home.path()));
    for (const char* variable : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        qputenv(variable, QFile::encodeName(home.filePath(QString::fromLatin1(variable).toLower())));
    qputenv("TZ", "UTC");
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QLocale::setDefault(QLocale::c());
}

QString dataFile(const QString& name)
{
    return QStringLiteral(PROMDECK_SOURCE_DIR "/tests/data/") + name;
}

QString sharedFolder()
{
    const QString named = qEnvironmentVariable("PROMDECK_SHARED");
    const QString folder = named.isEmpty() ? QStringLiteral(PROMDECK_SOURCE_DIR "/../shared") : named;
    return QFileInfo::exists(folder + u"/golden"_s) ? QDir::cleanPath(folder) : QString();
}

QByteArray readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::qFail(qPrintable(u"cannot read "_s + path), __FILE__, __LINE__);
        return {};
    }
    return file.readAll();
}

Json readJson(const QString& path)
{
    const Result<Json> json = Json::parse(readFile(path), path);
    if (!json) {
        QTest::qFail(qPrintable(json.error().toString()), __FILE__, __LINE__);
        return {};
    }
    return *json;
}

} // namespace Promdeck::Testing
