#include "models/alertmanager/alertmanagerclient.h"
#include "models/config/alertmanager/muting.h"
#include "tests/integration/config/differential/dice.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

QByteArray randomRules(Dice& dice)
{
    const auto matchers = [&dice] {
        std::string out;
        for (std::size_t i = 1 + dice.below(2); i > 0; --i)
            out += dice.pick({"severity", "team", "env"}) + dice.pick({"=", "!=", "=~", "!~"}) + dice.pick({"a", "b", "\"a|b\"", "\"\"", "\".+\""}) + (i > 1 ? "', '" : "");
        return "['" + out + "']";
    };
    std::string rules;
    for (int i = 0; i < 6; ++i)
        rules += "- {source_matchers: " + matchers() + ", target_matchers: " + matchers() + ", equal: [" + dice.pick({"team", "team, env", "", "absent"}) + "]}\n";
    return QByteArray::fromStdString(rules);
}

} // namespace

/// Random rules and alerts in a real Alertmanager: which alerts it inhibits, and which we say it does.
class TestInhibition : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheServer_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed : {1U, 2U, 3U, 4U})
            QTest::addRow("seed %u", seed) << seed;
    }

    void agreesWithTheServer()
    {
        QFETCH(unsigned, seed);
        Dice dice(seed);
        const QByteArray config = "route: {receiver: a, group_wait: 0s}\nreceivers: [{name: a}]\ninhibit_rules:\n" + randomRules(dice);
        const auto server = TestServer::alertmanager(config);
        QVERIFY(server);
        std::vector<AlertLabels> alerts;
        Json::Array posted;
        for (int i = 0; i < 25; ++i) {
            AlertLabels labels {{"alertname", "A" + std::to_string(i)}};
            Json json = Json::object({{u"alertname"_s, QString::fromStdString(labels["alertname"])}});
            for (const char* name : {"severity", "team", "env"}) {
                if (!dice.chance(80))
                    continue;
                labels[name] = dice.pick({"a", "b", "c"});
                json.set(QString::fromLatin1(name), QString::fromStdString(labels[name]));
            }
            posted.push_back(Json::object({{u"labels"_s, json}}));
            alerts.push_back(labels);
        }
        HttpClient poster({});
        HttpRequest request;
        request.url = server->url().resolved(QUrl(u"api/v2/alerts"_s));
        request.method = HttpRequest::Method::Post;
        request.contentType = "application/json";
        request.body = Json::array(std::move(posted)).toUtf8();
        QVERIFY_RESULT(QCoro::waitFor(poster.send(request)));
        const YamlDocument document = YamlDocument::parse({config.constData(), size_t(config.size())});
        const auto rules = inhibitRulesOf(viewOf(*Schema::instance().find("alertmanager.Config"), document.root(), {}, YamlDialect::V2));
        QCOMPARE(rules.size(), 6U);
        QStringList expected;
        for (const AlertLabels& labels : alerts) {
            if (std::any_of(rules.begin(), rules.end(), [&](const InhibitRule& rule) { return rule.inhibitor(labels, alerts); }))
                expected.append(QString::fromStdString(labels.at("alertname")));
        }
        expected.sort();
        AlertmanagerClient client(server->url(), {});
        // The server works on what was posted in the background.
        QStringList inhibited;
        QTRY_VERIFY_WITH_TIMEOUT((inhibited = inhibitedNow(client, alerts.size())) == expected, 10000);
        QVERIFY2(inhibited == expected, config.constData());
    }

private:
    static QStringList inhibitedNow(AlertmanagerClient& client, std::size_t count)
    {
        QStringList names;
        const auto alerts = QCoro::waitFor(client.alerts({}));
        if (!alerts.ok() || alerts->size() != count)
            return {u"not there yet"_s};
        for (const ActiveAlert& alert : *alerts) {
            if (!alert.inhibitedBy.isEmpty())
                names.append(alert.labels.value(u"alertname"_s));
        }
        names.sort();
        return names;
    }
};

PROMDECK_TEST_MAIN(TestInhibition)
#include "tst_inhibition.moc"
