#include "models/dashboard/paneledit.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

Json jsonOf(const char* text)
{
    const Result<Json> parsed = Json::parse(QByteArray(text));
    return parsed.ok() ? *parsed : Json();
}

QString refIds(const Json& panel)
{
    QString ids;
    for (const Json& target : panel[u"targets"].items())
        ids += target[u"refId"].toString();
    return ids;
}

} // namespace

class TestPanelEdit final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsRefIds();
    void editsTargets();
    void choosesKinds();
    void setsAndRemovesOptions();
    void keepsWhatTypesShare();
    void switchesBack();
    void editsOverrides();
    void editsTransformations();
};

void TestPanelEdit::countsRefIds()
{
    Json panel = jsonOf("{}");
    QCOMPARE(freeRefId(panel), u"A"_s);
    for (int i = 0; i < 27; ++i)
        panel = withTargetAdded(panel);
    QCOMPARE(panel[u"targets"].at(25)[u"refId"].toString(), u"Z"_s);
    QCOMPARE(panel[u"targets"].at(26)[u"refId"].toString(), u"AA"_s);
    QCOMPARE(freeRefId(withTargetRemoved(panel, 1)), u"B"_s);
}

void TestPanelEdit::editsTargets()
{
    Json panel = jsonOf("{\"targets\": [{\"refId\": \"A\", \"expr\": \"a\", \"datasource\": {\"uid\": \"x\"}}, {\"refId\": \"B\", \"expr\": \"b\"}]}");
    panel = withTargetDuplicated(panel, 0);
    QCOMPARE(refIds(panel), u"ACB"_s);
    QCOMPARE(panel[u"targets"].at(1)[u"expr"].toString(), u"a"_s);
    panel = withTargetMoved(panel, 2, 0);
    QCOMPARE(refIds(panel), u"BAC"_s);
    panel = withTargetAdded(panel, u"up"_s);
    QCOMPARE(refIds(panel), u"BACD"_s);
    QCOMPARE(panel[u"targets"].at(3)[u"datasource"][u"uid"].toString(), u"x"_s);
    panel = withTargetRemoved(panel, 1);
    QCOMPARE(refIds(panel), u"BCD"_s);
    panel = withTargetMember(panel, 0, u"hide"_s, Json(true));
    QVERIFY(panel[u"targets"].at(0)[u"hide"].toBool());
    panel = withTargetMember(panel, 0, u"hide"_s, {});
    QVERIFY(!panel[u"targets"].at(0).contains(u"hide"));
    // Places that are not there change nothing.
    for (const Json& same : {withTargetRemoved(panel, 9), withTargetMoved(panel, 0, 9), withTargetMoved(panel, -1, 0),
                             withTargetDuplicated(panel, 3), withTargetMember(panel, 3, u"expr"_s, Json(1))})
        QCOMPARE(same, panel);
}

void TestPanelEdit::choosesKinds()
{
    Json panel = jsonOf("{\"targets\": [{\"refId\": \"A\"}, {\"refId\": \"B\", \"instant\": true}]}");
    QCOMPARE(targetKind(panel[u"targets"].at(0)), u"range"_s);
    QCOMPARE(targetKind(panel[u"targets"].at(1)), u"instant"_s); // as files of old say it
    for (const QString& kind : {u"both"_s, u"instant"_s, u"range"_s}) {
        panel = withTargetKind(panel, 0, kind);
        QCOMPARE(targetKind(panel[u"targets"].at(0)), kind);
    }
}

void TestPanelEdit::setsAndRemovesOptions()
{
    Json panel = jsonOf("{\"options\": {}, \"fieldConfig\": {\"defaults\": {}, \"overrides\": []}}");
    const Json empty = panel;
    panel = withOption(panel, u"options.legend.placement"_s, Json(u"right"_s));
    panel = withOption(panel, u"fieldConfig.defaults.custom.stacking.mode"_s, Json(u"normal"_s));
    QCOMPARE(panel.path(u"options.legend.placement").toString(), u"right"_s);
    // Nothing stays behind.
    panel = withOption(panel, u"options.legend.placement"_s, {});
    panel = withOption(panel, u"fieldConfig.defaults.custom.stacking.mode"_s, {});
    QCOMPARE(panel, empty);
    QCOMPARE(withOption(panel, u"title"_s, {}), empty);
}

void TestPanelEdit::keepsWhatTypesShare()
{
    const Json panel = jsonOf("{\"id\": 4, \"type\": \"timeseries\", \"title\": \"T\", \"targets\": [{\"refId\": \"A\"}],"
                              "\"options\": {\"legend\": {\"placement\": \"right\"}, \"tooltip\": {\"mode\": \"multi\"}},"
                              "\"fieldConfig\": {\"defaults\": {\"unit\": \"bytes\", \"color\": {\"mode\": \"palette-classic\"},"
                              "\"custom\": {\"lineWidth\": 3}, \"thresholds\": {\"steps\": [{\"value\": null}]}},"
                              "\"overrides\": [{\"matcher\": {\"id\": \"byName\"}, \"properties\": []}]}}");
    const Json stat = withPanelType(panel, u"stat"_s);
    QCOMPARE(stat[u"type"].toString(), u"stat"_s);
    QCOMPARE(stat[u"title"].toString(), u"T"_s);
    QCOMPARE(stat[u"targets"].size(), 1);
    QCOMPARE(stat.path(u"fieldConfig.defaults.unit").toString(), u"bytes"_s);
    QCOMPARE(stat.path(u"fieldConfig.defaults.thresholds.steps").size(), 1);
    QCOMPARE(stat.path(u"fieldConfig.overrides").size(), 1);
    QVERIFY(stat.path(u"fieldConfig.defaults.custom").isNull());
    QVERIFY(stat.path(u"fieldConfig.defaults.color.mode").isNull()); // by thresholds, as a stat is unless told
    QVERIFY(stat.path(u"options.legend").isNull());
    const Json bars = withPanelType(panel, u"barchart"_s);
    QCOMPARE(bars.path(u"options.legend.placement").toString(), u"right"_s);
    QCOMPARE(withPanelType(panel, u"timeseries"_s), panel);
}

void TestPanelEdit::switchesBack()
{
    const Json panel = jsonOf("{\"type\": \"timeseries\", \"options\": {\"legend\": {\"placement\": \"right\"}},"
                              "\"fieldConfig\": {\"defaults\": {\"color\": {\"mode\": \"palette-classic\"}, \"custom\": {\"lineWidth\": 3}}}}");
    const Json back = withPanelType(withPanelType(panel, u"gauge"_s), u"timeseries"_s);
    QCOMPARE(back.path(u"fieldConfig.defaults.custom.lineWidth").toInt(), 3);
    QCOMPARE(back.path(u"options.legend.placement").toString(), u"right"_s);
    QCOMPARE(back.path(u"fieldConfig.defaults.color.mode").toString(), u"palette-classic"_s);
}

void TestPanelEdit::editsOverrides()
{
    Json panel = withOverrideAdded(jsonOf("{}"), u"byName"_s);
    panel = withOverrideAdded(panel, u"byType"_s);
    QCOMPARE(panel.path(u"fieldConfig.overrides").at(1).path(u"matcher.options").toString(), u"number"_s);
    panel = withOverrideProperty(panel, 0, u"unit"_s, Json(u"s"_s));
    panel = withOverrideProperty(panel, 0, u"custom.lineWidth"_s, Json(2));
    panel = withOverrideProperty(panel, 0, u"unit"_s, Json(u"ms"_s));
    const Json rule = panel.path(u"fieldConfig.overrides").at(0);
    QCOMPARE(rule[u"properties"].size(), 2);
    QCOMPARE(rule[u"properties"].at(0)[u"value"].toString(), u"ms"_s);
    panel = withOverridePropertyRemoved(panel, 0, u"unit"_s);
    QCOMPARE(panel.path(u"fieldConfig.overrides").at(0)[u"properties"].size(), 1);
    panel = withOverrideMatcher(panel, 0, jsonOf("{\"id\": \"byRegexp\", \"options\": \"/a/\"}"));
    panel = withOverrideMoved(panel, 0, 1);
    QCOMPARE(panel.path(u"fieldConfig.overrides").at(1).path(u"matcher.id").toString(), u"byRegexp"_s);
    panel = withOverrideRemoved(withOverrideRemoved(panel, 0), 0);
    QCOMPARE(panel.path(u"fieldConfig.overrides").size(), 0);
}

void TestPanelEdit::editsTransformations()
{
    Json panel = withTransformationAdded(jsonOf("{}"), u"merge"_s, {});
    panel = withTransformationAdded(panel, u"limit"_s, jsonOf("{\"limitField\": 3}"));
    panel = withTransformationMoved(panel, 1, 0);
    QCOMPARE(panel[u"transformations"].at(0)[u"id"].toString(), u"limit"_s);
    panel = withTransformationDisabled(panel, 0, true);
    QVERIFY(panel[u"transformations"].at(0)[u"disabled"].toBool());
    panel = withTransformationDisabled(panel, 0, false);
    QVERIFY(!panel[u"transformations"].at(0).contains(u"disabled"));
    panel = withTransformationOptions(panel, 0, jsonOf("{\"limitField\": 5}"));
    QCOMPARE(panel[u"transformations"].at(0).path(u"options.limitField").toInt(), 5);
    panel = withTransformationRemoved(panel, 0);
    QCOMPARE(panel[u"transformations"].size(), 1);
    QVERIFY(panel[u"transformations"].at(0)[u"options"].isObject());
}

PROMDECK_TEST_MAIN(TestPanelEdit)
#include "tst_paneledit.moc"
