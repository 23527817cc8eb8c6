#include "models/frame/display.h"

#include "models/frame/jsnumber.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestDisplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenDisplay();
    void goldenColors();
    void colorsParse();
    void continuousEnds();
    void mappings();
    void cellsOfEveryType();
    void seriesColors();
    void displayNames();
};

namespace {

Field numberField(const Json& config, Column::Numbers values)
{
    Field field;
    field.name = u"Value"_s;
    field.values = Column(std::move(values));
    field.config = fieldConfigFromJson(config);
    return field;
}

Json json(const char* text)
{
    return Json::parse(QByteArray(text)).valueOr({});
}

Frame seriesFrame(const QString& name, const Labels& labels)
{
    Frame frame;
    frame.name = name;
    Field time;
    time.name = u"Time"_s;
    time.type = FieldType::Time;
    time.values = Column(Column::Times {1, 2});
    Field value;
    value.name = u"Value"_s;
    value.labels = labels;
    value.values = Column(Column::Numbers {1, 2});
    frame.fields = {time, value};
    return frame;
}

} // namespace

void TestDisplay::goldenDisplay()
{
    PROMDECK_NEED_SHARED();
    const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/display.json"_s);
    for (const Json& row : golden[u"rows"].items()) {
        const DisplayProcessor display(numberField(row[u"config"], {0, 50, 100, 200}), ThemeKind::Dark);
        const Json& value = row[u"value"];
        const double number = value.isNull() ? kNull : value.isString() ? Js::toNumber(value.toString()) : value.toDouble();
        const DisplayValue shown = display(number);
        const Json& expected = row[u"out"];
        const QString where = QString::fromUtf8(row.toUtf8());
        QVERIFY2(shown.text == expected[u"text"].toString(), qPrintable(where + u" got "_s + shown.text));
        QVERIFY2(shown.suffix == expected[u"suffix"].toString(), qPrintable(where + u" got "_s + shown.suffix));
        const std::optional<Rgba> color = parseColor(expected[u"color"].toString(), ThemeKind::Dark);
        QVERIFY2(color && shown.color == *color, qPrintable(where + u" got "_s + shown.color.name()));
        if (expected.contains(u"percent"))
            QVERIFY2(shown.percent == expected[u"percent"].toDouble(), qPrintable(where + u" got "_s + QString::number(shown.percent)));
    }
    QVERIFY(golden[u"rows"].size() > 90);
}

void TestDisplay::goldenColors()
{
    PROMDECK_NEED_SHARED();
    const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/colors.json"_s);
    for (const ThemeKind theme : {ThemeKind::Dark, ThemeKind::Light}) {
        const Json& part = golden[theme == ThemeKind::Dark ? u"dark" : u"light"];
        for (const auto& [name, value] : part[u"names"].members())
            QCOMPARE(parseColor(name, theme)->name(), value.toString().toLower());
        int index = 0;
        for (const Json& entry : part[u"palette"].items()) {
            QCOMPARE(classicPalette(index, theme).name(), entry.at(1).toString().toLower());
            QCOMPARE(classicPalette(index + 56, theme), classicPalette(index, theme));
            ++index;
        }
        QCOMPARE(index, 56);
        QCOMPARE(*parseColor(u"text"_s, theme), *parseColor(part[u"text"][u"primary"].toString(), theme));
        QCOMPARE(*parseColor(u"panel-bg"_s, theme), *parseColor(part[u"background"][u"primary"].toString(), theme));
    }
}

void TestDisplay::colorsParse()
{
    const auto read = [](const QString& text) { return parseColor(text, ThemeKind::Dark); };
    QCOMPARE(*read(u"#F80"_s), (Rgba {255, 136, 0, 255}));
    QCOMPARE(*read(u"#11223380"_s), (Rgba {0x11, 0x22, 0x33, 0x80}));
    QCOMPARE(*read(u"rgba(50, 172, 45, 0.97)"_s), (Rgba {50, 172, 45, 247}));
    QCOMPARE(*read(u"rgb(1 2 3 / 50%)"_s), (Rgba {1, 2, 3, 128}));
    QCOMPARE(*read(u"hsl(120, 100%, 25%)"_s), (Rgba {0, 128, 0, 255}));
    QCOMPARE(*read(u"CornflowerBlue"_s), (Rgba {100, 149, 237, 255}));
    QCOMPARE(read(u"transparent"_s)->alpha, 0);
    QVERIFY(!read(u"semi-dark-nothing"_s));
    QVERIFY(!read(u"rgb(1,2)"_s));
    QVERIFY(!read(u"#12345"_s));
    QVERIFY(!read({}));
}

void TestDisplay::continuousEnds()
{
    for (const QString& scheme : continuousSchemes()) {
        const QStringList stops = continuousScheme(scheme);
        QCOMPARE(*continuousColor(scheme, 0, ThemeKind::Light), *parseColor(stops.first(), ThemeKind::Light));
        QCOMPARE(*continuousColor(scheme, 7, ThemeKind::Light), *parseColor(stops.last(), ThemeKind::Light));
    }
    QVERIFY(!continuousColor(u"continuous-none"_s, 0.5, ThemeKind::Dark));
    const Rgba base {0x12, 0x34, 0x56, 255};
    QCOMPARE(shadeOf(base, 0), base);
    QVERIFY(shadeOf(base, 1) != base);
    QCOMPARE(shadeOf(base, 12), shadeOf(base, 1));
}

void TestDisplay::mappings()
{
    const Json config = json(R"({"unit":"bytes","mappings":[
        {"type":"value","options":{"up":{"text":"fine","color":"green","index":0},"":{"text":"blank"}}},
        {"type":"range","options":{"from":null,"to":-1,"result":{"text":"below"}}},
        {"type":"regex","options":{"pattern":"/^host-(\\d+)\\./","result":{"text":"H$1"}}},
        {"type":"regex","options":{"pattern":"exact","result":{"color":"red"}}},
        {"type":"special","options":{"match":"null+nan","result":{"text":"-"}}}]})");
    const DisplayProcessor display(numberField(config, {1, 2}), ThemeKind::Dark);
    QCOMPARE(display(u"up"_s).text, u"fine"_s);
    QCOMPARE(display(u"up"_s).color, *parseColor(u"green"_s, ThemeKind::Dark));
    QVERIFY(display(u"up"_s).hasColor);
    QCOMPARE(display(u""_s).text, u"blank"_s);
    QCOMPARE(display(-5.0).toString(), u"below"_s);
    QCOMPARE(display(u"host-12.lan"_s).text, u"H12lan"_s);
    QCOMPARE(display(u"exact"_s).text, u"exact"_s);
    QCOMPARE(display(u"exact"_s).color, *parseColor(u"red"_s, ThemeKind::Dark));
    QCOMPARE(display(kNull).text, u"-"_s);
    QCOMPARE(display(std::numeric_limits<double>::quiet_NaN()).text, u"-"_s);
    QCOMPARE(display(2048.0).toString(), u"2 KiB"_s);
    QVERIFY(!display(2048.0).hasColor);
}

void TestDisplay::cellsOfEveryType()
{
    Field time;
    time.type = FieldType::Time;
    time.values = Column(Column::Times {0, 3'600'000});
    QCOMPARE(DisplayProcessor(time, ThemeKind::Dark).at(1).text, u"1970-01-01 01:00:00"_s);
    QCOMPARE(DisplayProcessor(time, ThemeKind::Dark, u"Asia/Tokyo"_s).at(0).text, u"1970-01-01 09:00:00"_s);
    time.values = Column(Column::Times {0, 1500});
    QCOMPARE(DisplayProcessor(time, ThemeKind::Dark).at(1).text, u"1970-01-01 00:00:01.500"_s);

    Field flag;
    flag.type = FieldType::Boolean;
    flag.values = Column(Column::Mixed {Json(true), Json(), Json(u"7"_s), Json::array({Json(1)})});
    const DisplayProcessor shown(flag, ThemeKind::Dark);
    QCOMPARE(shown.at(0).text, u"true"_s);
    QCOMPARE(shown.at(1).text, QString());
    QCOMPARE(shown.at(2).numeric, 7.0);
    QCOMPARE(shown.at(3).text, u"[1]"_s);
    QCOMPARE(shown.at(99).text, QString());

    Field text;
    text.type = FieldType::String;
    text.config.unit = u"dateTimeAsIso"_s;
    text.values = Column(Column::Strings {u"2024-02-29T12:34:56Z"_s});
    QCOMPARE(DisplayProcessor(text, ThemeKind::Dark).at(0).text, u"2024-02-29 12:34:56"_s);
}

void TestDisplay::seriesColors()
{
    Field field = numberField(json(R"({"color":{"mode":"palette-classic"}})"), {1});
    field.state.seriesIndex = 57;
    QCOMPARE(seriesColor(field, ThemeKind::Dark), classicPalette(1, ThemeKind::Dark));
    field.config.color = ColorConfig {u"fixed"_s, u"dark-red"_s, {}};
    QCOMPARE(seriesColor(field, ThemeKind::Dark).name(), u"#c4162a"_s);
    field = numberField(json(R"({"color":{"mode":"thresholds","seriesBy":"max"},"thresholds":{"mode":"absolute",
        "steps":[{"value":null,"color":"green"},{"value":80,"color":"red"}]}})"), {90, 10});
    QCOMPARE(seriesColor(field, ThemeKind::Dark), *parseColor(u"red"_s, ThemeKind::Dark));
    field.config.color->seriesBy.clear();
    QCOMPARE(seriesColor(field, ThemeKind::Dark), *parseColor(u"green"_s, ThemeKind::Dark));
}

void TestDisplay::displayNames()
{
    Frames one {seriesFrame({}, {{u"job"_s, u"a"_s}, {u"instance"_s, u"h"_s}})};
    computeDisplayNames(one);
    QCOMPARE(one[0].fields[1].state.displayName, u"{instance=\"h\", job=\"a\"}"_s);
    QCOMPARE(one[0].fields[0].state.displayName, u"Time"_s);

    Frames single {seriesFrame({}, {{u"job"_s, u"a"_s}}), seriesFrame({}, {{u"job"_s, u"b"_s}})};
    computeDisplayNames(single);
    QCOMPARE(single[1].fields[1].state.displayName, u"b"_s);

    Frames named {seriesFrame(u"up"_s, {}), seriesFrame(u"up"_s, {})};
    computeDisplayNames(named);
    QCOMPARE(named[0].fields[1].state.displayName, u"up"_s);

    Frames source {seriesFrame(u"x"_s, {{u"job"_s, u"a"_s}})};
    source[0].fields[1].config.displayNameFromDS = u"from legend"_s;
    computeDisplayNames(source);
    QCOMPARE(source[0].fields[1].state.displayName, u"from legend"_s);
    source[0].fields[1].state.displayName.clear();
    source[0].fields[1].config.displayName = u"override"_s;
    QCOMPARE(fieldDisplayName(source[0].fields[1], source[0], source), u"override"_s);

    Frames twins {seriesFrame({}, {})};
    twins[0].fields.push_back(twins[0].fields[1]);
    twins[0].fields[1].name = twins[0].fields[2].name = u"cpu"_s;
    computeDisplayNames(twins);
    QCOMPARE(twins[0].fields[1].state.displayName, u"cpu 1"_s);
    QCOMPARE(twins[0].fields[2].state.displayName, u"cpu 2"_s);
    QCOMPARE(frameDisplayName(single[0], single, 0), u"{job=\"a\"}"_s);
}

PROMDECK_TEST_MAIN(TestDisplay)
#include "tst_display.moc"
