// Commands and files over a real sshd.
#include "tests/integration/ssh/sshtest.h"
#include "tests/support/fakeprograms.h"

#include <QDir>
#include <QElapsedTimer>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Bytes that do not end.
class EndlessSource final : public ByteSource
{
public:
    Result<qint64> read(char* data, qint64 capacity) override
    {
        std::fill(data, data + capacity, 'x');
        total += capacity;
        return capacity;
    }

    std::atomic<qint64> total = 0;
};

class CountingSink final : public ByteSink
{
public:
    Status write(const char*, qint64 size) override
    {
        total += size;
        return Done {};
    }

    std::atomic<qint64> total = 0;
};

} // namespace

class TestSshHost final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_server = TestSshd::start();
        QVERIFY(m_server);
        m_server->trust();
    }

    void init()
    {
        m_prompter = std::make_shared<ScriptedPrompter>();
        m_hosts = std::make_unique<SshHosts>(m_prompter, sourceFor(*m_server));
        const auto host = m_hosts->host(u"srv"_s);
        QVERIFY_RESULT(host);
        m_host = *host;
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void cleanup()
    {
        m_host.reset();
        m_hosts.reset();
    }

    void runs()
    {
        const auto out = m_host->run(command({"printf", "%s|", "a b", "it's", "$(id)", everyByte(), ""}));
        QVERIFY_RESULT(out);
        QCOMPARE(out->standardOutput, "a b|it's|$(id)|" + everyByte() + "||");
        const auto failed = m_host->run(command({"sh", "-c", "echo out; echo err >&2; exit 7"}));
        QVERIFY_RESULT(failed);
        QCOMPARE(failed->exitCode, 7);
        QCOMPARE(failed->standardOutput, "out\n");
        QCOMPARE(failed->standardError, "err\n");
        QCOMPARE(m_host->run(command({"sh", "-c", "kill -9 $$"})).valueOr({}).exitCode, 128 + 9);
        QCOMPARE(m_host->run(command({"/no/such/program"})).valueOr({}).exitCode, 127);
        Command cat = command({"cat"});
        cat.input = everyByte().repeated(20000);
        const auto copied = m_host->run(cat);
        QVERIFY_RESULT(copied);
        QVERIFY(copied->standardOutput == cat.input);
        cat.argv = {"true"};
        QCOMPARE(m_host->run(cat).valueOr({127, {}, {}}).exitCode, 0);
        QCOMPARE(m_host->name(), u"srv"_s);
        QVERIFY(m_prompter->questions().empty());
    }

    void runsScriptsAndTellsFacts()
    {
        const auto out = m_host->runScript("printf '%s|' \"$0\" \"$@\"; umask; cat\n", {"a b", everyByte()});
        QVERIFY_RESULT(out);
        QCOMPARE(out->standardOutput, "promdeck|a b|" + everyByte() + "|0077\n");
        const auto facts = m_host->facts();
        QVERIFY_RESULT(facts);
        QCOMPARE(facts->uid, qint64(getuid()));
        QVERIFY(facts->hasTool("tar"));
    }

    void keepsDeadlines()
    {
        Command slow = command({"sleep", "60"});
        slow.deadline = 200ms;
        QCOMPARE(m_host->run(slow).error().code, ErrorCode::Timeout);
        Command loud = command({"yes"});
        loud.outputLimit = 100000;
        const auto tooMuch = m_host->run(loud);
        QCOMPARE(tooMuch.error().code, ErrorCode::ResponseTooLarge);
        QCOMPARE(tooMuch.error().target, u"srv"_s);
        // The session is as good as before.
        QVERIFY(m_host->run(command({"true"})).ok());
    }

    void movesFiles_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<qsizetype>("size");
        QTest::newRow("plain") << QByteArray("a.yml") << qsizetype(1000);
        QTest::newRow("empty") << QByteArray("empty") << qsizetype(0);
        QTest::newRow("hostile") << QByteArray("$(touch pwned) 'a' \"b\"\nc\\d*?") << qsizetype(70000);
        QTest::newRow("large") << QByteArray("large") << qsizetype(40 << 20);
    }

    void movesFiles()
    {
        QFETCH(QByteArray, name);
        QFETCH(qsizetype, size);
        QByteArray content(size, Qt::Uninitialized);
        for (qsizetype i = 0; i < size; ++i)
            content[i] = char((i * 2654435761U) >> 13U);
        const QByteArray path = m_folder->path().toUtf8() + '/' + name;
        for (const bool replace : {true, false}) {
            PutOptions options;
            options.mode = 0640;
            options.replace = replace;
            qint64 reported = 0;
            options.progress = [&](qint64 done, qint64 total) {
                reported = done;
                QCOMPARE(total, size);
            };
            BufferSource source(content);
            const Status put = m_host->putFile(source, path, options);
            QVERIFY_RESULT(put);
            QCOMPARE(reported, size);
            const auto back = m_host->readFile(path, 64 << 20);
            QVERIFY_RESULT(back);
            QVERIFY(*back == content);
            QCOMPARE(m_host->run(command({"stat", "-c", "%a", path}))->standardOutput, "640\n");
        }
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
    }

    void movesManyFiles()
    {
        std::vector<FileEntry> files;
        for (int i = 0; i < 500; ++i)
            files.push_back({"rules/" + QByteArray::number(i) + ".yml", QByteArray(i * 7, 'r'), 0640});
        const QByteArray folder = m_folder->path().toUtf8();
        QVERIFY_RESULT(m_host->putFiles(files, folder));
        const auto back = m_host->getFiles({"rules"}, folder, 8 << 20);
        QVERIFY_RESULT(back);
        QCOMPARE(back->size(), files.size());
        QCOMPARE(Testing::readFile(m_folder->filePath(u"rules/499.yml"_s)), files.back().content);
    }

    void saysWhatIsWrongWithFiles()
    {
        const QByteArray folder = m_folder->path().toUtf8();
        QCOMPARE(m_host->readFile(folder + "/none", 10).error().code, ErrorCode::NotFound);
        QCOMPARE(m_host->readFile(folder, 10).error().code, ErrorCode::Io);
        BufferSource source("x");
        QCOMPARE(m_host->putFile(source, folder + "/none/a").error().code, ErrorCode::NotFound);
        QCOMPARE(m_host->putFile(source, folder).error().code, ErrorCode::Io);
        QCOMPARE(m_host->readFile("/etc/passwd", 3).error().code, ErrorCode::ResponseTooLarge);
    }

    void worksFromSeveralThreads()
    {
        std::vector<std::thread> threads;
        std::atomic<int> right = 0;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 5; ++round) {
                    Command cat = command({"cat"});
                    cat.input = QByteArray::number(i).repeated(100000);
                    const auto out = m_host->run(cat);
                    if (out && out->standardOutput == cat.input)
                        ++right;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(right.load(), 40);
    }

    void isCancelledInTheMiddle()
    {
        EndlessSource source;
        std::stop_source stop;
        Command sink = command({"sh", "-c", "cat >/dev/null"});
        sink.deadline = 0ms;
        std::thread canceller([&] {
            while (source.total < (8 << 20))
                std::this_thread::sleep_for(5ms);
            stop.request_stop();
        });
        const auto up = m_host->stream(sink, &source, nullptr, {}, stop.get_token());
        canceller.join();
        QCOMPARE(up.error().code, ErrorCode::Cancelled);

        CountingSink into;
        std::stop_source second;
        std::thread again([&] {
            while (into.total < (8 << 20))
                std::this_thread::sleep_for(5ms);
            second.request_stop();
        });
        Command yes = command({"yes"});
        yes.deadline = 0ms;
        QCOMPARE(m_host->stream(yes, nullptr, &into, {}, second.get_token()).error().code, ErrorCode::Cancelled);
        again.join();
        QVERIFY(m_host->run(command({"true"})).ok());
        QTRY_COMPARE(m_server->sessions().size(), 1); // those of earlier tests end at their own pace
    }

    void noticesALostConnection()
    {
        for (const bool upload : {true, false}) {
            EndlessSource source;
            CountingSink sink;
            std::thread killer([&] {
                while (source.total + sink.total < (8 << 20))
                    std::this_thread::sleep_for(5ms);
                m_server->killSessions();
            });
            Command each = upload ? command({"sh", "-c", "cat >/dev/null"}) : command({"yes"});
            each.deadline = 0ms;
            const auto out = m_host->stream(each, upload ? &source : nullptr, &sink);
            killer.join();
            QVERIFY(!out.ok());
            QCOMPARE(out.error().code, ErrorCode::ConnectionLost);
            QCOMPARE(out.error().target, u"srv"_s);
            // It is made anew without being asked for.
            const auto next = m_host->run(command({"echo", "again"}));
            QVERIFY_RESULT(next);
            QCOMPARE(next->standardOutput, "again\n");
        }
    }

    void aFileIsWholeOrOldWhenTheConnectionIsLost()
    {
        const QByteArray path = m_folder->filePath(u"config.yml"_s).toUtf8();
        BufferSource old("old");
        QVERIFY_RESULT(m_host->putFile(old, path));
        for (const bool big : {false, true}) {
            class Slow final : public ByteSource
            {
            public:
                explicit Slow(qint64 size) : m_size(size) {}
                Result<qint64> read(char* data, qint64 capacity) override
                {
                    const qint64 count = std::min(capacity, m_size - done);
                    std::fill(data, data + count, 'n');
                    done += count;
                    if (done > 1000000)
                        std::this_thread::sleep_for(10ms);
                    return count;
                }
                [[nodiscard]] qint64 size() const override { return m_size; }
                std::atomic<qint64> done = 0;

            private:
                qint64 m_size;
            } source(big ? 200 << 20 : 12 << 20);
            std::thread killer([&] {
                while (source.done < (4 << 20))
                    std::this_thread::sleep_for(2ms);
                m_server->killSessions();
            });
            const Status put = m_host->putFile(source, path);
            killer.join();
            QVERIFY(!put.ok());
            QCOMPARE(put.error().code, ErrorCode::ConnectionLost);
            QCOMPARE(Testing::readFile(QString::fromUtf8(path)), "old");
            const QDir folder(m_folder->path());
            QTRY_COMPARE_WITH_TIMEOUT(folder.entryList(QDir::Files | QDir::Hidden), QStringList {u"config.yml"_s}, 20000); // nothing is left over
        }
    }

    void mayBeDestroyedInTheMiddle()
    {
        EndlessSource source;
        Command sink = command({"sh", "-c", "cat >/dev/null"});
        sink.deadline = 0ms;
        Result<int> out;
        std::thread worker([&, host = m_host.get()] { out = host->stream(sink, &source, nullptr); });
        while (source.total < (8 << 20))
            std::this_thread::sleep_for(5ms);
        m_host->connection()->disconnect();
        worker.join();
        QCOMPARE(out.error().code, ErrorCode::ConnectionLost);

        // A connection that is destroyed while somebody waits for its login.
        auto target = resolveSshTarget(u"srv"_s, sourceFor(*m_server));
        QVERIFY_RESULT(target);
        target->userKnownHosts = {m_folder->filePath(u"none"_s)};
        const auto silent = std::make_shared<ScriptedPrompter>();
        silent->silent = true;
        auto connection = std::make_unique<SshConnection>(*target, silent);
        std::atomic<int> answer = -1;
        connection->connectLater([&](const Status& status) { answer = int(status.error().code); });
        while (silent->questions().empty())
            std::this_thread::sleep_for(5ms);
        QElapsedTimer clock;
        clock.start();
        connection.reset();
        QVERIFY(clock.elapsed() < 5000);
        QCOMPARE(answer.load(), int(ErrorCode::Cancelled));
    }

    void saysWhatIsUnreachable()
    {
        SshConfigSource source = sourceFor(*m_server);
        SshHosts hosts(m_prompter, source);
        const auto refused = (*hosts.host(u"127.0.0.1:1"_s))->run(command({"true"}));
        QCOMPARE(refused.error().code, ErrorCode::ConnectionRefused);
        const auto unknown = (*hosts.host(u"no-such-host.invalid"_s))->run(command({"true"}));
        QCOMPARE(unknown.error().code, ErrorCode::DnsFailure);
        QVERIFY(!hosts.host(u"-oProxyCommand=x"_s).ok());
    }

    /// The fake sudo and id stand in front of the PATH of the server's commands.
    void becomesRootWithAPassword()
    {
        QTemporaryDir bin;
        QFile::setPermissions(bin.path(), QFile::Permissions(0x7755));
        const QByteArray secret = "s3cret-of-sudo";
        QVERIFY(fakeProgram(bin.path(), u"id"_s, "[ \"$1\" = -u ] && echo 1000 || echo tester\n"));
        QVERIFY(fakeProgram(bin.path(), u"sudo"_s, fakeSudo("ask", secret, bin.filePath(u"log"_s).toUtf8())));
        const auto server = TestSshd::start({.path = bin.path().toUtf8()});
        QVERIFY(server);
        server->trust();
        m_prompter->setScript([&](const SshQuestion& question) {
            return yes({question.attempt == 0 ? u"wrong"_s : QString::fromUtf8(secret)});
        });
        SshHosts hosts(m_prompter, sourceFor(*server));
        const auto host = *hosts.host(u"srv"_s);
        Command slow = command({"sh", "-c", "cat; sleep 0.5"});
        slow.asRoot = true;
        slow.input = "data";
        const auto wrong = host->run(slow);
        QCOMPARE(wrong.error().code, ErrorCode::Auth);
        // While the command runs, no process of this machine shows the password.
        std::atomic<bool> done = false;
        std::atomic<int> found = 0;
        std::thread observer([&] {
            while (!done) {
                const QStringList pids = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
                for (const QString& pid : pids) {
                    if (pid.toLongLong() == getpid())
                        continue;
                    for (const QString& name : {u"cmdline"_s, u"environ"_s}) {
                        QFile file(u"/proc/%1/%2"_s.arg(pid, name));
                        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(secret))
                            ++found;
                    }
                }
            }
        });
        const auto right = host->run(slow);
        BufferSource file("root's");
        PutOptions options;
        options.asRoot = true;
        const Status put = host->putFile(file, m_folder->filePath(u"root"_s).toUtf8(), options);
        done = true;
        observer.join();
        QVERIFY_RESULT(right);
        QCOMPARE(right->standardOutput, "data");
        QVERIFY_RESULT(put);
        // The fake itself holds the password in its text, not in its arguments.
        QCOMPARE(found.load(), 0);
        QCOMPARE(m_prompter->questions().size(), std::size_t(2));
        QCOMPARE(m_prompter->settledAs(), (QList<bool> {false, true}));
        QVERIFY(!Testing::readFile(bin.filePath(u"log"_s)).contains(secret));
        QVERIFY(!server->log().contains(secret));
    }

    void worksWithoutSftpAndWithBusybox()
    {
        QTemporaryDir bin;
        QFile::setPermissions(bin.path(), QFile::Permissions(0x7755));
        for (const char* name : {"cat", "mv", "rm", "chmod", "tar", "wc", "sync", "stat", "id", "date", "uname", "sha256sum", "dd"})
            QVERIFY(QFile::link(u"/bin/busybox"_s, bin.filePath(QString::fromLatin1(name))));
        const auto server = TestSshd::start({.sftp = false, .path = bin.path().toUtf8()});
        QVERIFY(server);
        server->trust();
        SshHosts hosts(m_prompter, sourceFor(*server));
        const auto host = *hosts.host(u"srv"_s);
        const QByteArray path = m_folder->filePath(u"a"_s).toUtf8();
        const QByteArray content = everyByte().repeated(60000);
        BufferSource source(content);
        QVERIFY_RESULT(host->putFile(source, path));
        QVERIFY(host->readFile(path, 64 << 20).valueOr({}) == content);
        std::vector<FileEntry> files {{"x/" + QByteArray(120, 'n'), "1", 0640}, {"y", "2", 0644}};
        QVERIFY_RESULT(host->putFiles(files, m_folder->path().toUtf8()));
        const auto back = host->getFiles({"x", "y"}, m_folder->path().toUtf8(), 1000);
        QVERIFY_RESULT(back);
        QCOMPARE(back->size(), std::size_t(2));
        QCOMPARE(back->at(0).path, files[0].path);
        QCOMPARE(back->at(0).mode, 0640);
    }

private:
    std::unique_ptr<TestSshd> m_server;
    std::shared_ptr<ScriptedPrompter> m_prompter;
    std::unique_ptr<SshHosts> m_hosts;
    std::shared_ptr<SshHost> m_host;
    std::unique_ptr<QTemporaryDir> m_folder;
};

PROMDECK_TEST_MAIN(TestSshHost)
#include "tst_sshhost.moc"
