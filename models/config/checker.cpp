#include "models/config/checker.h"
#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/core/duration.h"

#include <algorithm>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

int editDistance(std::string_view a, std::string_view b)
{
    std::vector<int> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = int(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

QString nearestKey(std::string_view key, const SchemaStruct& type)
{
    const SchemaField* best = nullptr;
    int bestDistance = std::max(2, int(key.size()) / 3) + 1;
    for (const SchemaField& field : type.fields) {
        const int distance = editDistance(key, field.key);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = &field;
        }
    }
    return best ? u"did you mean \"%1\"?"_s.arg(text(best->key)) : QString();
}

QString typeName(TypeRef::Kind kind)
{
    using Kind = TypeRef::Kind;
    switch (kind) {
    case Kind::Bool: return u"bool"_s;
    case Kind::Int: return u"int"_s;
    case Kind::Uint: return u"uint"_s;
    case Kind::Float: return u"float64"_s;
    case Kind::List: return u"a list"_s;
    case Kind::Map:
    case Kind::Labels:
    case Kind::LabelSet: return u"a map"_s;
    default: return u"string"_s;
    }
}

} // namespace

bool Checker::hasErrors() const
{
    return std::any_of(m_diagnostics.begin(), m_diagnostics.end(),
                       [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
}

void Checker::error(const char* code, const QString& message, const TextSpan& span, const QString& hint)
{
    add({Severity::Error, QString::fromLatin1(code), message, hint, span, {}});
}

void Checker::warning(const char* code, const QString& message, const TextSpan& span, const QString& hint)
{
    add({Severity::Warning, QString::fromLatin1(code), message, hint, span, {}});
}

void Checker::info(const char* code, const QString& message, const TextSpan& span, const QString& hint)
{
    add({Severity::Info, QString::fromLatin1(code), message, hint, span, {}});
}

bool Checker::isWithin(const std::set<std::string, std::less<>>& structNames) const
{
    return std::any_of(m_open.begin(), m_open.end(), [&](const SchemaStruct* one) { return structNames.contains(one->name); });
}

/// Reports what YAML refuses; false when there is nothing to go on with.
bool Checker::startDocument(std::size_t index)
{
    for (const YamlError& problem : m_document.errors()) {
        const QString message = QString::fromStdString(problem.message);
        // v3 looks two tokens ahead, into what is not yet a document of its own.
        const bool ahead = m_dialect == YamlDialect::V3 && problem.document == index + 1 && !m_document.root(index + 1) && problem.ofScanner;
        if (problem.document <= index || ahead)
            error("yaml/syntax", message, problem.span);
        else // the servers stop reading in front of it
            warning("yaml/syntax", message, problem.span, u"only the first document of the file is read"_s);
    }
    const YamlNode* second = m_document.root(index + 1);
    if (second && !isNullNode(second, m_dialect))
        warning("yaml/more-documents", u"a second document is ignored"_s,
                {second->span.start, m_document.posAt(second->span.start.offset + 1)},
                u"only the first document of the file is read"_s);
    // What parsed before a syntax error is half a file: its rules would report what is not there.
    m_readable = m_document.ok() || (m_document.errors().front().document > index && !hasErrors());
    return m_readable;
}

void Checker::checkRoot(const std::string& structName, std::size_t index)
{
    m_isAlertmanager = structName.starts_with("alertmanager.");
    const bool readable = startDocument(index);
    const SchemaStruct* type = Schema::instance().find(structName);
    if (!type)
        return;
    const YamlNode* node = m_document.root(index);
    m_root = viewOf(*type, node, node ? node->span : TextSpan {}, m_dialect);
    if (!readable)
        return;
    if (!node || isNullNode(node, m_dialect)) {
        runRules(*type, m_root);
        return;
    }
    checkStruct(*node, node->span, *type);
    if (structName == "rules.RuleGroups" && node->isSequence())
        checkFragments(*node);
}

/// Rules without a group, or groups without their key: no rule file, but what is in them can still be checked.
void Checker::checkFragments(const YamlNode& list)
{
    for (const YamlItem& item : list.items) {
        const bool isGroup = item.value->find("rules") != nullptr;
        const SchemaStruct* type = Schema::instance().find(isGroup ? "rules.RuleGroup" : "rules.Rule");
        if (item.value->isMapping() && type)
            checkStruct(*item.value, item.span, *type);
    }
}

void Checker::checkRootList(const std::string& structName)
{
    if (!startDocument(0))
        return;
    const YamlNode* node = m_document.root(0);
    if (!node)
        return;
    TypeRef element;
    element.kind = TypeRef::Kind::Struct;
    element.pointer = true;
    element.target = Schema::instance().find(structName);
    TypeRef list;
    list.kind = TypeRef::Kind::List;
    list.element = std::make_shared<const TypeRef>(element);
    checkValue(*node, node->span, list);
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        if (isNullNode(node->items[i].value, m_dialect))
            error("yaml/null-item", u"nil target group item found (index %1)"_s.arg(i), node->items[i].span,
                  u"remove the empty item"_s);
    }
}

void Checker::wrongType(const YamlNode& node, const TextSpan& span, const QString& expected)
{
    const QString found = node.isScalar()
        ? u"%1 `%2`"_s.arg(text(shortTag(node, m_dialect)), text(node.value.substr(0, 40)))
        : text(shortTag(node, m_dialect));
    error("yaml/type", u"cannot unmarshal %1 into %2"_s.arg(found, expected), span);
}

void Checker::checkValue(const YamlNode& node, const TextSpan& span, const TypeRef& type)
{
    using Kind = TypeRef::Kind;
    if (contradictsTag(node, m_dialect)) {
        error("yaml/tag", u"cannot decode `%1` as a %2"_s.arg(text(node.value), text(node.tag.substr(node.tag.rfind(':') + 1))), span, u"remove the tag"_s);
        return;
    }
    // v2 knows fewer spellings of null in front of types that read themselves.
    const bool readAsText = m_dialect == YamlDialect::V2 && node.isScalar() && node.style == YamlNode::Style::Plain
        && (node.value == "Null" || node.value == "NULL");
    if (type.kind == Kind::Custom) {
        const auto rule = m_rules.values.find(type.name);
        if (rule != m_rules.values.end() && readAsText) {
            YamlNode empty = node;
            empty.value.clear();
            empty.style = YamlNode::Style::SingleQuoted;
            rule->second(empty, span, *this);
        } else if (rule != m_rules.values.end() && !isNullNode(&node, m_dialect))
            rule->second(node, span, *this);
        else if (rule == m_rules.values.end() && !node.isScalar())
            wrongType(node, span, u"string"_s);
        return;
    }
    if (type.kind == Kind::Duration && readAsText) {
        error("yaml/duration", u"empty duration string"_s, span, u"write null, or remove the key"_s);
        return;
    }
    // Null leaves every Go value as it was.
    if (type.kind == Kind::Any || isNullNode(&node, m_dialect))
        return;
    switch (type.kind) {
    case Kind::Struct:
        if (type.target)
            checkStruct(node, span, *type.target);
        return;
    case Kind::List: checkList(node, span, type); return;
    case Kind::Map: checkMap(node, span, type); return;
    case Kind::Labels:
    case Kind::LabelSet: checkLabels(node, span, type); return;
    default: checkScalar(node, span, type);
    }
}

void Checker::checkStruct(const YamlNode& node, const TextSpan& span, const SchemaStruct& type)
{
    if (!node.isMapping()) {
        wrongType(node, span, text(type.name));
        return;
    }
    m_open.push_back(&type);
    checkKeys(node, type, {});
    const StructView view = viewOf(type, &node, span, m_dialect);
    for (const YamlEntry& entry : MapEntries(node, m_dialect)) {
        if (!entry.key->isScalar())
            continue;
        const SchemaField* field = type.find(entry.key->value);
        if (field)
            checkValue(*entry.value, entry.valueSpan, field->type);
        else if (type.any)
            checkValue(*entry.value, entry.valueSpan, *type.any);
    }
    runRules(type, view);
    m_open.pop_back();
}

/// hidden: keys that do not count here because the mapping that merges this one has them.
void Checker::checkKeys(const YamlNode& node, const SchemaStruct& type, const SeenNames& hidden)
{
    SeenNames seen;
    for (const YamlEntry& entry : node.entries) {
        const YamlNode& key = *entry.key;
        if (!key.isScalar()) {
            wrongType(key, key.span, u"string"_s);
            continue;
        }
        if (isMergeKey(key, m_dialect) || hidden.contains(key.value))
            continue;
        const SchemaField* field = type.find(key.value);
        if (!seen.insert(key.value)) {
            if (m_options.json) // Go's JSON reader takes the last one
                continue;
            error("yaml/duplicate-key", u"field %1 already set in type %2"_s.arg(text(key.value), text(type.name)),
                  key.span, u"remove one of the two"_s);
        } else if (!type.any && (!field || isTooNew(*field))) {
            unknownKey(key, type, field);
        }
    }
    // v2 reads what is merged without a look at what was there before.
    if (m_dialect == YamlDialect::V2)
        seen.clear();
    for (const std::string_view name : m_dialect == YamlDialect::V3 ? hidden.all() : std::vector<std::string_view>())
        seen.insert(name);
    for (const YamlNode* merged : checkMerges(node))
        checkKeys(*merged, type, seen);
}

std::vector<const YamlNode*> Checker::checkMerges(const YamlNode& node)
{
    std::vector<const YamlNode*> out;
    for (const YamlEntry& entry : node.entries) {
        if (!isMergeKey(*entry.key, m_dialect))
            continue;
        const auto mappings = mergedMappings(entry);
        if (mappings)
            out.insert(out.end(), mappings->begin(), mappings->end());
        else
            error("yaml/merge", u"map merge requires map or sequence of maps as the value"_s, entry.valueSpan);
    }
    return out;
}

bool Checker::isTooNew(const SchemaField& field) const
{
    if (m_isAlertmanager)
        return m_options.alertmanager < field.alertmanager.version;
    static const std::set<std::string_view> kLeftOut {"consul_sd_configs", "kubernetes_sd_configs", "kuma_sd_configs",
                                                      "linode_sd_configs", "nomad_sd_configs"};
    return m_options.prometheus < field.prometheus.version || (m_options.debian && kLeftOut.contains(field.key));
}

void Checker::unknownKey(const YamlNode& key, const SchemaStruct& type, const SchemaField* field)
{
    QString hint = nearestKey(key.value, type);
    if (field) {
        const KeySince& since = m_isAlertmanager ? field->alertmanager : field->prometheus;
        const ServerVersion target = m_isAlertmanager ? m_options.alertmanager : m_options.prometheus;
        const QString product = m_isAlertmanager ? u"Alertmanager"_s : u"Prometheus"_s;
        if (target >= since.version)
            hint = u"Debian's build has no such discovery"_s;
        else if (since.exact)
            hint = u"needs %1 %2.%3, the target is %4.%5"_s.arg(product).arg(since.version.major).arg(since.version.minor)
                       .arg(target.major).arg(target.minor);
        else
            hint = u"needs a newer %1, the target is %2.%3"_s.arg(product).arg(target.major).arg(target.minor);
    }
    error("yaml/unknown-key", u"field %1 not found in type %2"_s.arg(text(key.value), text(type.name)), key.span, hint);
}

void Checker::runRules(const SchemaStruct& type, const StructView& view)
{
    const auto run = [&](const std::string& name) {
        const auto rules = m_rules.structs.find(name);
        if (rules == m_rules.structs.end())
            return;
        for (const StructCheck& rule : rules->second)
            rule(view, *this);
    };
    for (const SchemaStruct* inlined : type.inlined)
        run(inlined->name);
    run(type.name);
}

void Checker::checkList(const YamlNode& node, const TextSpan& span, const TypeRef& type)
{
    if (!node.isSequence()) {
        wrongType(node, span, typeName(type.kind));
        return;
    }
    if (!takeList || !takeList(node, type))
        checkItems(node, 0, node.items.size(), type);
}

void Checker::checkItems(const YamlNode& list, std::size_t begin, std::size_t end, const TypeRef& type)
{
    for (std::size_t i = begin; i < end; ++i)
        checkValue(*list.items[i].value, list.items[i].span, *type.element);
}

Checker Checker::branch() const
{
    Checker other(m_document, m_dialect, m_rules, m_options);
    other.m_root = m_root;
    other.m_open = m_open;
    other.m_isAlertmanager = m_isAlertmanager;
    other.m_readable = m_readable;
    return other;
}

void Checker::checkMap(const YamlNode& node, const TextSpan& span, const TypeRef& type)
{
    if (!node.isMapping()) {
        wrongType(node, span, typeName(type.kind));
        return;
    }
    (void)checkMerges(node);
    SeenNames seen;
    for (const YamlEntry& entry : MapEntries(node, m_dialect)) {
        if (!entry.key->isScalar())
            wrongType(*entry.key, entry.key->span, u"string"_s);
        else if (!seen.insert(entry.key->value))
            error("yaml/duplicate-key", u"key %1 already set in map"_s.arg(quoted(entry.key->value)), entry.key->span);
        checkValue(*entry.value, entry.valueSpan, *type.element);
    }
}

void Checker::checkLabels(const YamlNode& node, const TextSpan& span, const TypeRef& type)
{
    static const auto kString = std::make_shared<const TypeRef>();
    TypeRef asMap = type;
    asMap.kind = TypeRef::Kind::Map;
    asMap.element = kString;
    checkMap(node, span, asMap);
    const auto rule = m_rules.values.find("@label-name");
    if (rule == m_rules.values.end() || !node.isMapping())
        return;
    for (const YamlEntry& entry : MapEntries(node, m_dialect)) {
        if (entry.key->isScalar())
            rule->second(*entry.key, entry.key->span, *this);
    }
}

bool Checker::accepts(const YamlNode& node, TypeRef::Kind kind) const
{
    using Kind = TypeRef::Kind;
    switch (kind) {
    case Kind::Bool: return asBool(node, m_dialect).has_value();
    case Kind::Int: return asInt(node, m_dialect).has_value();
    case Kind::Uint: return asUint(node, m_dialect).has_value();
    case Kind::Float: return asFloat(node, m_dialect).has_value();
    default: return node.isScalar();
    }
}

void Checker::checkScalar(const YamlNode& node, const TextSpan& span, const TypeRef& type)
{
    using Kind = TypeRef::Kind;
    const bool jsonString = m_options.json && type.kind == Kind::String;
    if (!node.isScalar() || !accepts(node, type.kind) || (jsonString && node.style != YamlNode::Style::DoubleQuoted)) {
        wrongType(node, span, typeName(type.kind));
        return;
    }
    switch (type.kind) {
    case Kind::Duration:
        if (!parsePrometheusDuration(node.value))
            error("yaml/duration", u"not a valid duration string: %1"_s.arg(quoted(node.value)), span,
                  u"write it with a unit, like 30s, 5m or 1h30m"_s);
        return;
    case Kind::GoDuration:
    case Kind::AmDuration:
        // A bare integer decodes as nanoseconds.
        if (!parseGoDuration(node.value) && !asInt(node, m_dialect))
            error("yaml/duration", u"time: invalid duration %1"_s.arg(quoted(node.value)), span,
                  u"write it with a unit, like 30s, 5m or 1h30m"_s);
        return;
    case Kind::Bytes:
        if (!parseBase2Bytes(node.value)) {
            // A known unit means that it is the number that is too large.
            const std::size_t unit = node.value.find_last_of("0123456789.") + 1;
            const bool overflows = unit > 0 && unit < node.value.size() && std::count(node.value.begin(), node.value.end(), '.') <= 1
                && parseBase2Bytes("1" + node.value.substr(unit));
            error("yaml/size", (overflows ? u"units: overflow parsing unit in %1"_s : u"units: unknown unit in %1"_s).arg(text(node.value)), span,
                  overflows ? u"sizes lie below 8EB"_s : u"write it with a unit, like 10MB"_s);
        }
        return;
    case Kind::Url: {
        const QString problem = urlProblem(node.value);
        if (!problem.isEmpty())
            error("yaml/url", u"parse %1: %2"_s.arg(quoted(node.value), problem), span);
        return;
    }
    case Kind::Regexp: {
        const bool blackbox = m_root.type && m_root.type->name.starts_with("blackbox.");
        const QString problem = regexpProblem(node.value, blackbox ? RegexpUse::Plain : RegexpUse::Anchored);
        if (!problem.isEmpty())
            error("yaml/regexp", u"error parsing regexp: %1"_s.arg(problem), span);
        return;
    }
    case Kind::LabelName: {
        const auto rule = m_rules.values.find("@label-name");
        if (rule != m_rules.values.end())
            rule->second(node, span, *this);
        return;
    }
    default: return;
    }
}

} // namespace Promdeck::Config
