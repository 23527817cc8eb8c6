#pragma once

#include "models/core/json.h"

#include <QStringList>

#include <vector>

namespace Promdeck {

/// One option of a panel: where its value lives in the panel's JSON and how it is edited. The table of these is all
/// that the options pane knows of a panel type.
struct OptionSpec
{
    enum class Kind {
        Text, LongText, Number, Integer, Bool, Choice, Unit, Color, ColorMode, Calcs, Slider,
        Thresholds, Mappings, PanelLinks, DataLinks, SpanNulls, FieldName, Variable
    };
    QString path;    ///< "options.legend.placement", "fieldConfig.defaults.custom.lineWidth"
    QString section;
    QString label;
    QString help {};
    Kind kind = Kind::Text;
    std::vector<std::pair<Json, QString>> choices {}; ///< Choice: value and label
    Json fallback {};  ///< what is shown and meant while the JSON has nothing
    double min = 0;    ///< Slider, Integer
    double max = 0;
    QString visibleIf {}; ///< "path=value|value": shown only then; a leading "!" turns it round

    /// Field options can be overridden for some fields: the property's id as files have it ("unit", "color",
    /// "custom.stacking"), else empty.
    [[nodiscard]] QString propertyId() const;
    /// Where in the property's value the option is ("mode" in "color"); empty: it is the value.
    [[nodiscard]] QString propertyPath() const;
};

/// The options of a panel type, section by section, in order. Unknown types have those that all panels share.
[[nodiscard]] const std::vector<OptionSpec>& optionsFor(const QString& panelType);
/// Whether visibleIf holds for a panel.
[[nodiscard]] bool makesSense(const OptionSpec& spec, const Json& panel);
/// Whether all words of a search occur in label, section, help or path.
[[nodiscard]] bool matchesSearch(const OptionSpec& spec, const QString& search);

struct PanelTypeInfo
{
    QString type;
    QString name;
    QString description;
};
/// The types to choose from, the commonest first.
[[nodiscard]] const std::vector<PanelTypeInfo>& panelTypes();
[[nodiscard]] QString panelTypeName(const QString& type);

} // namespace Promdeck
