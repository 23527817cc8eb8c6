#include "models/config/templates/notificationdata.h"
#include "models/config/templates/templateset.h"
#include "models/prometheus/prometheusclient.h"
#include "tests/integration/config/differential/dice.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QFile>
#include <QProcess>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Random templates: mostly sensible, some with the wrong types, so that errors are compared as well.
class Maker
{
public:
    Maker(unsigned seed, bool rules) : m_dice(seed), m_rules(rules) {}

    std::string make()
    {
        std::string out;
        m_defined = false;
        for (std::size_t i = 1 + m_dice.below(2); i > 0; --i)
            out += piece(2);
        return out;
    }

private:
    std::string piece(int depth)
    {
        if (depth > 0 && m_dice.chance(30)) {
            switch (m_dice.below(5)) {
            case 0: return "{{ if " + any() + " }}" + piece(depth - 1) + "{{ else }}-{{ end }}";
            case 1: return "{{ range $k, $v := " + list() + " }}{{ $k }}{{ $v }};{{ else }}none{{ end }}";
            case 2: return "{{ with " + any() + " }}{{ . }}" + "{{ else }}no{{ end }}";
            case 3: return "{{- $x := " + any() + " -}} a {{ $x }} {{- $x = " + text() + " }}{{ $x }}";
            default:
                if (depth < 2 || std::exchange(m_defined, true))
                    return "text";
                return "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" " + any() + " }}";
            }
        }
        return m_dice.chance(20) ? "plain " : "{{ " + any() + " }} ";
    }
    std::string any()
    {
        switch (m_dice.below(6)) {
        case 0: return number();
        case 1: return boolean();
        case 2: return list();
        case 3: return m_nested > 3 ? text() : formatted();
        default: return text();
        }
    }
    std::string text()
    {
        const std::string one = m_dice.pick({"\"\"", "\"a b&c\"", "`x:9100`", "\"\xc3\xa9t\xc3\xa9\"", "\"12.5\"", m_rules ? "$labels.job" : ".Receiver", m_rules ? "$labels.nope" : ".CommonLabels.job",
                                             m_rules ? ".Labels.instance" : ".ExternalURL", "(printf \"%v-%v\" 1 \"z\")"});
        switch (m_dice.below(10)) {
        case 0: return "(" + one + " | toUpper)";
        case 1: return "(toLower " + one + ")";
        case 2: return "(reReplaceAll \"([a-z])(.)\" \"$2<$1>\" " + one + ")";
        case 3: return "(html " + one + ")";
        case 4: return "(urlquery " + one + " 1)";
        case 5: return "(js " + one + ")";
        case 6: return "(slice " + one + " " + m_dice.pick({"0", "1", "2 3", "5 1"}) + ")";
        case 7: return m_rules ? "(" + m_dice.pick({"title", "stripPort", "stripDomain", "graphLink", "humanize", "humanizeDuration", "humanizePercentage", "toUpper"}) + " " + one + ")" : "(join \", \" .GroupLabels.Names)";
        default: return one;
        }
    }
    std::string number()
    {
        const std::string one = m_dice.pick({"0", "1", "-3", "2.5", "1e3", "0x1F", "'a'", "1234567.891", "1_000", "1e21", "0.00001", m_rules ? "$value" : "(len .Alerts)"});
        switch (m_dice.below(8)) {
        case 0: return "(len " + list() + ")";
        case 1: return m_rules ? "(" + m_dice.pick({"humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp"}) + " " + one + ")" : one;
        case 2: return "(print " + one + " " + one + " \"s\")";
        case 3: return "(toUpper " + one + ")"; // wrong
        default: return one;
        }
    }
    std::string boolean()
    {
        switch (m_dice.below(6)) {
        case 0: return "(" + m_dice.pick({"eq", "ne", "lt", "le", "gt", "ge"}) + " " + number() + " " + number() + ")";
        case 1: return "(" + m_dice.pick({"eq", "ne", "lt", "ge"}) + " " + text() + " " + text() + ")";
        case 2: return "(" + m_dice.pick({"and", "or"}) + " " + text() + " " + number() + ")";
        case 3: return "(not " + list() + ")";
        case 4: return "(match \"^[a-c]+\" " + text() + ")";
        default: return "(" + m_dice.pick({"eq", "lt"}) + " " + text() + " " + number() + ")"; // wrong
        }
    }
    std::string list()
    {
        if (m_rules)
            return m_dice.pick({"$labels", ".Labels", "(query \"vector(3)\")", "(query \"label_replace(vector(1), 'l', 'v', '', '')\" | sortByLabel \"l\")", "(args 1 \"b\")", "(query \"absent(vector(1))\")", "$externalLabels"});
        return m_dice.pick({".Alerts.Firing", ".CommonLabels.SortedPairs", ".GroupLabels", "(.CommonLabels.Remove (stringSlice \"job\"))", ".CommonLabels.Values", "(stringSlice \"q\" \"p\")",
                            "(index .Alerts 0).Annotations", ".Alerts.Resolved", "(index .Alerts 7)", ".Alerts.Nope", "(.CommonLabels.SortedPairs.Names)"});
    }
    std::string formatted()
    {
        const std::string verb = m_dice.pick({"%s", "%v", "%d", "%5.1f", "%q", "%x", "%X", "%t", "%08.3f", "%-6v|", "%+v", "%e", "%g", "%c", "%U", "%6s", "%.2s", "%T", "%#x", "%o", "%b", "% x", "%+d", "%z", "%*d", "%[2]v", "%", "%!"});
        ++m_nested;
        const std::string out = "(printf \"" + verb + "\" " + any() + (m_dice.chance(15) ? " 2" : "") + ")";
        --m_nested;
        return out;
    }

    Dice m_dice;
    bool m_rules;
    int m_nested = 0;
    bool m_defined = false;
};

QByteArray dataJson()
{
    return "{\"receiver\":\"team <a>\",\"status\":\"firing\",\"externalURL\":\"http://am/?x=1&y\",\"groupLabels\":{\"alertname\":\"Up\",\"job\":\"api\"},"
           "\"commonLabels\":{\"alertname\":\"Up\",\"job\":\"api\",\"zone\":\"b\"},\"commonAnnotations\":{},\"alerts\":["
           "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Up\",\"job\":\"api\",\"zone\":\"b\",\"i\":\"1\"},\"annotations\":{\"s\":\"it's <b>\"},\"startsAt\":\"2024-02-29T12:00:00.25Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://p/g\",\"fingerprint\":\"f1\"},"
           "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"Up\",\"job\":\"api\",\"zone\":\"b\",\"i\":\"2\"},\"annotations\":{},\"startsAt\":\"2024-02-29T12:00:00Z\",\"endsAt\":\"2024-02-29T12:05:00Z\",\"generatorURL\":\"\",\"fingerprint\":\"f2\"}]}";
}

struct Answer
{
    QString text;
    QString error;
};

Answer amtool(const QString& folder, const std::string& text, bool html)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(serverBinary(u"amtool"_s), {u"template"_s, u"render"_s, u"--template.glob=none.tmpl"_s, u"--template.data=data.json"_s, u"--template.type="_s + (html ? u"html"_s : u"text"_s),
                                              u"--template.text="_s + QString::fromStdString(text)});
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000))
        return {{}, u"did not end"_s};
    const QString error = QString::fromUtf8(process.readAllStandardError());
    return {QString::fromUtf8(process.readAllStandardOutput()), process.exitCode() == 0 ? QString() : error.mid(error.indexOf(u"error: "_s) + 7).trimmed()};
}

/// Behind the place, which differs by what the servers put in front of a template.
QString reason(const QString& error)
{
    const qsizetype at = error.indexOf(u" at <"_s);
    return at < 0 ? error.section(u": "_s, 2) : error.mid(at);
}

} // namespace

/// Random templates through amtool and through alerts of a running Prometheus.
class TestTemplateDifferential : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void notificationsAsAmtool_data()
    {
        QTest::addColumn<bool>("html");
        QTest::newRow("text") << false;
        QTest::newRow("html") << true;
    }

    void notificationsAsAmtool()
    {
        QFETCH(bool, html);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"data.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(dataJson());
        file.close();
        const GoValue data = NotificationData::fromJson(Json::parse(dataJson()).valueOr({})).valueOr({}).toValue();
        const TemplateSet set(TemplateKind::Notification, 25);
        TemplateEnvironment environment;
        environment.html = html;
        Maker maker(html ? 7 : 3, false);
        const int count = qEnvironmentVariableIntValue("PROMDECK_TEMPLATE_CASES") > 0 ? qEnvironmentVariableIntValue("PROMDECK_TEMPLATE_CASES") : html ? 60 : 200;
        QStringList differences;
        for (int i = 0; i < count; ++i) {
            const std::string text = maker.make();
            const Answer theirs = amtool(folder.path(), text, html);
            if (theirs.text.contains(u"*time.Location"_s))
                continue; // the insides of Go's clock
            if (theirs.error.contains(u"ends in different contexts"_s) || theirs.error.contains(u"predefined escaper"_s))
                continue; // found before anything runs; we follow what is written
            const TemplateOutcome ours = set.render(text, data, environment);
            const QString error = ours.failure ? QString::fromStdString(ours.failure->goText()) : QString();
            if (error != theirs.error && (html ? error.isEmpty() != theirs.error.isEmpty() : true))
                differences.append(u"%1\n  amtool: %2\n  ours:   %3"_s.arg(QString::fromStdString(text), theirs.error, error));
            else if (error.isEmpty() && QString::fromStdString(ours.text) != theirs.text)
                differences.append(u"%1\n  amtool: %2\n  ours:   %3"_s.arg(QString::fromStdString(text), theirs.text, QString::fromStdString(ours.text)));
        }
        QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    }

    void annotationsAsPrometheus()
    {
        Maker maker(11, true);
        std::vector<std::string> texts;
        QByteArray rules = "groups:\n- name: g\n  rules:\n";
        for (int i = 0; i < 300; ++i) {
            texts.push_back(maker.make());
            QByteArray quoted = QByteArray::fromStdString(texts.back());
            quoted.replace('\\', "\\\\").replace('"', "\\\"");
            rules += "  - {alert: A" + QByteArray::number(i) + ", expr: 'label_replace(label_replace(vector(1234.5), \"job\", \"api<1>\", \"\", \"\"), \"instance\", \"h.example:9100\", \"\", \"\")', annotations: {t: \"" + quoted + "\"}}\n";
        }
        const auto server = TestServer::prometheus({.config = "global: {evaluation_interval: 1s, external_labels: {region: eu}}\nrule_files: [r.yml]\n", .files = {{u"r.yml"_s, rules}}});
        QVERIFY(server);
        PrometheusClient client(server->url(), {});
        Json alerts;
        QVERIFY(QTest::qWaitFor([&] {
            alerts = QCoro::waitFor(client.data(u"alerts"_s)).valueOr({})[u"alerts"];
            return alerts.size() == 300;
        }, 30000));
        TemplateEnvironment environment;
        environment.queries = {{"vector(3)", {{{}, 3}}}, {"label_replace(vector(1), 'l', 'v', '', '')", {{{{"l", "v"}}, 1}}}, {"absent(vector(1))", {}}};
        const GoValue data = ruleTemplateData({{"alertname", "x"}, {"job", "api<1>"}, {"instance", "h.example:9100"}}, {{"region", "eu"}}, "", 1234.5);
        const TemplateSet set(TemplateKind::Rule, 2042);
        QStringList differences;
        for (const Json& alert : alerts.items()) {
            const int index = alert[u"labels"][u"alertname"].toString().mid(1).toInt();
            const QString theirs = alert[u"annotations"][u"t"].toString();
            // The name of the alert is not there yet when annotations are expanded.
            GoValue own = ruleTemplateData({{"job", "api<1>"}, {"instance", "h.example:9100"}}, {{"region", "eu"}}, "", 1234.5);
            const TemplateOutcome ours = set.render(texts[std::size_t(index)], own, environment);
            if (ours.text.find("0xc0") != std::string::npos)
                continue; // addresses of Go's memory
            const bool failed = theirs.startsWith(u"<error expanding"_s);
            const QString error = ours.failure ? QString::fromStdString(ours.failure->goText()) : QString();
            if (failed != ours.failure.has_value() || (failed && reason(theirs.chopped(1)) != reason(error)) || (!failed && theirs != QString::fromStdString(ours.text)))
                differences.append(u"%1\n  server: %2\n  ours:   %3"_s.arg(QString::fromStdString(texts[std::size_t(index)]), theirs, failed ? error : QString::fromStdString(ours.text)));
        }
        QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    }
};

PROMDECK_TEST_MAIN(TestTemplateDifferential)
#include "tst_templatedifferential.moc"
