#pragma once

#include "provisioning/workspace/rendered.h"

#include <QByteArray>
#include <QHash>

namespace Promdeck::Deploy {

/// Hides secrets in configuration texts and keeps their structure. Secrets are found by value, where they are
/// known ("<secret:NAME>"), and by the keys that hold them in the components' files. What is hidden by key gets a
/// number, the same one for the same value, so that a change shows and nothing else does. Use one mask for both
/// sides of a diff.
class SecretMask
{
public:
    explicit SecretMask(SecretValues known = {});
    [[nodiscard]] QByteArray mask(const QByteArray& text);
    /// Hides known values only, for messages of programs.
    [[nodiscard]] QByteArray maskValues(QByteArray text) const;
    [[nodiscard]] QString maskValues(const QString& text) const;

private:
    QByteArray marker(const QByteArray& value);
    QByteArray maskYaml(const QByteArray& text, bool& readable);
    QByteArray maskLines(const QByteArray& text);

    std::vector<std::pair<QByteArray, QByteArray>> m_known; ///< value and mark, long values first
    QHash<QByteArray, int> m_seen;                          ///< hashes of values
};

/// Replaces secrets that stand under their keys by "<secret:PREFIX_KEY>" and puts their values into `out`, so that the
/// text can be kept and gives the same bytes again. Values that are written with escapes or over several lines stay;
/// their number is the result.
int extractSecrets(QByteArray& text, const QString& prefix, SecretValues& out);

/// Whether a key of a configuration file holds a secret ("smtp_auth_password", "credentials").
[[nodiscard]] bool isSecretKey(QByteArrayView key);

} // namespace Promdeck::Deploy
