#include "models/config/templates/notificationdata.h"
#include "models/config/templates/templateset.h"

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMinute = 60000;

GoValue textOf(const QString& value)
{
    return GoValue::string(value.toStdString());
}

GoValue kvOf(const Labels& labels)
{
    GoValue::Map map;
    for (const auto& [name, value] : labels)
        map[name.toStdString()] = textOf(value);
    return GoValue::map(std::move(map), "string", "template.KV");
}

GoValue timeOf(qint64 ms)
{
    return GoValue::time(ms > 0 ? GoTime::fromMs(ms) : GoTime());
}

Labels labelsOf(const Json& json)
{
    Labels out;
    for (const auto& [name, value] : json.members())
        out.insert(name, value.toString());
    return out;
}

qint64 msOf(const Json& json)
{
    const GoTimeParsed parsed = parseTime("2006-01-02T15:04:05Z07:00", json.toString().toStdString());
    return parsed.error.empty() && !parsed.time.isZero() ? parsed.time.toMs() : 0;
}

/// Takes away what another set does not say as well.
void keepCommon(Labels& common, const Labels& other)
{
    Labels kept;
    for (const auto& [name, value] : common) {
        const QString* same = other.find(name);
        if (same && *same == value)
            kept.insert(name, value);
    }
    common = kept;
}

} // namespace

QString alertFingerprint(const Labels& labels)
{
    // FNV-1a over "name\xffvalue\xff" in order of the names.
    quint64 hash = 14695981039346656037ULL;
    const auto add = [&hash](const QByteArray& bytes) {
        for (const char c : bytes)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        hash = (hash ^ 0xffU) * 1099511628211ULL;
    };
    for (const auto& [name, value] : labels) {
        add(name.toUtf8());
        add(value.toUtf8());
    }
    return u"%1"_s.arg(hash, 16, 16, QChar(u'0'));
}

NotificationData NotificationData::of(const QString& receiver, const QStringList& groupBy, std::vector<NotificationAlert> alerts, const QString& externalUrl)
{
    NotificationData out;
    out.receiver = receiver;
    out.externalUrl = externalUrl;
    out.alerts = std::move(alerts);
    out.isFiring = std::any_of(out.alerts.begin(), out.alerts.end(), [](const NotificationAlert& one) { return one.isFiring; });
    if (out.alerts.empty())
        return out;
    const NotificationAlert& first = out.alerts.front();
    out.commonLabels = first.labels;
    out.commonAnnotations = first.annotations;
    for (const NotificationAlert& one : out.alerts) {
        keepCommon(out.commonLabels, one.labels);
        keepCommon(out.commonAnnotations, one.annotations);
    }
    for (const auto& [name, value] : first.labels) {
        if (groupBy.contains(name) || groupBy.contains(u"..."_s))
            out.groupLabels.insert(name, value);
    }
    return out;
}

NotificationData NotificationData::sample(qint64 nowMs)
{
    const Labels common {{u"alertname"_s, u"HostHighLoad"_s}, {u"cluster"_s, u"north"_s}, {u"job"_s, u"node"_s}, {u"severity"_s, u"warning"_s}};
    const auto alert = [&](const QString& instance, bool firing, const QString& load) {
        NotificationAlert one;
        one.isFiring = firing;
        one.labels = common;
        one.labels.insert(u"instance"_s, instance);
        one.annotations = {{u"summary"_s, u"Load of %1 is %2"_s.arg(instance, load)}, {u"runbook_url"_s, u"https://runbooks.example/host-load"_s}};
        one.startsMs = nowMs - 12 * kMinute;
        one.endsMs = firing ? 0 : nowMs - kMinute;
        one.generatorUrl = u"http://prometheus.example:9090/graph?g0.expr=node_load1+%3E+8&g0.tab=1"_s;
        return one;
    };
    return of(u"team-hosts"_s, {u"alertname"_s, u"cluster"_s}, {alert(u"db1:9100"_s, true, u"9.4"_s), alert(u"db2:9100"_s, true, u"11"_s), alert(u"web1:9100"_s, false, u"8.2"_s)},
              u"http://alertmanager.example:9093"_s);
}

Result<NotificationData> NotificationData::fromJson(const Json& json)
{
    if (!json.isObject())
        return makeError(ErrorCode::Schema, u"the data of a notification is one JSON object"_s);
    NotificationData out;
    out.receiver = json[u"receiver"].toString();
    out.isFiring = json[u"status"].toString(u"firing"_s) == u"firing";
    out.externalUrl = json[u"externalURL"].toString();
    out.groupLabels = labelsOf(json[u"groupLabels"]);
    out.commonLabels = labelsOf(json[u"commonLabels"]);
    out.commonAnnotations = labelsOf(json[u"commonAnnotations"]);
    for (const Json& item : json[u"alerts"].items()) {
        if (!item.isObject())
            return makeError(ErrorCode::Schema, u"each of \"alerts\" is an object"_s);
        NotificationAlert alert;
        alert.isFiring = item[u"status"].toString(u"firing"_s) == u"firing";
        alert.labels = labelsOf(item[u"labels"]);
        alert.annotations = labelsOf(item[u"annotations"]);
        alert.startsMs = msOf(item[u"startsAt"]);
        alert.endsMs = msOf(item[u"endsAt"]);
        alert.generatorUrl = item[u"generatorURL"].toString();
        alert.fingerprint = item[u"fingerprint"].toString();
        out.alerts.push_back(std::move(alert));
    }
    return out;
}

GoValue NotificationData::toValue() const
{
    GoValue::Items items;
    for (const NotificationAlert& one : alerts)
        items.push_back(GoValue::record({{"Status", GoValue::string(one.isFiring ? "firing" : "resolved")},
                                         {"Labels", kvOf(one.labels)},
                                         {"Annotations", kvOf(one.annotations)},
                                         {"StartsAt", timeOf(one.startsMs)},
                                         {"EndsAt", timeOf(one.endsMs)},
                                         {"GeneratorURL", textOf(one.generatorUrl)},
                                         {"Fingerprint", textOf(one.fingerprint.isEmpty() ? alertFingerprint(one.labels) : one.fingerprint)}},
                                        "template.Alert"));
    GoValue::Fields fields {{"Receiver", textOf(receiver)},
                            {"Status", GoValue::string(isFiring ? "firing" : "resolved")},
                            {"Alerts", GoValue::list(std::move(items), "template.Alert", "template.Alerts")},
                            {"GroupLabels", kvOf(groupLabels)},
                            {"CommonLabels", kvOf(commonLabels)},
                            {"CommonAnnotations", kvOf(commonAnnotations)},
                            {"ExternalURL", textOf(externalUrl)}};
    if (!routeLabels.isEmpty())
        fields.emplace_back("RouteLabels", kvOf(routeLabels));
    return GoValue::record(std::move(fields), "template.Data");
}

} // namespace Promdeck::Config
