#include "models/config/alertmanager/matchers.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

namespace {

QByteArray fileContent(const Json& value)
{
    return value.isObject() ? QByteArray::fromBase64(value[u"b64"].toString().toLatin1()) : value.toString().toUtf8();
}

} // namespace

/// Verdicts over the shared cases: ours must agree with what the servers say.
class TestConfigCorpus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void prometheus_data() { loadRows({u"prometheus_config.jsonl"_s}); }
    void prometheus() { checkRow(prometheusRules(), "prometheus.Config"); }
    void alertmanager_data() { loadRows({u"alertmanager_config.jsonl"_s, u"alertmanager_fragment.jsonl"_s}); }
    void alertmanager() { checkRow(alertmanagerRules(), "alertmanager.Config"); }

    void matchers_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QString>("parser");
        QTest::addColumn<bool>("ok");
        PROMDECK_NEED_SHARED();
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/alertmanager/matchers.jsonl"_s);
        int number = 0;
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            ++number;
            // Rows marked so were never run against this parser.
            if (!row[u"input"].isString() || row.contains(u"skip"))
                continue;
            QTest::addRow("%d", number) << row[u"input"].toString().toUtf8() << row[u"parser"].toString() << row[u"ok"].toBool();
        }
    }

    void matchers()
    {
        PROMDECK_NEED_SHARED();
        QFETCH(QByteArray, input);
        QFETCH(QString, parser);
        QFETCH(bool, ok);
        const std::string text = input.toStdString();
        if (parser.startsWith(u"label-name"_s)) {
            QCOMPARE(parser == u"label-name-classic" ? isLegacyLabelName(text) : !text.empty() && isValidUtf8(text), ok);
            return;
        }
        const MatcherMode mode = parser.startsWith(u"utf8"_s) ? MatcherMode::Utf8
            : parser == u"classic"                            ? MatcherMode::Classic
                                                              : MatcherMode::Fallback;
        const MatcherResult result = parser.endsWith(u"single"_s) ? parseMatcher(text, mode) : parseMatchers(text, mode);
        QVERIFY2(result.ok() == ok, qPrintable(result.error));
    }

private:
    static void loadRows(const QStringList& files)
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("ok");
        QTest::addColumn<QString>("error");
        QTest::addColumn<bool>("agent");
        PROMDECK_NEED_SHARED();
        QByteArray lines;
        for (const QString& file : files)
            lines += Testing::readFile(Testing::sharedFolder() + u"/corpus/config/cases/"_s + file);
        for (const QByteArray& line : lines.split('\n')) {
            if (line.trimmed().isEmpty())
                continue;
            const Json row = Json::parse(line).valueOr({});
            if (!row[u"ok"].isBool() || row[u"level"].toString() != u"load")
                continue;
            const QString id = row[u"id"].toString();
            // Upstream's unit test runs before the matcher mode is set, so it sees the classic rule for label
            // names; the 0.34 program itself accepts any UTF-8 name here.
            if (id.contains(u"TestGroupByInvalidLabel"_s))
                continue;
            const bool agent = row[u"flags"].toUtf8().contains("agent");
            QTest::newRow(qPrintable(id)) << id << fileContent(row[u"files"][row[u"main"].toString()]) << row[u"ok"].toBool()
                                          << row[u"error"].toString() << agent;
        }
    }

    static void checkRow(const CheckRules& rules, const char* root)
    {
        PROMDECK_NEED_SHARED();
        QFETCH(QByteArray, text);
        QFETCH(bool, ok);
        QFETCH(QString, error);
        QFETCH(bool, agent);
        const YamlDocument document = YamlDocument::parse({text.constData(), size_t(text.size())});
        CheckOptions options;
        options.agent = agent;
        Checker checker(document, YamlDialect::V2, rules, options);
        checker.checkRoot(root);
        QStringList found;
        for (const Diagnostic& one : checker.diagnostics())
            found.append(u"%1:%2 %3"_s.arg(one.span.start.line).arg(one.span.start.column).arg(one.message));
        QVERIFY2(checker.hasErrors() == !ok,
                 qPrintable(u"expected: %1\nfound: %2"_s.arg(ok ? u"valid"_s : error, found.join(u'\n'))));
    }
};

PROMDECK_TEST_MAIN(TestConfigCorpus)
#include "tst_configcorpus.moc"
