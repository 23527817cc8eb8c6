#pragma once

#include "models/config/checker.h"
#include "models/config/templates/gotemplate.h"

#include <functional>

namespace Promdeck::Config {

/// Calls visit for every scalar of a receiver that Alertmanager expands as a template and that has an action in it.
/// `receiver` is an alertmanager.Receiver. URLs have their own rule and are left out.
void forEachNotificationTemplate(const StructView& receiver, const std::function<void(const YamlNode&)>& visit);

/// Functions and variables of the target Alertmanager.
[[nodiscard]] const TemplateDialect& notificationDialect(const Checker& checker);

/// Reports why the template cannot be parsed. amtool does not look; the notification would fail.
void checkNotificationTemplate(const YamlNode& scalar, Checker& checker);

/// Problems of a file that templates: names, at their places in that file.
[[nodiscard]] Diagnostics checkTemplateFile(std::string_view text, const CheckOptions& options);

} // namespace Promdeck::Config
