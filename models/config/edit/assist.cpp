#include "models/config/edit/assist.h"

#include "models/config/configtext.h"
#include "models/config/embedded.h"
#include "models/config/templates/gotemplate.h"

#include <QFile>
#include <QHash>

#include <algorithm>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPopularBonus = 40;
constexpr std::size_t kMostProposals = 200;

/// resources/schemas/config.docs, read when first asked.
class Docs
{
public:
    static const Docs& instance()
    {
        static const Docs docs;
        return docs;
    }
    [[nodiscard]] const KeyDoc* find(const QString& type, const QString& key) const
    {
        const auto found = m_docs.constFind(type + u'/' + key);
        return found == m_docs.constEnd() ? nullptr : &found.value();
    }

private:
    Docs()
    {
        QFile file(u":/promdeck/schemas/config.docs"_s);
        if (!file.open(QIODevice::ReadOnly))
            return;
        QString type;
        const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
        for (const QString& line : lines) {
            if (line.isEmpty() || line.startsWith(u'#'))
                continue;
            if (!line.startsWith(u' ')) {
                type = line.trimmed();
                continue;
            }
            // key {values} = default ; sentence
            const qsizetype semicolon = line.indexOf(u" ; ");
            QString head = (semicolon < 0 ? line : line.left(semicolon)).trimmed();
            KeyDoc doc;
            doc.sentence = semicolon < 0 ? QString() : line.mid(semicolon + 3).trimmed();
            const qsizetype equals = head.indexOf(u" = ");
            if (equals >= 0) {
                doc.fallback = head.mid(equals + 3).trimmed();
                head.truncate(equals);
            }
            const qsizetype brace = head.indexOf(u'{');
            if (brace >= 0) {
                doc.values = head.mid(brace + 1).chopped(1).split(u' ', Qt::SkipEmptyParts);
                head.truncate(brace);
            }
            const QStringList keys = head.trimmed().split(u',', Qt::SkipEmptyParts);
            for (const QString& key : keys)
                m_docs.insert(type + u'/' + key.trimmed(), doc);
        }
    }
    QHash<QString, KeyDoc> m_docs;
};

const char* rootOf(FileKind kind)
{
    switch (kind) {
    case FileKind::Prometheus: return "prometheus.Config";
    case FileKind::ScrapeConfigs: return "prometheus.ScrapeConfigs";
    case FileKind::Rules: return "rules.RuleGroups";
    case FileKind::RuleTest: return "rules.UnitTestFile";
    case FileKind::Alertmanager: return "alertmanager.Config";
    case FileKind::FileSd: return "prometheus.TargetGroup";
    case FileKind::Blackbox: return "blackbox.Config";
    case FileKind::Web: return "web.Config";
    default: return nullptr;
    }
}

const TypeRef* rootType(FileKind kind)
{
    static std::map<FileKind, TypeRef> roots;
    static const bool filled = [] {
        for (const FileKind one : {FileKind::Prometheus, FileKind::ScrapeConfigs, FileKind::Rules, FileKind::RuleTest, FileKind::Alertmanager,
                                   FileKind::FileSd, FileKind::Blackbox, FileKind::Web}) {
            TypeRef type;
            type.kind = TypeRef::Kind::Struct;
            type.name = rootOf(one);
            type.target = Schema::instance().find(type.name);
            if (one == FileKind::FileSd) {
                TypeRef list;
                list.kind = TypeRef::Kind::List;
                list.element = std::make_shared<TypeRef>(type);
                type = list;
            }
            roots[one] = type;
        }
        return true;
    }();
    Q_UNUSED(filled)
    const auto found = roots.find(kind);
    return found == roots.end() || !(found->second.target || found->second.element) ? nullptr : &found->second;
}

/// One step down from a type; null where there is none.
const TypeRef* stepInto(const TypeRef* type, const std::string& step)
{
    if (!type)
        return nullptr;
    if (step == "-")
        return type->kind == TypeRef::Kind::List ? type->element.get() : nullptr;
    if (type->kind == TypeRef::Kind::Struct && type->target) {
        if (const SchemaField* field = type->target->find(step))
            return &field->type;
        return type->target->any.get();
    }
    return type->kind == TypeRef::Kind::Map ? type->element.get() : nullptr;
}

/// The struct that holds the last key of a path, and that key's field.
std::pair<const SchemaStruct*, const SchemaField*> fieldAt(FileKind kind, const std::vector<std::string>& path)
{
    const TypeRef* type = rootType(kind);
    const SchemaStruct* holder = nullptr;
    const SchemaField* field = nullptr;
    for (const std::string& step : path) {
        if (type && type->kind == TypeRef::Kind::Struct && type->target && step != "-") {
            holder = type->target;
            field = holder->find(step);
        }
        type = stepInto(type, step);
    }
    return {holder, field};
}

const KeyDoc* customDoc(const TypeRef& type)
{
    return type.kind == TypeRef::Kind::Custom ? Docs::instance().find(u"@"_s, QString::fromStdString(type.name).mid(1)) : nullptr;
}

bool isTooNew(const SchemaField& field, FileKind kind, const CheckOptions& options)
{
    const bool alertmanager = kind == FileKind::Alertmanager;
    const KeySince& since = alertmanager ? field.alertmanager : field.prometheus;
    const ServerVersion& target = alertmanager ? options.alertmanager : options.prometheus;
    return since.exact ? target < since.version : !(target > since.version);
}

QString sinceText(const SchemaField& field, FileKind kind)
{
    const bool alertmanager = kind == FileKind::Alertmanager;
    const KeySince& since = alertmanager ? field.alertmanager : field.prometheus;
    if (since.version == ServerVersion {})
        return {};
    return u"%1 %2%3.%4"_s.arg(alertmanager ? u"Alertmanager"_s : u"Prometheus"_s, since.exact ? QString() : u"after "_s)
        .arg(since.version.major)
        .arg(since.version.minor);
}

/// What stands behind a new key, so that typing goes on in the right place.
std::string tailOf(const TypeRef& type, std::size_t column)
{
    const std::string deeper = '\n' + std::string(column + 2, ' ');
    switch (type.kind) {
    case TypeRef::Kind::Struct: return ":" + deeper;
    case TypeRef::Kind::Map:
    case TypeRef::Kind::Labels:
    case TypeRef::Kind::LabelSet: return ":" + deeper;
    case TypeRef::Kind::List: return ":" + deeper + "- ";
    default: return ": ";
    }
}

class Collector
{
public:
    explicit Collector(std::string typed) : m_typed(std::move(typed)) {}
    void add(Proposal proposal, int bonus = 0)
    {
        const int score = Promql::fuzzyScore(m_typed, proposal.label);
        if (score < 0 || !m_seen.insert(proposal.label).second)
            return;
        proposal.score = score + bonus;
        m_items.push_back(std::move(proposal));
    }
    std::vector<Proposal> take()
    {
        std::stable_sort(m_items.begin(), m_items.end(), [](const Proposal& a, const Proposal& b) { return a.score > b.score; });
        if (m_items.size() > kMostProposals)
            m_items.resize(kMostProposals);
        return std::move(m_items);
    }

private:
    std::string m_typed;
    std::vector<Proposal> m_items;
    std::set<std::string> m_seen;
};

bool isOneOf(std::string_view key, std::initializer_list<std::string_view> keys)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string lastKey(const std::vector<std::string>& path)
{
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        if (*step != "-")
            return *step;
    }
    return {};
}

void proposeKeys(const SchemaStruct& type, const YamlPlace& place, FileKind kind, const CheckOptions& options, Collector& out)
{
    for (const SchemaField& field : type.fields) {
        const bool isTyped = place.hasColon && field.key == place.scalar;
        if ((std::find(place.siblings.begin(), place.siblings.end(), field.key) != place.siblings.end() && !isTyped) || isTooNew(field, kind, options))
            continue;
        const KeyDoc doc = keyDoc(type, field.key);
        Proposal one;
        one.label = field.key;
        const std::string tail = place.hasColon ? std::string() : tailOf(field.type, place.column);
        one.insert = field.key + tail;
        one.again = !tail.empty();
        one.detail = typeText(field.type).toStdString();
        QString text = doc.sentence;
        if (!doc.fallback.isEmpty())
            text += (text.isEmpty() ? QString() : u"\n"_s) + u"Default: "_s + doc.fallback;
        one.documentation = text.toStdString();
        out.add(std::move(one), doc.sentence.isEmpty() ? 0 : kPopularBonus);
    }
}

/// Names of the workspace of one kind.
void proposeNames(const KnownNames& names, ConfigSymbol::Kind kind, const char* detail, Collector& out)
{
    for (const ConfigSymbol& symbol : names.symbols) {
        if (symbol.kind == kind)
            out.add({Proposal::Kind::Name, symbol.name, yamlScalar(symbol.name), detail, {}, {}, 0, false}, 2 * kPopularBonus);
    }
}

/// Metadata labels that discoveries set, so far as they are the same for every target.
constexpr const char* kKnownLabels[] = {"__address__", "__scheme__", "__metrics_path__", "__param_target", "__param_module", "__name__",
                                        "instance", "job", "__meta_filepath", "__meta_kubernetes_namespace", "__meta_kubernetes_pod_name",
                                        "__meta_kubernetes_service_name", "__meta_kubernetes_node_name", "__meta_consul_service", "__meta_dns_name",
                                        "__meta_docker_container_name", "__meta_ec2_tag_Name", "le", "__tmp_"};

void proposeValues(const TypeRef& type, const SchemaStruct* holder, const YamlPlace& place, const KnownNames& names, Collector& out)
{
    const std::string key = lastKey(place.path);
    const auto value = [&out](const QString& text, const QString& detail) {
        out.add({Proposal::Kind::Value, text.toStdString(), text.toStdString(), detail.toStdString(), {}, {}, 0, false}, kPopularBonus);
    };
    if (type.kind == TypeRef::Kind::Bool) {
        value(u"true"_s, {});
        value(u"false"_s, {});
    }
    if (const KeyDoc* doc = customDoc(type)) {
        for (const QString& one : doc->values)
            value(one, doc->sentence);
    }
    if (holder) {
        const KeyDoc doc = keyDoc(*holder, key);
        for (const QString& one : doc.values)
            value(one, one == doc.fallback ? u"default"_s : QString());
        if (doc.values.isEmpty() && !doc.fallback.isEmpty() && place.typed.empty())
            value(doc.fallback, u"default"_s);
    }
    if (type.kind == TypeRef::Kind::Duration) {
        for (const char* one : {"15s", "30s", "1m", "5m", "10m", "15m", "1h", "4h", "12h", "1d"})
            value(QString::fromLatin1(one), {});
    }
    if (key == "receiver")
        proposeNames(names, ConfigSymbol::Kind::Receiver, "receiver", out);
    else if (isOneOf(key, {"mute_time_intervals", "active_time_intervals"}))
        proposeNames(names, ConfigSymbol::Kind::Interval, "time interval", out);
    else if (key == "alertname")
        proposeNames(names, ConfigSymbol::Kind::Alert, "alert", out);
    if (isOneOf(key, {"source_labels", "target_label", "group_by", "equal"})) {
        for (const char* one : kKnownLabels)
            out.add({Proposal::Kind::Value, one, one, "label", {}, {}, 0, false});
        for (const char* one : {"alertname", "severity", "cluster", "team", "namespace", "service", "..."}) {
            if (isOneOf(key, {"group_by", "equal"}))
                out.add({Proposal::Kind::Value, one, std::string_view(one) == "..." ? "'...'" : one, "label", {}, {}, 0, false}, kPopularBonus);
        }
    }
    const bool isFile = key == "rule_files" || key == "templates" || key == "files" || key == "scrape_config_files" || key.ends_with("_file");
    if (isFile) {
        for (const QString& file : names.files)
            out.add({Proposal::Kind::File, file.toStdString(), yamlScalar(file.toStdString()), {}, {}, {}, 0, false}, kPopularBonus);
    }
}

/// Inside of "{{ }}".
bool proposeTemplate(const YamlPlace& place, FileKind kind, const CheckOptions& options, Proposals& out)
{
    const std::string_view before = std::string_view(place.scalar).substr(0, place.scalarOffset);
    const std::size_t open = before.rfind("{{");
    const std::size_t close = before.rfind("}}");
    if (open == std::string_view::npos || (close != std::string_view::npos && close > open))
        return false;
    std::size_t start = before.size();
    while (start > open + 2 && std::string_view(" \t|(").find(before[start - 1]) == std::string_view::npos)
        --start;
    Collector found(std::string(before.substr(start)));
    const auto add = [&found](const std::string& label, const char* detail, const char* text) {
        found.add({Proposal::Kind::Value, label, label, detail, text, {}, 0, false});
    };
    const bool rules = kind != FileKind::Alertmanager;
    const TemplateDialect& dialect = rules ? ruleTemplateDialect(options.prometheus.major * 1000 + options.prometheus.minor)
                                           : notificationTemplateDialect(options.alertmanager.major * 1000 + options.alertmanager.minor);
    if (rules) {
        add("$value", "number", "The value of the expression for this alert");
        add("$labels", "labels", "The labels of the series that fires");
        for (const char* one : {"$labels.instance", "$labels.job", "$externalLabels", "$externalURL"})
            add(one, "", "");
    } else {
        for (const char* one : {".Status", ".Alerts", ".Alerts.Firing", ".Alerts.Resolved", ".GroupLabels", ".CommonLabels", ".CommonAnnotations",
                                ".ExternalURL", ".Receiver", ".Labels", ".Annotations", ".StartsAt", ".GeneratorURL"})
            add(one, "data", "");
    }
    for (const std::string& function : dialect.functions)
        add(function, "function", "");
    for (const char* one : {"if", "else", "end", "range", "with", "template"})
        add(one, "keyword", "");
    out.start = place.inText(start);
    out.end = place.inText(place.scalarOffset);
    out.items = found.take();
    return true;
}

void proposePromql(const YamlPlace& place, const CheckOptions& options, const Promql::CompletionSource& metrics, Proposals& out)
{
    const std::uint32_t cursor = std::uint32_t(place.scalarOffset);
    const Promql::Options promql = promqlOptions(options);
    const Promql::CompletionPlace where = Promql::completionPlace(place.scalar, cursor, promql);
    out.start = place.inText(where.replace.start);
    out.end = place.inText(where.replace.end);
    for (Promql::CompletionItem& item : Promql::complete(place.scalar, cursor, metrics, promql)) {
        Proposal one {Proposal::Kind::Promql, item.text, item.text, item.detail, item.documentation, item.kind, item.score, false};
        out.items.push_back(std::move(one));
    }
}

} // namespace

QString typeText(const TypeRef& type)
{
    switch (type.kind) {
    case TypeRef::Kind::String: return u"text"_s;
    case TypeRef::Kind::Bool: return u"true or false"_s;
    case TypeRef::Kind::Int:
    case TypeRef::Kind::Uint: return u"whole number"_s;
    case TypeRef::Kind::Float: return u"number"_s;
    case TypeRef::Kind::Duration:
    case TypeRef::Kind::GoDuration:
    case TypeRef::Kind::AmDuration: return u"duration"_s;
    case TypeRef::Kind::Bytes: return u"size"_s;
    case TypeRef::Kind::Url: return u"URL"_s;
    case TypeRef::Kind::Regexp: return u"regular expression"_s;
    case TypeRef::Kind::Labels:
    case TypeRef::Kind::LabelSet: return u"labels"_s;
    case TypeRef::Kind::LabelName: return u"label name"_s;
    case TypeRef::Kind::Any: return u"anything"_s;
    case TypeRef::Kind::List: return type.element ? u"list of "_s + typeText(*type.element) : u"list"_s;
    case TypeRef::Kind::Map: return type.element ? u"map of "_s + typeText(*type.element) : u"map"_s;
    case TypeRef::Kind::Struct: return u"section"_s;
    case TypeRef::Kind::Custom: break;
    }
    const KeyDoc* doc = customDoc(type);
    return doc && !doc->sentence.isEmpty() ? doc->sentence : QString::fromStdString(type.name).remove(u'@').replace(u'-', u' ');
}

KeyDoc keyDoc(const SchemaStruct& type, std::string_view key)
{
    const Docs& docs = Docs::instance();
    const QString name = text(key);
    if (const KeyDoc* doc = docs.find(QString::fromStdString(type.name), name))
        return *doc;
    for (const SchemaStruct* inlined : type.inlined) {
        if (inlined->find(key)) {
            if (const KeyDoc* doc = docs.find(QString::fromStdString(inlined->name), name))
                return *doc;
        }
    }
    // Keys that mean the same wherever they stand.
    if (const KeyDoc* doc = docs.find(u"*"_s, name))
        return *doc;
    return {};
}

const TypeRef* typeAt(FileKind kind, const std::vector<std::string>& path)
{
    const TypeRef* type = rootType(kind);
    for (const std::string& step : path)
        type = stepInto(type, step);
    return type;
}

bool holdsPromql(FileKind kind, const std::vector<std::string>& path)
{
    if (path.empty() || path.back() != "expr")
        return false;
    const auto [holder, field] = fieldAt(kind, path);
    return holder && (holder->name == "rules.Rule" || holder->name == "rules.PromqlTestCase");
}

Proposals proposalsAt(std::string_view text, std::size_t offset, FileKind kind, const CheckOptions& options,
                      const Promql::CompletionSource& metrics, const KnownNames& names)
{
    Proposals out;
    const YamlPlace place = placeAt(text, offset);
    if (place.where == YamlPlace::Where::Comment)
        return out;
    out.start = place.start;
    out.end = place.end;
    if (place.where != YamlPlace::Where::Key) {
        if (holdsPromql(kind, place.path)) {
            proposePromql(place, options, metrics, out);
            return out;
        }
        if (proposeTemplate(place, kind, options, out))
            return out;
    }
    const TypeRef* type = typeAt(kind, place.path);
    if (!type)
        return out;
    Collector found(place.typed);
    const auto [holder, field] = fieldAt(kind, place.path);
    if (place.where == YamlPlace::Where::Key) {
        if (type->kind == TypeRef::Kind::Struct && type->target) {
            proposeKeys(*type->target, place, kind, options, found);
        } else if (type->kind == TypeRef::Kind::List && type->element && place.blankLine) {
            // An item begins: with its first key, or as a value.
            if (type->element->kind == TypeRef::Kind::Struct && type->element->target) {
                YamlPlace inside = place;
                inside.column += 2;
                Collector keys(place.typed);
                proposeKeys(*type->element->target, inside, kind, options, keys);
                for (Proposal& one : keys.take()) {
                    one.insert = "- " + one.insert;
                    found.add(std::move(one));
                }
            } else {
                found.add({Proposal::Kind::Snippet, "- ", "- ", "item", {}, {}, 0, true});
            }
        } else {
            proposeValues(*type, holder, place, names, found); // an item of a list
        }
    } else {
        proposeValues(*type, holder, place, names, found);
        if (type->kind == TypeRef::Kind::List && type->element)
            proposeValues(*type->element, holder, place, names, found);
    }
    out.items = found.take();
    return out;
}

HoverInfo hoverAt(std::string_view text, std::size_t offset, FileKind kind, const CheckOptions& options, const Promql::CompletionSource& metrics)
{
    HoverInfo out;
    YamlPlace place = placeAt(text, offset);
    if (place.where == YamlPlace::Where::Comment)
        return out;
    if (place.where != YamlPlace::Where::Key && holdsPromql(kind, place.path)) {
        const Promql::Hover hover = Promql::hoverAt(place.scalar, std::uint32_t(place.scalarOffset), promqlOptions(options));
        if (!hover.signature.empty()) {
            out.start = place.inText(hover.range.start);
            out.end = place.inText(hover.range.end);
            out.title = QString::fromStdString(hover.signature);
            out.body = QString::fromStdString(hover.documentation);
            return out;
        }
        // A metric, when the stack knows it.
        const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':'; };
        std::size_t start = place.scalarOffset;
        std::size_t end = start;
        while (start > 0 && isWord(place.scalar[start - 1]))
            --start;
        while (end < place.scalar.size() && isWord(place.scalar[end]))
            ++end;
        const std::string word = place.scalar.substr(start, end - start);
        const std::string type = word.empty() ? std::string() : metrics.metricType(word);
        const std::string help = word.empty() ? std::string() : metrics.metricHelp(word);
        if (!type.empty() || !help.empty()) {
            out.start = place.inText(start);
            out.end = place.inText(end);
            out.title = QString::fromStdString(word) + (type.empty() ? QString() : u" ("_s + QString::fromStdString(type) + u')');
            out.body = QString::fromStdString(help);
        }
        return out;
    }
    // The key of the line, or the value with what its key is.
    std::vector<std::string> path = place.path;
    if (place.where == YamlPlace::Where::Key) {
        if (!place.hasColon && !typeAt(kind, path))
            return out;
        if (place.hasColon)
            path.push_back(place.scalar);
    } else if (place.where == YamlPlace::Where::BlockText) {
        return out;
    }
    const auto [holder, field] = fieldAt(kind, path);
    if (!holder || !field)
        return out;
    const KeyDoc doc = keyDoc(*holder, field->key);
    out.start = place.start;
    out.end = place.end;
    out.title = QString::fromStdString(field->key) + u": "_s + typeText(field->type);
    QStringList lines;
    if (!doc.sentence.isEmpty())
        lines << doc.sentence;
    QStringList values = doc.values;
    if (const KeyDoc* custom = customDoc(field->type); custom && values.isEmpty())
        values = custom->values;
    if (!values.isEmpty())
        lines << u"One of: "_s + values.join(u", ");
    if (!doc.fallback.isEmpty())
        lines << u"Default: "_s + doc.fallback;
    if (const QString since = sinceText(*field, kind); !since.isEmpty())
        lines << u"Since "_s + since;
    out.body = lines.join(u'\n');
    return out;
}

Reference referenceAt(std::string_view text, std::size_t offset, FileKind kind)
{
    Reference out;
    const YamlPlace place = placeAt(text, offset);
    if (place.where == YamlPlace::Where::Comment)
        return out;
    const auto symbol = [&out](ConfigSymbol::Kind what, std::string name) {
        out.kind = Reference::Kind::Symbol;
        out.symbol = what;
        out.name = std::move(name);
        return out;
    };
    const std::string_view scalar = place.scalar;
    if (place.where != YamlPlace::Where::Key && holdsPromql(kind, place.path)) {
        const Promql::ParseResult parsed = Promql::parse(scalar);
        // A label matcher under the place, else the metric.
        for (const Promql::SelectorData& selector : parsed.ast.selectors) {
            for (const Promql::Matcher& matcher : selector.matchers) {
                if (place.scalarOffset < matcher.range.start || place.scalarOffset > matcher.range.end || matcher.type != Promql::MatchType::Equal)
                    continue;
                if (matcher.name == "job")
                    return symbol(ConfigSymbol::Kind::Job, matcher.value);
                if (matcher.name == "alertname")
                    return symbol(ConfigSymbol::Kind::Alert, matcher.value);
            }
            if (!selector.name.empty() && place.scalarOffset >= selector.nameRange.start && place.scalarOffset <= selector.nameRange.end)
                return symbol(ConfigSymbol::Kind::Record, selector.name);
        }
        return out;
    }
    if (const std::size_t named = scalar.find("template \""); named != std::string_view::npos) {
        const std::size_t start = named + 10;
        const std::size_t end = scalar.find('"', start);
        if (end != std::string_view::npos) {
            out.kind = Reference::Kind::Template;
            out.name = scalar.substr(start, end - start);
            return out;
        }
    }
    const std::string key = lastKey(place.path);
    std::string value(scalar);
    if (!scalar.empty() && scalar.front() == '[') {
        value = std::string(text.substr(place.start, place.end - place.start));
    }
    if (!value.empty() && value.front() == '*' && key != "rule_files")
        return symbol(ConfigSymbol::Kind::Anchor, value.substr(1));
    if (key == "receiver" && kind == FileKind::Alertmanager)
        return symbol(ConfigSymbol::Kind::Receiver, value);
    if (isOneOf(key, {"mute_time_intervals", "active_time_intervals"}) && kind == FileKind::Alertmanager)
        return symbol(ConfigSymbol::Kind::Interval, value);
    if (key == "alertname")
        return symbol(ConfigSymbol::Kind::Alert, value);
    if (key == "module" && kind == FileKind::Prometheus)
        return symbol(ConfigSymbol::Kind::Module, value);
    const bool isFile = isOneOf(key, {"rule_files", "templates", "files", "scrape_config_files"}) || key.ends_with("_file");
    if (isFile && !value.empty()) {
        out.kind = Reference::Kind::File;
        out.name = value;
    }
    return out;
}

} // namespace Promdeck::Config
