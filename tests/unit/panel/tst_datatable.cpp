#include "models/panel/datatable.h"
#include "tests/support/panelsamples.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestDataTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsOnEveryTime();
    void sharesEqualTimes();
    void keepsRowsOfASingleFrame();
    void leavesOutWhatHasNoTime();
    void writesCells();
    void writesCsv();
    void writesForExcel();
    void stopsWhenToldTo();
    void handsOverInPieces();
    void writesMarkdown();

private:
    static Frames prepared(Frames frames, const char* fieldConfig = "{}")
    {
        return preparedData(std::move(frames), panelOf(u"timeseries"_s, "{}", fieldConfig)).frames;
    }
};

void TestDataTable::joinsOnEveryTime()
{
    Frame slow = seriesFrame(u"slow"_s, {10, 20}, {}, 2 * kSampleStep);
    const DataTable table = joinedByTime(prepared({seriesFrame(u"fast"_s, {1, 2, 3, 4}), slow}), {});
    QCOMPARE(table.rows, 4);
    QCOMPARE(table.columns.size(), size_t(3));
    QCOMPARE(table.columns[1].name, u"fast"_s);
    QCOMPARE(table.columns[2].name, u"slow"_s);
    const auto column = [&](int at) {
        QStringList cells;
        for (qsizetype row = 0; row < table.rows; ++row)
            cells << table.text(row, at, DataTable::Values::Numbers);
        return cells;
    };
    QCOMPARE(column(0).front(), QString::number(kSampleStart));
    QCOMPARE(column(0).back(), QString::number(kSampleStart + 3 * kSampleStep));
    QCOMPARE(column(1), (QStringList {u"1"_s, u"2"_s, u"3"_s, u"4"_s}));
    QCOMPARE(column(2), (QStringList {u"10"_s, QString(), u"20"_s, QString()}));
    QVERIFY(isNull(table.number(1, 2)));
    QCOMPARE(table.number(2, 2), 20.0);
}

void TestDataTable::sharesEqualTimes()
{
    Frame second = seriesFrame(u"b"_s, {5, 6});
    Frame first = seriesFrame(u"a"_s, {1, 2});
    second.fields[0].values = first.fields[0].values;
    const DataTable table = joinedByTime(prepared({first, second}), {});
    QCOMPARE(table.rows, 2);
    QCOMPARE(table.columns[1].rows.get(), table.columns[2].rows.get());
    QCOMPARE(table.text(1, 2, DataTable::Values::Raw), u"6"_s);
}

void TestDataTable::keepsRowsOfASingleFrame()
{
    Frame twice = seriesFrame(u"a"_s, {1, 2});
    twice.fields[0].values = Column(Column::Times {kSampleStart + 5, kSampleStart + 5});
    const DataTable table = joinedByTime(prepared({twice}), {});
    QCOMPARE(table.rows, 2);
    QCOMPARE(table.text(1, 1, DataTable::Values::Raw), u"2"_s);
    QCOMPARE(table.text(0, 0, DataTable::Values::Raw), u"2023-11-14T22:13:20.005+00:00"_s);
}

void TestDataTable::leavesOutWhatHasNoTime()
{
    Frame timeless;
    timeless.fields = {numberColumn(u"x"_s, {1})};
    QCOMPARE(joinedByTime({timeless}, {}).columns.size(), size_t(0));
    QCOMPARE(joinedByTime({timeless, seriesFrame(u"a"_s, {1})}, {}).columns.size(), size_t(2));
    QCOMPARE(dataTables({timeless, seriesFrame(u"a"_s, {1})}, {}).size(), size_t(2));
}

void TestDataTable::writesCells()
{
    Frame frame;
    frame.fields = {timeColumn(4), numberColumn(u"bytes"_s, {1024.5, kNull, std::nan(""), INFINITY})};
    PanelContext context;
    context.timeZone = u"Europe/Berlin"_s;
    const DataTable table = joinedByTime(prepared({frame}, R"({"defaults":{"unit":"bytes","decimals":1}})"), context);
    QCOMPARE(table.text(0, 0, DataTable::Values::Raw), u"2023-11-14T23:13:20+01:00"_s);
    QCOMPARE(table.text(0, 0, DataTable::Values::Formatted), u"2023-11-14 23:13:20"_s);
    QCOMPARE(table.text(0, 1, DataTable::Values::Raw), u"1024.5"_s);
    QCOMPARE(table.text(0, 1, DataTable::Values::Formatted), u"1.0 KiB"_s);
    QCOMPARE(table.text(1, 1, DataTable::Values::Raw), QString());
    QCOMPARE(table.text(2, 1, DataTable::Values::Raw), u"NaN"_s);
    QCOMPARE(table.text(3, 1, DataTable::Values::Raw), u"Infinity"_s);
    QCOMPARE(table.text(4, 1, DataTable::Values::Raw), QString());
    QCOMPARE(table.text(0, 2, DataTable::Values::Raw), QString());
}

void TestDataTable::writesCsv()
{
    Frame frame;
    frame.fields = {timeColumn(2), textColumn(u"say \"it\""_s, {u"a,b"_s, u"two\nlines"_s}), numberColumn(u"n"_s, {0.1, -2})};
    CsvOptions options;
    options.values = DataTable::Values::Numbers;
    const DataTable table = dataTables(prepared({frame}), {}).front();
    QCOMPARE(csvText(table, options),
             QByteArray("Time,\"say \"\"it\"\"\",n\r\n1700000000000,\"a,b\",0.1\r\n1700000060000,\"two\nlines\",-2\r\n"));
    options.separator = u';';
    options.header = false;
    QCOMPARE(csvText(table, options),
             QByteArray("1700000000000;a,b;0.1\r\n1700000060000;\"two\nlines\";-2\r\n"));
}

void TestDataTable::writesForExcel()
{
    Frame frame;
    frame.fields = {textColumn(u"name"_s, {u"=HYPERLINK(\"x\")"_s, u"plain"_s}), numberColumn(u"n"_s, {-1, 2})};
    CsvOptions options;
    options.excel = true;
    QCOMPARE(csvText(dataTables(prepared({frame}), {}).front(), options),
             QByteArray("\xEF\xBB\xBFsep=,\r\nname,n\r\n\"'=HYPERLINK(\"\"x\"\")\",-1\r\nplain,2\r\n"));
    // Without Excel in mind the text is the text.
    options.excel = false;
    QVERIFY(csvText(dataTables(prepared({frame}), {}).front(), options).contains("\"=HYPERLINK(\"\"x\"\")\",-1"));
}

void TestDataTable::handsOverInPieces()
{
    const DataTable table = joinedByTime(prepared({seriesFrame(u"a"_s, Column::Numbers(20000, 1.25))}), {});
    int pieces = 0;
    qsizetype largest = 0;
    QByteArray all;
    QVERIFY(writeCsv(table, {}, [&](const QByteArray& piece) {
        ++pieces;
        largest = std::max(largest, piece.size());
        all += piece;
        return true;
    }));
    QVERIFY(pieces > 5);
    QVERIFY(largest < 80 * 1024);
    QCOMPARE(all.count('\n'), 20001);
}

void TestDataTable::stopsWhenToldTo()
{
    const DataTable table = joinedByTime(prepared({seriesFrame(u"a"_s, Column::Numbers(20000, 1.25))}), {});
    int pieces = 0;
    QVERIFY(!writeCsv(table, {}, [&](const QByteArray&) { return ++pieces < 2; }));
    QCOMPARE(pieces, 2);
}

void TestDataTable::writesMarkdown()
{
    Frame frame;
    frame.fields = {textColumn(u"a|b"_s, {u"x|y\nz"_s, u"w"_s}), numberColumn(u"n"_s, {1, 2})};
    const DataTable table = dataTables(prepared({frame}), {}).front();
    QCOMPARE(markdownTable(table, 1, DataTable::Values::Raw), u"| a\\|b | n |\n| --- | ---: |\n| x\\|y z | 1 |\n"_s);
    QCOMPARE(markdownTable(table, 9, DataTable::Values::Raw).count(u'\n'), 4);
}

PROMDECK_TEST_MAIN(TestDataTable)
#include "tst_datatable.moc"
