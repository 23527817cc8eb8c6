#pragma once

#include "models/core/http.h"
#include "models/core/json.h"
#include "models/core/types.h"

#include <vector>

namespace Promdeck {

/// Times are ms since the epoch, UTC; 0 = not given.
struct ActiveAlert
{
    enum class State { Unprocessed, Active, Suppressed };
    QString fingerprint;
    Labels labels;
    Labels annotations;
    State state = State::Unprocessed;
    qint64 startsAtMs = 0;
    qint64 endsAtMs = 0;
    qint64 updatedAtMs = 0;
    QUrl generatorUrl;
    QStringList receivers;
    QStringList silencedBy;  ///< ids of silences
    QStringList inhibitedBy; ///< fingerprints of alerts
    QStringList mutedBy;     ///< names of time intervals (from 0.27)
};

struct AlertGroup
{
    Labels labels;
    QString receiver;
    std::vector<ActiveAlert> alerts;
};

struct SilenceMatcher
{
    QString name;
    QString value;
    bool isRegex = false;
    bool isEqual = true;
    bool operator==(const SilenceMatcher&) const = default;
};

struct Silence
{
    enum class State { Pending, Active, Expired };
    QString id; ///< empty for a new one
    State state = State::Pending;
    std::vector<SilenceMatcher> matchers;
    qint64 startsAtMs = 0;
    qint64 endsAtMs = 0;
    qint64 updatedAtMs = 0;
    QString createdBy;
    QString comment;
};

struct AlertmanagerStatus
{
    QString version;
    QString clusterStatus; ///< "ready", "settling", "disabled"
    QStringList peers;     ///< addresses
    qint64 startedAtMs = 0;
    QString config;        ///< YAML as loaded, secrets masked by the server
};

/// What to list. `matchers` are written as amtool takes them: name="value", name=~"regex".
struct AlertFilter
{
    QStringList matchers;
    QString receiver; ///< regular expression
    bool active = true;
    bool silenced = true;
    bool inhibited = true;
    bool unprocessed = true;
};

/// The v2 API of Alertmanager. Large answers are decoded on a worker thread. Errors: the transport's
/// (HttpClient), Unauthorized, Forbidden (also for changes while the stack is read-only), NotFound, RateLimited,
/// HttpStatus, InvalidArgument (the server's own words in `detail`), Decode.
class AlertmanagerClient final
{
public:
    /// `readOnly`: changes are refused here, before anything is sent.
    AlertmanagerClient(QUrl baseUrl, HttpOptions options, bool readOnly = true);
    ~AlertmanagerClient();
    Q_DISABLE_COPY_MOVE(AlertmanagerClient)

    QCoro::Task<Result<std::vector<ActiveAlert>>> alerts(AlertFilter filter = {}, std::stop_token stop = {});
    QCoro::Task<Result<std::vector<AlertGroup>>> groups(AlertFilter filter = {}, std::stop_token stop = {});
    QCoro::Task<Result<std::vector<Silence>>> silences(QStringList matchers = {}, std::stop_token stop = {});
    /// Creates, or changes the one with the given id (which gives it a new id); the id it has now.
    QCoro::Task<Result<QString>> putSilence(Silence silence, std::stop_token stop = {});
    QCoro::Task<Status> expireSilence(QString id, std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> receivers(std::stop_token stop = {});
    QCoro::Task<Result<AlertmanagerStatus>> status(std::stop_token stop = {});

    [[nodiscard]] QUrl baseUrl() const;
    [[nodiscard]] bool isReadOnly() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace Promdeck
