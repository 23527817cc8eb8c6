#include "models/config/rules/notificationtemplates.h"
#include "models/config/embedded.h"
#include "models/config/configtext.h"

#include <algorithm>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Seen = std::set<const YamlNode*>;

/// Every node once: aliases may multiply a small text without end.
void walk(const YamlNode& node, const std::function<void(const YamlNode&)>& visit, Seen& seen)
{
    if (!seen.insert(&node).second)
        return;
    if (node.isScalar()) {
        if (node.value.find("{{") != std::string::npos)
            visit(node);
        return;
    }
    for (const YamlItem& item : node.items)
        walk(*item.value, visit, seen);
    for (const YamlEntry& entry : node.entries) {
        const std::string_view key = entry.key->value;
        // Not expanded: how to connect, and where secrets are. The URL of a webhook is checked as a URL.
        const bool plain = key == "http_config" || key == "tls_config" || key == "sigv4" || key.ends_with("_file")
            || key == "url" || key.ends_with("password");
        if (!plain)
            walk(*entry.value, visit, seen);
    }
}

} // namespace

void forEachNotificationTemplate(const StructView& receiver, const std::function<void(const YamlNode&)>& visit)
{
    Seen seen;
    for (const auto& [key, value] : receiver.values) {
        if (key.ends_with("_configs"))
            walk(*value.node, visit, seen);
    }
}

const TemplateDialect& notificationDialect(const Checker& checker)
{
    const CheckOptions::Version version = checker.options().alertmanager;
    return notificationTemplateDialect(version.major * 1000 + version.minor);
}

void checkNotificationTemplate(const YamlNode& scalar, Checker& checker)
{
    const ParsedTemplate parsed = parseTemplate(scalar.value, notificationDialect(checker));
    for (const TemplateProblem& problem : parsed.problems) {
        const TextSpan span = spanInScalar(checker.document(), scalar, problem.offset, problem.end);
        const QString message = u"invalid template syntax: %1"_s.arg(Config::text(problem.message));
        // A newer server may know the function.
        if (problem.message.ends_with("not defined"))
            checker.warning("alertmanager/notification-template", message, span);
        else
            checker.error("alertmanager/notification-template", message, span);
    }
}

Diagnostics checkTemplateFile(std::string_view text, const CheckOptions& options)
{
    const auto pos = [text](std::size_t offset) {
        TextPos out {std::min(offset, text.size()), 1, 1};
        for (const char c : text.substr(0, out.offset)) {
            const bool inside = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
            out.column = c == '\n' ? 1 : inside ? out.column : out.column + 1;
            out.line += c == '\n' ? 1 : 0;
        }
        return out;
    };
    Diagnostics out;
    const ParsedTemplate parsed = parseTemplate(text, notificationTemplateDialect(options.alertmanager.major * 1000 + options.alertmanager.minor));
    for (const TemplateProblem& problem : parsed.problems) {
        Diagnostic one;
        one.code = u"alertmanager/template"_s;
        one.message = u"invalid template syntax: %1"_s.arg(Config::text(problem.message));
        one.span = {pos(problem.offset), pos(std::max(problem.end, problem.offset + 1))};
        if (one.span.end == one.span.start) // at the end of the text
            one.span.end.column += 1;
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace Promdeck::Config
