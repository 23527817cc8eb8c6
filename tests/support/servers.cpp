#include "tests/support/servers.h"

#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QStandardPaths>
#include <QTcpServer>

#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

constexpr int kReadyMs = 30000;
constexpr int kStopMs = 5000;

void fail(const QString& sentence)
{
    QTest::qFail(qPrintable(sentence), __FILE__, __LINE__);
}

/// Where installer/ unpacks the servers. HOME is no help: tests redirect it.
QString cachedServers()
{
    const passwd* user = getpwuid(getuid());
    return user ? QFile::decodeName(user->pw_dir) + u"/.cache/promdeck/servers/usr/bin"_s : QString();
}

QString packageOf(const QString& binary)
{
    return binary == u"promtool" ? u"prometheus"_s : binary == u"amtool" ? u"prometheus-alertmanager"_s : binary;
}

bool writeFiles(const QString& folder, const std::vector<ServerFile>& files)
{
    for (const ServerFile& file : files) {
        const QString path = folder + u'/' + file.name;
        QDir().mkpath(QFileInfo(path).path());
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(file.content) != file.content.size()) {
            fail(u"cannot write "_s + path);
            return false;
        }
    }
    return true;
}

/// A child that does not outlive a crashed test.
void tieToTest(QProcess& process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

bool loadSamples(const QString& folder, const QByteArray& openMetrics)
{
    QByteArray text = openMetrics;
    if (!text.endsWith('\n'))
        text += '\n';
    if (!text.endsWith("# EOF\n"))
        text += "# EOF\n";
    const QString promtool = serverBinary(u"promtool"_s);
    if (promtool.isEmpty() || !writeFiles(folder, {{u"samples.om"_s, text}}))
        return false;
    const QStringList arguments {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, u"samples.om"_s, u"data"_s};
    return !runTool(promtool, arguments, folder).isNull();
}

} // namespace

QString serverBinary(const QString& name)
{
    const QString named = qEnvironmentVariable("PROMDECK_SERVERS");
    for (const QString& folder : {named, cachedServers()}) {
        const QFileInfo file(folder + u'/' + name);
        if (!folder.isEmpty() && file.isExecutable())
            return file.absoluteFilePath();
    }
    const QString found = QStandardPaths::findExecutable(name);
    if (found.isEmpty()) {
        fail(u"%1 is needed by this test and was not found: run tests/run.sh once, which fetches the servers, or "
             "install the Debian package %2, or set PROMDECK_SERVERS to the folder that holds it"_s.arg(
                 name, packageOf(name)));
    }
    return found;
}

QByteArray runTool(const QString& program, const QStringList& arguments, const QString& folder, const QByteArray& input)
{
    QProcess process;
    tieToTest(process);
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool ended = QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000);
    if (!ended || process.error() == QProcess::FailedToStart || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0) {
        fail(u"%1 %2: %3 %4"_s.arg(program, arguments.join(u' '), process.errorString(),
                                   QString::fromUtf8(process.readAllStandardError())));
        process.kill();
        process.waitForFinished();
        return {};
    }
    const QByteArray out = process.readAllStandardOutput();
    return out.isNull() ? QByteArray("") : out;
}

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

std::unique_ptr<TestServer> TestServer::launch(const QString& binary, const QByteArray& readyText,
                                               const std::vector<ServerFile>& files,
                                               const std::function<QStringList(const TestServer&)>& arguments)
{
    const QString program = serverBinary(binary);
    if (program.isEmpty())
        return nullptr;
    std::unique_ptr<TestServer> server(new TestServer);
    if (!server->m_folder.isValid() || !writeFiles(server->folder(), files))
        return nullptr;
    QProcess& process = server->m_process;
    tieToTest(process);
    process.setWorkingDirectory(server->folder());
    process.setProcessChannelMode(QProcess::MergedChannels);
    QObject::connect(&process, &QProcess::readyRead, &process,
                     [raw = server.get()] { raw->m_log += raw->m_process.readAll(); });
    server->m_url.setScheme(u"http"_s);
    server->m_url.setHost(u"127.0.0.1"_s);
    server->m_url.setPath(u"/"_s);
    // Between choosing a port and listening on it another test may take it: then try the next one.
    for (int attempt = 0; attempt < 5; ++attempt) {
        server->m_url.setPort(freePort());
        server->m_log.clear();
        process.start(program, arguments(*server));
        if (server->waitUntilReady(readyText))
            return server;
        if (!server->m_log.contains("address already in use"))
            break;
    }
    fail(u"%1 did not get ready: %2 %3"_s.arg(program, process.errorString(),
                                              QString::fromUtf8(server->m_log.right(4000))));
    return nullptr;
}

bool TestServer::waitUntilReady(const QByteArray& readyText)
{
    const auto ready = [&] { return m_log.contains(readyText); };
    const auto settled = [&] { return ready() || m_process.state() == QProcess::NotRunning; };
    return QTest::qWaitFor(settled, kReadyMs) && ready() && m_process.state() == QProcess::Running;
}

std::unique_ptr<TestServer> TestServer::prometheus(const PrometheusOptions& options)
{
    std::vector<ServerFile> files = options.files;
    files.push_back({u"prometheus.yml"_s,
                     options.config.isEmpty() ? QByteArray("global:\n  scrape_interval: 15s\n") : options.config});
    if (!options.webConfig.isEmpty())
        files.push_back({u"web.yml"_s, options.webConfig});
    bool loaded = true;
    const auto arguments = [&](const TestServer& server) {
        if (!options.samples.isEmpty())
            loaded = loadSamples(server.folder(), options.samples);
        QStringList out {u"--config.file="_s + server.path(u"prometheus.yml"_s),
                         u"--web.listen-address="_s + server.hostPort()};
        if (options.agent) {
            out << u"--enable-feature=agent"_s << u"--storage.agent.path="_s + server.path(u"agent"_s);
        } else {
            // Known samples may be of any age.
            out << u"--storage.tsdb.path="_s + server.path(u"data"_s) << u"--storage.tsdb.retention.time=100y"_s;
        }
        if (options.lifecycle)
            out << u"--web.enable-lifecycle"_s;
        if (options.adminApi && !options.agent)
            out << u"--web.enable-admin-api"_s;
        if (!options.webConfig.isEmpty())
            out << u"--web.config.file="_s + server.path(u"web.yml"_s);
        if (!options.routePrefix.isEmpty())
            out << u"--web.route-prefix="_s + options.routePrefix;
        return out + options.arguments;
    };
    auto server = launch(u"prometheus"_s, "Server is ready to receive web requests", files, arguments);
    if (!server || !loaded)
        return nullptr;
    if (options.webConfig.contains("tls_server_config"))
        server->m_url.setScheme(u"https"_s);
    if (!options.routePrefix.isEmpty())
        server->m_url.setPath(options.routePrefix + u'/');
    return server;
}

std::unique_ptr<TestServer> TestServer::alertmanager(const QByteArray& config, const QByteArray& webConfig,
                                                     const std::vector<ServerFile>& extraFiles,
                                                     const QStringList& extraArguments)
{
    std::vector<ServerFile> files = extraFiles;
    files.push_back({u"alertmanager.yml"_s, config.isEmpty() ? QByteArray("route:\n  receiver: nobody\n"
                                                                          "receivers:\n  - name: nobody\n")
                                                             : config});
    if (!webConfig.isEmpty())
        files.push_back({u"web.yml"_s, webConfig});
    auto server = launch(u"prometheus-alertmanager"_s, "Listening on", files, [&](const TestServer& self) {
        QStringList out {u"--config.file="_s + self.path(u"alertmanager.yml"_s), u"--storage.path="_s + self.path(u"data"_s),
                         u"--cluster.listen-address="_s, u"--web.listen-address="_s + self.hostPort()};
        if (!webConfig.isEmpty())
            out << u"--web.config.file="_s + self.path(u"web.yml"_s);
        return out + extraArguments;
    });
    if (server && webConfig.contains("tls_server_config"))
        server->m_url.setScheme(u"https"_s);
    return server;
}

std::unique_ptr<TestServer> TestServer::nodeExporter(const QStringList& arguments)
{
    return launch(u"prometheus-node-exporter"_s, "Listening on", {}, [&](const TestServer& self) {
        return QStringList {u"--web.listen-address="_s + self.hostPort()} + arguments;
    });
}

std::unique_ptr<TestServer> TestServer::blackboxExporter(const QByteArray& config)
{
    static const QByteArray standard = "modules:\n  http_2xx:\n    prober: http\n  tcp_connect:\n    prober: tcp\n";
    return launch(u"prometheus-blackbox-exporter"_s, "Listening on",
                  {{u"blackbox.yml"_s, config.isEmpty() ? standard : config}}, [&](const TestServer& self) {
                      return QStringList {u"--config.file="_s + self.path(u"blackbox.yml"_s),
                                          u"--web.listen-address="_s + self.hostPort()};
                  });
}

TestServer::~TestServer()
{
    stop();
}

QString TestServer::hostPort() const
{
    return u"127.0.0.1:%1"_s.arg(m_url.port());
}

QString TestServer::path(const QString& name) const
{
    return m_folder.filePath(name);
}

void TestServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(kStopMs)) {
        m_process.kill();
        m_process.waitForFinished(kStopMs);
    }
}

} // namespace Promdeck::Testing
