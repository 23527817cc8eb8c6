// Single values: what Go, Prometheus and JavaScript read as durations, sizes, numbers, URLs and dates, and how units,
// date patterns and colours are written. What was printed must be read back.

#include "models/config/gotypes.h"
#include "models/core/duration.h"
#include "models/frame/color.h"
#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/jsregex.h"
#include "models/frame/valueformat.h"
#include "models/promql/gotext.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using namespace Promdeck;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void goTexts(std::string_view text)
{
    if (const auto ms = parsePrometheusDuration(text)) {
        require(*ms >= 0);
        if (*ms <= INT64_MAX / 1000000) {
            const Promql::ParsedDuration again = Promql::parseDuration(Promql::formatDuration(*ms * 1000000));
            require(again.error.empty() && again.nanoseconds == *ms * 1000000);
        }
    }
    (void)Config::parseGoDuration(text);
    (void)Config::parseBase2Bytes(text);
    (void)Config::splitUrl(text);
    (void)Config::urlProblem(text);
    (void)Config::quoted(text);
    (void)Config::isLegacyLabelName(text);
    require(Config::isValidUtf8(text) == Promql::isValidUtf8(text));
    const auto plain = Promql::goUnquote(Promql::goQuote(text));
    require(plain.has_value() && (*plain == text || !Promql::isValidUtf8(text)));
    (void)Promql::goUnquote(text);
    const Promql::ParsedNumber number = Promql::parseNumber(text);
    if (number.error.empty() && std::isfinite(number.value)) {
        const Promql::ParsedNumber again = Promql::parseNumber(Promql::formatPlain(number.value));
        require(again.error.empty() && again.value == number.value);
        (void)Promql::formatGeneral(number.value);
        (void)Promql::formatFixed(number.value, 3);
    }
}

void shown(double value, const QString& text, int decimals)
{
    const double again = Js::toNumber(Js::numberText(value));
    require(std::isnan(value) ? std::isnan(again) : again == value);
    (void)Js::round(value);
    (void)Js::exponential(value, decimals);
    (void)Js::exponential(value, {});
    (void)Js::fixed(value, decimals);
    (void)Js::hexText(value);
    (void)Js::localeText(value, decimals);
    (void)formatValue(value, text);
    (void)formatValue(value, text, decimals, QStringLiteral("Europe/Berlin"));
    (void)formatMoment(value, text, QStringLiteral("America/St_Johns"));
    (void)formatFromNow(value, 1700000000000.0);
    static const QList<UnitCategory> units = unitCatalogue();
    const QStringList& ids = units[decimals % units.size()].ids;
    for (const QString& id : ids)
        (void)formatValue(value, id, decimals);
}

} // namespace

// The first eight bytes are a number, the ninth a count of decimals, the rest a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 9)
        return 0;
    double value = 0;
    std::memcpy(&value, data, sizeof value);
    const int decimals = data[8] % 32;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 9, size - 9);
    goTexts(bytes);
    const QString text = QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
    shown(value, text, decimals);
    shown(Js::toNumber(text), text, decimals);
    (void)Js::parseFloat(text);
    (void)parseMoment(text, {});
    (void)parseMoment(QStringLiteral("2026-01-31 10:00:00"), text, QStringLiteral("Pacific/Apia"));
    for (const ThemeKind theme : {ThemeKind::Dark, ThemeKind::Light}) {
        (void)parseColor(text, theme);
        (void)continuousColor(text, value, theme);
    }
    if (bytes.size() < 64) {
        if (const auto regex = JsRegex::parse(text))
            (void)regex->replace(QStringLiteral("node_cpu_seconds_total{mode=\"idle\"}"), QStringLiteral("$1-$<name>$&"));
        (void)Config::regexpProblem(bytes);
    }
    return 0;
}
