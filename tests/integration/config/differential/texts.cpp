#include "tests/integration/config/differential/generate.h"
#include "tests/integration/config/differential/mutate.h"

namespace Promdeck::Testing {

namespace {

using Words = std::vector<std::string>;

std::string duration(Dice& dice)
{
    return dice.pick({"5m", "1h30m", "1d", "30s", "1w", "1y", "100ms", "5", "1m1h", "0s", "1.5m", "5x", "9999999999y"});
}

std::string selector(Dice& dice)
{
    std::string out = dice.pick({"up", "foo", "foo:bar", "on", "sum", "by", "nan", "inf", "offset", "atan2", ""});
    if (out.empty() || dice.chance(50)) {
        out += '{';
        for (std::size_t i = dice.below(3); i > 0; --i) {
            out += dice.pick({"a", "job", "__name__", "on", "by", "5", "a-b"}) + dice.pick({"=", "!=", "=~", "!~", "=", "=", "=="});
            out += dice.chance(70) ? dice.pick({"\"x\"", "'y'", "`z`", "\"\"", "\"a\\tb\"", "\"a\\xb\"", "\"(\"", "\".*\"", "\".+\"", "5", "\"\\u00e4\"", "\"\\400\""})
                                   : inQuotes(randomRegexp(dice, 2));
            out += i > 1 || dice.chance(10) ? "," : "";
        }
        out += '}';
    }
    return out;
}

std::string modifiers(Dice& dice)
{
    std::string out;
    if (dice.chance(20))
        out += " offset " + dice.pick({"", "-", "+"}) + duration(dice);
    if (dice.chance(12))
        out += " @ " + dice.pick({"start()", "end()", "1600000000", "-1.5", "foo", "1e400", "nan", "inf", "0x10", "start"});
    return out;
}

std::string numberText(Dice& dice)
{
    return dice.pick({"1", "0.5", "1e3", "0x1f", ".5", "5.", "Inf", "-inf", "NaN", "nan", "1_0", "0b1", "017", "08", "1e", "0x", "1.2.3", "1e-9", "0X1F"});
}

std::string grouping(Dice& dice)
{
    if (dice.chance(40))
        return {};
    return ' ' + dice.pick({"by", "without", "BY"}) + " (" + dice.pick({"", "a", "a, b", "a,", "on", "5", "\"a\"", "offset, bool", "a b"}) + ") ";
}

std::string matching(Dice& dice)
{
    std::string out;
    if (dice.chance(15))
        out += " bool ";
    if (dice.chance(30)) {
        out += ' ' + dice.pick({"on", "ignoring"}) + "(" + dice.pick({"", "a", "a, b", "a,", "by"}) + ") ";
        if (dice.chance(40))
            out += dice.pick({"group_left", "group_right"}) + dice.pick({"", "()", "(a)", "(c, d)"}) + ' ';
    }
    return out;
}

std::string callText(Dice& dice, int depth)
{
    static const Words functions {"rate", "increase", "abs", "absent", "absent_over_time", "histogram_quantile", "label_replace", "label_join",
                                  "time", "vector", "scalar", "day_of_month", "hour", "clamp", "clamp_max", "round", "sort", "timestamp", "pi",
                                  "predict_linear", "holt_winters", "quantile_over_time", "present_over_time", "deriv", "sgn", "exp", "month",
                                  "delta", "nosuch", "Rate", "days_in_month", "last_over_time", "double_exponential_smoothing", "mad_over_time"};
    std::string out = dice.pick(functions) + "(";
    for (std::size_t i = dice.below(4); i > 0; --i) {
        out += dice.chance(30) ? selector(dice) + "[5m]" : dice.chance(20) ? "\"x\"" : randomExpression(dice, depth - 1);
        out += i > 1 ? ", " : "";
    }
    return out + ")";
}

} // namespace

std::string randomExpression(Dice& dice, int depth)
{
    switch (depth <= 0 ? dice.below(3) : dice.below(14)) {
    case 0: return selector(dice) + modifiers(dice);
    case 1: return numberText(dice);
    case 2: return selector(dice) + "[" + duration(dice) + "]" + modifiers(dice);
    case 3:
    case 4: return callText(dice, depth);
    case 5:
    case 6: {
        const std::string op = dice.pick({"sum", "avg", "count", "min", "topk", "quantile", "count_values", "group", "stddev", "SUM", "limitk", "bottomk"});
        const std::string inner = (dice.chance(40) ? dice.pick({"5, ", "\"x\", ", "0.9, ", "up, "}) : "") + randomExpression(dice, depth - 1);
        return dice.chance(50) ? op + grouping(dice) + "(" + inner + ")" : op + "(" + inner + ")" + grouping(dice);
    }
    case 7:
    case 8:
    case 9:
        return randomExpression(dice, depth - 1) + ' '
            + dice.pick({"+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless", "atan2", "AND", "=", "&&"}) + matching(dice)
            + ' ' + randomExpression(dice, depth - 1);
    case 10: return "(" + randomExpression(dice, depth - 1) + ")" + modifiers(dice);
    case 11: return dice.pick({"-", "+", "--", "!"}) + randomExpression(dice, depth - 1);
    case 12: return randomExpression(dice, depth - 1) + "[" + duration(dice) + ":" + dice.pick({"", "1m", "30s", "x"}) + "]" + modifiers(dice);
    default: return dice.pick({"\"text\"", "'t'", "`r`", "\"\\z\"", "\"a\nb\"", "`a\nb`"});
    }
}

const Words& expressionWords()
{
    static const Words words {"(", ")", "{", "}", "[", "]", ",", "=", "==", "=~", "!~", "!=", ">", "+", "-", "*", "/", "^", "%", "@", ":", "\"", "'", "`",
                              " ", "\n", "#", "# x\n", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "sum", "topk",
                              "and", "or", "unless", "atan2", "inf", "nan", "start", "end", "start()", "rate", "up", "5m", "1h", "5", "0x1f", "1e3",
                              "\"x\"", "\\", ";", "$", "?", "!", "\xC3\xA4", "count_values", "__name__", "1d1h", "histogram_quantile", "smoothed",
                              "anchored", "fill", "info", "limitk", "step()", "</", ">/", "<"};
    return words;
}

std::string randomTemplate(Dice& dice, int depth)
{
    static const Words pipelines {".Value", "$value", "$labels.instance", "$labels", "$externalLabels.x", "$externalURL", "$x", ".", "$", "$value | humanize",
                                  "printf \"%.2f\" $value", "query \"up\" | first | value", "humanizeDuration", "nosuch", "5", "-5.5e3", "\"a\"", "`a`", "'a'",
                                  "nil", "true", "$labels.a.b", ".Labels.job | toUpper | title", "$x := 5", "$x := .", "$x = 5", "len .", "(len .).x",
                                  "and true (not false)", "index . 1", "eq 1 1", "$labels . x", "|", "a |", "1 | 2", ".a.b.c", "..", ".1", "$1",
                                  "args 1 2", "sortByLabel \"a\" (query \"x\")", "- 1", "template", "$value |humanize1024| safeHtml", "0x1p-2", "1_000",
                                  "break", "continue", "'\\n'", "\"a\\qb\"", "stripPort .", "parseDuration \"1h\"", "toTime 1", "slice . 1", "html .", "js .",
                                  "graphLink \"up\"", "tableLink `x`", "pathPrefix", "externalURL", "match \"a\" \"b\"", "reReplaceAll `a` `b` `c`", "call .",
                                  "$labels.foo-bar", "not", "/* c */", "nil | len", "1.x", "\"a\".b", "(1", "1)", "urlquery .", "strvalue", "now", "toDuration 1"};
    const auto braces = [&](const std::string& inside) {
        return dice.pick({"{{ ", "{{", "{{- ", "{{ "}) + inside + dice.pick({" }}", "}}", " -}}", " }}"});
    };
    std::string out;
    for (std::size_t parts = 1 + dice.below(3); parts > 0; --parts) {
        switch (depth <= 0 ? dice.below(3) : dice.below(9)) {
        case 0: out += dice.pick({"text ", "} ", "{ ", "}} ", "\n", "%"}); break;
        case 1:
        case 2:
        case 3: out += braces(dice.pick(pipelines)); break;
        case 4: out += braces("if " + dice.pick(pipelines)) + randomTemplate(dice, depth - 1) + (dice.chance(40) ? braces(dice.pick({"else", "else if true", "else with ."})) : "") + braces("end"); break;
        case 5: out += braces("range " + dice.pick({"", "$i, $v := ", "$v := ", "$a, $b, $c := "}) + dice.pick(pipelines)) + randomTemplate(dice, depth - 1) + braces("end"); break;
        case 6: out += braces("with " + dice.pick({"", "$y := "}) + dice.pick(pipelines)) + "{{ $y }}" + braces("end"); break;
        case 7: out += braces(dice.pick({"define \"x\"", "block \"x\" .", "define", "define `y`", "template \"x\" .", "template x", "template \"x\""})) + randomTemplate(dice, depth - 1) + (dice.chance(70) ? braces("end") : ""); break;
        default: out += braces(dice.pick({"/* c */", "end", "else", "break", "continue", "", "-", "/*", "*/", "- 3"})); break;
        }
    }
    return out;
}

const Words& templateWords()
{
    static const Words words {"{{", "}}", "{{-", "-}}", "|", "(", ")", ".", "$", "$x", ":=", "=", ",", "\"", "`", "'", " ", "\n", "if", "else", "end",
                              "range", "with", "define", "block", "template", "break", "continue", "nil", "true", "1", "-", "/*", "*/", "$value",
                              "$labels", "humanize", "printf", "and", "\\", "\xC3\xA4", "5.5", "0x", "'ab'", "len"};
    return words;
}

std::string randomRegexp(Dice& dice, int depth)
{
    std::string out;
    for (std::size_t parts = 1 + dice.below(3); parts > 0; --parts) {
        switch (depth <= 0 ? dice.below(3) : dice.below(9)) {
        case 0:
        case 1: out += dice.pick({"a", "b", ".", "x-y", "\\.", "\\d", "\\w", "\\s", "\\b", "^", "$", "-", "\xC3\xA4", " "}); break;
        case 2: out += dice.pick({"\\pL", "\\p{Greek}", "\\p{Nope}", "\\C", "\\Q.\\E", "\\Z", "\\z", "\\A", "\\1", "\\x41", "\\x{41}", "\\x{110000}", "\\8", "\\07", "\\u0041", "\\h", "\\pN", "\\p", "\\Qab", "\\_", "\\-", "\\/", "\\\"", "\\"}); break;
        case 3: out += "(" + dice.pick({"", "?:", "?i:", "?P<n>", "?<n>", "?=", "?!", "?<=", "?s)", "?i)", "?-i:", "?x:", "?P<1a>", "?P=n", "?#", "?i-s:", "?U:", "?m", "?>"}) + randomRegexp(dice, depth - 1) + ")"; break;
        case 4: out += randomRegexp(dice, depth - 1) + dice.pick({"*", "+", "?", "*?", "**", "+*", "{2}", "{2,}", "{,2}", "{2,1}", "{1001}", "{1000}", "{", "}", "??", "*+", "{2}{3}", "{0}", "{a}", "{2,3}?"}); break;
        case 5: out += "[" + dice.pick({"a-z", "^a", "", "z-a", "[:alpha:]", "[:nope:]", "[:^alpha:]", "\\d", "a-\\d", "]", "^]", "-a", "a-", "\\pL", "[a", "\\", "[.a.]", "[=a=]", "a-b-c", "\\x41-\\x42"}) + "]"; break;
        case 6: out += randomRegexp(dice, depth - 1) + "|" + randomRegexp(dice, depth - 1); break;
        default: out += dice.pick({"a", "foo", "bar.*", ".+"}); break;
        }
    }
    return out;
}

std::string randomMatcher(Dice& dice)
{
    const auto one = [&] {
        std::string value = dice.pick({"b", "\"b\"", "\"b c\"", "b c", "", "\"\"", "\"b\\\"c\"", "b\"", "\"b", "b,c", "\"b,c\"", "\xC3\xA4", "\"\\n\"", "b\\", "{b}", "b}", "~b",
                                       "=b", "a=b", " b ", "\"b\" ", "'b'", "\\n", "\"\\q\"", "b\\\\c", "\"b\\\\\""});
        if (dice.chance(30))
            value = dice.chance(50) ? inQuotes(randomRegexp(dice, 2)) : randomRegexp(dice, 1);
        return dice.pick({"a", "foo", "_x", "a1", "1a", "a-b", "", " a ", "a b", "\"a\"", "\xC3\xA4", "a.b", "a:b"}) + dice.pick({"=", "!=", "=~", "!~", "=", " = ", "==", "=!", "~", " =~ "}) + value;
    };
    std::string out = one();
    for (std::size_t more = dice.below(3); more > 0; --more)
        out += dice.pick({",", ", ", ",,", " ", ";"}) + one();
    if (dice.chance(40))
        out = dice.pick({"{", "{", " {", "{{"}) + out + dice.pick({"}", "}", "} ", ",}", ""});
    return out;
}

const Words& matcherWords()
{
    static const Words words {"{", "}", ",", "=", "!=", "=~", "!~", "\"", "\\", " ", "a", "b", "1", "~", "!", "\n", "\\\"", "-", ".", "\xC3\xA4", "'", "(", ")"};
    return words;
}

LabelSet randomLabels(Dice& dice)
{
    LabelSet labels;
    for (const char* name : {"team", "severity", "env", "job", "instance"}) {
        if (dice.chance(60))
            labels[name] = dice.pick({"db", "web", "page", "ticket", "prod", "prod-2", "a", "b", "", "a b", "A", "x=y", "1", "a,b", "db\"", "a\\b"});
    }
    return labels;
}

namespace {

std::string routeText(Dice& dice, int indent, int depth)
{
    const std::string margin(std::size_t(indent), ' ');
    const auto value = [&] {
        return dice.pick({"db", "web", "page", "prod", "a", "", "db|web", "p.*", ".*", ".+", "prod(-\\\\d)?", "[ab]", "(?i:a)", "a b", "^db$", "d.", "(a|b)?"});
    };
    const auto name = [&] { return dice.pick({"team", "severity", "env", "job", "instance", "absent"}); };
    std::string out;
    if (dice.chance(85))
        out += margin + "receiver: " + dice.pick({"r1", "r2", "r3", "r4"}) + '\n';
    if (depth > 0) {
        if (dice.chance(60)) {
            out += margin + "matchers:\n";
            for (std::size_t i = 1 + dice.below(2); i > 0; --i)
                out += margin + "- '" + name() + dice.pick({"=", "!=", "=~", "!~"}) + '"' + value() + "\"'\n";
        }
        if (dice.chance(25))
            out += margin + "match: {" + name() + ": \"" + dice.pick({"db", "a", ""}) + "\"}\n";
        if (dice.chance(25))
            out += margin + "match_re: {" + name() + ": \"" + value() + "\"}\n";
        if (dice.chance(40))
            out += margin + "continue: true\n";
    }
    if (depth < 4 && dice.chance(depth == 0 ? 100 : 55)) {
        out += margin + "routes:\n";
        for (std::size_t i = 1 + dice.below(4); i > 0; --i)
            out += margin + "-\n" + routeText(dice, indent + 2, depth + 1);
    }
    if (out.empty())
        out = margin + "receiver: r1\n";
    return out;
}

} // namespace

std::string randomRouting(Dice& dice)
{
    std::string root = routeText(dice, 2, 0);
    if (!root.starts_with("  receiver"))
        root = "  receiver: r1\n" + root;
    return "route:\n" + root + "receivers:\n- name: r1\n- name: r2\n- name: r3\n- name: r4\n";
}

std::string randomRelabelling(Dice& dice)
{
    std::string out;
    for (std::size_t rules = 1 + dice.below(4); rules > 0; --rules) {
        const std::string action = dice.pick({"replace", "replace", "replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase",
                                              "uppercase", "keepequal", "dropequal", "Replace"});
        const std::string lowered = action == "Replace" ? "replace" : action;
        out += "  - action: " + action + '\n';
        const bool onlyRegex = lowered == "labeldrop" || lowered == "labelkeep";
        const bool equal = lowered == "keepequal" || lowered == "dropequal";
        if (!onlyRegex && lowered != "labelmap")
            out += "    source_labels: " + dice.pick({"[a]", "[a, b]", "[b, a, c]", "[nope]", "[__address__]", "[]"}) + '\n';
        if (!onlyRegex && !equal && dice.chance(30))
            out += "    separator: " + dice.pick({"'-'", "''", "';'", "'@'"}) + '\n';
        if (lowered == "hashmod")
            out += "    modulus: " + dice.pick({"8", "1", "1000", "18446744073709551615"}) + '\n';
        const bool expands = lowered == "replace" && dice.chance(40);
        if (!onlyRegex && lowered != "keep" && lowered != "drop" && lowered != "labelmap")
            out += "    target_label: " + (expands ? dice.pick({"${1}", "x_$1", "${2}_y", "$1$2"}) : lowered == "replace" ? dice.pick({"d", "a", "__t", "job"}) : dice.pick({"d", "a", "b"})) + '\n';
        // 2.42 removes the label of the unexpanded name when nothing replaces it.
        if (expands) {
            out += "    replacement: const\n";
            continue;
        }
        if (!equal && lowered != "hashmod" && lowered != "lowercase" && lowered != "uppercase" && dice.chance(75))
            out += "    regex: " + inQuotes(dice.chance(70) ? dice.pick({"(.*)", "(.+)", "(a)(b)?", "([a-z]+)-(\\d+)", "a|b", "(?P<n>.)(.*)", "__meta_(.+)", "", ".*", "foo;(.*)", "(?i)A.*",
                                                                         "[^;]+;(.*)", "(\xC3\xA4|a)(.*)", "__.*|job|instance", "(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)?"}) : dice.pick({"x", "a-1", "b"})) + '\n';
        if (lowered == "labelmap" || (lowered == "replace" && dice.chance(65)))
            out += "    replacement: " + inQuotes(lowered == "labelmap" ? dice.pick({"$1", "m_$1", "${1}_x", "x", "$1$1"}) : dice.pick({"$1", "${1}x", "$1x", "$2-$1", "$n", "${n}", "$$1", "$", "", "const", "$0", "$10", "${10}", "$1_", "${1", "a$", "$-1", "\xC3\xA4"})) + '\n';
    }
    return out;
}

} // namespace Promdeck::Testing
