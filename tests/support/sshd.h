#pragma once

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace Promdeck::Testing {

struct SshdOptions
{
    QByteArray config {}; ///< further lines; the first value counts, so they win
    /// Users with passwords, by a file system of its own for the server (needs root): "tester", password "s3cret pass",
    /// shell /bin/sh; PAM is used, so keyboard-interactive works too.
    bool passwords = false;
    bool sftp = true;
    QByteArray path {}; ///< a folder in front of the PATH of commands
};

/// A real OpenSSH server on a loopback port, with host keys and authorized keys of its own. The user who runs the
/// tests can log in with clientKey(). It ends with the object, and with the test. The factory fails the running test
/// with a sentence and returns null when it does not start.
class TestSshd final
{
public:
    [[nodiscard]] static std::unique_ptr<TestSshd> start(const SshdOptions& options = {});
    ~TestSshd();
    Q_DISABLE_COPY_MOVE(TestSshd)

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString clientKey() const { return path(QStringLiteral("client")); } ///< ed25519, no passphrase
    [[nodiscard]] QString home() const { return path(QStringLiteral("home")); } ///< of the client: .ssh/config is there
    /// A line for ~/.ssh/config and known_hosts of `home()`; by default a host "srv" that just works.
    void writeConfig(const QByteArray& text) const;
    void trust() const;   ///< puts the server's keys into known_hosts
    [[nodiscard]] QByteArray knownHosts() const;
    /// Another host key from the next connection on.
    void changeHostKey();
    void authorize(const QByteArray& line) const; ///< appends to authorized_keys
    [[nodiscard]] QByteArray log() const { return m_log; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    /// Ends what serves the connections (not the listener).
    void killSessions() const;
    [[nodiscard]] QList<int> sessions() const; ///< pids below the listener
    void stop();

private:
    TestSshd() = default;
    bool prepare(const SshdOptions& options);
    bool launch(const SshdOptions& options);

    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_log;
    quint16 m_port = 0;
};

/// Makes a key with ssh-keygen; fails the test when that does not work.
bool makeSshKey(const QString& path, const QString& type = QStringLiteral("ed25519"), const QString& passphrase = {});

} // namespace Promdeck::Testing
