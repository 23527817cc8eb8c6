#include "provisioning/host/elevation.h"
#include "provisioning/host/localhost.h"
#include "provisioning/host/shellquote.h"
#include "provisioning/host/tarstream.h"
#include "tests/support/fakeprograms.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QTemporaryDir>

#include <thread>

#include <signal.h>

using namespace Promdeck;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray everyByte()
{
    QByteArray all;
    for (int c = 1; c < 256; ++c)
        all += char(c);
    return all;
}

Command command(const QList<QByteArray>& argv)
{
    Command out;
    out.argv = argv;
    return out;
}

/// A source that fails after some bytes, or never ends.
class OddSource final : public ByteSource
{
public:
    explicit OddSource(qint64 failAfter) : m_failAfter(failAfter) {}

    Result<qint64> read(char* data, qint64 capacity) override
    {
        if (m_failAfter >= 0 && m_done >= m_failAfter)
            return makeError(ErrorCode::Io, u"the disk is gone"_s);
        std::fill(data, data + capacity, 'x');
        m_done += capacity;
        return capacity;
    }

private:
    qint64 m_failAfter;
    qint64 m_done = 0;
};

} // namespace

class TestLocalHost final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = qgetenv("PATH");
    }

    void cleanup() { qputenv("PATH", m_path); }

    void quotesAnything_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("plain") << QByteArray("/etc/prometheus/a.yml");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("quotes") << QByteArray("it's \"so\" '''");
        QTest::newRow("expansions") << QByteArray("$(touch x) `id` ${HOME} *?[a] ~ !! {a,b}");
        QTest::newRow("lines") << QByteArray("a\nb\r\n\n");
        QTest::newRow("dash") << QByteArray("-n");
        QTest::newRow("backslashes") << QByteArray("\\ \\n \\\\");
        QTest::newRow("every byte") << everyByte();
    }

    void quotesAnything()
    {
        QFETCH(QByteArray, word);
        LocalHost host;
        for (const QByteArray shell : {"/bin/sh", "/bin/bash", "busybox"}) {
            QList<QByteArray> argv {shell};
            if (shell == "busybox") {
                if (!QFile::exists(u"/bin/busybox"_s))
                    continue;
                argv << "sh";
            }
            argv << "-c"
                 << "printf %s " + shellQuote(word) + "; printf '|%s' " + shellQuote({word, "end"});
            const auto out = host.run(command(argv));
            QVERIFY_RESULT(out);
            QCOMPARE(out->standardOutput, word + '|' + word + "|end");
        }
    }

    void quotingIsStable()
    {
        QCOMPARE(shellQuote(QByteArray("a b'c")), "'a b'\\''c'");
        QCOMPARE(shellQuote(QByteArray("cut\0off", 7)), "cut");
        QCOMPARE(checkArguments({QByteArray("a\0b", 3)}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(checkArguments({}).error().code, ErrorCode::InvalidArgument);
    }

    void runsPrograms()
    {
        LocalHost host;
        Command cat = command({"cat"});
        cat.input = everyByte().repeated(5000);
        const auto copied = host.run(cat);
        QVERIFY_RESULT(copied);
        QCOMPARE(copied->standardOutput, cat.input);
        QCOMPARE(copied->exitCode, 0);

        const auto failed = host.run(command({"sh", "-c", "echo out; echo err >&2; exit 7"}));
        QVERIFY_RESULT(failed);
        QCOMPARE(failed->exitCode, 7);
        QCOMPARE(failed->standardOutput, "out\n");
        QCOMPARE(failed->standardError, "err\n");

        QCOMPARE(host.run(command({"sh", "-c", "kill -9 $$"}))->exitCode, 128 + 9);
        QCOMPARE(host.run(command({"/no/such/program"}))->exitCode, 127);
        QCOMPARE(host.run(command({"sh", "-c", "echo $LC_ALL"}))->standardOutput, "C\n");
        // A program that reads none of its input ends in peace.
        cat.argv = {"true"};
        QCOMPARE(host.run(cat)->exitCode, 0);
    }

    void keepsDeadlinesAndLimits()
    {
        LocalHost host;
        Command slow = command({"sleep", "60"});
        slow.deadline = 50ms;
        QCOMPARE(host.run(slow).error().code, ErrorCode::Timeout);

        Command loud = command({"yes"});
        loud.outputLimit = 100000;
        const auto tooMuch = host.run(loud);
        QCOMPARE(tooMuch.error().code, ErrorCode::ResponseTooLarge);
        QCOMPARE(tooMuch.error().target, u"localhost"_s);
    }

    void endsWhatIsCancelled()
    {
        LocalHost host;
        std::stop_source stop;
        // The shell's child must go too.
        Command script;
        script.deadline = 0ms;
        const QByteArray pidFile = m_folder->filePath(u"pid"_s).toUtf8();
        std::thread canceller([&] {
            while (!QFile::exists(QString::fromUtf8(pidFile)))
                std::this_thread::sleep_for(5ms);
            stop.request_stop();
        });
        const auto out = host.runScript("sleep 60 & echo $! >\"$1.new\"; mv \"$1.new\" \"$1\"; wait", {pidFile}, script,
                                        stop.get_token());
        canceller.join();
        QCOMPARE(out.error().code, ErrorCode::Cancelled);
        const int pid = Testing::readFile(QString::fromUtf8(pidFile)).trimmed().toInt();
        QVERIFY(pid > 1);
        QTRY_VERIFY(!QFile::exists(u"/proc/%1/exe"_s.arg(pid)));
        QCOMPARE(host.run(command({"true"}), stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void runsScripts()
    {
        LocalHost host;
        const auto out = host.runScript("printf '%s|' \"$0\" \"$@\"; umask; cat; exit 3\n", {"a b", "", everyByte()});
        QVERIFY_RESULT(out);
        QCOMPARE(out->standardOutput, "promdeck|a b||" + everyByte() + "|0077\n");
        QCOMPARE(out->exitCode, 3);
        // Longer than any command line may be, and closing its input in the middle.
        const QByteArray lines = QByteArray("exec 0</dev/null\n: comment comment\n").repeated(20000) + "echo end";
        const auto longer = host.runScript(lines, {});
        QVERIFY_RESULT(longer);
        QCOMPARE(longer->standardOutput, "end\n");
        QCOMPARE(host.runScript(QByteArray("a\0b", 3), {}).error().code, ErrorCode::InvalidArgument);
    }

    void streams()
    {
        LocalHost host;
        QByteArray sentBytes = everyByte().repeated(40000);
        BufferSource in(sentBytes);
        BufferSink out(64 << 20);
        qint64 sent = 0;
        qint64 received = 0;
        StreamOptions options;
        options.sent = [&](qint64 done, qint64 total) {
            QCOMPARE(total, sentBytes.size());
            sent = done;
        };
        options.received = [&](qint64 done, qint64) { received = done; };
        Command cat = command({"sh", "-c", "cat; echo done >&2"});
        cat.input = "first";
        QByteArray err;
        const auto code = host.stream(cat, &in, &out, options, {}, &err);
        QVERIFY_RESULT(code);
        QCOMPARE(*code, 0);
        QCOMPARE(out.bytes(), "first" + sentBytes);
        QCOMPARE(err, "done\n");
        QCOMPARE(sent, sentBytes.size() + 5);
        QCOMPARE(received, sentBytes.size() + 5);

        OddSource broken(1 << 20);
        QCOMPARE(host.stream(command({"cat"}), &broken, nullptr).error().summary, u"the disk is gone"_s);
        BufferSink small(10);
        QCOMPARE(host.stream(command({"yes"}), nullptr, &small).error().code, ErrorCode::ResponseTooLarge);
        // Nothing moves in either direction: neither side may wait for ever.
        OddSource endless(-1);
        options = {};
        options.stall = 100ms;
        Command stuck = command({"sleep", "60"});
        stuck.deadline = 0ms;
        QCOMPARE(host.stream(stuck, &endless, nullptr, options).error().code, ErrorCode::Timeout);
    }

    void movesFiles_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("a.yml");
        QTest::newRow("dash") << QByteArray("-rf");
        QTest::newRow("hostile") << QByteArray("$(touch pwned) 'a' \"b\"\nc\\d*?");
        QByteArray all = everyByte();
        all.replace('/', "");
        QTest::newRow("bytes") << all;
    }

    void movesFiles()
    {
        QFETCH(QByteArray, name);
        LocalHost host;
        const QByteArray path = m_folder->path().toUtf8() + '/' + name;
        const QByteArray content = everyByte().repeated(3000) + '\0';
        for (const bool replace : {true, false}) {
            PutOptions options;
            options.mode = 0640;
            options.replace = replace;
            BufferSource source(content);
            QVERIFY_RESULT(host.putFile(source, path, options));
            const auto back = host.readFile(path, 8 << 20);
            QVERIFY_RESULT(back);
            QCOMPARE(*back, content);
            QCOMPARE(host.run(command({"stat", "-c", "%a", path}))->standardOutput, "640\n");
        }
        // No temporary file stays, and nothing was expanded.
        const QByteArray folder = m_folder->path().toUtf8();
        const auto count = host.runScript("find \"$1\" -mindepth 1 -print0 | tr -cd '\\000' | wc -c", {folder});
        QCOMPARE(count->standardOutput.trimmed(), "1");
        QVERIFY_RESULT(host.run(command({"rm", "--", path}))); // Qt cannot name all of them
    }

    void saysWhatIsWrongWithFiles()
    {
        LocalHost host;
        const QByteArray folder = m_folder->path().toUtf8();
        QCOMPARE(host.readFile(folder + "/none", 10).error().code, ErrorCode::NotFound);
        QCOMPARE(host.readFile(folder, 10).error().code, ErrorCode::Io);
        BufferSource source("x");
        QCOMPARE(host.putFile(source, folder + "/none/a").error().code, ErrorCode::NotFound);
        QCOMPARE(host.putFile(source, folder).error().code, ErrorCode::Io);
        QCOMPARE(host.readFile("/etc/passwd", 3).error().code, ErrorCode::ResponseTooLarge);
    }

    void keepsTheOldFileWhenASourceFails()
    {
        LocalHost host;
        const QByteArray path = m_folder->filePath(u"a"_s).toUtf8();
        BufferSource good("old");
        QVERIFY_RESULT(host.putFile(good, path));
        OddSource broken(1 << 20);
        QCOMPARE(host.putFile(broken, path).error().code, ErrorCode::Io);
        QCOMPARE(*host.readFile(path, 10), "old");
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
    }

    void movesManyFiles()
    {
        LocalHost host;
        const QByteArray folder = m_folder->path().toUtf8();
        std::vector<FileEntry> files {{"a.yml", "a", 0644},
                                      {"rules/deep/b.yml", everyByte(), 0600},
                                      {"rules/" + QByteArray(90, 'x') + "/" + QByteArray(120, 'y'), "long", 0755},
                                      {"rules/odd 'name'\n$(id)", QByteArray(70000, 'z'), 0640},
                                      {"empty", "", 0644}};
        for (int i = 0; i < 300; ++i)
            files.push_back({"many/" + QByteArray::number(i), QByteArray(i, 'm'), 0644});
        QVERIFY_RESULT(host.putFiles(files, folder));
        QVERIFY(!QDir(m_folder->path()).entryList(QDir::Files).join(u' ').contains(u'~'));
        for (const FileEntry& file : files)
            QCOMPARE(*host.readFile(folder + '/' + file.path, 1 << 20), file.content);
        QCOMPARE(host.run(command({"stat", "-c", "%a", folder + "/rules", folder + "/a.yml"}))->standardOutput, "700\n644\n");

        auto back = host.getFiles({"a.yml", "rules", "many", "empty"}, folder, 1 << 20);
        QVERIFY_RESULT(back);
        const auto byPath = [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; };
        std::sort(back->begin(), back->end(), byPath);
        std::sort(files.begin(), files.end(), byPath);
        QCOMPARE(back->size(), files.size());
        for (std::size_t i = 0; i < files.size(); ++i) {
            QCOMPARE(back->at(i).path, files[i].path);
            QCOMPARE(back->at(i).content, files[i].content);
            QCOMPARE(back->at(i).mode, files[i].mode);
        }
        QCOMPARE(host.getFiles({"many"}, folder, 1000).error().code, ErrorCode::ResponseTooLarge);
        QCOMPARE(host.getFiles({"none"}, folder, 1000).error().code, ErrorCode::NotFound);
        QCOMPARE(host.putFiles({{"../a", "", 0644}}, folder).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(host.putFiles({{"a", "", 0644}}, folder + "/none").error().code, ErrorCode::NotFound);
    }

    void noticesACutArchive()
    {
        const std::vector<FileEntry> files {{"a", QByteArray(1000, 'a'), 0644}, {"b", "b", 0644}};
        TarSource source(files);
        QByteArray archive(source.size(), '\0');
        qint64 size = 0;
        while (const qint64 count = source.read(archive.data() + size, archive.size() - size).value())
            size += count;
        QCOMPARE(size, archive.size());
        for (const qsizetype cut : {qsizetype(0), qsizetype(512), qsizetype(1536), archive.size() - 1024, archive.size() - 1}) {
            TarSink sink(1 << 20);
            QVERIFY_RESULT(sink.write(archive.constData(), cut));
            const bool whole = cut == archive.size() - 1; // the first of two empty records is enough
            QCOMPARE(sink.finish().ok(), whole);
        }
        // In pieces of any size.
        for (const qsizetype piece : {1, 7, 511, 513}) {
            TarSink sink(1 << 20);
            for (qsizetype at = 0; at < archive.size(); at += piece)
                QVERIFY_RESULT(sink.write(archive.constData() + at, std::min(piece, archive.size() - at)));
            const auto back = sink.finish();
            QVERIFY_RESULT(back);
            QCOMPARE(back->size(), std::size_t(2));
            QCOMPARE(back->at(0).content, files[0].content);
        }
        TarSink sink(1 << 20);
        QCOMPARE(sink.write(QByteArray(512, 'x').constData(), 512).error().code, ErrorCode::Decode);
    }

    void tellsFacts()
    {
        LocalHost host;
        const auto facts = host.facts();
        QVERIFY_RESULT(facts);
        QCOMPARE(facts->system, "Linux");
        QCOMPARE(facts->uid, qint64(getuid()));
        QVERIFY(facts->hasTool("tar") && facts->hasTool("sha256sum"));
        QVERIFY(!facts->hasTool("no-such-tool"));
        QVERIFY(qAbs(facts->clockAheadMs) < 5000);
    }

    void becomesRoot_data()
    {
        QTest::addColumn<QByteArray>("password"); // null: nobody to ask
        QTest::addColumn<QByteArray>("sudo");     // how the fake behaves
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("free") << QByteArray() << QByteArray("free") << ErrorCode::None;
        QTest::newRow("password") << QByteArray("s3 cret$x\\") << QByteArray("ask") << ErrorCode::None;
        QTest::newRow("password no longer wanted") << QByteArray("s3 cret$x\\") << QByteArray("late") << ErrorCode::None;
        QTest::newRow("wrong") << QByteArray("other") << QByteArray("ask") << ErrorCode::Auth;
        QTest::newRow("wrong, asks again") << QByteArray("other") << QByteArray("again") << ErrorCode::Auth;
        QTest::newRow("nobody to ask") << QByteArray() << QByteArray("ask") << ErrorCode::Auth;
        QTest::newRow("not allowed") << QByteArray("s3 cret$x\\") << QByteArray("refuse") << ErrorCode::Auth;
    }

    /// With a fake sudo (and a fake id, as tests may run as root) in front of the PATH.
    void becomesRoot()
    {
        QFETCH(QByteArray, password);
        QFETCH(QByteArray, sudo);
        QFETCH(ErrorCode, code);
        const QByteArray right = "s3 cret$x\\";
        QVERIFY(Testing::fakeProgram(m_folder->path(), u"id"_s, "[ \"$1\" = -u ] && echo 1000 || echo tester\n"));
        QVERIFY(Testing::fakeProgram(m_folder->path(), u"sudo"_s,
                                     Testing::fakeSudo(sudo, right, m_folder->filePath(u"log"_s).toUtf8())));
        qputenv("PATH", m_folder->path().toUtf8() + ':' + m_path);
        int asked = 0;
        LocalHost host(u"db1"_s, [&](const CancelToken&) -> Result<QByteArray> {
            ++asked;
            if (password.isNull())
                return makeError(ErrorCode::Auth, u"nobody"_s);
            return password;
        });
        Command cat = command({"sh", "-c", "cat; echo \"$1\" >&2; exit 4", "sh", "it's"});
        cat.asRoot = true;
        cat.input = "line\n" + everyByte();
        for (int round = 0; round < 2; ++round) {
            const auto out = host.run(cat);
            if (code != ErrorCode::None) {
                QCOMPARE(out.error().code, code);
                QCOMPARE(out.error().target, u"db1"_s);
                QVERIFY(!out.error().toString().contains(QString::fromUtf8(password)) || password.isEmpty());
                QVERIFY(!out.error().toString().contains(u"[promdeck"_s));
                QCOMPARE(asked, round + 1);
                continue;
            }
            QVERIFY_RESULT(out);
            QCOMPARE(out->standardOutput, cat.input); // no password in front, no byte lost
            QCOMPARE(out->standardError, "it's\n");
            QCOMPARE(out->exitCode, 4);
        }
        if (code == ErrorCode::None)
            QCOMPARE(asked, sudo == "free" ? 0 : 1);
        if (!password.isEmpty()) {
            const QByteArray log = Testing::readFile(m_folder->filePath(u"log"_s));
            QVERIFY(!log.isEmpty() && !log.contains(password));
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_path;
};

PROMDECK_TEST_MAIN(TestLocalHost)
#include "tst_localhost.moc"
