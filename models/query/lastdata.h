#pragma once

#include "models/core/result.h"
#include "models/core/types.h"
#include "models/dashboard/variables.h"
#include "models/query/querycache.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace Promdeck {

/// What servers answered last about a dashboard, so that the next start has something to show at once. Holds
/// samples and labels, never how they were asked for: no addresses, headers or credentials.
struct LastData
{
    struct Answer
    {
        QString refId;
        bool instant = false;
        qint64 startMs = 0;
        qint64 endMs = 0;
        qint64 stepMs = 0;
        SharedResult result;
    };
    struct Panel
    {
        QString key;
        QByteArray queries;   ///< fingerprint of what the panel asks; another one has nothing to do with the answers
        qint64 answeredMs = 0; ///< since the epoch
        TimeRange range;
        qint64 intervalMs = 0;
        std::vector<Answer> answers;
    };
    struct Variable
    {
        QString name;
        QStringList current;
        std::vector<VariableOption> options; ///< those that are chosen
    };
    std::vector<Variable> variables;
    std::vector<Panel> panels;
};

/// As bytes, compressed; panels beyond `maxBytes` of samples are left out. And back. Errors: Decode (of another
/// version, cut off or no such data at all).
inline constexpr qint64 kMostLastData = 16 << 20;
[[nodiscard]] QByteArray packLastData(const LastData& data, qint64 maxBytes = kMostLastData);
[[nodiscard]] Result<LastData> unpackLastData(const QByteArray& bytes);

/// Files of this kind in a folder of their own, for the user alone. For worker threads.
class LastDataStore
{
public:
    explicit LastDataStore(QString folder, qint64 maxTotalBytes = 200 << 20);
    /// `~/.cache/promdeck/last-data`
    [[nodiscard]] static QString defaultFolder();
    /// `stack` says which one without saying a secret. Errors: Io. The oldest files go when all become too large.
    Status keep(const QString& stack, const QString& dashboard, const LastData& data) const;
    /// Errors: Io (there is none), Decode.
    [[nodiscard]] Result<LastData> read(const QString& stack, const QString& dashboard) const;
    void clear() const;
    [[nodiscard]] QString path(const QString& stack, const QString& dashboard) const;

private:
    QString m_folder;
    qint64 m_maxTotalBytes;
};

} // namespace Promdeck
