// Templates of rules and notifications, run with sample data; the first byte chooses which, and whether as HTML.

#include "models/config/templates/notificationdata.h"
#include "models/config/templates/templateset.h"

#include <cstdint>
#include <cstdlib>

using namespace Promdeck::Config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    static const GoValue notification = NotificationData::sample(1700000000000).toValue();
    static const GoValue rule = ruleTemplateData({{"job", "a"}, {"instance", "b:9100"}}, {{"region", "eu"}}, "http://p/x", 1234.5);
    const bool rules = data[0] % 2 == 0;
    TemplateEnvironment environment;
    environment.nowMs = 1700000000000;
    environment.html = data[0] % 4 > 1;
    environment.externalUrl = "http://p/x";
    environment.queries = {{"up", {{{{"job", "a"}}, 1}}}};
    TemplateSet set(rules ? TemplateKind::Rule : TemplateKind::Notification, rules ? 3014 : 34);
    if (const auto failure = set.add("a.tmpl", text); failure && failure->offset > text.size())
        std::abort();
    const TemplateOutcome outcome = set.render(text, rules ? rule : notification, environment);
    if (outcome.failure && (outcome.failure->end < outcome.failure->offset || outcome.failure->line < 1 || outcome.failure->column < 1))
        std::abort();
    return 0;
}
