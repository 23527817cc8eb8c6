#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/promql/parser.h"
#endif
#include "models/promql/vectormatching.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Promql;
using namespace Qt::StringLiterals;

namespace {

/// "a{x=1,y=2} 5; b{} 6"
std::vector<InstantSeries> seriesOf(const QString& text)
{
    std::vector<InstantSeries> out;
    for (const QString& one : text.split(u';', Qt::SkipEmptyParts)) {
        InstantSeries series;
        series.labels.insert(u"__name__"_s, one.section(u'{', 0, 0).trimmed());
        for (const QString& label : one.section(u'{', 1).section(u'}', 0, 0).split(u',', Qt::SkipEmptyParts))
            series.labels.insert(label.section(u'=', 0, 0), label.section(u'=', 1));
        series.value = one.section(u'}', 1).toDouble();
        out.push_back(series);
    }
    return out;
}

QString textOf(const Labels& labels)
{
    QStringList out;
    for (const auto& [name, value] : labels)
        out.append(name + u'=' + value);
    return out.join(u',');
}

QString textOf(const std::vector<MatchNote>& notes)
{
    QStringList out;
    for (const MatchNote& note : notes)
        out.append(matchNoteName(note.code) + u'(' + note.parameters.join(u'|') + u')' + (note.isError ? u"!"_s : QString()));
    return out.join(u' ');
}

} // namespace

class TestVectorMatching : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void explains_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<QString>("expected"); // results; "L"/"R" series without partner; notes
        const auto row = [](const char* name, const char* expression, const char* left, const char* right, const char* expected) {
            QTest::newRow(name) << QString::fromLatin1(expression) << QString::fromLatin1(left) << QString::fromLatin1(right) << QString::fromLatin1(expected);
        };
        row("all labels", "a / b", "a{x=1} 6; a{x=2} 8", "b{x=1} 2; b{x=3} 1",
            "x=1 3 [] / L1>b0 label-differs(x|2|1) / R1>a0 label-differs(x|3|1) / ");
        row("missing label", "a - b", "a{x=1,pod=p} 6", "b{x=1} 2",
            "L0>b0 label-missing-there(pod|p) / R0>a0 label-missing-here(pod|p) / nothing-matched() suggest-ignoring(pod|||1)");
        row("suggests on with a group", "a - b", "a{x=1,p=1,q=7} 6; a{x=1,p=2,q=8} 7", "b{x=1,z=9} 2",
            "L0>b0 label-missing-there(p|1) label-missing-there(q|7) label-missing-here(z|9) / L1>b0 label-missing-there(p|2) label-missing-there(q|8) label-missing-here(z|9) / "
            "R0>a0 label-missing-there(z|9) label-missing-here(p|1) label-missing-here(q|7) / nothing-matched() suggest-on(x||group_left|1)");
        row("on", "a * on(x) b", "a{x=1,y=2} 6", "b{x=1} 2", "x=1 12 [] / ");
        row("many to one", "a * on(x) group_left(v) b", "a{x=1,y=1} 6; a{x=1,y=2} 7", "b{x=1,v=k} 2",
            "v=k,x=1,y=1 12 [included-label(v|k)] / v=k,x=1,y=2 14 [included-label(v|k)] / ");
        row("one to many", "a * on(x) group_right(w) b", "a{x=1} 6", "b{x=1,v=k} 2", "v=k,x=1 12 [included-missing(w)] / ");
        row("duplicates", "a + on(x) b", "a{x=1} 6", "b{x=1,y=1} 2; b{x=1,y=2} 3",
            "x=1 8 [] / x=1 9 [] / duplicate-on-one-side(right|{x=\"1\"}|b{x=\"1\", y=\"1\"}|b{x=\"1\", y=\"2\"})! suggest-on(x||group_right|1)");
        row("needs a group", "a + on(x) b", "a{x=1,y=1} 6; a{x=1,y=2} 7", "b{x=1} 2",
            "x=1 8 [] / x=1 9 [] / many-need-group(left|{x=\"1\"})! suggest-on(x||group_left|1)");
        row("comparison filters", "a > b", "a{x=1} 6; a{x=2} 1", "b{x=1} 2; b{x=2} 2",
            "__name__=a,x=1 6 [] / -__name__=a,x=2 1 [comparison-false(1|>|2)] / ");
        row("bool keeps", "a > bool b", "a{x=1} 6; a{x=2} 1", "b{x=1} 2; b{x=2} 2", "x=1 1 [] / x=2 0 [] / ");
        row("and", "a and b", "a{x=1} 6; a{x=2} 1", "b{x=1} 2", "__name__=a,x=1 6 [] / L1>b0 label-differs(x|2|1) / ");
        row("unless", "a unless on(x) b", "a{x=1} 6; a{x=2} 1", "b{x=1,y=1} 2; b{x=1,y=2} 3", "-__name__=a,x=1 6 [removed-by-unless()] / __name__=a,x=2 1 [] / L1>b0 label-differs(x|2|1) / ");
        row("or", "a or b", "a{x=1} 6", "b{x=1} 2; b{x=2} 3", "__name__=a,x=1 6 [] / __name__=b,x=2 3 [kept-by-or()] / R1>a0 label-differs(x|2|1) / ");
        row("empty side", "a + b", "a{x=1} 6", "", "L0 other-side-empty() / right-empty()");
        row("fill", "a + fill_right(0) b", "a{x=1} 6; a{x=2} 7", "b{x=1} 2; b{x=3} 3",
            "x=1 8 [] / x=2 7 [filled(right|0)] / R1>a0 label-differs(x|3|1) / ");
        row("fill both", "a - fill(1) b", "a{x=1} 6", "b{x=2} 2", "x=1 5 [filled(right|1)] / x=2 -1 [filled(left|1)] / nothing-matched()");
        row("results clash", "a + on(x) group_left(y) b", "a{x=1,y=1} 6; a{x=1,y=2} 7", "b{x=1,y=3} 2",
            "x=1,y=3 8 [included-label(y|3)] / x=1,y=3 9 [included-label(y|3)] / not-unique({x=\"1\", y=\"3\"})! suggest-on(x||group_left|1)");
    }

    void explains()
    {
        QFETCH(QString, expression);
        QFETCH(QString, left);
        QFETCH(QString, right);
        QFETCH(QString, expected);
        Options options;
        options.features.binopFillModifiers = true;
        const std::string text = expression.toStdString();
        const ParseResult parsed = parse(text, options);
        QVERIFY(parsed.ok());
        const auto leftSeries = seriesOf(left);
        const auto rightSeries = seriesOf(right);
        const MatchExplanation found = explainMatching(parsed.ast, parsed.ast.root, leftSeries, rightSeries);
        QString shown;
        for (const MatchGroup& group : found.groups) {
            for (const MatchGroup::Output& one : group.outputs)
                shown += (one.isKept ? QString() : u"-"_s) + textOf(one.labels) + u' ' + QString::number(one.value) + u" ["_s + textOf(one.notes) + u"] / "_s;
        }
        for (const MatchedSeries& one : found.lonely)
            shown += (one.isLeft ? u"L"_s : u"R"_s) + QString::number(one.index) + (one.nearest ? (one.isLeft ? u">b"_s : u">a"_s) + QString::number(*one.nearest) : QString()) + u' ' + textOf(one.notes) + u" / "_s;
        shown += textOf(found.notes);
        QCOMPARE(shown, expected);
    }

    void isEmptyForScalars()
    {
        const ParseResult parsed = parse("a + 1");
        QVERIFY(explainMatching(parsed.ast, parsed.ast.root, seriesOf(u"a{} 1"_s), {}).groups.empty());
    }
};

PROMDECK_TEST_MAIN(TestVectorMatching)
#include "tst_vectormatching.moc"
