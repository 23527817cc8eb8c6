#include "models/panel/datalinks.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestDataLinks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expands_data();
    void expands();
};

void TestDataLinks::expands_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("title");
    const auto row = [](const char* name, const QString& text, const QString& address, const QString& title = {}) {
        QTest::newRow(name) << text << address << (title.isNull() ? address : title);
    };
    row("nothing to do", u"http://x/?a=1&b=$b"_s, u"http://x/?a=1&b=$b"_s);
    row("label", u"/d/x?var-job=${__field.labels.job}"_s, u"/d/x?var-job=node"_s);
    row("label without braces", u"/d/x?var-job=$__field.labels.job&y"_s, u"/d/x?var-job=node&y"_s);
    row("label by name in brackets", u"${__field.labels[\"job\"]}"_s, u"node"_s);
    row("label that is not there", u"<${__field.labels.nothing}>"_s, u"<>"_s);
    row("label that needs encoding", u"${__field.labels.path}"_s, u"%2Fa%20b%26c"_s, u"/a b&c"_s);
    row("as it is", u"${__field.labels.path:raw}"_s, u"/a b&c"_s);
    row("series", u"${__series.name}"_s, u"node%20a"_s, u"node a"_s);
    row("field", u"${__field.name} ${__field.displayName}"_s, u"Value node%20a"_s, u"Value node a"_s);
    row("value", u"${__value.raw} ${__value.numeric} ${__value.text}"_s, u"0.5 0.5 50%25"_s, u"0.5 0.5 50%"_s);
    row("time", u"from=${__value.time}"_s, u"from=1700000000000"_s);
    row("column", u"${__data.fields.Host} ${__data.fields[\"Host\"]} ${__data.fields[1]} $__data.fields.Host"_s, u"h1 h1 7 h1"_s);
    row("column with a blank", u"${__data.fields.Big host}"_s, u"B"_s);
    row("unknown column stays", u"${__data.fields.Nope}"_s, u"${__data.fields.Nope}"_s);
    row("variables stay", u"${job:queryparam}&${__url_time_range}&$__from"_s, u"${job:queryparam}&${__url_time_range}&$__from"_s);
}

void TestDataLinks::expands()
{
    QFETCH(QString, text);
    QFETCH(QString, address);
    QFETCH(QString, title);
    DataLinkContext context;
    context.seriesName = u"node a"_s;
    context.fieldName = u"Value"_s;
    context.labels = {{u"job"_s, u"node"_s}, {u"path"_s, u"/a b&c"_s}};
    context.numeric = 0.5;
    context.text = u"50%"_s;
    context.timeMs = 1700000000000;
    context.row = {{u"Host"_s, u"h1"_s}, {u"Value"_s, u"7"_s}, {u"Big host"_s, u"B"_s}};
    QCOMPARE(expandDataLink(text, context, true), address);
    QCOMPARE(expandDataLink(text, context, false), title);
}

PROMDECK_TEST_MAIN(TestDataLinks)
#include "tst_datalinks.moc"
