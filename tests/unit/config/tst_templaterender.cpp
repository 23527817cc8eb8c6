#include "models/config/templates/notificationdata.h"
#include "models/config/templates/templateset.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNow = 1700000000000;

std::string resultOf(const TemplateOutcome& outcome)
{
    if (outcome.neededQuery)
        return "needs " + *outcome.neededQuery;
    return outcome.failure ? "! " + outcome.failure->goText() : outcome.text;
}

/// A JSON value as the data of a template; "_t" names the Go type, "_items" the items of a named list.
GoValue valueOf(const Json& json, const QString& type = {})
{
    const QString own = json[u"_t"].isString() ? json[u"_t"].toString() : type;
    if (json.contains(u"_items"))
        return valueOf(json[u"_items"], own);
    if (json[u"_call"].isString()) { // time.Date(y, m, d, h, m, s, ns, UTC)
        GoTime time;
        const auto arg = [&json](int i) { return int(json[u"args"].at(i).toInt()); };
        time.seconds = secondsOf(arg(0), arg(1), arg(2), arg(3), arg(4), arg(5));
        return GoValue::time(time);
    }
    if (json[u"_ref"].isString())
        return GoValue::number(18446744073709551615.0); // math.MaxUint64
    switch (json.type()) {
    case Json::Type::Bool: return GoValue::boolean(json.toBool());
    case Json::Type::Integer: return GoValue::integer(json.toInt());
    case Json::Type::Double: return GoValue::number(json.toDouble());
    case Json::Type::String: return GoValue::string(json.toString().toStdString());
    case Json::Type::Array: {
        GoValue::Items items;
        for (const Json& item : json.items())
            items.push_back(valueOf(item));
        return own == u"Alerts" ? GoValue::list(std::move(items), "template.Alert", "template.Alerts") : GoValue::list(std::move(items), "interface {}");
    }
    case Json::Type::Object: break;
    case Json::Type::Null: return {};
    }
    GoValue::Map map;
    for (const auto& [name, item] : json.members()) {
        if (name != u"_t")
            map[name.toStdString()] = valueOf(item);
    }
    if (own == u"KV")
        return GoValue::map(std::move(map), "string", "template.KV");
    if (own == u"Data") {
        GoValue::Fields fields {{"Receiver", GoValue::string({})}, {"Alerts", GoValue::list({}, "template.Alert", "template.Alerts")}};
        for (auto& [name, item] : map) {
            std::erase_if(fields, [&name = name](const auto& one) { return one.first == name; });
            fields.emplace_back(name, item);
        }
        return GoValue::record(std::move(fields), "template.Data");
    }
    if (map.contains("Labels")) {
        const GoValue none = GoValue::nilMap("string", "template.KV");
        const auto text = [&map](const char* name) { return map.contains(name) ? map[name] : GoValue::string({}); };
        GoValue labels = valueOf(json[u"Labels"]);
        return GoValue::record({{"Status", text("Status")}, {"Labels", labels}, {"Annotations", none}, {"StartsAt", GoValue::time({})},
                                {"EndsAt", GoValue::time({})}, {"GeneratorURL", text("GeneratorURL")}, {"Fingerprint", text("Fingerprint")}}, "template.Alert");
    }
    return GoValue::map(std::move(map), "interface {}");
}

} // namespace

class TestTemplateRender : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* text, const char* result) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(result); };
        row("{{ $labels.job }} {{ $labels.nope }}| {{ $value }} {{ .Value }}", "api | 1.234567e+06 1.234567e+06");
        row("{{ $value | humanize }} {{ humanize1024 $value }} {{ humanizePercentage 0.123456 }}", "1.235M 1.177Mi 12.35%");
        row("{{ humanizeDuration 0.0123 }} {{ humanizeDuration 3725 }}", "12.3ms 1h 2m 5s");
        row("{{ humanizeTimestamp 1700000000.5 }}", "2023-11-14 22:13:20.5 +0000 UTC");
        row("{{ printf \"%.2f|%5d|%-4s|%q|%x|%v|%t|%T\" $value 7 \"a\" \"b\" \"hi\" 1.5 true $labels }}", "1234567.00|    7|a   |\"b\"|6869|1.5|true|map[string]string");
        row("{{ printf \"%d %s %\" \"x\" 1 }}", "%!d(string=x) %!s(int=1) %!(NOVERB)");
        row("{{ printf \"%s\" }}{{ printf \"a\" 1 2.5 }}", "%!s(MISSING)a%!(EXTRA int=1, float64=2.5)");
        row("{{ printf \"%08.3f|%+d|%x|%#x|%c|%U|%e\" 3.14159 5 255 255 65 0x1F600 123456.789 }}", "0003.142|+5|ff|0xff|A|U+1F600|1.234568e+05");
        row("{{ print 1 2 \"a\" \"b\" 3 }} {{ println true }}", "1 2ab3 true\n");
        row("{{ if and $labels.job (not $labels.nope) }}y{{ else }}n{{ end }}", "y");
        row("{{ or \"\" 0 \"last\" }}{{ and 1 0 2 }}", "last0");
        row("{{ eq 1 2 1 }} {{ ne \"a\" \"b\" }} {{ lt 1 2 }} {{ ge 2.5 2.5 }} {{ gt \"b\" \"a\" }}", "true true true true true");
        row("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}", "instance=a:9100;job=api;");
        row("{{ range $i, $e := query \"up\" }}{{ if eq $i 1 }}{{ break }}{{ end }}{{ .Labels.job }}={{ .Value }} {{ end }}", "one=3 ");
        row("{{ range query \"none\" }}x{{ else }}empty{{ end }}", "empty");
        row("{{ with query \"up\" }}{{ . | first | value }} {{ . | sortByLabel \"job\" | first | label \"job\" }}{{ end }}", "3 one");
        row("{{ query \"unknown\" | first | value }}", "needs unknown");
        row("{{ query \"broken\" }}", "! template: :1:3: executing \"\" at <query \"broken\">: error calling query: parse error");
        row("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}", "2");
        row("a {{- /* c */ -}} b {{ \"x\" -}}   \n  y", "ab xy");
        row("{{ define \"t\" }}[{{ . }}]{{ end }}{{ template \"t\" $labels.job }}{{ template \"t\" }}", "[api][<no value>]");
        row("{{ block \"b\" 5 }}<{{ . }}>{{ end }}", "<5>");
        row("{{ index $labels \"job\" }} {{ index (args 1 \"b\") \"arg1\" }} {{ slice \"hello\" 1 3 }} {{ len \"h\xc3\xa9\" }}", "api b el 3");
        row("{{ (index (query \"up\") 1).Labels.job }}", "two");
        row("{{ html \"<a&'\\\">\" }} {{ js \"it's\" }} {{ urlquery \"a b&c\" }}", "&lt;a&amp;&#39;&#34;&gt; it\\'s a+b%26c");
        row("{{ reReplaceAll \"(.*):.*\" \"$1\" $labels.instance }} {{ match \"^a\" $labels.instance }}", "a true");
        row("{{ title \"some words\" }} {{ toUpper \"x\" }} {{ stripPort $labels.instance }}", "Some Words X a");
        row("{{ externalURL }}{{ pathPrefix }} {{ $externalURL }} {{ $externalLabels.region }}", "http://prom.example:9090/p/p http://prom.example:9090/p eu");
        row("{{ graphLink \"up == 0\" }}", "/graph?g0.expr=up+%3D%3D+0&g0.tab=0");
        row("{{ (toTime 1700000000).Format \"Mon Jan _2 15:04:05 2006\" }} {{ (now | toTime).Year }}", "Tue Nov 14 22:13:20 2023 2023");
        row("{{ .Nope }}", "! template: :1:3: executing \"\" at <.Nope>: can't evaluate field Nope in type struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }");
        row("a\n {{ humanize \"x\" }}", "! template: :2:4: executing \"\" at <humanize \"x\">: error calling humanize: strconv.ParseFloat: parsing \"x\": invalid syntax");
        row("{{ toUpper 1 }}", "! template: :1:11: executing \"\" at <1>: expected string; found 1");
        row("{{ $value | toUpper }}", "! template: :1:12: executing \"\" at <toUpper>: wrong type for value; expected string; got float64");
        row("{{ toUpper \"a\" \"b\" }}", "! template: :1:3: executing \"\" at <toUpper>: wrong number of args for toUpper: want 1 got 2");
        row("{{ lt 1 \"a\" }}", "! template: :1:3: executing \"\" at <lt 1 \"a\">: error calling lt: incompatible types for comparison");
        row("{{ index $labels 1 }}", "! template: :1:3: executing \"\" at <index $labels 1>: error calling index: value has type int; should be string");
        row("{{ template \"none\" . }}", "! template: :1:12: executing \"\" at <{{template \"none\" .}}>: template \"none\" not defined");
        row("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}", "! template: :1:28: executing \"r\" at <{{template \"r\" .}}>: exceeded maximum template depth (400)");
        row("{{ $labels.job \"x\" }}", "! template: :1:10: executing \"\" at <$labels.job>: job is not a method but has arguments");
        row("{{ nil }}", "! template: :1:3: executing \"\" at <nil>: nil is not a command");
        row("{{ if }}{{ end }}", "! template: :1: missing value for if");
    }

    void rules()
    {
        QFETCH(QString, text);
        QFETCH(QString, result);
        const GoValue data = ruleTemplateData({{"job", "api"}, {"instance", "a:9100"}}, {{"region", "eu"}}, "http://prom.example:9090/p", 1234567);
        TemplateEnvironment environment;
        environment.nowMs = kNow;
        environment.externalUrl = "http://prom.example:9090/p";
        environment.queries = {{"up", {{{{"job", "one"}}, 3}, {{{"job", "two"}}, 4}}}, {"none", {}}};
        environment.queryErrors = {{"broken", "parse error"}};
        QCOMPARE(QString::fromStdString(resultOf(TemplateSet(TemplateKind::Rule, 3014).render(text.toStdString(), data, environment))), result);
    }

    void notifications_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* text, const char* result) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(result); };
        row("{{ .Receiver }} {{ .Status }} {{ len .Alerts.Firing }} {{ .Alerts.Resolved | len }}", "team-hosts firing 2 1");
        row("{{ .GroupLabels }}|{{ .CommonLabels.SortedPairs }}", "alertname=HostHighLoad, cluster=north|alertname=HostHighLoad, cluster=north, job=node, severity=warning");
        row("{{ range .CommonLabels.SortedPairs }}{{ .Name }}:{{ .Value }} {{ end }}", "alertname:HostHighLoad cluster:north job:node severity:warning ");
        row("{{ (.CommonLabels.Remove .GroupLabels.Names).Values | join \"+\" }}", "node+warning");
        row("{{ .CommonLabels.Remove (stringSlice \"job\" \"severity\") }}", "alertname=HostHighLoad, cluster=north");
        row("{{ range .Alerts }}{{ .Labels.instance }}{{ if .EndsAt.IsZero }}*{{ end }} {{ end }}", "db1:9100* db2:9100* web1:9100 ");
        row("{{ (index .Alerts 0).StartsAt.Format \"15:04:05\" }} {{ since (index .Alerts 0).StartsAt }}", "22:01:20 12m0s");
        row("{{ (index .Alerts 0).StartsAt | tz \"Europe/Berlin\" | date \"15:04 MST\" }}", "23:01 CET");
        row("{{ template \"__subject\" . }}", "[FIRING:2] HostHighLoad north (node warning)");
        row("{{ template \"slack.default.titlelink\" . }}", "http://alertmanager.example:9093/#/alerts?receiver=team-hosts");
        row("{{ template \"mine\" . }} {{ template \"twice\" . }}", "own db1:9100 own db1:9100own db1:9100");
        row("{{ .Nope }}", "! template: :1:3: executing \"\" at <.Nope>: can't evaluate field Nope in type template.Data");
        row("{{ template \"broken\" . }}", "! template: mine.tmpl:3:11: executing \"broken\" at <.Alerts.Nope>: can't evaluate field Nope in type template.Alerts");
    }

    void notifications()
    {
        QFETCH(QString, text);
        QFETCH(QString, result);
        TemplateSet set(TemplateKind::Notification, 34);
        QVERIFY(!set.add("/etc/alertmanager/mine.tmpl", "{{ define \"mine\" }}own {{ (index .Alerts 0).Labels.instance }}{{ end }}\n{{ define \"broken\" }}\n {{ .Alerts.Nope }}{{ end }}"
                                                        "{{ define \"twice\" }}{{ template \"mine\" . }}{{ template \"mine\" . }}{{ end }}"));
        TemplateEnvironment environment;
        environment.nowMs = kNow;
        QCOMPARE(QString::fromStdString(resultOf(set.render(text.toStdString(), NotificationData::sample(kNow).toValue(), environment))), result);
    }

    void namesAFailureInsideOfAFile()
    {
        TemplateSet set(TemplateKind::Notification, 34);
        QVERIFY(!set.add("/t/a.tmpl", "{{ define \"x\" }}\n  \xc3\xa9 {{ .Nope }}{{ end }}"));
        const TemplateOutcome outcome = set.render("{{ template \"x\" . }}", NotificationData::sample(kNow).toValue(), {});
        QVERIFY(outcome.failure);
        QCOMPARE(outcome.failure->source, std::string("/t/a.tmpl"));
        QCOMPARE(outcome.failure->line, 2);
        QCOMPARE(outcome.failure->column, 8);
        QCOMPARE(QString::fromStdString(outcome.text), u"\n  \u00e9 "_s);
        const auto parse = set.add("/t/b.tmpl", "ok\n {{ nope }}");
        QVERIFY(parse);
        QCOMPARE(QString::fromStdString(parse->goText()), u"template: b.tmpl:2: function \"nope\" not defined"_s);
        QCOMPARE(parse->column, 5);
    }

    void escapesWhereHtmlNeedsIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* text, const char* result) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(result); };
        row("<b>{{ .x }}</b>", "<b>&lt;i&gt; &amp; &#34;q&#34;</b>");
        row("<b>{{ .x | safeHtml }}</b><!-- gone -->", "<b><i> & \"q\"</b>");
        row("<a title=\"{{ .x }}\">", "<a title=\"&lt;i&gt; &amp; &#34;q&#34;\">");
        row("<a title={{ .x }}>", "<a title=&lt;i&gt;&#32;&amp;&#32;&#34;q&#34;>");
        row("<a href=\"{{ .u }}\">", "<a href=\"http://x/?a=1&amp;b=%22\">");
        row("<a href=\"{{ .j }}\">", "<a href=\"#ZgotmplZ\">");
        row("<script>var a = {{ .x }}, n = {{ .n }};</script>{{ .x }}", "<script>var a = \"\\u003ci\\u003e \\u0026 \\\"q\\\"\", n =  3 ;</script>&lt;i&gt; &amp; &#34;q&#34;");
        row("<title>{{ .x | html }}</title>", "<title>&amp;lt;i&amp;gt; &amp;amp; &amp;#34;q&amp;#34;</title>");
    }

    void escapesWhereHtmlNeedsIt()
    {
        QFETCH(QString, text);
        QFETCH(QString, result);
        const GoValue data = GoValue::map({{"x", GoValue::string("<i> & \"q\"")}, {"u", GoValue::string("http://x/?a=1&b=\"")}, {"j", GoValue::string("javascript:alert(1)")}, {"n", GoValue::integer(3)}}, "interface {}");
        TemplateEnvironment environment;
        environment.html = true;
        QCOMPARE(QString::fromStdString(resultOf(TemplateSet(TemplateKind::Notification, 34).render(text.toStdString(), data, environment))), result);
    }

    void readsWebhookData()
    {
        const Json json = Json::parse("{\"receiver\":\"r\",\"status\":\"resolved\",\"alerts\":[{\"status\":\"resolved\",\"labels\":{\"a\":\"1\"},\"startsAt\":\"2024-02-29T12:00:00.5+01:00\"}]}").valueOr({});
        const auto data = NotificationData::fromJson(json);
        QVERIFY_RESULT(data);
        QVERIFY(!data->isFiring);
        QCOMPARE(data->alerts[0].startsMs, 1709204400500);
        QVERIFY(!NotificationData::fromJson(Json(u"x"_s)).ok());
    }

    /// The servers' own cases: what they print, and how they fail.
    void corpus()
    {
        PROMDECK_NEED_SHARED();
        int compared = 0;
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/templates/templates.jsonl"_s);
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            const QString text = row[u"text"].toString();
            if (!row[u"text"].isString() || text.contains(u"tmpl "_s) || row[u"output"].isObject())
                continue; // consoles only; and native histograms
            const bool rules = row[u"engine"].toString() == u"prometheus";
            TemplateEnvironment environment;
            environment.nowMs = 1353755652000; // what the cases call now
            environment.externalUrl = "http://testhost:9090/path/prefix";
            environment.html = row[u"html"].toBool();
            TemplateSamples samples;
            for (const Json& item : row[u"needs_query_result"][u"_items"].items()) {
                TemplateSample sample {{}, item[u"F"].toDouble()};
                if (item.contains(u"Metric"))
                    sample.labels = {{"__name__", "metric"}, {"instance", "a"}};
                samples.push_back(sample);
            }
            for (const char* expression : {"1.5", "metric{instance='a'}", "metric", "missing"})
                environment.queries[expression] = samples;
            const TemplateOutcome outcome
                = TemplateSet(rules ? TemplateKind::Rule : TemplateKind::Notification, rules ? 3014 : 34).render(text.toStdString(), valueOf(row[rules ? u"input" : u"data"]), environment);
            const QString found = QString::fromStdString(resultOf(outcome));
            ++compared;
            if (row[u"ok"].toBool()) {
                QCOMPARE(found, row[u"output"].toString());
                continue;
            }
            QVERIFY2(outcome.failure, qPrintable(text + u" gave "_s + found));
            if (!row[u"error"].isString())
                continue;
            QString expected = row[u"error"].toString();
            expected.remove(0, qMax(0, expected.indexOf(u"template: "_s, rules ? 20 : 0)));
            QCOMPARE(found.mid(2).replace(u"template: :"_s, rules ? u"template: test:"_s : u"template: :"_s).replace(u"executing \"\""_s, rules ? u"executing \"test\""_s : u"executing \"\""_s), expected);
        }
        QVERIFY(compared > 80);
    }
};

PROMDECK_TEST_MAIN(TestTemplateRender)
#include "tst_templaterender.moc"
