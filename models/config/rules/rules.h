#pragma once

#include "models/config/checker.h"

namespace Promdeck::Config {

// Each adds the rules of one area; a file kind is checked with the areas it uses.

void addHttpRules(CheckRules& rules);       ///< HTTP client, TLS, proxy, OAuth2, headers, SigV4
void addRelabelRules(CheckRules& rules);
void addDiscoveryRules(CheckRules& rules);  ///< the 36 service discoveries
void addPrometheusRules(CheckRules& rules); ///< prometheus.yml itself

void addAlertmanagerRules(CheckRules& rules); ///< alertmanager.yml: routes, inhibition, references
void addReceiverRules(CheckRules& rules);     ///< the 18 receivers
void addTimeIntervalRules(CheckRules& rules);

/// Everything an alertmanager.yml is checked with.
[[nodiscard]] const CheckRules& alertmanagerRules();

/// Everything a prometheus.yml is checked with.
[[nodiscard]] const CheckRules& prometheusRules();

[[nodiscard]] const CheckRules& ruleFileRules();
[[nodiscard]] const CheckRules& ruleTestRules(); ///< promtool's rule unit tests
[[nodiscard]] const CheckRules& fileSdRules();
[[nodiscard]] const CheckRules& blackboxRules();
[[nodiscard]] const CheckRules& webRules();
[[nodiscard]] const CheckRules& workspaceRules(); ///< promdeck.yaml

/// Headers that Prometheus sets itself and refuses in configuration, any case.
[[nodiscard]] bool isReservedHeader(std::string_view name);

/// The global section that counts for a file: its own, or that of the prometheus.yml that names it.
[[nodiscard]] StructView globalOf(const Checker& checker);

/// Whether the target reads its HTTP clients as Prometheus 2.42 and Alertmanager 0.25 do, which look at less.
[[nodiscard]] bool readsOldHttp(const Checker& checker);

/// Whether names are validated as legacy ASCII for this file: older targets, or by its own setting.
[[nodiscard]] bool usesLegacyNames(const Checker& checker);

} // namespace Promdeck::Config
