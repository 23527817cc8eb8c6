#pragma once

#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/backuprun.h"
#include "provisioning/host/localhost.h"
#include "tests/support/fakeprograms.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QDateTime>
#include <QDir>
#include <QTemporaryDir>

namespace Promdeck::Testing {

/// Some hours of a few series that end a little before now, as OpenMetrics text.
inline QByteArray someSamples(int series = 3, int hours = 6)
{
    const qint64 end = QDateTime::currentSecsSinceEpoch() / 60 * 60;
    QByteArray text = "# TYPE up gauge\n";
    for (int i = 0; i < series; ++i) {
        for (qint64 time = end - hours * 3600; time <= end; time += 60)
            text += "up{job=\"node\",instance=\"n" + QByteArray::number(i) + "\"} 1 " + QByteArray::number(time) + '\n';
    }
    return text + "# EOF\n";
}

inline Backup::ComponentSpec prometheusSpec(const TestServer& server, Backup::ComponentSpec::Tsdb tsdb = Backup::ComponentSpec::Tsdb::Snapshot)
{
    Backup::ComponentSpec spec;
    spec.id = QStringLiteral("prometheus");
    spec.kind = QStringLiteral("prometheus");
    spec.name = QStringLiteral("Prometheus");
    spec.url = server.url();
    spec.trees = {{QStringLiteral("config"), QFile::encodeName(server.path(QStringLiteral("prometheus.yml"))), {}, {}}};
    spec.tsdb = tsdb;
    spec.dataFolder = QFile::encodeName(server.path(QStringLiteral("data")));
    return spec;
}

inline Backup::ComponentSpec folderSpec(const QString& id, const QString& folder)
{
    Backup::ComponentSpec spec;
    spec.id = id;
    spec.kind = QStringLiteral("files");
    spec.name = id;
    spec.trees = {{QStringLiteral("files"), QFile::encodeName(folder), {}, {}}};
    return spec;
}

inline QStringList snapshotsOf(const TestServer& server)
{
    return QDir(server.path(QStringLiteral("data/snapshots"))).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

inline bool writeText(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace Promdeck::Testing
