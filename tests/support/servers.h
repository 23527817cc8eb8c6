#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QUrl>

#include <functional>
#include <memory>
#include <vector>

namespace Promdeck::Testing {

/// A file the server finds beside its configuration (rules, certificates); named relative to it.
struct ServerFile
{
    QString name;
    QByteArray content;
};

/// How to start a Prometheus. All paths inside the configurations are relative to the server's own folder.
struct PrometheusOptions
{
    QByteArray config {};    ///< prometheus.yml; empty = no targets, 15 s intervals
    QByteArray webConfig {}; ///< web.yml (TLS, basic auth); empty = none
    QString routePrefix {};  ///< "/prom"; empty = none
    QByteArray samples {};   ///< OpenMetrics text loaded into the database before the start; empty = none
    std::vector<ServerFile> files {};
    QStringList arguments {}; ///< further flags
    bool adminApi = true;
    bool lifecycle = true;
    bool agent = false;    ///< agent mode: forwards only
};

/// A real server on a free loopback port with a temporary folder of its own. It runs until the object is
/// destroyed (or stop() is called); then exactly this process ends: SIGTERM, and SIGKILL when that is not
/// enough. It also ends when the test crashes.
///
/// The factories wait in the event loop until the server says it is ready. On any failure, a missing binary
/// included, they fail the running test with a sentence and return null:
///
///     const auto server = TestServer::prometheus({.config = "..."});
///     QVERIFY(server);
class TestServer final
{
public:
    [[nodiscard]] static std::unique_ptr<TestServer> prometheus(const PrometheusOptions& options = {});
    /// Without clustering. An empty config routes everything to a receiver named "nobody".
    [[nodiscard]] static std::unique_ptr<TestServer> alertmanager(const QByteArray& config = {},
                                                                  const QByteArray& webConfig = {},
                                                                  const std::vector<ServerFile>& files = {},
                                                                  const QStringList& arguments = {});
    [[nodiscard]] static std::unique_ptr<TestServer> nodeExporter(const QStringList& arguments = {});
    /// An empty config has the modules http_2xx and tcp_connect.
    [[nodiscard]] static std::unique_ptr<TestServer> blackboxExporter(const QByteArray& config = {});
    ~TestServer();
    Q_DISABLE_COPY_MOVE(TestServer)

    /// Base URL with route prefix, ending with a slash; https when the web configuration has TLS.
    [[nodiscard]] QUrl url() const { return m_url; }
    [[nodiscard]] int port() const { return m_url.port(); }
    [[nodiscard]] QString hostPort() const; ///< "127.0.0.1:PORT", as scrape targets are written
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString path(const QString& name) const; ///< of a file in that folder
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] QString log() const { return QString::fromUtf8(m_log); }
    /// Ends the process now, as the destructor does.
    void stop();

private:
    TestServer() = default;
    static std::unique_ptr<TestServer> launch(const QString& binary, const QByteArray& readyText,
                                              const std::vector<ServerFile>& files,
                                              const std::function<QStringList(const TestServer&)>& arguments);
    bool waitUntilReady(const QByteArray& readyText);

    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_log;
    QUrl m_url;
};

/// Full path of a server or tool ("prometheus", "promtool", "prometheus-alertmanager", "amtool",
/// "prometheus-node-exporter", "prometheus-blackbox-exporter"): from the folder named by PROMDECK_SERVERS,
/// else the user's cache, else PATH. When there is none the test fails with what to install.
[[nodiscard]] QString serverBinary(const QString& name);

/// Runs a program in the event loop; its standard output. Fails the test when it does not exit with 0.
QByteArray runTool(const QString& program, const QStringList& arguments, const QString& folder = {},
                   const QByteArray& input = {});

/// A TCP port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] quint16 freePort();

} // namespace Promdeck::Testing
