#include "models/core/types.h"
#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/valueformat.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestValueFormat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenUnits();
    void everyCatalogueIdIsKnown();
    void numbersAsJavaScript();
    void dates();
};

namespace {

double goldenNumber(const Json& value)
{
    return value.isString() ? Js::toNumber(value.toString()) : value.toDouble();
}

} // namespace

void TestValueFormat::goldenUnits()
{
    PROMDECK_NEED_SHARED();
    const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/units.json"_s);
    int wrong = 0;
    for (const Json& row : golden[u"rows"].items()) {
        const QString unit = row.at(0).toString();
        const std::optional<int> decimals = row.at(1).isNull() ? std::nullopt : std::optional(int(row.at(1).toInt()));
        const QString text = formatValue(goldenNumber(row.at(2)), unit, decimals).toString();
        if (text != row.at(3).toString() && ++wrong <= 60) {
            qWarning().noquote() << unit << row.at(1).scalarText() << row.at(2).scalarText() << "got" << text
                                 << "expected" << row.at(3).toString();
        }
    }
    QVERIFY(golden[u"rows"].size() > 30'000);
    QCOMPARE(wrong, 0);
}

void TestValueFormat::everyCatalogueIdIsKnown()
{
    int count = 0;
    for (const UnitCategory& category : unitCatalogue()) {
        for (const QString& id : category.ids) {
            QVERIFY2(isKnownUnit(id), qPrintable(id));
            ++count;
        }
    }
    QCOMPARE(count, 272);
    QVERIFY(isKnownUnit(u"suffix:rows"_s));
    QVERIFY(!isKnownUnit(u"rows/s"_s));
    QCOMPARE(formatValue(3, u"si:µF"_s).toString(), u"3 µF"_s);
    QCOMPARE(formatValue(-0.5, u"currencySEK"_s).toString(), u"-0.500kr"_s);
    QCOMPARE(formatValue(kNull, u"bytes"_s).toString(), QString());
}

void TestValueFormat::numbersAsJavaScript()
{
    QCOMPARE(Js::numberText(1e21), u"1e+21"_s);
    QCOMPARE(Js::numberText(123456789012345680000.0), u"123456789012345680000"_s);
    QCOMPARE(Js::numberText(0.000001), u"0.000001"_s);
    QCOMPARE(Js::numberText(1.5e-7), u"1.5e-7"_s);
    QCOMPARE(Js::numberText(-0.0), u"0"_s);
    QCOMPARE(Js::fixed(1.005, 2), u"1.00"_s);
    QCOMPARE(Js::fixed(2.5, 0), u"3"_s);
    QCOMPARE(Js::exponential(2.5, 0), u"3e+0"_s);
    QCOMPARE(Js::round(-2.5), -2.0);
    QCOMPARE(Js::round(0.49999999999999994), 0.0);
    QCOMPARE(Js::localeText(-1234567.0625, 3), u"-1,234,567.063"_s);
    QCOMPARE(Js::toNumber(u" 12.5 "), 12.5);
    QVERIFY(std::isnan(Js::toNumber(u"12px")));
    QCOMPARE(Js::toNumber(u""), 0.0);
    QCOMPARE(Js::toNumber(u"0x1F"), 31.0);
    QCOMPARE(Js::parseFloat(u"12.5e1px"), 125.0);
    QVERIFY(std::isnan(Js::parseFloat(u"px")));
}

void TestValueFormat::dates()
{
    constexpr double ms = 1'709'210'096'007.0; // 2024-02-29T12:34:56.007Z, a Thursday
    QCOMPARE(formatMoment(ms, u"YYYY-MM-DD[T]HH:mm:ss.SSSZ"), u"2024-02-29T12:34:56.007+00:00"_s);
    QCOMPARE(formatMoment(ms, u"dddd, MMMM Do YYYY, h:mm a"), u"Thursday, February 29th 2024, 12:34 pm"_s);
    QCOMPARE(formatMoment(ms, u"DD.MM.YY HH:mm ZZ z", u"Europe/Berlin"_s), u"29.02.24 13:34 +0100 CET"_s);
    QCOMPARE(formatMoment(ms, u"X x Q DDD W"), u"1709210096 1709210096007 1 60 9"_s);
    QCOMPARE(formatMoment(-2.5, u"YYYY-MM-DD HH:mm:ss.SSS"), u"1969-12-31 23:59:59.998"_s);
    QCOMPARE(formatMoment(std::nan(""), u"YYYY"), u"Invalid date"_s);
    QCOMPARE(formatValue(ms, u"dateTimeAsIso"_s, {}, u"America/New_York"_s).toString(), u"2024-02-29 07:34:56"_s);
    QCOMPARE(formatFromNow(ms - 3 * 3'600'000.0, ms), u"3 hours ago"_s);
    QCOMPARE(formatFromNow(ms + 40'000.0, ms), u"in a few seconds"_s);
}

PROMDECK_TEST_MAIN(TestValueFormat)
#include "tst_valueformat.moc"
