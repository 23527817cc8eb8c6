#include "models/config/templates/celsyntax.h"
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

    void cel_data()
    {
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<QString>("problem"); // "OFFSET message"; empty for none
        const auto row = [](const char* expression, const char* problem) { QTest::newRow(expression) << QByteArray(expression) << QString::fromLatin1(problem); };
        for (const char* fine : {"body.foo == 'bar'", "body.foo == 'bar' && body.baz.startsWith('q')", "size(body.items) > 0", "!has(body.error)",
                                 "body.items.all(x, x.ok || x.n in [1, 2u, 0x3])", "body['a b'] != null ? true : false", "body.n * -1.5e3 >= .5",
                                 "body.list.map(i, i.size() > 2, {'a': i,}).exists(j, j.a == \"x\\n\")", "r'\\d' == body.x // note", "type(body) == map"})
            row(fine, "");
        row("body.a ==", "9 unexpected end");
        row("body.a == 1)", "11 unexpected )");
        row("(body.a", "7 expected )");
        row("bodi.a == 1", "0 undeclared reference to 'bodi'");
        row("body.a.nosuch(1)", "7 undeclared reference to 'nosuch'");
        row("nosuch(body)", "0 undeclared reference to 'nosuch'");
        row("body.all(x, x) && x", "18 undeclared reference to 'x'");
        row("body.a == 'x", "10 unterminated string");
        row("body.a == '\\q'", "12 invalid escape");
        row("for > 1", "0 reserved identifier: for");
        row("body.a = 1", "7 unexpected =");
        row("[1, 2", "5 expected ]");
        row("", "0 unexpected end");
        row("1x == 1", "1 malformed number");
    }

    void cel()
    {
        QFETCH(QByteArray, expression);
        QFETCH(QString, problem);
        const auto found = celProblem(expression.toStdString());
        QCOMPARE(found ? u"%1 %2"_s.arg(found->offset).arg(QString::fromStdString(found->message)) : QString(), problem);
    }

    void celIsNotEndless()
    {
        QVERIFY(celProblem(std::string(100000, '(')));
        QVERIFY(celProblem(std::string(100000, '!')));
    }
};

PROMDECK_TEST_MAIN(TestTemplate)
#include "tst_template.moc"
