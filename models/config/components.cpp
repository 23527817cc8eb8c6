#include "models/config/components.h"

#include <algorithm>

namespace Promdeck::Config {

// Reload behaviour: SIGHUP ends Debian's node_exporter, pushgateway and the postgres, mysqld, redis and elasticsearch
// exporters; Prometheus, Alertmanager, blackbox_exporter and snmp_exporter survive it and read their files again.
const std::vector<Component>& components()
{
    using K = FileKind;
    static const std::vector<Component> list {
        {"prometheus", "/etc/prometheus", "prometheus.yml", K::Prometheus, true, true, "prometheus", "promtool", 9090},
        {"prometheus-agent", "/etc/prometheus", "prometheus.yml", K::Prometheus, true, true, "prometheus", "promtool", 9090},
        {"alertmanager", "/etc/prometheus", "alertmanager.yml", K::Alertmanager, true, true, "alertmanager", "amtool", 9093},
        {"blackbox_exporter", "/etc/prometheus", "blackbox.yml", K::Blackbox, true, true, "blackbox_exporter", "", 9115},
        {"snmp_exporter", "/etc/prometheus", "snmp.yml", K::Unknown, true, true, "snmp", "", 9116},
        {"alloy", "/etc/alloy", "config.alloy", K::Unknown, true, true, "", "", 12345},
        {"node_exporter", "/etc/prometheus", "web.yml", K::Web, false, false, "", "", 9100},
        {"pushgateway", "/etc/prometheus", "web.yml", K::Web, false, false, "", "", 9091},
        {"postgres_exporter", "/etc/prometheus", "postgres_exporter.yml", K::Unknown, false, false, "", "", 9187},
        {"mysqld_exporter", "/etc/prometheus", "my.cnf", K::Unknown, false, false, "", "", 9104},
        {"redis_exporter", "/etc/prometheus", "", K::Unknown, false, false, "", "", 9121},
        {"elasticsearch_exporter", "/etc/prometheus", "", K::Unknown, false, false, "", "", 9114},
        {"mongodb_exporter", "/etc/prometheus", "", K::Unknown, false, false, "", "", 9216},
        {"kafka_exporter", "/etc/prometheus", "", K::Unknown, false, false, "", "", 9308},
        {"cadvisor", "/etc/cadvisor", "", K::Unknown, false, false, "", "", 8080},
        {"grafana", "/etc/grafana", "grafana.ini", K::Unknown, false, false, "", "", 3000},
        {"loki", "/etc/loki", "local-config.yaml", K::Unknown, false, false, "", "", 3100},
        {"promtail", "/etc/promtail", "config.yml", K::Unknown, false, false, "", "", 9080},
        {"haproxy", "/etc/haproxy", "haproxy.cfg", K::Unknown, false, false, "", "", 8404},
        {"nginx", "/etc/nginx", "nginx.conf", K::Unknown, false, true, "", "", 80},
        {"caddy", "/etc/caddy", "Caddyfile", K::Unknown, false, false, "", "", 2019},
        {"telegraf", "/etc/telegraf", "telegraf.conf", K::Unknown, false, false, "", "", 9273},
        {"netdata", "/etc/netdata", "netdata.conf", K::Unknown, false, false, "", "", 19999},
        {"other", "", "", K::Unknown, false, false, "", "", 0},
    };
    return list;
}

const Component* findComponent(std::string_view name)
{
    const auto& all = components();
    const auto found = std::find_if(all.begin(), all.end(), [name](const Component& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace Promdeck::Config
