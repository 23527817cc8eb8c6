#include "tests/support/testsupport.h"

#include "models/dashboard/dashboard.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

/// JSON with ' for ", so that the rows stay readable.
Json quoted(const char* text)
{
    const Result<Json> json = Json::parse(QByteArray(text).replace('\'', '"'));
    if (!json)
        QTest::qFail(qPrintable(json.error().toString() + u" in "_s + QString::fromUtf8(text)), __FILE__, __LINE__);
    return json.valueOr({});
}

QString text(const Json& json)
{
    return QString::fromUtf8(json.toUtf8());
}

struct Row
{
    const char* name;
    const char* panel;
    const char* expected; ///< {"dotted.path": value}
};

} // namespace

/// What becomes of old panels' options. Each row is a panel as an old Grafana saved it and the members that matter of
/// what it has to become. A row without a schema version is of 22.
class TestMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void empty();
    void graph_data();
    void graph() { compare(); }
    void graphSeries_data();
    void graphSeries() { compare(); }
    void singlestat_data();
    void singlestat() { compare(); }
    void tableOld_data();
    void tableOld() { compare(); }
    void untouched();

private:
    static void addRows(std::initializer_list<Row> rows);
    static void compare();
};

void TestMigrations::addRows(std::initializer_list<Row> rows)
{
    QTest::addColumn<QByteArray>("panel");
    QTest::addColumn<QByteArray>("expected");
    for (const Row& row : rows)
        QTest::newRow(row.name) << QByteArray(row.panel) << QByteArray(row.expected);
}

void TestMigrations::compare()
{
    QFETCH(QByteArray, panel);
    QFETCH(QByteArray, expected);
    Json old = quoted(panel.constData());
    const Json version = old[u"schemaVersion"].isNull() ? Json(22) : old[u"schemaVersion"];
    old.remove(u"schemaVersion");
    const Json panels = Json::array({old});
    // Before 16 panels stood in rows.
    const Json document = version.toInt() < 16
        ? Json::object({{u"schemaVersion"_s, version}, {u"rows"_s, Json::array({Json::object({{u"panels"_s, panels}})})}})
        : Json::object({{u"schemaVersion"_s, version}, {u"panels"_s, panels}});
    const Json migrated = migrateDashboard(document)[u"panels"].at(0);
    const Json wanted = quoted(expected.constData());
    for (const auto& [path, value] : wanted.members()) {
        const Json& found = migrated.path(path);
        QVERIFY2(found == value, qPrintable(u"%1 is %2 and should be %3"_s.arg(path, text(found), text(value))));
    }
}

void TestMigrations::empty()
{
    QCOMPARE(migrateDashboard(Json::object())[u"schemaVersion"].toInt(), 42);
}

void TestMigrations::graph_data()
{
    addRows({
        {"plain lines", "{'type':'graph','lines':true,'fill':1,'linewidth':2,'nullPointMode':'null'}",
         "{'type':'timeseries','fieldConfig.defaults.custom.drawStyle':'line','fieldConfig.defaults.custom.fillOpacity':10,"
         "'fieldConfig.defaults.custom.lineWidth':2,'fieldConfig.defaults.custom.spanNulls':false,"
         "'fieldConfig.defaults.custom.showPoints':'never','fill':null,'linewidth':null,'lines':null}"},
        {"bars are filled", "{'type':'graph','bars':true,'lines':false,'fill':2}",
         "{'fieldConfig.defaults.custom.drawStyle':'bars','fieldConfig.defaults.custom.fillOpacity':100}"},
        {"points grow with their radius", "{'type':'graph','lines':false,'points':true,'pointradius':3}",
         "{'fieldConfig.defaults.custom.drawStyle':'points','fieldConfig.defaults.custom.showPoints':'always',"
         "'fieldConfig.defaults.custom.pointSize':8}"},
        {"lines with points", "{'type':'graph','lines':true,'points':true}",
         "{'fieldConfig.defaults.custom.drawStyle':'line','fieldConfig.defaults.custom.showPoints':'always'}"},
        {"steps", "{'type':'graph','steppedLine':true}", "{'fieldConfig.defaults.custom.lineInterpolation':'stepAfter'}"},
        {"no steps", "{'type':'graph','steppedLine':false}", "{'fieldConfig.defaults.custom.lineInterpolation':null}"},
        {"gaps connected", "{'type':'graph','nullPointMode':'connected'}",
         "{'fieldConfig.defaults.custom.spanNulls':true,'fieldConfig.defaults.nullValueMode':'connected'}"},
        {"gaps as zero", "{'type':'graph','nullPointMode':'null as zero'}",
         "{'fieldConfig.defaults.custom.spanNulls':false,'fieldConfig.defaults.nullValueMode':'null as zero'}"},
        {"stacked", "{'type':'graph','stack':true}",
         "{'fieldConfig.defaults.custom.stacking':{'mode':'normal','group':'A'}}"},
        {"stacked to a hundred percent", "{'type':'graph','stack':true,'percentage':true}",
         "{'fieldConfig.defaults.custom.stacking':{'mode':'percent','group':'A'}}"},
        {"percentage alone stacks nothing", "{'type':'graph','stack':false,'percentage':true}",
         "{'fieldConfig.defaults.custom.stacking':null}"},
        {"gradient", "{'type':'graph','fill':1,'fillGradient':6}",
         "{'fieldConfig.defaults.custom.gradientMode':'opacity','fieldConfig.defaults.custom.fillOpacity':60}"},
        {"dashes", "{'type':'graph','dashes':true,'dashLength':4,'spaceLength':8}",
         "{'fieldConfig.defaults.custom.lineStyle':{'fill':'dash','dash':[4,8]}}"},
        {"left axis",
         "{'type':'graph','yaxes':[{'format':'bytes','label':'Memory','min':'0','max':'','logBase':10,'show':true,"
         "'decimals':1},{'format':'short'}]}",
         "{'fieldConfig.defaults.unit':'bytes','fieldConfig.defaults.min':0,'fieldConfig.defaults.max':null,"
         "'fieldConfig.defaults.decimals':1,'fieldConfig.defaults.custom.axisLabel':'Memory',"
         "'fieldConfig.defaults.custom.axisPlacement':'auto',"
         "'fieldConfig.defaults.custom.scaleDistribution':{'type':'log','log':10}}"},
        {"hidden axis", "{'type':'graph','yaxes':[{'format':'s','show':false},{}]}",
         "{'fieldConfig.defaults.unit':'s','fieldConfig.defaults.custom.axisPlacement':'hidden'}"},
        {"axes before there were axes", "{'schemaVersion':11,'type':'graph','y_formats':['ms','bytes'],'grid':{'leftMax':5,'leftLogBase':10,'leftMin':null}}",
         "{'fieldConfig.defaults.unit':'ms','fieldConfig.defaults.max':5,'fieldConfig.defaults.min':null,"
         "'fieldConfig.defaults.custom.scaleDistribution':{'type':'log','log':10}}"},
        {"hidden time axis", "{'type':'graph','xaxis':{'mode':'time','show':false}}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byType','options':'time'},"
         "'properties':[{'id':'custom.axisPlacement','value':'hidden'}]}]}"},
        {"line above", "{'type':'graph','thresholds':[{'value':80,'op':'gt','colorMode':'critical','line':true,'fill':true}]}",
         "{'fieldConfig.defaults.custom.thresholdsStyle.mode':'line+area','fieldConfig.defaults.thresholds':"
         "{'mode':'absolute','steps':[{'color':'transparent','value':null},{'color':'red','value':80}]}}"},
        {"area below", "{'type':'graph','thresholds':[{'value':20,'op':'lt','colorMode':'warning','line':false,'fill':true}]}",
         "{'fieldConfig.defaults.custom.thresholdsStyle.mode':'area','fieldConfig.defaults.thresholds.steps':"
         "[{'color':'orange','value':null},{'color':'transparent','value':20}]}"},
        {"thresholds of their own colour, out of order",
         "{'type':'graph','thresholds':[{'value':90,'op':'gt','colorMode':'custom','lineColor':'#f00','line':true},"
         "{'value':50,'op':'gt','colorMode':'ok','line':true}]}",
         "{'fieldConfig.defaults.custom.thresholdsStyle.mode':'line','fieldConfig.defaults.thresholds.steps':"
         "[{'color':'transparent','value':null},{'color':'green','value':50},{'color':'#f00','value':90}]}"},
        {"thresholds of the old grid",
         "{'schemaVersion':12,'type':'graph','grid':{'threshold1':70,'threshold2':90,'threshold1Color':'orange',"
         "'threshold2Color':'red'}}",
         "{'fieldConfig.defaults.thresholds.steps':[{'color':'transparent','value':null},{'color':'orange','value':70},"
         "{'color':'red','value':90}],'grid':null}"},
        {"legend as a table on the right",
         "{'type':'graph','legend':{'show':true,'alignAsTable':true,'rightSide':true,'values':true,'current':true,'max':true,"
         "'avg':false,'sort':'max','sortDesc':true,'sideWidth':200}}",
         "{'options.legend.displayMode':'table','options.legend.placement':'right','options.legend.showLegend':true,"
         "'options.legend.calcs':['lastNotNull','max'],'options.legend.sortBy':'Max','options.legend.sortDesc':true,"
         "'options.legend.width':200}"},
        {"values that are not shown", "{'type':'graph','legend':{'show':true,'values':false,'max':true}}",
         "{'options.legend.displayMode':'list','options.legend.placement':'bottom','options.legend.calcs':[]}"},
        {"hidden legend", "{'type':'graph','legend':{'show':false,'alignAsTable':true}}", "{'options.legend.showLegend':false}"},
        {"shared tooltip, largest first", "{'type':'graph','tooltip':{'shared':true,'sort':2}}",
         "{'options.tooltip':{'mode':'multi','sort':'desc'}}"},
        {"own tooltip", "{'type':'graph','tooltip':{'shared':false,'sort':1}}",
         "{'options.tooltip':{'mode':'single','sort':'none'}}"},
        {"series without values are left out", "{'type':'graph','legend':{'show':true,'hideEmpty':true,'hideZero':true}}",
         "{'fieldConfig.overrides':["
         "{'matcher':{'id':'byValue','options':{'reducer':'allIsZero','op':'gte','value':0}},'properties':"
         "[{'id':'custom.hideFrom','value':{'tooltip':true,'viz':false,'legend':true}}]},"
         "{'matcher':{'id':'byValue','options':{'reducer':'allIsNull','op':'gte','value':0}},'properties':"
         "[{'id':'custom.hideFrom','value':{'tooltip':true,'viz':false,'legend':true}}]}]}"},
        {"links", "{'type':'graph','options':{'dataLinks':[{'title':'t','url':'http://x'}]}}",
         "{'fieldConfig.defaults.links':[{'title':'t','url':'http://x'}]}"},
        {"bars per series", "{'type':'graph','xaxis':{'mode':'series','values':['current']},'yaxes':[{'format':'s'},{}]}",
         "{'type':'bargauge','options.reduceOptions.calcs':['lastNotNull'],'options.orientation':'vertical',"
         "'fieldConfig.defaults.unit':'s'}"},
        {"histogram", "{'type':'graph','xaxis':{'mode':'histogram','buckets':20}}",
         "{'type':'histogram','options.bucketCount':20}"},
    });
}

void TestMigrations::graphSeries_data()
{
    addRows({
        {"colour by name", "{'type':'graph','aliasColors':{'idle':'#0f0'}}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'idle'},"
         "'properties':[{'id':'color','value':{'mode':'fixed','fixedColor':'#0f0'}}]}]}"},
        {"a regular expression", "{'type':'graph','seriesOverrides':[{'alias':'/out.*/','transform':'negative-Y'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byRegexp','options':'/out.*/'},"
         "'properties':[{'id':'custom.transform','value':'negative-Y'}]}]}"},
        {"right axis: what differs from the left one",
         "{'type':'graph','yaxes':[{'format':'bytes','min':0},{'format':'percent','min':0,'max':100,'label':'Share'}],"
         "'seriesOverrides':[{'alias':'b','yaxis':2}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':["
         "{'id':'unit','value':'percent'},{'id':'max','value':100},{'id':'custom.axisPlacement','value':'right'},"
         "{'id':'custom.axisLabel','value':'Share'}]}]}"},
        {"left axis needs nothing", "{'type':'graph','yaxes':[{'format':'s'},{}],'seriesOverrides':[{'alias':'b','yaxis':1}]}",
         "{'fieldConfig.overrides':[]}"},
        {"drawing",
         "{'type':'graph','seriesOverrides':[{'alias':'b','fill':3,'linewidth':4,'steppedLine':true,'points':true,"
         "'pointradius':1,'nullPointMode':'connected'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':["
         "{'id':'custom.fillOpacity','value':30},{'id':'custom.lineWidth','value':4},"
         "{'id':'custom.lineInterpolation','value':'stepAfter'},{'id':'custom.showPoints','value':'always'},"
         "{'id':'custom.pointSize','value':4},{'id':'custom.spanNulls','value':true}]}]}"},
        {"no line", "{'type':'graph','seriesOverrides':[{'alias':'b','lines':false}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},"
         "'properties':[{'id':'custom.lineWidth','value':0}]}]}"},
        {"bars", "{'type':'graph','seriesOverrides':[{'alias':'b','bars':true}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':["
         "{'id':'custom.drawStyle','value':'bars'},{'id':'custom.fillOpacity','value':100}]}]}"},
        {"not stacked, and in a group",
         "{'type':'graph','stack':true,'seriesOverrides':[{'alias':'a','stack':false},{'alias':'b','stack':'B'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'a'},'properties':"
         "[{'id':'custom.stacking','value':{'mode':'none','group':'A'}}]},{'matcher':{'id':'byName','options':'b'},"
         "'properties':[{'id':'custom.stacking','value':{'mode':'normal','group':'B'}}]}]}"},
        {"hidden", "{'type':'graph','seriesOverrides':[{'alias':'b','hiddenSeries':true}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':"
         "[{'id':'custom.hideFrom','value':{'viz':true,'legend':false,'tooltip':true}}]}]}"},
        {"not in the legend", "{'type':'graph','seriesOverrides':[{'alias':'b','legend':false}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':"
         "[{'id':'custom.hideFrom','value':{'viz':false,'legend':true,'tooltip':false}}]}]}"},
        {"a band", "{'type':'graph','fill':0,'seriesOverrides':[{'alias':'max','fillBelowTo':'min'}]}",
         "{'fieldConfig.defaults.custom.fillOpacity':35,'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'max'},"
         "'properties':[{'id':'custom.fillBelowTo','value':'min'}]}]}"},
        {"dashes take their lengths from the panel",
         "{'type':'graph','dashLength':5,'spaceLength':6,'seriesOverrides':[{'alias':'b','dashes':true}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'b'},'properties':"
         "[{'id':'custom.lineStyle','value':{'fill':'dash','dash':[5,6]}}]}]}"},
        {"nobody meant", "{'type':'graph','seriesOverrides':[{'alias':'','fill':3},{'alias':'b'}]}",
         "{'fieldConfig.overrides':[]}"},
    });
}

void TestMigrations::singlestat_data()
{
    addRows({
        {"the average, unless it says otherwise", "{'type':'singlestat','format':'s'}",
         "{'type':'stat','options.reduceOptions.calcs':['mean'],'options.orientation':'horizontal',"
         "'fieldConfig.defaults.unit':'s','options.graphMode':'none','options.colorMode':'none'}"},
        {"the newest", "{'type':'singlestat','valueName':'current'}", "{'options.reduceOptions.calcs':['lastNotNull']}"},
        {"the sum", "{'type':'singlestat','valueName':'total'}", "{'options.reduceOptions.calcs':['sum']}"},
        {"the name", "{'type':'singlestat','valueName':'name'}", "{'options.textMode':'name'}"},
        {"levels and colours", "{'type':'singlestat','thresholds':'80,90','colors':['green','orange','red'],'colorValue':true}",
         "{'options.colorMode':'value','fieldConfig.defaults.thresholds':{'mode':'absolute','steps':["
         "{'color':'green','value':null},{'color':'orange','value':80},{'color':'red','value':90}]},'colors':null}"},
        {"one level", "{'type':'singlestat','thresholds':'1','colors':['red','orange','green'],'colorBackground':true}",
         "{'options.colorMode':'background','fieldConfig.defaults.thresholds.steps':["
         "{'color':'red','value':null},{'color':'orange','value':1}]}"},
        {"no levels", "{'type':'singlestat','thresholds':'','colors':['red','orange','green']}",
         "{'fieldConfig.defaults.thresholds':null}"},
        {"sparkline", "{'type':'singlestat','sparkline':{'show':true,'lineColor':'#00f'}}",
         "{'options.graphMode':'area','fieldConfig.defaults.color':{'mode':'fixed','fixedColor':'#00f'}}"},
        {"gauge",
         "{'type':'singlestat','format':'percent','gauge':{'show':true,'minValue':0,'maxValue':100,'thresholdLabels':false,"
         "'thresholdMarkers':true},'valueName':'current'}",
         "{'type':'gauge','fieldConfig.defaults.min':0,'fieldConfig.defaults.max':100,'options.showThresholdMarkers':true,"
         "'options.showThresholdLabels':false,'options.reduceOptions.calcs':['lastNotNull'],'gauge':null}"},
        {"gauge that is not shown", "{'type':'singlestat','gauge':{'show':false,'maxValue':100}}",
         "{'type':'stat','fieldConfig.defaults.max':null}"},
        {"nothing and decimals", "{'type':'singlestat','nullText':'N/A','decimals':2}",
         "{'fieldConfig.defaults.noValue':'N/A','fieldConfig.defaults.decimals':2}"},
        {"values with names", "{'type':'singlestat','mappingType':1,'valueMaps':[{'op':'=','text':'UP','value':'1'}]}",
         "{'fieldConfig.defaults.mappings':[{'type':'value','options':{'1':{'text':'UP'}}}]}"},
        {"text behind a plain number", "{'type':'singlestat','format':'none','postfix':' cores'}",
         "{'fieldConfig.defaults.unit':'suffix: cores','postfix':null}"},
        {"column of a table", "{'type':'singlestat','tableColumn':'version','targets':[{'refId':'A','format':'table'}]}",
         "{'options.reduceOptions.fields':'/^version$/'}"},
        {"column of a series", "{'type':'singlestat','tableColumn':'version','targets':[{'refId':'A'}]}",
         "{'options.reduceOptions.fields':null}"},
    });
}

void TestMigrations::tableOld_data()
{
    addRows({
        {"name and unit", "{'type':'table','styles':[{'pattern':'Value','alias':'Used','type':'number','unit':'bytes','decimals':1}]}",
         "{'type':'table','styles':null,'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'Value'},'properties':["
         "{'id':'displayName','value':'Used'},{'id':'unit','value':'bytes'},{'id':'decimals','value':1}]}]}"},
        {"hidden", "{'type':'table','styles':[{'pattern':'/__name__|job/','type':'hidden'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byRegexp','options':'/__name__|job/'},"
         "'properties':[{'id':'custom.hidden','value':true}]}]}"},
        {"date", "{'type':'table','styles':[{'pattern':'Time','type':'date','dateFormat':'YYYY-MM-DD'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'Time'},"
         "'properties':[{'id':'unit','value':'time: YYYY-MM-DD'}]}]}"},
        {"coloured cells",
         "{'type':'table','styles':[{'pattern':'Value','type':'number','colorMode':'cell','colors':['green','orange','red'],"
         "'thresholds':['80','90']}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'Value'},'properties':["
         "{'id':'custom.cellOptions','value':{'type':'color-background'}},{'id':'thresholds','value':{'mode':'absolute',"
         "'steps':[{'color':'green','value':null},{'color':'orange','value':80},{'color':'red','value':90}]}}]}]}"},
        {"coloured text", "{'type':'table','styles':[{'pattern':'Value','type':'number','colorMode':'value'}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'Value'},'properties':["
         "{'id':'custom.cellOptions','value':{'type':'color-text'}}]}]}"},
        {"for all columns", "{'type':'table','styles':[{'pattern':'/.*/','type':'number','unit':'short','decimals':2,'align':'right'}]}",
         "{'fieldConfig.defaults.unit':'short','fieldConfig.defaults.decimals':2,'fieldConfig.defaults.custom.align':'right',"
         "'fieldConfig.overrides':[]}"},
        {"before 22 alignment was not for the file to say",
         "{'schemaVersion':21,'type':'table','styles':[{'pattern':'Value','type':'number','align':'right'}]}",
         "{'fieldConfig.overrides':[]}"},
        {"link",
         "{'type':'table','styles':[{'pattern':'host','type':'string','link':true,'linkUrl':'/d/x?var-host=${__cell}&r=$__cell_2',"
         "'linkTooltip':'Details','linkTargetBlank':true}]}",
         "{'fieldConfig.overrides':[{'matcher':{'id':'byName','options':'host'},'properties':[{'id':'links','value':["
         "{'title':'Details','url':'/d/x?var-host=${__value.raw}&r=${__data.fields[2]}','targetBlank':true}]}]}]}"},
        {"reduced",
         "{'type':'table','styles':[],'transform':'timeseries_aggregations','columns':[{'text':'Avg','value':'avg'},"
         "{'text':'Max','value':'max'}],'sort':{'col':2,'desc':true}}",
         "{'transformations':[{'id':'reduce','options':{'includeTimeField':false,'reducers':['mean','max']}},"
         "{'id':'organize','options':{'renameByName':{'Field':'Metric','Mean':'Avg'}}}],"
         "'options.sortBy':[{'displayName':'Max','desc':true}],'transform':null,'columns':null}"},
        {"rows", "{'type':'table','styles':[],'transform':'timeseries_to_rows','sort':{'col':0,'desc':true}}",
         "{'transformations':[{'id':'seriesToRows','options':{}}],'options.sortBy':[{'displayName':'Time','desc':true}]}"},
        {"columns", "{'type':'table','styles':[],'transform':'timeseries_to_columns'}",
         "{'transformations':[{'id':'seriesToColumns','options':{}}]}"},
        {"joined tables", "{'type':'table','styles':[],'transform':'table'}", "{'transformations':[{'id':'merge','options':{}}]}"},
        {"no header", "{'type':'table','styles':[],'transform':'table','showHeader':false}", "{'options.showHeader':false}"},
    });
}

void TestMigrations::untouched()
{
    // What is new already stays as it is.
    const Json panel = quoted("{'type':'timeseries','id':1,'gridPos':{'x':0,'y':0,'w':12,'h':8},'options':{'legend':"
                              "{'showLegend':true,'displayMode':'list','placement':'bottom','calcs':[]}},"
                              "'fieldConfig':{'defaults':{'unit':'s','custom':{'lineWidth':2}},'overrides':[]}}");
    const Json document = Json::object({{u"schemaVersion"_s, Json(42)}, {u"panels"_s, Json::array({panel})}});
    const Json migrated = migrateDashboard(document)[u"panels"].at(0);
    for (const auto& [key, value] : panel.members())
        QVERIFY2(migrated[key] == value, qPrintable(key + u": "_s + text(migrated[key])));
}

PROMDECK_TEST_MAIN(TestMigrations)
#include "tst_migrations.moc"
