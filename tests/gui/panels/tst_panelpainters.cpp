#include "tests/support/testsupport.h"
#include "widgets/panels/gaugepainter.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/panels/statpainter.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>

#include <cmath>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

SingleValue sample(const QString& name, double number, const QString& unit, int decimals = 1)
{
    SingleValue value;
    value.name = name;
    value.field.config.unit = unit;
    value.field.config.decimals = decimals;
    value.field.config.min = 0;
    value.field.config.max = 100;
    Thresholds thresholds;
    thresholds.steps = {{-INFINITY, u"green"_s}, {60, u"orange"_s}, {85, u"red"_s}};
    value.field.config.thresholds = thresholds;
    value.field.config.color = ColorConfig {u"thresholds"_s, {}, {}};
    value.thresholds = thresholds;
    value.colorConfig = *value.field.config.color;
    value.min = 0;
    value.max = 100;
    const DisplayProcessor display(value.field, Theme::instance().kind());
    value.display = display(number);
    Column::Times times;
    Column::Numbers numbers;
    for (int i = 0; i < 200; ++i) {
        times.push_back(i * 15000);
        numbers.push_back(number + 10 * std::sin(i / 9.0) + 4 * std::sin(i / 2.3));
    }
    value.times = Column(std::move(times));
    value.values = Column(std::move(numbers));
    return value;
}

// Pictures for a person to look at, where PROMDECK_SHOTS names a folder.
void keep(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("PROMDECK_SHOTS");
    if (!folder.isEmpty())
        image.save(QDir(folder).filePath(name + u".png"_s));
}

bool holds(const QImage& image, const QColor& wanted, int tolerance = 6)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - wanted.red()) <= tolerance && std::abs(pixel.green() - wanted.green()) <= tolerance
                && std::abs(pixel.blue() - wanted.blue()) <= tolerance)
                return true;
        }
    }
    return false;
}

QImage canvas(int width, int height)
{
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Theme::instance().colors().panel);
    return image;
}

} // namespace

class TestPanelPainters final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stat_data();
    void stat();
    void gauge();
    void barGauge_data();
    void barGauge();
    void gallery_data();
    void gallery();
};

void TestPanelPainters::stat_data()
{
    QTest::addColumn<QString>("colorMode");
    QTest::addColumn<bool>("filled");
    QTest::newRow("value") << u"value"_s << false;
    QTest::newRow("background solid") << u"background_solid"_s << true;
}

void TestPanelPainters::stat()
{
    QFETCH(QString, colorMode);
    QFETCH(bool, filled);
    PanelSpec spec;
    spec.type = u"stat"_s;
    spec.options.set(u"colorMode"_s, Json(colorMode));
    spec.options.set(u"graphMode"_s, Json(u"none"_s));
    SingleValueModel model;
    model.values = {sample(u"CPU"_s, 91, u"percent"_s)};
    QImage image = canvas(200, 100);
    QPainter painter(&image);
    paintStat(&painter, QRectF(0, 0, 200, 100), model, statOptions(spec), Theme::instance().colors(), true);
    painter.end();
    const QColor red = toColor(*parseColor(u"red"_s, ThemeKind::Dark));
    QVERIFY(holds(image, red));
    const QColor corner = image.pixelColor(20, 90);
    QCOMPARE(corner == red, filled);
}

void TestPanelPainters::gauge()
{
    PanelSpec spec;
    spec.type = u"gauge"_s;
    SingleValueModel model;
    model.values = {sample(u"Disk"_s, 72, u"percent"_s)};
    QImage image = canvas(200, 150);
    QPainter painter(&image);
    paintGauge(&painter, QRectF(0, 0, 200, 150), model, gaugeOptions(spec), Theme::instance().colors(), ThemeKind::Dark);
    painter.end();
    // The value's colour and, in the marker ring, those of the other thresholds.
    for (const QString& name : {u"orange"_s, u"green"_s, u"red"_s})
        QVERIFY2(holds(image, toColor(*parseColor(name, ThemeKind::Dark))), qPrintable(name));
}

void TestPanelPainters::barGauge_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("fraction");
    QTest::newRow("quarter") << 25.0 << 0.25;
    QTest::newRow("beyond the end") << 150.0 << 1.0;
    QTest::newRow("nothing") << 0.0 << 0.0;
}

void TestPanelPainters::barGauge()
{
    QFETCH(double, value);
    QFETCH(double, fraction);
    QImage image = canvas(400, 40);
    QPainter painter(&image);
    paintBar(&painter, QRectF(0, 0, 400, 40), sample(u"x"_s, value, u"percent"_s), BarGaugeOptions::Mode::Gradient, false,
             Qt::Horizontal, Theme::instance().colors(), ThemeKind::Dark);
    painter.end();
    int filled = 0;
    for (int x = 0; x < 400; ++x)
        filled += image.pixelColor(x, 20) != Theme::instance().colors().panel ? 1 : 0;
    QVERIFY2(std::abs(filled - 400 * fraction) <= 2, qPrintable(QString::number(filled)));
}

void TestPanelPainters::gallery_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::Dark;
    QTest::newRow("light") << ThemeMode::Light;
}

void TestPanelPainters::gallery()
{
    QFETCH(ThemeMode, mode);
    Theme::instance().setMode(mode);
    const ThemeColors& theme = Theme::instance().colors();
    const ThemeKind kind = Theme::instance().kind();
    QImage image(1240, 900, QImage::Format_ARGB32_Premultiplied);
    image.fill(theme.canvas);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    int tile = 0;
    const auto next = [&](int width, int height) {
        const QRectF outer(8 + (tile % 4) * 308, 8 + (tile / 4) * 178, width, height);
        ++tile;
        painter.fillRect(outer, theme.panel);
        return outer.adjusted(8, 8, -8, -8);
    };
    SingleValueModel one;
    one.values = {sample(u"Load"_s, 42.4, u"percent"_s)};
    SingleValueModel many;
    many.values = {sample(u"/"_s, 42, u"percent"_s, 0), sample(u"/var"_s, 88, u"percent"_s, 0), sample(u"/home"_s, 65, u"percent"_s, 0)};
    PanelSpec spec;
    for (const QString& colorMode : {u"value"_s, u"background"_s, u"background_solid"_s, u"none"_s}) {
        spec.options = Json::object({{u"colorMode"_s, Json(colorMode)}});
        paintStat(&painter, next(300, 170), one, statOptions(spec), theme, kind == ThemeKind::Dark);
    }
    one.values.front().percentChange = 12.3;
    spec.options = Json::object({{u"textMode"_s, Json(u"value_and_name"_s)}});
    paintStat(&painter, next(300, 170), one, statOptions(spec), theme, kind == ThemeKind::Dark);
    paintStat(&painter, next(300, 80), one, statOptions(spec), theme, kind == ThemeKind::Dark);
    spec.options = Json::object({{u"colorMode"_s, Json(u"background"_s)}});
    paintStat(&painter, next(300, 170), many, statOptions(spec), theme, kind == ThemeKind::Dark);
    spec.options = Json::object({{u"orientation"_s, Json(u"horizontal"_s)}, {u"graphMode"_s, Json(u"none"_s)}});
    paintStat(&painter, next(300, 170), many, statOptions(spec), theme, kind == ThemeKind::Dark);
    spec.options = Json::object();
    paintGauge(&painter, next(300, 170), one, gaugeOptions(spec), theme, kind);
    paintGauge(&painter, next(300, 170), many, gaugeOptions(spec), theme, kind);
    spec.options = Json::object({{u"showThresholdLabels"_s, Json(true)}});
    paintGauge(&painter, next(300, 170), one, gaugeOptions(spec), theme, kind);
    spec.options = Json::object();
    paintBarGauge(&painter, next(300, 170), many, barGaugeOptions(spec), theme, kind);
    for (const QString& display : {u"basic"_s, u"gradient"_s, u"lcd"_s}) {
        spec.options = Json::object({{u"displayMode"_s, Json(display)}, {u"orientation"_s, Json(u"horizontal"_s)}});
        paintBarGauge(&painter, next(300, display == u"lcd" ? 110 : 170), many, barGaugeOptions(spec), theme, kind);
    }
    spec.options = Json::object({{u"displayMode"_s, Json(u"lcd"_s)}, {u"orientation"_s, Json(u"vertical"_s)}});
    paintBarGauge(&painter, next(300, 170), many, barGaugeOptions(spec), theme, kind);
    painter.end();
    keep(image, u"panels-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(holds(image, theme.panel));
}

PROMDECK_GUI_TEST_MAIN(TestPanelPainters)
#include "tst_panelpainters.moc"
