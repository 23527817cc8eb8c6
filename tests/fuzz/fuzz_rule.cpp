// One rule: its expression, an annotation and a label, parted by NULs, in a file that is otherwise as it should be. So
// the lints see expressions and templates that a whole file of random bytes seldom has.

#include "models/config/filechecker.h"

#include <cstdint>
#include <cstdlib>

using namespace Promdeck::Config;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

/// A YAML scalar of any text.
QByteArray scalar(const QByteArray& text)
{
    QByteArray out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out.append('\\').append(c);
        else if (c == '\n')
            out.append("\\n");
        else if (c == '\t')
            out.append("\\t");
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            out.append(c);
    }
    return out.append('"');
}

void check(const QByteArray& text, const CheckOptions& options)
{
    FileChecker files(options);
    files.checkText(QStringLiteral("/nowhere/rules.yml"), text, FileKind::Rules);
    for (const FileReport& report : files.reports()) {
        for (const Diagnostic& one : report.diagnostics) {
            require(!one.code.isEmpty() && !one.message.isEmpty());
            require(one.span.start.offset <= one.span.end.offset && one.span.end.offset <= std::size_t(report.text.size()));
            require(one.span.start.line >= 1 && one.span.start.column >= 1);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QList<QByteArray> parts = QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)).split('\0');
    const QByteArray expression = scalar(parts[0]);
    const QByteArray annotation = scalar(parts.value(1, parts[0]));
    const QByteArray label = scalar(parts.value(2, "page"));
    const QByteArray text = "groups:\n- name: g\n  interval: 1m\n  labels: {team: a}\n  rules:\n"
                            "  - record: job:up:sum\n    expr: " + expression + "\n    labels: {by: " + label + "}\n"
                            "  - alert: Down\n    expr: " + expression + "\n    for: 5m\n    keep_firing_for: 1m\n"
                            "    labels: {severity: " + label + "}\n    annotations: {summary: " + annotation + "}\n"
                            "  - alert: Reads\n    expr: sum(job:up:sum) / job:up:sum > 0\n";
    check(text, {});
    CheckOptions old;
    old.prometheus = {2, 42};
    old.strict = true;
    check(text, old);
    return 0;
}
