#include "models/config/templates/gotemplate.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

class TestTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void problems_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problem"); // "offset message", empty when it parses
        const auto row = [](const char* text, const char* problem) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(problem);
        };
        for (const char* fine :
             {"plain }} text", "{{ . }}", "{{ .x | }}", "{{ $labels.job }}", "{{ $x = 1 }}", "{{/* c */}}", "{{- . -}}",
              "{{ range $i, $e := query \"up\" }}{{ break }}{{ end }}", "{{ if 1 }}a{{ else if 2 }}b{{ else }}c{{ end }}",
              "{{ with 1 }}{{ else with 2 }}{{ end }}", "{{ define \"a\" }}{{ $v := 1 }}{{ $v }}{{ end }}{{ template \"a\" . }}",
              "{{ (index . 0).x }}", "{{ printf `%d` 0x1F 1_000 1e3 'a' -.5 }}", "{{ printf.x }}",
              "{{\n  $value\n  | humanize\n}}", "{{ block \"b\" . }}x{{ end }}", "{{ $.x.y }}"})
            row(fine, "");
        row("{{ }}", "3 missing value for command");
        row("a {{ $nope }}", "5 undefined variable \"$nope\"");
        row("{{ nope . }}", "3 function \"nope\" not defined");
        row("{{ if . }}", "10 unexpected EOF");
        row("{{ end }}", "3 unexpected {{end}}");
        row("{{ if . }}{{ else }}{{ else }}{{ end }}", "23 expected end; found {{else}}");
        row("{{ . ", "5 unclosed action");
        row("{{ \"a }}", "3 unterminated quoted string");
        row("{{ `a }}", "3 unterminated raw quoted string");
        row("{{/* a }}", "0 unclosed comment");
        row("{{/* a */ b}}", "9 comment ends before closing delimiter");
        row("{{ ( 1 }}", "7 unclosed left paren");
        row("{{ 1 2 ) }}", "7 unexpected right paren");
        row("{{ 3x }}", "3 bad number syntax: \"3x\"");
        row("{{ 09 }}", "3 integer overflow: \"09\"");
        row("{{ 'ab' }}", "3 malformed character constant: 'ab'");
        row("{{ .a-b }}", "5 bad character U+002D '-'");
        row("{{ 1 := 2 }}", "5 unexpected \":=\" in operand");
        row("{{ $a, $b := 1 }}", "3 too many declarations in command");
        row("{{ \"a\" | 3 }}", "9 non executable command in pipeline stage 2");
        row("{{ true.x }}", "3 unexpected . after term \"true\"");
        row("{{ break }}", "3 {{break}} outside {{range}}");
        row("{{ template x }}", "12 unexpected \"x\" in template clause");
        row("{{ define \"a\" }}1{{ end }}{{ define \"a\" }}2{{ end }}", "36 template: multiple definition of template \"a\"");
        row("{{ if . }}{{ define \"a\" }}{{ end }}{{ end }}", "13 unexpected <define> in command");
        row("{{ if . }}{{ $v := 1 }}{{ end }}{{ $v }}", "35 undefined variable \"$v\"");
    }

    void problems()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, problem);
        const ParsedTemplate parsed = parseTemplate(text.toStdString(), ruleTemplateDialect(3014));
        QByteArray found;
        for (const TemplateProblem& one : parsed.problems)
            found += QByteArray::number(qlonglong(one.offset)) + ' ' + QByteArray::fromStdString(one.message);
        QCOMPARE(found, problem);
    }

    void givesTheTree()
    {
        const ParsedTemplate parsed
            = parseTemplate("{{ range $i, $e := query \"up\" | first }}{{ $labels.job.x }}{{ end }}", ruleTemplateDialect(3014));
        QVERIFY(parsed.ok());
        const TemplateNode& range = *parsed.nodes.front();
        QVERIFY(range.kind == TemplateNode::Kind::Range);
        QCOMPARE(range.children[0]->variables, (std::vector<std::string> {"$i", "$e"}));
        QCOMPARE(range.children[0]->children.size(), 2U);
        std::vector<std::string> paths;
        visitTemplate(parsed.nodes, [&](const TemplateNode& node) {
            if (node.kind == TemplateNode::Kind::Variable)
                paths.insert(paths.end(), node.path.begin(), node.path.end());
        });
        QCOMPARE(paths, (std::vector<std::string> {"job", "x"}));
    }

    void newerFunctionsNeedNewerServers()
    {
        QVERIFY(parseTemplate("{{ now }}", ruleTemplateDialect(3014)).ok());
        QVERIFY(!parseTemplate("{{ now }}", ruleTemplateDialect(2042)).ok());
        QVERIFY(!parseTemplate("{{ toJson . }}", notificationTemplateDialect(25)).ok());
    }

    /// The shared cases know the outcome of execution as well; what fails to parse must be told from that.
    void corpus()
    {
        PROMDECK_NEED_SHARED();
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/templates/templates.jsonl"_s);
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            if (!row[u"text"].isString())
                continue;
            const bool rules = row[u"engine"].toString() == u"prometheus";
            const QString error = row[u"error"].toString();
            const bool parses = row[u"ok"].toBool() || error.contains(u"executing"_s)
                || (error.isEmpty() && row[u"text"].toString().contains(u"dict"_s));
            TemplateDialect dialect = rules ? ruleTemplateDialect(3014) : notificationTemplateDialect(34);
            dialect.functions.insert("tmpl"); // added when a template is run
            const ParsedTemplate parsed = parseTemplate(row[u"text"].toString().toStdString(), dialect);
            QVERIFY2(parsed.ok() == parses,
                     qPrintable(row[u"text"].toString() + u": "_s
                                + (parsed.ok() ? error : QString::fromStdString(parsed.problems.front().message))));
        }
    }
};

PROMDECK_TEST_MAIN(TestTemplate)
#include "tst_template.moc"
