#include "models/frame/jsnumber.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

using namespace Qt::StringLiterals;

namespace Promdeck::Js {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Decimal digits d1 d2 d3... of a positive number and the place of the point: 0.d1d2d3 x 10^point.
struct Decimal
{
    std::string digits;
    int point = 0;
};

Decimal readScientific(const char* begin, const char* end)
{
    Decimal decimal;
    const char* exponent = std::find(begin, end, 'e');
    for (const char* at = begin; at != exponent; ++at) {
        if (*at != '.')
            decimal.digits += *at;
    }
    int power = 0;
    if (exponent != end) {
        const char* from = exponent + 1;
        if (from != end && *from == '+')
            ++from;
        std::from_chars(from, end, power);
    }
    decimal.point = power + 1;
    return decimal;
}

Decimal shortestDigits(double positive)
{
    std::array<char, 64> buffer;
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), positive,
                                    std::chars_format::scientific);
    return readScientific(buffer.data(), done.ptr);
}

/// Every digit of the binary value; 767 is the most a double can have.
Decimal exactDigits(double positive)
{
    std::array<char, 800> buffer;
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), positive,
                                    std::chars_format::scientific, 766);
    return readScientific(buffer.data(), done.ptr);
}

/// Keeps `count` digits, ties away from zero. A carry may add a digit in front.
void roundDigits(Decimal& decimal, int count)
{
    if (count < 0) {
        decimal = {"0", 1};
        return;
    }
    if (count >= int(decimal.digits.size()))
        return;
    const bool up = decimal.digits[size_t(count)] >= '5';
    decimal.digits.resize(size_t(count));
    if (!up)
        return;
    int at = count - 1;
    while (at >= 0 && decimal.digits[size_t(at)] == '9')
        decimal.digits[size_t(at--)] = '0';
    if (at >= 0) {
        ++decimal.digits[size_t(at)];
    } else {
        decimal.digits.insert(decimal.digits.begin(), '1');
        ++decimal.point;
    }
}

/// The digits in plain notation with exactly `fraction` digits behind the point.
std::string plain(const Decimal& decimal, int fraction)
{
    std::string text;
    for (int at = 0; at < decimal.point; ++at)
        text += at < int(decimal.digits.size()) ? decimal.digits[size_t(at)] : '0';
    if (text.empty())
        text.push_back('0');
    if (fraction <= 0)
        return text;
    text += '.';
    for (int at = decimal.point; at < decimal.point + fraction; ++at)
        text += at >= 0 && at < int(decimal.digits.size()) ? decimal.digits[size_t(at)] : '0';
    return text;
}

std::string fixedDigits(double positive, int digits)
{
    if (positive == 0)
        return plain({"0", 1}, digits);
    Decimal decimal = exactDigits(positive);
    roundDigits(decimal, decimal.point + digits);
    return plain(decimal, digits);
}

QString exponentText(int power)
{
    return (power < 0 ? u"e-"_s : u"e+"_s) + QString::number(std::abs(power));
}

QString notFinite(double value)
{
    if (std::isnan(value))
        return u"NaN"_s;
    return value < 0 ? u"-Infinity"_s : u"Infinity"_s;
}

} // namespace

QString numberText(double value)
{
    if (!std::isfinite(value))
        return notFinite(value);
    if (value == 0)
        return u"0"_s;
    if (std::abs(value) < 1e15 && value == std::trunc(value))
        return QString::number(qint64(value));
    const QString sign = value < 0 ? u"-"_s : QString();
    const Decimal decimal = shortestDigits(std::abs(value));
    const int count = int(decimal.digits.size());
    if (decimal.point > 21 || decimal.point <= -6) {
        QString text = sign + QChar::fromLatin1(decimal.digits.front());
        if (count > 1)
            text += u'.' + QLatin1StringView(decimal.digits.data() + 1, count - 1);
        return text + exponentText(decimal.point - 1);
    }
    return sign + QString::fromStdString(plain(decimal, std::max(0, count - decimal.point)));
}

double round(double value)
{
    const double below = std::floor(value);
    return value - below >= 0.5 ? below + 1 : below;
}

QString exponential(double value, std::optional<int> digits)
{
    if (!std::isfinite(value))
        return notFinite(value);
    Decimal decimal {"0", 1};
    if (value != 0)
        decimal = digits ? exactDigits(std::abs(value)) : shortestDigits(std::abs(value));
    if (digits) {
        const int wanted = std::clamp(*digits, 0, 100) + 1;
        roundDigits(decimal, wanted);
        decimal.digits.resize(size_t(wanted), '0');
    }
    QString text = value < 0 ? u"-"_s : QString();
    text += QChar::fromLatin1(decimal.digits.front());
    if (decimal.digits.size() > 1)
        text += u'.' + QString::fromStdString(decimal.digits.substr(1));
    return text + exponentText(decimal.point - 1);
}

QString fixed(double value, int digits)
{
    if (!std::isfinite(value))
        return notFinite(value);
    if (std::abs(value) >= 1e21)
        return numberText(value);
    const QString text = QString::fromStdString(fixedDigits(std::abs(value), std::clamp(digits, 0, 100)));
    return value < 0 ? u'-' + text : text;
}

QString hexText(double value)
{
    if (!std::isfinite(value))
        return notFinite(value);
    static constexpr char kDigits[] = "0123456789abcdef";
    const double magnitude = std::abs(value);
    double whole = std::floor(magnitude);
    double fraction = magnitude - whole;
    // Digits behind the point are printed only as far as the neighbouring double is distinguishable.
    double delta = 0.5 * (std::nextafter(magnitude, std::numeric_limits<double>::infinity()) - magnitude);
    delta = std::max(delta, std::numeric_limits<double>::denorm_min());
    std::string behind;
    if (fraction >= delta) {
        do {
            fraction *= 16;
            delta *= 16;
            const int digit = int(fraction);
            behind += char(digit);
            fraction -= digit;
            const bool roundsUp = fraction > 0.5 || (fraction == 0.5 && (digit & 1));
            if (roundsUp && fraction + delta > 1) {
                while (!behind.empty() && behind.back() == 15)
                    behind.pop_back();
                if (behind.empty())
                    whole += 1;
                else
                    ++behind.back();
                break;
            }
        } while (fraction >= delta);
    }
    std::string front;
    do {
        const double rest = std::fmod(whole, 16);
        front.insert(front.begin(), kDigits[int(rest)]);
        whole = (whole - rest) / 16;
    } while (whole > 0);
    std::string text = value < 0 ? "-" + front : front;
    if (!behind.empty()) {
        text += '.';
        for (const char digit : behind)
            text += kDigits[int(digit)];
    }
    return QString::fromStdString(text);
}

QString localeText(double value, int maxFractionDigits)
{
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value < 0 ? u"-\u221e"_s : u"\u221e"_s;
    std::string text = fixedDigits(std::abs(value), std::clamp(maxFractionDigits, 0, 100));
    size_t point = text.find('.');
    if (point != std::string::npos) {
        while (text.back() == '0')
            text.pop_back();
        if (text.back() == '.')
            text.pop_back();
    }
    point = std::min(text.find('.'), text.size());
    for (size_t at = point; at > 3; at -= 3)
        text.insert(at - 3, 1, ',');
    return (std::signbit(value) ? u"-"_s : QString()) + QString::fromStdString(text);
}

namespace {

/// Length of the decimal literal at the beginning (sign, digits, point, exponent); 0 when there is none.
qsizetype literalLength(QStringView text)
{
    const auto digitsFrom = [&](qsizetype at) {
        while (at < text.size() && text[at] >= u'0' && text[at] <= u'9')
            ++at;
        return at;
    };
    qsizetype at = !text.isEmpty() && (text[0] == u'-' || text[0] == u'+') ? 1 : 0;
    if (text.mid(at).startsWith(u"Infinity"))
        return at + 8;
    const qsizetype whole = digitsFrom(at);
    qsizetype count = whole - at;
    at = whole;
    if (at < text.size() && text[at] == u'.') {
        const qsizetype end = digitsFrom(at + 1);
        count += end - at - 1;
        at = end;
    }
    if (count == 0)
        return 0;
    if (at < text.size() && (text[at] == u'e' || text[at] == u'E')) {
        qsizetype from = at + 1;
        if (from < text.size() && (text[from] == u'-' || text[from] == u'+'))
            ++from;
        const qsizetype end = digitsFrom(from);
        if (end > from)
            at = end;
    }
    return at;
}

double readLiteral(QStringView text)
{
    const bool negative = text.startsWith(u'-');
    if (negative || text.startsWith(u'+'))
        text = text.mid(1);
    double value = 0;
    if (text == u"Infinity") {
        value = std::numeric_limits<double>::infinity();
    } else {
        const QByteArray latin = text.toLatin1();
        const auto done = std::from_chars(latin.cbegin(), latin.cend(), value);
        // Out of range leaves the value alone; only strtod says to which side it fell.
        if (done.ec == std::errc::result_out_of_range)
            value = QString::fromLatin1(latin).toDouble();
    }
    return negative ? -value : value;
}

} // namespace

double toNumber(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return 0;
    if (trimmed.size() > 2 && trimmed[0] == u'0' && trimmed[1].isLetter()) {
        const QChar kind = trimmed[1].toLower();
        const int base = kind == u'x' ? 16 : kind == u'o' ? 8 : kind == u'b' ? 2 : 0;
        bool ok = false;
        const qulonglong value = base ? trimmed.mid(2).toULongLong(&ok, base) : 0;
        if (base)
            return ok ? double(value) : kNaN;
    }
    return literalLength(trimmed) == trimmed.size() ? readLiteral(trimmed) : kNaN;
}

double parseFloat(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    const qsizetype length = literalLength(trimmed);
    return length > 0 ? readLiteral(trimmed.left(length)) : kNaN;
}

} // namespace Promdeck::Js
