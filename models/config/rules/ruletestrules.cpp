#include "models/config/embedded.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "models/config/configtext.h"
#include "models/promql/series.h"

#include <QDateTime>

#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

/// A series with its values, as promtool puts them together; problems stand where they are in either scalar.
void checkSeries(const StructView& view, Checker& checker)
{
    const FoundValue* series = view.find("series");
    const FoundValue* values = view.find("values");
    const std::string name = view.string("series");
    const std::string text = name + ' ' + view.string("values");
    const Promql::SeriesDescription parsed = Promql::parseSeries(text, promqlOptions(checker.options()));
    for (const Promql::Problem& problem : parsed.problems) {
        const bool inName = problem.range.start < name.size() || !values;
        const FoundValue* where = inName ? series : values;
        TextSpan span = view.span;
        if (where && where->node->isScalar()) {
            const std::size_t shift = inName ? 0 : name.size() + 1;
            const std::size_t start = problem.range.start > shift ? problem.range.start - shift : 0;
            span = spanInScalar(checker.document(), *where->node, start, std::max(start, std::size_t(problem.range.end) - shift));
        }
        checker.error("promql/series", Config::text(problem.message), span, Config::text(problem.hint));
    }
}

void checkExpressionTest(const StructView& view, Checker& checker)
{
    const FoundValue* expression = view.find("expr");
    if (!expression)
        checker.error("rule-test/missing-expr", u"an expression test needs expr"_s, view.span, u"add expr"_s);
    else if (expression->node->isScalar())
        checkExpression(*expression->node, checker);
}

void checkExpectedSample(const StructView& view, Checker& checker)
{
    const FoundValue* labels = view.find("labels");
    if (!labels || !labels->node->isScalar() || labels->node->value.empty())
        return;
    const std::string& text = labels->node->value;
    const Promql::ParseResult parsed = Promql::parse(text, promqlOptions(checker.options()));
    // "{}" names no series as a selector and all of them here.
    const bool empty = Config::text(text).remove(u' ') == u"{}";
    for (const Promql::Problem& problem : parsed.problems) {
        if (!empty)
            checker.error("promql/series", u"labels %1: %2"_s.arg(quoted(text), Config::text(problem.message)),
                          spanInScalar(checker.document(), *labels->node, problem.range.start, problem.range.end));
    }
    if (const FoundValue* histogram = view.find("histogram"); histogram && !histogram->node->value.empty()) {
        const Promql::SeriesDescription series = Promql::parseSeries("x " + histogram->node->value, promqlOptions(checker.options()));
        for (const Promql::Problem& problem : series.problems)
            checker.error("promql/series", Config::text(problem.message),
                          spanInScalar(checker.document(), *histogram->node, std::max(problem.range.start, 2U) - 2,
                                       std::max(problem.range.end, 2U) - 2));
    }
}

void checkAlertTest(const StructView& view, Checker& checker)
{
    if (view.string("alertname").empty())
        checker.error("rule-test/alertname", u"an alert test needs alertname"_s, view.keySpan("alertname"), u"add alertname"_s);
}

void checkFile(const StructView& view, Checker& checker)
{
    std::set<std::string> seen;
    for (const FoundValue& name : view.listAt("group_eval_order")) {
        if (!seen.insert(name.node->value).second)
            checker.error("rule-test/group-order", u"group name repeated in evaluation order: %1"_s.arg(Config::text(name.node->value)),
                          name.span);
    }
}

/// RFC 3339 or seconds since the epoch.
void checkStart(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    bool isNumber = false;
    const QString text = Config::text(node.value);
    (void)text.toDouble(&isNumber);
    if (!node.isScalar() || (!isNumber && !QDateTime::fromString(text, Qt::ISODateWithMs).isValid()))
        checker.error("rule-test/start", u"cannot parse %1 as a time"_s.arg(quoted(node.value)), span,
                      u"write RFC 3339 or seconds since 1970"_s);
}

} // namespace

const CheckRules& ruleTestRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        all.structs["rules.UnitTestFile"].push_back(checkFile);
        all.structs["rules.Series"].push_back(checkSeries);
        all.structs["rules.PromqlTestCase"].push_back(checkExpressionTest);
        all.structs["rules.ExpectedSample"].push_back(checkExpectedSample);
        all.structs["rules.AlertTestCase"].push_back(checkAlertTest);
        all.values["@test-start"] = checkStart;
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
