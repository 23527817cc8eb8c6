#include "tests/integration/backup/backupfixture.h"

#include "provisioning/backup/s3client.h"
#include "provisioning/backup/sha256.h"
#include "tests/support/fakes3.h"

#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// The fake lives in this thread, so what waits for its answers needs another.
template <typename Work>
auto elsewhere(Work work)
{
    std::invoke_result_t<Work> result;
    std::atomic<bool> done = false;
    std::thread worker([&] {
        result = work();
        done = true;
    });
    static_cast<void>(QTest::qWaitFor([&] { return done.load(); }, 60000));
    worker.join();
    return result;
}

S3Options optionsFor(const FakeS3& store, const QByteArray& secret = "s3cret/+key")
{
    S3Options options;
    options.endpoint = store.url();
    options.bucket = u"backups"_s;
    options.prefix = u"mon/a"_s;
    options.credentials.keyId = "AKID";
    options.credentials.secret = SecretBytes(secret);
    options.partBytes = 100000;
    return options;
}

} // namespace

class TestS3 final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signsAsPublished();
    void storesAndReadsBack();
    void leavesNothingBehind();
    void refusesWrongKeys();
};

/// The examples that AWS publishes with its description of Signature Version 4.
void TestS3::signsAsPublished()
{
    const AwsCredentials credentials {"AKIDEXAMPLE", SecretBytes(QByteArray("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")), "us-east-1", "service"};
    const QByteArray empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const QByteArray vanilla = awsAuthorization({"GET", "/", {}, {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, empty}, credentials, "20150830T123600Z");
    QCOMPARE(vanilla, QByteArray("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,SignedHeaders=host;x-amz-date,"
                                 "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    const AwsCredentials s3 {"AKIAIOSFODNN7EXAMPLE", SecretBytes(QByteArray("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))};
    const QByteArray object = awsAuthorization({"GET", "/test.txt", {}, {{"x-amz-date", "20130524T000000Z"}, {"range", "bytes=0-9"},
                                                {"host", "examplebucket.s3.amazonaws.com"}, {"x-amz-content-sha256", empty}}, empty}, s3, "20130524T000000Z");
    QVERIFY(object.endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    QCOMPARE(awsQuery({{"b", "2 /"}, {"a", "~x"}}), QByteArray("a=~x&b=2%20%2F"));
}

void TestS3::storesAndReadsBack()
{
    FakeS3 store("backups", "AKID", "s3cret/+key");
    store.pageSize = 2;
    QTemporaryDir folder;
    QByteArray noise(500000, Qt::Uninitialized);
    quint32 state = 1;
    for (char& c : noise) {
        state = state * 1664525 + 1013904223;
        c = char(state >> 24);
    }
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), noise));
    auto repository = openS3Repository(optionsFor(store));
    QVERIFY_RESULT(repository);
    auto record = elsewhere([&] {
        return runBackup(std::make_shared<LocalHost>(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, {}, {});
    });
    QVERIFY_RESULT(record);
    QCOMPARE(store.refused, 0);
    QVERIFY(store.objects.contains("mon/a/" + record->name.toUtf8() + ".mgrb"));
    QCOMPARE(store.objects.value("mon/a/" + record->name.toUtf8() + ".mgrb").size(), record->size);
    QVERIFY(record->size > 100000); // more than one part
    QVERIFY(store.uploads.isEmpty());
    const auto all = elsewhere([&] { return listBackups(**repository, {}); });
    QVERIFY_RESULT(all);
    QCOMPARE(all->size(), size_t(1));
    QVERIFY_RESULT(elsewhere([&] { return verifyBackup(**repository, *record, {}, true, {}); }));
    store.objects["mon/a/" + record->name.toUtf8() + ".mgrb"][1000] ^= 1;
    QCOMPARE(elsewhere([&] { return verifyBackup(**repository, *record, {}, true, {}); }).error().code, ErrorCode::Decode);
    QVERIFY_RESULT(elsewhere([&] { return (*repository)->remove(record->name + kBackupSuffix, {}); }));
    QVERIFY_RESULT(elsewhere([&] { return (*repository)->removeLeftovers({}); }));
    QVERIFY(store.objects.isEmpty());
}

void TestS3::leavesNothingBehind()
{
    FakeS3 store("backups", "AKID", "s3cret/+key");
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), "content"));
    auto repository = openS3Repository(optionsFor(store));
    QVERIFY_RESULT(repository);
    const auto run = [&](const CancelToken& cancel, const StepReport& report) {
        return elsewhere([&] {
            return runBackup(std::make_shared<LocalHost>(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, {}, cancel, report);
        });
    };
    store.failNextParts = 1;
    QCOMPARE(run({}, {}).error().code, ErrorCode::HttpStatus);
    QVERIFY(store.uploads.isEmpty() && store.objects.isEmpty());
    std::stop_source stop;
    const auto cancelled = run(stop.get_token(), [&](const QString& step, const QString&, qint64, qint64) {
        if (step == u"verify")
            stop.request_stop();
    });
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QVERIFY(store.uploads.isEmpty() && store.objects.isEmpty());
    // A process that died left an upload, and said so in its note.
    store.uploads.insert("up load/=77", "mon/a/dead.mgrb");
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    S3Client client(optionsFor(store));
    const QString note = qEnvironmentVariable("XDG_STATE_HOME") + u"/promdeck/backup/s3-%1-%2.pending"_s.arg(child).arg(
        QString::fromLatin1(sha256Hex(client.description().toUtf8() + client.options().endpoint.toEncoded()).left(16)));
    QVERIFY(writeText(note, "dead.mgrb\nup load/=77"));
    QVERIFY_RESULT(elsewhere([&] { return (*repository)->removeLeftovers({}); }));
    QVERIFY(store.uploads.isEmpty());
    QVERIFY(!QFile::exists(note));
}

void TestS3::refusesWrongKeys()
{
    FakeS3 store("backups", "AKID", "s3cret/+key");
    auto repository = openS3Repository(optionsFor(store, "another"));
    QVERIFY_RESULT(repository);
    const auto all = elsewhere([&] { return listBackups(**repository, {}); });
    QCOMPARE(all.error().code, ErrorCode::Forbidden);
    QVERIFY(all.error().detail.contains(u"SignatureDoesNotMatch"_s));
    QVERIFY(!all.error().toString().contains(u"another"_s));
    S3Options wrong = optionsFor(store);
    wrong.bucket = u"Not A Bucket"_s;
    QVERIFY(!openS3Repository(wrong).ok());
    wrong = optionsFor(store);
    wrong.prefix = u"../x y"_s;
    QVERIFY(!openS3Repository(wrong).ok());
    wrong = optionsFor(store);
    wrong.credentials.secret = {};
    QCOMPARE(openS3Repository(wrong).error().code, ErrorCode::Secret);
}

PROMDECK_TEST_MAIN(TestS3)
#include "tst_s3.moc"
