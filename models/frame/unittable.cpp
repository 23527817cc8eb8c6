#include "models/frame/unittable.h"

// Data only: ids and symbols as dashboards and readers know them. The rules are in valueformat.cpp.
namespace Promdeck::Units {

namespace {

constexpr Entry kMisc[] = {
    {u"none", Kind::Fixed, u"", 0},
    {u"string", Kind::Text, u"", 0},
    {u"short", Kind::Short, u"", 0},
    {u"sishort", Kind::Si, u"", 0},
    {u"percent", Kind::Percent, u"", 0},
    {u"percentunit", Kind::PercentUnit, u"", 0},
    {u"humidity", Kind::Fixed, u"%H", 0},
    {u"dB", Kind::Fixed, u"dB", 0},
    {u"candela", Kind::Si, u"cd", 0},
    {u"hex0x", Kind::Hex0x, u"", 0},
    {u"hex", Kind::Hex, u"", 0},
    {u"sci", Kind::Scientific, u"", 0},
    {u"locale", Kind::Locale, u"", 0},
    {u"pixel", Kind::Fixed, u"px", 0},
};

constexpr Entry kAcceleration[] = {
    {u"accMS2", Kind::Fixed, u"m/sec²", 0},
    {u"accFS2", Kind::Fixed, u"f/sec²", 0},
    {u"accG", Kind::Fixed, u"g", 0},
};

constexpr Entry kAngle[] = {
    {u"degree", Kind::Fixed, u"°", 0},
    {u"radian", Kind::Fixed, u"rad", 0},
    {u"grad", Kind::Fixed, u"grad", 0},
    {u"arcmin", Kind::Fixed, u"arcmin", 0},
    {u"arcsec", Kind::Fixed, u"arcsec", 0},
};

constexpr Entry kArea[] = {
    {u"areaM2", Kind::Fixed, u"m²", 0},
    {u"areaF2", Kind::Fixed, u"ft²", 0},
    {u"areaMI2", Kind::Fixed, u"mi²", 0},
    {u"acres", Kind::Fixed, u"ac", 0},
    {u"hectares", Kind::Fixed, u"ha", 0},
};

constexpr Entry kComputation[] = {
    {u"flops", Kind::Si, u"FLOPS", 0},
    {u"mflops", Kind::Si, u"FLOPS", 2},
    {u"gflops", Kind::Si, u"FLOPS", 3},
    {u"tflops", Kind::Si, u"FLOPS", 4},
    {u"pflops", Kind::Si, u"FLOPS", 5},
    {u"eflops", Kind::Si, u"FLOPS", 6},
    {u"zflops", Kind::Si, u"FLOPS", 7},
    {u"yflops", Kind::Si, u"FLOPS", 8},
};

constexpr Entry kConcentration[] = {
    {u"ppm", Kind::Fixed, u"ppm", 0},
    {u"conppb", Kind::Fixed, u"ppb", 0},
    {u"conngm3", Kind::Fixed, u"ng/m³", 0},
    {u"conngNm3", Kind::Fixed, u"ng/Nm³", 0},
    {u"conμgm3", Kind::Fixed, u"μg/m³", 0},
    {u"conμgNm3", Kind::Fixed, u"μg/Nm³", 0},
    {u"conmgm3", Kind::Fixed, u"mg/m³", 0},
    {u"conmgNm3", Kind::Fixed, u"mg/Nm³", 0},
    {u"congm3", Kind::Fixed, u"g/m³", 0},
    {u"congNm3", Kind::Fixed, u"g/Nm³", 0},
    {u"conmgdL", Kind::Fixed, u"mg/dL", 0},
    {u"conmmolL", Kind::Fixed, u"mmol/L", 0},
};

constexpr Entry kCurrency[] = {
    {u"currencyUSD", Kind::CurrencyPrefix, u"$", 0},
    {u"currencyGBP", Kind::CurrencyPrefix, u"£", 0},
    {u"currencyEUR", Kind::CurrencyPrefix, u"€", 0},
    {u"currencyJPY", Kind::CurrencyPrefix, u"¥", 0},
    {u"currencyRUB", Kind::CurrencyPrefix, u"₽", 0},
    {u"currencyUAH", Kind::CurrencyPrefix, u"₴", 0},
    {u"currencyBRL", Kind::CurrencyPrefix, u"R$", 0},
    {u"currencyDKK", Kind::CurrencySuffix, u"kr", 0},
    {u"currencyISK", Kind::CurrencySuffix, u"kr", 0},
    {u"currencyNOK", Kind::CurrencySuffix, u"kr", 0},
    {u"currencySEK", Kind::CurrencySuffix, u"kr", 0},
    {u"currencyCZK", Kind::CurrencyPrefix, u"czk", 0},
    {u"currencyCHF", Kind::CurrencyPrefix, u"CHF", 0},
    {u"currencyPLN", Kind::CurrencyPrefix, u"PLN", 0},
    {u"currencyBTC", Kind::CurrencyPrefix, u"฿", 0},
    {u"currencymBTC", Kind::CurrencyPrefix, u"mBTC", 0},
    {u"currencyμBTC", Kind::CurrencyPrefix, u"μBTC", 0},
    {u"currencyZAR", Kind::CurrencyPrefix, u"R", 0},
    {u"currencyINR", Kind::CurrencyPrefix, u"₹", 0},
    {u"currencyKRW", Kind::CurrencyPrefix, u"₩", 0},
    {u"currencyIDR", Kind::CurrencyPrefix, u"Rp", 0},
    {u"currencyPHP", Kind::CurrencyPrefix, u"PHP", 0},
    {u"currencyVND", Kind::CurrencySuffix, u"đ", 0},
    {u"currencyTRY", Kind::CurrencySuffix, u"₺", 0},
    {u"currencyMYR", Kind::CurrencyPrefix, u"RM", 0},
    {u"currencyXPF", Kind::CurrencyPrefix, u"XPF", 0},
    {u"currencyBGN", Kind::CurrencyPrefix, u"BGN", 0},
    {u"currencyPYG", Kind::CurrencyPrefix, u"₲", 0},
    {u"currencyUYU", Kind::CurrencyPrefix, u"UYU", 0},
    {u"currencyILS", Kind::CurrencyPrefix, u"₪", 0},
};

constexpr Entry kData[] = {
    {u"bytes", Kind::Binary, u"B", 0},
    {u"decbytes", Kind::Si, u"B", 0},
    {u"bits", Kind::Binary, u"b", 0},
    {u"decbits", Kind::Si, u"b", 0},
    {u"kbytes", Kind::Binary, u"B", 1},
    {u"deckbytes", Kind::Si, u"B", 1},
    {u"mbytes", Kind::Binary, u"B", 2},
    {u"decmbytes", Kind::Si, u"B", 2},
    {u"gbytes", Kind::Binary, u"B", 3},
    {u"decgbytes", Kind::Si, u"B", 3},
    {u"tbytes", Kind::Binary, u"B", 4},
    {u"dectbytes", Kind::Si, u"B", 4},
    {u"pbytes", Kind::Binary, u"B", 5},
    {u"decpbytes", Kind::Si, u"B", 5},
};

constexpr Entry kDataRate[] = {
    {u"pps", Kind::Si, u"p/s", 0},
    {u"binBps", Kind::Binary, u"B/s", 0},
    {u"Bps", Kind::Si, u"B/s", 0},
    {u"binbps", Kind::Binary, u"b/s", 0},
    {u"bps", Kind::Si, u"b/s", 0},
    {u"KiBs", Kind::Binary, u"B/s", 1},
    {u"Kibits", Kind::Binary, u"b/s", 1},
    {u"KBs", Kind::Si, u"B/s", 1},
    {u"Kbits", Kind::Si, u"b/s", 1},
    {u"MiBs", Kind::Binary, u"B/s", 2},
    {u"Mibits", Kind::Binary, u"b/s", 2},
    {u"MBs", Kind::Si, u"B/s", 2},
    {u"Mbits", Kind::Si, u"b/s", 2},
    {u"GiBs", Kind::Binary, u"B/s", 3},
    {u"Gibits", Kind::Binary, u"b/s", 3},
    {u"GBs", Kind::Si, u"B/s", 3},
    {u"Gbits", Kind::Si, u"b/s", 3},
    {u"TiBs", Kind::Binary, u"B/s", 4},
    {u"Tibits", Kind::Binary, u"b/s", 4},
    {u"TBs", Kind::Si, u"B/s", 4},
    {u"Tbits", Kind::Si, u"b/s", 4},
    {u"PiBs", Kind::Binary, u"B/s", 5},
    {u"Pibits", Kind::Binary, u"b/s", 5},
    {u"PBs", Kind::Si, u"B/s", 5},
    {u"Pbits", Kind::Si, u"b/s", 5},
};

constexpr Entry kDateTime[] = {
    {u"dateTimeAsIso", Kind::DateIso, u"", 0},
    {u"dateTimeAsIsoNoDateIfToday", Kind::DateIsoToday, u"", 0},
    {u"dateTimeAsUS", Kind::DateUs, u"", 0},
    {u"dateTimeAsUSNoDateIfToday", Kind::DateUsToday, u"", 0},
    {u"dateTimeAsLocal", Kind::DateLocal, u"", 0},
    {u"dateTimeAsLocalNoDateIfToday", Kind::DateLocalToday, u"", 0},
    {u"dateTimeAsSystem", Kind::DateSystem, u"", 0},
    {u"dateTimeFromNow", Kind::DateFromNow, u"", 0},
};

constexpr Entry kEnergy[] = {
    {u"watt", Kind::Si, u"W", 0},
    {u"kwatt", Kind::Si, u"W", 1},
    {u"megwatt", Kind::Si, u"W", 2},
    {u"gwatt", Kind::Si, u"W", 3},
    {u"mwatt", Kind::Si, u"W", -1},
    {u"Wm2", Kind::Si, u"W/m²", 0},
    {u"voltamp", Kind::Si, u"VA", 0},
    {u"kvoltamp", Kind::Si, u"VA", 1},
    {u"voltampreact", Kind::Si, u"VAr", 0},
    {u"kvoltampreact", Kind::Si, u"VAr", 1},
    {u"watth", Kind::Si, u"Wh", 0},
    {u"watthperkg", Kind::Si, u"Wh/kg", 0},
    {u"kwatth", Kind::Si, u"Wh", 1},
    {u"kwattm", Kind::Si, u"W-Min", 1},
    {u"mwatth", Kind::Si, u"Wh", 2},
    {u"amph", Kind::Si, u"Ah", 0},
    {u"kamph", Kind::Si, u"Ah", 1},
    {u"mamph", Kind::Si, u"Ah", -1},
    {u"joule", Kind::Si, u"J", 0},
    {u"ev", Kind::Si, u"eV", 0},
    {u"amp", Kind::Si, u"A", 0},
    {u"kamp", Kind::Si, u"A", 1},
    {u"mamp", Kind::Si, u"A", -1},
    {u"volt", Kind::Si, u"V", 0},
    {u"kvolt", Kind::Si, u"V", 1},
    {u"mvolt", Kind::Si, u"V", -1},
    {u"dBm", Kind::Si, u"dBm", 0},
    {u"mohm", Kind::Si, u"Ω", -1},
    {u"ohm", Kind::Si, u"Ω", 0},
    {u"kohm", Kind::Si, u"Ω", 1},
    {u"Mohm", Kind::Si, u"Ω", 2},
    {u"farad", Kind::Si, u"F", 0},
    {u"µfarad", Kind::Si, u"F", -2},
    {u"nfarad", Kind::Si, u"F", -3},
    {u"pfarad", Kind::Si, u"F", -4},
    {u"ffarad", Kind::Si, u"F", -5},
    {u"henry", Kind::Si, u"H", 0},
    {u"mhenry", Kind::Si, u"H", -1},
    {u"µhenry", Kind::Si, u"H", -2},
    {u"lumens", Kind::Si, u"Lm", 0},
};

constexpr Entry kFlow[] = {
    {u"flowgpm", Kind::Fixed, u"gpm", 0},
    {u"flowcms", Kind::Fixed, u"cms", 0},
    {u"flowcfs", Kind::Fixed, u"cfs", 0},
    {u"flowcfm", Kind::Fixed, u"cfm", 0},
    {u"litreh", Kind::Fixed, u"L/h", 0},
    {u"flowlpm", Kind::Fixed, u"L/min", 0},
    {u"flowmlpm", Kind::Fixed, u"mL/min", 0},
    {u"lux", Kind::Fixed, u"lux", 0},
};

constexpr Entry kForce[] = {
    {u"forceNm", Kind::Si, u"Nm", 0},
    {u"forcekNm", Kind::Si, u"Nm", 1},
    {u"forceN", Kind::Si, u"N", 0},
    {u"forcekN", Kind::Si, u"N", 1},
};

constexpr Entry kHashRate[] = {
    {u"Hs", Kind::Si, u"H/s", 0},
    {u"KHs", Kind::Si, u"H/s", 1},
    {u"MHs", Kind::Si, u"H/s", 2},
    {u"GHs", Kind::Si, u"H/s", 3},
    {u"THs", Kind::Si, u"H/s", 4},
    {u"PHs", Kind::Si, u"H/s", 5},
    {u"EHs", Kind::Si, u"H/s", 6},
};

constexpr Entry kMass[] = {
    {u"massmg", Kind::Si, u"g", -1},
    {u"massg", Kind::Si, u"g", 0},
    {u"masslb", Kind::Fixed, u"lb", 0},
    {u"masskg", Kind::Si, u"g", 1},
    {u"masst", Kind::Fixed, u"t", 0},
};

constexpr Entry kLength[] = {
    {u"lengthmm", Kind::Si, u"m", -1},
    {u"lengthin", Kind::Fixed, u"in", 0},
    {u"lengthft", Kind::Fixed, u"ft", 0},
    {u"lengthm", Kind::Si, u"m", 0},
    {u"lengthkm", Kind::Si, u"m", 1},
    {u"lengthmi", Kind::Fixed, u"mi", 0},
};

constexpr Entry kPressure[] = {
    {u"pressurembar", Kind::Si, u"bar", -1},
    {u"pressurebar", Kind::Si, u"bar", 0},
    {u"pressurekbar", Kind::Si, u"bar", 1},
    {u"pressurepa", Kind::Si, u"Pa", 0},
    {u"pressurehpa", Kind::Fixed, u"hPa", 0},
    {u"pressurekpa", Kind::Fixed, u"kPa", 0},
    {u"pressurehg", Kind::Fixed, u"\"Hg", 0},
    {u"pressurepsi", Kind::Psi, u"", 0},
};

constexpr Entry kRadiation[] = {
    {u"radbq", Kind::Si, u"Bq", 0},
    {u"radci", Kind::Si, u"Ci", 0},
    {u"radgy", Kind::Si, u"Gy", 0},
    {u"radrad", Kind::Si, u"rad", 0},
    {u"radsv", Kind::Si, u"Sv", 0},
    {u"radmsv", Kind::Si, u"Sv", -1},
    {u"radusv", Kind::Si, u"Sv", -2},
    {u"radrem", Kind::Si, u"rem", 0},
    {u"radexpckg", Kind::Si, u"C/kg", 0},
    {u"radr", Kind::Si, u"R", 0},
    {u"radsvh", Kind::Si, u"Sv/h", 0},
    {u"radmsvh", Kind::Si, u"Sv/h", -1},
    {u"radusvh", Kind::Si, u"Sv/h", -2},
};

constexpr Entry kRotationalSpeed[] = {
    {u"rotrpm", Kind::Fixed, u"rpm", 0},
    {u"rothz", Kind::Si, u"Hz", 0},
    {u"rotkhz", Kind::Si, u"Hz", 1},
    {u"rotmhz", Kind::Si, u"Hz", 2},
    {u"rotghz", Kind::Si, u"Hz", 3},
    {u"rotrads", Kind::Fixed, u"rad/s", 0},
    {u"rotdegs", Kind::Fixed, u"°/s", 0},
};

constexpr Entry kTemperature[] = {
    {u"celsius", Kind::Fixed, u"°C", 0},
    {u"fahrenheit", Kind::Fixed, u"°F", 0},
    {u"kelvin", Kind::Fixed, u"K", 0},
};

constexpr Entry kTime[] = {
    {u"hertz", Kind::Si, u"Hz", 0},
    {u"ns", Kind::Nanoseconds, u"", 0},
    {u"µs", Kind::Microseconds, u"", 0},
    {u"ms", Kind::Milliseconds, u"", 0},
    {u"s", Kind::Seconds, u"", 0},
    {u"m", Kind::Minutes, u"", 0},
    {u"h", Kind::Hours, u"", 0},
    {u"d", Kind::Days, u"", 0},
    {u"dtdurationms", Kind::DurationMs, u"", 0},
    {u"dtdurations", Kind::DurationS, u"", 0},
    {u"dthms", Kind::DurationHms, u"", 0},
    {u"dtdhms", Kind::DurationDhms, u"", 0},
    {u"timeticks", Kind::TimeTicks, u"", 0},
    {u"clockms", Kind::ClockMs, u"", 0},
    {u"clocks", Kind::ClockS, u"", 0},
};

constexpr Entry kThroughput[] = {
    {u"cps", Kind::Count, u"c/s", 0},
    {u"ops", Kind::Count, u"ops/s", 0},
    {u"reqps", Kind::Count, u"req/s", 0},
    {u"rps", Kind::Count, u"rd/s", 0},
    {u"wps", Kind::Count, u"wr/s", 0},
    {u"iops", Kind::Count, u"io/s", 0},
    {u"eps", Kind::Count, u"evt/s", 0},
    {u"mps", Kind::Count, u"msg/s", 0},
    {u"recps", Kind::Count, u"rec/s", 0},
    {u"rowsps", Kind::Count, u"rows/s", 0},
    {u"cpm", Kind::Count, u"c/m", 0},
    {u"opm", Kind::Count, u"ops/m", 0},
    {u"reqpm", Kind::Count, u"req/m", 0},
    {u"rpm", Kind::Count, u"rd/m", 0},
    {u"wpm", Kind::Count, u"wr/m", 0},
    {u"epm", Kind::Count, u"evts/m", 0},
    {u"mpm", Kind::Count, u"msgs/m", 0},
    {u"recpm", Kind::Count, u"rec/m", 0},
    {u"rowspm", Kind::Count, u"rows/m", 0},
};

constexpr Entry kVelocity[] = {
    {u"velocityms", Kind::Fixed, u"m/s", 0},
    {u"velocitykmh", Kind::Fixed, u"km/h", 0},
    {u"velocitymph", Kind::Fixed, u"mph", 0},
    {u"velocityknot", Kind::Fixed, u"kn", 0},
};

constexpr Entry kVolume[] = {
    {u"mlitre", Kind::Si, u"L", -1},
    {u"litre", Kind::Si, u"L", 0},
    {u"m3", Kind::Fixed, u"m³", 0},
    {u"Nm3", Kind::Fixed, u"Nm³", 0},
    {u"dm3", Kind::Fixed, u"dm³", 0},
    {u"gallons", Kind::Fixed, u"gal", 0},
};

constexpr Entry kBoolean[] = {
    {u"bool", Kind::Boolean, u"True/False", 0},
    {u"bool_yes_no", Kind::Boolean, u"Yes/No", 0},
    {u"bool_on_off", Kind::Boolean, u"On/Off", 0},
};

constexpr Category kCategories[] = {
    {u"Misc", kMisc},
    {u"Acceleration", kAcceleration},
    {u"Angle", kAngle},
    {u"Area", kArea},
    {u"Computation", kComputation},
    {u"Concentration", kConcentration},
    {u"Currency", kCurrency},
    {u"Data", kData},
    {u"Data rate", kDataRate},
    {u"Date & time", kDateTime},
    {u"Energy", kEnergy},
    {u"Flow", kFlow},
    {u"Force", kForce},
    {u"Hash rate", kHashRate},
    {u"Mass", kMass},
    {u"Length", kLength},
    {u"Pressure", kPressure},
    {u"Radiation", kRadiation},
    {u"Rotational Speed", kRotationalSpeed},
    {u"Temperature", kTemperature},
    {u"Time", kTime},
    {u"Throughput", kThroughput},
    {u"Velocity", kVelocity},
    {u"Volume", kVolume},
    {u"Boolean", kBoolean},
};

} // namespace

std::span<const Category> categories()
{
    return kCategories;
}

} // namespace Promdeck::Units
