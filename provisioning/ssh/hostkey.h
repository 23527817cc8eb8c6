#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QString>

namespace Promdeck {

/// A public key of a host, as it travels: the blob of RFC 4253.
struct HostKey
{
    QByteArray blob;
    [[nodiscard]] bool isNull() const { return blob.isEmpty(); }
    [[nodiscard]] QString type() const;        ///< "ssh-ed25519"; from the blob itself
    [[nodiscard]] QString shortType() const;   ///< "ED25519", as ssh-keygen names it
    [[nodiscard]] QString fingerprint() const; ///< "SHA256:..." without padding, as OpenSSH shows it
    [[nodiscard]] QString md5() const;         ///< "MD5:aa:bb:..."
    bool operator==(const HostKey&) const = default;
};

/// Whether what somebody pasted names this key: a fingerprint of either kind, a line of `ssh-keygen -l`, or a line of
/// the public key file. Errors: InvalidArgument when it is none of these (so that a slip is not taken for a mismatch).
Result<bool> pastedKeyMatches(const QString& pasted, const HostKey& key);

/// The command that shows the key's fingerprint on the server itself.
[[nodiscard]] QString hostKeyCommand(const HostKey& key);

} // namespace Promdeck
