#include "models/config/alertmanager/routes.h"

#include <algorithm>

namespace Promdeck::Config {

namespace {

// Deeper than any real tree; the walk below recurses.
constexpr int kDeepest = 500;

std::string_view operatorText(Matcher::Op op)
{
    switch (op) {
    case Matcher::Op::Equal: return "=";
    case Matcher::Op::NotEqual: return "!=";
    case Matcher::Op::Regexp: return "=~";
    case Matcher::Op::NotRegexp: break;
    }
    return "!~";
}

std::string quote(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

void addMap(const StructView& view, const char* key, Matcher::Op op, std::vector<Matcher>& out)
{
    const FoundValue* map = view.find(key);
    if (!map)
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (!entry.key->isScalar() || !entry.value->isScalar())
            continue;
        // The old form is anchored when it is read, and shown so.
        const std::string& value = entry.value->value;
        out.push_back({op, entry.key->value, op == Matcher::Op::Regexp ? "^(?:" + value + ")$" : value});
    }
}

std::vector<std::string> strings(const StructView& view, const char* key)
{
    std::vector<std::string> out;
    for (const FoundValue& item : view.listAt(key))
        out.push_back(item.node->value);
    return out;
}

std::unique_ptr<Route> build(const StructView& view, const Route* parent, int depth)
{
    auto route = std::make_unique<Route>();
    route->parent = parent;
    route->span = view.span;
    if (parent) {
        route->receiver = parent->receiver;
        route->groupBy = parent->groupBy;
        route->groupByAll = parent->groupByAll;
        route->groupWaitMs = parent->groupWaitMs;
        route->groupIntervalMs = parent->groupIntervalMs;
        route->repeatIntervalMs = parent->repeatIntervalMs;
    }
    if (const std::string receiver = view.string("receiver"); !receiver.empty())
        route->receiver = receiver;
    if (const FoundValue* groupBy = view.find("group_by"); groupBy && groupBy->node->isSequence()) {
        const std::vector<std::string> names = strings(view, "group_by");
        route->groupByAll = std::find(names.begin(), names.end(), "...") != names.end();
        // An empty list inherits, as one that is absent.
        if (!names.empty())
            route->groupBy = route->groupByAll ? std::set<std::string>() : std::set<std::string>(names.begin(), names.end());
        else if (parent)
            route->groupByAll = parent->groupByAll;
    }
    route->groupWaitMs = view.durationMs("group_wait").value_or(route->groupWaitMs);
    route->groupIntervalMs = view.durationMs("group_interval").value_or(route->groupIntervalMs);
    route->repeatIntervalMs = view.durationMs("repeat_interval").value_or(route->repeatIntervalMs);
    route->muteTimeIntervals = strings(view, "mute_time_intervals");
    route->activeTimeIntervals = strings(view, "active_time_intervals");
    route->continues = view.boolean("continue");
    addMap(view, "match", Matcher::Op::Equal, route->matchers);
    addMap(view, "match_re", Matcher::Op::Regexp, route->matchers);
    for (const FoundValue& text : view.listAt("matchers")) {
        MatcherResult parsed = parseMatchers(text.node->value, MatcherMode::Fallback);
        std::move(parsed.matchers.begin(), parsed.matchers.end(), std::back_inserter(route->matchers));
    }
    const auto order = [](const Matcher& a, const Matcher& b) {
        return std::tie(a.name, a.value, a.op) < std::tie(b.name, b.value, b.op);
    };
    std::stable_sort(route->matchers.begin(), route->matchers.end(), order);
    if (depth < kDeepest) {
        for (const StructView& child : view.structsAt("routes"))
            route->children.push_back(build(child, route.get(), depth + 1));
    }
    return route;
}

} // namespace

std::string matcherText(const Matcher& matcher)
{
    const bool plain = matcher.name.find_first_of("{}!=~,\\\"'` \t\n\r") == std::string::npos;
    return (plain ? matcher.name : quote(matcher.name)) + std::string(operatorText(matcher.op)) + quote(matcher.value);
}

std::string Route::matchersText() const
{
    std::string out = "{";
    for (const Matcher& matcher : matchers)
        out += (out.size() > 1 ? "," : "") + matcherText(matcher);
    return out + '}';
}

std::string Route::key() const
{
    return parent ? parent->key() + '/' + matchersText() : matchersText();
}

bool Route::matches(const std::map<std::string, std::string>& labels) const
{
    return std::all_of(matchers.begin(), matchers.end(), [&labels](const Matcher& matcher) {
        const auto found = labels.find(matcher.name);
        return matcher.matches(found == labels.end() ? std::string_view() : std::string_view(found->second));
    });
}

std::vector<const Route*> Route::match(const std::map<std::string, std::string>& labels) const
{
    if (!matches(labels))
        return {};
    std::vector<const Route*> all;
    for (const auto& child : children) {
        const std::vector<const Route*> below = child->match(labels);
        all.insert(all.end(), below.begin(), below.end());
        if (!below.empty() && !child->continues)
            break;
    }
    if (all.empty())
        all.push_back(this);
    return all;
}

std::unique_ptr<Route> routingTree(const StructView& config)
{
    const StructView root = config.structAt("route");
    return root.node ? build(root, nullptr, 0) : nullptr;
}

} // namespace Promdeck::Config
