#include "models/config/online/scrapepreview.h"
#include "models/config/preview/relabelpreview.h"
#include "models/prometheus/prometheusclient.h"
#include "tests/integration/config/differential/dice.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// What promtool says about a page: refused, or its remarks as "metric code".
struct Verdict
{
    bool refused = false;
    QStringList remarks;
    QString text;
};

QString codeOf(const QString& remark)
{
    const std::vector<std::pair<const char*, const char*>> codes {{"no help text", "no-help"}, {"use base unit", "base-unit"}, {"counter metrics should have", "counter-total"},
        {"non-counter metrics", "not-a-counter"}, {"should not have \"le\"", "reserved-label"}, {"should not have \"quantile\"", "reserved-label"}, {"non-histogram", "reserved-suffix"},
        {"metric name should not include type", "type-in-name"}, {"should not contain ':'", "colon"}, {"metric names should be written", "camel-case"},
        {"label names should be written", "label-camel-case"}, {"abbreviated units", "abbreviated-unit"}};
    for (const auto& [text, code] : codes) {
        if (remark.contains(QLatin1String(text)))
            return u"exposition/"_s + QLatin1String(code);
    }
    return u"?"_s + remark;
}

Verdict promtool(const QByteArray& page)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(serverBinary(u"promtool"_s), {u"check"_s, u"metrics"_s});
    process.write(page);
    process.closeWriteChannel();
    Verdict out;
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000))
        return out;
    out.text = QString::fromUtf8(process.readAll());
    out.refused = process.exitCode() == 1;
    for (const QString& line : out.refused ? QStringList() : out.text.split(u'\n', Qt::SkipEmptyParts))
        out.remarks.append(line.section(u' ', 0, 0) + u' ' + codeOf(line.section(u' ', 1)));
    out.remarks.sort();
    out.remarks.removeDuplicates();
    return out;
}

Verdict ours(const QByteArray& page, ExpositionFormat format = ExpositionFormat::Text)
{
    Verdict out;
    const ExpositionReport report = checkExposition({page.constData(), std::size_t(page.size())}, format);
    static const QStringList own {u"exposition/duplicate-series"_s, u"exposition/cardinality"_s, u"exposition/no-inf-bucket"_s, u"exposition/histogram-count"_s,
                                  u"exposition/buckets-shrink"_s, u"exposition/bucket-le"_s, u"exposition/counter-value"_s};
    for (const ExpositionProblem& one : report.problems) {
        if (one.finding.severity == Severity::Error) {
            out.refused = true;
            out.text += one.finding.message + u'\n';
        } else if (!own.contains(one.finding.code)) {
            out.remarks.append(QString::fromStdString(one.metric) + u' ' + one.finding.code);
        }
    }
    if (out.refused)
        out.remarks.clear();
    out.remarks.sort();
    out.remarks.removeDuplicates();
    return out;
}

QByteArray randomPage(Dice& dice)
{
    std::string page;
    const auto name = [&dice] { return dice.pick({"a", "requests_total", "lat_seconds", "size_kilobytes", "x_count", "camelCase", "n:rule", "h", "t_ms", "some_gauge", "s", "load_sum", "b_bucket", "time_hours"}); };
    for (std::size_t i = 2 + dice.below(6); i > 0; --i) {
        const std::string metric = name();
        switch (dice.below(9)) {
        case 0: page += "# TYPE " + metric + " " + dice.pick({"counter", "gauge", "histogram", "summary", "untyped", "GAUGE", "thing", "", "gauge x"}) + "\n"; break;
        case 1: page += "# HELP " + metric + " " + dice.pick({"some text", "", "a\\nb", "a\\x", "tab\there"}) + "\n"; break;
        case 2: page += dice.pick({"", "  ", "# comment", "#", "# HELP", "# TYPE", "#TYPE a gauge", "\t# HELP  a  b"}) + "\n"; break;
        default: {
            page += metric;
            if (dice.chance(50)) {
                page += dice.pick({"{", " {", "{ "});
                for (std::size_t n = dice.below(3); n > 0; --n)
                    page += dice.pick({"a", "b", "le", "quantile", "someLabel", "1x", "__name__", "c"}) + dice.pick({"=", "=", " = "}) + dice.pick({"\"x\"", "\"0.5\"", "\"+Inf\"", "\"a\\\"b\"", "\"\\q\"", "\"\xc3\xa9\"", "x", "\"\""}) + dice.pick({",", ",", " , ", ""});
                page += dice.pick({"}", "}", "}", " }", ""});
            }
            page += dice.pick({" ", " ", "\t", "  ", ""}) + dice.pick({"1", "2.5", "-3", "1e5", "NaN", "+Inf", "-inf", "0x10", "1_0", "x", "", ".5", "5."}) + dice.pick({"", "", "", " 123", " -5", " 1.5", " x", " 1 2", " "});
            page += dice.chance(97) ? "\n" : "";
        }
        }
    }
    return QByteArray::fromStdString(page);
}

} // namespace

/// Previews compared with the real tools and servers.
class TestPreviews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithPromtool()
    {
        Dice dice(5);
        QStringList differences;
        int refused = 0;
        const int count = qEnvironmentVariableIntValue("PROMDECK_PAGE_CASES") > 0 ? qEnvironmentVariableIntValue("PROMDECK_PAGE_CASES") : 150;
        for (int i = 0; i < count; ++i) {
            const QByteArray page = randomPage(dice);
            const Verdict theirs = promtool(page);
            const Verdict found = ours(page);
            refused += theirs.refused ? 1 : 0;
            if (theirs.refused != found.refused || theirs.remarks != found.remarks)
                differences.append(u"%1\n  promtool: %2\n  ours: %3 %4"_s.arg(QString::fromUtf8(page), theirs.text, found.text, found.remarks.join(u"; "_s)));
        }
        QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u"\n----\n"_s)));
        QVERIFY(refused > count / 5 && refused < count);
    }

    void readsPagesOfExporters()
    {
        std::vector<std::unique_ptr<TestServer>> servers;
        servers.push_back(TestServer::nodeExporter());
        servers.push_back(TestServer::blackboxExporter());
        servers.push_back(TestServer::alertmanager());
        servers.push_back(TestServer::prometheus());
        for (const auto& server : servers) {
            QVERIFY(server);
            HttpClient client(HttpOptions {});
            const auto preview = QCoro::waitFor(fetchExposition(client, server->url().resolved(QUrl(u"metrics"_s))));
            QVERIFY_RESULT(preview);
            const ExpositionReport& report = preview->report;
            QCOMPARE(report.count(Severity::Error), 0U);
            QVERIFY(report.series > 100 || report.families.size() > 20);
            for (const ExpositionProblem& one : report.problems)
                QVERIFY2(one.finding.code != u"exposition/duplicate-series" && one.finding.code != u"exposition/interleaved", qPrintable(one.finding.message));
            HttpRequest plain;
            plain.url = server->url().resolved(QUrl(u"metrics"_s));
            const QByteArray text = QCoro::waitFor(client.send(plain))->body;
            const Verdict theirs = promtool(text);
            const Verdict found = ours(text);
            QCOMPARE(found.refused, theirs.refused);
            QCOMPARE(found.remarks.join(u'\n'), theirs.remarks.join(u'\n'));
        }
    }

    void saysWhyNothingCame()
    {
        FakeHttpServer fake([](const FakeHttpServer::Request& request) {
            return request.path == "/gone" ? FakeHttpServer::answer("no", 404) : FakeHttpServer::answer("# TYPE a gauge\na 1\n# EOF\n", 200, "application/openmetrics-text; version=1.0.0; charset=utf-8");
        });
        HttpClient client(HttpOptions {});
        QCOMPARE(QCoro::waitFor(fetchExposition(client, fake.url(u"/gone"_s))).error().code, ErrorCode::HttpStatus);
        const auto preview = QCoro::waitFor(fetchExposition(client, fake.url(u"/metrics"_s)));
        QVERIFY_RESULT(preview);
        QVERIFY(preview->report.format == ExpositionFormat::OpenMetrics);
        QCOMPARE(preview->report.series, 1U);
        QVERIFY(fake.requests().back().header("accept").contains("openmetrics"));
    }

    void openMetricsAsTheServerReadsIt()
    {
        // The parser of the server, which needs timestamps here.
        const std::vector<std::pair<const char*, bool>> pages {{"# TYPE a counter\na_total{b=\"c\"} 1 1700000000\n# EOF\n", true}, {"a 1 1700000000\n", false}, {"a 1 1700000000\n# EOF\nb 1 1700000000\n", false},
            {"a 1 1700000000\n\n# EOF\n", false}, {"# hello\na 1 1700000000\n# EOF\n", false}, {"# UNIT a seconds\na 1 1700000000\n# EOF\n", false}, {"# TYPE a untyped\na 1 1700000000\n# EOF\n", false},
            {"# TYPE a unknown\na 1 1700000000\n# EOF\n", true}, {"a{b=\"c\"} x 1700000000\n# EOF\n", false}, {"a{b=\"c\\q\"} 1 1700000000\n# EOF\n", true}, {"a{b=c} 1 1700000000\n# EOF\n", false},
            {"# UNIT a_seconds seconds\na_seconds 1 1700000000.5\n# EOF\n", true}, {"# TYPE a counter\na_total 1 1700000000 # {t=\"x\"} 0.5\n# EOF\n", true}};
        for (const auto& [text, fine] : pages) {
            QTemporaryDir folder;
            QFile file(folder.filePath(u"page"_s));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            QProcess process;
            process.start(serverBinary(u"promtool"_s), {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, u"--quiet"_s, file.fileName(), folder.filePath(u"out"_s)});
            QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000));
            QVERIFY2((process.exitCode() == 0) == fine, text);
            QVERIFY2(ours(text, ExpositionFormat::OpenMetrics).refused == !fine, text);
        }
    }

    void relabelsAsTheServer()
    {
        const char* rulesText = "[{source_labels: [__address__], regex: '([^:]+):(\\d+)', target_label: host, replacement: '$1-$2'},"
                                "{source_labels: [env], regex: test, action: drop},"
                                "{source_labels: [__meta_x, job], separator: '/', target_label: joined},"
                                "{regex: 'copy_(.+)', action: labelmap, replacement: 'is_$1'}, {regex: 'copy_.*', action: labeldrop},"
                                "{source_labels: [host], modulus: 7, target_label: shard, action: hashmod},"
                                "{source_labels: [env], target_label: ENV, action: uppercase}, {target_label: __param_module, replacement: 'http 2xx'}]";
        const QByteArray config = QByteArray("scrape_configs:\n- job_name: j\n  metrics_path: /probe\n  relabel_configs: ") + rulesText
            + "\n  static_configs:\n  - {targets: ['a:1', 'b:22'], labels: {env: prod, copy_me: v}}\n  - {targets: ['c:3'], labels: {env: test}}\n  - {targets: ['d:4'], labels: {copy_a: '1', copy_b: ''}}\n";
        const auto server = TestServer::prometheus({.config = config});
        QVERIFY(server);
        PrometheusClient client(server->url(), {});
        std::vector<LiveTarget> targets;
        QTRY_VERIFY_WITH_TIMEOUT((targets = liveTargets(QCoro::waitFor(client.data(u"targets"_s)).valueOr({}))).size() == 4, 20000);
        const YamlDocument document = YamlDocument::parse({config.constData(), std::size_t(config.size())});
        const StructView root = viewOf(*Schema::instance().find("prometheus.Config"), document.root(), {}, YamlDialect::V2);
        const auto rules = relabelRulesOf(root.structsAt("scrape_configs").front(), "relabel_configs");
        QVERIFY(rules);
        int dropped = 0;
        for (const LiveTarget& target : targets) {
            const RelabelTrace trace = traceRelabel(target.discovered, *rules);
            QCOMPARE(!trace.output, target.isDropped);
            QCOMPARE(target.job, u"j"_s);
            dropped += target.isDropped ? 1 : 0;
            if (!trace.output)
                continue;
            QCOMPARE(trace.steps.size(), rules->size());
            const TargetOutcome outcome = targetOutcome(*trace.output);
            QStringList differences;
            for (const auto& [name, value] : outcome.labels)
                differences.append(QString::fromStdString(name + '=' + value));
            QStringList expectedLabels;
            for (const auto& [name, value] : target.labels)
                expectedLabels.append(QString::fromStdString(name + '=' + value));
            QCOMPARE(differences.join(u' '), expectedLabels.join(u' '));
            QString expected = target.scrapeUrl;
            QCOMPARE(outcome.scrapeUrl, expected.replace(u'+', u"%20"_s));
        }
        QCOMPARE(dropped, 1);
    }
};

PROMDECK_TEST_MAIN(TestPreviews)
#include "tst_previews.moc"
