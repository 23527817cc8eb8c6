#include "models/prometheus/decoder.h"
#include "models/query/lastdata.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <cmath>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

SharedResult resultOf(int series, int samples)
{
    auto result = std::make_shared<QueryResult>();
    Column::Times times;
    for (int i = 0; i < samples; ++i)
        times.push_back(1'700'000'000'000 + i * 15'000);
    const Column shared(std::move(times));
    for (int s = 0; s < series; ++s) {
        SeriesData one;
        one.labels = {{u"__name__"_s, u"up"_s}, {u"instance"_s, QString::number(s)}};
        one.times = shared;
        Column::Numbers values;
        for (int i = 0; i < samples; ++i)
            values.push_back(i == 1 ? qQNaN() : s + i * 0.5);
        one.values = Column(std::move(values));
        result->series.push_back(std::move(one));
    }
    return result;
}

LastData sample(int series = 3, int samples = 10)
{
    LastData data;
    data.variables.push_back({u"job"_s, {u"$__all"_s}, {{u"api"_s, u"api"_s}, {u"web"_s, u"web"_s}}});
    LastData::Panel panel {u"1"_s, "abc", 1'700'000'150'000, {1'700'000'000'000, 1'700'000'135'000}, 15'000, {}};
    panel.answers.push_back({u"A"_s, false, 1'700'000'000'000, 1'700'000'135'000, 15'000, resultOf(series, samples)});
    auto histogram = std::make_shared<QueryResult>();
    histogram->type = QueryResult::Type::Vector;
    SeriesData native;
    native.histograms.push_back({5, 3, 1.5, {{0, 0.1, 1, 3}}});
    histogram->series.push_back(native);
    panel.answers.push_back({u"B"_s, true, 5, 5, 0, histogram});
    data.panels.push_back(std::move(panel));
    return data;
}

} // namespace

class TestLastData final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWas()
    {
        const Result<LastData> back = unpackLastData(packLastData(sample()));
        QVERIFY_RESULT(back);
        QCOMPARE(back->variables.size(), size_t(1));
        QCOMPARE(back->variables[0].current, QStringList {u"$__all"_s});
        QCOMPARE(back->variables[0].options.size(), size_t(2));
        const LastData::Panel& panel = back->panels.at(0);
        QCOMPARE(panel.key, u"1"_s);
        QCOMPARE(panel.answeredMs, 1'700'000'150'000);
        QCOMPARE(panel.answers.size(), size_t(2));
        const QueryResult& result = *panel.answers[0].result;
        QCOMPARE(result.series.size(), size_t(3));
        QCOMPARE(result.series[2].labels.value(u"instance"_s), u"2"_s);
        QCOMPARE(result.series[2].times.times().at(9), 1'700'000'135'000);
        QCOMPARE(result.series[2].values.numbers().at(9), 6.5);
        QVERIFY(std::isnan(result.series[2].values.numbers().at(1)));
        QVERIFY(result.series[0].times.sharesWith(result.series[2].times)); // one column again
        QCOMPARE(panel.answers[1].result->type, QueryResult::Type::Vector);
        QCOMPARE(panel.answers[1].result->series[0].histograms, sample().panels[0].answers[1].result->series[0].histograms);
    }

    void whatIsTooLargeStaysOut()
    {
        LastData data = sample(100, 1000);
        LastData::Panel small = sample(1, 3).panels[0];
        small.key = u"2"_s;
        data.panels.push_back(small);
        const Result<LastData> back = unpackLastData(packLastData(data, 100'000));
        QVERIFY_RESULT(back);
        QCOMPARE(back->panels.size(), size_t(1));
        QCOMPARE(back->panels[0].key, u"2"_s);
    }

    // A file can end anywhere, or be another one: an error, never a crash.
    void damagedBytesAreAnError()
    {
        const QByteArray whole = packLastData(sample());
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY(!unpackLastData(whole.left(length)).ok());
        for (qsizetype at = 0; at < whole.size(); ++at) {
            QByteArray odd = whole;
            odd[at] = char(odd[at] ^ 0x5a);
            (void)unpackLastData(odd); // may be readable still, where a sample changed
        }
        QVERIFY(!unpackLastData("{}").ok());
    }

    void filesAreTheUsersAloneAndBounded()
    {
        QTemporaryDir folder;
        const qint64 limit = packLastData(sample(20, 400)).size() * 5 / 2;
        const LastDataStore store(folder.filePath(u"last"_s), limit);
        QVERIFY_RESULT(store.keep(u"http://user@host/"_s, u"a.json"_s, sample()));
        const QString first = store.path(u"http://user@host/"_s, u"a.json"_s);
        QCOMPARE(QFile::permissions(first) & (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup),
                 QFileDevice::Permissions());
        QVERIFY(!first.contains(u"host"_s));
        QVERIFY_RESULT(store.read(u"http://user@host/"_s, u"a.json"_s));
        QVERIFY(!store.read(u"http://user@host/"_s, u"b.json"_s).ok());
        // The oldest go.
        QFile old(first);
        QVERIFY(old.open(QIODevice::ReadWrite));
        QVERIFY(old.setFileTime(QDateTime::currentDateTime().addDays(-1), QFileDevice::FileModificationTime));
        old.close();
        for (int i = 0; i < 6; ++i)
            QVERIFY_RESULT(store.keep(u"s"_s, QString::number(i), sample(20, 400 + i)));
        QVERIFY(!QFile::exists(first));
        qint64 total = 0;
        for (const QFileInfo& file : QDir(folder.filePath(u"last"_s)).entryInfoList(QDir::Files))
            total += file.size();
        QVERIFY2(total <= limit, qPrintable(QString::number(total)));
        store.clear();
        QVERIFY(QDir(folder.filePath(u"last"_s)).isEmpty());
    }
};

PROMDECK_TEST_MAIN(TestLastData)
#include "tst_lastdata.moc"
