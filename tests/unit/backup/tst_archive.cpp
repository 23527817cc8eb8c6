#include "tests/support/testsupport.h"
#include "tests/unit/backup/archivesupport.h"

#include "provisioning/backup/bytepipe.h"
#include "provisioning/backup/container.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>

#include <thread>

#include <sys/stat.h>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

using Method = ArchiveProtection::Method;

ArchiveProtection withPassphrase(const QByteArray& text)
{
    return {Method::Passphrase, SecretBytes(text), {}};
}

ArchiveKeys passphraseKey(const QByteArray& text)
{
    return {SecretBytes(text), {}};
}

/// The tar stream inside an archive that is not encrypted.
QByteArray tarInside(const QByteArray& archive)
{
    QByteArray tar(16 << 20, Qt::Uninitialized);
    const QByteArray frame = archive.mid(20);
    const size_t size = ZSTD_decompress(tar.data(), size_t(tar.size()), frame.constData(), size_t(frame.size()));
    if (ZSTD_isError(size))
        return {};
    tar.resize(qsizetype(size));
    return tar;
}

QByteArray archiveAround(const QByteArray& archive, const QByteArray& tar)
{
    QByteArray packed(qsizetype(ZSTD_compressBound(size_t(tar.size()))), Qt::Uninitialized);
    packed.resize(qsizetype(ZSTD_compress(packed.data(), size_t(packed.size()), tar.constData(), size_t(tar.size()), 1)));
    return archive.left(20) + packed;
}

/// Offsets in a tar stream where a member (with the headers that describe it) starts.
QList<qsizetype> memberStarts(const QByteArray& tar)
{
    QList<qsizetype> starts;
    bool described = false;
    for (qsizetype at = 0; at + 512 <= tar.size() && tar.at(at) != 0;) {
        const char type = tar.at(at + 156);
        if (!described)
            starts << at;
        described = type == 'x' || type == 'g' || type == 'L' || type == 'K';
        bool octal = false;
        const qint64 size = tar.mid(at + 124, 11).trimmed().toLongLong(&octal, 8);
        at += 512 + ((size + 511) / 512) * 512;
    }
    return starts;
}

int rounds(int few)
{
    return qEnvironmentVariableIsSet("PROMDECK_LONG_TESTS") ? 5000 : few;
}

} // namespace

class TestArchive final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWent_data();
    void comesBackAsItWent();
    void opensByHand();
    void keepsNamesOfAllBytes();
    void tellsKeysApart();
    void hidesWhatIsSealed();
    void refusesFilesThatChange();
    void findsFlippedBits_data();
    void findsFlippedBits();
    void findsCuts_data();
    void findsCuts();
    void findsCutsBetweenMembers();
    void refusesHostileManifests_data();
    void refusesHostileManifests();
    void refusesHostileMembers_data();
    void refusesHostileMembers();
    void refusesHeadersThatEatMemory();
    void extractsIntoNewFoldersOnly();
    void streamsInLittleMemory();
    void pipesBetweenThreads();
};

void TestArchive::comesBackAsItWent_data()
{
    QTest::addColumn<int>("method");
    QTest::newRow("plain") << 0;
    QTest::newRow("passphrase") << 1;
    QTest::newRow("public key") << 2;
}

void TestArchive::comesBackAsItWent()
{
    QFETCH(int, method);
    const ArchiveKeyPair pair = newArchiveKeyPair();
    const SampleTree tree = sampleTree();
    const auto bytes = writeSample(tree, {Method(method), SecretBytes(QByteArray("correct horse")), pair.publicKey});
    QVERIFY_RESULT(bytes);
    CollectingVisitor visitor;
    Manifest manifest;
    QVERIFY_RESULT(readSample(*bytes, {SecretBytes(QByteArray("correct horse")), pair.secretKey}, &visitor, &manifest));
    QCOMPARE(visitor.contents, tree.contents);
    QCOMPARE(manifest.files, tree.manifest.files);
    QCOMPARE(manifest.stack, u"production"_s);
    QCOMPARE(manifest.components.front().golden.front().expr, u"count(up)"_s);
    QCOMPARE(manifest.components.front().trees.back().root, QByteArray("/var/lib/prometheus"));
}

/// The promise to whoever has the file and not this program.
void TestArchive::opensByHand()
{
    const SampleTree tree = sampleTree();
    const auto bytes = writeSample(tree);
    QVERIFY_RESULT(bytes);
    BytesFolder folder;
    QFile file(folder.filePath(u"a.mgrb"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(*bytes) == bytes->size());
    file.close();
    QProcess tar;
    tar.setWorkingDirectory(folder.path());
    tar.start(u"tar"_s, {u"--zstd"_s, u"--no-same-owner"_s, u"-xf"_s, u"a.mgrb"_s});
    QVERIFY(QTest::qWaitFor([&] { return tar.state() == QProcess::NotRunning; }, 20000));
    QVERIFY2(tar.exitCode() == 0, tar.readAllStandardError().constData());
    size_t next = 0;
    for (const ManifestFile& entry : tree.manifest.files) {
        if (entry.type != ManifestFile::Type::File)
            continue;
        const QByteArray path = QFile::encodeName(folder.path()) + '/' + entry.path;
        const std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(path.constData(), "rb"), &std::fclose);
        QVERIFY2(in, path.constData());
        QByteArray content(1 << 20, Qt::Uninitialized);
        content.resize(qsizetype(std::fread(content.data(), 1, size_t(content.size()), in.get())));
        QCOMPARE(content, tree.contents.at(next++));
    }
    const QByteArray manifest = Testing::readFile(folder.filePath(u"MANIFEST.json"_s));
    QVERIFY(readManifest(manifest).ok());
    QVERIFY(Testing::readFile(folder.filePath(u"END"_s)).contains(sha256Hex(manifest)));
}

void TestArchive::keepsNamesOfAllBytes()
{
    QByteArray all;
    for (int c = 1; c < 256; ++c)
        all += char(c);
    for (const QByteArray& bytes : {all, QByteArray("plain"), QByteArray("%41"), QByteArray("\xc3\xbc"), QByteArray("\xc3"),
                                    QByteArray("\xf0\x9f\x98\x80\xf0\x9f")}) {
        const Result<QByteArray> back = textToBytes(bytesToText(bytes));
        QVERIFY_RESULT(back);
        QCOMPARE(*back, bytes);
    }
    QCOMPARE(bytesToText("gr\xc3\xbcn\n%"), u"gr\u00fcn%0a%25"_s);
    QVERIFY(!textToBytes(u"50%"_s).ok());
}

void TestArchive::tellsKeysApart()
{
    const ArchiveKeyPair pair = newArchiveKeyPair();
    const SampleTree tree = sampleTree(1000);
    const auto locked = writeSample(tree, withPassphrase("right"));
    QVERIFY_RESULT(locked);
    QCOMPARE(readSample(*locked).error().code, ErrorCode::Secret);
    QCOMPARE(readSample(*locked, passphraseKey("wrong")).error().code, ErrorCode::Auth);
    QVERIFY_RESULT(readSample(*locked, passphraseKey("right")));
    const auto sealed = writeSample(tree, {Method::PublicKey, {}, pair.publicKey});
    QVERIFY_RESULT(sealed);
    QCOMPARE(readSample(*sealed).error().code, ErrorCode::Secret);
    QCOMPARE(readSample(*sealed, {{}, newArchiveKeyPair().secretKey}).error().code, ErrorCode::Auth);
    // Key files come back as they went, and nobody mixes them up.
    QCOMPARE(parsePublicKey(publicKeyText(pair.publicKey)).valueOr({}), pair.publicKey);
    const auto secret = parseSecretKey(secretKeyText(pair.secretKey));
    QVERIFY_RESULT(secret);
    QCOMPARE(secret->reveal(), pair.secretKey.reveal());
    QVERIFY(!parsePublicKey(secretKeyText(pair.secretKey)).ok());
    QVERIFY(!parseSecretKey(publicKeyText(pair.publicKey)).ok());
    QVERIFY(!parsePublicKey(secretKeyText(pair.secretKey)).error().toString().toUtf8().contains(
        pair.secretKey.reveal().toBase64()));
}

void TestArchive::hidesWhatIsSealed()
{
    const ArchiveKeyPair pair = newArchiveKeyPair();
    const SampleTree tree = sampleTree(1000);
    for (const ArchiveProtection& protection :
         {withPassphrase("a long passphrase"), ArchiveProtection {Method::PublicKey, {}, pair.publicKey}}) {
        const auto bytes = writeSample(tree, protection);
        QVERIFY_RESULT(bytes);
        for (const char* text : {"a long passphrase", "MANIFEST", "prometheus", "global"})
            QVERIFY2(!bytes->contains(text), text);
        QVERIFY(!bytes->contains(pair.secretKey.reveal()));
        QVERIFY(!bytes->contains(QByteArray::fromHex("28b52ffd")));
    }
}

void TestArchive::refusesFilesThatChange()
{
    SampleTree tree = sampleTree(1000);
    SampleTree changed = tree;
    changed.contents.back() = "the enD";
    QCOMPARE(writeSample(changed).error().code, ErrorCode::Conflict);
    changed.contents.back() = "the end and more";
    QCOMPARE(writeSample(changed).error().code, ErrorCode::Conflict);
    changed.contents.back() = "the";
    QCOMPARE(writeSample(changed).error().code, ErrorCode::Conflict);
    MemorySink sink;
    ArchiveWriter writer(sink, tree.manifest);
    QVERIFY_RESULT(writer.begin());
    QCOMPARE(writer.finish().error().code, ErrorCode::Conflict); // files are missing
}

void TestArchive::findsFlippedBits_data()
{
    comesBackAsItWent_data();
}

/// With the sidecar every flip is found by the outer hash. Here it is missing: then each flip must be found from
/// within, or have changed nothing that comes out (bits of zstd's headers and padding that no decoder reads).
void TestArchive::findsFlippedBits()
{
    QFETCH(int, method);
    const ArchiveKeyPair pair = newArchiveKeyPair();
    const SampleTree tree = sampleTree(20000);
    const ArchiveKeys keys {SecretBytes(QByteArray("p")), pair.secretKey};
    auto bytes = writeSample(tree, {Method(method), SecretBytes(QByteArray("p")), pair.publicKey});
    QVERIFY_RESULT(bytes);
    const QByteArray outer = sha256Hex(*bytes);
    int harmless = 0;
    // Deriving the key takes long, so a passphrase sees fewer.
    const int count = method == 1 ? rounds(400) / 40 : rounds(400);
    for (int i = 0; i < count; ++i) {
        // The first bytes and the last ones are the interesting places.
        const int place = i % 4;
        const qsizetype at = place == 0 ? QRandomGenerator::global()->bounded(160)
            : place == 1                ? bytes->size() - 1 - QRandomGenerator::global()->bounded(160)
                                        : QRandomGenerator::global()->bounded(int(bytes->size()));
        QByteArray flipped = *bytes;
        flipped[at] = char(flipped.at(at) ^ (1 << QRandomGenerator::global()->bounded(8)));
        QVERIFY(sha256Hex(flipped) != outer);
        CollectingVisitor visitor;
        Manifest manifest;
        if (!readSample(flipped, keys, &visitor, &manifest))
            continue;
        ++harmless;
        QVERIFY2(method == 0, qPrintable(u"byte %1"_s.arg(at))); // encryption leaves no such bits
        QCOMPARE(visitor.contents, tree.contents);
        QCOMPARE(manifest.files, tree.manifest.files);
    }
    QVERIFY(harmless <= count / 20);
}

void TestArchive::findsCuts_data()
{
    comesBackAsItWent_data();
}

void TestArchive::findsCuts()
{
    QFETCH(int, method);
    const ArchiveKeyPair pair = newArchiveKeyPair();
    const ArchiveKeys keys {SecretBytes(QByteArray("p")), pair.secretKey};
    const auto bytes = writeSample(sampleTree(150000), {Method(method), SecretBytes(QByteArray("p")), pair.publicKey});
    QVERIFY_RESULT(bytes);
    QList<qsizetype> cuts {0, 1, 7, 8, 19, 20, 21, bytes->size() - 1, bytes->size() - 4, bytes->size() - 17};
    // Exactly between two chunks of the encryption.
    if (method == 2)
        cuts << 8 + 132 + 65553 << 8 + 132 + 2 * 65553;
    while (cuts.size() < (method == 1 ? 12 : rounds(150)))
        cuts << QRandomGenerator::global()->bounded(int(bytes->size()));
    for (const qsizetype cut : cuts)
        QVERIFY2(!readSample(bytes->left(cut), keys).ok(), qPrintable(QString::number(cut)));
    for (const QByteArray& more : {QByteArray(1, '\0'), QByteArray("x"), *bytes})
        QVERIFY(!readSample(*bytes + more, keys).ok());
}

/// The cut that tar itself does not see, closed properly or not; and members taken out or swapped.
void TestArchive::findsCutsBetweenMembers()
{
    const auto bytes = writeSample(sampleTree(3000));
    QVERIFY_RESULT(bytes);
    const QByteArray tar = tarInside(*bytes);
    const QList<qsizetype> starts = memberStarts(tar);
    QCOMPARE(starts.size(), 13); // eleven of the manifest, and ours
    QVERIFY_RESULT(readSample(archiveAround(*bytes, tar)));
    for (const qsizetype start : starts) {
        for (const QByteArray& closing : {QByteArray(), QByteArray(512, '\0'), QByteArray(1024, '\0'), QByteArray(10240, '\0')})
            QVERIFY2(!readSample(archiveAround(*bytes, tar.left(start) + closing)).ok(), qPrintable(QString::number(start)));
    }
    for (qsizetype i = 0; i + 1 < starts.size(); ++i) {
        const QByteArray member = tar.mid(starts[i], starts[i + 1] - starts[i]);
        QVERIFY(!readSample(archiveAround(*bytes, tar.left(starts[i]) + tar.mid(starts[i + 1]))).ok());
        QVERIFY(!readSample(archiveAround(*bytes, tar.left(starts[i + 1]) + member + tar.mid(starts[i + 1]))).ok());
    }
    // After the end of the tar stream nothing but zeros.
    QVERIFY(!readSample(archiveAround(*bytes, tar + tar)).ok());
    QVERIFY(!readSample(archiveAround(*bytes, tar + "x")).ok());
}

void TestArchive::refusesHostileManifests_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("absolute") << QByteArray("/etc/passwd");
    QTest::newRow("climbing") << QByteArray("prometheus/config/../../../etc/passwd");
    QTest::newRow("climbing at the end") << QByteArray("prometheus/config/..");
    QTest::newRow("no component") << QByteArray("other/config/a");
    QTest::newRow("no tree") << QByteArray("prometheus/other/a");
    QTest::newRow("our own member") << QByteArray("MANIFEST.json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("dots") << QByteArray("prometheus/config/./a");
    QTest::newRow("slashes") << QByteArray("prometheus/config//a");
    QTest::newRow("NUL") << QByteArray("prometheus/config/a\0b", 21);
    QTest::newRow("below a link") << QByteArray("prometheus/config/current/a");
    QTest::newRow("below a file") << QByteArray("prometheus/config/empty/a");
    QTest::newRow("twice") << QByteArray("prometheus/config/empty");
    QTest::newRow("too long") << QByteArray("prometheus/config/" + QByteArray(300, 'a'));
}

void TestArchive::refusesHostileManifests()
{
    QFETCH(QByteArray, path);
    Manifest manifest = sampleTree(10).manifest;
    QVERIFY_RESULT(readManifest(writeManifest(manifest)));
    manifest.files.push_back(sampleFile(path, "evil"));
    const Result<Manifest> read = readManifest(writeManifest(manifest));
    QVERIFY(!read.ok());
    QCOMPARE(read.error().code, ErrorCode::Decode);
    // Nor would we ever write one.
    QVERIFY(!writeSample({manifest, {}}).ok());
    // And the same in the order that hides it: the child first.
    Manifest reversed = manifest;
    std::reverse(reversed.files.begin(), reversed.files.end());
    QVERIFY(!readManifest(writeManifest(reversed)).ok());
}

void TestArchive::refusesHostileMembers_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<unsigned>("type");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("right") << QByteArray("prometheus/config/a") << QByteArray("good") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("other name") << QByteArray("prometheus/config/b") << QByteArray("good") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("absolute") << QByteArray("/prometheus/config/a") << QByteArray("good") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("climbing") << QByteArray("../prometheus/config/a") << QByteArray("good") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("other content") << QByteArray("prometheus/config/a") << QByteArray("evil") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("longer") << QByteArray("prometheus/config/a") << QByteArray("good and") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("shorter") << QByteArray("prometheus/config/a") << QByteArray("goo") << unsigned(AE_IFREG) << QByteArray();
    QTest::newRow("link") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFLNK) << QByteArray("/etc/passwd");
    QTest::newRow("hard link") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFREG) << QByteArray("/etc/passwd");
    QTest::newRow("device") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFBLK) << QByteArray();
    QTest::newRow("character device") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFCHR) << QByteArray();
    QTest::newRow("pipe") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFIFO) << QByteArray();
    QTest::newRow("folder") << QByteArray("prometheus/config/a") << QByteArray() << unsigned(AE_IFDIR) << QByteArray();
}

void TestArchive::refusesHostileMembers()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, content);
    QFETCH(unsigned, type);
    QFETCH(QByteArray, target);
    Manifest manifest = sampleManifest();
    manifest.files = {sampleFile("prometheus/config/a", "good")};
    const QByteArray json = writeManifest(manifest);
    const RawMember first {"MANIFEST.json", json};
    const RawMember end {"END", endFor(json, 1, 4)};
    const RawMember member {path, content, type, target};
    const Status read = readSample(rawArchive({first, member, end}));
    const bool right = QLatin1StringView(QTest::currentDataTag()) == "right"_L1;
    QCOMPARE(read.ok(), right);
    QVERIFY(right || read.error().code == ErrorCode::Decode);
    // Something more, before or after the end; the member twice; another end.
    const RawMember good {"prometheus/config/a", "good"};
    QVERIFY(!readSample(rawArchive({first, good, member, end})).ok());
    QVERIFY(!readSample(rawArchive({first, good, end, member})).ok());
    QVERIFY(!readSample(rawArchive({member, first, good, end})).ok());
    QVERIFY(!readSample(rawArchive({first, good})).ok());
    QVERIFY(!readSample(rawArchive({first, good, {"END", endFor("another", 1, 4)}})).ok());
    QVERIFY(!readSample(rawArchive({first, good, {"END", "{}"}})).ok());
}

void TestArchive::refusesHeadersThatEatMemory()
{
    auto bytes = writeSample(sampleTree(10), withPassphrase("p"));
    QVERIFY_RESULT(bytes);
    for (const qsizetype at : {8 + 12 + 16, 8 + 12 + 24}) { // operations, memory
        QByteArray greedy = *bytes;
        for (int i = 0; i < 8; ++i)
            greedy[at + i] = char(0x7f);
        const Status read = readSample(greedy, passphraseKey("p"));
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Decode);
    }
    // Sizes that no disk holds, in the manifest.
    Manifest manifest = sampleManifest();
    manifest.files = {sampleFile("prometheus/config/a", "good")};
    manifest.files.front().size = std::numeric_limits<qint64>::max();
    QVERIFY(!readManifest(writeManifest(manifest)).ok());
    manifest.files.front().size = -1;
    QVERIFY(!readManifest(writeManifest(manifest)).ok());
}

void TestArchive::extractsIntoNewFoldersOnly()
{
    const SampleTree tree = sampleTree(5000);
    const auto bytes = writeSample(tree);
    QVERIFY_RESULT(bytes);
    BytesFolder folder;
    const QByteArray root = QFile::encodeName(folder.path()) + "/out/";
    const auto extract = [&](const QByteArray& only) -> Status {
        ExtractingVisitor visitor([&](const ManifestFile& file) {
            return only.isEmpty() || file.path == only ? root + file.path : QByteArray();
        });
        if (const Status read = readSample(*bytes, {}, &visitor); !read)
            return read;
        return visitor.finish();
    };
    QVERIFY_RESULT(extract("prometheus/config/prometheus.yml"));
    QCOMPARE(Testing::readFile(folder.filePath(u"out/prometheus/config/prometheus.yml"_s)), QByteArray("global: {}\n"));
    QVERIFY(!QFile::exists(folder.filePath(u"out/prometheus/data"_s)));
    // Something is there already: refused, and left as it was.
    QCOMPARE(extract({}).error().code, ErrorCode::Io);
    QVERIFY(QDir(folder.filePath(u"out"_s)).removeRecursively());
    QVERIFY_RESULT(extract({}));
    struct stat info {};
    QCOMPARE(::stat((root + "prometheus/config/empty").constData(), &info), 0);
    QCOMPARE(int(info.st_mode & 07777), 0640);
    QCOMPARE(qint64(info.st_mtime), 1700000000);
    QCOMPARE(::stat((root + "prometheus/config").constData(), &info), 0);
    QCOMPARE(int(info.st_mode & 07777), 0750);
    QCOMPARE(QFile::symLinkTarget(folder.filePath(u"out/prometheus/config/current"_s)), u"/etc/elsewhere"_s);
}

/// A hundred megabytes through writer and reader at once, through a pipe: nothing is collected on the way.
void TestArchive::streamsInLittleMemory()
{
    constexpr qint64 kSize = 100LL << 20;
    const QByteArray part(1 << 20, 'x');
    Sha256 hash;
    for (qint64 done = 0; done < kSize; done += part.size())
        hash.add(part);
    Manifest manifest = sampleManifest();
    manifest.files = {sampleFile("prometheus/data/big", "")};
    manifest.files.front().size = kSize;
    manifest.files.front().sha256 = hash.takeHex();
    BytePipe pipe;
    Status written;
    std::thread writing([&] {
        ArchiveWriter writer(pipe.sink(), manifest);
        written = writer.begin();
        if (written)
            written = writer.beginFile("prometheus/data/big");
        for (qint64 done = 0; written && done < kSize; done += part.size())
            written = writer.write(part.constData(), part.size());
        if (written)
            written = writer.endFile();
        if (written)
            written = writer.finish();
        pipe.closeWriting(written);
    });
    ArchiveReader reader(pipe.source());
    Status read = reader.open();
    if (read)
        read = reader.readAll();
    pipe.closeReading(makeError(ErrorCode::Cancelled, u"done"_s));
    writing.join();
    QVERIFY_RESULT(written);
    QVERIFY_RESULT(read);
    // The peak of this process, from its start on.
    const QByteArray status = Testing::readFile(u"/proc/self/status"_s);
    const qsizetype at = status.indexOf("VmHWM:");
    const qint64 peakKb = status.mid(at + 6, status.indexOf("kB", at) - at - 6).trimmed().toLongLong();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    QVERIFY2(peakKb > 0 && peakKb < 256 * 1024, qPrintable(QString::number(peakKb)));
#endif
}

void TestArchive::pipesBetweenThreads()
{
    std::stop_source stop;
    BytePipe pipe(stop.get_token(), 1000);
    QByteArray sent;
    for (int i = 0; i < 100000; ++i)
        sent += char(i * 7);
    std::thread writer([&] {
        for (qsizetype at = 0; at < sent.size(); at += 333) {
            const QByteArray part = sent.mid(at, 333);
            if (!pipe.sink().write(part.constData(), part.size()))
                return;
        }
        pipe.closeWriting();
    });
    QByteArray got(sent.size() + 10, '\0');
    const Result<qint64> all = readFully(pipe.source(), got.data(), got.size());
    writer.join();
    QVERIFY_RESULT(all);
    QCOMPARE(got.left(qsizetype(*all)), sent);
    char byte = 0;
    // Whoever waits wakes up when it is cancelled.
    BytePipe empty(stop.get_token());
    QCOMPARE(empty.sink().write("x", 1).ok(), true);
    QCOMPARE(empty.source().read(&byte, 1).valueOr(0), 1);
    std::thread canceller([&] { stop.request_stop(); });
    QCOMPARE(empty.source().read(&byte, 1).error().code, ErrorCode::Cancelled);
    canceller.join();
    QCOMPARE(empty.sink().write("x", 1).error().code, ErrorCode::Cancelled);
    BytePipe closed;
    closed.closeReading(makeError(ErrorCode::Io, u"gone"_s));
    QCOMPARE(closed.sink().write("x", 1).error().code, ErrorCode::Io);
    BytePipe failed;
    failed.closeWriting(makeError(ErrorCode::RemoteExit, u"it failed"_s));
    QCOMPARE(failed.source().read(&byte, 1).error().code, ErrorCode::RemoteExit);
}

PROMDECK_TEST_MAIN(TestArchive)
#include "tst_archive.moc"
