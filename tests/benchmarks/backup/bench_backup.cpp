// Backup and restore of a large folder against tar and zstd over the same files, in one run.
// Usage: bench_backup [MEGABYTES] [FOLDER]     default: 1024, a temporary folder
#include "provisioning/backup/backuprun.h"
#include "provisioning/backup/restore.h"
#include "provisioning/host/localhost.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Qt::StringLiterals;

namespace {

/// Files as large as chunk segments of a TSDB get, of bytes that compress as badly as chunks do: runs of noise with
/// something repeated between them.
bool makeFiles(const QString& folder, int megabytes)
{
    quint64 state = 88172645463325252ULL;
    QByteArray block(1 << 20, Qt::Uninitialized);
    for (int done = 0; done < megabytes;) {
        const QString name = folder + u"/block-%1/chunks/000001"_s.arg(done / 128, 4, 10, QChar(u'0'));
        QDir().mkpath(QFileInfo(name).path());
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly))
            return false;
        for (int i = 0; i < 128 && done < megabytes; ++i, ++done) {
            auto* words = reinterpret_cast<quint64*>(block.data());
            for (qsizetype w = 0; w < block.size() / 8; ++w) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                words[w] = w % 8 < 6 ? state : quint64(w % 64);
            }
            if (file.write(block) != block.size())
                return false;
        }
    }
    return true;
}

double timed(const std::function<bool()>& work)
{
    QElapsedTimer clock;
    clock.start();
    return work() ? double(clock.elapsed()) / 1000 : -1;
}

bool shell(const QByteArray& script, const QList<QByteArray>& args)
{
    LocalHost host;
    Command how;
    how.deadline = std::chrono::minutes(30);
    const Result<CommandOutput> output = host.runScript(script, args, how);
    return output && output->ok();
}

qint64 peakKiB()
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("VmHWM:");
    return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    const int megabytes = argc > 1 ? QByteArray(argv[1]).toInt() : 1024;
    const QTemporaryDir own(argc > 2 ? QString::fromLocal8Bit(argv[2]) + u"/bench"_s : QDir::tempPath() + u"/promdeck-bench"_s);
    const QString root = own.path();
    const QByteArray tree = QFile::encodeName(root) + "/tree";
    if (!makeFiles(QFile::decodeName(tree), megabytes))
        return 1;
    const auto host = std::make_shared<LocalHost>();
    ComponentSpec spec;
    spec.id = u"data"_s;
    spec.kind = u"files"_s;
    spec.name = u"data"_s;
    spec.trees = {{u"files"_s, tree, {}, {}}};
    auto repository = openFolderRepository(root + u"/repository"_s);
    if (!repository)
        return 1;
    // Each once before, so that all read from the same cache.
    std::vector<double> ours, hashed, theirs, restored, untarred;
    const auto tar = [&] { return shell("tar -C \"$1\" -cf - . | zstd -3 -T0 -q -f -o \"$2\"\nsync \"$2\"\n", {tree, QFile::encodeName(root) + "/plain.tar.zst"}); };
    static_cast<void>(timed(tar));
    for (int round = 0; round < 3; ++round) {
        BackupRecord record;
        const auto back = [&](bool content) {
            BackupOptions options;
            options.verifyContent = content;
            const Result<BackupRecord> made = runBackup(host, {spec}, **repository, options, {});
            if (made)
                record = *made;
            return made.ok();
        };
        theirs.push_back(timed(tar));
        hashed.push_back(timed([&] { return back(false); }));
        ours.push_back(timed([&] { return back(true); }));
        untarred.push_back(timed([&] { return shell("mkdir \"$2\" && zstd -dc -q \"$1\" | tar -C \"$2\" -xf - && sync -f \"$2\" && rm -rf \"$2\"\n",
                                                    {QFile::encodeName(root) + "/plain.tar.zst", QFile::encodeName(root) + "/out"}); }));
        RestoreOptions options;
        options.targets[u"data"_s].roots[u"files"_s] = QFile::encodeName(root) + "/restored";
        restored.push_back(timed([&] {
            const Result<RestoreReport> report = runRestore(*host, **repository, record, {}, options, {});
            return report && !report->failure;
        }));
        QDir(root + u"/restored"_s).removeRecursively();
        for (const QString& suffix : {QString(kBackupSuffix), QString(kHashSuffix), QString(kRecordSuffix)})
            static_cast<void>((*repository)->remove(record.name + suffix, {}));
    }
    const auto best = [](const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); };
    std::printf("%d MB, best of 3, seconds\n", megabytes);
    std::printf("tar | zstd -3 -T0                          %6.2f\n", best(theirs));
    std::printf("backup, hash read back                     %6.2f   %.2fx\n", best(hashed), best(hashed) / best(theirs));
    std::printf("backup, every file unpacked and compared   %6.2f   %.2fx\n", best(ours), best(ours) / best(theirs));
    std::printf("zstd -d | tar -x                           %6.2f\n", best(untarred));
    std::printf("restore, checked and swapped               %6.2f   %.2fx\n", best(restored), best(restored) / best(untarred));
    std::printf("peak memory of this process: %lld MiB\n", static_cast<long long>(peakKiB() / 1024));
    return 0;
}
