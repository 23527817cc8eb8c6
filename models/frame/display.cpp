#include "models/frame/display.h"

#include "models/frame/dateformat.h"
#include "models/frame/jsnumber.h"
#include "models/frame/reducers.h"
#include "models/frame/valuemapping.h"

#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr Rgba kFallback {0x80, 0x80, 0x80, 255};
constexpr double kLowest = -std::numeric_limits<double>::infinity();

Rgba colorOrFallback(const QString& name, ThemeKind theme)
{
    return parseColor(name, theme).value_or(kFallback);
}

/// Colour of a value by the field's colour mode, with everything that does not depend on the value ready.
class ColorScale
{
public:
    ColorScale(const Field& field, ThemeKind theme);
    [[nodiscard]] Rgba color(double value, double percent) const;
    [[nodiscard]] double percent(double value) const;
    [[nodiscard]] bool byValue() const { return m_kind != Kind::Series; }
    [[nodiscard]] bool asked() const { return m_asked; }

private:
    enum class Kind { Thresholds, Continuous, Series };
    void readRange(const Field& field);
    [[nodiscard]] Rgba ofSeries(const Field& field, ThemeKind theme) const;

    Kind m_kind = Kind::Thresholds;
    bool m_asked = false;
    Rgba m_series = kFallback;
    Thresholds m_thresholds;
    std::vector<Rgba> m_stepColors;
    std::vector<Rgba> m_stops;
    double m_min = 0;
    double m_max = 100;
};

ColorScale::ColorScale(const Field& field, ThemeKind theme)
{
    readRange(field);
    const QString mode = field.config.color ? field.config.color->mode : QString();
    m_asked = field.config.color || (field.config.thresholds && !field.config.thresholds->steps.empty());
    const QStringList stops = continuousScheme(mode);
    if (!stops.isEmpty()) {
        m_kind = Kind::Continuous;
        for (const QString& stop : stops)
            m_stops.push_back(colorOrFallback(stop, theme));
        return;
    }
    if (mode.isEmpty() || mode == "thresholds"_L1 || mode.startsWith("continuous-"_L1)) {
        if (field.config.thresholds)
            m_thresholds = *field.config.thresholds;
        for (const ThresholdStep& step : m_thresholds.steps)
            m_stepColors.push_back(colorOrFallback(step.color, theme));
        return;
    }
    m_kind = Kind::Series;
    m_series = ofSeries(field, theme);
}

void ColorScale::readRange(const Field& field)
{
    if (field.type == FieldType::Boolean) {
        m_max = 1;
        return;
    }
    if (field.type != FieldType::Number)
        return;
    std::optional<double> min = field.config.min;
    std::optional<double> max = field.config.max;
    if ((!min || !max) && field.values.size() > 0) {
        if (const std::optional<NumberRange> range = numberRange(field.values)) {
            min = min ? min : range->min;
            max = max ? max : range->max;
        }
    }
    m_min = min.value_or(0);
    m_max = max.value_or(100);
}

Rgba ColorScale::ofSeries(const Field& field, ThemeKind theme) const
{
    const QString& mode = field.config.color->mode;
    const QString& fixed = field.config.color->fixedColor;
    const int index = std::max(0, field.state.seriesIndex);
    if (mode == "fixed"_L1)
        return colorOrFallback(fixed, theme);
    if (mode == "shades"_L1)
        return shadeOf(colorOrFallback(fixed, theme), index);
    if (mode == "palette-classic-by-name"_L1)
        return classicPaletteByName(field.state.displayName.isEmpty() ? field.name : field.state.displayName, theme);
    return classicPalette(index, theme);
}

double ColorScale::percent(double value) const
{
    if (value == kLowest)
        return 0;
    const double share = (value - m_min) / (m_max - m_min);
    return std::isnan(share) ? 0 : share;
}

Rgba ColorScale::color(double value, double percent) const
{
    switch (m_kind) {
    case Kind::Series: return m_series;
    case Kind::Continuous: return interpolateBasis(m_stops, percent);
    case Kind::Thresholds: break;
    }
    const double compared = m_thresholds.mode == Thresholds::Mode::Percentage ? percent * 100 : value;
    const ThresholdStep* step = activeThreshold(m_thresholds, compared);
    return step ? m_stepColors[size_t(step - m_thresholds.steps.data())] : kFallback;
}

/// A time field without a date unit shows milliseconds where it spans less than a minute.
QString timeUnit(const Field& field)
{
    const Column::Times& times = field.values.times();
    if (times.size() > 1 && std::abs(times.back() - times.front()) < 60'000)
        return u"time:YYYY-MM-DD HH:mm:ss.SSS"_s;
    return u"dateTimeAsSystem"_s;
}

} // namespace

struct DisplayProcessor::Private
{
    Private(const Field& f, ThemeKind kind, const QString& zone)
        : field(f), theme(kind), timeZone(zone), unit(f.config.unit.value_or(QString())), scale(f, kind),
          mappings(f.config.mappings)
    {
        if (field.type == FieldType::Time && !unit.isDate())
            unit = UnitFormat(timeUnit(field));
    }

    void applyMapping(DisplayValue& shown, const std::optional<MappingResult>& result) const;
    void finish(DisplayValue& shown, bool hasText) const;
    [[nodiscard]] DisplayValue number(double value, const std::optional<MappingResult>& mapped, bool format,
                                      const QString& plain) const;

    Field field; ///< columns are shared, so this costs little
    ThemeKind theme;
    QString timeZone;
    UnitFormat unit;
    ColorScale scale;
    MappingTable mappings;
};

DisplayProcessor::DisplayProcessor(const Field& field, ThemeKind theme, const QString& timeZone)
    : d(std::make_unique<Private>(field, theme, timeZone))
{
}

DisplayProcessor::~DisplayProcessor() = default;
DisplayProcessor::DisplayProcessor(DisplayProcessor&&) noexcept = default;
DisplayProcessor& DisplayProcessor::operator=(DisplayProcessor&&) noexcept = default;

/// plain is what is shown when there is nothing to format. A mapped text replaces value and unit.
DisplayValue DisplayProcessor::Private::number(double value, const std::optional<MappingResult>& mapped,
                                               bool format, const QString& plain) const
{
    DisplayValue shown;
    shown.numeric = value;
    bool colored = false;
    shown.text = QString();
    if (mapped) {
        shown.text = mapped->text;
        shown.icon = mapped->icon;
        if (!mapped->color.isEmpty()) {
            shown.color = colorOrFallback(mapped->color, theme);
            colored = true;
        }
    }
    if (!std::isnan(value)) {
        if (shown.text.isNull() && format) {
            FormattedValue formatted = unit.format(value, field.config.decimals, timeZone);
            shown.text = std::move(formatted.text);
            shown.prefix = std::move(formatted.prefix);
            shown.suffix = std::move(formatted.suffix);
        }
    }
    if (shown.text.isNull())
        shown.text = plain;
    if (shown.text.isEmpty() && field.config.noValue)
        shown.text = *field.config.noValue;
    if (colored) {
        shown.hasColor = true;
        shown.percent = std::isnan(value) ? 0 : scale.percent(value);
        return shown;
    }
    const double scaled = std::isnan(value) ? kLowest : value;
    shown.percent = scale.percent(scaled);
    shown.color = scale.color(scaled, shown.percent);
    shown.hasColor = scale.asked();
    return shown;
}

DisplayValue DisplayProcessor::operator()(double value) const
{
    std::optional<MappingResult> mapped;
    if (!d->mappings.isEmpty())
        mapped = d->mappings.find(value);
    if (d->unit.isText()) {
        // Texts have no number, so no threshold applies.
        DisplayValue shown = d->number(std::numeric_limits<double>::quiet_NaN(), mapped, false,
                                       isNull(value) ? QString() : Js::numberText(value));
        return shown;
    }
    return d->number(value, mapped, true, isNull(value) || !std::isnan(value) ? QString() : u"NaN"_s);
}

DisplayValue DisplayProcessor::operator()(const QString& value) const
{
    std::optional<MappingResult> mapped;
    if (!d->mappings.isEmpty())
        mapped = d->mappings.find(value);
    double numeric = std::numeric_limits<double>::quiet_NaN();
    if (d->unit.isDate()) {
        if (const std::optional<qint64> ms = parseMoment(value, {}, d->timeZone))
            numeric = double(*ms);
    } else if (!d->unit.isText() && !value.isEmpty()) {
        numeric = Js::toNumber(value);
    }
    return d->number(numeric, mapped, true, value);
}

DisplayValue DisplayProcessor::operator()(bool value) const
{
    std::optional<MappingResult> mapped;
    if (!d->mappings.isEmpty())
        mapped = d->mappings.find(value);
    return d->number(value ? 1 : 0, mapped, false, value ? u"true"_s : u"false"_s);
}

DisplayValue DisplayProcessor::ofJson(const Json& value) const
{
    switch (value.type()) {
    case Json::Type::Null: return (*this)(kNull);
    case Json::Type::Bool: return (*this)(value.toBool());
    case Json::Type::Integer:
    case Json::Type::Double: return (*this)(value.toDouble());
    case Json::Type::String: return (*this)(value.toString());
    case Json::Type::Array:
    case Json::Type::Object: break;
    }
    return d->number(std::numeric_limits<double>::quiet_NaN(), {}, false, QString::fromUtf8(value.toUtf8()));
}

DisplayValue DisplayProcessor::at(qsizetype row) const
{
    const Column& values = d->field.values;
    if (row < 0 || row >= values.size())
        return (*this)(kNull);
    const size_t place = size_t(row);
    if (values.isNumbers()) {
        const double value = values.numbers()[place];
        return d->field.type == FieldType::Boolean && !std::isnan(value) ? (*this)(value != 0) : (*this)(value);
    }
    if (values.isTimes())
        return (*this)(double(values.times()[place]));
    if (values.isStrings())
        return (*this)(values.strings()[place]);
    return ofJson(values.mixed()[place]);
}

FormattedValue DisplayProcessor::format(double value, std::optional<int> decimals) const
{
    return d->unit.format(value, decimals ? decimals : d->field.config.decimals, d->timeZone);
}

Rgba DisplayProcessor::colorOf(double value) const
{
    if (!d->mappings.isEmpty()) {
        const std::optional<MappingResult> mapped = d->mappings.find(value);
        if (mapped && !mapped->color.isEmpty())
            return colorOrFallback(mapped->color, d->theme);
    }
    const double scaled = std::isnan(value) ? kLowest : value;
    return d->scale.color(scaled, d->scale.percent(scaled));
}

const ThresholdStep* activeThreshold(const Thresholds& thresholds, double value)
{
    if (thresholds.steps.empty())
        return nullptr;
    const ThresholdStep* active = &thresholds.steps.front();
    for (const ThresholdStep& step : thresholds.steps) {
        if (!(value >= step.value))
            break;
        active = &step;
    }
    return active;
}

Rgba seriesColor(const Field& field, ThemeKind theme)
{
    const ColorScale scale(field, theme);
    if (!scale.byValue())
        return scale.color(0, 0);
    const QString by = field.config.color ? field.config.color->seriesBy : QString();
    double value = reduceNumber(field.values, by.isEmpty() ? u"last"_s : by);
    if (isNull(value))
        value = 0;
    return scale.color(value, scale.percent(value));
}

} // namespace Promdeck
