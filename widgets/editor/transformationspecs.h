#pragma once

#include "widgets/editor/optionspecs.h"

namespace Promdeck {

/// A list of objects in a step's options: one row each.
struct TransformationRows
{
    QString path {};                   ///< of the list, relative to the options; empty: there is none
    std::vector<OptionSpec> columns {}; ///< paths relative to the object
    Json first = Json::object();       ///< a new row
};

/// A transformation as the editor offers it: its name, what it does, and its options. Paths of the options are
/// relative to the step's "options". What the table does not cover is edited as JSON.
struct TransformationSpec
{
    QString id;
    QString name;
    QString description;
    std::vector<OptionSpec> options {};
    Json first = Json::object(); ///< options of a new step
    TransformationRows rows {};
};

/// All that can be added, by name.
[[nodiscard]] const std::vector<TransformationSpec>& transformationSpecs();
/// Null for ids nobody knows.
[[nodiscard]] const TransformationSpec* findTransformation(const QString& id);

} // namespace Promdeck
