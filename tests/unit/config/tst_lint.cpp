#include "models/config/filechecker.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

/// Our findings over the shared cases of pint: the same number per check, for what needs no server and no
/// configuration of pint.
class TestLint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void corpus()
    {
        PROMDECK_NEED_SHARED();
        static const QHash<QString, QString> checks {{u"newNaNCheck"_s, u"promql/nan"_s}, {u"newImpossibleCheck"_s, u"promql/impossible"_s},
            {u"newRegexpCheck"_s, u"promql/regexp"_s}, {u"newFragileCheck"_s, u"promql/fragile"_s}, {u"newComparisonCheck"_s, u"alerts/comparison"_s},
            {u"newAlertsForCheck"_s, u"alerts/for"_s}, {u"newGroupIntervalCheck"_s, u"group/interval"_s}, {u"newTemplateCheck"_s, u"alerts/template"_s}};
        // Not agreed with, and why.
        static const QStringList differs {u"negative for value"_s, // a duration is the schema's business: yaml/duration
                                          u"$value | first"_s,     // fails when it runs; types of values are not followed
                                          u"vector(0) > 0"_s};     // group() makes it 1, which is more than 0
        const QByteArray lines = Testing::readFile(Testing::sharedFolder() + u"/corpus/config/lint/pint_cases.jsonl"_s);
        int compared = 0;
        QStringList wrong;
        for (const QByteArray& line : lines.split('\n')) {
            const Json row = Json::parse(line).valueOr({});
            const QString check = checks.value(row[u"checker"].toString());
            // Cases with other files hold those only in pint's own tests.
            if (check.isEmpty() || row[u"online_mocks"].toBool() || row[u"other_entries"].toBool()
                || differs.contains(row[u"description"].toString()))
                continue;
            FileChecker checker({});
            checker.checkText(u"rules.yml"_s, row[u"content"].toString().toUtf8(), FileKind::Rules);
            int found = 0;
            for (const Diagnostic& one : checker.reports().front().diagnostics)
                found += one.code == check;
            ++compared;
            if (found != int(row[u"problems"].size()))
                wrong.append(check + u": "_s + row[u"description"].toString() + u" found %1"_s.arg(found));
        }
        QVERIFY(compared > 180);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }
};

PROMDECK_TEST_MAIN(TestLint)
#include "tst_lint.moc"
