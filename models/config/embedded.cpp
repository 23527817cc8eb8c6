#include "models/config/embedded.h"
#include "models/config/configtext.h"

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

// One broken generated expression can have thousands; nobody reads more, and each has to be placed.
constexpr std::size_t kMostProblems = 100;

} // namespace

TextSpan spanInScalar(const YamlDocument& document, const YamlNode& scalar, std::size_t start, std::size_t end)
{
    TextSpan span {document.posInScalar(scalar, start), {}};
    if (end > start + 1) {
        // The end is one behind the last byte: found from that byte, so that closing quotes stay outside.
        const TextPos last = document.posInScalar(scalar, end - 1);
        span.end = document.posAt(last.offset + 1);
    } else {
        span.end = document.posAt(span.start.offset + 1);
    }
    // The last byte may be inside of a character.
    const std::string& text = document.text();
    while (span.end.offset < text.size() && (static_cast<unsigned char>(text[span.end.offset]) & 0xC0) == 0x80)
        ++span.end.offset;
    return span;
}

Promql::Options promqlOptions(const CheckOptions& options)
{
    Promql::Options out;
    out.version = {options.prometheus.major, options.prometheus.minor};
    for (const std::string& feature : options.features)
        (void)out.features.enable(feature);
    return out;
}

bool checkExpression(const YamlNode& scalar, Checker& checker, Promql::ParseResult* parsed)
{
    Promql::ParseResult result = Promql::parse(scalar.value, promqlOptions(checker.options()));
    std::size_t shown = 0;
    for (const Promql::Problem& problem : result.problems) {
        const TextSpan span = spanInScalar(checker.document(), scalar, problem.range.start, problem.range.end);
        if (shown++ == kMostProblems) {
            checker.error("promql/syntax", u"%1 more problems in this expression"_s.arg(result.problems.size() - kMostProblems), span);
            break;
        }
        checker.error("promql/syntax", u"could not parse expression: %1"_s.arg(Config::text(problem.message)), span,
                      Config::text(problem.hint));
    }
    const bool fine = result.ok();
    if (parsed)
        *parsed = std::move(result);
    return fine;
}

bool checkTemplate(const YamlNode& scalar, const TemplateDialect& dialect, const char* code, const QString& what,
                   Checker& checker)
{
    if (scalar.value.find("{{") == std::string::npos)
        return true;
    const auto kept = parsedTemplate(scalar.value, dialect);
    const ParsedTemplate& parsed = *kept;
    for (const TemplateProblem& problem : parsed.problems)
        checker.error(code, what + Config::text(problem.message),
                      spanInScalar(checker.document(), scalar, problem.offset, problem.end));
    return parsed.ok();
}

} // namespace Promdeck::Config
