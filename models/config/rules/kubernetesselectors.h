#pragma once

#include <QString>

#include <string_view>

namespace Promdeck::Config {

/// Why Kubernetes' field selectors ("status.phase=Running,spec.nodeName!=a") cannot be read; empty when they can.
/// As fields.ParseSelector of k8s.io/apimachinery.
[[nodiscard]] QString fieldSelectorProblem(std::string_view text);

/// Why Kubernetes' label selectors ("app in (a, b), !canary, tier=x") cannot be read; empty when they can.
/// As labels.Parse of k8s.io/apimachinery.
[[nodiscard]] QString labelSelectorProblem(std::string_view text);

} // namespace Promdeck::Config
