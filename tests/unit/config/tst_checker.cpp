#include "models/config/checker.h"
#include "models/config/gotypes.h"
#include "models/config/rules/kubernetesselectors.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

QStringList check(const QByteArray& text, const CheckRules& rules = {})
{
    const YamlDocument document = YamlDocument::parse({text.constData(), size_t(text.size())});
    Checker checker(document, YamlDialect::V2, rules);
    checker.checkRoot("prometheus.Config");
    QStringList out;
    for (const Diagnostic& one : checker.diagnostics())
        out.append(u"%1:%2 %3"_s.arg(one.span.start.line).arg(one.span.start.column).arg(one.code));
    return out;
}

} // namespace

class TestChecker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void schemaIsLinked()
    {
        const SchemaStruct* scrape = Schema::instance().find("prometheus.ScrapeConfig");
        QVERIFY(scrape);
        // Its own key, one of an inlined struct, one inlined twice over, and a discovery.
        for (const char* key : {"job_name", "basic_auth", "proxy_url", "kubernetes_sd_configs"})
            QVERIFY2(scrape->find(key), key);
        QVERIFY(scrape->find("relabel_configs")->type.element->target);
    }

    void reportsEverythingInOnePass()
    {
        QCOMPARE(check("global:\n  scrape_interval: 15\n  foo: 1\nscrape_configs:\n- job_name: a\n  job_name: b\n"
                       "  honor_labels: \"true\"\n  sample_limit: -1\n  static_configs: x\n"),
                 (QStringList {u"3:3 yaml/unknown-key"_s, u"2:20 yaml/duration"_s, u"6:3 yaml/duplicate-key"_s,
                               u"7:17 yaml/type"_s, u"8:17 yaml/type"_s, u"9:19 yaml/type"_s}));
    }

    void suggestsTheNearestKey()
    {
        const YamlDocument document = YamlDocument::parse("scrape_config: []\n");
        const CheckRules rules;
        Checker checker(document, YamlDialect::V2, rules);
        checker.checkRoot("prometheus.Config");
        QVERIFY(checker.diagnostics().front().hint.contains(u"scrape_configs"_s));
    }

    void mergeKeysAreFollowed()
    {
        CheckRules rules;
        QStringList jobs;
        rules.structs["prometheus.ScrapeConfig"].push_back([&jobs](const StructView& view, Checker&) {
            jobs.append(QString::fromStdString(view.string("job_name") + "/" + view.string("scheme")));
        });
        QCOMPARE(check("scrape_configs:\n- &base\n  job_name: a\n  scheme: https\n- <<: *base\n  job_name: b\n", rules),
                 QStringList());
        QCOMPARE(jobs, (QStringList {u"a/https"_s, u"b/https"_s}));
    }

    void kubernetesSelectors_data()
    {
        QTest::addColumn<QByteArray>("selector");
        QTest::addColumn<bool>("asFields");
        QTest::addColumn<bool>("asLabels");
        const auto add = [](const char* selector, bool asFields, bool asLabels) {
            QTest::newRow(selector) << QByteArray(selector) << asFields << asLabels;
        };
        add("", true, true);
        add("foo=bar", true, true);
        add("metadata.status=Running", true, true);
        add("metadata.status-Running", false, true); // a label that has to be there
        add("a==b,c!=d", true, true);
        add("a=b,", true, false);
        add(",a=b", true, false);
        add("a=", true, true);
        add("a=b=c", false, false);
        add("a==b==c", false, false);
        add("a=b\\,c", true, false);
        add("a=b\\=c", true, false);
        add("a=b\\x", false, false);
        add("a=b\\", false, false);
        add("a!b=c", true, false); // a field of that name
        add("!a", false, true);
        add("!a=b", true, false);
        add("a in (b, c), d notin (e)", false, true);
        add("a in ()", false, false);
        add("a in (,)", false, true);
        add("a in (b", false, false);
        add("a in b", false, false);
        add("in in (in)", false, true);
        add("a > 1, b < 2", false, true);
        add("a > b", false, false);
        add("a > 99999999999999999999", false, false);
        add("app.kubernetes.io/name = x", true, true);
        add("Example.org/name", false, false);
        add("/name", false, false);
        add("a/b/c", false, false);
        add("-a", false, false);
        add("a=-b", true, false);
        add("a=b c", true, false);
        add("a=||b", true, false);
    }

    // Which selectors k8s.io/apimachinery reads; Debian's promtool has no Kubernetes to ask.
    void kubernetesSelectors()
    {
        QFETCH(QByteArray, selector);
        QTEST(fieldSelectorProblem(selector.toStdString()).isEmpty(), "asFields");
        QTEST(labelSelectorProblem(selector.toStdString()).isEmpty(), "asLabels");
    }

    void urls()
    {
        QVERIFY(urlProblem("http://host:9090/path?x=%41").isEmpty());
        QVERIFY(urlProblem("").isEmpty());
        QVERIFY(!urlProblem("http://[::1").isEmpty());
        QVERIFY(!urlProblem("http://h:port").isEmpty());
        QVERIFY(!urlProblem("://x").isEmpty());
        QVERIFY(!urlProblem("a:b/c\x01").isEmpty());
        QVERIFY(!urlProblem("http://h/%zz").isEmpty());
    }

    void sizesAndGoDurations()
    {
        QCOMPARE(*parseBase2Bytes("10MB"), 10LL << 20);
        QVERIFY(!parseBase2Bytes("10"));
        QVERIFY(parseBase2Bytes("1.5KiB"));
        QVERIFY(!parseBase2Bytes(std::string(400, '9') + "MB"));
        QVERIFY(parseBase2Bytes("7EB"));
        QVERIFY(!parseBase2Bytes("8EB"));
        QVERIFY(!parseBase2Bytes("66666666666666666666666666666666666666666666666666666666666666660MB"));
        QCOMPARE(*parseGoDuration("1.5h"), 5400000000000LL);
        QVERIFY(!parseGoDuration("1d"));
    }
};

PROMDECK_TEST_MAIN(TestChecker)
#include "tst_checker.moc"
