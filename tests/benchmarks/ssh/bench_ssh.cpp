// Files over SSH against OpenSSH's scp: a real sshd on loopback, directly and behind a proxy that holds everything back
// for ten milliseconds in each direction. Usage: bench_ssh [ROUNDS [slow|fast]]
#include "provisioning/ssh/sshhost.h"
#include "tests/support/sshd.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <list>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr qint64 kLarge = 200'000'000;
constexpr int kSmallFiles = 500;
constexpr auto kDelay = std::chrono::milliseconds(10);

int listenOn(quint16* port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd, 16);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    *port = ntohs(address.sin_port);
    return fd;
}

/// A line of any width and a fixed length: bytes leave ten milliseconds after they came.
class DelayProxy final
{
public:
    explicit DelayProxy(quint16 target) : m_target(target), m_listener(listenOn(&port))
    {
        m_thread = std::thread([this] { run(); });
    }

    ~DelayProxy()
    {
        m_stop = true;
        m_thread.join();
        ::close(m_listener);
    }

    quint16 port = 0;

private:
    struct Way
    {
        int from;
        int to;
        std::deque<std::pair<Clock::time_point, QByteArray>> waiting {};
        qsizetype sent = 0;
        qsizetype held = 0;
        bool ended = false;
        bool over = false;
    };

    void accept()
    {
        const int one = 1;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(m_target);
        ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::fcntl(server, F_SETFL, O_NONBLOCK);
        for (const int fd : {client, server})
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        m_ways.push_back({client, server});
        m_ways.push_back({server, client});
    }

    static void move(Way& way, short readable)
    {
        if (readable && !way.ended && way.held < (64 << 20)) {
            QByteArray block(256 << 10, Qt::Uninitialized);
            const ssize_t got = ::recv(way.from, block.data(), size_t(block.size()), 0);
            way.ended = got == 0 || (got < 0 && errno != EAGAIN);
            block.truncate(std::max<ssize_t>(got, 0));
            way.held += block.size();
            way.waiting.emplace_back(Clock::now() + kDelay, block);
        }
        while (!way.waiting.empty() && way.waiting.front().first <= Clock::now()) {
            const QByteArray& block = way.waiting.front().second;
            const ssize_t count = ::send(way.to, block.constData() + way.sent, size_t(block.size() - way.sent), MSG_NOSIGNAL);
            if (count < 0 && errno != EAGAIN)
                way.over = true;
            if (count < 0)
                return;
            way.sent += count;
            if (way.sent < block.size())
                return;
            way.held -= block.size();
            way.sent = 0;
            way.waiting.pop_front();
        }
        if (way.ended && way.waiting.empty() && !way.over) {
            ::shutdown(way.to, SHUT_WR);
            way.over = true;
        }
    }

    void run()
    {
        while (!m_stop) {
            std::vector<pollfd> list {{m_listener, POLLIN, 0}};
            int patience = 100;
            for (const Way& way : m_ways) {
                const bool due = !way.waiting.empty() && way.waiting.front().first <= Clock::now();
                if (!way.waiting.empty() && !due)
                    patience = 1;
                list.push_back({way.ended || way.held >= (64 << 20) ? -1 : way.from, POLLIN, 0});
                list.push_back({due ? way.to : -1, POLLOUT, 0});
            }
            ::poll(list.data(), list.size(), patience);
            std::size_t at = 1;
            for (Way& way : m_ways) {
                move(way, list[at].revents);
                at += 2;
            }
            if (list[0].revents)
                accept();
            for (auto it = m_ways.begin(); it != m_ways.end();) {
                const auto other = std::next(it);
                if (it->over && other->over) {
                    ::close(it->from);
                    ::close(it->to);
                    it = m_ways.erase(it, std::next(other));
                } else {
                    it = std::next(other);
                }
            }
        }
    }

    quint16 m_target;
    int m_listener;
    std::list<Way> m_ways;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

class Bench final
{
public:
    Bench(const TestSshd& server, QString folder, quint16 port) : m_server(server), m_folder(std::move(folder)), m_port(port)
    {
        m_source = SshConfigSource::standard();
        m_source.home = server.home();
        m_source.userFile = m_folder + u"/config"_s;
        m_source.systemFile.clear();
        QFile config(m_source.userFile);
        if (config.open(QIODevice::WriteOnly)) {
            config.write("Host line\n HostName 127.0.0.1\n Port " + QByteArray::number(port) + "\n HostKeyAlias bench\n IdentityFile "
                         + server.clientKey().toUtf8() + "\n IdentityAgent none\n UserKnownHostsFile " + m_folder.toUtf8() + "/known\n");
        }
        QFile known(m_folder + u"/known"_s);
        QFile key(server.path(u"host_ed25519.pub"_s));
        if (known.open(QIODevice::WriteOnly) && key.open(QIODevice::ReadOnly))
            known.write("bench " + key.readAll());
    }

    template <typename Work>
    double ours(Work work) const
    {
        QElapsedTimer clock;
        clock.start();
        SshHosts hosts({}, m_source); // a new connection each time, as scp makes one
        const auto host = hosts.host(u"line"_s);
        const Status done = host ? work(**host) : Status(host.error());
        if (!done)
            std::fprintf(stderr, "%s\n", qPrintable(done.error().toString()));
        return said("ours", clock);
    }

    double scp(const QStringList& what) const
    {
        QElapsedTimer clock;
        clock.start();
        QProcess process;
        process.start(u"scp"_s, QStringList {u"-q"_s, u"-F"_s, m_source.userFile} + what);
        process.waitForFinished(-1);
        if (process.exitCode() != 0)
            std::fprintf(stderr, "scp: %s\n", process.readAllStandardError().constData());
        return said("scp", clock);
    }

private:
    /// Every single one on standard error, for those who wonder about a median.
    static double said(const char* who, const QElapsedTimer& clock)
    {
        const double seconds = double(clock.nsecsElapsed()) * 1e-9;
        std::fprintf(stderr, "%s %.2f s\n", who, seconds);
        return seconds;
    }

    const TestSshd& m_server;
    QString m_folder;
    quint16 m_port;
    SshConfigSource m_source;
};

void report(const char* line, const char* what, const std::vector<double>& ours, const std::vector<double>& scp, double megabytes)
{
    const double a = median(ours);
    const double b = median(scp);
    if (megabytes > 0)
        std::printf("%-10s %-22s %7.2f s %6.0f MB/s   scp %7.2f s %6.0f MB/s   %.2fx\n", line, what, a, megabytes / a, b, megabytes / b, b / a);
    else
        std::printf("%-10s %-22s %7.2f s               scp %7.2f s               %.2fx\n", line, what, a, b, b / a);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    const int rounds = argc > 1 ? std::max(1, QString::fromLocal8Bit(argv[1]).toInt()) : 5;
    const auto server = TestSshd::start();
    if (!server)
        return 1;
    // In memory, so that no disk is measured.
    QTemporaryDir folder(u"/dev/shm/bench_ssh-XXXXXX"_s);
    const auto path = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
    QFile large(path("large"));
    if (!large.open(QIODevice::WriteOnly))
        return 1;
    QFile random(u"/dev/urandom"_s);
    if (!random.open(QIODevice::ReadOnly))
        return 1;
    for (qint64 left = kLarge; left > 0; left -= 10'000'000)
        large.write(random.read(10'000'000));
    large.close();
    QDir(folder.path()).mkpath(u"small"_s);
    std::vector<FileEntry> small;
    for (int i = 0; i < kSmallFiles; ++i) {
        small.push_back({"rules-" + QByteArray::number(i) + ".yml", random.read(1024), 0644});
        QFile file(folder.filePath(u"small/"_s + QString::fromUtf8(small.back().path)));
        if (file.open(QIODevice::WriteOnly))
            file.write(small.back().content);
    }
    DelayProxy proxy(server->port());
    for (const bool slow : {false, true}) {
        if (argc > 2 && (QByteArrayView(argv[2]) == "slow") != slow)
            continue;
        const char* line = slow ? "20 ms" : "loopback";
        const Bench bench(*server, folder.path(), slow ? proxy.port : server->port());
        std::vector<double> a[4];
        std::vector<double> b[4];
        for (int round = 0; round < rounds; ++round) {
            a[0].push_back(bench.ours([&](SshHost& host) {
                FileSource source(path("large"));
                if (const Status opened = source.open(); !opened)
                    return opened;
                return host.putFile(source, path("up").toUtf8());
            }));
            b[0].push_back(bench.scp({path("large"), u"line:"_s + path("up-scp")}));
            a[1].push_back(bench.ours([&](SshHost& host) {
                FileSink sink(path("down"));
                if (const Status opened = sink.open(); !opened)
                    return opened;
                return host.getFile(path("large").toUtf8(), sink);
            }));
            b[1].push_back(bench.scp({u"line:"_s + path("large"), path("down-scp")}));
            QDir(path("many")).removeRecursively();
            QDir(path("many-scp")).removeRecursively();
            QDir().mkpath(path("many"));
            a[2].push_back(bench.ours([&](SshHost& host) { return host.putFiles(small, path("many").toUtf8()); }));
            b[2].push_back(bench.scp({u"-r"_s, path("small"), u"line:"_s + path("many-scp")}));
            a[3].push_back(bench.ours([&](SshHost& host) {
                const auto files = host.getFiles({"small"}, folder.path().toUtf8(), 8 << 20);
                return files && files->size() == kSmallFiles ? Status(Done {}) : Status(makeError(ErrorCode::Io, u"files are missing"_s));
            }));
            QDir(path("back-scp")).removeRecursively();
            b[3].push_back(bench.scp({u"-r"_s, u"line:"_s + path("small"), path("back-scp")}));
        }
        report(line, "200 MB up", a[0], b[0], 200);
        report(line, "200 MB down", a[1], b[1], 200);
        report(line, "500 small files up", a[2], b[2], 0);
        report(line, "500 small files down", a[3], b[3], 0);
    }
    return 0;
}
