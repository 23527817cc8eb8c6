#include "models/library/dashboarddigest.h"

#include "models/promql/parser.h"
#include "models/promql/rewrite.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Stands for a variable where a name or a number may be. No metric is called so.
const QString kStandIn = u"promdeck_variable"_s;

/// Length of the variable reference that starts here; 0 = none does.
qsizetype referenceAt(QStringView text, qsizetype at)
{
    static const QRegularExpression reference(u"\\G(?:\\$\\w+|\\$\\{\\w+[^}]*\\}|\\[\\[\\w+(?::\\w+)?\\]\\])"_s);
    const QChar c = text.at(at);
    if (c != u'$' && c != u'[')
        return 0;
    const QRegularExpressionMatch match = reference.match(text, at);
    return match.hasMatch() ? match.capturedLength() : 0;
}

bool endsWithOffset(const QString& text)
{
    static const QRegularExpression offset(u"\\boffset\\s*-?\\s*$"_s, QRegularExpression::CaseInsensitiveOption);
    return offset.match(text).hasMatch();
}

/// The expression with every variable outside of quotes replaced by something the grammar takes there.
QString withoutVariables(const QString& written)
{
    QString out;
    QChar quote;
    int brackets = 0;
    for (qsizetype i = 0; i < written.size();) {
        const QChar c = written.at(i);
        if (!quote.isNull()) {
            if (c == u'\\' && quote != u'`' && i + 1 < written.size()) {
                out += c;
                out += written.at(i + 1);
                i += 2;
                continue;
            }
            if (c == quote)
                quote = QChar();
        } else if (const qsizetype length = referenceAt(written, i)) {
            out += brackets > 0 || endsWithOffset(out) ? u"5m"_s : kStandIn;
            i += length;
            continue;
        } else if (c == u'"' || c == u'\'' || c == u'`') {
            quote = c;
        } else if (c == u'[') {
            ++brackets;
        } else if (c == u']') {
            --brackets;
        }
        out += c;
        ++i;
    }
    return out;
}

/// Names where metrics stand, of a text that is no PromQL (yet): not in quotes, braces or brackets, no function, no
/// label list.
QStringList likelyMetrics(const QString& text)
{
    static const QSet<QString> kWords {u"by"_s, u"without"_s, u"on"_s, u"ignoring"_s, u"group_left"_s, u"group_right"_s, u"and"_s,
                                       u"or"_s, u"unless"_s, u"bool"_s, u"offset"_s, u"inf"_s, u"nan"_s, u"atan2"_s, u"start"_s,
                                       u"end"_s};
    static const QRegularExpression token(
        u"\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`|#[^\\n]*|\\{[^}]*\\}|\\[[^\\]]*\\]"
        "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"
        "|([a-zA-Z_:][a-zA-Z0-9_:]*)(\\s*\\(|\\s+(?:by|without)\\s*\\([^)]*\\))?|\\d[\\w.]*"_s,
        QRegularExpression::CaseInsensitiveOption);
    QStringList names;
    for (auto it = token.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString name = match.captured(1);
        if (!name.isEmpty() && match.captured(2).isEmpty() && !kWords.contains(name.toLower()))
            names << name;
    }
    return names;
}

void tidy(QStringList& names)
{
    names.removeIf([](const QString& name) { return name.contains(kStandIn) || name.contains(u'$') || name.contains(u"[["); });
    names.sort();
    names.removeDuplicates();
}

QString typeOf(const Json& datasource)
{
    return datasource[u"type"].toString();
}

bool asksPrometheus(const Json& target, const Json& owner)
{
    const QString own = typeOf(target[u"datasource"]);
    const QString type = own.isEmpty() ? typeOf(owner[u"datasource"]) : own;
    return type.isEmpty() || type.contains(u'$') || type.contains(u"prometheus") || type.contains(u"mimir") || type.contains(u"thanos")
        || type.contains(u"victoriametrics") || type == u"mixed" || type == u"datasource";
}

void take(DigestPart& part, const Json& target, const Json& owner)
{
    for (const char16_t* member : {u"expr", u"query", u"rawSql"}) {
        const QString text = target[member].toString().trimmed();
        if (text.isEmpty())
            continue;
        part.expressions << text;
        if (QStringView(member) == u"expr" && asksPrometheus(target, owner))
            part.metrics << metricsOfExpression(text);
        return;
    }
}

/// A panel of the dashboard's library panels has its model beside the panels.
Json modelOf(const Json& panel, const Json& elements)
{
    if (!panel[u"type"].toString().isEmpty() || !panel[u"libraryPanel"].isObject())
        return panel;
    Json model = panel[u"libraryPanel"][u"model"];
    if (!model.isObject())
        model = elements[panel[u"libraryPanel"][u"uid"].toString()][u"model"];
    if (!model.isObject())
        model = Json::object();
    if (panel[u"id"].isNumber())
        model.set(u"id"_s, panel[u"id"]);
    if (model[u"title"].scalarText().isEmpty())
        model.set(u"title"_s, panel[u"libraryPanel"][u"name"]);
    return model;
}

class Collector
{
public:
    explicit Collector(const Json& dashboard) : m_elements(dashboard[u"__elements"]) {}

    void panel(const Json& written, QString& row)
    {
        const Json json = modelOf(written, m_elements);
        if (json[u"type"].toString() == u"row") {
            row = json[u"title"].scalarText();
            QString own = row;
            for (const Json& child : json[u"panels"].items())
                panel(child, own);
            return;
        }
        DigestPart part;
        part.panelId = int(json[u"id"].toInt());
        part.title = json[u"title"].scalarText();
        part.type = json[u"type"].toString();
        part.row = row;
        for (const Json& target : json[u"targets"].items())
            take(part, target, json);
        tidy(part.metrics);
        m_digest.parts.push_back(std::move(part));
        ++m_digest.panelCount;
    }

    void variable(const Json& json)
    {
        DigestPart part;
        part.kind = DigestPart::Kind::Variable;
        part.title = json[u"label"].scalarText();
        if (part.title.isEmpty())
            part.title = json[u"name"].scalarText();
        part.type = json[u"type"].toString();
        const Json& query = json[u"query"];
        const QString text = query.isObject() ? query[u"query"].toString() : query.toString();
        if (part.type != u"query" || text.isEmpty())
            return;
        part.expressions << text;
        // label_values(selector, label) and query_result(expression)
        static const QRegularExpression call(u"^\\s*(label_values|query_result)\\s*\\((.*)\\)\\s*$"_s,
                                             QRegularExpression::DotMatchesEverythingOption);
        const QRegularExpressionMatch match = call.match(text);
        QString inner = match.hasMatch() ? match.captured(2) : text;
        if (match.captured(1) == u"label_values") {
            const qsizetype comma = inner.lastIndexOf(u',');
            inner = comma < 0 ? QString() : inner.left(comma);
        } else if (!match.hasMatch() && text.contains(u'(')) {
            inner.clear(); // label_names(), metrics(regex)
        }
        part.metrics = metricsOfExpression(inner);
        m_digest.parts.push_back(std::move(part));
    }

    void annotation(const Json& json)
    {
        DigestPart part;
        part.kind = DigestPart::Kind::Annotation;
        part.title = json[u"name"].scalarText();
        take(part, json[u"target"].isObject() && !json[u"expr"].isString() ? json[u"target"] : json, json);
        if (part.expressions.isEmpty())
            return;
        tidy(part.metrics);
        m_digest.parts.push_back(std::move(part));
    }

    DashboardDigest& digest() { return m_digest; }

private:
    Json m_elements;
    DashboardDigest m_digest;
};

} // namespace

QStringList metricsOfExpression(const QString& written)
{
    const QString text = withoutVariables(written);
    if (QStringView(text).trimmed().isEmpty())
        return {};
    Promql::Options options;
    options.features.experimentalFunctions = true;
    const Promql::ParseResult parsed = Promql::parse(text.toStdString(), options);
    QStringList names;
    if (!parsed.ast.isEmpty()) {
        for (const std::string& name : Promql::metricNames(parsed.ast))
            names << QString::fromStdString(name);
    }
    // Wrong types (a variable for a number) leave a whole tree behind, wrong grammar a part or nothing.
    if (names.isEmpty() && !parsed.ok() && !text.startsWith(u'{'))
        names = likelyMetrics(text);
    tidy(names);
    return names;
}

DashboardDigest digestOf(const Json& dashboard)
{
    Collector collector(dashboard);
    DashboardDigest& digest = collector.digest();
    digest.title = dashboard[u"title"].scalarText();
    digest.uid = dashboard[u"uid"].scalarText();
    digest.description = dashboard[u"description"].scalarText();
    for (const Json& tag : dashboard[u"tags"].items())
        digest.tags << tag.scalarText();
    digest.origin = originOf(dashboard);
    digest.isEdited = digest.origin && digest.origin->content != contentFingerprint(dashboard);
    QString row;
    for (const Json& panel : dashboard[u"panels"].items())
        collector.panel(panel, row);
    for (const Json& old : dashboard[u"rows"].items()) {
        QString title = old[u"showTitle"].toBool() || old[u"collapse"].toBool() ? old[u"title"].scalarText() : QString();
        for (const Json& panel : old[u"panels"].items())
            collector.panel(panel, title);
    }
    for (const Json& variable : dashboard.path(u"templating.list").items())
        collector.variable(variable);
    for (const Json& annotation : dashboard.path(u"annotations.list").items())
        collector.annotation(annotation);
    return std::move(digest);
}

} // namespace Promdeck
