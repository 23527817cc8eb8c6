#include "models/core/duration.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;

class TestDuration final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prometheus_data();
    void prometheus();
};

void TestDuration::prometheus_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("ms"); // -1: refused
    const std::pair<const char*, qint64> rows[] {{"15s", 15000},  {"1h30m", 5400000},      {"1m30s", 90000},
                                                 {"5ms", 5},      {"1y2w", 32745600000},   {"1y2w3d4h5m6s7ms", 33019506007},
                                                 {"0", 0},        {"0s", 0},               {"15", -1},
                                                 {"1m1h", -1},    {"1m1m", -1},            {"1.5m", -1},
                                                 {"-1m", -1},     {"", -1},                {"1M", -1},
                                                 {"1 m", -1},     {"m", -1},               {"300y", -1},
                                                 {"99999999999999999999s", -1}};
    for (const auto& [text, ms] : rows)
        QTest::newRow(*text ? text : "empty") << QByteArray(text) << ms;
}

void TestDuration::prometheus()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, ms);
    QCOMPARE(parsePrometheusDuration(text.toStdString()).value_or(-1), ms);
}

PROMDECK_TEST_MAIN(TestDuration)
#include "tst_duration.moc"
