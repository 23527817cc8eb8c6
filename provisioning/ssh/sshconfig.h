#pragma once

#include "models/core/result.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace Promdeck {

/// What ssh_config(5) says about one host, as far as Promdeck acts on it. Defaults as ssh has them.
struct SshOptions
{
    enum class StrictHostKey { Ask, Yes, AcceptNew, Off };
    enum class Family { Any, Inet, Inet6 };
    QString alias;    ///< the name that was asked for
    QString host;     ///< HostName with its tokens, else the alias
    QString user;
    int port = 22;
    QStringList identityFiles;    ///< as written; the standard names when none is
    bool identityFilesGiven = false;
    QStringList certificateFiles; ///< as written
    bool identitiesOnly = false;
    QString identityAgent;        ///< empty = SSH_AUTH_SOCK, "none" = no agent, else a path as written
    QString proxyJump;            ///< "user@host:port,..." in the order they are passed; empty = none
    QString proxyCommand;         ///< as written; empty = none
    QString hostKeyAlias;
    QStringList userKnownHosts;   ///< as written
    QStringList globalKnownHosts;
    StrictHostKey strictHostKey = StrictHostKey::Ask;
    bool hashKnownHosts = false;
    int connectTimeout = 0;       ///< s, 0 = the system's
    int aliveInterval = 0;        ///< s, 0 = off
    int aliveCountMax = 3;
    QStringList preferredAuthentications {QStringLiteral("publickey"), QStringLiteral("keyboard-interactive"),
                                          QStringLiteral("password")};
    bool publicKey = true;
    bool password = true;
    bool keyboardInteractive = true;
    int passwordPrompts = 3;
    bool batchMode = false;       ///< no questions
    bool compression = false;
    Family family = Family::Any;
    QString bindAddress;
    QString ciphers;              ///< algorithm lists as written; empty = libssh's
    QString macs;
    QString keyExchange;
    QString hostKeyAlgorithms;
    QStringList notes;            ///< what the file says and Promdeck leaves out, in sentences
};

/// Where the configuration comes from, and who asks. The defaults are this user's.
struct SshConfigSource
{
    QString home;
    QString userFile;   ///< ~/.ssh/config; one that does not exist is empty
    QString systemFile; ///< /etc/ssh/ssh_config
    QString localUser;
    QString localHostName;
    qint64 uid = 0;
    /// Runs the command of a "Match exec"; without, such a file is refused, as commands from a file run unseen.
    std::function<bool(const QString& command)> matchExec {};
    [[nodiscard]] static SshConfigSource standard();
};

/// The options for "alias", "user@alias", "alias:port", "[v6]:port", "ssh://user@alias:port". User and port given
/// here win over the files; else the first value found does. Errors: Syntax (with the place), InvalidArgument (an
/// address that could be an option), Unsupported (Match exec).
Result<SshOptions> readSshConfig(const QString& destination, const SshConfigSource& source);

/// Tilde, "%"-tokens and "${VARIABLE}" of file names and commands. Errors: Syntax (an unknown token, a variable
/// that is not set).
Result<QString> expandSshTokens(const QString& text, const SshOptions& options, const SshConfigSource& source);

/// The parts of "user@host:port"; port 0 and an empty user when not given. Errors: InvalidArgument.
struct SshDestination
{
    QString user;
    QString host;
    int port = 0;
};
Result<SshDestination> parseSshDestination(const QString& text);

} // namespace Promdeck
