#pragma once

#include "widgets/editor/optionspecs.h"

namespace Promdeck {

/// A transformation as the editor offers it: its name, what it does, and its options. Paths of the options are
/// relative to the step's "options". What the table does not cover is edited as JSON.
struct TransformationSpec
{
    QString id;
    QString name;
    QString description;
    std::vector<OptionSpec> options {};
    Json first = Json::object(); ///< options of a new step
};

/// All that can be added, by name.
[[nodiscard]] const std::vector<TransformationSpec>& transformationSpecs();
/// Null for ids nobody knows.
[[nodiscard]] const TransformationSpec* findTransformation(const QString& id);

} // namespace Promdeck
