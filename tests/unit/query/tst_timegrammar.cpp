#include "models/query/timegrammar.h"
#include "tests/support/testsupport.h"

#include <QDateTime>

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestTimeGrammar : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void times_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("roundUp");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, bool up, const char* zone, const char* expected) {
            QTest::addRow("%s%s %s", text, up ? " up" : "", zone)
                << QString::fromLatin1(text) << up << QString::fromLatin1(zone) << QString::fromLatin1(expected);
        };
        // now is Wednesday 2026-05-13T14:25:36.789Z
        row("now", false, "utc", "2026-05-13T14:25:36.789Z");
        row("now-6h", false, "utc", "2026-05-13T08:25:36.789Z");
        row("now+1d", false, "utc", "2026-05-14T14:25:36.789Z");
        row("now-1d/d", false, "utc", "2026-05-12T00:00:00.000Z");
        row("now-1d/d", true, "utc", "2026-05-12T23:59:59.999Z");
        row("now/w", false, "utc", "2026-05-11T00:00:00.000Z");
        row("now/w", true, "utc", "2026-05-17T23:59:59.999Z");
        row("now/M", false, "utc", "2026-05-01T00:00:00.000Z");
        row("now/y", true, "utc", "2026-12-31T23:59:59.999Z");
        row("now/Q", false, "utc", "2026-04-01T00:00:00.000Z");
        row("now-1Q/fQ", false, "utc", "2026-01-01T00:00:00.000Z");
        row("now/fy", false, "utc", "2026-01-01T00:00:00.000Z");
        row("now/h", false, "utc", "2026-05-13T14:00:00.000Z");
        row("now/h", true, "utc", "2026-05-13T14:59:59.999Z");
        row("now/m", false, "utc", "2026-05-13T14:25:00.000Z");
        row("now/s", true, "utc", "2026-05-13T14:25:36.999Z");
        row("now-6h/d", false, "utc", "2026-05-13T00:00:00.000Z");
        row("now-1M", false, "utc", "2026-04-13T14:25:36.789Z");
        row("now-90s", false, "utc", "2026-05-13T14:24:06.789Z");
        row("now/d", false, "Europe/Berlin", "2026-05-12T22:00:00.000Z");
        row("now/d", false, "America/New_York", "2026-05-13T04:00:00.000Z");
        // Over a change of summer time a calendar day is not 24 hours.
        row("now-60d/d", false, "Europe/Berlin", "2026-03-13T23:00:00.000Z");
        row("now/h", false, "Asia/Kolkata", "2026-05-13T13:30:00.000Z");
        row("1767225600000", false, "utc", "2026-01-01T00:00:00.000Z");
        row("2026-01-31", false, "utc", "2026-01-31T00:00:00.000Z");
        row("2026-01-31", false, "Europe/Berlin", "2026-01-30T23:00:00.000Z");
        row("2026-01-31 10:00:00", false, "utc", "2026-01-31T10:00:00.000Z");
        row("2026-01-31 10:00", false, "utc", "2026-01-31T10:00:00.000Z");
        row("2026-01-31T10:00:00.250Z", false, "Europe/Berlin", "2026-01-31T10:00:00.250Z");
        row("2026-01-31T10:00:00+02:00", false, "utc", "2026-01-31T08:00:00.000Z");
        row("2026-01-31||+1M/d", false, "utc", "2026-02-28T00:00:00.000Z");
    }

    void times()
    {
        QFETCH(QString, text);
        QFETCH(bool, roundUp);
        QFETCH(QString, zone);
        QFETCH(QString, expected);
        const qint64 now = QDateTime::fromString(u"2026-05-13T14:25:36.789Z"_s, Qt::ISODateWithMs).toMSecsSinceEpoch();
        const auto parsed = parseTime(text, now, roundUp, zone);
        QVERIFY_RESULT(parsed);
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(*parsed, Qt::UTC).toString(Qt::ISODateWithMs), expected);
    }

    void refusals()
    {
        for (const char16_t* text : {u"", u"later", u"now-", u"now-5", u"now-5x", u"now/2d", u"now*1h", u"now-99999999999d",
                                     u"2026-13-01", u"now/fd", u"yesterday"})
            QVERIFY2(!parseTime(QString::fromUtf16(text), 0, false), qPrintable(QString::fromUtf16(text)));
        QCOMPARE(parseTime(u"later"_s, 0, false).error().code, ErrorCode::Syntax);
    }

    void weekStartAndFiscalYear()
    {
        const qint64 now = QDateTime::fromString(u"2026-05-13T14:25:36Z"_s, Qt::ISODate).toMSecsSinceEpoch();
        const auto iso = [](const Result<qint64>& time) {
            return QDateTime::fromMSecsSinceEpoch(*time, Qt::UTC).toString(Qt::ISODate);
        };
        QCOMPARE(iso(parseTime(u"now/w"_s, now, false, u"utc"_s, 0)), u"2026-05-10T00:00:00Z"_s);
        QCOMPARE(iso(parseTime(u"now/w"_s, now, false, u"utc"_s, 6)), u"2026-05-09T00:00:00Z"_s);
        QCOMPARE(iso(parseTime(u"now/fy"_s, now, false, u"utc"_s, 1, 6)), u"2025-07-01T00:00:00Z"_s);
        QCOMPARE(iso(parseTime(u"now/fQ"_s, now, false, u"utc"_s, 1, 1)), u"2026-05-01T00:00:00Z"_s);
    }

    void backwardsRange()
    {
        const auto range = parseTimeRange({u"now"_s, u"now-1h"_s}, 7'200'000, u"utc"_s);
        QVERIFY_RESULT(range);
        QCOMPARE(*range, (TimeRange {3'600'000, 7'200'000}));
    }

    void intervals()
    {
        const auto ms = [](const char16_t* text) { return parseInterval(QString::fromUtf16(text)).valueOr(-1); };
        QCOMPARE(ms(u"15s"), 15'000);
        QCOMPARE(ms(u"1m"), 60'000);
        QCOMPARE(ms(u"1h30m"), 5'400'000);
        QCOMPARE(ms(u"2d"), 172'800'000);
        QCOMPARE(ms(u"1w"), 604'800'000);
        QCOMPARE(ms(u"1M"), 2'592'000'000);
        QCOMPARE(ms(u"1y"), 31'536'000'000);
        QCOMPARE(ms(u"250ms"), 250);
        QCOMPARE(ms(u">10s"), 10'000);
        QCOMPARE(ms(u"60"), 60'000);
        QCOMPARE(ms(u" 1.5m "), 90'000);
        for (const char16_t* bad : {u"", u"s", u"5x", u"1m1", u"-5s", u"1..5s", u"99999999999999999y", u"$__interval"})
            QCOMPARE(ms(bad), -1);
    }

    void intervalTexts()
    {
        QCOMPARE(intervalText(15'000), u"15s"_s);
        QCOMPARE(intervalText(60'000), u"1m"_s);
        QCOMPARE(intervalText(90'000), u"1m"_s);
        QCOMPARE(intervalText(3'600'000), u"1h"_s);
        QCOMPARE(intervalText(86'400'000), u"1d"_s);
        QCOMPARE(intervalText(7 * 86'400'000LL), u"7d"_s);
        QCOMPARE(intervalText(250), u"250ms"_s);
    }

    void descriptions()
    {
        QCOMPARE(describeRange({u"now-6h"_s, u"now"_s}), u"Last 6 hours"_s);
        QCOMPARE(describeRange({u"now-1h"_s, u"now"_s}), u"Last 1 hour"_s);
        QCOMPARE(describeRange({u"now-1d/d"_s, u"now-1d/d"_s}), u"Yesterday"_s);
        QCOMPARE(describeRange({u"now/w"_s, u"now"_s}), u"This week so far"_s);
        QCOMPARE(describeRange({u"2026-01-01"_s, u"2026-01-02"_s}), u"2026-01-01 to 2026-01-02"_s);
    }
};

PROMDECK_TEST_MAIN(TestTimeGrammar)
#include "tst_timegrammar.moc"
