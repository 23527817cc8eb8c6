#include "models/query/annotations.h"
#include "models/prometheus/decoder.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

QueryResult result(const Labels& labels, Column::Times times, Column::Numbers values)
{
    SeriesData data;
    data.labels = labels;
    data.times = Column(std::move(times));
    data.values = Column(std::move(values));
    QueryResult out;
    out.series.push_back(std::move(data));
    return out;
}

/// JSON with ' for ".
QByteArray quoted(const char* json)
{
    return QByteArray(json).replace('\'', '"');
}

Dashboard withAnnotation(const char* json)
{
    return readDashboard(quoted("{'schemaVersion':41,'annotations':{'list':[") + quoted(json) + "]}}").valueOr({});
}

std::optional<AnnotationPlan> plan(const char* json, qint64 spanMs = 3'600'000)
{
    const Dashboard dashboard = withAnnotation(json);
    VariableScope scope;
    scope.setText(u"job"_s, u"api"_s);
    PlanContext context;
    context.scope = &scope;
    context.range = {1'700'000'000'000, 1'700'000'000'000 + spanMs};
    context.rawRange = {QString::number(context.range.fromMs), QString::number(context.range.toMs)};
    context.timeZone = u"UTC"_s;
    context.widthPx = 1600;
    return dashboard.annotations.empty() ? std::nullopt : planAnnotation(dashboard.annotations.front(), context, ThemeKind::Dark);
}

} // namespace

class TestAnnotations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void planned()
    {
        const auto old = plan("{'name':'deploys','datasource':'Prometheus','enable':true,'iconColor':'#112233',"
                              "'expr':'changes(version{job=\\u0022$job\\u0022}[$__interval]) > 0','step':'2m',"
                              "'titleFormat':'to {{version}}','textFormat':'$job','tagKeys':'env, zone'}");
        QVERIFY(old);
        QCOMPARE(old->query.expr, u"changes(version{job=\"api\"}[2m]) > 0"_s);
        QCOMPARE(old->query.stepMs, 120'000);
        QCOMPARE(old->joinMs, 120'000);
        QCOMPARE(old->titleFormat, u"to {{version}}"_s);
        QCOMPARE(old->textFormat, u"api"_s);
        QCOMPARE(old->tagKeys, QStringList({u"env"_s, u"zone"_s}));
        QCOMPARE(old->color.name(), u"#112233"_s);
        const auto fresh = plan("{'name':'a','datasource':{'type':'prometheus','uid':'x'},'enable':true,"
                                "'iconColor':'red','target':{'expr':'up == 0','refId':'Anno'},"
                                "'filter':{'exclude':true,'ids':[3,4]},'useValueForTime':'on'}");
        QVERIFY(fresh);
        QCOMPARE(fresh->query.expr, u"up == 0"_s);
        QCOMPARE(fresh->query.stepMs, 60'000);
        QVERIFY(fresh->exclude && fresh->valueIsTime);
        QCOMPARE(fresh->panels, (std::set<int> {3, 4}));
    }

    // No more points than the window has pixels, however fine the step.
    void longRangesTakeLongerSteps()
    {
        const auto month = plan("{'name':'a','enable':true,'expr':'up','iconColor':'red'}", 30LL * 86'400'000);
        QVERIFY(month);
        QVERIFY2(month->query.stepMs >= 30LL * 86'400'000 / 1600, QByteArray::number(month->query.stepMs).constData());
    }

    void notPlanned()
    {
        QVERIFY(!plan("{'name':'Annotations & Alerts','builtIn':1,'datasource':{'type':'grafana','uid':'-- Grafana --'},'enable':true}"));
        QVERIFY(!plan("{'name':'tags','datasource':{'type':'grafana','uid':'-- Grafana --'},'enable':true,'target':{'tags':['x'],'type':'tags'}}"));
        QVERIFY(!plan("{'name':'empty','datasource':{'type':'prometheus'},'enable':true,'expr':' '}"));
        const auto loki = plan("{'name':'logs','datasource':{'type':'loki','uid':'l'},'enable':true,'expr':'{a=\\u0022b\\u0022}'}");
        QVERIFY(loki && loki->query.error);
    }

    void whatIsMissingIsSaid()
    {
        QCOMPARE(unsupportedAnnotations(withAnnotation("{'name':'x','builtIn':1,'datasource':{'type':'grafana'},'enable':true}")), QStringList {});
        QCOMPARE(unsupportedAnnotations(withAnnotation("{'name':'x','datasource':{'type':'grafana','uid':'-- Grafana --'},'enable':true}")),
                 QStringList {}); // operators note their own
        QCOMPARE(unsupportedAnnotations(withAnnotation("{'name':'x','datasource':{'type':'loki','uid':'l'},'enable':false}")), QStringList {});
        QCOMPARE(unsupportedAnnotations(withAnnotation("{'name':'x','datasource':{'type':'loki','uid':'l'},'enable':true}")),
                 QStringList {u"annotation:loki"_s});
    }

    void neighboursAreOneSpan()
    {
        AnnotationPlan of;
        of.name = u"layer"_s;
        of.titleFormat = u"{{ job }}!"_s;
        of.textFormat = u"plain"_s;
        of.tagKeys = {u"env"_s};
        const auto found = annotationsFrom(of, result({{u"job"_s, u"api"_s}, {u"env"_s, u"prod"_s}},
                                                      {60'000, 120'000, 180'000, 240'000, 300'000, 420'000},
                                                      {1, 2, 0, 1, qQNaN(), 1}));
        QCOMPARE(found.size(), size_t(3));
        QCOMPARE(found[0].fromMs, 60'000);
        QCOMPARE(found[0].toMs, 120'000);
        QCOMPARE(found[0].title, u"api!"_s);
        QCOMPARE(found[0].text, u"plain"_s);
        QCOMPARE(found[0].tags, QStringList {u"prod"_s});
        QCOMPARE(found[0].layer, u"layer"_s);
        QCOMPARE(found[1].fromMs, 240'000);
        QCOMPARE(found[1].toMs, 240'000);
        QCOMPARE(found[2].fromMs, 420'000);
        of.joinMs = 240'000;
        QCOMPARE(annotationsFrom(of, result({}, {60'000, 120'000, 420'000}, {1, 1, 1})).size(), size_t(2));
    }

    void valuesAsTimes()
    {
        AnnotationPlan of;
        of.valueIsTime = true;
        of.joinMs = 1000;
        const auto found = annotationsFrom(of, result({}, {1, 2, 3, 4}, {1'700'000'000'000.7, 1'700'000'000'000.7, qQNaN(), 1'700'000'900'000.0}));
        QCOMPARE(found.size(), size_t(2));
        QCOMPARE(found[0].fromMs, 1'700'000'000'000);
        QCOMPARE(found[1].fromMs, 1'700'000'900'000);
    }

    void exemplars()
    {
        const QByteArray text = quoted("[{'seriesLabels':{'__name__':'h_bucket','le':'1'},'exemplars':["
                                "{'labels':{'trace_id':'a'},'value':'0.1','timestamp':1700000000.5},"
                                "{'labels':{'trace_id':'b'},'value':'0.11','timestamp':1700000001},"
                                "{'labels':{'trace_id':'c'},'value':'9','timestamp':1700000002},"
                                "{'labels':{'trace_id':'d'},'value':'NaN','timestamp':1700000003},"
                                "{'labels':{'trace_id':'e'},'value':'0.1','timestamp':1700000061},"
                                "{'labels':{'trace_id':'f'},'value':'0.1','timestamp':1700000062},"
                                "{'labels':{'trace_id':'g'},'value':'0.1','timestamp':1700000063},"
                                "{'labels':{'trace_id':'h'},'value':'0.1','timestamp':1700000064}]}]");
        const auto kept = exemplarsFrom(Json::parse(text).valueOr({}), u"A"_s, 60'000);
        QStringList ids;
        for (const Exemplar& one : kept)
            ids << one.labels.value(u"trace_id"_s);
        // The two clumps lie within one step each: the highest stays, and what is far below it.
        QCOMPARE(ids, QStringList({u"c"_s, u"b"_s, u"e"_s}));
        QCOMPARE(kept[0].timeMs, 1'700'000'002'000);
        QCOMPARE(kept[0].value, 9.0);
        QCOMPARE(kept[0].series.value(u"le"_s), u"1"_s);
        QCOMPARE(kept[0].refId, u"A"_s);
        QVERIFY(exemplarsFrom(Json(), u"A"_s, 0).empty());
    }
};

PROMDECK_TEST_MAIN(TestAnnotations)
#include "tst_annotations.moc"
