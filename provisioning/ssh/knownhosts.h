#pragma once

#include "provisioning/ssh/hostkey.h"

#include <QStringList>

#include <vector>

namespace Promdeck {

/// A line of a known_hosts file that is about a host.
struct KnownHost
{
    enum class Marker { None, Revoked, Authority };
    Marker marker = Marker::None;
    HostKey key;
    QString file;
    int line = 0;
    bool exact = true; ///< names just this host: not by a wildcard, and no other host besides
};

/// What the files say about a key that a host presents.
struct HostKeyVerdict
{
    enum class State {
        Known,
        Unknown,
        Changed,   ///< the same type of key is known, with another value
        OtherType, ///< only keys of other types are known: what a man in the middle would offer too
        Revoked
    };
    State state = State::Unknown;
    std::vector<KnownHost> known; ///< all lines about the host, keys to compare with first
    /// The host is said to be certified by an authority. Promdeck cannot check certificates of hosts.
    bool certified = false;
};

/// The name a host has in known_hosts: the name itself for port 22, else "[name]:port".
[[nodiscard]] QString knownHostName(const QString& host, int port);

/// Reads and writes known_hosts files as OpenSSH does: hashed names, "[host]:port", wildcards, negation, @revoked,
/// @cert-authority. Files that do not exist are empty.
class KnownHosts final
{
public:
    /// The first file is the one that is written.
    KnownHosts(QStringList userFiles, QStringList globalFiles);

    [[nodiscard]] HostKeyVerdict check(const QString& name, const HostKey& key) const;
    /// Types of the keys known for a host ("ssh-ed25519"), in the order of the files: a server should be asked for one
    /// of these first, else a known host would show a key of another type.
    [[nodiscard]] QStringList knownTypes(const QString& name) const;
    /// Appends a line. Errors: Io.
    Status add(const QString& name, const HostKey& key, bool hashed);
    /// Puts this key in the place of all others of its type, and of the types in `alsoOfTypes`. The old file stays
    /// beside as FILE.old, as ssh-keygen -R leaves it. Errors: Io; Conflict when a line with a wildcard, or of a file
    /// that is not the user's first, holds the old key (its place is in the detail: only a person can decide that).
    Status replace(const QString& name, const HostKey& key, bool hashed, const QStringList& alsoOfTypes = {});

private:
    [[nodiscard]] std::vector<KnownHost> linesFor(const QString& name) const;

    QStringList m_userFiles;
    QStringList m_globalFiles;
};

} // namespace Promdeck
