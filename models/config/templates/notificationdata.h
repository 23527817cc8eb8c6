#pragma once

#include "models/config/templates/govalue.h"
#include "models/core/json.h"
#include "models/core/types.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace Promdeck::Config {

/// One alert of a notification. Times are ms since the epoch; 0 ms and before mean "not set".
struct NotificationAlert
{
    bool isFiring = true;
    Labels labels {};
    Labels annotations {};
    qint64 startsMs = 0;
    qint64 endsMs = 0;
    QString generatorUrl {};
    QString fingerprint {};   ///< computed from the labels when empty
};

/// What Alertmanager hands to a notification template.
struct NotificationData
{
    QString receiver;
    bool isFiring = true;
    std::vector<NotificationAlert> alerts;
    Labels groupLabels;
    Labels commonLabels;
    Labels commonAnnotations;
    QString externalUrl;
    Labels routeLabels; ///< of the matched route; Alertmanager 0.29 and newer

    /// Groups alerts as Alertmanager would for this receiver: common labels and annotations, the state of the whole.
    [[nodiscard]] static NotificationData of(const QString& receiver, const QStringList& groupBy, std::vector<NotificationAlert> alerts, const QString& externalUrl);
    /// Two firing alerts and one resolved, to look at a template with; `nowMs` since the epoch.
    [[nodiscard]] static NotificationData sample(qint64 nowMs);
    /// The JSON of a webhook notification, or of amtool's --template.data. Errors: Schema.
    [[nodiscard]] static Result<NotificationData> fromJson(const Json& json);
    [[nodiscard]] GoValue toValue() const; ///< template.Data
};

/// Alertmanager's hash of a label set, 16 hexadecimal digits.
[[nodiscard]] QString alertFingerprint(const Labels& labels);

} // namespace Promdeck::Config
