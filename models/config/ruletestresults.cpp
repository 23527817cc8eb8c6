#include "models/config/ruletestresults.h"
#include "models/config/checker.h"
#include "models/config/configtext.h"
#include "models/core/duration.h"
#include "models/promql/gotext.h"

#include <QRegularExpression>

#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

/// Lines of the failures of one file belong to a field until the next one begins.
class OutputReader
{
public:
    std::vector<RuleTestFailure> run(const QString& output)
    {
        bool failed = false;
        for (const QString& line : output.split(u'\n')) {
            if (line.trimmed() == u"FAILED:")
                failed = true;
            else if (failed && !line.trimmed().isEmpty())
                take(line);
        }
        for (RuleTestFailure& one : m_out) {
            for (QString* part : {&one.expected, &one.got}) {
                *part = part->simplified();
                if (part->endsWith(u','))
                    part->chop(1);
            }
        }
        return std::move(m_out);
    }

private:
    void take(const QString& line)
    {
        static const QRegularExpression name(u"^    name: (.*),$"_s);
        static const QRegularExpression alert(u"^    alertname: (.*), time: ([^,]+),"_s);
        static const QRegularExpression expression(u"^    expr: (\".*\"), time: ([^,]+),$"_s);
        static const QRegularExpression field(u"^        (exp|got):(.*)$"_s);
        const QRegularExpressionMatch named = name.match(line);
        const QRegularExpressionMatch alerts = alert.match(line);
        const QRegularExpressionMatch tested = expression.match(line);
        const QRegularExpressionMatch part = field.match(line);
        if (named.hasMatch()) {
            m_name = named.captured(1).toStdString();
        } else if (alerts.hasMatch()) {
            RuleTestFailure& one = begin();
            one.alert = alerts.captured(1).toStdString();
            one.time = alerts.captured(2).toStdString();
        } else if (tested.hasMatch()) {
            RuleTestFailure& one = begin();
            one.expression = Promql::goUnquote(tested.captured(1).toStdString()).value_or(std::string());
            one.time = tested.captured(2).toStdString();
        } else if (part.hasMatch() && !m_out.empty()) {
            m_field = part.captured(1) == u"exp" ? &m_out.back().expected : &m_out.back().got;
            *m_field = part.captured(2);
        } else if (m_field && line.startsWith(u"        ")) {
            *m_field += u' ' + line;
        } else {
            m_field = nullptr;
            if (m_out.empty() || m_out.back().other.isEmpty())
                m_out.emplace_back().other = line.trimmed();
            else
                m_out.back().other += u"; "_s + line.trimmed();
        }
    }

    RuleTestFailure& begin()
    {
        m_field = nullptr;
        RuleTestFailure& one = m_out.emplace_back();
        one.test = m_name;
        m_name.clear();
        return one;
    }

    std::vector<RuleTestFailure> m_out;
    std::string m_name;
    QString* m_field = nullptr;
};

bool isSameTime(const StructView& view, const std::string& time)
{
    const std::int64_t written = view.durationMs("eval_time").value_or(0);
    return parsePrometheusDuration(time).value_or(-1) == written;
}

/// Finds the expectation a failure is about; each is found once, so that repeated ones are told apart by their order.
TextSpan placeOf(const RuleTestFailure& failure, const StructView& file, std::set<const YamlNode*>& found)
{
    for (const StructView& group : file.structsAt("tests")) {
        if (!failure.test.empty() && group.string("name") != failure.test)
            continue;
        const bool isAlert = !failure.alert.empty();
        for (const StructView& test : group.structsAt(isAlert ? "alert_rule_test" : "promql_expr_test")) {
            const char* key = isAlert ? "alertname" : "expr";
            const std::string wanted = isAlert ? failure.alert : failure.expression;
            std::string text = test.string(key);
            while (!isAlert && text.ends_with('\n') && !wanted.ends_with('\n'))
                text.pop_back();
            if (text == wanted && isSameTime(test, failure.time) && found.insert(test.node).second)
                return test.spanOf(key);
        }
    }
    return {};
}

} // namespace

std::vector<RuleTestFailure> parseRuleTestOutput(const QByteArray& output)
{
    return OutputReader().run(QString::fromUtf8(output));
}

Diagnostics placeRuleTestFailures(const std::vector<RuleTestFailure>& failures, const YamlDocument& document)
{
    const SchemaStruct* type = Schema::instance().find("rules.UnitTestFile");
    const StructView file = viewOf(*type, document.root(), {}, YamlDialect::V2);
    std::set<const YamlNode*> found;
    Diagnostics out;
    for (const RuleTestFailure& failure : failures) {
        Diagnostic one;
        one.severity = Severity::Error;
        one.code = u"rule-test/failed"_s;
        one.span = {document.posAt(0), document.posAt(1)};
        if (failure.other.isEmpty()) {
            const QString what = failure.alert.empty() ? text(failure.expression) : u"alert %1"_s.arg(text(failure.alert));
            one.message = u"%1 at %2: expected %3, got %4"_s.arg(what, text(failure.time), failure.expected, failure.got);
            if (const TextSpan place = placeOf(failure, file, found); place.end.offset > 0)
                one.span = place;
        } else {
            one.message = u"promtool could not run the tests: %1"_s.arg(failure.other);
        }
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace Promdeck::Config
